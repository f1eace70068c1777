"""The sample's texts: reading ``fixtures/sample``, filling in figures, marking every one as a sample."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from ministries.sample.dice import Dice
from nap_monitor.lib.localized import LocalizedText
from objectives.models import Plan

#: A sentence by language code.
Pair = Mapping[str, str]

_PLACE = re.compile(r"\{(?P<name>\w+)(?::(?P<low>\d+)-(?P<high>\d+))?\}")


def folder() -> Path:
    """Where the texts lie."""
    return Path(settings.BASE_DIR) / "fixtures" / "sample"


@cache
def _read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@cache
def published_figures() -> dict[str, dict[str, Any]]:
    """The example figures of the reference file by their Korean name: of another plan, with the month they are of."""
    reference = _read(Path(settings.BASE_DIR) / "fixtures" / "reference.yaml")
    return {row["ko"]: row for row in reference["example_figures"]}


def fill(text: str, dice: Dice, values: Mapping[str, object]) -> str:
    """``text`` with its places filled: ``{name}`` from ``values``, ``{name:2-6}`` with a figure from ``dice``."""

    def value(match: re.Match[str]) -> str:
        name, low, high = match["name"], match["low"], match["high"]
        return str(values[name]) if low is None else f"{dice.between(name, int(low), int(high)):,}"

    return _PLACE.sub(value, text)


@dataclass(frozen=True)
class Texts:
    """What may be written for a plan, in the language in which its bodies write."""

    general: Mapping[str, Any]
    actions: Mapping[str, Mapping[str, Any]]
    language: str

    @classmethod
    def of(cls, plan: Plan, language: str = "") -> "Texts":
        """The texts for ``plan``: those of its action plans where they were written for it, else general ones.

        Bodies write Korean where the plan has a Korean title, else English; ``language`` says otherwise.
        """
        general = _read(folder() / "general.yaml")
        actions: dict[str, Mapping[str, Any]] = {}
        if plan.title.get("en") == general["plan"]["en"]:
            for path in sorted(folder().glob(general["plan"]["files"])):
                actions.update(_read(path))
        return cls(general, actions, language or ("ko" if plan.title.has("ko") else "en"))

    def action(self, code: str) -> Mapping[str, Any]:
        """The sentences for an action plan."""
        return self.actions.get(code) or self.general["generic"]

    @property
    def mark(self) -> str:
        """The mark with which every text begins."""
        return str(self.general["mark"][self.language])

    def plain(self, pair: Pair, dice: Dice, values: Mapping[str, object]) -> str:
        """One sentence without the mark, for a place that can't be taken for a result (a document number)."""
        return fill(pair[self.language], dice, values)

    def line(self, pair: Pair, dice: Dice, values: Mapping[str, object]) -> str:
        """The mark and one sentence."""
        return f"{self.mark} {self.plain(pair, dice, values)}"

    def narrative(self, pairs: Iterable[Pair], dice: Dice, values: Mapping[str, object]) -> str:
        """The mark and a list of sentences, each in a line of its own."""
        return "\n".join([self.mark, *(self.bullet(pair, dice, values) for pair in pairs)])

    def bullet(self, pair: Pair, dice: Dice, values: Mapping[str, object]) -> str:
        """A line of a narrative."""
        return f"{self.general['bullet'][self.language]}{self.plain(pair, dice, values)}"

    def both(self, pair: Pair, values: Mapping[str, object] | None = None, *, marked: bool = False) -> LocalizedText:
        """Text of the domain: every language of the pair."""
        marks = self.general["mark"]
        return LocalizedText(
            {
                code: (f"{marks[code]} " if marked else "") + fill(text, Dice(), values or {})
                for code, text in pair.items()
            }
        )

    def published_source(self, as_of: str) -> str:
        """Where an example figure of this month (``2021-06``) comes from, and that it is no result of this plan."""
        values = {"as_of": as_of, "year": as_of[:4], "month": int(as_of[5:])}
        return fill(self.general["published_source"][self.language], Dice(), values)

    def pick(self, kind: str, dice: Dice, *, within: str = "") -> Pair:
        """One of the general sentences of this kind."""
        choices: Sequence[Pair] = self.general[kind][within] if within else self.general[kind]
        return dice.pick(f"{kind} {within}", choices)
