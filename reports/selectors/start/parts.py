"""What the parts of a start page are made of."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ministries.enums import StateLabel
from ministries.models import Round
from ministries.selectors.submissions import Row

#: So many rows stand on a start page; the list has them all.
SHOWN = 8


@dataclass(frozen=True)
class Task:
    """A group of submissions that wait for this person, and how the list of the round is asked for them."""

    code: str
    rows: list[Row]
    total: int
    query: str = ""


@dataclass(frozen=True)
class Next:
    """The one thing to do next. ``code`` says what it is, ``verb`` what its button does at ``url``, ``why`` what
    hinders it, where something does."""

    code: str
    verb: str = ""
    url: str = ""
    number: int = 0
    row: Row | None = None
    year: int = 0
    day: dt.date | None = None
    why: str = ""


@dataclass(frozen=True)
class Part:
    """What every part of a start page has: what it is about, and what to do next in it."""

    kind: str
    next: Next
    tasks: list[Task] = field(default_factory=list)


def task(code: str, rows: Iterable[Row], query: str = "") -> Iterator[Task]:
    """The group of these rows; none where there is no row."""
    found = list(rows)
    if found:
        yield Task(code, found[:SHOWN], len(found), query)


def by_days_left(row: Row) -> tuple[int, str]:
    """The most urgent first."""
    return (row.days_left if row.days_left is not None else 0, row.code)


def counted(rows: Iterable[Row]) -> list[tuple[StateLabel, int]]:
    """How many rows there are in each state that occurs, in the order of the way."""
    found = [row.state for row in rows]
    return [(label, found.count(label)) for label in StateLabel if label in found]


def first_of(tasks: list[Task], makers: Mapping[str, Callable[[Task], Next]]) -> Next | None:
    """What to do next: about the first group for which there is a maker."""
    return next((makers[each.code](each) for each in tasks if each.code in makers), None)


def opening(round: Round | None) -> Next:
    """What is said before anything can be done: the round opens on a day, or there is none yet."""
    if round is None:
        return Next("no-round")
    return Next("not-open", year=round.year, day=round.opening_date)
