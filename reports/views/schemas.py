"""The published schemas of a report's content."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reports.schema import schema_bytes


@login_not_required
@require_safe
def report_schema(request: HttpRequest, number: int) -> HttpResponse:
    """The schema of this number, for whoever reads the data of an edition."""
    found = schema_bytes(number)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="application/schema+json")
