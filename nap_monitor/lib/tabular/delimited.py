"""Writing tables as CSV that Excel opens in the right letters, and that it takes for data alone."""

import csv
import datetime as dt
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
    written = StringIO(newline="")
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow([_text(column.label) for column in table.columns])
    rows.writerows([_text(value) for value in row] for row in table.rows)
    return (MARK + written.getvalue()).encode()


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
