"""The workbook of a body: what is stored in its cells, keys locked, lists to choose from, nothing that runs."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from ministries.figures import Figure
from ministries.models import Activity, BudgetLine, Guidance, ImplementingBody, IndicatorResult, Round, Submission
from ministries.selectors.workbooks import body_book
from ministries.workbook.download import FIRST_ROW, file_name, workbook_for
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import (
    BodyFieldFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    both,
    fill_in,
    submission_in,
)
from tests.ministries.workbooks import Book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022, guidance=both("집계값만 적습니다.", "Aggregates only, please."))


@pytest.fixture
def submission(round_: Round, body: ImplementingBody, focal_point: User) -> Submission:
    found = SubmissionFactory(round=round_, body=body)
    return fill_in(found, focal_point, results="=1+1\n- 교육 실시", disclosure="partly")


def code_of(submission: Submission) -> str:
    return submission.assignment.action_plan.code


def test_what_is_stored_stands_in_the_cells_as_what_it_is(
    submission: Submission, round_: Round, body: ImplementingBody, other_body: ImplementingBody, focal_point: User
) -> None:
    activity = Activity(submission=submission, title="+교육", kind="training", date=dt.date(2022, 3, 4))
    activity.women, activity.men = Figure.of(0), Figure(None, "not-known")
    activity.save()
    line = BudgetLine(submission=submission, programme="사업", passed_on_from=other_body, gender_responsive=True)
    line.budget, line.executed = Figure.of("1234.5"), Figure(None, "not-applicable")
    line.save()
    indicator = IndicatorFactory(
        action_plan=submission.assignment.action_plan, baseline_value=3, baseline_state="value"
    )
    result = IndicatorResult(submission=submission, indicator=indicator, source="통계연보")
    result.actual = Figure.of(85)
    result.save()
    asked = BodyFieldFactory(body=body, kind="choice", choices=[{"code": "1", "label": both("높음", "High")}])
    submission.own_values.create(field=asked, text="1")

    book, code = Book(round_, body, focal_point), code_of(submission)
    narrative = {
        key: book["narrative", code, key] for key in ("results", "self_rating", "disclosure", "no_budget_needed")
    }
    assert narrative == {
        "results": "=1+1\n- 교육 실시",
        "self_rating": "On track",
        "disclosure": "Partly",
        "no_budget_needed": "No",
    }
    assert book.cell("narrative", code, "results").data_type == "s"
    columns = ("title", "kind", "date", "women", "men", "contribution", "currency")
    assert [book["activities", activity.pk, key] for key in columns] == [
        "+교육", "Training", dt.datetime(2022, 3, 4), 0, "Not known", None, "KRW",
    ]  # fmt: skip
    columns = ("account", "programme", "budget", "executed", "gender_responsive", "passed_on_from")
    assert [book["budget", line.pk, key] for key in columns] == [
        "General account", "사업", 1234.5, "Not applicable", "Yes", "Other Ministry",
    ]  # fmt: skip
    columns = ("indicator", "unit", "baseline", "actual", "target", "source")
    assert [book["indicators", indicator.pk, key] for key in columns] == [
        f"{indicator.code} {indicator.name}", "persons", "3", 85, None, "통계연보",
    ]  # fmt: skip
    assert book["own", code, str(asked.pk)] == "High"


def test_the_first_sheet_says_whose_it_is_and_how_it_is_filled_in(
    submission: Submission, round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    Guidance.objects.create(
        round=round_, action_plan=submission.assignment.action_plan, text=both("몇 회", "How often?")
    )
    book = Book(round_, body, focal_point)
    first = book.workbook.worksheets[0]
    said = "\n".join(str(cell.value) for row in first for cell in row if cell.value)
    assert first.title == "Read first"
    for words in ("Own Ministry, submissions 2022", "Aggregates only, please.", "Rethink: needs a reason", "Due date"):
        assert words in said
    assert book["narrative", code_of(submission), "guidance"] == "How often?"
    assert [sheet.title for sheet in book.workbook if sheet.sheet_state == "visible"] == [
        "Read first", "Narrative", "Activities", "Indicators", "Budget",
    ]  # fmt: skip


def test_sample_data_are_marked(round_: Round, submission: Submission, body: Any, focal_point: User) -> None:
    Round.objects.filter(pk=round_.pk).update(is_sample=True)
    round_.refresh_from_db()
    first = Book(round_, body, focal_point).workbook.worksheets[0]
    assert "Sample data: everything in this workbook is invented." in [first.cell(row, 2).value for row in (2, 3)]
    assert file_name(body_book(round_, body), clock.now()).startswith("sample_submissions_2022_Own Ministry_")


def test_keys_and_what_cannot_be_edited_are_locked_and_the_rest_is_not(
    submission: Submission, round_: Round, body: Any, focal_point: User, approver: User
) -> None:
    closed = submission_in("signed-off", SubmissionFactory(round=round_, body=body), by=focal_point, approver=approver)
    book = Book(round_, body, focal_point)
    for sheet in book.workbook:
        if sheet.sheet_state == "visible":
            assert sheet.protection.sheet
            assert not sheet.protection.password
    sheet = book.sheet("narrative")
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[1].hidden
    states = {
        code: (
            book.cell("narrative", code, "plan").protection.locked,
            book.cell("narrative", code, "results").protection.locked,
        )
        for code in (code_of(submission), code_of(closed))
    }
    assert states == {code_of(submission): (True, False), code_of(closed): (True, True)}
    assert book["narrative", code_of(closed), "state"] == (
        "Signed off\nThis submission is signed off. Take it back to change it."
    )
    blank = book.cell("activities", book.new_row("activities"), "title")
    assert not blank.protection.locked


def test_drop_downs_offer_the_words_and_the_open_action_plans(
    submission: Submission, round_: Round, body: Any, focal_point: User, approver: User
) -> None:
    submission_in("signed-off", SubmissionFactory(round=round_, body=body), by=focal_point, approver=approver)
    book = Book(round_, body, focal_point)

    def offered(sheet: str, column: str) -> list[str]:
        cell = book.sheet(sheet).cell(FIRST_ROW, book.column(sheet, column)).coordinate
        (rule,) = [each for each in book.sheet(sheet).data_validations.dataValidation if cell in each.sqref]
        name, _mark, place = rule.formula1.partition("!")
        return [cell.value for row in book.workbook[name][place.replace("$", "")] for cell in row]

    assert offered("narrative", "disclosure") == ["Open", "Partly", "Restricted"]
    assert offered("budget", "gender_responsive") == ["Yes", "No"]
    assert offered("indicators", "actual") == ["Not known", "Not applicable"]
    assert offered("activities", "plan") == [f"{code_of(submission)} {submission.assignment.action_plan.title}"]


def test_a_text_that_no_cell_holds_is_left_to_the_form(
    submission: Submission, round_: Round, body: Any, focal_point: User
) -> None:
    Submission.objects.filter(pk=submission.pk).update(related="가" * 32_768)
    book = Book(round_, body, focal_point)
    cell = book.cell("narrative", code_of(submission), "related")
    assert (cell.value, cell.protection.locked) == ("Too long for a cell: change it in the form.", True)
    assert (book.run().changes, book.run().faults) == (0, [])
    cell.value = "다른 글"
    assert [fault.why for fault in book.run().faults] == ["Too long for a cell: change it in the form."]


def test_nothing_in_it_runs_or_is_linked(submission: Submission, round_: Round, body: Any, focal_point: User) -> None:
    with zipfile.ZipFile(io.BytesIO(Book(round_, body, focal_point).original)) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist() if "/worksheets/" in name)
        assert b"<f>" not in sheets
        assert not [name for name in archive.namelist() if "external" in name.lower() or "vba" in name.lower()]


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_the_same_queries_for_one_submission_and_for_three(
    count: int, round_: Round, body: Any, focal_point: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _number in range(count):
        found = SubmissionFactory(round=round_, body=body)
        indicator = IndicatorFactory(action_plan=found.assignment.action_plan)
        IndicatorResult.objects.create(submission=found, indicator=indicator)
        for _row in range(count):
            Activity.objects.create(submission=found, title="교육")
            BudgetLine.objects.create(submission=found, programme="사업")
    focal_point = User.objects.get(pk=focal_point.pk)
    with django_assert_num_queries(14):
        workbook_for(body_book(round_, body), focal_point, clock.now())


def test_korean_people_get_a_korean_one(submission: Submission, round_: Round, body: Any, focal_point: User) -> None:
    from django.utils.translation import override

    with override("ko"):
        book = Book(round_, body, focal_point)
        assert [sheet.title for sheet in book.workbook.worksheets[:5]] == [
            "작성 안내", "추진실적", "세부 활동", "성과지표", "예산",
        ]  # fmt: skip
        assert book["narrative", code_of(submission), "self_rating"] == "정상추진"
        assert file_name(body_book(round_, body), clock.now()).endswith(".xlsx")
