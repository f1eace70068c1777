"""Whether submissions came in time: counted by the first submission against the due date that held then."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from ministries.models import Extension
from nap_monitor.lib.prepared import prepared

#: An exception: its last day, when it was granted, when it was ended.
Exemption = tuple[dt.date, dt.datetime, dt.datetime | None]


@dataclass(frozen=True)
class Counts:
    """How many of the submissions that are expected were reported, in time, confirmed; how many are overdue now.

    ``reported``: submitted at least once, whatever has come of it since. ``on_time``: the first time not after the due
    date that held on that day. All are of ``expected``, which is never less than any of them.
    """

    expected: int = 0
    reported: int = 0
    on_time: int = 0
    confirmed: int = 0
    overdue: int = 0


def day_of(moment: dt.datetime | None) -> dt.date | None:
    """The day of a moment, in the project's time zone."""
    return moment.astimezone(timezone.get_default_timezone()).date() if moment else None


def days_late(submissions: Iterable[Any]) -> dict[int, int]:
    """By how many days each submission came late, by its id; without those that came in time or not at all.

    What counts is the due date at the moment of the first submission: the round's, or that of an exception in force
    then, of the submission or of its body. One that was granted later, as a return does, makes nothing timely. Each
    submission comes with its round and its ``body_id``.
    """
    rows = [each for each in submissions if each.first_submitted_at]
    late = {each.pk: each for each in rows if day_of(each.first_submitted_at) > each.round.due_date}
    by_submission, by_body = _exceptions({each.round_id for each in rows})
    found: dict[int, int] = {}
    for pk, each in late.items():
        first = each.first_submitted_at
        given = [*by_submission.get(pk, ()), *by_body.get((each.round_id, each.body_id), ())]
        held = [until for until, at, ended in given if at <= first and (ended is None or ended >= first)]
        days = (day_of(first) - max([each.round.due_date, *held])).days
        if days > 0:
            found[pk] = days
    return found


def _exceptions(rounds: Collection[int]) -> tuple[dict[int, list[Exemption]], dict[tuple[int, int], list[Exemption]]]:
    """The exceptions of these rounds by submission, and those of whole bodies by round and body."""
    by_submission: dict[int, list[Exemption]] = {}
    by_body: dict[tuple[int, int], list[Exemption]] = {}
    columns = ("round_id", "body_id", "submission_id", "until", "at", "ended_at")
    ids = frozenset(rounds)
    if not ids:
        return by_submission, by_body
    query = prepared(
        ("exceptions", ids), lambda: Extension.objects.filter(round__in=sorted(ids)).order_by().values_list(*columns)
    )
    for round_id, body_id, submission_id, *exemption in query.rows():
        if submission_id is None:
            by_body.setdefault((round_id, body_id), []).append((exemption[0], exemption[1], exemption[2]))
        else:
            by_submission.setdefault(submission_id, []).append((exemption[0], exemption[1], exemption[2]))
    return by_submission, by_body
