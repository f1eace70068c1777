"""What is computed from figures: rates, totals and changes. Page, version, report and Excel all ask here.

Rates are in per cent with one place, rounded half up. Where a rate makes no sense there is none: ``None``, never zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ministries.enums import Direction, FigureState
from ministries.figures import LARGEST, Figure, total

_TENTH = Decimal("0.1")
_ALL = Decimal(100)


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """``part`` of ``whole`` in per cent; none where either is missing or the whole is zero."""
    if part is None or not whole:
        return None
    return _rounded(part * 100 / whole)


def achievement_rate(direction: str, target: Figure, actual: Figure) -> Decimal | None:
    """The achievement rate (달성률) of an indicator against its target of the year, never below zero.

    The more the better: actual ÷ target. The less the better: as much above 100 % as the actual lies below the target,
    2 − actual ÷ target. To be kept: 100 % less the distance from the target, above or below it. A target of zero can be
    met only where less or keeping is asked, and then fully or not measurably; a negative target gives no rate.
    """
    if target.value is None or actual.value is None or target.value < 0:
        return None
    if target.value == 0:
        return _ALL if direction != Direction.MORE and actual.value == 0 else None
    share = actual.value / target.value
    if direction == Direction.LESS:
        share = 2 - share
    elif direction == Direction.KEEP:
        share = 1 - abs(share - 1)
    return _rounded(max(share, Decimal(0)) * 100)


def execution_rate(budget: Figure, executed: Figure) -> Decimal | None:
    """The execution rate (집행률): executed ÷ budget; none where either has no number or the budget is zero."""
    return percent(executed.value, budget.value)


@dataclass(frozen=True)
class Money:
    """A budget line, as far as it is added up."""

    budget: Figure
    executed: Figure
    gender_responsive: bool = False
    is_passed_on: bool = False


def budget_sums(lines: Iterable[Money], *, no_budget_needed: bool) -> dict[str, Figure]:
    """The sums of a submission's budget lines: ``total``, ``executed`` and ``gender_responsive``.

    A sum is 'not applicable' where no budget is needed, and 'not known' where any amount in it is missing. What another
    body passes on is in the body's own sums. Where there is any, ``passed_on`` is the budget of it, and ``own_total``,
    ``own_executed`` and ``own_gender_responsive`` are the sums without it: those are what is added over bodies.
    """
    lines = list(lines)
    sums = _sums(lines, Figure(None, FigureState.NOT_APPLICABLE if no_budget_needed else FigureState.NOT_KNOWN))
    passed_on = [line for line in lines if line.is_passed_on]
    if passed_on:
        own = _sums([line for line in lines if not line.is_passed_on], Figure(Decimal(), FigureState.VALUE))
        sums |= {f"own_{name}": figure for name, figure in own.items()}
        sums["passed_on"] = total(line.budget for line in passed_on)
    return sums


def _sums(lines: list[Money], of_none: Figure) -> dict[str, Figure]:
    return {
        "total": _sum([line.budget for line in lines], of_none),
        "executed": _sum([line.executed for line in lines], of_none),
        "gender_responsive": _sum([line.budget for line in lines if line.gender_responsive], of_none),
    }


def _sum(amounts: list[Figure], of_none: Figure) -> Figure:
    if not amounts:
        return of_none
    found = total(amounts)
    return Figure(None, FigureState.NOT_KNOWN) if found.is_empty else found


def relative_change(before: Figure, now: Figure) -> Decimal | None:
    """By how much a figure changed, in per cent of what it was; none where it was zero or either has no number."""
    if before.value is None or now.value is None or not before.value:
        return None
    return _rounded((now.value - before.value) * 100 / abs(before.value))


def participants(women: Figure, men: Figure) -> Figure:
    """Women and men together; not known where one of the two is."""
    return total([women, men])


def total_given(figures: Iterable[Figure]) -> Figure:
    """The sum of what was given: rows that were left empty count for nothing, one that is not known leaves no sum."""
    return total(figure for figure in figures if not figure.is_empty)


def rate_figure(rate: Decimal | None) -> Figure:
    """A rate as a figure, as a version keeps it; not given where there is none, or where no column could hold it."""
    return Figure() if rate is None or abs(rate) > LARGEST else Figure(rate, FigureState.VALUE)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
