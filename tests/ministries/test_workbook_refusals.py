"""What of a workbook cannot be taken: each bad cell with its place and its reason, each bad file with what to do."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from ministries.enums import Role
from ministries.models import Activity, BudgetLine, ImplementingBody, Round, Submission
from ministries.services import transitions
from ministries.services.rows import BUDGET
from ministries.workbook import layout, marks
from nap_monitor.accounts.models import User
from nap_monitor.lib.files.kinds import Unaccepted
from tests import files
from tests.factories import IndicatorFactory, RoundFactory, SubmissionFactory, fill_in, person, submission_in
from tests.ministries.workbooks import Book, changes, faults

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ANEW = "Download the workbook anew and copy what you filled in."


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def submission(round_: Round, body: ImplementingBody, focal_point: User) -> Submission:
    return fill_in(SubmissionFactory(round=round_, body=body), focal_point)


@pytest.fixture
def code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


@pytest.fixture
def activity(submission: Submission) -> Activity:
    return Activity.objects.create(submission=submission, title="교육", order=1)


@pytest.fixture
def line(submission: Submission) -> BudgetLine:
    return BudgetLine.objects.create(submission=submission, programme="사업", order=1)


@pytest.fixture
def indicator(submission: Submission) -> Any:
    return IndicatorFactory(action_plan=submission.assignment.action_plan)


@pytest.fixture
def book(activity: Activity, line: BudgetLine, indicator: Any, round_: Round, body: Any, focal_point: User) -> Book:
    return Book(round_, body, focal_point)


# Cells


@pytest.mark.parametrize(
    ("sheet", "column", "value", "why"),
    [
        ("narrative", "self_rating", "좋음", "Choose one of the given answers."),
        ("narrative", "disclosure", None, "This field is required."),
        ("narrative", "no_budget_needed", "아마", "Choose “Yes” or “No”."),
        ("narrative", "results", "가" * 10_001, "Ensure this value has at most 10000 characters (it has 10001)."),
        ("activities", "date", "작년", "Enter the date with year, month and day, such as 2022-01-31 or 20220131."),
        ("activities", "date", "2022-02-30", "There is no such day. Check month and day."),
        ("activities", "women", "많음", "Enter a number, such as 1,234.5."),
        ("activities", "women", 2.5, "Enter a whole number."),
        ("activities", "women", -1, "This may not be negative."),
        ("activities", "women", dt.date(2022, 3, 4), "Enter a number, such as 1,234.5."),
        ("activities", "women", "85%", "Enter a number, such as 1,234.5."),
        ("activities", "currency", "ABC", "Choose one of the given answers."),
        ("activities", "title", None, None),
        ("activities", "remove", "예", "Choose “Remove”, or leave the cell empty."),
        ("activities", "partners", "#REF!", "This is an error of the spreadsheet, not a value."),
        ("budget", "budget", 1.23456, "At most 3 decimal places."),
        ("budget", "budget", 99_999_999_999, "This number is too large: at most 9,999,999,999.999."),
        ("budget", "passed_on_from", "없는 부", "Choose one of the given answers."),
        ("indicators", "actual", "파악 불가", "Say why the figure is not known."),
    ],
)
def test_a_bad_cell_is_told_with_its_place_and_the_sentence_of_the_form(
    sheet: str,
    column: str,
    value: Any,
    why: str | None,
    book: Book,
    code: str,
    activity: Any,
    line: Any,
    indicator: Any,
) -> None:
    key = {"narrative": code, "activities": activity.pk, "budget": line.pk, "indicators": indicator.pk}[sheet]
    book[sheet, key, column] = value
    run = book.run()
    if why is None:
        assert run.faults == []
        return
    told = "reason" if why.startswith("Say why") else column
    (fault,) = run.faults
    assert (fault.sheet, fault.cell, fault.why) == (
        book.sheet(sheet).title,
        book.cell(sheet, key, told).coordinate,
        why,
    )
    assert not run.can_apply


def test_every_bad_cell_is_told_in_the_order_of_the_sheets(book: Book, code: str, activity: Any, line: Any) -> None:
    book["budget", line.pk, "budget"] = "x"
    book["activities", activity.pk, "men"] = "x"
    book["activities", activity.pk, "women"] = "x"
    book["narrative", code, "self_rating"] = "x"
    book["narrative", code, "results"] = "this one is good"
    assert [(fault.sheet, fault.value) for fault in book.run().faults] == [
        ("Narrative", "x"), ("Activities", "x"), ("Activities", "x"), ("Budget", "x"),
    ]  # fmt: skip
    assert [fault.cell[0] for fault in book.run().faults][1:3] == ["J", "K"]


def test_days_and_rows_that_break_a_rule_are_told(book: Book, code: str, activity: Any) -> None:
    book["activities", activity.pk, "date"] = "2022-03-04"
    book["activities", activity.pk, "end_date"] = "2022-03-01"
    new = book.new_row("activities")
    book["activities", new, "plan"], book["activities", new, "place"] = code, "서울"
    assert [why for _cell, why in faults(book.run())] == [
        "The last day may not lie before the first.",
        "Name the activity.",
    ]


@pytest.mark.parametrize(
    "formula", ["=1+1", '=HYPERLINK("http://example.org","x")', "=cmd|' /C calc'!A0", "=IMPORTDATA(A1)"]
)
def test_a_formula_is_refused_wherever_it_stands(formula: str, book: Book, code: str, activity: Any) -> None:
    cells = [book.cell("narrative", code, "results"), book.cell("activities", book.new_row("activities"), "plan")]
    cells.append(book.cell("activities", activity.pk, "remove"))
    for cell in cells:
        cell.value = formula
        assert cell.data_type == "f"
    told = faults(book.run())
    assert sorted(place for place, _why in told) == sorted(cell.coordinate for cell in cells)
    assert {why for _place, why in told} == {"This is a formula. Paste its value only."}


def test_merged_cells_are_refused(book: Book, code: str) -> None:
    row = book.row("narrative", code)
    book.sheet("narrative").merge_cells(f"E{row}:F{row}")
    assert (f"E{row}:F{row}", "These cells are merged. Split them again.") in faults(book.run())


# Keys and rows


def test_a_row_of_another_body_another_year_or_without_its_key_is_refused(
    book: Book, code: str, activity: Any, focal_point: User, other_body: Any
) -> None:
    other = Activity.objects.create(submission=SubmissionFactory(round=book.round, body=other_body), title="남의 것")
    stranger = "This row does not belong to this workbook: it is of another body, another year or another download."
    sheet, number = book.sheet("activities"), book.new_row("activities")
    sheet.cell(number, 1).value = str(other.pk)
    book["activities", number, "title"] = "내 것"
    book.sheet("narrative").cell(book.row("narrative", code), 1).value = "9.9.9"
    keyless = book.new_row("narrative")
    book["narrative", keyless, "results"] = "줄이 하나 더"
    assert faults(book.run()) == [
        (f"B{book.row('narrative', '9.9.9')}", stranger),
        (
            book.cell("narrative", keyless, "results").coordinate,
            "In this sheet no rows can be added. Write into the row of the action plan, and delete this one.",
        ),
        (f"B{number}", stranger),
    ]
    other.refresh_from_db()
    assert other.title == "남의 것"


def test_a_copied_row_is_told_as_a_copy(book: Book, activity: Any) -> None:
    number, at = book.row("activities", activity.pk), book.new_row("activities")
    for cell in book.sheet("activities")[number]:
        book.sheet("activities").cell(at, cell.column).value = cell.value
    book["activities", at, "title"] = "새 활동"
    assert faults(book.run()) == [
        (f"B{at}", f"This row is a copy of row {number}. Delete it; what is new goes into an empty row.")
    ]


def test_a_new_row_names_an_action_plan_of_the_body(book: Book, other_body: Any) -> None:
    other = SubmissionFactory(round=book.round, body=other_body).assignment.action_plan
    first = book.new_row("activities")
    book["activities", first, "title"] = "활동"
    book["activities", first + 1, "title"], book["activities", first + 1, "plan"] = "활동", other.code
    assert faults(book.run()) == [
        (f"B{first}", "Choose the action plan of this row."),
        (f"B{first + 1}", "This is no action plan of your body in this year. Choose from the list."),
    ]


def test_a_row_stays_with_its_action_plan(book: Book, code: str, activity: Any, focal_point: User, body: Any) -> None:
    second = SubmissionFactory(round=book.round, body=body)
    fresh = Book(book.round, body, focal_point)
    fresh["activities", activity.pk, "plan"] = second.assignment.action_plan.code
    assert [why for _cell, why in faults(fresh.run())] == [
        f"This row belongs to action plan {code}, and stays with it."
    ]


def test_there_are_no_more_rows_than_the_form_takes(book: Book, code: str, line: Any) -> None:
    first = book.new_row("budget")
    for number in range(first, first + BUDGET.most):
        book["budget", number, "plan"], book["budget", number, "programme"] = code, f"사업 {number}"
    assert faults(book.run()) == [(f"B{first + BUDGET.most - 1}", f"At most {BUDGET.most} rows.")]
    book["budget", line.pk, "remove"] = "Remove"
    assert faults(book.run()) == []


# Submissions that can't be edited


def test_what_cannot_be_edited_is_no_fault_unchanged_and_one_with_its_reason_changed(
    book: Book, code: str, submission: Submission, focal_point: User, approver: User
) -> None:
    data = book.data
    transitions.sign_off(submission=submission, by=approver)
    assert faults(book.run(data)) == []
    book["narrative", code, "results"] = "늦은 글"
    place = book.cell("narrative", code, "results").coordinate
    assert faults(book.run()) == [(place, "This submission is signed off. Take it back to change it.")]
    transitions.take_back(submission=submission, by=focal_point)
    assert (faults(book.run()), len(changes(book.run()))) == ([], 1)


def test_a_submission_that_was_submitted_and_returned_since_has_moved_on(
    book: Book, code: str, submission: Submission, focal_point: User, approver: User, coordinator: User
) -> None:
    submission_in("returned", submission, by=focal_point, approver=approver, coordinator=coordinator)
    assert faults(book.run()) == []
    book["narrative", code, "results"] = "늦은 글"
    sentence = "This submission has moved on since the download (now: Returned). Download it anew."
    assert [why for _cell, why in faults(book.run())] == [sentence]


# The workbook as a whole


def refused(book: Book, data: bytes | None = None) -> str:
    with pytest.raises(Unaccepted) as caught:
        book.run(data)
    return str(caught.value)


def test_another_year_and_another_body_are_refused(
    book: Book, body: Any, other_body: Any, focal_point: User, round_: Round
) -> None:
    later = RoundFactory(plan=round_.plan, year=2023)
    SubmissionFactory(round=later, body=body)
    SubmissionFactory(round=round_, body=other_body)
    theirs = Book(round_, other_body, person(Role.FOCAL_POINT, other_body))
    assert refused(book, Book(later, body, focal_point).original) == (
        f"This is the workbook of 2023 (plan {round_.plan.number}). Here that of 2022 is taken."
    )
    assert refused(book, theirs.original) == (
        "This is the workbook of another body (OTHER). Here that of Own Ministry is taken."
    )


def test_an_outdated_layout_is_refused(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LAYOUT", layout.LAYOUT + 1)
    assert refused(book) == "This workbook is of an earlier form of the report. Download it anew."


def test_a_changed_or_missing_hidden_part_is_refused(book: Book, settings: Any) -> None:
    changed = "The hidden part that says where the workbook comes from was changed. Download the workbook anew."
    data = book.data
    about = book.workbook[layout.ABOUT]
    about["A1"] = about["A1"].value[:-3] + "abc"
    assert refused(book) == changed
    forged = marks.Origin(layout.LAYOUT, book.round.plan.number, 2022, "OWN", "2022-01-01T00:00:00+00:00")
    ours = settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-" + "x" * 40
    assert refused(book, data) == changed
    about["A1"] = marks.sealed(forged)
    settings.SECRET_KEY = ours
    assert refused(book) == changed
    del book.workbook[layout.ABOUT]
    assert refused(book) == (
        "This is not a workbook that was downloaded here. Download yours, fill it in and upload it."
    )


def test_missing_and_doubled_sheets_and_columns_are_told(book: Book) -> None:
    del book.workbook["Budget"]
    book.workbook.copy_worksheet(book.sheet("indicators")).title = "Indicators (2)"
    book.sheet("narrative").delete_cols(book.column("narrative", "results"))
    told = [(fault.sheet, fault.why) for fault in book.run().faults]
    assert told == [
        ("Indicators (2)", "This sheet stands in the workbook twice. Delete the copy."),
        ("Budget", f"This sheet is missing. {ANEW}"),
        ("Narrative", f"The column “Results” is missing. {ANEW}"),
    ]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda data: data[: len(data) // 2], "The archive is damaged."),
        (lambda data: b"", "The file is empty."),
        (
            lambda data: files.pdf(),
            "This is no Excel workbook. Save it as “Excel workbook (*.xlsx)” and upload it again.",
        ),
        (
            lambda data: "과제,실적\n".encode(),
            "This is no Excel workbook. Save it as “Excel workbook (*.xlsx)” and upload it again.",
        ),
        (
            lambda data: files.compound({"Workbook": b"x"}),
            "DOC, XLS and PPT of old office programs are not accepted. Save it as DOCX, XLSX, PPTX or PDF.",
        ),
        (
            lambda data: files.compound({"EncryptedPackage": b"x"}),
            "The document is protected by a password or by DRM. Take the protection off first.",
        ),
        (
            lambda data: files.zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "OpenDocument is not accepted. Save it as DOCX, XLSX, PPTX or PDF.",
        ),
        (
            lambda data: files.xlsx(),
            "This is not a workbook that was downloaded here. Download yours, fill it in and upload it.",
        ),
    ],
    ids=["cut off", "empty", "PDF", "CSV", "XLS", "encrypted", "ODS", "another workbook"],
)
def test_a_file_that_is_no_workbook_of_ours_is_refused_with_what_to_do(
    make: Callable[[bytes], bytes], reason: str, book: Book
) -> None:
    assert refused(book, make(book.original)) == reason


def test_macros_are_refused(book: Book) -> None:
    with_macro = openpyxl.load_workbook(io.BytesIO(book.original))
    made = io.BytesIO()
    with_macro.save(made)
    with zipfile.ZipFile(made) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/vbaProject.bin"] = b"x"
    assert refused(book, files.zipped(members)) == "It holds macros. Save it without macros and send it again."
