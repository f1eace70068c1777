"""The figures of a round: ratings by area and by body."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ministries.models import Round
from ministries.views.round_navigation import RATINGS, round_navigation
from reports.selectors.ratings import ratings_page


@require_safe
def summary(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Ratings by area and by body, of confirmed submissions; what is missing is shown as missing."""
    if not request.user.has_perm("reports.view_figures"):
        raise Http404
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    side = round_navigation(request.user, found, RATINGS)
    return render(request, "reports/summary.html", {"round": found, "side": side, **ratings_page(found)})
