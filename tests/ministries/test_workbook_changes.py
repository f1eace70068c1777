"""A filled-in workbook, compared with what is stored: nothing changed is nothing, and every kind of value is read."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import Activity, BudgetLine, ImplementingBody, IndicatorResult, Round, Submission
from ministries.services.workbooks import apply_upload, keep_upload
from ministries.workbook.download import BLANK_ROWS
from ministries.workbook.values import plain_text
from nap_monitor.accounts.models import User
from tests.factories import (
    BodyFieldFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    both,
    fill_in,
    person,
    submission_in,
)
from tests.ministries.workbooks import Book, changes, faults
from tests.office import saved_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def submission(round_: Round, body: ImplementingBody, focal_point: User) -> Submission:
    found = SubmissionFactory(round=round_, body=body)
    return fill_in(found, focal_point, results="교육을 네 차례 실시하였습니다.\n\n- 간부 과정")


@pytest.fixture
def code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


@pytest.fixture
def activity(submission: Submission) -> Activity:
    found = Activity(submission=submission, title="교육", kind="training", date=dt.date(2022, 3, 4), order=1)
    found.women, found.men = Figure.of(0), Figure(None, "not-known")
    found.save()
    return found


@pytest.fixture
def line(submission: Submission) -> BudgetLine:
    found = BudgetLine(submission=submission, programme="사업", order=1)
    found.budget, found.executed = Figure.of("1234.5"), Figure(None, "not-applicable")
    found.save()
    return found


@pytest.fixture
def indicator(submission: Submission) -> Any:
    made = IndicatorFactory(action_plan=submission.assignment.action_plan, unit=both("%", "%"))
    result = IndicatorResult(submission=submission, indicator=made, source="통계연보")
    result.actual = Figure.of(80)
    result.save()
    return made


@pytest.fixture
def whole(activity: Activity, line: BudgetLine, indicator: Any) -> None:
    """A submission with a row in every table."""


@pytest.fixture
def book(whole: None, round_: Round, body: ImplementingBody, focal_point: User) -> Book:
    return Book(round_, body, focal_point)


def applied(book: Book) -> None:
    """Apply the workbook as it is now."""
    data = book.data
    upload = keep_upload(round=book.round, body=book.body, by=book.user, name="x.xlsx", content=data)
    run = book.run(data)
    assert faults(run) == []
    apply_upload(upload=upload, by=book.user, saves=run.saves)


# Nothing changed


@pytest.mark.parametrize("reader", ["ko", "en"])
@pytest.mark.parametrize("writer", ["ko", "en"])
def test_a_workbook_that_nobody_touched_changes_nothing_in_any_language(
    writer: str, reader: str, whole: None, round_: Round, body: Any, focal_point: User, approver: User
) -> None:
    submission_in("signed-off", SubmissionFactory(round=round_, body=body), by=focal_point, approver=approver)
    BodyFieldFactory(body=body, kind="number")
    with override(writer):
        book = Book(round_, body, focal_point)
    with override(reader):
        for data in (book.original, book.data):
            run = book.run(data)
            assert (run.faults, changes(run), run.saves, run.notes) == ([], [], [], [])


@pytest.mark.one_database
def test_libreoffice_opens_it_and_what_it_saves_changes_nothing_or_what_was_changed(
    book: Book, code: str, activity: Activity
) -> None:
    Submission.objects.update(shortcomings="=1+1", related="+82 @SUM(A1) _x0041_\n\t둘째 줄", department="-과")
    fresh = Book(book.round, book.body, book.user)
    fresh["narrative", code, "next_year_plan"] = "-다음 해 계획"
    fresh["activities", activity.pk, "women"] = 12
    number = fresh.new_row("budget")
    fresh["budget", number, "plan"], fresh["budget", number, "programme"] = code, "=새 사업"
    run = fresh.run(saved_again(fresh.data))
    assert (faults(run), run.notes) == ([], [])
    assert changes(run) == [
        ("Plan for next year", "교육을 다섯 차례 실시할 계획입니다.", "-다음 해 계획"),
        ("Women", "0", "12"),
        ("Programme", "", "=새 사업"),
    ]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
RISKY = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", "_x0041_", "_x0014_"]), TEXT)
FIELDS = ("results", "shortcomings", "consultation", "related", "department")


@settings(
    deadline=None,
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.lists(TEXT | RISKY, min_size=len(FIELDS), max_size=len(FIELDS)))
def test_any_text_that_is_stored_is_no_change_and_any_that_is_typed_arrives(
    texts: list[str], submission: Submission, round_: Round, body: Any, focal_point: User, code: str
) -> None:
    typed = dict(zip(FIELDS, texts, strict=True))
    Submission.objects.filter(pk=submission.pk).update(**typed)
    book = Book(round_, body, focal_point)
    run = book.run(book.original)
    assert (run.faults, changes(run)) == ([], [])
    Submission.objects.filter(pk=submission.pk).update(**dict.fromkeys(FIELDS, "before"))
    again = Book(round_, body, focal_point)
    for name, text in typed.items():
        again["narrative", code, name] = plain_text(text) or None
    (save,) = again.run().saves
    assert {name: change.new for name, change in save.changes.items()} == {
        name: plain_text(text) for name, text in typed.items()
    }


# Every kind of value


def test_texts_choices_flags_and_lines_are_changed(book: Book, code: str, submission: Submission) -> None:
    book["narrative", code, "results"] = " 새 실적 \r\n둘째 줄"
    book["narrative", code, "self_rating"] = "관심필요"
    book["narrative", code, "no_budget_needed"] = "yes"
    book["narrative", code, "department"] = 2022
    book["narrative", code, "disclosure"] = "RESTRICTED"
    book["narrative", code, "next_year_plan"] = None
    assert changes(book.run()) == [
        ("Results", "교육을 네 차례 실시하였습니다.\n\n- 간부 과정", "새 실적 \n둘째 줄"),
        ("No budget needed", "No", "Yes"),
        ("Self-rating", "On track", "Attention"),
        ("Plan for next year", "교육을 다섯 차례 실시할 계획입니다.", ""),
        ("Department", "", "2022"),
        ("Disclosure", "Open", "Restricted"),
    ]
    applied(book)
    submission.refresh_from_db()
    assert (submission.results, submission.self_rating, submission.state) == ("새 실적 \n둘째 줄", "attention", "draft")
    assert (submission.no_budget_needed, submission.disclosure) == (True, "restricted")
    assert (submission.next_year_plan, submission.department) == ("", "2022")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (0, Figure.of(0)),
        (None, Figure()),
        ("파악 불가", Figure(None, "not-known")),
        ("Not known", Figure(None, "not-known")),
        ("해당 없음", Figure(None, "not-applicable")),
        ("not applicable", Figure(None, "not-applicable")),
        ("1,234.5", Figure.of("1234.5")),
        (12.5, Figure.of("12.5")),
        (0.1 + 0.2, Figure.of("0.3")),
        ("△3", Figure.of(-3)),
        ("85%", Figure.of(85)),
    ],
)
def test_a_number_zero_not_known_not_applicable_and_nothing_stay_apart(
    typed: Any, stored: Figure, book: Book, indicator: Any
) -> None:
    book["indicators", indicator.pk, "target"] = "-1"
    book["indicators", indicator.pk, "actual"] = typed
    if stored.state == "not-known":
        book["indicators", indicator.pk, "reason"] = "조사하지 않았습니다."
    applied(book)
    assert IndicatorResult.objects.get().actual == stored


def test_a_number_that_is_shown_in_per_cent_is_what_is_seen(book: Book, indicator: Any) -> None:
    cell = book.cell("indicators", indicator.pk, "actual")
    cell.value, cell.number_format = 0.755, "0.0%"
    applied(book)
    assert IndicatorResult.objects.get().actual == Figure.of("75.5")


@pytest.mark.parametrize(
    "typed", [dt.date(2022, 5, 6), dt.datetime(2022, 5, 6), "2022. 5. 6.", "2022년 5월 6일", "6 May 2022", 20220506]
)
def test_days_are_read_however_they_stand_there(typed: Any, book: Book, activity: Activity) -> None:
    cell = book.cell("activities", activity.pk, "date")
    cell.value = typed
    if isinstance(typed, int):
        cell.number_format = "General"
    applied(book)
    activity.refresh_from_db()
    assert activity.date == dt.date(2022, 5, 6)


def test_the_same_value_in_another_form_is_no_change(book: Book, activity: Activity, line: BudgetLine) -> None:
    book["activities", activity.pk, "date"] = "2022. 3. 4."
    book["activities", activity.pk, "men"] = "파악불가"
    book["activities", activity.pk, "women"] = "0"
    book["activities", activity.pk, "kind"] = "training"
    book["budget", line.pk, "budget"] = "1,234.500"
    book["budget", line.pk, "gender_responsive"] = None
    assert (faults(book.run()), changes(book.run())) == ([], [])


def test_a_body_passes_money_on_by_any_of_its_names(book: Book, line: BudgetLine, other_body: ImplementingBody) -> None:
    fresh = Book(book.round, book.body, book.user)
    fresh["budget", line.pk, "passed_on_from"] = "다른부"
    assert changes(fresh.run()) == [("Passed on from", "", "Other Ministry")]
    applied(fresh)
    line.refresh_from_db()
    assert line.passed_on_from == other_body


def test_own_questions_of_every_kind_are_answered(
    submission: Submission, round_: Round, body: Any, code: str, focal_point: User
) -> None:
    choices = [{"code": "1", "label": both("높음", "High")}, {"code": "2", "label": both("낮음", "Low")}]
    asked = {kind: BodyFieldFactory(body=body, kind=kind) for kind in ("text", "number", "date")}
    asked["choice"] = BodyFieldFactory(body=body, kind="choice", choices=choices)
    book = Book(round_, body, focal_point)
    for kind, typed in {"text": "답", "number": "해당없음", "date": dt.date(2022, 1, 2), "choice": "낮음"}.items():
        book["own", code, str(asked[kind].pk)] = typed
    applied(book)
    submission.refresh_from_db()
    answers = {each.field.kind: each.value for each in submission.own_values.select_related("field")}
    assert answers == {
        "text": "답",
        "number": Figure(None, "not-applicable"),
        "date": dt.date(2022, 1, 2),
        "choice": "2",
    }


# Rows


def test_new_rows_go_into_empty_ones_also_beyond_the_prepared_ones(
    book: Book, code: str, submission: Submission
) -> None:
    first = book.new_row("activities")
    for number in (first, first + BLANK_ROWS + 20):
        book["activities", number, "plan"] = code if number == first else f"{code} 항목 {code}"
        book["activities", number, "title"] = f"활동 {number}"
        book["activities", number, "women"] = 3
    book["activities", first + 1, "plan"] = code  # an action plan alone is no row yet
    run = book.run()
    assert [item.row for group in run.groups for item in group.items][::2] == [
        f"New: 활동 {first}",
        f"New: 활동 {first + BLANK_ROWS + 20}",
    ]
    applied(book)
    added = submission.activities.order_by("order")[1:]
    assert [(each.title, each.women.value, each.currency) for each in added] == [
        (f"활동 {first}", Decimal(3), "KRW"),
        (f"활동 {first + BLANK_ROWS + 20}", Decimal(3), "KRW"),
    ]


@pytest.mark.parametrize("way", ["marked", "emptied"])
def test_a_row_is_taken_away_by_the_mark_or_by_emptying_it(way: str, book: Book, activity: Activity) -> None:
    if way == "marked":
        book["activities", activity.pk, "remove"] = "삭제"
    else:
        for column in Activity.FIELDS:
            book["activities", activity.pk, column] = None
    assert changes(book.run()) == [("Row", "Training · 교육 · 2022-03-04 · 0 · Not known", "Removed")]
    applied(book)
    assert not Activity.objects.exists()


def test_a_missing_row_stays_and_that_is_told(book: Book, code: str, activity: Activity) -> None:
    for sheet, key in (("activities", activity.pk), ("narrative", code)):
        book.sheet(sheet).delete_rows(book.row(sheet, key))
    run = book.run()
    assert (faults(run), changes(run)) == ([], [])
    assert run.notes == [
        "In the sheet “Narrative” 1 row is missing: what is stored of it stays as it is.",
        "In the sheet “Activities” 1 row is missing: what is stored of it stays as it is.",
    ]


def test_sorted_rows_inserted_rows_and_moved_columns_are_found(book: Book, code: str, activity: Activity) -> None:
    book["activities", activity.pk, "title"] = "다른 교육"
    sheet = book.sheet("activities")
    sheet.insert_rows(1, 2)
    sheet.insert_cols(3, 1)
    assert (faults(book.run()), changes(book.run())) == ([], [("Title", "교육", "다른 교육")])


def test_the_same_workbook_sent_twice_adds_nothing_twice(book: Book, code: str, submission: Submission) -> None:
    number = book.new_row("budget")
    book["budget", number, "plan"], book["budget", number, "programme"] = code, "새 사업"
    book["narrative", code, "results"] = "새 실적"
    applied(book)
    run = book.run()
    assert (changes(run), run.clashes, run.saves) == ([], [], [])
    # A row of it that is written anew after that is asked about, and not added beside the first.
    book["budget", number, "programme"] = "바꾼 사업"
    run = book.run()
    assert [(clash.item.before, clash.item.after) for clash in run.clashes] == [("새 사업", "바꾼 사업")]
    assert submission.budget_lines.count() == 2


def test_own_sheets_and_columns_are_left_alone_and_that_is_told(book: Book, code: str) -> None:
    book.workbook.create_sheet("계산")["A1"] = "=1+1"
    sheet = book.sheet("narrative")
    sheet.cell(book.row("narrative", code), sheet.max_column + 3).value = "메모"
    run = book.run()
    assert (faults(run), changes(run)) == ([], [])
    assert run.notes == [
        "The sheet “계산” is none of the workbook and was not read.",
        "In the sheet “Narrative” 1 cell beside the columns of the workbook was not read.",
    ]


def test_hidden_and_filtered_rows_count_as_all_others(book: Book, activity: Activity) -> None:
    book["activities", activity.pk, "title"] = "다른 교육"
    book.sheet("activities").row_dimensions[book.row("activities", activity.pk)].hidden = True
    assert changes(book.run()) == [("Title", "교육", "다른 교육")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_dry_run_takes_the_same_queries_for_one_row_and_for_three(
    count: int, round_: Round, body: Any, django_assert_num_queries: Callable[..., Any]
) -> None:
    user = person(Role.FOCAL_POINT, body)
    for _number in range(count):
        found = SubmissionFactory(round=round_, body=body)
        for _row in range(count):
            Activity.objects.create(submission=found, title="교육")
    book = Book(round_, body, user)
    for activity in Activity.objects.all():
        book["activities", activity.pk, "title"] = "다른 교육"
    data = book.data
    with django_assert_num_queries(11):
        assert book.run(data).changes == count**2
