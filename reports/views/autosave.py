"""What the pages of the workshop save by themselves while a coordinator types. Always JSON."""

from typing import Any

from django.http import HttpRequest, JsonResponse

from ministries.forms.partial import PartialForm
from ministries.views.autosave import autosaved
from nap_monitor.lib.addresses import require_post
from reports.forms.workshop import BestCaseForm, PlaceForm
from reports.selectors import best_cases as cases
from reports.selectors import workshop as selectors
from reports.services.best_cases import write_best_case
from reports.services.texts import write_place
from reports.views.workshop import find_round, texts_of


@require_post
def workshop_autosave(request: HttpRequest, plan: int, year: int, place: str) -> JsonResponse:
    """Save the texts of a place that can be saved."""
    found = find_round(request, plan, year)
    here = selectors.find_place(found, place)[1]

    def read(payload: Any) -> PartialForm:
        return PartialForm(PlaceForm({}, texts=texts_of(found, here)), payload)

    return autosaved(
        request,
        read,
        lambda partial: write_place(round=found, place=here.key, changes=partial.changes(), by=request.user),
    )


@require_post
def best_case_autosave(request: HttpRequest, plan: int, year: int, case: str) -> JsonResponse:
    """Save the words of a best case that can be saved."""
    found = cases.find_best_case(find_round(request, plan, year), case)
    return autosaved(
        request,
        lambda payload: PartialForm(BestCaseForm({}, case=found), payload),
        lambda partial: write_best_case(best_case=found, changes=partial.changes(), by=request.user, by_itself=True),
    )
