"""The dress of the workbook's sheets: how cells look, what they offer while one types, what is locked."""

from django.utils.translation import gettext as _
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ministries.workbook.guide import prompt
from ministries.workbook.layout import REMOVE, Column, Kind
from nap_monitor.lib.tabular.looks import Look
from nap_monitor.lib.tabular.writing import BODY_FONT, DAY_FORMAT, FRAME, TEXT_FORMAT, font

_TOP = Alignment(vertical="top", wrap_text=True)
_RIGHT = Alignment(vertical="top", horizontal="right")
_TO_FILL = PatternFill("solid", fgColor="FFFDF0")
_LOCKED = PatternFill("solid", fgColor="EDEFF2")
_NOTE = font(color="5C6673", size=9)
#: How numbers are shown: with thousands apart and up to three places; whole ones without a point.
PLAIN_DECIMALS, WHOLE = "#,##0.0##", "#,##0"
_WHOLE_ID = 3

LOOKS = {
    "title": Look(font(size=16, bold=True), Alignment(vertical="center")),
    "heading": Look(font(size=12, bold=True), Alignment(vertical="bottom")),
    "para": Look(BODY_FONT, _TOP),
    "hint": Look(_NOTE, _TOP),
    "about": Look(BODY_FONT, _TOP, _LOCKED, FRAME, number_format=TEXT_FORMAT),
    "locked": Look(font(color="5C6673"), _TOP, _LOCKED, FRAME, number_format=TEXT_FORMAT),
    **{
        kind.value: Look(BODY_FONT, alignment, _TO_FILL, FRAME, is_locked=False, number_format=number_format)
        for kind, alignment, number_format in (
            (Kind.PROSE, _TOP, TEXT_FORMAT),
            (Kind.LINE, _TOP, TEXT_FORMAT),
            (Kind.CHOICE, _TOP, "General"),
            (Kind.FLAG, _TOP, "General"),
            (Kind.FIGURE, _RIGHT, PLAIN_DECIMALS),
            (Kind.DATE, _RIGHT, DAY_FORMAT),
        )
    },
}
#: What Excel takes as title and text of a note beside a cell.
LONGEST_TITLE, LONGEST_NOTE = 32, 255


def offer(sheet: Worksheet, column: Column, words: str, cells: str) -> None:
    """A list to choose from (``words``: where it stands) and a note beside the cell that is being filled in.

    A figure may be another thing than the words of its list; too long a text is told while it is typed.
    """
    note = prompt(column)
    if words:
        rule = DataValidation(type="list", formula1=words, allow_blank=True)
        rule.showErrorMessage = column.kind is not Kind.FIGURE
        rule.errorTitle = str(column.label)[:LONGEST_TITLE]
        rule.error = _("Choose from the list.")
    elif column.most:
        rule = DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=str(column.most), allow_blank=True
        )
        rule.showErrorMessage, rule.errorStyle = True, "warning"
        rule.error = _("At most %(limit)s characters.") % {"limit": column.most}
    elif note:
        rule = DataValidation(allow_blank=True)
    else:
        return
    if note and column.key != REMOVE:
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = str(column.label)[:LONGEST_TITLE], note[:LONGEST_NOTE]
    rule.add(cells)
    sheet.add_data_validation(rule)


def whole_numbers(sheet: Worksheet, first: str, cells: str) -> None:
    """Show whole numbers without a decimal point."""
    look = DifferentialStyle(numFmt=NumberFormat(numFmtId=_WHOLE_ID, formatCode=WHOLE))
    sheet.conditional_formatting.add(cells, Rule(type="expression", dxf=look, formula=[f"INT({first})={first}"]))
