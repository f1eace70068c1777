"""Sending reminders: each e-mail is claimed by one process, sent, and confirmed once the mail server has taken it.

A process that is killed in between leaves a claim whose lease runs out; then it is sent again under the same
Message-ID. A refused e-mail is kept with the reason and tried again by the next run.
"""

import datetime as dt
import logging
import smtplib
import uuid
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import emails, rules
from ministries.enums import Delivery, MailFault, Occasion, ReminderTo
from ministries.models import ImplementingBody, Reminder, ReminderMail, Round, Submission
from ministries.selectors.reminders import Addressee, Digest, Stage
from ministries.selectors.reminders_by_hand import ByHand, messages_for, reminders_for, submissions_of
from ministries.services.reminder_rules import PERMISSION
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.canonical import canonical_bytes, sha256
from nap_monitor.lib.mail import Mail, MailServerAwayError, Outgoing, message_id

logger = logging.getLogger(__name__)

#: So long a claim holds: longer than any mail server is waited for.
LEASE = dt.timedelta(minutes=10)


#: An e-mail (nothing where it is no longer due), and the submissions that it names.
Written = tuple[Mail | None, list[int]]


class _LostError(Exception):
    """Another process has it."""


# The schedule's digests


def claim(digest: Digest) -> ReminderMail | None:
    """Take a digest: only one process can. Nothing where another one was faster."""
    try:
        with transaction.atomic():
            return _take(digest.again) if digest.again else _make(digest)
    except (IntegrityError, _LostError):
        return None


def _make(digest: Digest) -> ReminderMail:
    for old in digest.takes_over:
        _change(old, state=Delivery.REPLACED, lease_until=None)
    mail = ReminderMail.objects.create(
        occasion=Occasion.SCHEDULED,
        user=digest.to.user,
        address=_office(digest.to),
        message_id=_id_of(digest),
        state=Delivery.CLAIMED,
        attempts=1,
        lease_until=clock.real_now() + LEASE,
    )
    Reminder.objects.filter(mail__in=digest.takes_over).update(mail=mail)
    there = {row.key for row in mail.reminders.all()}
    rows = [_row(mail, digest.to, stage) for stage in digest.stages]
    # The unique constraint lets one process win; in one order, so that two never wait for each other.
    Reminder.objects.bulk_create(row for row in rows if row.key not in there)
    return mail


def _row(mail: ReminderMail, to: Addressee, stage: Stage) -> Reminder:
    return Reminder(
        mail=mail,
        round_id=stage.round_id,
        body_id=stage.body_id,
        recipient=stage.recipient,
        days=stage.days,
        due_date=stage.due_date,
        user=to.user,
        address=_office(to),
    )


def _id_of(digest: Digest) -> str:
    """Made from the rows: the same reminders have the same Message-ID, whoever sends them."""
    about = [[each.round_id, each.body_id, each.recipient, each.days, str(each.due_date)] for each in digest.stages]
    return message_id(f"reminder.{sha256(canonical_bytes([str(digest.to.key), about]))[:40]}")


def _office(to: Addressee) -> str:
    return "" if to.user else to.address


def send_digest(digest: Digest, mail: ReminderMail, outgoing: Outgoing) -> ReminderMail:
    """Send what :func:`claim` gave."""

    def write() -> Written:
        return emails.reminder(digest.to, digest.submissions, mail.message_id), _keys(digest.submissions)

    return _deliver(mail, write, outgoing)


# By hand


def remind(
    *,
    round: Round,
    bodies: Sequence[ImplementingBody],
    recipients: Collection[str],
    by: User,
    batch: uuid.UUID,
    only: Collection[int] = (),
) -> int:
    """Remind these bodies now of what they have not submitted (``only``: of these submissions); how many e-mails.

    The same ``batch`` again sends nothing again. Raises ``NotPermitted``, or ``Refused`` where nobody would get it.
    """
    _may_send(by)
    found = reminders_for(round, bodies, _known(recipients), only)
    return _send_by_hand(Occasion.MANUAL, round, found, by, batch, only=sorted(only))


def send_message(
    *,
    round: Round,
    bodies: Sequence[ImplementingBody],
    recipients: Collection[str],
    subject: str,
    text: str,
    by: User,
    batch: uuid.UUID,
) -> int:
    """Send a text of the coordinator's own to these bodies; how many e-mails. Raises as :func:`remind` does."""
    _may_send(by)
    subject, text = " ".join(subject.split()), text.strip()
    if not subject:
        raise Refused(_("Give a subject."), field="subject")
    if not text:
        raise Refused(_("Write a text."), field="text")
    found = messages_for(bodies, _known(recipients))
    return _send_by_hand(Occasion.MESSAGE, round, found, by, batch, subject=subject, text=text)


def _may_send(by: User) -> None:
    if not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator sends reminders."))


def _known(recipients: Collection[str]) -> list[str]:
    return [each.value for each in ReminderTo if each.value in recipients]


@transaction.atomic
def _send_by_hand(
    occasion: Occasion, round: Round, found: Sequence[ByHand], by: User, batch: uuid.UUID, **content: Any
) -> int:
    if not found:
        raise Refused(_("Nobody would get this: choose other bodies or recipients."))
    Round.objects.select_for_update(of=("self",)).get(pk=round.pk)  # the second click waits here for the first
    if ReminderMail.objects.filter(batch=batch).exists():
        return 0
    for each in found:
        _make_by_hand(occasion, round, each, by, batch, content)
    codes = sorted({body.code for each in found for body, _recipient in each.places})
    told = {"occasion": occasion.value, "bodies": codes, "emails": len(found), "batch": str(batch)}
    told |= {"subject": content["subject"]} if content.get("subject") else {}
    record(kind="remind", subject=round, by=by, data=told)
    return len(found)


def _make_by_hand(
    occasion: Occasion, round: Round, each: ByHand, by: User, batch: uuid.UUID, content: dict[str, Any]
) -> None:
    identity = uuid.uuid4()
    mail = ReminderMail.objects.create(
        id=identity,
        occasion=occasion,
        user=each.to.user,
        address=_office(each.to),
        batch=batch,
        made_by=by,
        message_id=message_id(f"reminder.{identity.hex}"),
        # Until then its task is expected to begin; after that the schedule takes it up.
        lease_until=clock.real_now() + LEASE,
        **content,
    )
    rows = []
    for body, recipient in each.places:
        own = [one for one in each.submissions.values() if one.assignment.body_id == body.pk]
        days: list[dt.date | None] = [*sorted({one.due_date for one in own})] or [None]
        place = {"round": round, "body": body, "recipient": recipient, "user": each.to.user}
        rows += [Reminder(mail=mail, address=_office(each.to), due_date=day, **place) for day in days]
    Reminder.objects.bulk_create(rows)
    transaction.on_commit(partial(_enqueue, str(mail.pk)))


def _enqueue(mail_id: str) -> None:
    from ministries.tasks import send_reminder

    send_reminder.enqueue(mail_id=mail_id)


def send_by_hand(mail_id: str, outgoing: Outgoing) -> ReminderMail | None:
    """Send an e-mail by hand, unless another process is at it. Nothing where it is not to be sent (any more)."""
    seen = ReminderMail.objects.select_related("user", "made_by").get(pk=mail_id)
    try:
        mail = _take(seen)
    except _LostError:
        return None
    return _deliver(mail, partial(_write_by_hand, mail), outgoing)


def _write_by_hand(mail: ReminderMail) -> Written:
    to = Addressee(mail.user.email, mail.user.language, mail.user) if mail.user else Addressee(mail.address, "ko")
    if mail.user and not mail.user.is_active:
        return None, []
    if mail.occasion == Occasion.MESSAGE:
        return emails.message(to, mail), []
    submissions = submissions_of(mail)
    return (emails.reminder(to, submissions, mail.message_id) if submissions else None), _keys(submissions)


def _keys(submissions: Sequence[Submission]) -> list[int]:
    return [each.pk for each in submissions]


# What all have in common


def _take(mail: ReminderMail) -> ReminderMail:
    """Claim an e-mail that nobody is sending. Raises ``_LostError`` where somebody is, or has sent it."""
    if mail.state in (Delivery.SENT, Delivery.DROPPED, Delivery.REPLACED):
        raise _LostError
    if mail.state == Delivery.CLAIMED and mail.lease_until and mail.lease_until > clock.real_now():
        raise _LostError
    new = {"attempts": mail.attempts + 1, "lease_until": clock.real_now() + LEASE}
    _change(mail, state=Delivery.CLAIMED, fault="", smtp_code=None, **new)
    return mail


def _change(mail: ReminderMail, **new: Any) -> None:
    """Change an e-mail that is as it was seen: of two processes one wins, the other gets ``_LostError``."""
    same = Q(pk=mail.pk, state=mail.state, attempts=mail.attempts, lease_until=mail.lease_until)
    if not ReminderMail.objects.filter(same).update(**new):
        raise _LostError
    for name, value in new.items():
        setattr(mail, name, value)


def _deliver(mail: ReminderMail, write: Callable[[], Written], outgoing: Outgoing) -> ReminderMail:
    """Write, send and confirm a claimed e-mail; where that fails, keep why.

    Raises ``MailServerAwayError``, after giving it back, where no e-mail can be sent at present.
    """
    try:
        message, about = write()
        if message is None:
            return _close(mail, state=Delivery.DROPPED)
        outgoing.send(message)
    except MailServerAwayError:
        _close(mail, state=Delivery.FAILED, fault=MailFault.SERVER, attempts=mail.attempts - 1)
        raise
    except (smtplib.SMTPException, OSError) as error:
        fault, code = _fault(error)
        # The class of the error only: its text may hold the address or what the server was told.
        logger.warning("Reminder %s was not sent (%s, %s).", mail.pk, type(error).__name__, code)
        return _close(mail, state=Delivery.FAILED, fault=fault, smtp_code=code)
    except Exception as error:
        logger.error("Reminder %s could not be written (%s).", mail.pk, type(error).__name__, exc_info=True)
        return _close(mail, state=Delivery.FAILED, fault=MailFault.PROGRAM)
    return _close(mail, state=Delivery.SENT, sent_at=clock.real_now(), about=about)


def _close(mail: ReminderMail, **new: Any) -> ReminderMail:
    try:
        _change(mail, **new, lease_until=None)
    except _LostError:
        logger.warning("Reminder %s took so long that another process has it.", mail.pk)
        mail.refresh_from_db()
    return mail


def _fault(error: Exception) -> tuple[MailFault, int | None]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _answer in error.recipients.values()]
        return MailFault.RECIPIENT, codes[0] if codes else None
    if isinstance(error, smtplib.SMTPResponseException):
        return MailFault.MESSAGE, error.smtp_code if 100 <= error.smtp_code < 1000 else None
    return MailFault.SERVER, None
