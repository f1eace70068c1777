"""Pages of rounds."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ministries.forms.rounds import RoundForm
from ministries.models import Round
from ministries.selectors.opening import Opening, made_in, opening_of, years_to_open
from ministries.selectors.rounds import plans_with_rounds
from ministries.services.rounds import ChangedMeanwhileError, RoundExistsError, change_round, create_round
from ministries.views.round_navigation import DATES, round_navigation
from objectives.models import Plan


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """All rounds of all plans."""
    if not request.user.has_perm("objectives.view_plan"):
        raise Http404
    return render(request, "ministries/round_list.html", {"plans": plans_with_rounds(request.user)})


@require_http_methods(["GET", "POST"])
def round_create(request: HttpRequest, plan: int) -> HttpResponse:
    """A new round of a plan: its submissions are made with it."""
    found = get_object_or_404(Plan, number=plan)
    _require(request)
    opening = _opening(found, request.GET.get("year", ""))
    if request.method == "GET":
        return _create_page(request, found, RoundForm(plan=found, opening=opening), opening)
    opening = _opening(found, request.POST.get("year", "")) or opening
    form = RoundForm(request.POST, plan=found, opening=opening)
    if not form.is_valid():
        return _create_page(request, found, form, opening, status=400)
    if form.asks_for_other_year:
        # What will be made stood there for another year: it is shown for this one, with all that was typed.
        form.data = {**request.POST.dict(), "shown": form.cleaned_data["year"]}
        return _create_page(request, found, form, opening, is_other=True)
    try:
        made = create_round(plan=found, by=request.user, **form.arguments())
    except ValidationError as error:
        form.add_error(None, error.messages)
        status = 409 if isinstance(error, RoundExistsError) else 400
        return _create_page(request, found, form, opening, status=status)
    messages.success(request, _made(made))
    return redirect(made)


def _opening(plan: Plan, typed: str) -> Opening | None:
    """What will be made in the year that was asked for, else in the first that has no round; nothing without one."""
    years = years_to_open(plan)
    wanted = [year for year in years if str(year) == typed] or years[:1]
    return opening_of(plan, wanted[0]) if wanted else None


def _create_page(
    request: HttpRequest,
    plan: Plan,
    form: RoundForm,
    opening: Opening | None,
    *,
    is_other: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "plan": plan, "opening": opening, "years": years_to_open(plan), "is_other": is_other}
    return render(request, "ministries/round_form.html", context, status=status)


def _made(round: Round) -> str:
    """What was made, in one sentence."""
    made = made_in(round)
    said = ngettext(
        "The round %(year)s was made with %(number)s submission of %(bodies)s.",
        "The round %(year)s was made with %(number)s submissions of %(bodies)s.",
        made.submissions,
    ) % {
        "year": round.year,
        "number": made.submissions,
        "bodies": ngettext("%(number)s body", "%(number)s bodies", made.bodies) % {"number": made.bodies},
    }
    more = _("Begun with last year's plan: %(prefilled)s. Guidance by action plan copied: %(guidance)s.")
    return f"{said} " + more % {"prefilled": made.prefilled, "guidance": made.guidance}


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
    """Who reads the rounds and changes none gets 403; to others there is no such page."""
    if request.user.has_perm("ministries.change_round"):
        return
    if request.user.has_perm("objectives.view_plan"):
        raise PermissionDenied
    raise Http404
