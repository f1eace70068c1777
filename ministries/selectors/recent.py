"""What has changed in a round since yesterday, as far as its coordinators may know it; and the mark of all of it."""

import datetime as dt
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from django.db.models import Count, Max, Sum
from django.utils import timezone

from ministries import rules
from ministries.models import Round, Submission
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event, person_in

#: So many of the newest are told one by one.
SHOWN = 6
#: Events after which every overview is as it was: who came and went, and what was taken out.
CHANGE_NOTHING = ("sign_in", "failed_sign_in", "sign_out", "download", "export")


@dataclass(frozen=True)
class Change:
    """A step on a submission: which, when, by whom."""

    submission: int
    kind: str
    at: dt.datetime
    actor: str


@dataclass(frozen=True)
class Recent:
    """How many steps of each kind since ``since``, and the newest of them."""

    since: dt.datetime
    counts: Counter[str]
    newest: list[Change]


def yesterday() -> dt.datetime:
    """The beginning of yesterday, in the project's time zone."""
    day = clock.today() - dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def recent_changes(submissions: Container[int]) -> Recent:
    """The steps since yesterday on these submissions that coordinators may know of. What bodies do inside is none.

    It takes as long as there are events since yesterday, however many there are before.
    """
    since = yesterday()
    events = Event.objects.since(since).filter(kind__in=(*rules.REVIEW_STEPS, *rules.INTERNAL_STEPS))
    # The kind of object is asked here: in the query it would lead a database to the index of objects, so to all events.
    found = [
        Change(int(object_id), kind, at, person_in(actor)[0] or actor)
        for of, object_id, kind, at, actor in events.values_list(
            "object_kind", "object_id", "kind", "at", "actor_label"
        )
        if of == "ministries.submission" and int(object_id) in submissions
    ]
    return Recent(since, Counter(change.kind for change in found), found[:SHOWN])


def mark_of(round: Round) -> list[str]:
    """What is another as soon as anything is that an overview of this round shows, for the rest of today.

    Every write leaves an event, so one day's writes are counted with the events since yesterday, one that a slow
    transaction brings late as well; days are in it, as lateness and roles change with them. The submissions' own counts
    hold what is loaded with a time of the past.
    """
    written = Event.objects.filter(at__gte=yesterday()).exclude(kind__in=CHANGE_NOTHING).order_by()
    events = written.aggregate(number=Count("pk"), last=Max("at"))
    years = (round.year, round.year - 1)
    rows = Submission.objects.filter(round__plan_id=round.plan_id, round__year__in=years).order_by()
    counted = rows.aggregate(number=Count("pk"), steps=Sum("step"), last=Max("updated_at"))
    return [str(clock.today()), *map(str, events.values()), *map(str, counted.values())]
