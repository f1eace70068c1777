"""Writing the workbook of a body: what is stored in its cells, keys locked, lists to choose from, guidance beside."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ministries import locks
from ministries.figures import Figure, shown_text
from ministries.selectors.workbooks import BodyBook
from ministries.workbook import guide, layout
from ministries.workbook.dress import LOOKS, PLAIN_DECIMALS, offer, whole_numbers
from ministries.workbook.layout import HEAD_ROW, HINT_ROW, PLAN, SHEET_MARK, Column, Kind, SheetLayout
from ministries.workbook.marks import LEFT_TO_FORM, Origin, mark, sealed, stand_of
from ministries.workbook.stored import StoredRow, plan_label, rows_of
from ministries.workbook.values import said, written
from nap_monitor.lib.tabular.looks import Looks
from nap_monitor.lib.tabular.writing import guard, new_workbook, on_paper, put, sheet_title, style_head, workbook_bytes

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

KEYS_ROW, HINTS_ROW, HEADS_ROW, FIRST_ROW = 1, 2, 3, 4
#: Empty rows that look like rows to be written into; those below them can be used as well, down to the last one here.
BLANK_ROWS, LAST_ROW = 30, 3_000
#: Characters of the hidden part in one cell.
PIECE = 30_000
WIDTHS = {Kind.PROSE: 48.0, Kind.LINE: 26.0, Kind.CHOICE: 18.0, Kind.FLAG: 11.0, Kind.FIGURE: 14.0, Kind.DATE: 14.0}
ABOUT_WIDTHS = {
    PLAN: 34.0,
    layout.STATE: 24.0,
    layout.GUIDANCE: 40.0,
    "indicator": 34.0,
    "unit": 9.0,
    "baseline": 12.0,
    "defined": 14.0,
}
#: Points of a line, and the most that a row is high: longer texts are read in the cell itself.
LINE_POINTS, MOST_POINTS = 15.0, 180.0


def workbook_for(book: BodyBook, user: "User", at: dt.datetime) -> bytes:
    """The workbook in the present language, as a file."""
    return Writer(book, user, at).made()


class Writer:
    """A workbook being written."""

    def __init__(self, book: BodyBook, user: "User", at: dt.datetime) -> None:
        self.book, self.at = book, at
        self.locks = {each.pk: locks.why_locked(each, user) for each in book.submissions}
        self.sheets = layout.sheets_for(book)
        body, year = book.body.name_in(book.round.year), book.round.year
        self.origin = Origin(layout.LAYOUT, book.round.plan.number, year, book.body.code, at.isoformat())
        self.origin.stands = {code: stand_of(each) for code, each in book.by_code.items()}
        title = _("%(body)s, submissions %(year)d") % {"body": body, "year": year}
        self.workbook: Workbook = new_workbook(title=title, by=str(body))
        self.looks = Looks(self.workbook, LOOKS)
        self.lists: dict[tuple[str, ...], str] = {}

    def made(self) -> bytes:
        """The whole of it."""
        guide.add(self.workbook, self.looks, self.book, self.sheets, self.at)
        hidden = [self.workbook.create_sheet(name) for name in (layout.LISTS, layout.ABOUT)]
        for sheet in self.sheets:
            self._sheet(sheet)
        self._seal(hidden[1])
        for each in hidden:
            # Behind all others, and not offered where hidden sheets are shown again.
            self.workbook.move_sheet(each, offset=len(self.workbook.worksheets))
            each.sheet_state = "veryHidden"
        return workbook_bytes(self.workbook, at=self.at)

    def _sheet(self, sheet: SheetLayout) -> None:
        made = self.workbook.create_sheet(sheet_title(sheet.title))
        self.origin.columns[sheet.key] = [each.key for each in sheet.columns]
        self.origin.rows[sheet.key] = {}
        self._heads(made, sheet)
        rows = rows_of(self.book, sheet)
        for number, row in enumerate(rows, start=FIRST_ROW):
            self._row(made, sheet, number, row)
        last = FIRST_ROW + len(rows) - 1
        if sheet.takes_rows:
            self._blank_rows(made, sheet, last + 1)
            last += BLANK_ROWS
        self._finish(made, sheet, last)

    def _heads(self, made: Worksheet, sheet: SheetLayout) -> None:
        """The keys (hidden), the hints and the heads; a column's width and what its empty cells are."""
        put(made.cell(KEYS_ROW, 1), SHEET_MARK + sheet.key)
        put(made.cell(HINTS_ROW, 1), HINT_ROW)
        put(made.cell(HEADS_ROW, 1), HEAD_ROW)
        made.column_dimensions["A"].hidden = True
        made.row_dimensions[KEYS_ROW].hidden = True
        for number, (key, label) in enumerate(sheet.about.items(), start=2):
            put(made.cell(KEYS_ROW, number), key)
            self.looks.give(made.cell(HINTS_ROW, number), "hint")
            style_head(made.cell(HEADS_ROW, number), str(label))
            made.column_dimensions[get_column_letter(number)].width = ABOUT_WIDTHS[key]
        for number, column in self._numbered(sheet):
            put(made.cell(KEYS_ROW, number), column.key)
            hint = made.cell(HINTS_ROW, number)
            self.looks.give(hint, "hint")
            put(hint, guide.hint(column))
            style_head(made.cell(HEADS_ROW, number), str(column.label))
            dimension = made.column_dimensions[get_column_letter(number)]
            dimension.width = WIDTHS[column.kind]
            if sheet.takes_rows:
                self.looks.give(dimension, self._look(column, is_open=True))
        if sheet.takes_rows:
            self.looks.give(made.column_dimensions["B"], "line")
        made.row_dimensions[HEADS_ROW].height = 32
        made.row_dimensions[HINTS_ROW].height = 46

    @staticmethod
    def _numbered(sheet: SheetLayout) -> list[tuple[int, Column]]:
        return list(enumerate(sheet.columns, start=2 + len(sheet.about)))

    def _row(self, made: Worksheet, sheet: SheetLayout, number: int, row: StoredRow) -> None:
        put(made.cell(number, 1), row.key)
        asked = self.book.guidance.get(row.submission.assignment.action_plan_id, "")
        given = {PLAN: plan_label(row.submission), layout.STATE: self._state(row), layout.GUIDANCE: asked}
        shown = {**given, **row.about}
        for at, key in enumerate(sheet.about, start=2):
            self._about(made.cell(number, at), shown[key])
        lines = max(_lines(str(shown[key] or ""), ABOUT_WIDTHS[key]) for key in sheet.about)
        is_open = self.locks[row.submission.pk] is None
        marks = []
        for at, column in self._numbered(sheet):
            cell = made.cell(number, at)
            self.looks.give(cell, self._look(column, is_open=is_open))
            value = row.values.get(column.key)
            try:
                content = written(column, value)
            except ValueError:
                self.looks.give(cell, self._look(column, is_open=False))
                put(cell, str(guide.LEFT_TO_FORM))
                marks.append(LEFT_TO_FORM)
                continue
            put(cell, content, "" if isinstance(content, (str, dt.date)) else PLAIN_DECIMALS)
            marks.append(mark(said(column, value)))
            if isinstance(content, str):
                lines = max(lines, _lines(content, WIDTHS[column.kind]))
        made.row_dimensions[number].height = min(MOST_POINTS, max(2, lines) * LINE_POINTS)
        self.origin.put(sheet.key, row.key, row.code, marks)

    def _about(self, cell: Any, value: Any) -> None:
        self.looks.give(cell, "about")
        if isinstance(value, Figure):
            value = shown_text(value.value) if value.value is not None else ""
        put(cell, str(value))

    def _state(self, row: StoredRow) -> str:
        lock = self.locks[row.submission.pk]
        label = str(row.submission.label.label)
        return f"{label}\n{lock}" if lock else label

    @staticmethod
    def _look(column: Column, *, is_open: bool) -> str:
        return column.kind.value if is_open else "locked"

    def _blank_rows(self, made: Worksheet, sheet: SheetLayout, first: int) -> None:
        for number in range(first, first + BLANK_ROWS):
            self.looks.give(made.cell(number, 2), "line")
            for at, column in self._numbered(sheet):
                self.looks.give(made.cell(number, at), self._look(column, is_open=True))

    def _finish(self, made: Worksheet, sheet: SheetLayout, last: int) -> None:
        """Lists, input hints, protection, and what stays in sight."""
        reach = LAST_ROW if sheet.takes_rows else max(last, FIRST_ROW)
        for at, column in self._numbered(sheet):
            letter = get_column_letter(at)
            offer(made, column, self._list(column), f"{letter}{FIRST_ROW}:{letter}{reach}")
            if column.kind is Kind.FIGURE:
                whole_numbers(made, f"{letter}{FIRST_ROW}", f"{letter}{FIRST_ROW}:{letter}{reach}")
        if sheet.takes_rows:
            mine = [plan_label(each) for each in self.book.submissions if self.locks[each.pk] is None]
            plans = Column(PLAN, sheet.about[PLAN], Kind.CHOICE, _("Choose the action plan of the new row."))
            offer(made, plans, self._reference(mine), f"B{FIRST_ROW}:B{reach}")
        # The action plan stays in sight, and of an indicator its name.
        stays = 3 if sheet.key == layout.INDICATORS else 2
        made.freeze_panes = f"{get_column_letter(stays + 1)}{FIRST_ROW}"
        width = get_column_letter(1 + len(sheet.about) + len(sheet.columns))
        made.auto_filter.ref = f"A{HEADS_ROW}:{width}{max(last, HEADS_ROW)}"
        made.print_title_cols = "B:B"
        on_paper(made, head_row=HEADS_ROW)
        guard(made)

    def _list(self, column: Column) -> str:
        return self._reference(list(column.choices.values())) if column.choices else ""

    def _reference(self, words: Sequence[str]) -> str:
        """Where a list of words stands on the hidden sheet; each list once."""
        known = tuple(words)
        if known and known not in self.lists:
            sheet, at = self.workbook[layout.LISTS], len(self.lists) + 1
            for number, text in enumerate(known, start=1):
                put(sheet.cell(number, at), text)
            letter = get_column_letter(at)
            self.lists[known] = f"{layout.LISTS}!${letter}$1:${letter}${len(known)}"
        return self.lists.get(known, "")

    def _seal(self, sheet: Worksheet) -> None:
        text = sealed(self.origin)
        for number, start in enumerate(range(0, len(text), PIECE), start=1):
            put(sheet.cell(number, 1), text[start : start + PIECE])
        guard(sheet)


def _lines(text: str, width: float) -> float:
    """How many lines a text takes in a column: Korean letters are twice as wide."""
    columns = max(1.0, width)
    return sum(max(1.0, -(-sum(1 + (ord(sign) > 0x1100) for sign in line) // columns)) for line in text.split("\n"))


def file_name(book: BodyBook, at: dt.datetime) -> str:
    """What the download is called."""
    names: Mapping[str, Any] = {
        "year": book.round.year,
        "body": book.body.name_in(book.round.year),
        "at": f"{at:%Y%m%d-%H%M}",
    }
    sample = _("sample") + "_" if book.round.is_sample or settings.SAMPLE_INSTALLATION else ""
    return _("%(sample)ssubmissions_%(year)d_%(body)s_%(at)s.xlsx") % {**names, "sample": sample}
