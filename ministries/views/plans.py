"""Pages of plans: the list, the tree of one, and one action plan with its bodies, indicators and history."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ministries.forms.plans import PlanFilter
from ministries.selectors import assessments
from ministries.selectors import plans as selectors
from nap_monitor.lib.links import Link
from objectives.enums import Level
from objectives.models import ActionPlan, Plan
from objectives.tree import PlanTree


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans with their numbers."""
    plans = [
        {
            "plan": row.plan,
            "unofficial": _is_unofficial(row.plan),
            "counts": _counts(row.counts, row.bodies, row.assignments),
        }
        for row in selectors.visible_plans(request.user)
    ]
    return render(request, "ministries/plan_list.html", {"plans": plans})


@require_safe
def plan_detail(request: HttpRequest, plan: int) -> HttpResponse:
    """A plan as a tree, whole or of one body."""
    found = selectors.find_plan(request.user, plan)
    page = selectors.plan_page(found)
    form = PlanFilter(request.GET, bodies=[(body.code, body.full_label) for body in page.bodies])
    body = form.chosen()
    shown = page.only(body) if body else page
    context = {
        "plan": found,
        "unofficial": _is_unofficial(found),
        "counts": _counts(page.counts, len(page.bodies), page.assignments),
        "mends": page.mends,
        "tree": shown.tree,
        "contents": _contents(shown.tree),
        "filter": form,
        "body": next((each for each in page.bodies if each.code == body), None),
        "shown": len(list(shown.tree.actions())),
        "total": page.counts[Level.ACTION_PLAN],
    }
    return render(request, "ministries/plan_detail.html", context)


@require_safe
def action_plan_detail(request: HttpRequest, plan: int, code: str) -> HttpResponse:
    """One action plan."""
    found = selectors.find_action_plan(request.user, plan, code)
    bodies = selectors.bodies_of(found)
    before, after = selectors.neighbours(found)
    indicators, may = selectors.indicators_of(found), request.user.has_perm
    context = {
        "plan": found.plan,
        "action_plan": found,
        "unofficial": _is_unofficial(found.plan),
        "breadcrumbs": breadcrumbs(found),
        "bodies": bodies,
        "indicators": indicators,
        "history": selectors.history(request.user, found, [label for label, _assignment in bodies]),
        "marks": assessments.year_marks(request.user, found),
        "can_assess": may("ministries.change_assessment"),
        "can_add": any(may("ministries.change_indicator", each) for each in (found, *(row for _label, row in bodies))),
        "changeable": [row.pk for row in indicators if may("ministries.change_indicator", row)],
        "before": before,
        "after": after,
    }
    return render(request, "ministries/action_plan_detail.html", context)


def breadcrumbs(action_plan: ActionPlan) -> list[dict[str, str]]:
    """The way from the list of plans to an action plan, each level at its place in the plan."""
    plan, strategy = action_plan.plan, action_plan.strategy
    plan_url = reverse("ministries:plan_detail", args=[plan.number])
    objective, area = strategy.objective, strategy.objective.area
    return [
        {"url": reverse("ministries:plan_list"), "label": _("Plan")},
        {"url": plan_url, "label": _("Plan %(number)s") % {"number": plan.number}},
        {"url": f"{plan_url}#area-{area.code}", "label": str(area.title)},
        {"url": f"{plan_url}#objective-{objective.code}", "label": f"{Level.OBJECTIVE.label} {objective.code}"},
        {"url": f"{plan_url}#strategy-{strategy.code}", "label": f"{Level.STRATEGY.label} {strategy.code}"},
    ]


def _contents(tree: PlanTree[Any]) -> list[Link]:
    """The areas and objectives of the page, as places on it."""
    return [
        Link(
            f"#area-{area.code}",
            area.title,
            entries=[Link(f"#objective-{each.code}", each.title, note=each.code) for each in area.objectives],
        )
        for area in tree.areas
    ]


def _counts(counts: Mapping[Level, int], bodies: int, assignments: int) -> list[tuple[str, int]]:
    return [
        (_("Areas"), counts[Level.AREA]),
        (_("Objectives"), counts[Level.OBJECTIVE]),
        (_("Strategies"), counts[Level.STRATEGY]),
        (_("Action plans"), counts[Level.ACTION_PLAN]),
        (_("Implementing bodies"), bodies),
        (_("Assignments"), assignments),
    ]


def _is_unofficial(plan: Plan) -> bool:
    return plan.is_unofficial_in((get_language() or "").split("-")[0])
