"""Whether the schedule runs: asked by the start page of a coordinator."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from ministries.models import Round, ScheduleRun
from nap_monitor.lib import clock

#: A day, and an hour so that a daily run is not late by minutes.
LATE_AFTER = dt.timedelta(hours=25)


@dataclass(frozen=True)
class ScheduleState:
    """The last run that came to its end, and whether that is too long ago while a round is open."""

    last: ScheduleRun | None
    is_late: bool


def schedule_state() -> ScheduleState:
    """How the schedule stands, in two queries. Without an open round that reminds, nothing is late."""
    last = ended_runs().order_by("-finished_at").first()
    ran = has_run(last.finished_at if last else None)
    return ScheduleState(last, is_late=not ran and reminding_rounds(clock.today()).exists())


def ended_runs() -> QuerySet[ScheduleRun]:
    """The runs that came to their end."""
    return ScheduleRun.objects.filter(finished_at__isnull=False)


def reminding_rounds(day: dt.date) -> QuerySet[Round]:
    """The rounds that are open on this day and remind of it."""
    return Round.objects.filter(opening_date__lte=day, closing_date__gte=day, reminder_rules__isnull=False)


def has_run(finished_at: dt.datetime | None) -> bool:
    """Whether the last run that came to its end is not too long ago."""
    return finished_at is not None and finished_at > clock.now() - LATE_AFTER
