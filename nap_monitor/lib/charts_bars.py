"""Bars beside a measure: what was planned and what was done. See :mod:`nap_monitor.lib.charts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nap_monitor.lib.charts import DARK, FONT

PLANNED, DONE = "#c9d3e6", "#083891"
#: Paired bars, in units of the picture: names, bars, and the right ends of the columns of amounts and rates.
NAMES, BARS, AMOUNTS, RATES = 128, 320, 540, 642
ROW, HEAD = 30, 20


@dataclass(frozen=True)
class Pair:
    """A row: two amounts, of which either may not be known, and how they and their rate are written."""

    name: str
    planned: Decimal | None
    done: Decimal | None
    planned_text: str
    done_text: str
    rate_text: str


@dataclass(frozen=True)
class DrawnPair:
    """A drawn row; a bar is as long as its amount, and nothing where that is not known."""

    top: int
    pair: Pair
    planned_width: str
    done_width: str


@dataclass(frozen=True)
class PairedBars:
    """The picture. ``title`` says the amounts in words. ``heads`` name both bars and the rate."""

    title: str
    width: int
    height: int
    heads: tuple[str, str, str]
    rows: tuple[DrawnPair, ...]
    names: int = NAMES
    amounts: int = AMOUNTS
    rates: int = RATES
    planned_colour: str = PLANNED
    done_colour: str = DONE
    font: str = FONT
    dark: str = DARK


def paired_bars(title: str, pairs: Sequence[Pair], *, heads: tuple[str, str, str]) -> PairedBars:
    """A row for each of ``pairs`` on one scale. ``heads``: what is planned, what was done, and the rate of both."""
    highest = max((amount for pair in pairs for amount in (pair.planned, pair.done) if amount), default=Decimal(1))

    def width(amount: Decimal | None) -> str:
        return f"{max(amount or Decimal(), Decimal()) / highest * BARS:.1f}"

    rows = tuple(
        DrawnPair(HEAD + place * ROW, pair, width(pair.planned), width(pair.done)) for place, pair in enumerate(pairs)
    )
    words = "; ".join(
        f"{pair.name}: {heads[0]} {pair.planned_text}, {heads[1]} {pair.done_text}, {heads[2]} {pair.rate_text}"
        for pair in pairs
    )
    return PairedBars(f"{title}. {words}" if words else title, RATES, HEAD + len(pairs) * ROW, heads, rows)


@dataclass(frozen=True)
class Bullet:
    """One indicator's bar: the actual as a bar, the target as a stroke across it, the baseline as a small mark.

    ``title`` says them in words. A place is nothing where its value is not known.
    """

    title: str
    width: int
    height: int
    actual: str
    target: str
    baseline: str
    has_actual: bool
    colour: str = DONE
    dark: str = DARK

    @property
    def bar_top(self) -> str:
        """Where the bar of the actual begins: a third of the height."""
        return f"{self.height / 3:.1f}"

    @property
    def foot(self) -> int:
        """Where the ground ends: the target's stroke stands out of it on both sides."""
        return self.height - 2

    @property
    def inner(self) -> int:
        """The height of the ground."""
        return self.height - 4


def bullet(
    title: str, *, baseline: Decimal | None, target: Decimal | None, actual: Decimal | None, width: int, height: int
) -> Bullet:
    """A bar on a scale of its own, from zero to a little beyond the highest of the three; none is below zero."""
    highest = max((value for value in (baseline, target, actual) if value is not None), default=Decimal())
    scale = (width - 3) / float(highest) if highest > 0 else 0.0

    def place(value: Decimal | None) -> str:
        return "" if value is None else f"{max(float(value), 0.0) * scale:.1f}"

    return Bullet(title, width, height, place(actual), place(target), place(baseline), has_actual=actual is not None)
