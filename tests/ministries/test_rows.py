"""Saving rows: one way for activities and budget lines, safe to repeat, in a fixed number of statements."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ministries.enums import FigureState
from ministries.figures import LARGEST_COUNT, Figure
from ministries.models import Activity, BudgetLine, ImplementingBody, Submission
from ministries.services import transitions
from ministries.services.rows import ACTIVITIES, BUDGET, Table
from ministries.services.submissions import Change, InvalidRowError, RowChange, SaveResult, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import BodyFieldFactory, IndicatorFactory, SubmissionFactory, fill_in

pytestmark = pytest.mark.django_db

EMPTY = Figure()
#: A text and a figure of each table.
NAMES = {"activities": ("title", "women"), "budget": ("programme", "budget")}
both_tables = pytest.mark.parametrize("table", [ACTIVITIES, BUDGET], ids=lambda table: table.name)


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


def save(table: Table, submission: Submission, by: User, *rows: RowChange, **more: Any) -> SaveResult:
    return save_submission(submission=submission, by=by, changes={}, **{table.name: rows}, **more)


def new(table: Table, text: str = "하나", number: int = 7, key: uuid.UUID | None = None) -> RowChange:
    name, figure = NAMES[table.name]
    return RowChange(None, {name: Change("", text), figure: Change(EMPTY, Figure.of(number))}, client_key=key)


def said(table: Table, submission: Submission) -> list[tuple[str, Figure]]:
    return [tuple(getattr(row, name) for name in NAMES[table.name]) for row in table.rows_of(submission)]


def test_an_activity_holds_all_that_can_be_said_of_it(submission, focal_point) -> None:
    values = {
        "kind": "training",
        "title": "파병부대 교육",
        "date": dt.date(2022, 5, 2),
        "end_date": dt.date(2022, 5, 4),
        "place": "대전",
        "province": "KR-30",
        "partners": "여성단체",
        "women": Figure.of(12),
        "men": Figure(None, FigureState.NOT_KNOWN),
        "contribution": Figure.of("1500000.5"),
        "currency": "USD",
        "phase": "evaluation",
        "description": "사흘 동안 실시",
    }
    assert tuple(values) == Activity.FIELDS
    row = RowChange(None, {name: Change(None, value) for name, value in values.items()})
    save(ACTIVITIES, submission, focal_point, row)
    stored = submission.activities.get()
    assert {name: getattr(stored, name) for name in values} == values
    assert Event.objects.get(kind="save").data["fields"] == [f"activities:{stored.pk}"]


def test_an_activity_can_be_begun_with_one_word(submission, focal_point) -> None:
    save(ACTIVITIES, submission, focal_point, RowChange(None, {"place": Change("", "서울")}))
    stored = submission.activities.get()
    assert (stored.place, stored.title, stored.date, stored.women, stored.currency) == ("서울", "", None, EMPTY, "KRW")


@both_tables
def test_rows_are_added_changed_and_removed_in_one_save(table, submission, focal_point) -> None:
    save(table, submission, focal_point, new(table, "가"), new(table, "나"), new(table, "다"))
    first, second, third = table.rows_of(submission)
    name, figure = NAMES[table.name]
    result = save(
        table,
        submission,
        focal_point,
        RowChange(second.pk, {figure: Change(Figure.of(7), Figure.of(0))}),
        RowChange(first.pk, {name: Change("가", "가")}, delete=True),
        new(table, "라"),
    )
    assert said(table, submission) == [("나", Figure.of(0)), ("다", Figure.of(7)), ("라", Figure.of(7))]
    assert result.conflicts == []
    assert third.pk in [row.pk for row in table.rows_of(submission)]


@both_tables
def test_what_a_colleague_changed_is_a_conflict_of_its_table(table, submission, focal_point) -> None:
    save(table, submission, focal_point, new(table))
    [row] = table.rows_of(submission)
    name, figure = NAMES[table.name]
    changes = {name: Change("다른 글", "나의 글"), figure: Change(Figure.of(7), Figure.of(8))}
    result = save(table, submission, focal_point, RowChange(row.pk, changes))
    assert said(table, submission) == [("하나", Figure.of(8))]
    assert [(each.table, each.row, each.name, each.stored, each.mine) for each in result.conflicts] == [
        (table.name, row.pk, name, "하나", "나의 글")
    ]


# A row that comes with a key of the page's own


@both_tables
def test_a_row_sent_again_after_a_lost_answer_is_there_once(table, submission, focal_point) -> None:
    key = uuid.uuid4()
    save(table, submission, focal_point, new(table, key=key))
    repeated = save(table, submission, focal_point, new(table, key=key))
    assert (repeated.saved, repeated.conflicts) == ([], [])
    assert [row.pk for row in table.rows_of(submission)] == [key]
    # From now on it is a row like any other.
    name, _figure = NAMES[table.name]
    save(table, submission, focal_point, RowChange(key, {name: Change("하나", "둘")}))
    assert said(table, submission) == [("둘", Figure.of(7))]


@both_tables
def test_two_equal_rows_with_keys_of_their_own_are_two(table, submission, focal_point) -> None:
    token = str(uuid.uuid4())
    rows = [new(table, key=uuid.uuid4()), new(table, key=uuid.uuid4())]
    for _time in range(2):
        save(table, submission, focal_point, *rows, token=token)
    assert said(table, submission) == [("하나", Figure.of(7))] * 2


@both_tables
def test_what_was_typed_on_before_the_answer_came_is_compared(table, submission, focal_point) -> None:
    key = uuid.uuid4()
    save(table, submission, focal_point, new(table, "하", key=key))
    [conflict] = save(table, submission, focal_point, new(table, "하나", key=key)).conflicts
    assert (conflict.stored, conflict.mine, conflict.row) == ("하", "하나", key)


@both_tables
def test_a_new_row_that_was_taken_away_again_goes_by_its_key(table, submission, focal_point) -> None:
    key, name = uuid.uuid4(), NAMES[table.name][0]
    save(table, submission, focal_point, new(table, key=key))
    for _time in range(2):
        gone = RowChange(None, {name: Change("하나", "하나")}, delete=True, client_key=key)
        assert save(table, submission, focal_point, gone).conflicts == []
        assert table.rows_of(submission) == []


@both_tables
def test_a_key_of_another_submission_is_refused_and_its_row_left_alone(
    table, submission, focal_point, other_body
) -> None:
    key, other = uuid.uuid4(), SubmissionFactory(body=other_body)
    foreign = table.model(pk=key, submission=other)
    foreign.save()
    with pytest.raises(ValidationError):
        save(table, submission, focal_point, new(table, key=key))
    assert (table.rows_of(submission), [row.pk for row in table.rows_of(other)]) == ([], [key])
    foreign.refresh_from_db()
    assert getattr(foreign, NAMES[table.name][0]) == ""


# Rules of a row


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("women", Figure.of("1.5")),
        ("men", Figure.of(-1)),
        ("women", Figure.of(LARGEST_COUNT + 1)),
        ("contribution", Figure.of("-0.001")),
        ("contribution", Figure.of("0.0001")),
        ("currency", "WON"),
        ("kind", "party"),
        ("province", "KR-99"),
        ("phase", "later"),
        ("title", "가" * 201),
        ("description", "가" * 2_001),
        ("end_date", dt.date(2021, 12, 31)),
    ],
)
def test_a_row_against_the_rules_is_told_by_row_and_field_and_saves_nothing(
    name, value, submission, focal_point
) -> None:
    key = uuid.uuid4()
    changes = {"date": Change(None, dt.date(2022, 1, 1)), name: Change(None, value)}
    with pytest.raises(InvalidRowError) as caught:
        save_submission(
            submission=submission,
            by=focal_point,
            changes={"results": Change("", "글")},
            activities=[new(ACTIVITIES), RowChange(None, changes, client_key=key)],
        )
    assert (caught.value.table, caught.value.row, list(caught.value.message_dict)) == ("activities", key, [name])
    submission.refresh_from_db()
    assert (submission.results, submission.activities.count()) == ("", 0)


def test_money_is_passed_on_by_another_body_never_by_oneself(submission, focal_point, other_body, body) -> None:
    save(BUDGET, submission, focal_point, RowChange(None, {"passed_on_from": Change(None, other_body)}))
    [line] = BUDGET.rows_of(submission)
    assert line.passed_on_from == other_body
    for row in (
        RowChange(line.pk, {"passed_on_from": Change(other_body, body)}),
        RowChange(None, {"passed_on_from": Change(None, body)}),
    ):
        with pytest.raises(InvalidRowError):
            save(BUDGET, submission, focal_point, row)
    save(BUDGET, submission, focal_point, RowChange(line.pk, {"passed_on_from": Change(other_body, None)}))
    assert [each.passed_on_from for each in BUDGET.rows_of(submission)] == [None]


@both_tables
def test_a_name_that_is_no_field_is_never_written(table, submission, focal_point, other_body) -> None:
    save(table, submission, focal_point, new(table))
    [row] = table.rows_of(submission)
    other = SubmissionFactory(body=other_body)
    for name, value in (("submission", other), ("order", 9), ("__class__", int)):
        for change in (
            RowChange(row.pk, {name: Change(getattr(row, name), value)}),
            RowChange(None, {name: Change(0, value)}),
        ):
            with pytest.raises(ValidationError):
                save(table, submission, focal_point, change)
    assert [each.order for each in table.rows_of(submission)] == [row.order]


@pytest.mark.parametrize("name", ["state", "step", "coordinator_rating", "written_by", "no_such_field"])
def test_a_column_that_the_body_does_not_write_is_never_written(name, submission, focal_point) -> None:
    with pytest.raises(ValidationError):
        save_submission(
            submission=submission, by=focal_point, changes={name: Change(getattr(submission, name, None), "x")}
        )
    assert Submission.objects.get(pk=submission.pk).state == "draft"


@both_tables
def test_more_rows_than_anybody_has_are_refused(table, submission, focal_point) -> None:
    save(table, submission, focal_point, *(new(table, str(number)) for number in range(table.most)))
    with pytest.raises(ValidationError):
        save(table, submission, focal_point, new(table, "zu viel"))
    assert len(table.rows_of(submission)) == table.most
    # One may go and another come.
    row = table.rows_of(submission)[0]
    gone = RowChange(row.pk, {NAMES[table.name][0]: Change("0", "0")}, delete=True)
    save(table, submission, focal_point, gone, new(table, "neu"))
    assert len(table.rows_of(submission)) == table.most


@both_tables
def test_saving_takes_as_many_statements_for_thirty_rows_as_for_one(
    table, submission, focal_point, django_assert_max_num_queries
) -> None:
    def counted(rows: list[RowChange]) -> int:
        with django_assert_max_num_queries(100) as found:
            save(table, submission, focal_point, *rows)
        return len(found)

    name = NAMES[table.name][0]
    counted([new(table, "first")])  # reads the person's roles, once
    adding = [counted([new(table, f"{number}") for number in range(count)]) for count in (1, 15)]
    rows = table.rows_of(submission)
    assert len(rows) == 17
    changing = [
        counted([RowChange(row.pk, {name: Change(getattr(row, name), f"{row.pk}")}) for row in part])
        for part in (rows[:1], rows[1:])
    ]
    removing = [
        counted([RowChange(row.pk, {name: Change(f"{row.pk}", "")}, delete=True) for row in part])
        for part in (rows[:1], rows[1:])
    ]
    assert [len(set(counts)) for counts in (adding, changing, removing)] == [1, 1, 1]
    assert table.rows_of(submission) == []


def test_lines_of_the_budget_may_not_be_negative_in_the_database_either() -> None:
    names = {constraint.name for model in (Activity, BudgetLine) for constraint in model._meta.constraints}
    assert {"activity_women_not_negative", "activity_contribution_not_negative", "line_budget_not_negative"} <= names


# The largest form


def filled(submission: Submission, count: int) -> dict[str, list[RowChange]]:
    """The rows of a form with ``count`` new activities and lines, and as many indicators and own fields to answer."""
    action_plan, body = submission.assignment.action_plan, submission.assignment.body
    indicators = IndicatorFactory.create_batch(count, action_plan=action_plan)
    fields = BodyFieldFactory.create_batch(count, body=body)
    return {
        "activities": [new(ACTIVITIES, str(number)) for number in range(count)],
        "budget": [new(BUDGET, str(number)) for number in range(count)],
        "indicators": [RowChange(each.pk, {"actual": Change(EMPTY, Figure.of(3))}) for each in indicators],
        "body_fields": [RowChange(each.pk, {"value": Change("", "글")}) for each in fields],
    }


def test_saving_changing_and_submitting_a_form_takes_no_more_statements_for_its_rows(
    body, focal_point, approver, django_assert_max_num_queries
) -> None:
    def counted(call: Any, **arguments: Any) -> int:
        with django_assert_max_num_queries(200) as found:
            call(**arguments)
        return len(found)

    def walked(count: int) -> list[int]:
        submission = fill_in(SubmissionFactory(body=body), focal_point)
        rows = filled(submission, count)
        saving = counted(save_submission, submission=submission, by=focal_point, changes={}, **rows)
        again = {
            "indicators": [
                RowChange(row.key, {"actual": Change(Figure.of(3), Figure.of(4))}) for row in rows["indicators"]
            ],
            "body_fields": [RowChange(row.key, {"value": Change("글", "다른 글")}) for row in rows["body_fields"]],
        }
        changing = counted(save_submission, submission=submission, by=focal_point, changes={}, **again)
        one = {"results": Change(submission.results, f"글 {count}")}
        autosave = counted(save_submission, submission=submission, by=focal_point, changes=one)
        signing = counted(transitions.sign_off, submission=submission, by=approver)
        submission.refresh_from_db()
        submitting = counted(transitions.submit, submission=submission, by=approver)
        return [saving, changing, autosave, signing, submitting]

    walked(1)  # reads people's roles, once
    few = walked(2)
    assert walked(12) == few
    assert few[2] <= 12  # one field saved by itself
