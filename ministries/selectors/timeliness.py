"""Whether submissions came in time: counted by the first submission against the due date that held then."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from ministries.models import Submission
from nap_monitor.lib.audit.models import Event


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


def days_late(submissions: Iterable[Submission]) -> dict[int, int]:
    """By how many days each submission came late, by its id; without those that came in time or not at all.

    An exception that was granted after the first submission, as a return does, does not make it timely: what held
    until then is on record. Its round must be on each submission.
    """
    found: dict[int, int] = {}
    to_look_up: dict[int, dt.date] = {}
    for each in submissions:
        first = day_of(each.first_submitted_at)
        if first is None or first <= each.round.due_date:
            continue
        found[each.pk] = (first - each.round.due_date).days
        if each.extended_until:
            to_look_up[each.pk] = first
    for pk, until in _held(to_look_up).items():
        late = (to_look_up[pk] - until).days
        if late <= 0:
            del found[pk]
        else:
            found[pk] = min(found[pk], late)
    return found


def _held(first_days: Mapping[int, dt.date]) -> dict[int, dt.date]:
    """Until when the last exception was granted that each submission had on the day of its first submission."""
    granted = Event.objects.filter(
        object_kind="ministries.submission", object_id__in=[str(pk) for pk in first_days], kind="extend"
    )
    found: dict[int, dt.date] = {}
    for object_id, at, data in granted.order_by("at", "sequence").values_list("object_id", "at", "data"):
        if (day_of(at) or dt.date.max) <= first_days[int(object_id)] and data.get("due_date"):
            found[int(object_id)] = dt.date.fromisoformat(data["due_date"])
    return found
