"""Notices: written with the event that they tell of, marked as read, and swept after a time.

The record asks :func:`tell` after each event, in the same transaction (``apps.py``). So no service has to think of it,
and what is rolled back tells nobody.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model

from ministries.enums import AWAITED, NoticeKind, Visibility
from ministries.models import Appointment, Extension, ExtensionRequest, ImplementingBody, Notice, Round, Submission
from ministries.notice_rules import told
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock

if TYPE_CHECKING:
    from nap_monitor.lib.audit.models import Event

#: So long a notice is kept, read or not. The record keeps what happened.
KEPT = dt.timedelta(days=365)

#: What a notice calls an event on a submission. What is no kind here tells nobody.
OF_SUBMISSIONS = {
    "send_back": NoticeKind.SEND_BACK,
    "return": NoticeKind.RETURN,
    "confirm": NoticeKind.CONFIRM,
    "reopen": NoticeKind.REOPEN,
    "add_remark": NoticeKind.REMARK,
    "widen_remark": NoticeKind.REMARK,
    "add_inside_remark": NoticeKind.INSIDE_REMARK,
    "extend": NoticeKind.EXTEND,
    "submit": NoticeKind.SUBMIT,
    "answer_remark": NoticeKind.ANSWER,
    "ask_extension": NoticeKind.ASK_EXTENSION,
    "decline_extension": NoticeKind.DECLINE,
}
OF_EXTENSIONS = {"grant": NoticeKind.EXTEND, "end": NoticeKind.END_EXTENSION}
OF_REQUESTS = {kind: OF_SUBMISSIONS[kind] for kind in ("ask_extension", "decline_extension")}
OF_ROUNDS = {
    "change": NoticeKind.CHANGE_DATES,
    "close": NoticeKind.CLOSE_ROUND,
    "undo_close": NoticeKind.REOPEN_ROUND,
}
#: What of a round decides when its bodies write and submit.
DATES = ("opening_date", "due_date", "closing_date")
OF_PEOPLE = {"hand_over": NoticeKind.HAND_OVER, "revoke_handover": NoticeKind.REVOKE_HANDOVER}


@dataclass(frozen=True)
class _Matter:
    """What an event is about: whose, where it leads, and who is told beside those who hold the roles.

    Of several bodies, each gets its own notice; all other matters are of one body.
    """

    kind: NoticeKind
    bodies: tuple[int, ...]
    submission_id: int | None = None
    round_id: int | None = None
    also: frozenset[uuid.UUID] = frozenset()


def tell(event: "Event", subject: Model, by: User | None) -> None:
    """Write the notices of an event to all whom it concerns today, save who did it. Call it in its transaction."""
    find = MATTERS.get(subject._meta.label_lower)
    matter = find(event, subject) if find else None
    if matter is None or not matter.bodies:
        return
    appointed = Appointment.objects.holding().filter(told(matter.kind, matter.bodies), user__is_active=True)
    held = appointed.order_by().values_list("user_id", "body_id")
    first = matter.bodies[0]
    whose = {(person, body if body in matter.bodies else first) for person, body in held}
    whose |= {(person, first) for person in matter.also}
    Notice.objects.bulk_create(
        Notice(
            person_id=person,
            event=event.pk,
            kind=matter.kind,
            at=event.at,
            body_id=body,
            submission_id=matter.submission_id,
            round_id=matter.round_id,
        )
        for person, body in sorted(whose, key=str)
        if by is None or person != by.pk
    )


def mark_read(*, notice: Notice, by: User) -> Notice:
    """Mark a notice as read; the first time counts. It is between a person and the page: no event of the record."""
    if notice.person_id == by.pk and notice.read_at is None:
        notice.read_at = clock.now()
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=notice.read_at)
    return notice


def mark_all_read(*, by: User, until: dt.datetime) -> int:
    """Mark all notices of ``by`` up to this moment as read: not those that came after the page was made. How many."""
    found = Notice.objects.visible_to(by).unread().filter(at__lte=until)
    return found.update(read_at=clock.now())


def sweep() -> int:
    """Remove the notices that are older than :data:`KEPT`. How many."""
    removed, _kinds = Notice.objects.filter(at__lt=clock.real_now() - KEPT).delete()
    return removed


def _of_submission(event: "Event", subject: Submission) -> _Matter | None:
    kind, data = OF_SUBMISSIONS.get(event.kind), event.data
    if kind is None:
        return None
    if event.kind == "widen_remark" and data.get("before") != Visibility.COORDINATORS:
        return None  # the body could read it before
    if kind is NoticeKind.EXTEND and "body" in data:
        return None  # one exception for all that the body owes: told once, by the event of the exception
    if kind is NoticeKind.SUBMIT and (event.version or 1) > 1:
        kind = NoticeKind.SUBMIT_AGAIN
    return _Matter(kind, (subject.assignment.body_id,), submission_id=subject.pk)


def _of_extension(event: "Event", subject: Extension) -> _Matter | None:
    kind = OF_EXTENSIONS.get(event.kind)
    if kind is None:
        return None
    if subject.submission_id is not None:
        return _Matter(kind, (subject.body_id,), submission_id=subject.submission_id)
    return _Matter(kind, (subject.body_id,), round_id=subject.round_id)


def _of_request(event: "Event", subject: ExtensionRequest) -> _Matter | None:
    """One for all that a body owes; one for a submission is an event of that."""
    kind = OF_REQUESTS.get(event.kind)
    return _Matter(kind, (subject.body_id,), round_id=subject.round_id) if kind else None


def _of_round(event: "Event", subject: Round) -> _Matter | None:
    """To the bodies that still owe something in it: who has handed everything in has nothing to do in other times."""
    kind = OF_ROUNDS.get(event.kind)
    if kind is None:
        return None
    before, after = event.data.get("before", {}), event.data.get("after", {})
    if kind is NoticeKind.CHANGE_DATES and not any(before.get(name) != after.get(name) for name in DATES):
        return None
    owing = Submission.objects.filter(round=subject, state__in=AWAITED).order_by("assignment__body_id")
    bodies = owing.values_list("assignment__body_id", flat=True).distinct()
    return _Matter(kind, tuple(bodies), round_id=subject.pk)


def _of_person(event: "Event", subject: User) -> _Matter | None:
    kind = OF_PEOPLE.get(event.kind)
    # The record of both tells of a handover; it is told once, by the successor's.
    if kind is None or event.data.get("to") != subject.email:
        return None
    body = ImplementingBody.objects.get(code=event.data["body"])
    return _Matter(kind, (body.pk,), also=frozenset({subject.pk}))


#: By the kind of the event's object.
MATTERS: dict[str, Callable[..., _Matter | None]] = {
    "ministries.submission": _of_submission,
    "ministries.extension": _of_extension,
    "ministries.extensionrequest": _of_request,
    "ministries.round": _of_round,
    "accounts.user": _of_person,
}
