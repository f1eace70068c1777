"""Reading the plan of a plan file. ``docs/plan-file.md`` describes the format."""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.yaml_file import shown
from nap_monitor.lib.yaml_values import Mapping, Value
from objectives.models.item import CODE_LENGTH
from objectives.tree import ActionItem, AreaItem, ObjectiveItem, PlanTree, StrategyItem

#: Longest title, in characters, in each language.
TITLE_LENGTH = 2_000
#: Longest text of the source, and longest note.
NOTE_LENGTH = 5_000
YEARS = {"lowest": 1900, "highest": 2200}
#: What a plan's number may be: what the database's small integer holds.
NUMBERS = {"lowest": 1, "highest": 32_767}

#: The key that says how official the plan's text in a language is.
TRANSLATION = re.compile("translation_.+", re.DOTALL)


@dataclass
class _Reader:
    """Reads the tree. ``seen`` has where each number stood first, by level, to find those that stand twice."""

    languages: Collection[str] | None
    carriers: Collection[str]
    seen: dict[str, dict[str, Value]] = field(default_factory=dict)

    def area(self, value: Value) -> AreaItem[str]:
        entries = value.mapping(required=("code", "title", "objectives"), optional=("source", "note"))
        fields = self._fields(entries, level="area", number="code", text="title")
        return AreaItem(**fields, objectives=tuple(self.objective(child) for child in _children(entries, "objectives")))

    def objective(self, value: Value) -> ObjectiveItem[str]:
        entries = value.mapping(required=("number", "title", "strategies"), optional=("source", "note"))
        fields = self._fields(entries, level="objective", number="number", text="title")
        strategies = tuple(self.strategy(child) for child in _children(entries, "strategies"))
        return ObjectiveItem(**fields, strategies=strategies)

    def strategy(self, value: Value) -> StrategyItem[str]:
        entries = value.mapping(required=("number", "title", "actions"), optional=("source", "note"))
        fields = self._fields(entries, level="strategy", number="number", text="title")
        return StrategyItem(**fields, actions=tuple(self.action(child) for child in _children(entries, "actions")))

    def action(self, value: Value) -> ActionItem[str]:
        entries = value.mapping(required=("number", "text", "bodies"), optional=("source", "note"))
        fields = self._fields(entries, level="action", number="number", text="text")
        return ActionItem(**fields, carriers=self._carriers(_children(entries, "bodies")))

    def _fields(self, entries: Mapping, *, level: str, number: str, text: str) -> dict[str, Any]:
        """The fields that every item has. After a fault an empty value stands in: the tree is then thrown away."""
        code, title = entries.get(number), entries.get(text)
        source, note = entries.get("source"), entries.get("note")
        return {
            "code": self._code(code, level) if code else "",
            "title": (title and title.localized(longest=TITLE_LENGTH, languages=self.languages)) or LocalizedText(),
            "source_text": (source and source.text(longest=NOTE_LENGTH, several_lines=True)) or "",
            "mend_note": (note and note.text(longest=NOTE_LENGTH, several_lines=True)) or "",
        }

    def _code(self, value: Value, level: str) -> str:
        code = value.code(longest=CODE_LENGTH, may_be_integer=True)
        if code is None:
            return ""
        seen = self.seen.setdefault(level, {})
        first = seen.setdefault(code.casefold(), value)
        if first is not value:
            reason = _("The number “%(code)s” stands twice; the first time in line %(line)s.")
            value.fault(reason % {"code": code, "line": first.line})
        return code

    def _carriers(self, values: list[Value]) -> tuple[str, ...]:
        codes: list[str] = []
        for value in values:
            code = value.text(longest=CODE_LENGTH)
            if code is None:
                continue
            if code in codes:
                value.fault(_("The body “%(code)s” stands twice in this list.") % {"code": code})
            elif self.carriers and code not in self.carriers:
                value.fault(self._unknown_carrier(code))
            codes.append(code)
        return tuple(codes)

    def _unknown_carrier(self, code: str) -> str:
        reason = _("“%(code)s” is no known implementing body.") % {"code": shown(code)}
        nearest = difflib.get_close_matches(code.upper(), self.carriers, n=1)
        return reason + (" " + _("Did you mean “%(key)s”?") % {"key": nearest[0]} if nearest else "")


def read_head(value: Value | None) -> PlanTree[str]:
    """The plan's own fields, without its items. Where one is missing or has a fault, an empty value stands in."""
    if value is None:
        return PlanTree(number=0, title=LocalizedText(), start_year=0, end_year=0)
    entries = value.mapping(required=("number", "title", "start_year", "end_year"), open_to=TRANSLATION)
    number, title_value = entries.get("number"), entries.get("title")
    title = _title(title_value) if title_value else LocalizedText()
    start, end = _years(entries)
    return PlanTree(
        number=(number and number.integer(**NUMBERS)) or 0,
        title=title,
        start_year=start,
        end_year=end,
        unofficial_languages=_unofficial(entries, title),
    )


def read_areas(value: Value, head: PlanTree[str], carriers: Collection[str]) -> PlanTree[str]:
    """The plan with its items. ``carriers`` are the codes of those who may carry an action plan; empty: not checked.

    Each text must be there in every language of the plan's title. Faults are noted, and a tree with faults is thrown
    away by the caller.
    """
    reader = _Reader(list(head.title) or None, carriers)
    return replace(head, areas=tuple(reader.area(child) for child in value.items()))


def _title(value: Value) -> LocalizedText:
    """The plan's title. With a fault in it, it does not say which languages the plan has: then it counts as missing."""
    before = len(value.faults.found)
    title = value.localized(longest=TITLE_LENGTH)
    return title if title and len(value.faults.found) == before else LocalizedText()


def _years(entries: Mapping) -> tuple[int, int]:
    start_value, end_value = entries.get("start_year"), entries.get("end_year")
    start = start_value.integer(**YEARS) if start_value else None
    end = end_value.integer(**YEARS) if end_value else None
    if start and end and end_value and end < start:
        reason = _("The last year (%(end)s) lies before the first (%(start)s).")
        end_value.fault(reason % {"end": end, "start": start})
    return start or 0, end or 0


def _unofficial(entries: Mapping, title: LocalizedText) -> tuple[str, ...]:
    """The languages whose text is an unofficial translation (``translation_ko: unofficial``)."""
    found = []
    for key, value in entries.items():
        language = key.removeprefix("translation_")
        if language == key:
            continue
        if title and language not in title:
            reason = _("“%(code)s” is none of the languages of this file: %(languages)s.")
            value.fault(reason % {"code": shown(language), "languages": ", ".join(title)})
        elif value.choice(("unofficial", "official")) == "unofficial":
            found.append(language)
    return tuple(sorted(found))


def _children(entries: Mapping, key: str) -> list[Value]:
    value = entries.get(key)
    return value.items() if value else []
