"""What stands on record of saving: an event for a save, or for a stretch in which somebody types and the page saves."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from ministries.models import Submission
from ministries.services.changes import Conflict
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event, EventQuerySet
from nap_monitor.lib.audit.services import record

#: Within this time a page that saves by itself puts each field on record once.
STRETCH = dt.timedelta(minutes=5)
#: Where a save of a field lies further back than so many events, nobody is named.
LOOKED_BACK = 200


def saves_of(submission: Submission) -> EventQuerySet:
    """The saves on record, oldest first."""
    return Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="save")


def record_save(submission: Submission, by: User, saved: Collection[str], *, token: str, by_itself: bool) -> None:
    """Put a save on record; one that a page made by itself only where it says something new.

    The record is never changed, so it cannot be extended: a save by itself leaves no event where this person saved the
    same fields within :data:`STRETCH`, with no step of the workflow and no other writer of these fields in between.
    """
    if by_itself and set(saved) <= _covered(submission, by, saved):
        return
    record(kind="save", subject=submission, by=by, data={"fields": sorted(saved), "token": token})


def _covered(submission: Submission, by: User, saved: Collection[str]) -> set[str]:
    """Those of the fields that this stretch has on record already. A row that was added in it covers its columns."""
    events = Event.objects.of("ministries.submission", str(submission.pk)).filter(at__gte=clock.now() - STRETCH)
    mine: set[str] = set()
    others: set[str] = set()
    for event in events.reverse():
        if event.kind != "save":
            break
        fields = _fields(event)
        if event.actor_id == str(by.pk):
            mine |= fields - others
        else:
            others |= fields
    added = {mark.partition(":")[2] for mark in mine if mark.partition(":")[0] in ("activities", "budget")}
    return {mark for mark in saved if mark in mine or (mark.partition(":")[2] in added and mark not in others)}


def told(submission: Submission, by: User, conflicts: Collection[Conflict], last: dt.datetime | None) -> list[Conflict]:
    """The conflicts, each with who saved the stored value and when. ``last`` is when the submission was last saved.

    The newest event stands for its whole stretch, so the field may have been saved as late as ``last``.
    """
    events = list(saves_of(submission).reverse()[:LOOKED_BACK]) if conflicts else []
    found = []
    for conflict in conflicts:
        event = next((each for each in events if conflict.marks & _fields(each)), None)
        if event is None:
            found.append(conflict)
            continue
        is_in_stretch = last is not None and event is events[0] and event.at < last < event.at + STRETCH
        is_own = event.actor_id == str(by.pk)
        found.append(replace(conflict, by=event.actor_name, at=last if is_in_stretch else event.at, is_own=is_own))
    return found


def _fields(event: Event) -> set[str]:
    return set(event.data.get("fields", ()))
