"""From the content of an attachment to an approval to what its pages print, in one language.

Reads the content alone: no database, no clock. Every field of every section is printed, also one that is not known
here: what has no column of its own in a table stands beneath its row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from ministries.content_parts import fields_in
from ministries.enums import FigureState
from nap_monitor.lib.pdf import count_unprintable
from reports.selectors.approval import DRAFT, SIGNED_OFF
from reports.selectors.counts import share
from reports.words import NOTHING, Line, Words, lines

Content = dict[str, Any]

HASH_SHOWN = 12
#: Which fields of a table's rows have a column; the first is the head of the row, where the row has no label.
COLUMNS: dict[str, tuple[str, ...]] = {
    "activities": ("title", "kind", "date", "place", "women", "men", "participants"),
    "indicators": ("baseline", "target", "actual", "achievement_rate"),
    "budget": ("programme", "account", "budget", "executed", "execution_rate", "gender_responsive"),
    "evidence": ("name", "file_kind", "size", "restricted"),
    "warnings": ("warning",),
}
#: The fields that stand in the head of a submission, in the order of the content; and those that are filled in by hand.
HEAD = (
    "department",
    "focal_point",
    "approver",
    "document_number",
    "document_date",
    "disclosure",
    "disclosure_ground",
)
BLANKS = ("document_number", "document_date")
#: So many fields of a table that is not known here have a column.
MOST_COLUMNS = 5
#: A text beneath a row that is longer has a line of its own.
SHORT = 40
#: A section with so many fields, all of them short, is one row of a table.
COMPACT = range(2, 7)
#: What is said above a submission that is not printed as it was submitted.
NOTES = {
    DRAFT: gettext_lazy("Being written – not what was submitted"),
    SIGNED_OFF: gettext_lazy("Signed off – not submitted yet"),
}


@dataclass(frozen=True)
class Value:
    """A field as it is printed. ``code`` is that of a rating; ``is_foreign``: Korean in a document that is not."""

    key: str
    label: str
    lines: list[Line]
    is_number: bool = False
    code: str = ""
    symbol: str = ""
    is_foreign: bool = False
    is_translated: bool = False
    unit: str = ""

    @property
    def text(self) -> str:
        """On one line."""
        return " ".join(line.text for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given."""
        return self.text == NOTHING

    @property
    def is_long(self) -> bool:
        """Whether it takes a line of its own."""
        return len(self.text) > SHORT or len(self.lines) > 1


@dataclass(frozen=True)
class Row:
    """A row of a table: what it is called, its cells, and what stands beneath them."""

    name: str
    cells: list[Value]
    beneath: list[Value]


@dataclass(frozen=True)
class Table:
    """A table of a submission. ``heads`` are those of the columns, each with its key, the row's name first."""

    key: str
    heads: list[tuple[str, str, bool]]
    rows: list[Row]

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.heads)


@dataclass(frozen=True)
class Section:
    """A section: fields beneath each other, fields beside each other (``is_compact``), or a table."""

    key: str
    title: str
    values: list[Value] = field(default_factory=list)
    is_compact: bool = False
    table: Table | None = None


class _Writer:
    """Puts content into words, and counts on the way what cannot be printed."""

    def __init__(self, content: Content, words: Words) -> None:
        self.content, self.words = content, words
        self.unprintable = 0

    def value(self, part: Content) -> Value:
        """A field as it is printed."""
        written, is_translated = self._written(part)
        self.unprintable += count_unprintable(written)
        is_rating = part["key"].endswith("_rating") and bool(part["value"])
        is_number = part["kind"] == "figure"
        return Value(
            key=part["key"],
            label=capfirst(self.words.text(part["label"])),
            lines=lines(written) or [Line(NOTHING, False)],
            is_number=is_number,
            code=part["value"] if is_rating else "",
            symbol=self.words.mark(part["value"])["symbol"] if is_rating else "",
            is_foreign=part["kind"] == "text" and self.words.language != "ko" and not is_translated,
            is_translated=is_translated,
            unit=self.words.text(part["unit"]) if is_number and part["value"] is not None else "",
        )

    def _written(self, part: Content) -> tuple[str, bool]:
        """The text of a field, and whether it is an unofficial translation."""
        stored, kind = part["value"], part["kind"]
        if kind == "flag":
            return (_("Yes") if stored == "yes" else _("No")), False
        if kind == "figure" or part["state"] in (FigureState.NOT_KNOWN, FigureState.NOT_APPLICABLE):
            return self.words.field(part), False
        if stored is None:
            return NOTHING, False
        if kind in ("choice", "localized"):
            return self.words.text(part.get("text", {})) or stored, False
        if kind == "date":
            return self.words.day(stored), False
        translation = part.get("translations", {}).get(self.words.language)
        if translation and not translation["stale"]:
            return translation["text"], True
        return stored, False

    def sections(self, entry: Content) -> Iterator[Section]:
        """What the entry says, without what its head has."""
        for part in entry["sections"]:
            title = self.words.text(part["label"])
            if "rows" in part:
                yield Section(part["key"], title, table=self._table(part))
            elif own := [each for each in part["fields"] if each["key"] not in HEAD]:
                short = len(own) in COMPACT and all(each["kind"] in ("figure", "flag") for each in own)
                values = [self.value(each) for each in own]
                yield Section(part["key"], title, [self._with_unit(each) for each in values], is_compact=short)

    def _table(self, part: Content) -> Table | None:
        if not part["rows"]:
            return None
        keys = [each["key"] for each in part["rows"][0]["fields"]]
        known = [key for key in COLUMNS.get(part["key"], keys[:MOST_COLUMNS]) if key in keys]
        rows = [self._row(row, known) for row in part["rows"]]
        heads = [("name", pgettext("table row", "Name"), False)] if any(row.name for row in rows) else []
        heads += [self._head(rows, place) for place in range(len(known))]
        return Table(part["key"], heads, rows)

    def _head(self, rows: list[Row], place: int) -> tuple[str, str, bool]:
        """The head of a column. A unit that all its numbers share stands in it, else each number has its own."""
        first = rows[0].cells[place]
        units = {row.cells[place].unit for row in rows} - {""}
        if len(units) == 1:
            return first.key, f"{first.label} ({units.pop()})", first.is_number
        for row in rows:
            row.cells[place] = self._with_unit(row.cells[place])
        return first.key, first.label, first.is_number

    def _row(self, row: Content, known: list[str]) -> Row:
        by_key = {each["key"]: self.value(each) for each in row["fields"]}
        cells = [by_key.pop(key) for key in known]
        beneath = [self._with_unit(value) for value in by_key.values() if not value.is_empty]
        return Row(self.words.text(row["label"]) if row["label"] else "", cells, beneath)

    def _with_unit(self, value: Value) -> Value:
        """A number with its unit: Korean sets its own words close; a currency and English words stand apart."""
        if not value.unit:
            return value
        space = "" if value.unit == "%" or not value.unit.isascii() else " "
        return replace(value, lines=[Line(f"{value.text}{space}{value.unit}", False)], unit="")


def approval_document(content: Content, language: str, *, sha256: str, made_at: str) -> Content:
    """The context of the templates. ``sha256`` is the hash of the content's canonical bytes, ``made_at`` when it was
    made, as it is printed."""
    with override(language):
        words = Words(content, language)
        writer = _Writer(content, words)
        entries = [_entry(entry, number, writer, made_at) for number, entry in enumerate(content["submissions"], 1)]
        place = {"number": content["plan"]["number"], "year": content["year"]}
        return {
            "language": language,
            "is_sample": content["is_sample"],
            "year": content["year"],
            "title": _("National Action Plan %(number)s: submissions of %(year)s") % place,
            "plan_title": words.text(content["plan"]["title"]),
            "body": words.body(content["body"]),
            "part": _part(content, words),
            "entries": entries,
            "is_single": len(entries) == 1,
            "ratings": list(_ratings(content, words)),
            "states": list(_states(content, words)),
            "total": len(entries),
            "made_at": made_at,
            "sha256": sha256,
            "hash": sha256[:HASH_SHOWN],
            "is_unofficial": language in content["plan"]["unofficial_languages"],
            "unprintable": writer.unprintable,
        }


def _part(content: Content, words: Words) -> str:
    """To what it is narrowed, in words; empty where it holds all."""
    states = {entry["state"]["code"]: words.text(entry["state"]["label"]) for entry in content["submissions"]}
    narrowed_to: str = content["narrowed_to"]
    return states.get(narrowed_to, narrowed_to)


def _ratings(content: Content, words: Words) -> Iterator[Content]:
    """How many submissions have which self-rating, of all that are printed; those without one as well."""
    found = Counter(_self_rating(entry) for entry in content["submissions"])
    total = found.total()
    for row in content["scale"]:
        yield {**words.mark(row["code"]), **_share(found[row["code"]], total)}
    if found[""]:
        yield {"code": "", "symbol": "", "label": _("Not rated yet"), **_share(found[""], total)}


def _share(count: int, total: int) -> Content:
    return {"count": count, "total": total, "percent": share(Decimal(count), Decimal(total)) or "0.0"}


def _self_rating(entry: Content) -> str:
    """The code of the body's rating; empty where there is none yet."""
    found = fields_in(entry["sections"]).get("self_rating", {})
    return str(found.get("value") or "")


def _states(content: Content, words: Words) -> Iterable[Content]:
    """How many are in which state, in the order in which they occur."""
    found = Counter(words.text(entry["state"]["label"]) for entry in content["submissions"])
    return ({"label": label, "count": count} for label, count in found.items())


def _entry(entry: Content, number: int, writer: _Writer, made_at: str) -> Content:
    words = writer.words
    rating = _self_rating(entry)
    return {
        "number": number,
        "anchor": f"submission-{number}",
        "code": entry["code"],
        "title": words.text(entry["title"]),
        "state": words.text(entry["state"]["label"]),
        "mark": words.mark(rating) if rating else None,
        "note": str(NOTES[entry["copy"]]) if entry["copy"] else "",
        # Rows of one pair and rows of two are tables of their own, so that no cell lies across columns.
        "heads": [list(rows) for _pairs, rows in groupby(_head(entry, writer, made_at), key=len)],
        "sections": list(writer.sections(entry)),
        "sha256": entry["version"]["sha256"] if entry["version"] else "",
    }


def _head(entry: Content, writer: _Writer, made_at: str) -> Iterator[list[Content]]:
    """The rows of the head, each of one or two pairs of label and text. A blank line stands for what is filled in."""
    words, content = writer.words, writer.content
    fields = fields_in(entry["sections"])
    values = {key: writer.value(fields[key]) for key in HEAD if key in fields}

    def pair(label: str, text: str, *, is_blank: bool = False) -> Content:
        return {"label": label, "text": text, "is_blank": is_blank}

    def given(key: str) -> list[Content]:
        value = values.get(key)
        return [pair(value.label, value.text, is_blank=value.is_empty and key in BLANKS)] if value else []

    levels = (words.text(entry[level]["title"]) for level in ("area", "objective", "strategy"))
    yield [pair(_("Action plan"), f"{entry['code']} {words.text(entry['title'])}")]
    yield [pair(_("Area, objective, strategy"), " > ".join(levels))]
    yield [pair(_("Implementing body"), words.body(content["body"])), pair(_("Year"), str(content["year"]))]
    disclosure, ground = given("disclosure"), values.get("disclosure_ground")
    if disclosure and ground and not ground.is_empty:
        disclosure = [pair(disclosure[0]["label"], f"{disclosure[0]['text']} ({ground.text})")]
    state = words.text(entry["state"]["label"])
    if entry["version"]:
        told = {"number": entry["version"]["number"], "day": words.day(entry["version"]["written_on"])}
        state = f"{state} · {_('Version %(number)s of %(day)s') % told}"
    pairs = [*given("department"), pair(_("Printed"), made_at)]
    pairs += [each for key in ("focal_point", "approver", *BLANKS) for each in given(key)]
    pairs += [*disclosure, pair(_("State"), state)]
    for place in range(0, len(pairs), 2):
        yield pairs[place : place + 2]
