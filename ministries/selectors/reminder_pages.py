"""What the pages of the reminders show: who is reminded in each body, and what was sent."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate

from ministries.enums import Delivery, Occasion, ReminderTo
from ministries.models import ImplementingBody, Reminder, ReminderMail, Round, Submission
from ministries.selectors.reminders import Addressee, addressees, awaited
from ministries.selectors.reminders_by_hand import last_reminded, reporting_bodies


@dataclass(frozen=True)
class BodyRow:
    """A body of a round: whom reminders go to, how much is awaited of it, when it was last reminded."""

    body: ImplementingBody
    name: Any
    focal_points: list[Addressee]
    approvers: list[Addressee]
    awaited: int
    last: dt.datetime | None


def body_rows(round: Round) -> list[BodyRow]:
    """The bodies that report in this round, in the order of the government; the same number of queries for any."""
    bodies = reporting_bodies(round)
    there = addressees(bodies)
    waiting = Counter(each.assignment.body_id for each in awaited([round]))
    last: dict[int, dt.datetime] = {}
    for (pk, _recipient), at in last_reminded(round).items():
        last[pk] = max(at, last.get(pk, at))
    return [
        BodyRow(
            body=body,
            name=body.name_in(round.year),
            focal_points=there.get((body.pk, ReminderTo.FOCAL_POINT.value), []),
            approvers=there.get((body.pk, ReminderTo.APPROVER.value), []),
            awaited=waiting[body.pk],
            last=last.get(body.pk),
        )
        for body in bodies
    ]


@dataclass(frozen=True)
class Sent:
    """Reminders of one submission that went out together: by the schedule on one day, or by one press of a button
    (``by`` is then who pressed it). ``days`` is the stage, nothing where it was by hand."""

    at: dt.datetime
    by: str
    recipients: tuple[ReminderTo, ...]
    days: int | None


def sent_about(submission: Submission) -> list[Sent]:
    """The reminders of this submission that a mail server took, newest first: when, and to whom by role. One query."""
    rows = (
        Reminder.objects.filter(round=submission.round_id, body=submission.assignment.body_id)
        .filter(mail__state=Delivery.SENT)
        .exclude(mail__occasion=Occasion.MESSAGE)
        .select_related("mail__made_by")
        .defer("mail__text")
        .order_by("-mail__sent_at", "days")
    )
    together: dict[Any, list[Reminder]] = {}
    for row in rows:
        if submission.pk in row.mail.about and row.mail.sent_at:
            key = row.mail.batch or localdate(row.mail.sent_at)
            together.setdefault(key, []).append(row)
    return [_sent(found) for found in together.values()]


def _sent(rows: list[Reminder]) -> Sent:
    mail, to = rows[0].mail, {row.recipient for row in rows}
    days = [row.days for row in rows if row.days is not None]
    at: Any = mail.sent_at
    return Sent(
        at=at,
        by=str(mail.made_by) if mail.made_by else "",
        recipients=tuple(each for each in ReminderTo if each.value in to),
        days=max(days, default=None),
    )


def mails_of(round: Round, *, body: str = "", state: str = "") -> QuerySet[ReminderMail]:
    """The e-mails about this round, newest first, each with what it was about in this round."""
    about = Reminder.objects.filter(round=round).select_related("body").prefetch_related("body__names")
    found = ReminderMail.objects.filter(reminders__round=round)
    if body:
        found = found.filter(reminders__round=round, reminders__body__code=body)
    if state:
        found = found.filter(state=state)
    return (
        found.distinct()
        .select_related("user", "made_by")
        .prefetch_related(Prefetch("reminders", queryset=about.order_by("body__order", "due_date", "days")))
        .order_by("-made_at", "pk")
    )
