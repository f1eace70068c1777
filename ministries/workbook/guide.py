"""The words in the workbook that say how to fill it in: its first sheet, the hints above the columns, the notes."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from ministries.enums import MEASURES_NEEDED, REASON_NEEDED
from ministries.selectors.workbooks import BodyBook
from ministries.workbook.layout import GUIDE, SHEET_MARK, Column, Kind, SheetLayout
from nap_monitor.lib.tabular.looks import Looks
from nap_monitor.lib.tabular.writing import guard, on_paper, put, sheet_title

#: What stands in a cell instead of a text that no cell can hold.
LEFT_TO_FORM = gettext_lazy("Too long for a cell: change it in the form.")
WIDTH, INDENT = 110, 4
POINTS = 15


def hint(column: Column) -> str:
    """What stands above a column: whether it is needed, what is asked, how much may be written."""
    needed = _("Required for sign-off") if column.is_needed else ""
    most = _("At most %(limit)s characters.") % {"limit": f"{column.most:,}"} if column.most else ""
    return " · ".join(part for part in (needed, str(column.help), most) if part)


def prompt(column: Column) -> str:
    """What is said beside the cell that is being filled in."""
    by_kind = {
        Kind.FIGURE: _("A number, or “%(unknown)s” or “%(none)s”. Zero is a number; empty means not given yet."),
        Kind.DATE: _("Such as 2022-01-31."),
    }
    said = by_kind.get(column.kind, "")
    if column.kind is Kind.FIGURE:
        unknown, none = list(column.choices.values())
        said = said % {"unknown": unknown, "none": none}
    return " ".join(part for part in (str(column.help), said) if part)


def add(workbook: Workbook, looks: Looks, book: BodyBook, sheets: list[SheetLayout], at: dt.datetime) -> None:
    """The first sheet: whose workbook it is, of when, and how it is filled in."""
    made = workbook.create_sheet(sheet_title(_("Read first")))
    made.column_dimensions["A"].width, made.column_dimensions["B"].width = INDENT, WIDTH
    for row, (look, text) in enumerate(_lines(book, sheets, at), start=1):
        cell = made.cell(row, 2 if look == "para" else 1)
        looks.give(cell, look)
        put(cell, text, "General")
        if look == "para":
            wide = sum(1 + (ord(sign) > 0x1100) for sign in text)
            made.row_dimensions[row].height = POINTS * max(1, text.count("\n") + 1, -(-wide // (WIDTH - 2)))
        else:
            made.row_dimensions[row].height = 28
    put(made.cell(1, 3), SHEET_MARK + GUIDE)
    made.column_dimensions["C"].hidden = True
    made.sheet_view.showGridLines = False
    on_paper(made)
    guard(made)


def _lines(book: BodyBook, sheets: list[SheetLayout], at: dt.datetime) -> list[tuple[str, str]]:
    year, body = book.round.year, book.body.name_in(book.round.year)
    facts = {
        "plan": book.round.plan.title,
        "at": date_format(at, "SHORT_DATETIME_FORMAT"),
        "due": date_format(book.round.due_date, "SHORT_DATE_FORMAT"),
    }
    lines = [("title", _("%(body)s, submissions %(year)d") % {"body": body, "year": year})]
    if book.round.is_sample:
        lines.append(("para", _("Sample data: everything in this workbook is invented.")))
    lines += [
        ("para", _("%(plan)s. Downloaded on %(at)s. Due date: %(due)s.") % facts),
        ("heading", _("How to fill it in")),
        *(("para", f"{number}. {text}") for number, text in enumerate(_rules(sheets), start=1)),
    ]
    guidance = str(book.round.guidance or "").strip()
    if guidance:
        lines += [("heading", _("Guidance")), *(("para", text) for text in guidance.splitlines() if text.strip())]
    lines += [("heading", _("Self-rating")), *(("para", text) for text in _ratings(sheets))]
    return lines


def _rules(sheets: list[SheetLayout]) -> list[str]:
    titles = ", ".join(sheet.title for sheet in sheets)
    return [
        _("Write into the pale yellow cells of the sheets: %(titles)s. Grey cells are locked.") % {"titles": titles},
        _("What is grey throughout cannot be edited now; beside it stands why."),
        _("In figures, “not known”, “not applicable”, 0 and an empty cell are four different things."),
        _("Amounts are in million won; a contribution is in its own currency."),
        _("A new activity or budget line goes into an empty row: choose its action plan first."),
        _("To take a row away, choose “Remove” in its last column. A row that is missing stays as it is."),
        _("Paste values only: formulas, macros, merged cells and links to other files are refused."),
        _("Aggregates only: no personal data, and nothing classified."),
        _("Save it as an Excel workbook (.xlsx) and upload it where you got it. First you see what would change."),
        _("After uploading, download it anew before you go on: this one is then out of date."),
    ]


def _ratings(sheets: list[SheetLayout]) -> list[str]:
    column = sheets[0].column("self_rating")
    found = []
    for code, label in column.choices.items():
        needs = []
        if code in REASON_NEEDED:
            needs.append(_("needs a reason"))
        if code in MEASURES_NEEDED:
            needs.append(_("needs improvement measures"))
        found.append(f"{label}: {', '.join(needs)}" if needs else label)
    return found
