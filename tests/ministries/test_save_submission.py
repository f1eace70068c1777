"""Saving as a service: each change against the value it started from, nothing overwritten, nothing half saved."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ministries.enums import FigureState, Role, State
from ministries.figures import LARGEST_AMOUNT, Figure
from ministries.models import BudgetLine, ImplementingBody, IndicatorResult, Submission
from ministries.services.submissions import Change, RowChange, SaveResult, save_submission
from ministries.workflow import NotPermitted, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import AssignmentFactory, IndicatorFactory, SubmissionFactory, person, submission_in

pytestmark = pytest.mark.django_db

EMPTY = Figure()


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def colleague(body: ImplementingBody) -> User:
    """Another focal point of the same body."""
    return person(Role.FOCAL_POINT, body, name="Colleague")


def save(submission: Submission, by: User, **changes: tuple[Any, Any]) -> SaveResult:
    """Save fields, each given as (value it started from, new value)."""
    return save_submission(
        submission=submission, by=by, changes={name: Change(*pair) for name, pair in changes.items()}
    )


def line_of(submission: Submission, **values: Any) -> BudgetLine:
    line = BudgetLine(submission=submission, order=submission.budget_lines.count() + 1)
    for name, value in values.items():
        setattr(line, name, value)
    line.save()
    return line


def save_line(submission: Submission, by: User, key: Any, delete: bool = False, **changes: Any) -> SaveResult:
    row = RowChange(key, {name: Change(*pair) for name, pair in changes.items()}, delete=delete)
    return save_submission(submission=submission, by=by, changes={}, budget=[row])


def saves(submission: Submission) -> list[Event]:
    return list(Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="save"))


# Fields


def test_a_change_is_saved_with_its_event(submission, focal_point) -> None:
    result = save(submission, focal_point, results=("", "교육 4회"), department=("", "정책과"))
    submission.refresh_from_db()
    assert (submission.results, submission.department, submission.written_by) == ("교육 4회", "정책과", focal_point)
    assert (result.saved, result.conflicts) == (["results", "department"], [])
    assert submission.started_at == submission.updated_at
    assert [event.data["fields"] for event in saves(submission)] == [["department", "results"]]


def test_what_is_stored_already_is_no_change(submission, focal_point) -> None:
    save(submission, focal_point, results=("", "한 줄\n두 줄"))
    before = Submission.objects.get(pk=submission.pk)
    result = save(submission, focal_point, results=("한 줄\n두 줄", "한 줄\r\n두 줄 "), shortcomings=("", ""))
    after = Submission.objects.get(pk=submission.pk)
    assert (result.saved, result.conflicts) == ([], [])
    assert (after.updated_at, after.results, len(saves(submission))) == (before.updated_at, before.results, 1)


def test_a_field_that_somebody_else_saved_is_a_conflict_and_the_other_fields_are_saved(
    submission, focal_point, colleague
) -> None:
    save(submission, colleague, results=("", "동료의 글"))
    result = save(submission, focal_point, results=("", "나의 글"), shortcomings=("", "인력 부족"))
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == ("동료의 글", "인력 부족")
    assert result.saved == ["shortcomings"]
    [conflict] = result.conflicts
    assert (conflict.name, conflict.stored, conflict.mine, conflict.row) == ("results", "동료의 글", "나의 글", None)
    assert (result.other, result.at) == (saves(submission)[0].actor_label, saves(submission)[0].at)


def test_two_people_who_wrote_the_same_are_in_no_conflict(submission, focal_point, colleague) -> None:
    save(submission, colleague, results=("", "같은 글"))
    assert save(submission, focal_point, results=("", "같은 글")).conflicts == []


def test_a_conflict_alone_leaves_no_event(submission, focal_point, colleague) -> None:
    save(submission, colleague, results=("", "동료의 글"))
    save(submission, focal_point, results=("", "나의 글"))
    assert [event.actor_id for event in saves(submission)] == [str(colleague.pk)]


def test_a_change_without_its_starting_value_overwrites_nothing(submission, focal_point) -> None:
    save(submission, focal_point, results=("", "첫 글"))
    assert save(submission, focal_point, results=(None, "")).conflicts
    submission.refresh_from_db()
    assert submission.results == "첫 글"


def test_an_approver_who_mends_a_word_is_not_named_as_the_focal_point(submission, focal_point, approver) -> None:
    save(submission, focal_point, results=("", "교육 4회"))
    save(submission, approver, results=("교육 4회", "교육 다섯 차례"))
    submission.refresh_from_db()
    assert (submission.results, submission.written_by) == ("교육 다섯 차례", focal_point)
    assert [event.actor_id for event in saves(submission)] == [str(focal_point.pk), str(approver.pk)]


# Budget lines


def test_a_line_is_added_changed_and_removed(submission, focal_point) -> None:
    save_line(submission, focal_point, None, programme=("", "교육"), budget=(EMPTY, Figure.of("1234.5")))
    line = submission.budget_lines.get()
    assert (line.programme, line.budget, line.executed) == ("교육", Figure.of(Decimal("1234.5")), EMPTY)
    save_line(submission, focal_point, line.pk, executed=(EMPTY, Figure.of(0)))
    line.refresh_from_db()
    assert (line.executed, line.executed.is_empty) == (Figure.of(0), False)
    save_line(submission, focal_point, line.pk, delete=True, programme=("교육", "교육"))
    assert not submission.budget_lines.exists()
    assert len(saves(submission)) == 3


def test_new_lines_stand_in_the_order_in_which_they_were_added(submission, focal_point) -> None:
    rows = [RowChange(None, {"programme": Change("", name)}) for name in "가나다"]
    save_submission(submission=submission, by=focal_point, changes={}, budget=rows)
    save_line(submission, focal_point, None, programme=("", "라"))
    assert [line.programme for line in submission.budget_lines.all()] == list("가나다라")


def test_conflicts_in_a_line_are_told_by_field(submission, focal_point) -> None:
    line = line_of(submission, programme="교육", budget=Figure.of(100), executed=Figure.of(10))
    BudgetLine.objects.update(budget_value=200)
    result = save_line(
        submission,
        focal_point,
        line.pk,
        budget=(Figure.of(100), Figure.of(300)),
        executed=(Figure.of(10), Figure.of(20)),
    )
    line.refresh_from_db()
    assert (line.budget, line.executed) == (Figure.of(200), Figure.of(20))
    [conflict] = result.conflicts
    assert (conflict.row, conflict.name, conflict.is_removal) == (line.pk, "budget", False)
    assert (conflict.stored, conflict.mine) == (Figure.of(200), Figure.of(300))


def test_a_line_that_changed_meanwhile_is_not_removed(submission, focal_point) -> None:
    line = line_of(submission, programme="교육", budget=Figure.of(100))
    BudgetLine.objects.update(budget_value=200)
    seen = {"programme": ("교육", "교육"), "budget": (Figure.of(100), Figure.of(100))}
    result = save_line(submission, focal_point, line.pk, delete=True, **seen)
    assert submission.budget_lines.exists()
    assert [(found.name, found.stored, found.is_removal) for found in result.conflicts] == [
        ("budget", Figure.of(200), True)
    ]


def test_a_line_that_was_removed_meanwhile_is_a_conflict(submission, focal_point) -> None:
    gone = uuid.uuid4()
    result = save_line(submission, focal_point, gone, programme=("교육", "교육과정"))
    assert [(found.row, found.stored, found.mine) for found in result.conflicts] == [(gone, None, "교육과정")]
    assert save_line(submission, focal_point, gone, delete=True, programme=("교육", "교육")).conflicts == []
    assert not submission.budget_lines.exists()


def test_a_line_of_another_submission_is_out_of_reach(submission, focal_point, other_body) -> None:
    foreign = line_of(SubmissionFactory(body=other_body), programme="다른 사업", budget=Figure.of(1))
    save_line(submission, focal_point, foreign.pk, programme=("다른 사업", "바꿈"))
    save_line(submission, focal_point, foreign.pk, delete=True, programme=("다른 사업", "다른 사업"))
    foreign.refresh_from_db()
    assert (foreign.programme, foreign.submission == submission) == ("다른 사업", False)


def test_the_same_page_posted_twice_adds_its_lines_once(submission, focal_point) -> None:
    page: dict[str, Any] = {"changes": {"results": Change("", "교육 4회")}, "token": str(uuid.uuid4())}
    rows = [RowChange(None, {"programme": Change("", "교육")}), RowChange(None, {"programme": Change("", "교육")})]
    for _click in range(2):
        result = save_submission(submission=submission, by=focal_point, budget=rows, **page)
    assert (result.saved, result.conflicts) == ([], [])
    assert submission.budget_lines.count() == 2
    assert len(saves(submission)) == 1


def test_another_text_in_the_same_page_is_compared_and_not_dropped(submission, focal_point) -> None:
    token = str(uuid.uuid4())
    for text, programme in (("첫 글", "교육"), ("뒤로 가서 고친 글", "회의")):
        result = save_submission(
            submission=submission,
            by=focal_point,
            changes={"results": Change("", text)},
            budget=[RowChange(None, {"programme": Change("", programme)})],
            token=token,
        )
    assert [(found.stored, found.mine) for found in result.conflicts] == [("첫 글", "뒤로 가서 고친 글")]
    assert [line.programme for line in submission.budget_lines.all()] == ["교육", "회의"]


# Indicators


def test_an_indicator_result_is_saved_and_compared(submission, focal_point) -> None:
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan)

    def report(base: Figure, new: Figure) -> SaveResult:
        row = RowChange(indicator.pk, {"actual": Change(base, new)})
        return save_submission(submission=submission, by=focal_point, changes={}, indicators=[row])

    report(EMPTY, Figure(None, FigureState.NOT_KNOWN))
    assert submission.indicator_results.get().actual == Figure(None, FigureState.NOT_KNOWN)
    report(Figure(None, FigureState.NOT_KNOWN), Figure.of("-3.25"))
    [conflict] = report(EMPTY, Figure.of(5)).conflicts
    assert (conflict.stored, conflict.mine, conflict.row) == (Figure.of("-3.25"), Figure.of(5), indicator.pk)
    assert submission.indicator_results.get().actual == Figure.of("-3.25")


def test_an_indicator_that_is_not_asked_for_is_refused(submission, focal_point, other_body) -> None:
    action_plan = submission.assignment.action_plan
    foreign = IndicatorFactory()
    of_other = IndicatorFactory(
        action_plan=action_plan, assignment=AssignmentFactory(action_plan=action_plan, body=other_body)
    )
    for indicator in (foreign, of_other):
        row = RowChange(indicator.pk, {"actual": Change(EMPTY, Figure.of(1))})
        with pytest.raises(ValidationError):
            save_submission(
                submission=submission, by=focal_point, changes={"results": Change("", "글")}, indicators=[row]
            )
    submission.refresh_from_db()
    assert (submission.results, IndicatorResult.objects.count()) == ("", 0)


# Rules of the model, also where no form stands before the service


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("results", "가" * 10_001),
        ("self_rating_reason", "가" * 2_001),
        ("department", "가" * 101),
        ("disclosure_ground", "가" * 501),
        ("self_rating", "no-report"),
        ("disclosure", "secret"),
    ],
)
def test_a_value_against_the_rules_saves_nothing_at_all(name, value, submission, focal_point) -> None:
    row = RowChange(None, {"programme": Change("", "교육")})
    with pytest.raises(ValidationError):
        save_submission(
            submission=submission,
            by=focal_point,
            changes={"shortcomings": Change("", "인력 부족"), name: Change(getattr(submission, name), value)},
            budget=[row],
        )
    submission.refresh_from_db()
    assert (submission.shortcomings, submission.budget_lines.count(), saves(submission)) == ("", 0, [])


@pytest.mark.parametrize("amount", [Decimal("-0.001"), LARGEST_AMOUNT + Decimal("0.001"), Decimal("0.0001")])
def test_an_amount_against_the_rules_is_refused(amount, submission, focal_point) -> None:
    with pytest.raises(ValidationError):
        save_line(submission, focal_point, None, programme=("", "교육"), budget=(EMPTY, Figure.of(amount)))
    assert not BudgetLine.objects.exists()


# Who and when


@pytest.mark.parametrize("who", ["coordinator", "panel_member", "committee_reader", "administrator"])
def test_others_save_nothing(who, submission, request) -> None:
    with pytest.raises(NotPermitted):
        save(submission, request.getfixturevalue(who), results=("", "남의 글"))


def test_another_body_saves_nothing(submission, other_body) -> None:
    with pytest.raises(NotPermitted):
        save(submission, person(Role.APPROVER, other_body), results=("", "남의 글"))


@pytest.mark.parametrize("state", [State.SIGNED_OFF, State.SUBMITTED, State.CONFIRMED])
def test_nothing_is_saved_once_it_is_signed_off(state, submission, focal_point) -> None:
    submission_in(state, submission, by=focal_point)
    with pytest.raises(WrongState):
        save(submission, focal_point, shortcomings=("", "늦은 글"))
    submission.refresh_from_db()
    assert submission.shortcomings == ""
