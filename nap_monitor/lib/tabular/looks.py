"""How cells look: made once for a workbook and given to many cells, since making each anew takes most of the time."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection


@dataclass(frozen=True)
class Look:
    """The look of a cell, and whether it is locked where its sheet is protected."""

    font: Font
    alignment: Alignment
    fill: PatternFill | None = None
    border: Border | None = None
    is_locked: bool = True
    number_format: str = ""


class Looks:
    """The looks of one workbook by name."""

    def __init__(self, workbook: Workbook, looks: dict[str, Look]) -> None:
        sheet = workbook.create_sheet()
        self._styles: dict[str, Any] = {}
        for row, (name, look) in enumerate(looks.items(), start=1):
            self._styles[name] = copy(_dressed(sheet.cell(row, 1), look)._style)
        workbook.remove(sheet)

    def give(self, target: Any, name: str) -> None:
        """Let a cell, or all cells of a column that have no look of their own, look like this."""
        target._style = copy(self._styles[name])


def _dressed(cell: Any, look: Look) -> Any:
    cell.font, cell.alignment = look.font, look.alignment
    cell.protection = Protection(locked=look.is_locked)
    if look.fill:
        cell.fill = look.fill
    if look.border:
        cell.border = look.border
    if look.number_format:
        cell.number_format = look.number_format
    return cell
