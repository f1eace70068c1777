"""Reading a workbook that was sent back: which sheet, row and cell is which, and everything that does not fit.

Sheets, columns and rows are found by their hidden keys, in whatever language the labels are and wherever they stand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import range_boundaries

from ministries.selectors.workbooks import BodyBook
from ministries.workbook import layout, marks
from ministries.workbook.layout import HEAD_ROW, HINT_ROW, PLAN, SHEET_MARK, SheetLayout
from ministries.workbook.values import is_blank
from nap_monitor.lib.files.kinds import XLSX, Unaccepted
from nap_monitor.lib.files.recognise import recognise
from nap_monitor.lib.tabular.cells import Cell, address
from nap_monitor.lib.tabular.reading import Sheet, read_workbook

#: How far down the row of keys is looked for, where somebody put rows above it; and the most rows of a sheet.
DEEPEST_KEYS, MOST_ROWS = 50, 10_000


@dataclass(frozen=True)
class Fault:
    """A bad cell (or a bad sheet): where, what stands there, why it cannot be taken."""

    sheet: str
    cell: str
    value: str
    why: str


@dataclass(frozen=True)
class SentRow:
    """A row as it was sent: its number, its key (empty for a new one), its cells by the key of their column."""

    number: int
    key: str
    cells: Mapping[str, Cell]


@dataclass
class SentSheet:
    """A sheet as it was sent, with the places of its columns."""

    layout: SheetLayout
    title: str
    places: Mapping[str, int]
    rows: list[SentRow] = field(default_factory=list)

    def fault(self, row: SentRow, column: str, why: str) -> Fault:
        """What is wrong with a cell."""
        cell = row.cells.get(column)
        at = address(row.number, self.places.get(column, 1))
        return Fault(self.title, at, cell.text if cell else "", why)


@dataclass
class Sent:
    """A workbook as it was sent: where it comes from, its sheets, what is wrong with it, and what is merely told."""

    origin: marks.Origin
    sheets: list[SentSheet] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def open_workbook(file: BinaryIO) -> list[Sheet]:
    """The sheets of a file. Raises ``Unaccepted`` with what to do for anything that is no clean workbook."""
    if recognise(file).kind is not XLSX:
        raise Unaccepted(_("This is no Excel workbook. Save it as “Excel workbook (*.xlsx)” and upload it again."))
    return read_workbook(file)


def origin_of(sheets: Iterable[Sheet], book: BodyBook) -> marks.Origin:
    """Where the workbook comes from. Raises ``Unaccepted`` where that is not this body, this year and this layout."""
    hidden = next((sheet for sheet in sheets if sheet.title.strip().casefold() == layout.ABOUT), None)
    if hidden is None:
        raise Unaccepted(
            _("This is not a workbook that was downloaded here. Download yours, fill it in and upload it.")
        )
    text = "".join(hidden.text(row, 1) for row in sorted(hidden.rows))
    try:
        origin = marks.unsealed(text)
    except signing.BadSignature as error:
        raise Unaccepted(
            _("The hidden part that says where the workbook comes from was changed. Download the workbook anew.")
        ) from error
    _check_origin(origin, book)
    return origin


def _check_origin(origin: marks.Origin, book: BodyBook) -> None:
    if origin.layout != layout.LAYOUT:
        raise Unaccepted(_("This workbook is of an earlier form of the report. Download it anew."))
    here = {"body": book.body.name_in(book.round.year), "year": book.round.year}
    if origin.body != book.body.code:
        raise Unaccepted(
            _("This is the workbook of another body (%(code)s). Here that of %(body)s is taken.")
            % {"code": origin.body, **here}
        )
    if (origin.plan, origin.year) != (book.round.plan.number, book.round.year):
        raise Unaccepted(
            _("This is the workbook of %(other)d (plan %(plan)d). Here that of %(year)d is taken.")
            % {"other": origin.year, "plan": origin.plan, **here}
        )


def read_sent(sheets: list[Sheet], origin: marks.Origin, layouts: list[SheetLayout]) -> Sent:
    """The rows of all sheets of the workbook, with what does not fit."""
    sent = Sent(origin)
    found: dict[str, tuple[Sheet, int, int]] = {}
    for sheet in sheets:
        placed = _keys_of(sheet)
        if placed is None:
            _note_foreign(sent, sheet)
        elif placed[0] in found:
            why = _("This sheet stands in the workbook twice. Delete the copy.")
            sent.faults.append(Fault(sheet.title, "", "", why))
        else:
            found[placed[0]] = (sheet, *placed[1:])
    for each in layouts:
        if each.key not in found:
            why = _("This sheet is missing. Download the workbook anew and copy what you filled in.")
            sent.faults.append(Fault(each.title, "", "", why))
            continue
        sheet, row, column = found[each.key]
        sent.sheets.append(_read_sheet(sent, each, sheet, row, column))
    return sent


def _keys_of(sheet: Sheet) -> tuple[str, int, int] | None:
    """The key of a sheet and the cell in which it stands; nothing for a sheet that is none of ours."""
    for number in sorted(sheet.rows)[:DEEPEST_KEYS]:
        for column, cell in sheet.rows[number].items():
            if isinstance(cell.value, str) and cell.value.startswith(SHEET_MARK):
                return cell.value.removeprefix(SHEET_MARK).strip(), number, column
    return None


def _note_foreign(sent: Sent, sheet: Sheet) -> None:
    """A sheet that somebody added is left alone, and that is said."""
    if sheet.rows and not sheet.is_hidden and sheet.title.casefold() not in (layout.ABOUT, layout.LISTS):
        sent.notes.append(_("The sheet “%(title)s” is none of the workbook and was not read.") % {"title": sheet.title})


def _read_sheet(sent: Sent, plan: SheetLayout, sheet: Sheet, keys_row: int, keys_column: int) -> SentSheet:
    places: dict[str, int] = {}
    for column, cell in sheet.rows[keys_row].items():
        key = cell.text.strip()
        if column == keys_column or not key:
            continue
        if key in places:
            why = _("This column stands in the sheet twice. Delete the copy.")
            sent.faults.append(Fault(sheet.title, address(keys_row, column), "", why))
        places.setdefault(key, column)
    found = SentSheet(plan, sheet.title, places)
    for each in (PLAN, *(each.key for each in plan.columns)):
        if each not in places:
            label = plan.about[each] if each == PLAN else plan.column(each).label
            why = _("The column “%(label)s” is missing. Download the workbook anew and copy what you filled in.")
            sent.faults.append(Fault(sheet.title, "", "", why % {"label": label}))
    _check_form(sent, found, sheet, keys_row)
    rows = list(_rows(found, sheet, keys_row, keys_column))
    if len(rows) > MOST_ROWS:
        raise Unaccepted(
            _("The sheet “%(title)s” holds too many rows: at most %(limit)d.")
            % {"title": sheet.title, "limit": MOST_ROWS}
        )
    found.rows = list(_once(sent, found, rows))
    return found


def _rows(found: SentSheet, sheet: Sheet, keys_row: int, keys_column: int) -> Iterator[SentRow]:
    """The rows in which anything stands that belongs to the workbook."""
    for number in sorted(sheet.rows):
        row = sheet.rows[number]
        key = row[keys_column].text.strip() if keys_column in row else ""
        if number <= keys_row or key in (HINT_ROW, HEAD_ROW):
            continue
        cells = {name: row[column] for name, column in found.places.items() if not is_blank(row.get(column))}
        if key or cells:
            yield SentRow(number, key, cells)


def _once(sent: Sent, found: SentSheet, rows: list[SentRow]) -> Iterator[SentRow]:
    """Each row once: a copy carries the hidden key of the row that it was made from."""
    seen: dict[str, int] = {}
    for row in rows:
        if row.key and row.key in seen:
            why = _("This row is a copy of row %(number)d. Delete it; what is new goes into an empty row.")
            sent.faults.append(found.fault(row, PLAN, why % {"number": seen[row.key]}))
            continue
        seen.setdefault(row.key, row.number)
        yield row


def _check_form(sent: Sent, found: SentSheet, sheet: Sheet, keys_row: int) -> None:
    """Merged cells, formulas anywhere, and text in columns that are none of the workbook's."""
    for merged in sheet.merged:
        _left, _top, _right, bottom = range_boundaries(merged)
        if bottom is not None and bottom > keys_row:
            sent.faults.append(Fault(sheet.title, merged, "", _("These cells are merged. Split them again.")))
    taken, foreign = set(found.places.values()), 0
    for number, row in sheet.rows.items():
        for column, cell in row.items():
            if cell.is_formula:
                why = _("This is a formula. Paste its value only.")
                sent.faults.append(Fault(sheet.title, cell.address, cell.text, why))
            elif number > keys_row and column not in taken and column > min(taken, default=0):
                foreign += 1
    if foreign:
        sent.notes.append(
            ngettext(
                "In the sheet “%(title)s” %(number)d cell beside the columns of the workbook was not read.",
                "In the sheet “%(title)s” %(number)d cells beside the columns of the workbook were not read.",
                foreign,
            )
            % {"title": sheet.title, "number": foreign}
        )
