"""When things happen in the sample years: the rounds' dates, and working hours between two days."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from ministries.sample.dice import Dice
from objectives.models import Plan

#: How many years of a plan the sample shows, and how the last of them lies to the day on which it is loaded.
YEARS = 3
OPENED_AGO = dt.timedelta(days=35)
DUE_IN = dt.timedelta(days=21)
CLOSING_IN = dt.timedelta(days=42)
#: How long after a round's closing the coordinator may still be reading.
REVIEW = dt.timedelta(days=21)
#: A round a year earlier, on the same day of the week.
A_YEAR = dt.timedelta(days=364)

_OPENS_AT = 9
_HOURS = 9
_SATURDAY = 5


@dataclass(frozen=True)
class Dates:
    """The days of a round."""

    year: int
    opening: dt.date
    due: dt.date
    closing: dt.date
    is_running: bool


def dates_of(plan: Plan, today: dt.date) -> list[Dates]:
    """The rounds of the sample, oldest first. The last one is under way on ``today``; the others are over.

    A round that is over has the usual days: results by 31 January of the next year. Where that is not over yet, it is
    moved to the same days a year (or two) before the one under way.
    """
    years = list(plan.years)[:YEARS]
    opening = today - OPENED_AGO
    rounds = [_past(year, opening, len(years) - 1 - place) for place, year in enumerate(years[:-1])]
    return [*rounds, Dates(years[-1], opening, today + DUE_IN, today + CLOSING_IN, is_running=True)]


def _past(year: int, running_opening: dt.date, years_before: int) -> Dates:
    usual = Dates(year, dt.date(year, 12, 1), dt.date(year + 1, 1, 31), dt.date(year + 1, 2, 28), is_running=False)
    first = running_opening - A_YEAR * years_before
    if usual.opening <= first:
        return usual
    later = first - usual.opening
    return Dates(year, first, usual.due + later, usual.closing + later, is_running=False)


def moments(dice: Dice, name: str, first: dt.date, last: dt.date, count: int) -> list[dt.datetime]:
    """``count`` moments in working hours from ``first`` to ``last`` (both included), in order of time."""
    days = _working_days(first, last)
    places = sorted(dice.fraction(f"{name} {number}") * len(days) for number in range(count))
    return [_moment(days, place) for place in places]


def _working_days(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < _SATURDAY] or days


def _moment(days: Sequence[dt.date], place: float) -> dt.datetime:
    day, part = days[int(place)], place - int(place)
    start = timezone.make_aware(dt.datetime.combine(day, dt.time(_OPENS_AT)))
    return start + dt.timedelta(seconds=int(part * _HOURS * 3600))
