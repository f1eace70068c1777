"""A sheet as it is read: each cell with what is in it."""

import datetime as dt
import re
from decimal import Decimal
from math import isfinite

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from nap_monitor.lib.files.kinds import Unaccepted
from nap_monitor.lib.tabular.cells import Cell, unescaped
from nap_monitor.lib.tabular.parts import Attributes, Styles, TextPart

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
#: The day that is counted as zero, and how much later it is where counting begins in 1904; the last day that counts.
_ZERO, _FROM_1904, _LAST = dt.datetime(1899, 12, 30), 1462, 2_958_465
#: How LibreOffice writes the plain values true and false.
FLAGS = ("TRUE()", "FALSE()")
#: Digits of a number that a workbook keeps; what stands behind them is noise of the machine's own arithmetic.
DIGITS = 15


class SheetPart(TextPart):
    """The cells of a sheet that hold anything, at most ``most`` of them; and which ones were merged."""

    def __init__(self, texts: list[str], styles: Styles, *, is_1904: bool, most: int) -> None:
        super().__init__()
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merged: list[str] = []
        self.left, self._most = most, most
        self._texts, self._styles, self._shift = texts, styles, _FROM_1904 if is_1904 else 0
        self._in_data = self._in_value = self._in_formula = self._is_formula = False
        self._row = self._column = 0
        self._cell: Attributes = {}
        self._value: list[str] = []
        self._formula: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "mergeCell":
            self.merged.append(attributes["ref"])
        elif name == "sheetData":
            self._in_data = True
        elif not self._in_data:
            return
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif name == "c":
            self._begin(attributes)
        elif name == "v":
            self._in_value = True
        elif name == "f":
            self._in_formula = self._is_formula = True
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "sheetData":
            self._in_data = False
        elif name == "v":
            self._in_value = False
        elif name == "f":
            self._in_formula = False
        elif name == "c" and self._in_data:
            self._finish()
        else:
            super().end(name)

    def text(self, text: str) -> None:
        if self._in_value:
            self._value.append(text)
        elif self._in_formula:
            self._formula.append(text)
        else:
            super().text(text)

    def _begin(self, attributes: Attributes) -> None:
        self._cell, self._is_formula = attributes, False
        for gathered in (self._value, self._formula, self.pieces):
            gathered.clear()
        if named := attributes.get("r"):
            found = _ADDRESS.fullmatch(named)
            if found is None:
                raise ValueError(f"{named!r} is no address of a cell")
            self._row, self._column = int(found[2]), column_index_from_string(found[1])
        else:
            self._column += 1
        if not (1 <= self._row <= MOST_ROWS and 1 <= self._column <= MOST_COLUMNS):
            raise ValueError("a cell lies outside the sheet")

    def _finish(self) -> None:
        cell = self._read()
        if cell is None:
            return
        if not self.left:
            raise Unaccepted(_("The workbook holds too many cells: at most %(limit)d.") % {"limit": self._most})
        self.left -= 1
        self.rows.setdefault(cell.row, {})[cell.column] = cell

    def _read(self) -> Cell | None:
        """The cell that ends here; nothing for an empty one."""
        kind, said = self._cell.get("t", "n"), "".join(self._value)
        place = (self._row, self._column)
        if kind == "inlineStr":
            said = self.take()
        elif kind == "s":
            said = self._texts[int(said)] if said else ""
        elif kind == "str":
            said = unescaped(said)
        if self._is_formula and not (kind == "b" and "".join(self._formula) in FLAGS):
            return Cell(*place, said, is_formula=True)
        if not said:
            return None
        if kind == "e":
            return Cell(*place, said, is_error=True)
        if kind == "b":
            return Cell(*place, said == "1")
        if kind == "d":
            return Cell(*place, _moment(dt.datetime.fromisoformat(said)))
        if kind == "n":
            return self._number(said)
        return Cell(*place, said)

    def _number(self, said: str) -> Cell:
        number, style = float(said), int(self._cell.get("s", "0"))
        if not isfinite(number):
            return Cell(self._row, self._column, said, is_error=True)
        if self._styles.is_day(style) and 0 <= number + self._shift <= _LAST:
            seconds = round((number + self._shift) * 86_400)
            return Cell(self._row, self._column, _moment(_ZERO + dt.timedelta(seconds=seconds)))
        value = Decimal(f"{number:.{DIGITS}g}")
        return Cell(self._row, self._column, value, is_percent=self._styles.is_percent(style))


def _moment(moment: dt.datetime) -> dt.date | dt.time:
    """A day where it is midnight, a time where it has no day, else both."""
    if moment.date() == _ZERO.date():
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment
