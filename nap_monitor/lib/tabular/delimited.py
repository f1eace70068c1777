"""Writing tables as CSV that Excel opens in the right letters, and that it takes for data alone."""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import StringIO

from nap_monitor.lib.tabular.cells import Value, is_risky, plain_number, writable
from nap_monitor.lib.tabular.writing import Table

#: Tells Excel that the letters are UTF-8.
MARK = "\ufeff"


def csv_bytes(table: Table) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8 with its mark.

    Text that a program would take for a formula has an apostrophe before it: a file of text has no other way to say
    that it is none. Numbers are left as they are, negative ones too.
    """
    return b"".join(csv_lines(table))


def csv_lines(table: Table) -> Iterator[bytes]:
    """The same row by row, for a table that is too long to be held: of each row only itself is kept."""
    yield (MARK + _line([column.label for column in table.columns])).encode()
    for row in table.rows:
        yield _line(row).encode()


def _line(values: Sequence[Value]) -> str:
    written = StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow([_text(value) for value in values])
    return written.getvalue()


def _text(value: Value) -> str:
    if isinstance(value, str):
        text = writable(value)
        return f"'{text}" if is_risky(text) else text
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return plain_number(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
