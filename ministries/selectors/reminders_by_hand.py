"""What a coordinator sends by hand: who would get it, about which submissions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from ministries.enums import Delivery, Occasion
from ministries.models import ImplementingBody, Reminder, ReminderMail, Round, Submission
from ministries.selectors.reminders import MOST_ATTEMPTS, Addressee, addressees, awaited
from nap_monitor.lib import clock


@dataclass
class ByHand:
    """What one addressee gets: for which recipients of which bodies, about which submissions."""

    to: Addressee
    places: list[tuple[ImplementingBody, str]] = field(default_factory=list)
    submissions: dict[int, Submission] = field(default_factory=dict)


def reporting_bodies(round: Round) -> list[ImplementingBody]:
    """The bodies that report in this round, in the order of the government."""
    found = ImplementingBody.objects.filter(assignments__submissions__round=round).distinct()
    return list(found.prefetch_related("names"))


def reminders_for(
    round: Round, bodies: Sequence[ImplementingBody], recipients: Collection[str], only: Collection[int] = ()
) -> list[ByHand]:
    """Who would be reminded of what these bodies have not submitted (``only``: of these submissions)."""
    submissions = awaited([round], [body.pk for body in bodies])
    if only:
        submissions = [each for each in submissions if each.pk in only]
    by_body: dict[int, list[Submission]] = {}
    for each in submissions:
        by_body.setdefault(each.assignment.body_id, []).append(each)
    return _to_each([body for body in bodies if body.pk in by_body], recipients, by_body)


def messages_for(bodies: Sequence[ImplementingBody], recipients: Collection[str]) -> list[ByHand]:
    """Who would get a message to these bodies."""
    return _to_each(bodies, recipients, {})


def _to_each(
    bodies: Sequence[ImplementingBody], recipients: Collection[str], submissions: dict[int, list[Submission]]
) -> list[ByHand]:
    there = addressees(bodies)
    found: dict[Any, ByHand] = {}
    for body in bodies:
        for recipient in recipients:
            for to in there.get((body.pk, recipient), ()):
                mine = found.setdefault(to.key, ByHand(to))
                mine.places.append((body, recipient))
                mine.submissions.update({each.pk: each for each in submissions.get(body.pk, ())})
    return list(found.values())


def submissions_of(mail: ReminderMail) -> list[Submission]:
    """What an e-mail by hand reminds of, as it stands now."""
    rows = list(mail.reminders.all())
    found = awaited({row.round_id for row in rows}, {row.body_id for row in rows})
    return [each for each in found if not mail.only or each.pk in mail.only]


def left_over() -> list[ReminderMail]:
    """E-mails by hand that did not go out: refused, or left by a process that was killed, or whose task was lost."""
    # A task that is about to be done is left to its worker for a while.
    now = clock.real_now()
    free = (
        Q(state=Delivery.FAILED)
        | Q(state=Delivery.CLAIMED, lease_until__lt=now)
        | Q(state=Delivery.WAITING, lease_until__lt=now)
    )
    found = ReminderMail.objects.filter(free, attempts__lt=MOST_ATTEMPTS).exclude(occasion=Occasion.SCHEDULED)
    return list(found.select_related("user").order_by("made_at"))


def last_reminded(round: Round) -> dict[tuple[int, str], Any]:
    """By body and recipient, when the last reminder of this round went out."""
    found: dict[tuple[int, str], Any] = {}
    rows = Reminder.objects.filter(round=round, mail__state=Delivery.SENT, due_date__isnull=False)
    for body_id, recipient, at in rows.order_by("mail__sent_at").values_list("body_id", "recipient", "mail__sent_at"):
        found[body_id, recipient] = at
    return found
