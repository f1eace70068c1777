"""What stands in a cell: text that is only text, numbers, days; how long it may be, and what is left out of it."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

Value = str | Decimal | int | dt.date | bool | None

#: The most that a cell holds, in units of UTF-16, as Excel counts.
LONGEST = 32_767
#: With such a sign before it, a program may take text for a formula or a command.
RISKY = ("=", "+", "-", "@", "\t", "\r")

# What XML cannot hold; and what Excel writes for it, which must stand for itself where somebody typed it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINE_BREAKS = re.compile(r"\r\n?")


def writable(text: str) -> str:
    """The text as a cell can hold it: line breaks as one character, without what XML cannot hold."""
    return _UNWRITABLE.sub("", _LINE_BREAKS.sub("\n", text))


def fits(text: str) -> bool:
    """Whether the text is short enough for a cell."""
    return len(escaped(writable(text)).encode("utf-16-le")) // 2 <= LONGEST


def is_risky(text: str) -> bool:
    """Whether a program might take the text for a formula."""
    return text.startswith(RISKY)


def escaped(text: str) -> str:
    """The text as it stands in the file: what looks like an escape of the format is escaped itself."""
    return _ESCAPE.sub("_x005F_", text)


def unescaped(text: str) -> str:
    """The text that stands in the file, as somebody reads it; an escaped sign that no text may hold is left out."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _UNWRITABLE.sub("", chr(int(found[1], 16))), text)


def address(row: int, column: int) -> str:
    """The name of a cell, counted from one: C7."""
    return f"{get_column_letter(column)}{row}"


@dataclass(frozen=True)
class Cell:
    """A cell as it was read. ``value`` of a formula or an error is what the file says of it, as text.

    ``is_percent``: a number that is shown in per cent; the value is the number itself (0.85 for 85 %).
    """

    row: int
    column: int
    value: str | Decimal | dt.date | dt.time | bool
    is_formula: bool = False
    is_error: bool = False
    is_percent: bool = False

    @property
    def address(self) -> str:
        """Its name: C7."""
        return address(self.row, self.column)

    @property
    def text(self) -> str:
        """What somebody sees in it, in plain signs: 85%, 2022-01-31, 1234.5."""
        value = self.value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal):
            return f"{plain_number(value * 100)}%" if self.is_percent else plain_number(value)
        if isinstance(value, (dt.date, dt.time)):
            return value.isoformat()
        return value


def plain_number(value: Decimal) -> str:
    """A number without exponent and idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
