"""What differs between a plan as it stands and as a file has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nap_monitor.lib.localized import LocalizedText
from objectives.enums import Level
from objectives.tree import ActionItem, Item, PlanTree, Row

#: How much of a text is repeated.
SHOWN_LENGTH = 120
NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One difference: of which item, in what, what stands, and what the file says."""

    number: str
    what: str
    stands: str
    wanted: str

    @property
    def named(self) -> str:
        """Of which item, in what."""
        return f"{self.number}, {self.what}"

    def __str__(self) -> str:
        return _("%(number)s, %(what)s: stored is “%(stands)s”, the file says “%(wanted)s”.") % {
            "number": self.number,
            "what": self.what,
            "stands": _short(self.stands),
            "wanted": _short(self.wanted),
        }


def differences(stored: PlanTree[str], wanted: PlanTree[str]) -> list[Difference]:
    """Everything in which two states of the same plan differ; empty where they say the same."""
    if stored == wanted:
        return []
    return [*_of_plan(stored, wanted), *(d for level in Level for d in _of_level(level, stored, wanted))]


def text_differences(number: str, what: str, stands: LocalizedText, wanted: LocalizedText) -> Iterator[Difference]:
    """Differences of a text, language by language."""
    for language in dict.fromkeys([*stands, *wanted]):
        before, after = stands.get(language, ""), wanted.get(language, "")
        if before != after:
            yield Difference(number, f"{what} ({language})", before or NOTHING, after or NOTHING)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def _of_plan(stored: PlanTree[str], wanted: PlanTree[str]) -> Iterator[Difference]:
    number = _("Plan %(number)s") % {"number": wanted.number}
    yield from text_differences(number, _("title"), stored.title, wanted.title)
    pairs = [
        (_("first year"), str(stored.start_year), str(wanted.start_year)),
        (_("last year"), str(stored.end_year), str(wanted.end_year)),
        (
            _("unofficial translations"),
            ", ".join(stored.unofficial_languages) or NOTHING,
            ", ".join(wanted.unofficial_languages) or NOTHING,
        ),
    ]
    yield from (Difference(number, what, before, after) for what, before, after in pairs if before != after)


def _of_level(level: Level, stored: PlanTree[str], wanted: PlanTree[str]) -> Iterator[Difference]:
    before = {row.item.code: row for row in stored.at(level)}
    after = {row.item.code: row for row in wanted.at(level)}
    for code, row in after.items():
        number = _number(level, code)
        if code not in before:
            yield Difference(number, _("the whole item"), NOTHING, str(row.item.title))
            continue
        if before[code].parent != row.parent:
            yield Difference(number, _("place in the plan"), before[code].parent, row.parent)
        yield from _of_item(number, before[code].item, row.item)
    for code, row in before.items():
        if code not in after:
            yield Difference(_number(level, code), _("the whole item"), str(row.item.title), NOTHING)
    yield from _of_order(level, before, after)


def _of_item(number: str, before: Item, after: Item) -> Iterator[Difference]:
    yield from text_differences(number, _("text"), before.title, after.title)
    pairs = [
        (_("source text"), before.source_text, after.source_text),
        (_("note on the mend"), before.mend_note, after.mend_note),
    ]
    if isinstance(before, ActionItem) and isinstance(after, ActionItem):
        pairs.append((_("implementing bodies"), ", ".join(before.carriers), ", ".join(after.carriers)))
    for what, stands, wanted in pairs:
        if stands != wanted:
            yield Difference(number, what, stands or NOTHING, wanted or NOTHING)


def _of_order(level: Level, before: dict[str, Row], after: dict[str, Row]) -> Iterator[Difference]:
    """Items that have the same place in the tree but follow each other differently."""
    stayed = {code for code, row in after.items() if code in before and before[code].parent == row.parent}
    for parent in dict.fromkeys(after[code].parent for code in after if code in stayed):
        old = [code for code, row in before.items() if code in stayed and row.parent == parent]
        new = [code for code, row in after.items() if code in stayed and row.parent == parent]
        if old != new:
            where = f"{level.label} ({parent})" if parent else str(level.label)
            yield Difference(where, _("order"), ", ".join(old), ", ".join(new))


def _number(level: Level, code: str) -> str:
    return f"{level.label} {code}"
