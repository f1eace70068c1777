"""The project's addresses, and one page that fails: what people see then is a page too."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from nap_monitor.urls import urlpatterns as real


@login_not_required
def fault(request: HttpRequest) -> HttpResponse:
    """Nothing but an error."""
    raise RuntimeError("a fault made for the tests")


urlpatterns = [*i18n_patterns(path("tests/fault/", fault), prefix_default_language=False), *real]
