"""The project's addresses, and two empty pages: what the machinery costs before a page does anything."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from nap_monitor.urls import urlpatterns as real


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, for everybody."""
    return HttpResponse()


def signed_in(request: HttpRequest) -> HttpResponse:
    """Nothing, for those who are signed in."""
    return HttpResponse()


urlpatterns = [path("bench/empty/", empty), path("bench/signed-in/", signed_in), *real]
