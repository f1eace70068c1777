"""Picking a report's best cases: the list with what can be picked, the words on each, and taking one back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ministries.models import Round, Submission
from ministries.views.round_navigation import WORKSHOP, round_navigation
from ministries.workflow import Refused
from reports.forms.workshop import BestCaseForm, CandidateFilter
from reports.models import BestCase
from reports.selectors import best_cases as selectors
from reports.services import best_cases as services
from reports.views.workshop import find_round, saved_at, say_saved

#: So many submissions to pick from stand on a page.
PAGE_SIZE = 10
LIST = "reports:best_case_list"


@require_http_methods(["GET", "POST"])
def best_case_list(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """The picks in their order, and what can be picked. Posted: ``pick`` one, or move a pick ``up``, ``down``."""
    found = find_round(request, plan, year)
    if request.method == "POST":
        if "pick" in request.POST:
            return _pick(request, found)
        _move(request, found)
        return redirect(LIST, plan, year)
    narrow = CandidateFilter(
        request.GET, objectives=selectors.objective_choices(found), bodies=selectors.body_choices(found)
    )
    page = Paginator(selectors.candidates(found, **narrow.chosen()), PAGE_SIZE).get_page(request.GET.get("page"))
    cases = list(selectors.best_cases(found))
    context = {
        "round": found,
        "side": round_navigation(request.user, found, WORKSHOP),
        "cases": [(case, selectors.is_printed(case)) for case in cases],
        "filter": narrow,
        "page": page,
        "candidates": [selectors.read(submission) for submission in page],
    }
    return render(request, "reports/best_case_list.html", context)


@require_http_methods(["GET", "POST"])
def best_case_change(request: HttpRequest, plan: int, year: int, case: str) -> HttpResponse:
    """What a best case is called, and why it was picked."""
    round = find_round(request, plan, year)
    found = selectors.find_best_case(round, case)
    if request.method == "GET":
        return _form_page(request, round, found, BestCaseForm(case=found))
    form = BestCaseForm(request.POST, case=found)
    if not form.is_valid():
        return _form_page(request, round, found, form, status=400)
    try:
        result = services.write_best_case(best_case=found, changes=form.changes(), by=request.user)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _form_page(request, round, found, form, status=400)
    if result.conflicts:
        found = selectors.find_best_case(round, case)
        form = BestCaseForm(case=found)
        form.show_conflicts(result)
        return _form_page(request, round, found, form, status=409)
    say_saved(request, bool(result.saved))
    return redirect(saved_at(reverse(LIST, args=[plan, year]), form))


@require_http_methods(["GET", "POST"])
def best_case_remove(request: HttpRequest, plan: int, year: int, case: str) -> HttpResponse:
    """Take a pick back, after asking."""
    round = find_round(request, plan, year)
    found = selectors.find_best_case(round, case)
    if request.method == "GET":
        return render(request, "reports/best_case_remove.html", {"round": round, "case": found})
    services.drop(best_case=found, by=request.user)
    messages.success(request, _("The best case was taken back."))
    return redirect(LIST, plan, year)


def _pick(request: HttpRequest, round: Round) -> HttpResponse:
    number = request.POST["pick"]
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise Http404
    submission = get_object_or_404(Submission, pk=int(number), round=round)
    try:
        case = services.pick(round=round, submission=submission, by=request.user)
    except Refused as error:
        messages.error(request, str(error.message))
        return redirect(LIST, round.plan.number, round.year)
    messages.success(request, _("Picked. Give it a title, and say why."))
    return redirect("reports:best_case_change", round.plan.number, round.year, case.pk)


def _move(request: HttpRequest, round: Round) -> None:
    """Change places with the neighbour; the first one stays the first."""
    keys = [str(key) for key in selectors.best_cases(round).values_list("pk", flat=True)]
    way = "up" if "up" in request.POST else "down"
    key = request.POST.get(way, "")
    if key not in keys:
        raise Http404
    here = keys.index(key)
    there = here + (-1 if way == "up" else 1)
    if 0 <= there < len(keys):
        keys[here], keys[there] = keys[there], keys[here]
        services.order_best_cases(round=round, keys=keys, by=request.user)


def _form_page(request: HttpRequest, round: Round, case: BestCase, form: BestCaseForm, status: int = 200) -> Any:
    is_printed = selectors.is_printed(case)
    # The text of the version is read only where it may be shown as an example.
    submission = Submission.objects.select_related("confirmed_version").get(pk=case.submission_id)
    results = selectors.read(submission).results if is_printed else ""
    context = {"round": round, "case": case, "form": form, "results": results, "is_printed": is_printed}
    return render(request, "reports/best_case_form.html", context, status=status)
