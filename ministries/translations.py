"""Unofficial translations of what a submission says: which texts have one, and putting them beside a version's texts.

A translation stands in a text field of a version as ``translations: {language: {text, stale, author}}``. It belongs to
the words that it translates: written later, it still fits every version that has these words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.content_parts import Content, rows_in
from ministries.fields import FIELDS, STEPS, Kind, Text, in_section
from ministries.models import Activity, BudgetLine, Submission, Translation
from ministries.models.translation import mark_of_text

#: The texts of rows that are translated, by table.
OF_ROWS = {"activities": ("title", "description"), "budget": ("programme",)}
#: All that can be translated: fields, and "<table>.<field>" of rows.
TRANSLATABLE = (
    *(field.name for field in FIELDS if field.kind is Kind.PROSE),
    *(f"{table}.{name}" for table, names in OF_ROWS.items() for name in names),
)


@dataclass(frozen=True)
class Original:
    """A text of a submission that can be translated: its field (``<table>.<field>`` with the row's id), what it is
    called, the section in which it stands, and which row of its table it is, counted from 1."""

    field: str
    row: str
    label: Text
    section: str
    text: str
    number: int = 0


#: What the texts of rows are called.
ROW_LABELS: dict[str, Text] = {
    "activities.title": pgettext_lazy("activity", "Title"),
    "activities.description": _("Description"),
    "budget.programme": _("Programme"),
}


def originals_of(submission: Submission) -> list[Original]:
    """All texts of the working copy that can be translated, empty ones too, in the order of the form."""
    rows: dict[str, Iterable[Any]] = {
        "activities": submission.activities.all(),
        "budget": submission.budget_lines.all(),
    }
    found: list[Original] = []
    for section in (section for step in STEPS for section in step.sections):
        if section in OF_ROWS:
            found += _of_table(section, rows[section])
        else:
            found += [
                Original(each.name, "", each.label, section, str(getattr(submission, each.name)))
                for each in in_section(section)
                if each.kind is Kind.PROSE
            ]
    return found


def _of_table(table: str, rows: Iterable[Any]) -> Iterator[Original]:
    for number, row in enumerate(rows, start=1):
        for name in OF_ROWS[table]:
            field = f"{table}.{name}"
            yield Original(field, str(row.pk), ROW_LABELS[field], table, str(getattr(row, name)), number)


def texts_in(sections: Sequence[Content]) -> Iterator[str]:
    """The texts of a version that can be translated."""
    for section in sections:
        yield from (each["value"] or "" for each in section.get("fields", ()) if each["key"] in TRANSLATABLE)
    for table, names in OF_ROWS.items():
        for row in rows_in(sections, table):
            yield from (each["value"] or "" for each in row["fields"] if each["key"] in names)


class Translations:
    """The translations of one submission."""

    def __init__(self, rows: Iterable[Translation]) -> None:
        self._by_place: dict[tuple[str, str, str], Translation] = {}
        self._by_text: dict[tuple[str, str], dict[str, Translation]] = {}
        for row in rows:
            self._by_place[row.field, row.row, row.language] = row
            self._by_text.setdefault((row.field, row.source_sha), {})[row.language] = row

    @classmethod
    def of(cls, submission: Submission) -> "Translations":
        """Those of ``submission``, in one query; in none where they were prefetched, with their authors."""
        found = submission.translations.all()
        return cls(found if submission.was_read_with("translations") else found.select_related("author"))

    def at(self, field: str, row: str, language: str) -> Translation | None:
        """The translation of a field (of a row), stale or not."""
        return self._by_place.get((field, row, language))

    def fitting(self, field: str, text: str, row: str | None = None) -> Content:
        """By language, as a version keeps it: the translation of these very words, of whichever row.

        With ``row`` (empty for a field of the submission) also a stale one that was written in this place.
        """
        found = {key[2]: each for key, each in self._by_place.items() if key[:2] == (field, row)}
        found |= self._by_text.get((field, mark_of_text(text)), {})
        return {
            language: {"text": each.text, "stale": each.is_stale(text), "author": str(each.author)}
            for language, each in sorted(found.items())
        }

    def __bool__(self) -> bool:
        return bool(self._by_place)


def attach(sections: Sequence[Content], translations: Translations, ids: dict[str, list[str]] | None = None) -> None:
    """Put translations beside the texts of a version's sections.

    ``ids``: the ids of the rows of each table, in order, where the version is of the working copy as it is now; stale
    translations then stand in it too, marked. To an older version only those of its very words are added: what a body
    has translated since is of texts that the readers of the version may not know.
    """
    if not translations:
        return
    for section in sections:
        for field in section.get("fields", ()):
            if field["key"] in TRANSLATABLE:
                place = None if ids is None else ""
                _put(field, translations.fitting(field["key"], field["value"] or "", place))
    for table, names in OF_ROWS.items():
        for number, row in enumerate(rows_in(sections, table)):
            for field in row["fields"]:
                if field["key"] in names:
                    place = None if ids is None else ids[table][number]
                    _put(field, translations.fitting(f"{table}.{field['key']}", field["value"] or "", place))


def _put(field: Content, found: Content) -> None:
    """A stale one never takes the place of one that fits."""
    kept: dict[str, Any] = {code: each for code, each in field.get("translations", {}).items() if not each["stale"]}
    found = {**found, **{code: each for code, each in kept.items() if found.get(code, {"stale": True})["stale"]}}
    if field["value"] and found:
        field["translations"] = found


def row_ids(activities: Iterable[Activity], lines: Iterable[BudgetLine]) -> dict[str, list[str]]:
    """The ids of the rows that have translatable texts, in their order in a version."""
    return {"activities": [str(row.pk) for row in activities], "budget": [str(row.pk) for row in lines]}
