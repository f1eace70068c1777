"""Reading what is asked of the bodies of each action plan in a round."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from ministries.models import Guidance, Round, Submission
from nap_monitor.lib.localized import LocalizedText
from objectives.models import ActionPlan


@dataclass(frozen=True)
class GuidanceRow:
    """An action plan that is reported on in a round: what is asked in it, and what was asked a year before."""

    action_plan: ActionPlan
    text: LocalizedText
    before: LocalizedText

    @property
    def can_copy(self) -> bool:
        """Whether there is something to be copied and nothing in its place."""
        return bool(self.before) and not self.text


def action_plans_of(round: Round) -> list[ActionPlan]:
    """The action plans that are reported on in a round, in the order of the plan."""
    asked = round.submissions.values("assignment__action_plan")
    return list(ActionPlan.objects.filter(pk__in=asked).select_related("strategy__objective").order_by("order"))


def guidance_rows(round: Round) -> list[GuidanceRow]:
    """Every action plan of a round with its guidance, in a fixed number of queries."""
    now, before = texts_of(round), texts_of_year_before(round)
    nothing = LocalizedText()
    return [
        GuidanceRow(each, now.get(each.pk, nothing), before.get(each.pk, nothing)) for each in action_plans_of(round)
    ]


def texts_of(round: Round) -> Mapping[int, LocalizedText]:
    """The guidance of a round by the action plan's id."""
    return dict(Guidance.objects.filter(round=round).values_list("action_plan_id", "text"))


def texts_of_year_before(round: Round) -> Mapping[int, LocalizedText]:
    """The guidance of the same plan a year before, by the action plan's id."""
    found = Guidance.objects.filter(round__plan=round.plan_id, round__year=round.year - 1)
    return dict(found.values_list("action_plan_id", "text"))


def guidance_for(submission: Submission) -> LocalizedText:
    """What is asked in a submission's round of its action plan; empty where nothing is, beside what is asked of all."""
    action_plan = submission.assignment.action_plan_id
    found = Guidance.objects.filter(round=submission.round_id, action_plan=action_plan).first()
    return found.text if found else LocalizedText()


def find_action_plan_of(round: Round, code: str) -> ActionPlan:
    """An action plan of a round's plan by its code. Raises ``Http404`` where there is none."""
    actions = ActionPlan.objects.select_related("strategy__objective")
    return get_object_or_404(actions, plan=round.plan_id, code=code)
