"""Whether the schedule runs: asked by the start page of a coordinator."""

import datetime as dt
from dataclasses import dataclass

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
    last = ScheduleRun.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    today = clock.today()
    waits = Round.objects.filter(opening_date__lte=today, closing_date__gte=today, reminder_rules__isnull=False)
    ran = last is not None and last.finished_at is not None and last.finished_at > clock.now() - LATE_AFTER
    return ScheduleState(last, is_late=not ran and waits.exists())
