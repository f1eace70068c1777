"""Defining indicators: who may, what is refused with which sentence, what two people at once do to each other."""

from decimal import Decimal

import pytest

from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import Indicator, IndicatorResult, Round
from ministries.services.indicators import change_indicator, create_indicator, remove_indicator
from ministries.services.submissions import Change
from ministries.workflow import NotPermitted, Refused
from nap_monitor.lib.audit.models import Event
from tests.factories import (
    ActionPlanFactory,
    AssignmentFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    person,
)

pytestmark = pytest.mark.django_db

VALUES = {
    "code": "I1",
    "name_ko": "교육 이수율",
    "name_en": "Training completed",
    "unit_ko": "%",
    "baseline": Figure.of("71.5"),
    "baseline_year": 2020,
    "source": "Survey",
    "assignment": None,
}


def events(indicator: Indicator) -> list[str]:
    return [event.kind for event in Event.objects.of("ministries.indicator", str(indicator.pk))]


def reported(indicator: Indicator, assignment=None) -> IndicatorResult:
    """A body has reported on it."""
    assignment = assignment or AssignmentFactory(action_plan=indicator.action_plan)
    round_ = Round.objects.first() or RoundFactory(plan=indicator.action_plan.plan)
    submission = SubmissionFactory(assignment=assignment, round=round_)
    return IndicatorResult.objects.create(submission=submission, indicator=indicator)


def refused(call, **arguments) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        call(**arguments)
    return caught.value.field, str(caught.value.message)


def test_an_indicator_is_stored_with_all_it_was_given(coordinator) -> None:
    action = ActionPlanFactory()
    IndicatorFactory(action_plan=action, order=4)
    made = create_indicator(action_plan=action, values=VALUES, by=coordinator)
    stored = Indicator.objects.get(pk=made.pk)
    assert stored.name == {"ko": "교육 이수율", "en": "Training completed"}
    assert stored.unit == {"ko": "%"}
    assert (stored.code, stored.order, stored.source) == ("I1", 5, "Survey")
    assert (stored.baseline, stored.baseline_year) == (Figure(Decimal("71.5"), "value"), 2020)
    assert (stored.assignment, stored.is_sample) == (None, False)
    assert events(stored) == ["create"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_only_a_coordinator_may(role) -> None:
    user, indicator = person(role), IndicatorFactory()
    for call, arguments in (
        (create_indicator, {"action_plan": indicator.action_plan, "values": VALUES}),
        (change_indicator, {"indicator": indicator, "changes": {"source": Change("", "x")}}),
        (remove_indicator, {"indicator": indicator}),
    ):
        with pytest.raises(NotPermitted):
            call(**arguments, by=user)
    assert Indicator.objects.get().source == ""


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a/b"}, "code"),
        ({"code": "a b"}, "code"),
        (
            {
                "code": "..",
            },
            "code",
        ),
        ({"code": "i0"}, "code"),
        ({"name_ko": "", "name_en": ""}, "name"),
        ({"name_en": "x" * 201}, "name_en"),
        ({"unit_ko": "x" * 41}, "unit_ko"),
    ],
)
def test_what_will_not_do_is_refused_with_its_field(coordinator, values, field) -> None:
    action = ActionPlanFactory()
    IndicatorFactory(action_plan=action, code="I0")
    found, sentence = refused(create_indicator, action_plan=action, values={**VALUES, **values}, by=coordinator)
    assert found == field
    assert sentence
    assert Indicator.objects.count() == 1
    assert not Event.objects.exists()


def test_a_body_that_does_not_carry_the_action_plan_cannot_report_on_it(coordinator) -> None:
    stranger = AssignmentFactory()
    values = {**VALUES, "assignment": stranger}
    assert refused(create_indicator, action_plan=ActionPlanFactory(), values=values, by=coordinator)[0] == "assignment"


def test_the_same_code_is_free_in_another_action_plan(coordinator) -> None:
    create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    assert Indicator.objects.filter(code="I1").count() == 2


def test_changed_fields_are_saved_and_others_left_alone(coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    result = change_indicator(
        indicator=made,
        changes={"name_en": Change("Training completed", "Courses completed"), "unit_ko": Change("%", "")},
        by=coordinator,
    )
    assert (sorted(result.saved), result.conflicts) == (["name_en", "unit_ko"], [])
    made.refresh_from_db()
    assert made.name == {"ko": "교육 이수율", "en": "Courses completed"}
    assert (made.unit, made.source) == ({}, "Survey")
    assert events(made) == ["create", "change"]
    event = Event.objects.of("ministries.indicator", str(made.pk)).last()
    assert event.data == {"before": {"name_en": "Training completed", "unit_ko": "%"}}


def test_saving_what_stands_already_leaves_no_event(coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    result = change_indicator(indicator=made, changes={"source": Change("other", "Survey")}, by=coordinator)
    assert (result.saved, result.conflicts, events(made)) == ([], [], ["create"])


def test_a_field_that_somebody_else_changed_is_not_overwritten(coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    other = person(Role.COORDINATOR, name="Second Coordinator")
    change_indicator(indicator=made, changes={"source": Change("Survey", "Census")}, by=other)
    result = change_indicator(
        indicator=made,
        changes={"source": Change("Survey", "Register"), "baseline_year": Change(2020, 2019)},
        by=coordinator,
    )
    conflict = result.conflicts[0]
    assert (conflict.name, conflict.stored, conflict.mine) == ("source", "Census", "Register")
    made.refresh_from_db()
    assert (made.source, made.baseline_year) == ("Census", 2019)


def test_the_conflict_names_who_was_faster_not_oneself(coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    other = person(Role.COORDINATOR, name="Second Coordinator")
    change_indicator(indicator=made, changes={"source": Change("Survey", "Census")}, by=other)
    changes = {"source": Change("Survey", "Register"), "unit_ko": Change("%", "명")}
    assert change_indicator(indicator=made, changes=changes, by=coordinator).other == "Second Coordinator"


def test_once_reported_on_its_code_stays_and_so_does_the_indicator(coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    reported(made)
    assert refused(change_indicator, indicator=made, changes={"code": Change("I1", "I2")}, by=coordinator)[0] == "code"
    assert refused(remove_indicator, indicator=made, by=coordinator)[0] == ""
    assert Indicator.objects.get().code == "I1"


def test_it_cannot_be_taken_from_bodies_that_have_reported(coordinator) -> None:
    assignment = AssignmentFactory()
    made = create_indicator(action_plan=assignment.action_plan, values=VALUES, by=coordinator)
    only = {"assignment": Change(None, assignment)}
    result = reported(made)
    assert refused(change_indicator, indicator=made, changes=only, by=coordinator)[0] == "assignment"
    result.delete()
    reported(made, assignment)
    assert change_indicator(indicator=made, changes=only, by=coordinator).saved == ["assignment"]


def test_an_indicator_that_nobody_reported_on_can_be_removed(coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    remove_indicator(indicator=made, by=coordinator)
    assert not Indicator.objects.exists()
    assert events(made) == ["create", "remove"]
