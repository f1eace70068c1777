"""The page of ratings of a round. (NOTE: see the note in templates/reports/summary.html.)"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ministries.models import Round
from reports.selectors.ratings_page import ratings_page


@require_safe
def summary(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Ratings by area and by body, of confirmed submissions; what is missing is shown as missing."""
    if not request.user.has_perm("reports.view_figures"):
        raise Http404
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    others = Round.objects.filter(plan=found.plan).select_related("plan").order_by("year")
    page = ratings_page(found, (get_language() or "ko").split("-")[0])
    return render(request, "reports/summary.html", {"round": found, "rounds": others, "page": page})
