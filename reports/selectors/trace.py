"""From a figure of the report to the lines of the annex that it was counted from: the report's sources.

Each table row and each objective has one source. It names, by what was counted, the numbers of the annex lines; the
annex line names body, action plan, version and hash. Reads a content alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ministries.content_parts import rows_in
from reports.selectors.counts import CONFIRMED, mark_of
from reports.selectors.summary import action_plans, entries_below, leaves
from reports.words import Words

Content = dict[str, Any]
#: What a source is known by: its kind, and the code of what it is about.
Key = tuple[str, ...]
#: The state of an action plan of several bodies that the coordinator has given no mark.
NOT_ASSESSED = "not-assessed"


@dataclass(frozen=True)
class Run:
    """Lines that follow one another: the first and the last one, which may be the same."""

    first: int
    last: int


@dataclass(frozen=True)
class Group:
    """What was counted under one word: how many lines, and which."""

    label: str
    count: int
    runs: list[Run]


@dataclass(frozen=True)
class Source:
    """Where the figures of one row come from. ``number`` stands beside them and leads here.

    ``note`` says where they come from that have no lines in this report.
    """

    number: int
    title: str
    groups: list[Group]
    note: str = ""


def mark_of_action_plan(action_plan: Content) -> str:
    """The one mark of an action plan: the coordinator's, else its only body's; it is never computed from several."""
    given = action_plan.get("assessment")
    if given:
        return str(given["rating"])
    entries = action_plan["entries"]
    return mark_of(entries[0]) if len(entries) == 1 else NOT_ASSESSED


class Sources:
    """The sources of a content, numbered in the order of the report. A content before schema 3 has no lines."""

    def __init__(self, content: Content, words: Words) -> None:
        self.words = words
        self.found: dict[Key, Source] = {}
        self.entries = [entry for _plan, entry in leaves(content)]
        if all("line" in entry for entry in self.entries):
            for key, title, groups in self._all(content):
                self.found[key] = Source(len(self.found) + 1, title, groups)
            for year, title, note in self._earlier(content):
                self.found["year", str(year)] = Source(len(self.found) + 1, title, [], note)

    def at(self, *key: str) -> int | None:
        """The number of the source of this key; nothing where there is none."""
        source = self.found.get(key)
        return source.number if source else None

    def __iter__(self) -> Iterator[Source]:
        return iter(self.found.values())

    def _all(self, content: Content) -> Iterator[tuple[Key, str, list[Group]]]:
        words = self.words
        everything = self.entries
        bodies = {row["code"]: [e for e in everything if e["body"] == row["code"]] for row in content["bodies"]}
        yield ("ratings", "all"), _("Ratings: all"), self._by_mark(everything)
        yield ("status", "all"), _("Status of the action plans"), self._by_status(content)
        for area in content["areas"]:
            title = _("Ratings: area %(name)s") % {"name": words.text(area["title"])}
            yield ("area", area["code"]), title, self._by_mark(entries_below(area))
        for code, entries in bodies.items():
            title = _("Ratings and returns: %(name)s") % {"name": words.body(code)}
            yield ("body", code), title, [*self._by_mark(entries), *self._late(entries)]
        for area in content["areas"]:
            for objective in area["objectives"]:
                title = _("Objective %(number)s") % {"number": objective["code"]}
                yield ("objective", area["code"], objective["code"]), title, self._by_mark(entries_below(objective))
        yield ("budget", "all"), _("Budget: all"), self._by_money(everything)
        if self._active(everything):
            yield ("activities", "all"), _("Activities: all"), self._active(everything)
            for code, entries in bodies.items():
                title = _("Activities: %(name)s") % {"name": words.body(code)}
                yield ("activities", code), title, self._active(entries)
        for code, entries in bodies.items():
            title = _("Budget: %(name)s") % {"name": words.body(code)}
            yield ("budget", code), title, self._by_money(entries)

    def _earlier(self, content: Content) -> Iterator[tuple[int, str, str]]:
        """The years before this one: their rows are in their own reports."""
        for row in content.get("history", []):
            if row["year"] != content["year"]:
                yield (
                    row["year"],
                    _("Year on year: %(year)s") % {"year": row["year"]},
                    _("%(total)s assignments of that round, as known when this content was taken.")
                    % {"total": row["total"]},
                )

    def _by_status(self, content: Content) -> list[Group]:
        """By the mark of the action plan: how many action plans, and the lines of their bodies."""
        found: dict[str, list[Content]] = {}
        for action_plan in action_plans(content):
            found.setdefault(mark_of_action_plan(action_plan), []).append(action_plan)
        labels = {**self.words.labels, NOT_ASSESSED: _("Not yet assessed")}
        return [
            Group(label, len(found[code]), runs(e["line"] for plan in found[code] for e in plan["entries"]))
            for code, label in labels.items()
            if code in found
        ]

    def _by_mark(self, entries: Iterable[Content]) -> list[Group]:
        rows = list(entries)
        labels = self.words.labels
        return [_group(labels[code], [e for e in rows if mark_of(e) == code]) for code in labels if _any(rows, code)]

    def _late(self, entries: list[Content]) -> list[Group]:
        late = [entry for entry in entries if entry["late"]]
        return [_group(_("Submitted after the due date"), late)] if late else []

    def _active(self, entries: list[Content]) -> list[Group]:
        """By kind of activity: how many activities, and the lines that report them."""
        found: dict[str, list[int]] = {}
        for entry in entries:
            for row in rows_in(entry["sections"], "activities"):
                kind = next(field for field in row["fields"] if field["key"] == "kind")
                found.setdefault(self.words.text(kind.get("text") or {}), []).append(entry["line"])
        return [Group(label, len(lines), runs({*lines})) for label, lines in sorted(found.items())]

    def _by_money(self, entries: list[Content]) -> list[Group]:
        """By what is known of the money. Of a restricted one it is counted and not told: it stands on its own."""
        confirmed = [entry for entry in entries if entry["status"] == CONFIRMED]
        kinds: Mapping[str, list[Content]] = {
            _("With an amount"): [e for e in confirmed if e["money"] and e["money"]["budget"] is not None],
            _("No budget needed"): [e for e in confirmed if e["money"] and e["money"]["state"] == "not-applicable"],
            _("Not known"): [
                e
                for e in confirmed
                if e["money"] and e["money"]["budget"] is None and e["money"]["state"] != "not-applicable"
            ],
            _("Restricted: counted, not printed"): [e for e in confirmed if e["restricted"]],
        }
        return [_group(label, found) for label, found in kinds.items() if found]


def _any(rows: list[Content], code: str) -> bool:
    return any(mark_of(entry) == code for entry in rows)


def _group(label: str, entries: list[Content]) -> Group:
    return Group(label, len(entries), runs(entry["line"] for entry in entries))


def runs(lines: Iterable[int]) -> list[Run]:
    """Numbers of lines as runs: 1, 2, 3, 7 are 1–3 and 7."""
    found: list[Run] = []
    for line in sorted(lines):
        if found and found[-1].last == line - 1:
            found[-1] = Run(found[-1].first, line)
        else:
            found.append(Run(line, line))
    return found
