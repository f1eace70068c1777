"""The dry run: what of a workbook cannot be taken, what it would change, and where somebody else was faster.

A value that is still the downloaded one is no change, whatever is stored by now. One that was changed in the workbook
is written where the stored value is still the downloaded one; else both are shown, and a person chooses.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from ministries.selectors.workbooks import BodyBook
from ministries.workbook import layout
from ministries.workbook.compare_given import compare_given
from ministries.workbook.compare_table import compare_table
from ministries.workbook.findings import Comparing, DryRun
from ministries.workbook.reading import Fault, Sent, open_workbook, origin_of, read_sent

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User


def dry_run(book: BodyBook, content: bytes, user: "User", choices: Mapping[str, str] | None = None) -> DryRun:
    """What the workbook would do now. ``choices``: by the names of values in conflict, what was chosen for them.

    Raises ``Unaccepted`` with the reason where the file as a whole cannot be taken. Takes no more queries for more
    rows: ``book`` was read with all of them.
    """
    sent = examine(book, content)
    comparing = Comparing(book, sent, user, choices or {})
    for sheet in sent.sheets:
        compare = compare_table if sheet.layout.takes_rows else compare_given
        compare(comparing, sheet)
    comparing.name_others()
    return DryRun(
        faults=_in_order(sent, comparing.faults),
        notes=comparing.notes,
        groups=[group for group in comparing.groups.values() if group.items or group.clashes],
        saves=[save for save in comparing.saves.values() if not save.is_empty],
    )


def examine(book: BodyBook, content: bytes) -> Sent:
    """The workbook as it was sent. Raises ``Unaccepted`` where the file as a whole cannot be taken."""
    sheets = open_workbook(BytesIO(content))
    return read_sent(sheets, origin_of(sheets, book), layout.sheets_for(book))


def _in_order(sent: Sent, faults: list[Fault]) -> list[Fault]:
    """Sheet by sheet, from the top to the bottom; what is about a sheet as a whole first."""
    titles = {sheet.title: number for number, sheet in enumerate(sent.sheets)}

    def place(fault: Fault) -> tuple[int, int, int]:
        letters, row = coordinate_from_string(fault.cell.partition(":")[0]) if fault.cell else ("A", 0)
        return titles.get(fault.sheet, -1), row, column_index_from_string(letters)

    return sorted(dict.fromkeys(faults), key=place)
