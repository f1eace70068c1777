"""Two contents of a submission side by side: every section, field and row, each with what it said before and says now.

Reads contents alone, of any schema; what they are called stands in them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from ministries.content_compare import NOT_WRITTEN, called, matched_rows, says
from ministries.content_parts import Content, fields_in, in_all_languages, localized, rows_in
from ministries.fields import BY_NAME, SECTIONS, STEPS
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.wording import ADDED, REMOVED, Piece, differing_words

#: What the working copy cannot say yet: it is given with the sign-off, the submit and the confirm.
NOT_YET = frozenset({"approver", "document_number", "document_date", "review"})
#: What happened to a field, a row or a cell.
SAME, CHANGED = "same", "changed"
#: A text of more characters, before and now, needs a line of its own.
LONG = 30

#: What stands above the form: what the body and the plan's items are called in a content.
FRAME = "frame"
_FORM = [section for step in STEPS for section in step.sections]
#: The sections in the order of the form; what is no part of the form stands after it.
ORDER = [FRAME, *_FORM, *(section for section in SECTIONS if section not in _FORM)]
FRAME_LABELS = {
    "plan": _("National Action Plan"),
    "area": _("Area"),
    "objective": _("Objective"),
    "strategy": _("Strategy"),
    "action_plan": _("Action plan"),
    "body": _("Implementing body"),
}
#: Those whose code is the number that a reader knows them by.
NUMBERED = ("objective", "strategy", "action_plan")
#: Fields that are computed from others: where a schema did not have one, nobody changed it.
COMPUTED = frozenset(
    {
        *NOT_WRITTEN,
        *("activities_count", "women_total", "men_total", "participants_total"),
        *("budget_total", "executed_total", "execution_rate_total", "gender_responsive_total", "passed_on_total"),
    }
)


@dataclass(frozen=True)
class ComparedField:
    """A field, or a cell of a row. ``before`` and ``after`` are the fields of the contents, nothing where one has none.

    ``change``: :data:`SAME`, :data:`CHANGED`, ``added`` or ``removed``. ``pieces`` holds a changed text, word by word.
    ``beside`` is the field of a third content.
    """

    key: str
    label: str
    before: Content | None
    after: Content | None
    change: str
    pieces: tuple[Piece, ...] = ()
    beside: Content | None = None

    @property
    def is_changed(self) -> bool:
        """Whether it says something else."""
        return self.change != SAME

    @property
    def kind(self) -> str:
        """What it holds: ``text``, ``figure``, ``choice``, ``date``, ``flag`` or ``localized``."""
        return str((self.after or self.before or self.beside or {"kind": "text"})["kind"])

    @property
    def said(self) -> str:
        """What it says as text, with what it said."""
        return "\n".join((each or {}).get("value") or "" for each in (self.before, self.after))

    @property
    def said_last(self) -> Content | None:
        """What it says now; where it is gone, what it said."""
        return self.after or self.before

    @property
    def is_long(self) -> bool:
        """Whether it is a text that needs a line of its own among the cells of a row."""
        return self.kind == "text" and len(self.said) > LONG

    @property
    def pieces_before(self) -> list[Piece]:
        """The text as it was, with what is gone marked."""
        return [piece for piece in self.pieces if piece.kind != ADDED]

    @property
    def pieces_after(self) -> list[Piece]:
        """The text as it is, with what came marked."""
        return [piece for piece in self.pieces if piece.kind != REMOVED]


@dataclass(frozen=True)
class ComparedRow:
    """A row of a table with its cells. ``label`` is what it is called now; ``change`` as in :class:`ComparedField`."""

    key: str
    label: str
    change: str
    cells: list[ComparedField]

    @property
    def is_changed(self) -> bool:
        """Whether it came, went, or says something else."""
        return self.change != SAME


@dataclass(frozen=True)
class ComparedSection:
    """A section: its fields, or (``is_table``) its rows. ``beside`` holds the rows of a third content, as they are,
    where they cannot be matched with these."""

    key: str
    label: str
    is_table: bool
    fields: list[ComparedField]
    rows: list[ComparedRow]
    beside: list[Content]

    @property
    def number(self) -> int:
        """How many of its fields or rows say something else."""
        return sum(each.is_changed for each in self.fields) + sum(each.is_changed for each in self.rows)


@dataclass(frozen=True)
class Comparison:
    """All sections in the order of the form. ``has_beside``: a third content stands beside them."""

    sections: list[ComparedSection]
    has_beside: bool = False

    @property
    def number(self) -> int:
        """How many fields and rows say something else."""
        return sum(section.number for section in self.sections)

    @property
    def only_changed(self) -> "Comparison":
        """What changed alone: of a row that changed the cells that did, of one that came or went what it says."""
        sections = [
            replace(
                section,
                fields=[each for each in section.fields if each.is_changed],
                rows=[_what_changed(row) for row in section.rows if row.is_changed],
            )
            for section in self.sections
            if section.number
        ]
        return replace(self, sections=sections)


def _what_changed(row: ComparedRow) -> ComparedRow:
    return replace(row, cells=[each for each in row.cells if each.is_changed])


def compare(
    before: Sequence[Content],
    after: Sequence[Content],
    *,
    beside: Sequence[Content] | None = None,
    without: Iterable[str] = (),
) -> Comparison:
    """``after`` with what it says otherwise than ``before``; both are sections of contents, as ``version.sections``.

    ``beside`` is a third content, to be read beside them: that of the year before. ``without`` leaves fields and
    sections out by their key: :data:`NOT_YET` where ``after`` is a working copy.
    """
    third = beside or ()
    left_out = frozenset(without)
    old, new, other = fields_in(before), fields_in(after), fields_in(third)
    labels, tables, held = _heads(after, before, third)
    sections = []
    for section in _in_order(labels, held):
        if section in left_out:
            continue
        is_table = section in tables
        sections.append(
            ComparedSection(
                key=section,
                label=labels[section],
                is_table=is_table,
                fields=[
                    _field(old.get(key), new.get(key), other.get(key))
                    for key in held.get(section, ())
                    if key not in left_out
                ],
                rows=list(_rows(section, before, after, third)) if is_table else [],
                beside=rows_in(third, section) if is_table and section != "indicators" else [],
            )
        )
    return Comparison(sections, has_beside=beside is not None)


def frame(content: Content) -> Content:
    """What body and plan are called in a content, as one more section of it: they may be called something else since.

    The numbers are those of the plan at that time.
    """
    items = {name: content[name] for name in ("plan", "area", "objective", "strategy", "action_plan")}
    named = [
        localized(name, FRAME_LABELS[name], _numbered(item, is_numbered=name in NUMBERED))
        for name, item in items.items()
    ]
    named.append(localized("body", FRAME_LABELS["body"], content["body"]["name"]))
    # A field says the same as another where its value is the same: here, all the words.
    fields = [{**each, "value": json.dumps(each["text"], sort_keys=True)} for each in named]
    return {"key": FRAME, "label": in_all_languages(_("Plan and implementing body")), "fields": fields}


def _numbered(item: Content, *, is_numbered: bool) -> dict[str, str]:
    number = f"{item['code']} " if is_numbered else ""
    return {language: f"{number}{text}" for language, text in item["title"].items()}


def _heads(*contents: Sequence[Content]) -> tuple[dict[str, str], set[str], dict[str, list[str]]]:
    """The labels of the sections, which of them are tables, and which fields stand in which; the first content leads.

    A schema may have had a field in another section: it is found by its key alone.
    """
    labels: dict[str, str] = {}
    tables: set[str] = set()
    held: dict[str, list[str]] = {}
    seen: set[str] = set()
    for sections in contents:
        for section in sections:
            key = section["key"]
            keys = [each["key"] for each in section.get("fields", ()) if each["key"] not in seen]
            if "rows" in section:
                tables.add(key)
            elif not keys:
                continue
            labels.setdefault(key, str(LocalizedText(section["label"])))
            held.setdefault(key, []).extend(keys)
            seen.update(keys)
    return labels, tables, held


def _in_order(sections: Iterable[str], held: dict[str, list[str]]) -> list[str]:
    """The sections in the order of the form; one that the form no longer has, where its first field is asked now."""

    def place(section: str) -> int:
        known = [section, *(BY_NAME[key].section for key in held.get(section, ()) if key in BY_NAME)]
        return next((ORDER.index(each) for each in known if each in ORDER), len(ORDER))

    return sorted(sections, key=place)


def _field(before: Content | None, after: Content | None, beside: Content | None = None) -> ComparedField:
    known = after or before or beside or {}
    change = _change(known["key"], before, after)
    pieces: tuple[Piece, ...] = ()
    if change != SAME and known["kind"] == "text":
        pieces = tuple(differing_words(*((each or {}).get("value") or "" for each in (before, after))))
    return ComparedField(known["key"], str(LocalizedText(known["label"])), before, after, change, pieces, beside)


def _change(key: str, before: Content | None, after: Content | None) -> str:
    old, new = says(before), says(after)
    if old == new or (key in COMPUTED and (before is None or after is None)):
        return SAME
    nothing = says(None)
    return ADDED if old == nothing else REMOVED if new == nothing else CHANGED


def _rows(
    table: str, before: Sequence[Content], after: Sequence[Content], beside: Sequence[Content]
) -> Iterator[ComparedRow]:
    others = {row["key"]: _cells(row) for row in rows_in(beside, table)} if table == "indicators" else {}
    for old, new in matched_rows(table, before, after):
        row = new or old or {}
        olds, news, other = _cells(old), _cells(new), others.get(row["key"], {})
        cells = [_field(olds.get(key), news.get(key), other.get(key)) for key in dict.fromkeys((*news, *olds))]
        change = CHANGED if any(each.is_changed for each in cells) else SAME
        if old is None or new is None:
            change = ADDED if old is None else REMOVED
        yield ComparedRow(row["key"], called(row), change, cells)


def _cells(row: Content | None) -> dict[str, Content]:
    return {each["key"]: each for each in row["fields"]} if row else {}
