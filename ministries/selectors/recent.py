"""What has changed in a round since yesterday, as far as its coordinators may know it; and the mark of all of it."""

import datetime as dt
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.utils import timezone

from ministries import rules
from ministries.models import Round, Submission
from ministries.selectors.schedule import ended_runs, has_run, reminding_rounds
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event, person_in
from nap_monitor.lib.prepared import last_of, number_of, prepared, total_of

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
    steps = (*rules.REVIEW_STEPS, *rules.INTERNAL_STEPS)
    columns = ("object_kind", "object_id", "kind", "at", "actor_label")
    events = prepared(
        ("recent", since), lambda: Event.objects.since(since).filter(kind__in=steps).values_list(*columns)
    )
    # The kind of object is asked here: in the query it would lead a database to the index of objects, so to all events.
    found = [
        Change(int(object_id), kind, at, person_in(actor)[0] or actor)
        for of, object_id, kind, at, actor in events.rows()
        if of == "ministries.submission" and int(object_id) in submissions
    ]
    return Recent(since, Counter(change.kind for change in found), found[:SHOWN])


@dataclass(frozen=True)
class Mark:
    """What an overview was made from, as words; ``is_late``: the schedule of reminders stands still."""

    words: tuple[str, ...]
    is_late: bool


def mark_of(plan: int, year: int) -> Mark | None:
    """What is another as soon as anything is that an overview of this round shows, for the rest of today; nothing where
    there is no such round. One query.

    Every write leaves an event, so one day's writes are counted with the events since yesterday, one that a slow
    transaction brings late as well; days are in it, as lateness and roles change with them. The submissions' own counts
    hold what is loaded with a time of the past. That the schedule stands still is seen by no event, but by the time
    that goes by.
    """
    today = clock.today()
    query = prepared(("overview", plan, year, today), lambda: _marks(plan, year, today))
    found = {row[0]: row[1:] for row in query.rows()}
    if ROUND not in found:
        return None
    is_late = bool(found[REMINDING][0]) and not has_run(found[RUNS][2])
    return Mark(tuple(map(str, (today, found[ROUND], found[EVENTS], found[SUBMISSIONS], is_late))), is_late)


EVENTS, SUBMISSIONS, ROUND, RUNS, REMINDING = range(5)


def _marks(plan: int, year: int, today: dt.date) -> QuerySet[Any, Any]:
    """What the mark is made of, in one query: of what, a number, another, and a time."""
    none, never = Value(0), Value(None, output_field=DateTimeField())
    rounds = Round.objects.filter(plan__number=plan).order_by()
    events = Event.objects.filter(at__gte=yesterday()).exclude(kind__in=CHANGE_NOTHING).order_by()
    rows = Submission.objects.filter(round__plan__number=plan, round__year__in=(year, year - 1)).order_by()
    # The first one has a time, so that a database knows what the columns are.
    return events.values_list(Value(EVENTS), number_of(), none, last_of("at")).union(
        rows.values_list(Value(SUBMISSIONS), number_of(), total_of("step"), last_of("updated_at")),
        rounds.filter(year=year).values_list(Value(ROUND), F("pk"), none, never),
        ended_runs().order_by().values_list(Value(RUNS), none, none, last_of("finished_at")),
        reminding_rounds(today).order_by().values_list(Value(REMINDING), number_of(), none, never),
        all=True,
    )
