"""Pages on which a coordinator says what the bodies of each action plan are to write about in a round."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ministries.forms.guidance import GuidanceForm
from ministries.forms.taking import with_last_year
from ministries.models import Round
from ministries.selectors import guidance as selectors
from ministries.services import guidance as services
from ministries.views.round_navigation import GUIDANCE, round_navigation
from ministries.workflow import Refused
from nap_monitor.lib.forms import unjudged
from nap_monitor.lib.localized import LocalizedText
from objectives.models import ActionPlan


@require_http_methods(["GET", "POST"])
def guidance_list(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Every action plan of a round with its guidance. The button copies last year's where there is none."""
    found = _find_round(request, plan, year)
    if request.method == "POST":
        copied = services.copy_guidance(round=found, by=request.user)
        said = ngettext("%(number)s text was copied.", "%(number)s texts were copied.", copied) % {"number": copied}
        messages.success(request, said if copied else _("There was nothing to copy."))
        return redirect("ministries:guidance_list", plan, year)
    rows = selectors.guidance_rows(found)
    context = {
        "round": found,
        "plan": found.plan,
        "rows": rows,
        "written": sum(bool(row.text) for row in rows),
        "to_copy": sum(row.can_copy for row in rows),
        "side": round_navigation(request.user, found, GUIDANCE),
    }
    return render(request, "ministries/guidance_list.html", context)


@require_http_methods(["GET", "POST"])
def guidance_change(request: HttpRequest, plan: int, year: int, code: str) -> HttpResponse:
    """The guidance for one action plan. What somebody else wrote meanwhile is shown beside what was typed."""
    found = _find_round(request, plan, year)
    action_plan = selectors.find_action_plan_of(found, code)
    before = selectors.texts_of_year_before(found).get(action_plan.pk, LocalizedText())
    if request.method == "GET":
        return _page(request, found, action_plan, _form(found, action_plan, before))
    taken = with_last_year(request.POST, _form(found, action_plan, before).previous)
    form = _form(found, action_plan, before, taken[0])
    if taken[1]:
        unjudged(form)
        return _page(request, found, action_plan, form, taken=True)
    if not form.is_valid():
        return _page(request, found, action_plan, form, status=400)
    try:
        result = services.write_guidance(round=found, action_plan=action_plan, changes=form.changes(), by=request.user)
    except Refused as error:
        form.add_error(None, str(error.message))
        return _page(request, found, action_plan, form, status=400)
    if result.conflicts:
        form = _form(found, action_plan, before)
        form.show_conflicts(result)
        return _page(request, found, action_plan, form, status=409)
    messages.success(request, _("Saved.") if result.saved else _("Nothing was changed."))
    return redirect(_after(request, found, action_plan))


def _find_round(request: HttpRequest, plan: int, year: int) -> Round:
    """The round. 404 where there is none, 403 for who reads guidance and writes none."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    if not request.user.has_perm(services.PERMISSION):
        # A body reads it beside its forms; to others there is no such page.
        if request.user.has_perm("ministries.view_state"):
            raise PermissionDenied
        raise Http404
    return found


def _form(round: Round, action_plan: ActionPlan, before: LocalizedText, data: Any = None) -> GuidanceForm:
    stored = selectors.texts_of(round).get(action_plan.pk, LocalizedText())
    return GuidanceForm(data, text=stored, before=before)


def _after(request: HttpRequest, round: Round, action_plan: ActionPlan) -> str:
    """The next action plan of the round where one goes on, else its place in the list."""
    actions = selectors.action_plans_of(round)
    later = [each for each in actions if each.order > action_plan.order]
    if "next" in request.POST and later:
        return reverse("ministries:guidance_change", args=[round.plan.number, round.year, later[0].code])
    return f"{reverse('ministries:guidance_list', args=[round.plan.number, round.year])}#action-{action_plan.code}"


def _page(
    request: HttpRequest,
    round: Round,
    action_plan: ActionPlan,
    form: GuidanceForm,
    status: int = 200,
    *,
    taken: bool = False,
) -> HttpResponse:
    context = {"form": form, "round": round, "plan": round.plan, "action_plan": action_plan, "taken": taken}
    return render(request, "ministries/guidance_form.html", context, status=status)
