"""The buttons that put what was written last year into the form: it is sent, and comes back with that, unsaved."""

from collections.abc import Collection, Mapping, Sequence

from django.http import QueryDict

#: The button carries the field's name, or that of the table.
TAKE = "take"


def with_last_year(data: QueryDict, texts: Mapping[str, str], lines: Collection[str] = ()) -> tuple[QueryDict, str]:
    """What was posted, with last year's text in the field whose button was pressed, and the name of that field.

    It comes below what is there (behind it, in fields of one line: ``lines``), so that nothing is lost. ``texts`` are
    those that may be taken, by field; for any other name nothing happens.
    """
    name = str(data.get(TAKE, ""))
    before = texts.get(name, "")
    if not before:
        return data, ""
    changed, typed = data.copy(), str(data.get(name, "")).rstrip()
    apart = " " if name in lines else "\n\n"
    changed[name] = before if typed.strip() in ("", before.strip()) else f"{typed}{apart}{before}"
    return changed, name


def with_rows(data: QueryDict, prefix: str, rows: Sequence[Mapping[str, str]], about: str, most: int) -> QueryDict:
    """What was posted, with rows of last year behind those of a form set, as new ones.

    A row that is there already is left out: ``about`` is the column by which it is known. Never more than ``most``.
    """
    changed, total = data.copy(), f"{prefix}-TOTAL_FORMS"
    count = str(data.get(total, ""))
    number = int(count) if count.isascii() and count.isdecimal() else 0
    there = {str(data.get(f"{prefix}-{place}-{about}", "")).strip() for place in range(min(number, most))}
    for row in rows:
        if row[about].strip() in there or number >= most:
            continue
        changed.update({f"{prefix}-{number}-{name}": value for name, value in row.items() if value})
        number += 1
    changed[total] = str(number)
    return changed
