"""A report's content in one language: text, numbers, dates and marks, ready to be printed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ministries.figures import shown_text
from nap_monitor.lib.charts import Share, StackedBar, stacked_bar
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.pdf import BREAK_HERE
from nap_monitor.lib.templatetags.look import CHART_COLOURS
from reports.selectors.counts import NO_REPORT, UNDER_REVIEW

Content = dict[str, Any]

#: A shape for everything that an assignment can be counted as, so that it can be told without colour.
SYMBOLS = {
    "completed": "✓",
    "continuing": "●",
    "on-track": "○",
    "attention": "△",
    "rethink": "▼",
    "not-started": "×",
    "not-applicable": "–",
    UNDER_REVIEW: "◇",
    NO_REPORT: "■",
}
COLOURS = {**CHART_COLOURS, UNDER_REVIEW: "#8a949e"}
#: 'Not started' is counted with 'rethink'.
COUNTED_WITH = {"not-started": "rethink"}
#: Words of a table's head that are longer may end their line in the middle.
HEAD_WORD = 4
#: Names of bodies that are longer stand as codes in narrow columns.
BRIEF = 12
NOTHING = "–"
#: What stands for a figure that is left out because it could point at a person.
LEFT_OUT_MARK = "※"


@dataclass(frozen=True)
class Line:
    """A line of what a body wrote; an item of a list is set with a hanging indent."""

    text: str
    is_item: bool


class Words:
    """Reads ``content`` in the active language."""

    def __init__(self, content: Content, language: str) -> None:
        self.language = language
        self.labels = {row["code"]: self.text(row["label"]) for row in content["scale"]}
        self.bodies = {row["code"]: row for row in content["bodies"]}

    def text(self, text: Mapping[str, str] | str) -> str:
        """Text by language, in this one where it exists, else in the best other one."""
        return text if isinstance(text, str) else LocalizedText(text).in_language(self.language)

    def body(self, code: str) -> str:
        """The name of a body as of the round's year."""
        return self.text(self.bodies[code]["name"])

    def short_body(self, code: str) -> str:
        """The short name of a body as of the round's year."""
        return self.text(self.bodies[code]["short_name"])

    def brief_body(self, code: str) -> str:
        """The short name of a body for a narrow column; its code where none is short. The abbreviations tell both."""
        short = self.short_body(code)
        return short if len(short) <= BRIEF else code

    def mark(self, code: str) -> Content:
        """A rating, or what stands for it: its code, its shape and its label."""
        return {"code": code, "symbol": SYMBOLS[code], "label": self.labels[code]}

    def head(self, code: str) -> Content:
        """A mark for the narrow head of a table."""
        words = (
            word[:3] + BREAK_HERE + word[3:] if len(word) > HEAD_WORD and "가" <= word[0] <= "힣" else word
            for word in self.labels[code].split(" ")
        )
        return {**self.mark(code), "label": " ".join(words)}

    def day(self, iso: str) -> str:
        """A date as this language writes it; nothing for no date."""
        return date_format(dt.date.fromisoformat(iso), "DATE_FORMAT") if iso else ""

    def field(self, field: Content) -> str:
        """A figure of a version: its number, or the words for why there is none."""
        if field["value"] is not None:
            return number(field["value"])
        words = {"not-known": _("Not known"), "not-applicable": _("Not applicable"), "left-out": LEFT_OUT_MARK}
        return words.get(field["state"], NOTHING)

    def counted(self, counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
        """Code, label and count of everything on the scale; what is counted with another is added there."""
        return [
            (code, label, counts[code] + sum(counts[part] for part, first in COUNTED_WITH.items() if first == code))
            for code, label in self.labels.items()
        ]

    def bar(self, title: str, counts: Mapping[str, int], *, width: int, height: int) -> StackedBar:
        """A bar of ratings, in the order of the scale."""
        shares = [
            Share(label, count, COLOURS[code], SYMBOLS[code])
            for code, label, count in self.counted(counts)
            if code not in COUNTED_WITH
        ]
        return stacked_bar(title, shares, width=width, height=height)


def number(text: str | None) -> str:
    """A decimal's text as a reader sees it, thousands separated and a decrease with △; a dash where there is none."""
    return NOTHING if text is None else shown_text(Decimal(text))


def lines(text: str) -> list[Line]:
    """What a body wrote, by lines, without the empty ones."""
    found = (line.strip() for line in text.splitlines())
    return [Line(line, line[0] in "-–•·○◦□▪*※①②③④⑤⑥⑦⑧⑨" and len(line) > 1) for line in found if line]
