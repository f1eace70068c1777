"""The sample's reminders: the offices that bodies name, and a log of the years that are over. No e-mail is sent."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone

from ministries.enums import Delivery, Occasion, ReminderTo
from ministries.models import ImplementingBody, Reminder, ReminderMail, Round, Submission
from ministries.sample.accounts import People, address
from ministries.services.reminder_rules import stages_of
from nap_monitor.accounts.models import User

#: When the schedule ran in the sample years.
AT = dt.time(9)


def name_offices(bodies: Iterable[ImplementingBody]) -> None:
    """Each body names an office, but for the last one: so that a fault can be seen."""
    for body in list(bodies)[:-1]:
        body.escalation_address = address("office", body)
        body.save(update_fields=["escalation_address"])


def write_log(round: Round, people: People, today: dt.date) -> None:
    """What the schedule would have sent in this round until ``today``: one e-mail a stage and recipient."""
    submissions = list(Submission.objects.filter(round=round).select_related("assignment__body"))
    mails: list[ReminderMail] = []
    rows: list[Reminder] = []
    for days, recipient in stages_of(round):
        day = round.due_date + dt.timedelta(days=days)
        if not round.opening_date <= day <= min(today - dt.timedelta(days=1), round.closing_date):
            continue
        owed = [each for each in submissions if _is_awaited_on(each, day)]
        late = {each.assignment.body_id: each.assignment.body for each in owed}
        for body in sorted(late.values(), key=lambda each: each.order):
            user, office = _who(recipient, body, people)
            if user is None and not office:
                continue
            at = timezone.make_aware(dt.datetime.combine(day, AT))
            about = [each.pk for each in owed if each.assignment.body_id == body.pk]
            mail = _mail(about, user, office, at, f"sample.{round.year}.{body.code}.{days}")
            mails.append(mail)
            place = {"round": round, "body": body, "recipient": recipient, "user": user, "address": office}
            rows.append(Reminder(mail=mail, days=days, due_date=round.due_date, **place))
    ReminderMail.objects.bulk_create(mails)
    Reminder.objects.bulk_create(rows)


def _is_awaited_on(submission: Submission, day: dt.date) -> bool:
    first = submission.first_submitted_at
    return first is None or timezone.localtime(first).date() > day


def _who(recipient: str, body: ImplementingBody, people: People) -> tuple[User | None, str]:
    if recipient == ReminderTo.ESCALATION:
        return None, body.escalation_address
    held = people.focal_points if recipient == ReminderTo.FOCAL_POINT else people.approvers
    return held.get(body.pk), ""


def _mail(about: list[int], user: User | None, office: str, at: dt.datetime, name: str) -> ReminderMail:
    return ReminderMail(
        occasion=Occasion.SCHEDULED,
        user=user,
        address=office,
        about=about,
        state=Delivery.SENT,
        attempts=1,
        made_at=at,
        sent_at=at,
        message_id=f"<reminder.{name}@example.org>",
    )


def write_logs(rounds: Sequence[Round], people: People, today: dt.date) -> None:
    """The log of all sample rounds."""
    for round in rounds:
        write_log(round, people, today)
