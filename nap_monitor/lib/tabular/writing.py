"""Writing workbooks: cells that are data and nothing else, heads that stay, the same bytes for the same content."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from nap_monitor.lib.packages import repacked, utc
from nap_monitor.lib.tabular.cells import LONGEST, Value, escaped, fits, is_risky, writable

#: What a cell is written as: text stays text whatever is typed over it, a day is a day.
TEXT_FORMAT = "@"
DAY_FORMAT = "yyyy-mm-dd"
LONGEST_TITLE = 31
#: Characters that a printed page can be wide and still be read.
PAGE_WIDTH = 230
_FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


def font(**how: Any) -> Font:
    """The font of workbooks: the one that Korean offices have."""
    return Font(**{"name": "맑은 고딕", "size": 10, **how})


HEAD_FONT, BODY_FONT = font(bold=True), font()
HEAD_FILL = PatternFill("solid", fgColor="E6ECF5")
_LINE = Side(style="thin", color="B8C0CC")
FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(frozen=True)
class Column:
    """A column of a table: what stands above it, how wide it is in characters, how its numbers are shown."""

    label: str
    width: float = 16
    number_format: str = ""


@dataclass(frozen=True)
class Table:
    """A table to be written: its title (of a sheet, of a file), its columns, and rows of as many values."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def put(cell: Any, value: Value, number_format: str = "") -> None:
    """Write a value into a cell: numbers as numbers, days as days, and text as text whatever it begins with.

    Raises ``ValueError`` for a text that is longer than a cell holds: it would be cut.
    """
    if isinstance(value, str):
        text = escaped(writable(value))
        if not fits(value):
            raise ValueError(f"A cell holds at most {LONGEST} characters.")
        cell.value = text or None
        if text:
            cell.data_type = "s"
            cell.quotePrefix = is_risky(text)
        cell.number_format = number_format or TEXT_FORMAT
        return
    cell.value = value
    if number_format:
        cell.number_format = number_format
    elif isinstance(value, dt.date):
        cell.number_format = DAY_FORMAT
    elif isinstance(value, Decimal):
        cell.number_format = decimal_format(value)


def decimal_format(value: Decimal) -> str:
    """How a decimal is shown: with thousands apart, and as many places as it has."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return "#,##0" + (f".{'0' * places}" if places else "")


def sheet_title(text: str) -> str:
    """A text as the title of a sheet: without signs that a title may not have, and not too long."""
    return _FORBIDDEN_IN_TITLES.sub(" ", text).strip().strip("'")[:LONGEST_TITLE].strip()


def add_table(workbook: Workbook, table: Table) -> Worksheet:
    """Add a sheet with a table: its head stays in sight and on each printed page, its rows can be filtered."""
    sheet: Worksheet = workbook.create_sheet(sheet_title(table.title))
    for number, column in enumerate(table.columns, start=1):
        style_head(sheet.cell(1, number), column.label)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    last = 1
    for last, row in enumerate(table.rows, start=2):
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True), start=1):
            cell = sheet.cell(last, number)
            put(cell, value, column.number_format)
            cell.font = BODY_FONT
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{last}"
    on_paper(sheet, head_row=1)
    return sheet


def style_head(cell: Any, label: str) -> None:
    """A cell of a table's head."""
    put(cell, label)
    cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, FRAME
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def on_paper(sheet: Worksheet, head_row: int = 0) -> None:
    """Print so that it can be read: as many pages beside each other as it is wide, with the head on each of them."""
    sheet.page_setup.orientation = "landscape" if head_row else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    width = sum(each.width for each in sheet.column_dimensions.values() if each.customWidth and not each.hidden)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = max(1, -(-int(width) // PAGE_WIDTH)), 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if head_row:
        sheet.print_title_rows = f"{head_row}:{head_row}"


def guard(sheet: Worksheet) -> None:
    """Lock what is not to be filled in, without a password: it keeps from slips, the reading keeps from the rest.

    Filtering, sorting and making rows and columns wider stay possible.
    """
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False
    protection.autoFilter = protection.sort = False


def new_workbook(*, title: str, by: str) -> Workbook:
    """A workbook without a sheet; ``title`` and ``by`` stand in its properties."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.title, workbook.properties.creator = title, by
    return workbook


def workbook_bytes(workbook: Workbook, *, at: dt.datetime) -> bytes:
    """The workbook as a file that says it was made ``at`` this moment: the same content gives the same bytes."""
    moment = utc(at)
    workbook.properties.created = moment
    saved = BytesIO()
    workbook.save(saved)

    def change(name: str, content: bytes) -> bytes:
        if name != "docProps/core.xml":
            return content
        # The library writes the time of saving, whatever it was told.
        return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{moment:%FT%TZ}".encode(), content)

    return repacked(saved.getvalue(), at=at, change=change)
