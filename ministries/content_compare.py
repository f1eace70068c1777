"""What differs between two versions of a submission, field by field. Reads contents alone, of any schema."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ministries.content_parts import Content, fields_in, rows_in
from ministries.fields import BY_NAME, TABLES
from nap_monitor.lib.localized import LocalizedText

#: What a body does not write in a row: computed from other fields, or part of an indicator's definition.
NOT_WRITTEN = ("participants", "achievement_rate", "execution_rate", "baseline", "direction", "computation")


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
    """All that differs from ``before`` to ``after``, in the order of the form. Rows are matched by their key: an
    indicator's code, a file's id, the place of an activity or a budget line."""
    old, new = fields_in(before), fields_in(after)
    found = [
        Difference(name, "", "", old.get(name), new.get(name))
        for name in BY_NAME
        if _said(old.get(name)) != _said(new.get(name))
    ]
    for table in TABLES:
        found += _own_fields(old, new) if table == "body_fields" else _rows(table, before, after)
    return found


def changed_names(before: Sequence[Content], after: Sequence[Content]) -> list[str]:
    """The names of the fields and tables in which anything differs, each once."""
    return list(dict.fromkeys(each.name for each in differences(before, after)))


def _said(field: Content | None) -> tuple[str | None, str]:
    """What a field says, whatever it is called; a field that a schema did not have says nothing."""
    return (None, "") if field is None else (field["value"], field["state"])


def _own_fields(old: dict[str, Content], new: dict[str, Content]) -> list[Difference]:
    keys = dict.fromkeys(key for key in (*old, *new) if key.startswith("own."))
    return [
        Difference("body_fields", key, "value", old.get(key), new.get(key))
        for key in keys
        if _said(old.get(key)) != _said(new.get(key))
    ]


def _rows(table: str, before: Iterable[Content], after: Iterable[Content]) -> list[Difference]:
    old = {row["key"]: row for row in rows_in(before, table)}
    new = {row["key"]: row for row in rows_in(after, table)}
    found = []
    for key in dict.fromkeys((*old, *new)):
        if key in old and key in new:
            found += _columns(table, key, old[key], new[key])
        else:
            found.append(Difference(table, key, "", old.get(key), new.get(key), _called(new.get(key) or old[key])))
    return found


def _called(row: Content) -> str:
    """The name of a row: its own, else what its first text says."""
    named = str(LocalizedText(row["label"]))
    texts = (each["value"] for each in row["fields"] if each["kind"] == "text" and each["value"])
    return named or next(texts, "") or str(row["key"])


def _columns(table: str, key: str, old: Content, new: Content) -> list[Difference]:
    columns = [{each["key"]: each for each in row["fields"] if each["key"] not in NOT_WRITTEN} for row in (old, new)]
    return [
        Difference(table, key, name, columns[0].get(name), columns[1].get(name), _called(new))
        for name in dict.fromkeys((*columns[0], *columns[1]))
        if _said(columns[0].get(name)) != _said(columns[1].get(name))
    ]
