"""The factories make what they say, since everybody leans on them."""

import pytest

from ministries.enums import Role
from ministries.rules import roles_of
from tests.factories import (
    ActionPlanFactory,
    AssignmentFactory,
    IndicatorFactory,
    PlanFactory,
    RoundFactory,
    StrategyFactory,
    SubmissionFactory,
    person,
)

pytestmark = pytest.mark.django_db


def test_an_action_plan_is_in_the_plan_of_its_strategy() -> None:
    plan = PlanFactory()
    strategy = StrategyFactory()
    assert ActionPlanFactory(plan=plan).strategy.objective.area.plan == plan
    assert ActionPlanFactory(strategy=strategy).plan == strategy.objective.area.plan
    alone = ActionPlanFactory()
    assert alone.plan == alone.strategy.objective.area.plan
    assert PlanFactory._meta.model.objects.count() == 3


def test_a_submission_is_in_the_plan_of_its_round(body) -> None:
    round_ = RoundFactory()
    placed = SubmissionFactory(round=round_, body=body)
    assert placed.assignment.action_plan.plan == round_.plan
    assert placed.assignment.body == body
    assignment = AssignmentFactory(body=body)
    assert SubmissionFactory(assignment=assignment).round.plan == assignment.action_plan.plan


def test_a_round_is_open() -> None:
    assert RoundFactory().is_open()


@pytest.mark.parametrize("role", Role)
def test_a_person_holds_the_role(role) -> None:
    assert roles_of(person(role)).has(role)


def test_an_indicator_has_an_action_plan() -> None:
    assert str(IndicatorFactory().name)
