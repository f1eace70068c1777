"""What differs between two versions of a submission, field by field. Reads contents alone, of any schema."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ministries.content_parts import Content, fields_in, rows_in
from ministries.fields import BY_NAME, TABLES
from nap_monitor.lib.localized import LocalizedText

#: What a body does not write in a row: computed from other fields, or part of an indicator's definition.
NOT_WRITTEN = ("participants", "achievement_rate", "execution_rate", "baseline", "direction", "computation")
#: The tables whose rows have no key of their own but their place, which moves when a row comes or goes before it.
PLACED = ("activities", "budget")
#: Rows of which less than this part of the words is the same are two rows.
ALIKE = 0.5
#: As many rows that have lost their name are held against each other (the product); of more each keeps its place.
MOST_PAIRS = 2_500


@dataclass(frozen=True)
class Difference:
    """A field that says something else. ``name`` is the field, or the table with the row's key and the column in it;
    ``column`` is empty where a row came or went. ``before`` and ``after`` are the fields (or rows), or nothing.
    ``called`` is the row's name in the active language, as it is now."""

    name: str
    row: str
    column: str
    before: Content | None
    after: Content | None
    called: str = ""


def differences(before: Sequence[Content], after: Sequence[Content]) -> list[Difference]:
    """All that differs from ``before`` to ``after``, in the order of the form. Rows are matched by
    :func:`matched_rows`."""
    old, new = fields_in(before), fields_in(after)
    found = [
        Difference(name, "", "", old.get(name), new.get(name))
        for name in BY_NAME
        if says(old.get(name)) != says(new.get(name))
    ]
    for table in TABLES:
        found += _own_fields(old, new) if table == "body_fields" else _rows(table, before, after)
    return found


def changed_names(before: Sequence[Content], after: Sequence[Content]) -> list[str]:
    """The names of the fields and tables in which anything differs, each once."""
    return list(dict.fromkeys(each.name for each in differences(before, after)))


def says(field: Content | None) -> tuple[str | None, str]:
    """What a field says (value and state), whatever it is called; a field that a schema did not have says nothing."""
    return (None, "") if field is None else (field["value"], field["state"])


def _own_fields(old: dict[str, Content], new: dict[str, Content]) -> list[Difference]:
    keys = dict.fromkeys(key for key in (*old, *new) if key.startswith("own."))
    return [
        Difference("body_fields", key, "value", old.get(key), new.get(key))
        for key in keys
        if says(old.get(key)) != says(new.get(key))
    ]


def _rows(table: str, before: Iterable[Content], after: Iterable[Content]) -> list[Difference]:
    found = []
    for old, new in matched_rows(table, before, after):
        row = new or old or {}
        if old and new:
            found += _columns(table, row["key"], old, new)
        else:
            found.append(Difference(table, row["key"], "", old, new, called(row)))
    return found


def matched_rows(
    table: str, before: Iterable[Content], after: Iterable[Content]
) -> list[tuple[Content | None, Content | None]]:
    """The rows of a table of both contents that belong together, in the order of ``after``; what is gone comes last.

    By their key: an indicator's code, a file's id. An activity or a budget line has only its place for a key: it is
    matched by its name, else with the row that says most of the same words.
    """
    old, new = rows_in(before, table), rows_in(after, table)
    key = called if table in PLACED else _key
    named: dict[str, list[Content]] = {}
    for each in old:
        named.setdefault(key(each), []).append(each)
    pairs = [(named[key(each)].pop(0) if named.get(key(each)) else None, each) for each in new]
    gone = [each for rows in named.values() for each in rows]
    gone.sort(key=old.index)
    if table in PLACED:
        pairs = [(known or _like(each, gone, len(new)), each) for known, each in pairs]
    return [*pairs, *((each, None) for each in gone)]


def _key(row: Content) -> str:
    return str(row["key"])


def _like(row: Content, gone: list[Content], many: int) -> Content | None:
    """That of the rows ``gone`` which says most of what ``row`` says; it is taken out of them."""
    if len(gone) * many > MOST_PAIRS:
        found = next((each for each in gone if each["key"] == row["key"]), None)
    else:
        alike = {id(each): _alike(each, row) for each in gone}
        found = max(gone, key=lambda each: alike[id(each)], default=None)
        found = found if found is not None and alike[id(found)] >= ALIKE else None
    if found is not None:
        gone.remove(found)
    return found


def _alike(one: Content, other: Content) -> float:
    """Which part of their words two rows have in common, from 0 to 1."""
    counts = [Counter(word for each in row["fields"] for word in (each["value"] or "").split()) for row in (one, other)]
    total = counts[0].total() + counts[1].total()
    return 2 * (counts[0] & counts[1]).total() / total if total else 1.0


def called(row: Content) -> str:
    """The name of a row in the active language: its own, else what its first text says, else its key."""
    named = str(LocalizedText(row["label"]))
    texts = (each["value"] for each in row["fields"] if each["kind"] == "text" and each["value"])
    return named or next(texts, "") or str(row["key"])


def _columns(table: str, key: str, old: Content, new: Content) -> list[Difference]:
    columns = [{each["key"]: each for each in row["fields"] if each["key"] not in NOT_WRITTEN} for row in (old, new)]
    return [
        Difference(table, key, name, columns[0].get(name), columns[1].get(name), called(new))
        for name in dict.fromkeys((*columns[0], *columns[1]))
        if says(columns[0].get(name)) != says(columns[1].get(name))
    ]
