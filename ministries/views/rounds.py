"""Pages of rounds."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries.forms.rounds import RoundForm
from ministries.models import Round
from ministries.selectors.rounds import plans_with_rounds
from ministries.services.rounds import ChangedMeanwhileError, change_round, create_round
from ministries.views.round_navigation import DATES, round_navigation
from objectives.models import Plan


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """All rounds of all plans."""
    if not request.user.has_perm("objectives.view_plan"):
        raise PermissionDenied
    return render(request, "ministries/round_list.html", {"plans": plans_with_rounds(request.user)})


@require_http_methods(["GET", "POST"])
def round_create(request: HttpRequest, plan: int) -> HttpResponse:
    """A new round of a plan: its submissions are made with it."""
    found = get_object_or_404(Plan, number=plan)
    _require(request)
    form = RoundForm(request.POST or None, plan=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_round(plan=found, by=request.user, **form.arguments())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The round was made, with a submission for each assignment."))
            return redirect(made)
    return render(
        request, "ministries/round_form.html", {"form": form, "plan": found}, status=400 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def round_change(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Other dates or guidance."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    _require(request)
    form = RoundForm(request.POST or None, plan=found.plan, round=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_round(round=found, by=request.user, **form.arguments())
        except ChangedMeanwhileError as error:
            form.show_conflict(error.stored)
            return render(request, "ministries/round_form.html", _round_context(request, form, found), status=409)
        messages.success(request, _("The round was changed."))
        return redirect(found)
    status = 400 if form.errors else 200
    return render(request, "ministries/round_form.html", _round_context(request, form, found), status=status)


def _round_context(request: HttpRequest, form: RoundForm, found: Round) -> dict[str, object]:
    side = round_navigation(request.user, found, DATES)
    return {"form": form, "plan": found.plan, "round": found, "side": side}


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("ministries.change_round"):
        raise PermissionDenied
