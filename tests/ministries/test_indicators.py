"""Defining indicators: who may, what is refused with which sentence, what two people at once do to each other."""

from decimal import Decimal

import pytest

from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import Assignment, Indicator, IndicatorResult, Round
from ministries.services.indicators import (
    FROZEN_SENTENCE,
    change_indicator,
    create_indicator,
    remove_indicator,
)
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
def test_only_a_coordinator_defines_those_of_an_action_plan(role) -> None:
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
    assert event.data["before"] == {"name_en": "Training completed", "unit_ko": "%"}
    assert event.data["after"].keys() == event.data["before"].keys()
    assert event.data["after"] != event.data["before"]


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


# Those of one assignment: the body's own


@pytest.fixture
def assignment(body) -> Assignment:
    return AssignmentFactory(body=body)


def own_values(assignment: Assignment, **values) -> dict:
    return {"name_ko": "자체 지표", "assignment": assignment, **values}


@pytest.mark.parametrize("who", ["focal_point", "approver", "coordinator"])
def test_a_body_defines_changes_and_removes_indicators_of_its_own_assignment(who, assignment, request) -> None:
    user = request.getfixturevalue(who)
    made = create_indicator(action_plan=assignment.action_plan, values=own_values(assignment), by=user)
    assert (made.code, made.assignment) == ("OWN-1", assignment)
    assert change_indicator(indicator=made, changes={"direction": Change("more", "less")}, by=user).saved == [
        "direction"
    ]
    remove_indicator(indicator=made, by=user)
    assert events(made) == ["create", "change", "remove"]


def test_a_body_defines_none_for_others_nor_for_all(assignment, focal_point, other_body, coordinator) -> None:
    other = AssignmentFactory(action_plan=assignment.action_plan, body=other_body)
    for values in (own_values(other), {**VALUES, "code": "I9"}):
        with pytest.raises(NotPermitted):
            create_indicator(action_plan=assignment.action_plan, values=values, by=focal_point)
    foreign = create_indicator(action_plan=assignment.action_plan, values=own_values(other), by=coordinator)
    whole = create_indicator(action_plan=assignment.action_plan, values=VALUES, by=coordinator)
    for indicator in (foreign, whole):
        with pytest.raises(NotPermitted):
            change_indicator(indicator=indicator, changes={"source": Change(indicator.source, "x")}, by=focal_point)
        with pytest.raises(NotPermitted):
            remove_indicator(indicator=indicator, by=focal_point)
    assert Indicator.objects.filter(source="x").count() == 0


@pytest.mark.parametrize("to", ["all", "other"])
def test_a_body_cannot_hand_its_indicator_to_others(to, assignment, focal_point, other_body) -> None:
    made = create_indicator(action_plan=assignment.action_plan, values=own_values(assignment), by=focal_point)
    target = AssignmentFactory(action_plan=assignment.action_plan, body=other_body) if to == "other" else None
    with pytest.raises(NotPermitted):
        change_indicator(indicator=made, changes={"assignment": Change(assignment, target)}, by=focal_point)
    made.refresh_from_db()
    assert made.assignment == assignment


def test_codes_that_are_made_do_not_meet_those_that_were_given(assignment, focal_point, coordinator) -> None:
    create_indicator(action_plan=assignment.action_plan, values={**VALUES, "code": "own-1"}, by=coordinator)
    codes = [
        create_indicator(action_plan=assignment.action_plan, values=own_values(assignment), by=focal_point).code
        for _time in range(2)
    ]
    assert codes == ["OWN-2", "OWN-3"]


# Targets of years


def test_targets_of_years_are_set_changed_compared_and_taken_away(coordinator) -> None:
    values = {**VALUES, "target_2021": Figure.of(75), "target_2022": Figure(None, "not-applicable")}
    made = create_indicator(action_plan=ActionPlanFactory(), values=values, by=coordinator)
    assert [made.target_in(year) for year in (2021, 2022, 2023)] == [
        Figure.of(75),
        Figure(None, "not-applicable"),
        Figure(),
    ]
    changes = {
        "target_2021": Change(Figure.of(70), Figure.of(72)),
        "target_2022": Change(Figure(None, "not-applicable"), Figure()),
        "target_2023": Change(Figure(), Figure.of(90)),
    }
    result = change_indicator(indicator=made, changes=changes, by=coordinator)
    assert [(each.name, each.stored) for each in result.conflicts] == [("target_2021", Figure.of(75))]
    assert {row.year: row.target for row in made.targets.all()} == {2021: Figure.of(75), 2023: Figure.of(90)}


# The definition, once figures exist

DEFINITION = {
    "unit_ko": ("%", "명"),
    "direction": ("more", "less"),
    "computation_ko": ("", "이수 인원 ÷ 대상 인원"),
    "baseline": (Figure.of("71.5"), Figure.of(60)),
    "baseline_year": (2020, 2019),
}


def with_figure(indicator: Indicator, state: str = "value") -> None:
    row = reported(indicator)
    row.actual = Figure.of(3) if state == "value" else Figure(None, state)
    row.save()


@pytest.mark.parametrize("name", DEFINITION)
@pytest.mark.parametrize("state", ["value", "not-known"])
def test_what_figures_stand_on_stays_once_there_are_any(name, state, coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    with_figure(made, state)
    found, sentence = refused(
        change_indicator, indicator=made, changes={name: Change(*DEFINITION[name])}, by=coordinator
    )
    assert (found, sentence) == (name, str(FROZEN_SENTENCE))
    assert events(made) == ["create"]


@pytest.mark.parametrize("name", DEFINITION)
def test_before_that_it_may_be_mended(name, coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    reported(made)  # opened, but without a figure
    assert change_indicator(indicator=made, changes={name: Change(*DEFINITION[name])}, by=coordinator).saved == [name]


def test_it_may_still_be_translated_named_and_given_targets(coordinator) -> None:
    made = create_indicator(
        action_plan=ActionPlanFactory(), values={**VALUES, "computation_ko": "설문 응답 평균"}, by=coordinator
    )
    with_figure(made)
    changes = {
        "unit_en": Change("", "per cent"),
        "computation_en": Change("", "Mean of the survey"),
        "name_ko": Change("교육 이수율", "이수율"),
        "target_2023": Change(Figure(), Figure.of(5)),
    }
    assert change_indicator(indicator=made, changes=changes, by=coordinator).conflicts == []
    changes = {"computation_en": Change("Mean of the survey", "Median")}
    assert refused(change_indicator, indicator=made, changes=changes, by=coordinator)[0] == "computation_en"
    made.refresh_from_db()
    assert made.computation == {"ko": "설문 응답 평균", "en": "Mean of the survey"}


def test_a_name_that_is_no_field_is_a_fault_and_writes_nothing(coordinator) -> None:
    made = create_indicator(action_plan=ActionPlanFactory(), values=VALUES, by=coordinator)
    with pytest.raises(ValueError, match="is_sample"):
        change_indicator(indicator=made, changes={"is_sample": Change(False, True)}, by=coordinator)
