"""Reading plans for pages: the tree with its bodies, and one action plan with what was reported on it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from ministries import rules
from ministries.enums import Rating, StateLabel
from ministries.models import Assignment, ImplementingBody, Indicator, Submission
from ministries.rules import Reading
from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedText
from objectives.enums import Level
from objectives.models import ActionPlan, Plan
from objectives.selectors.counts import item_counts
from objectives.selectors.trees import plan_tree
from objectives.tree import PlanTree

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User


@dataclass(frozen=True)
class BodyLabel:
    """How a body is shown beside an action plan: its short name in the reader's language, else its code."""

    code: str
    name: LocalizedText
    label: str

    @property
    def full_label(self) -> str:
        """The name, after the short one where they differ: also the key to the short ones on the page."""
        return str(self.name) if self.label == str(self.name) else f"{self.label} – {self.name}"


@dataclass(frozen=True)
class PlanRow:
    """A plan in the list of plans."""

    plan: Plan
    counts: dict[Level, int]
    bodies: int
    assignments: int


@dataclass(frozen=True)
class PlanPage:
    """A plan's page: the tree as far as a filter leaves it, and the numbers of the whole plan."""

    tree: PlanTree[BodyLabel]
    counts: dict[Level, int]
    assignments: int
    bodies: list[BodyLabel]
    mends: int

    def only(self, body: str) -> "PlanPage":
        """The page with no more than this body carries; the numbers stay those of the whole plan."""
        return replace(self, tree=self.tree.only(lambda action: any(each.code == body for each in action.carriers)))


@dataclass(frozen=True)
class Cell:
    """What one body reported in one round, as far as the reader may know it."""

    url: str
    state: StateLabel
    rating: Rating | None
    is_under_revision: bool


@dataclass(frozen=True)
class History:
    """The reports on an action plan: a row for each body, a cell for each round (nothing where nothing may be seen).

    ``is_whole`` is true for who sees the state of every body.
    """

    is_whole: bool
    years: list[int]
    rows: list[tuple[BodyLabel, list[tuple[int, Cell | None]]]]


def body_label(body: ImplementingBody, plan: Plan) -> BodyLabel:
    """A body by its names of today, or of the last day of a plan that has ended. Prefetch ``names``."""
    named = body.named_on(min(clock.today(), dt.date(plan.end_year, 12, 31)))
    language = (get_language() or "").split("-")[0]
    return BodyLabel(body.code, named.name, named.short_name.get(language) or body.code)


def find_plan(user: "User", number: int) -> Plan:
    """The plan of this number. Raises ``Http404`` where there is none that ``user`` may see."""
    if not rules.allows(user, "objectives.view_plan"):
        raise Http404
    return get_object_or_404(Plan, number=number)


def find_action_plan(user: "User", number: int, code: str) -> ActionPlan:
    """The action plan with its place in the plan. Raises ``Http404`` where there is none that ``user`` may see."""
    if not rules.allows(user, "objectives.view_plan"):
        raise Http404
    actions = ActionPlan.objects.select_related("plan", "strategy__objective__area")
    return get_object_or_404(actions, plan__number=number, code=code)


def visible_plans(user: "User") -> list[PlanRow]:
    """All plans, the newest first, with the numbers of their items, bodies and assignments.

    Raises ``Http404`` for who may not see plans.
    """
    if not rules.allows(user, "objectives.view_plan"):
        raise Http404
    counts = item_counts()
    bodies: defaultdict[int, list[int]] = defaultdict(list)
    for plan, body in Assignment.objects.order_by().values_list("action_plan__plan", "body"):
        bodies[plan].append(body)
    return [
        PlanRow(
            plan=plan,
            counts=counts[plan.pk],
            bodies=len(set(bodies[plan.pk])),
            assignments=len(bodies[plan.pk]),
        )
        for plan in Plan.objects.order_by("-number")
    ]


def plan_page(plan: Plan) -> PlanPage:
    """The plan with the bodies of each action plan, in a fixed number of queries."""
    carriers: defaultdict[str, list[BodyLabel]] = defaultdict(list)
    labels: dict[str, BodyLabel] = {}
    assignments = (
        Assignment.objects.filter(action_plan__plan=plan)
        .select_related("action_plan", "body")
        .prefetch_related("body__names")
        .order_by("action_plan__order", "order")
    )
    bodies = {row.body.code: row.body for row in assignments}
    for found in sorted(bodies.values(), key=lambda found: (found.order, found.code)):
        labels[found.code] = body_label(found, plan)
    for row in assignments:
        carriers[row.action_plan.code].append(labels[row.body.code])
    tree = plan_tree(plan, carriers)
    return PlanPage(
        tree=tree,
        counts=tree.counts(),
        assignments=len(assignments),
        bodies=list(labels.values()),
        mends=sum(row.item.is_mended for row in tree.rows()),
    )


def bodies_of(action_plan: ActionPlan) -> list[tuple[BodyLabel, Assignment]]:
    """Who carries an action plan, in printed order."""
    rows = action_plan.assignments.select_related("body").prefetch_related("body__names").order_by("order")
    return [(body_label(row.body, action_plan.plan), row) for row in rows]


def indicators_of(action_plan: ActionPlan) -> list[Indicator]:
    """The indicators that are defined for an action plan, each with the body that alone reports on it, if any."""
    return list(
        action_plan.indicators.select_related("assignment__body")
        .prefetch_related("assignment__body__names", "targets")
        .order_by("order", "code")
    )


def submission_on(user: "User", action_plan: ActionPlan, year: int, body: str) -> Submission | None:
    """The submission of a body on an action plan in a year; nothing where ``user`` does not write it."""
    found = Submission.objects.visible_to(user).filter(
        round__plan=action_plan.plan_id,
        round__year=year,
        assignment__action_plan=action_plan,
        assignment__body__code=body,
    )
    submission = found.select_related("round__plan", "assignment__body", "assignment__action_plan").first()
    return submission if submission and rules.allows(user, "ministries.change_submission", submission) else None


def neighbours(action_plan: ActionPlan) -> tuple[ActionPlan | None, ActionPlan | None]:
    """The action plans before and after this one in the plan."""
    others = ActionPlan.objects.filter(plan=action_plan.plan_id)
    before = others.filter(order__lt=action_plan.order).order_by("-order").first()
    return before, others.filter(order__gt=action_plan.order).order_by("order").first()


def reads_submissions(user: "User") -> bool:
    """Whether this person reads submissions of anybody; Committee readers and administrators do not."""
    return rules.allows(user, "ministries.view_state") or rules.allows(user, "ministries.view_confirmed")


def history(user: "User", action_plan: ActionPlan, bodies: Iterable[BodyLabel]) -> History | None:
    """What was reported on an action plan, as far as ``user`` may know it; nothing for who reads no submissions."""
    if not reads_submissions(user):
        return None
    years = sorted(action_plan.plan.rounds.values_list("year", flat=True))
    cells: dict[tuple[str, int], Cell] = {}
    found = (
        Submission.objects.visible_to(user)
        .filter(assignment__action_plan=action_plan)
        .select_related("round__plan", "assignment__body", "assignment__action_plan", "confirmed_version")
    )
    for submission in found:
        cell = _cell(user, submission)
        if cell is not None:
            cells[submission.assignment.body.code, submission.round.year] = cell
    return History(
        is_whole=not rules.visible_submissions(user),
        years=years,
        rows=[(label, [(year, cells.get((label.code, year))) for year in years]) for label in bodies],
    )


def _cell(user: "User", submission: Submission) -> Cell | None:
    reading = rules.reading_of(user, submission)
    if reading is Reading.NOTHING:
        return None
    state = submission.label
    if reading is Reading.LAST_CONFIRMED:
        state = StateLabel.CONFIRMED
    elif reading is not Reading.WORKING_COPY and state is StateLabel.SENT_BACK:
        state = StateLabel.DRAFT  # what goes back inside a body stays there
    is_rated = submission.confirmed_version_id is not None and submission.coordinator_rating
    return Cell(
        url=submission.get_absolute_url(),
        state=state,
        rating=Rating(submission.coordinator_rating) if is_rated else None,
        is_under_revision=submission.is_under_revision,
    )
