"""Searching the record. However long it is, a page costs the same: the first one, a deep one, one that finds little.

Three things hold that. A page begins after the event with which the one before it ended (its time, its order, its id),
so nothing is counted off. One condition is answered by an index, and the others are asked of what that one finds. And
a page looks through at most :data:`WINDOW` events: where these do not fill it, it says how far it looked, and goes on
from there when asked.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from ministries.models import ImplementingBody, Submission
from ministries.record_rules import PERSON, SUBMISSION, visible_events
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event, EventQuerySet

if TYPE_CHECKING:
    from ministries.rules import Person

#: Events on a page, and the most that are looked through for one.
PAGE_SIZE = 50
WINDOW = 20_000
#: How far matches are counted; beyond that it is said that there are more.
COUNTED = 200
NOTHING = uuid.UUID(int=0)


@dataclass(frozen=True)
class RecordSearch:
    """What is looked for; what is left out limits nothing. Days are included, in the project's time zone."""

    submission: Submission | None = None
    person: User | None = None
    body: str = ""
    kind: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    words: str = ""


@dataclass(frozen=True)
class Place:
    """A place in the record: what comes after it, newest first, is older."""

    at: dt.datetime
    sequence: int
    id: uuid.UUID

    @classmethod
    def of(cls, event: Event) -> "Place":
        """The place of an event."""
        return cls(event.at, event.sequence, event.pk)

    @classmethod
    def before(cls, at: dt.datetime) -> "Place":
        """The place before which all that happened at this moment lies."""
        return cls(at, -1, NOTHING)

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place that an address names. Raises ``ValueError`` for anything that :meth:`__str__` does not give."""
        at, sequence, identity = text.split("_")
        place = cls(dt.datetime.fromisoformat(at), int(sequence), uuid.UUID(identity))
        if place.at.utcoffset() != dt.timedelta() or not -1 <= place.sequence < 2**31 or str(place) != text:
            raise ValueError(text)
        return place

    def __str__(self) -> str:
        moment = self.at.astimezone(dt.UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='microseconds')}+00:00_{self.sequence}_{self.id.hex}"

    def older(self) -> Q:
        """What lies after it, as a filter. The first condition is the one that an index answers."""
        later = Q(sequence__lt=self.sequence) | Q(sequence=self.sequence, id__lt=self.id)
        return Q(at__lte=self.at) & (Q(at__lt=self.at) | later)


@dataclass
class Found:
    """A page of the record. ``next`` is where the older ones begin; ``None`` at the end of what there is.

    ``looked_back_to``: the page is not full, and this is how far it was looked; there may be more before that.
    """

    events: list[Event] = field(default_factory=list)
    next: Place | None = None
    looked_back_to: dt.datetime | None = None
    #: Where the looking ended, whether or not the page was filled before.
    floor: dt.datetime | None = None


def find_events(user: "Person", search: RecordSearch, after: Place | None = None, size: int = PAGE_SIZE) -> Found:
    """The newest events after a place that fit, as far as ``user`` may read them. Takes a fixed number of queries."""
    parts = [_on_days(rows, search) for rows in _branches(search)]
    floor = _floor(parts, after)
    if after:
        parts = [rows.filter(after.older()) for rows in parts]
    fitting = _fitting(user, search)
    if floor is not None:
        fitting &= Q(at__gte=floor)
    events = [event for rows in parts for event in _newest_first(rows.filter(fitting))[: size + 1]]
    events.sort(key=lambda event: (event.at, event.sequence, event.pk), reverse=True)
    if len(events) > size:
        return Found(events[:size], Place.of(events[size - 1]), floor=floor)
    if floor is None:
        return Found(events)
    return Found(events, Place.before(floor), looked_back_to=floor, floor=floor)


def count_events(user: "Person", search: RecordSearch, first: Found) -> tuple[int, bool]:
    """How many fit, and whether there are or may be more: to :data:`COUNTED`, in what the first page looked through."""
    parts = [_on_days(rows, search) for rows in _branches(search)]
    fitting = _fitting(user, search) & (Q(at__gte=first.floor) if first.floor else Q())
    number = sum(rows.filter(fitting).order_by()[: COUNTED + 1].count() for rows in parts)
    return min(number, COUNTED), number > COUNTED or first.floor is not None


def all_events(user: "Person", search: RecordSearch, limit: int, chunk: int = 1_000) -> Iterator[Event]:
    """Everything that fits, newest first, page after page, ``limit`` at most: what an export holds."""
    place: Place | None = None
    while limit > 0:
        found = find_events(user, search, place, min(chunk, limit))
        yield from found.events
        limit -= len(found.events)
        place = found.next
        if place is None:
            return


def bodies() -> list[tuple[str, str]]:
    """The bodies to choose from: code and name."""
    return [(body.code, str(body)) for body in ImplementingBody.objects.prefetch_related("names")]


def people_called(words: str, most: int = 10) -> list[User]:
    """The people with this in their name or address, or with this id; ``most`` of them."""
    words = words.strip()
    if not words:
        return []
    try:
        return list(User.objects.filter(pk=uuid.UUID(words)))
    except ValueError:
        called = User.objects.filter(Q(name__icontains=words) | Q(email__icontains=words))
        exact = list(called.filter(Q(email__iexact=words) | Q(name=words))[:2])
        return exact if len(exact) == 1 else list(called.order_by("name", "email")[:most])


def submission_called(user: "Person", words: str) -> Submission | None:
    """The submission of this year, body and number (as the record names it), as far as ``user`` may see it."""
    parts = words.split()
    if len(parts) != 3 or not parts[0].isdecimal() or len(parts[0]) != 4:
        return None
    found = Submission.objects.visible_to(user).filter(
        round__year=int(parts[0]), assignment__body__code__iexact=parts[1], assignment__action_plan__code=parts[2]
    )
    return found.select_related("round__plan", "assignment__body", "assignment__action_plan").order_by("-pk").first()


def _branches(search: RecordSearch) -> list[EventQuerySet]:
    """The condition that an index answers: the one that finds least. What a person did, and what was done to them, are
    looked for apart, since no index answers both."""
    rows = Event.objects.all()
    if search.submission is not None:
        return [rows.filter(object_kind=SUBMISSION, object_id=str(search.submission.pk))]
    if search.person is not None:
        me = str(search.person.pk)
        return [rows.filter(actor_id=me), rows.filter(object_kind=PERSON, object_id=me).exclude(actor_id=me)]
    if search.body:
        return [rows.filter(object_body=search.body)]
    return [rows.filter(kind=search.kind)] if search.kind else [rows]


def _fitting(user: "Person", search: RecordSearch) -> Q:
    """What is looked for beside the condition of :func:`_branches`, with what this person may read.

    That one condition is not said again: PostgreSQL would take the two for two and expect next to nothing.
    """
    fitting = visible_events(user)
    if search.person is not None and search.submission is not None:
        me = str(search.person.pk)
        fitting &= Q(actor_id=me) | Q(object_kind=PERSON, object_id=me)
    if search.body and (search.submission or search.person):
        fitting &= Q(object_body=search.body)
    if search.kind and (search.submission or search.person or search.body):
        fitting &= Q(kind=search.kind)
    if search.words:
        fitting &= Q(object_label__icontains=search.words) | Q(reason__icontains=search.words)
    return fitting


def _on_days(rows: EventQuerySet, search: RecordSearch) -> EventQuerySet:
    if search.start:
        rows = rows.filter(at__gte=_midnight(search.start))
    return rows.filter(at__lt=_midnight(search.end + dt.timedelta(days=1))) if search.end else rows


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _floor(parts: Sequence[EventQuerySet], after: Place | None) -> dt.datetime | None:
    """The moment before which a page does not look; ``None`` where it looks through all that is left.

    That of the first event behind the window, the nearest where there are two. It asks for times alone, which the
    index has; so a place among events of one moment counts all of these.
    """
    if after:
        parts = [
            rows.filter(at__lt=after.at) if after.sequence < 0 else rows.filter(at__lte=after.at) for rows in parts
        ]
    ends = [rows.order_by("-at").values_list("at", flat=True)[WINDOW : WINDOW + 1].first() for rows in parts]
    return max((end for end in ends if end is not None), default=None)


def _newest_first(rows: EventQuerySet) -> EventQuerySet:
    return rows.order_by("-at", "-sequence", "-id")
