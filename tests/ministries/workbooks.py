"""Workbooks in tests: downloaded as a person of the body would, changed with openpyxl, sent back."""

import io
from typing import Any

import openpyxl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ministries.models import ImplementingBody, Round
from ministries.selectors.workbooks import body_book
from ministries.workbook.download import FIRST_ROW, KEYS_ROW, workbook_for
from ministries.workbook.dry_run import dry_run
from ministries.workbook.findings import DryRun
from ministries.workbook.layout import SHEET_MARK
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.tabular.cells import escaped


class Book:
    """A downloaded workbook. ``book["narrative", "1.1.1", "results"] = …`` writes into the cell of a row and column;
    a number instead of a row's key is the row's number on its sheet."""

    def __init__(self, round: Round, body: ImplementingBody, user: User, data: bytes = b"") -> None:
        self.round, self.body, self.user = round, body, user
        self.original = data or workbook_for(body_book(round, body), user, clock.now())
        self.workbook: Workbook = openpyxl.load_workbook(io.BytesIO(self.original))

    def sheet(self, key: str) -> Worksheet:
        return next(sheet for sheet in self.workbook if any(c.value == SHEET_MARK + key for c in sheet[KEYS_ROW]))

    def column(self, sheet: str, key: str) -> int:
        return next(cell.column for cell in self.sheet(sheet)[KEYS_ROW] if cell.value == key)

    def row(self, sheet: str, key: Any) -> int:
        if isinstance(key, int):
            return key
        return next(c.row for c in self.sheet(sheet)["A"] if c.value == str(key) and c.row >= FIRST_ROW)

    def new_row(self, sheet: str) -> int:
        """The number of the first empty row."""
        return max(cell.row for cell in self.sheet(sheet)["A"] if cell.value) + 1

    def cell(self, sheet: str, row: Any, column: str) -> Any:
        return self.sheet(sheet).cell(self.row(sheet, row), self.column(sheet, column))

    def __getitem__(self, place: tuple[str, Any, str]) -> Any:
        return self.cell(*place).value

    def __setitem__(self, place: tuple[str, Any, str], value: Any) -> None:
        cell = self.cell(*place)
        # As Excel writes what somebody types: text is text.
        cell.value = escaped(value) if isinstance(value, str) else value
        if isinstance(value, str) and value.startswith("="):
            cell.data_type = "s"

    @property
    def data(self) -> bytes:
        """The file as it is now."""
        made = io.BytesIO()
        self.workbook.save(made)
        return made.getvalue()

    def run(self, data: bytes | None = None, choices: dict[str, str] | None = None, by: User | None = None) -> DryRun:
        """The dry run of the file as it is now (or of ``data``)."""
        book = body_book(self.round, self.body)
        return dry_run(book, self.data if data is None else data, by or self.user, choices)


def faults(run: DryRun) -> list[tuple[str, str]]:
    """Where something cannot be taken, and why."""
    return [(fault.cell, fault.why) for fault in run.faults]


def changes(run: DryRun) -> list[tuple[str, str, str]]:
    """What would change: the label, before, after."""
    return [(item.label, item.before, item.after) for group in run.groups for item in group.items]
