"""Reading the one mark of a joint action plan, and what its bodies' own marks are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404

from ministries import rules
from ministries.enums import Rating, State, StateLabel
from ministries.models import Assessment, Round, Submission
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.localized import LocalizedText
from objectives.models import ActionPlan

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: From so many bodies on, an action plan has no one rating of its own.
JOINT = 2


@dataclass(frozen=True)
class BodyMark:
    """What one body's report on the action plan says: its own rating once it is submitted, the confirmed one after."""

    url: str
    body: LocalizedText
    state: StateLabel
    self_rating: Rating | None
    coordinator_rating: Rating | None
    is_under_revision: bool


@dataclass(frozen=True)
class YearMark:
    """The mark of an action plan in one round, where there is one. ``is_joint``: several bodies report on it."""

    round: Round
    assessment: Assessment | None
    rating: Rating | None
    is_joint: bool


def assessments_of(round: Round) -> dict[int, Assessment]:
    """The marks that were given in a round, by the action plan's id. Never computed: where there is none, none."""
    return {each.action_plan_id: each for each in round.assessments.select_related("by")}


def assessment_on(round: Round, action_plan: ActionPlan) -> Assessment | None:
    """The mark of one action plan in a round."""
    return Assessment.objects.filter(round=round, action_plan=action_plan).select_related("by").first()


def find_joint(round: Round, code: str) -> ActionPlan:
    """An action plan that several bodies report on in this round. Raises ``Http404`` for any other."""
    actions = ActionPlan.objects.select_related("plan", "strategy__objective__area")
    found: ActionPlan = get_object_or_404(actions, plan=round.plan_id, code=code)
    if round.submissions.filter(assignment__action_plan=found).count() < JOINT:
        raise Http404
    return found


def body_marks(user: "User", round: Round, action_plan: ActionPlan) -> list[BodyMark]:
    """Each body's marks in printed order, as far as who coordinates may know them."""
    found = Submission.objects.visible_to(user).filter(round=round, assignment__action_plan=action_plan)
    return [_mark(user, each) for each in found.for_list()]


def year_marks(user: "User", action_plan: ActionPlan) -> list[YearMark]:
    """The marks of an action plan, newest year first; nothing for who reads no figures.

    Years without a mark are there as well, for who can give one.
    """
    if not rules.allows(user, "ministries.view_assessment"):
        return []
    given = {each.round_id: each for each in action_plan.assessments.select_related("by")}
    carried = dict(
        Submission.objects.filter(assignment__action_plan=action_plan)
        .values_list("round_id")
        .annotate(number=Count("pk"))
        .order_by()
    )
    rounds = Round.objects.filter(plan=action_plan.plan_id).select_related("plan").order_by("-year")
    marks = [
        YearMark(
            round=each,
            assessment=given.get(each.pk),
            rating=Rating(given[each.pk].rating) if each.pk in given else None,
            is_joint=carried.get(each.pk, 0) >= JOINT,
        )
        for each in rounds
    ]
    may_give = rules.allows(user, "ministries.change_assessment")
    return [mark for mark in marks if mark.assessment or (may_give and mark.is_joint)]


def history_of(assessment: Assessment | None) -> list[Event]:
    """Every mark that was ever given, the newest first."""
    if assessment is None:
        return []
    return list(Event.objects.of("ministries.assessment", str(assessment.pk)).reverse())


def _mark(user: "User", submission: Submission) -> BodyMark:
    body = submission.assignment.body
    told = submission.state in (State.SUBMITTED, State.CONFIRMED)
    return BodyMark(
        url=submission.get_absolute_url(),
        body=body.name_in(submission.round.year),
        state=rules.label_for(user, submission),
        self_rating=Rating(submission.self_rating) if told and submission.self_rating else None,
        coordinator_rating=Rating(submission.coordinator_rating) if submission.confirmed_version_id else None,
        is_under_revision=submission.is_under_revision,
    )
