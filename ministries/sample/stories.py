"""What becomes of each submission of a sample round: which steps are taken, and when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ministries.models import Assignment
from ministries.sample.calendar import REVIEW, Dates, moments
from ministries.sample.dice import Dice

#: Steps, by the names that :mod:`ministries.sample.play` knows.
WRITE, PART, REVISE = "write", "part", "revise"
SIGN_OFF, SEND_BACK, SUBMIT = "sign_off", "send_back", "submit"
RETURN, RESOLVE, CONFIRM, REOPEN, EXTEND = "return", "resolve", "confirm", "reopen", "extend"

TO_SUBMITTED = (WRITE, SIGN_OFF, SUBMIT)
TO_SUBMITTED_AFTER_SEND_BACK = (WRITE, SIGN_OFF, SEND_BACK, REVISE, SIGN_OFF, SUBMIT)
AGAIN = (REVISE, SIGN_OFF, SUBMIT)

#: What happens on the way, in a share of the submissions of a year that is over.
SENT_BACK_ON_THE_WAY = 0.1
RETURNED_ON_THE_WAY = 0.14
CONFIRMED_TWICE = 0.02
LATE = 0.06
#: How many bodies never sent something in the last year that is over.
MISSING = 3
#: At most one in so many.
MISSING_OF = 4
#: How long an exception for one of them holds, from the day on which the sample is loaded.
EXCEPTION = dt.timedelta(days=60)


class End(Enum):
    """Where a submission stands in the end; the value is its share, in per cent, in the round that is under way."""

    CONFIRMED = 17.0
    NOT_STARTED = 23.0
    DRAFT = 19.0
    SUBMITTED = 17.1
    SIGNED_OFF = 9.0
    RETURNED = 5.0
    SUBMITTED_AGAIN = 4.0
    SENT_BACK = 3.0
    REOPENED = 1.0
    EXTENDED = 1.1


PATHS: dict[End, tuple[str, ...]] = {
    End.NOT_STARTED: (),
    End.DRAFT: (PART,),
    End.EXTENDED: (PART, EXTEND),
    End.SIGNED_OFF: (WRITE, SIGN_OFF),
    End.SENT_BACK: (WRITE, SIGN_OFF, SEND_BACK),
    End.SUBMITTED: TO_SUBMITTED,
    End.RETURNED: (*TO_SUBMITTED, RETURN),
    End.SUBMITTED_AGAIN: (*TO_SUBMITTED, RETURN, *AGAIN),
    End.CONFIRMED: (*TO_SUBMITTED, CONFIRM),
    End.REOPENED: (*TO_SUBMITTED, CONFIRM, REOPEN),
}


@dataclass(frozen=True)
class Step:
    """A step, when it is taken, and the new due date that goes with it."""

    name: str
    at: dt.datetime
    due_date: dt.date | None = None


@dataclass(frozen=True)
class Story:
    """What becomes of one assignment's submission."""

    assignment: Assignment
    steps: tuple[Step, ...]

    @property
    def is_written(self) -> bool:
        """Whether the whole report gets written."""
        return any(step.name == WRITE for step in self.steps)


def stories(
    assignments: Sequence[Assignment], dates: Dates, dice: Dice, *, today: dt.date, last_over: bool
) -> list[Story]:
    """The stories of a round. ``last_over`` says that it is the last one that is over: there, some never reported."""
    if dates.is_running:
        return _running(assignments, dates, dice, today)
    missing = _missing(assignments, dice) if last_over else []
    left_out = {row.pk: _left_out(row, place, dates, dice, today) for place, row in enumerate(reversed(missing))}
    ways = {}
    for place, row in enumerate(dice.shuffled("ways", [row for row in assignments if row.pk not in left_out])):
        ways[row.pk] = _way_through(dice.about(str(row)), certain=place)
    return [
        left_out.get(row.pk) or Story(row, _past_steps(ways[row.pk], dates, dice.about(str(row))))
        for row in assignments
    ]


def _running(assignments: Sequence[Assignment], dates: Dates, dice: Dice, today: dt.date) -> list[Story]:
    """Every end once, where there are enough assignments; the rest by their shares."""
    certain = list(End)
    first, last = dates.opening + dt.timedelta(days=1), today - dt.timedelta(days=1)
    found = []
    for row in dice.shuffled("ends", assignments):
        own = dice.about(str(row))
        end = certain.pop(0) if certain else own.weighted("end", {end: end.value for end in End})
        path = PATHS[end]
        times = moments(own, "steps", first, last, len(path))
        until = dates.due + dt.timedelta(days=14)
        steps = [Step(name, at, until if name == EXTEND else None) for name, at in zip(path, times, strict=True)]
        found.append(Story(row, tuple(steps)))
    return found


def _way_through(dice: Dice, certain: int) -> tuple[str, ...]:
    """The way to confirmation; each detour is taken at least once in a year."""
    way: tuple[str, ...] = TO_SUBMITTED
    if certain == 0 or dice.chance("sent back", SENT_BACK_ON_THE_WAY):
        way = TO_SUBMITTED_AFTER_SEND_BACK
    if certain == 1 or dice.chance("returned", RETURNED_ON_THE_WAY):
        way = (*way, RETURN, *AGAIN, RESOLVE)
    way = (*way, CONFIRM)
    if certain == 2 or dice.chance("twice", CONFIRMED_TWICE):
        way = (*way, REOPEN, *AGAIN, CONFIRM)
    return way


def _past_steps(way: Sequence[str], dates: Dates, dice: Dice) -> tuple[Step, ...]:
    """The steps up to the first submit in the time for writing, the others in that for reviewing."""
    written = way.index(SUBMIT) + 1
    first = dates.opening + dt.timedelta(days=1)
    if dice.chance("late", LATE):
        times = moments(dice, "writing", first, dates.due, 1)
        times += moments(dice, "late", dates.due + dt.timedelta(days=1), dates.closing, written - 1)
    else:
        times = moments(dice, "writing", first, dates.due, written)
    review = times[-1].date() + dt.timedelta(days=1)
    times += moments(dice, "review", review, dates.closing + REVIEW, len(way) - written)
    return tuple(
        Step(name, at, _answer_until(way, times, place, dates.due) if name in (RETURN, REOPEN) else None)
        for place, (name, at) in enumerate(zip(way, times, strict=True))
    )


def _answer_until(way: Sequence[str], times: Sequence[dt.datetime], place: int, due: dt.date) -> dt.date | None:
    """The new due date that a return sets where the answer comes after the round's: a few days after the answer."""
    answered = times[way.index(SUBMIT, place)].date()
    return answered + dt.timedelta(days=3) if answered > due else None


def _missing(assignments: Sequence[Assignment], dice: Dice) -> list[Assignment]:
    """One assignment each of the bodies that carry most (the lead ministry left out): these never reported."""
    by_body: dict[int, list[Assignment]] = {}
    for row in dice.shuffled("missing", [row for row in assignments if not row.body.is_lead]):
        by_body.setdefault(row.body_id, []).append(row)
    busiest = sorted(by_body.values(), key=lambda rows: (-len(rows), rows[0].body.code))
    return [rows[0] for rows in busiest[: min(MISSING, len(assignments) // MISSING_OF)]]


def _left_out(row: Assignment, place: int, dates: Dates, dice: Dice, today: dt.date) -> Story:
    """Never submitted. The first two may still come in, so that the whole way can be walked on a year that is over.

    The exceptions are of the day before the sample is loaded; the first one has been begun.
    """
    steps = []
    if place == 0:
        (begun,) = moments(dice.about(str(row)), "writing", dates.opening, dates.due, 1)
        steps.append(Step(PART, begun))
    if place < MISSING - 1:
        yesterday = today - dt.timedelta(days=1)
        (allowed,) = moments(dice.about(str(row)), "exception", yesterday, yesterday, 1)
        steps.append(Step(EXTEND, allowed, today + EXCEPTION))
    return Story(row, tuple(steps))
