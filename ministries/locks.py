"""Why somebody can't edit a submission, and what to do about it: the one answer that every page, form and file gives.

No other place says such a thing in words of its own; a test asks every refusing address for every lock.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ministries import rules
from ministries.enums import Lock, Role, State
from nap_monitor.lib import clock

if TYPE_CHECKING:
    from ministries.models import Round, Submission
    from ministries.rules import Person


@dataclass(frozen=True)
class Why:
    """Why it can't be edited (``sentence``) and what to do next (``then``), in the language of the page."""

    lock: Lock
    sentence: str
    then: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.then}"


def period_lock(submission: "Submission") -> Lock | None:
    """Whether the round's period forbids writing and submitting today; an exception lifts that."""
    today = clock.today()
    if submission.extended_until and submission.extended_until >= today:
        return None
    if submission.round.is_closed(today):
        return Lock.CLOSED
    return None if submission.round.is_opened(today) else Lock.NOT_OPEN


def edit_lock(submission: "Submission", by: "Person") -> Lock | None:
    """Why ``by`` can't edit the submission now: the first that holds, or nothing."""
    if not rules.allows(by, "ministries.change_submission", submission):
        return Lock.OTHERS
    by_state = {
        State.CONFIRMED: Lock.CONFIRMED,
        State.SUBMITTED: Lock.UNDER_REVIEW,
        State.SIGNED_OFF: Lock.SIGNED_OFF,
    }
    return by_state.get(State(submission.state)) or period_lock(submission)


def why_locked(submission: "Submission", by: "Person") -> Why | None:
    """Why ``by`` can't edit the submission now, and what to do about it; nothing where they can."""
    lock = edit_lock(submission, by)
    return explain(lock, submission.round, by, until=submission.extended_until) if lock else None


def why_not_submitted(submission: "Submission", by: "Person | None") -> Why | None:
    """Why the period forbids submitting it now; nothing where it does not."""
    lock = period_lock(submission)
    return explain(lock, submission.round, by, until=submission.extended_until) if lock else None


def why_not_translated(submission: "Submission", by: "Person") -> str:
    """Why ``by``, who translates what is submitted, can't translate this now: its body is still writing it."""
    return str(explain(Lock.WRITING, submission.round, by))


def explain(lock: Lock, round: "Round", by: "Person | None", until: dt.date | None = None) -> Why:
    """The words for a lock in this round. ``until`` is the last day of the exception that there was."""
    if lock is Lock.OTHERS:
        return others()
    sentence = _closed(round, until) if lock is Lock.CLOSED else str(lock.label)
    return Why(lock, sentence, _then(lock, round, by))


def others() -> Why:
    """The words for who never writes here, whatever the state and the round."""
    return Why(Lock.OTHERS, str(Lock.OTHERS.label), _("Ask them where something is to be changed."))


def _closed(round: "Round", until: dt.date | None) -> str:
    said = str(Lock.CLOSED.label)
    if round.closed_at:
        day = date_format(localtime(round.closed_at), "DATE_FORMAT")
        said = _("The coordinator closed this round on %(day)s.") % {"day": day}
    if until and until < clock.today():
        over = _("The exception was until %(day)s.") % {"day": date_format(until, "DATE_FORMAT")}
        return f"{said} {over}"
    return said


def _then(lock: Lock, round: "Round", by: "Person | None") -> str:
    if lock is Lock.SIGNED_OFF:
        return _("Take it back to change it.")
    if lock is Lock.NOT_OPEN:
        return _("It can be written from %(day)s on.") % {"day": date_format(round.opening_date, "DATE_FORMAT")}
    if lock is Lock.WRITING:
        return _("It can be translated as soon as the body has submitted it.")
    names = coordinators(by)
    if lock is Lock.CONFIRMED:
        return _("Only a coordinator can reopen it. Ask with the reason: %(names)s.") % {"names": names}
    if lock is Lock.UNDER_REVIEW:
        return _("To change something, ask a coordinator to return it: %(names)s.") % {"names": names}
    return _(
        "It takes an extension to go on. Ask for more time on the page of the submission, with the reason. "
        "It is answered by: %(names)s."
    ) % {"names": names}


def coordinators(by: "Person | None" = None) -> str:
    """The names of today's coordinators, read once for each loaded user object; else the lead ministry."""
    from ministries.models import Appointment

    today = clock.today()
    cached: tuple[dt.date, list[str]] | None = by.__dict__.get("_coordinators") if by is not None else None
    if cached is None or cached[0] != today:
        held = Appointment.objects.holding(today).filter(role=Role.COORDINATOR, user__is_active=True)
        cached = (today, sorted({name for name in held.values_list("user__name", flat=True) if name}))
        if by is not None:
            by.__dict__["_coordinators"] = cached
    return ", ".join(cached[1]) or _("the lead ministry")
