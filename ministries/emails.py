"""E-mails of the work. Each is written when it is sent, in the language of the person it goes to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import override

from ministries.enums import StateLabel
from ministries.models import Appointment, Handover, ReminderMail, Submission
from ministries.selectors.handovers import find_for_mail, open_work
from ministries.selectors.people import ending_soon, lead_bodies
from ministries.selectors.reminders import Addressee
from nap_monitor.accounts.links import set_password_link
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.mail import Mail, absolute_url, email, write


@email
def invitation(user_id: str) -> Mail | None:
    """The link to set a first password, with the roles that wait; nothing for who is in already or may not come in."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.has_usable_password():
        return None
    appointments = [each for each in user.appointments.select_related("body") if not each.has_ended()]
    context = {
        "user": user,
        "appointments": appointments,
        "link": set_password_link(user),
        "valid_until": clock.now() + dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        "lead_ministry": _lead_ministry(user.language),
    }
    return write("invitation", to=user.email, language=user.language, context=context)


@email
def appointment(appointment_id: str) -> Mail | None:
    """The news of another role, for a person who has a password already; nothing where the role is gone meanwhile."""
    found = Appointment.objects.filter(pk=appointment_id, user__is_active=True).select_related("user", "body").first()
    if found is None or found.has_ended():
        return None
    context = {
        "user": found.user,
        "appointment": found,
        "link": absolute_url("account_login", language=found.user.language),
        "lead_ministry": _lead_ministry(found.user.language),
    }
    return write("appointment", to=found.user.email, language=found.user.language, context=context)


@email
def ending(appointment_id: str) -> Mail | None:
    """To a person: that a role ends soon; nothing where it was ended, prolonged or handed over meanwhile."""
    found = ending_soon().filter(pk=appointment_id).select_related("user", "body").first()
    if found is None:
        return None
    context = {
        "user": found.user,
        "appointment": found,
        "hands_over": found.body is not None,
        "link": absolute_url("ministries:handover_list", language=found.user.language),
        "lead_ministry": _lead_ministry(found.user.language),
    }
    return write("ending", to=found.user.email, language=found.user.language, context=context)


@email
def endings(user_id: str, appointment_ids: list[str]) -> Mail | None:
    """To a coordinator: which roles of others end soon, and where they are prolonged; nothing where none is left."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    found = ending_soon().filter(pk__in=appointment_ids).exclude(user=user.pk).select_related("user", "body")
    if not found:
        return None
    link = absolute_url("ministries:person_list", language=user.language)
    context = {"user": user, "appointments": list(found), "link": f"{link}?status=ending"}
    return write("endings", to=user.email, language=user.language, context=context)


@email
def handover(handover_id: str) -> Mail | None:
    """To the successor: what comes to them, with the predecessor's note and the open work; nothing once revoked."""
    found = find_for_mail(handover_id)
    if found is None or found.revoked_at is not None:
        return None
    return _about(found, "handover", found.receiver, work=open_work(found.body), link_to="home")


@email
def handover_notice(handover_id: str, user_id: str) -> Mail | None:
    """To a coordinator: who handed over to whom, and where it can be revoked."""
    found = find_for_mail(handover_id)
    coordinator = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None or coordinator is None or found.revoked_at is not None:
        return None
    return _about(found, "handover_notice", coordinator, link_to="ministries:person_detail", of=found.receiver_id)


@email
def handover_revoked(handover_id: str, user_id: str) -> Mail | None:
    """To both: that it was revoked, and why."""
    found = find_for_mail(handover_id)
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None or person is None:
        return None
    return _about(found, "handover_revoked", person, link_to="home")


#: So many submissions of a body stand in a reminder; its list has them all.
MOST_LISTED = 40


@dataclass(frozen=True)
class AwaitedRow:
    """A submission as a reminder lists it."""

    code: str
    title: Any
    state: StateLabel
    due_date: dt.date
    days_left: int
    link: str


@dataclass(frozen=True)
class AwaitedGroup:
    """What is awaited of a body in a round: the first of it, and how much more there is."""

    body: Any
    year: int
    rows: list[AwaitedRow]
    more: int
    link: str


def reminder(to: Addressee, submissions: Sequence[Submission], message_id: str) -> Mail:
    """To one addressee: all that is awaited of their bodies, what is late first; the same as text and as HTML."""
    late = sum(each.is_overdue() for each in submissions)
    context = {
        "user": to.user,
        "groups": _groups(to, submissions),
        "number": len(submissions),
        "late": late,
        "next_due": min((each.due_date for each in submissions if not each.is_overdue()), default=None),
        "lead_ministry": _lead_ministry(to.language),
    }
    return write(
        "reminder", to=to.address, language=to.language, context=context, with_html=True, message_id=message_id
    )


def message(to: Addressee, mail: ReminderMail) -> Mail:
    """To one addressee: a coordinator's own words."""
    context = {
        "user": to.user,
        "title": mail.subject,
        "text": mail.text,
        "link": absolute_url("home", language=to.language),
        "lead_ministry": _lead_ministry(to.language),
    }
    return write(
        "message", to=to.address, language=to.language, context=context, with_html=True, message_id=mail.message_id
    )


def _groups(to: Addressee, submissions: Sequence[Submission]) -> list[AwaitedGroup]:
    by_place: dict[tuple[int, int], list[Submission]] = {}
    for each in submissions:
        by_place.setdefault((each.round.year, each.assignment.body_id), []).append(each)
    groups = []
    for own in by_place.values():
        own.sort(key=lambda each: (each.due_date, each.assignment.action_plan.order))
        round, body = own[0].round, own[0].assignment.body
        listed = absolute_url("ministries:submission_list", round.plan.number, round.year, language=to.language)
        rows = [_row(to, each) for each in own[:MOST_LISTED]]
        link = f"{listed}?scope=own"
        groups.append(AwaitedGroup(body.name_in(round.year), round.year, rows, len(own) - len(rows), link))
    return groups


def _row(to: Addressee, submission: Submission) -> AwaitedRow:
    label = submission.label
    if to.user is None and label is StateLabel.SENT_BACK:
        label = StateLabel.DRAFT  # what happens inside the body is for its people
    return AwaitedRow(
        code=submission.assignment.action_plan.code,
        title=submission.assignment.action_plan.title,
        state=label,
        due_date=submission.due_date,
        days_left=submission.days_left(),
        link=absolute_url("ministries:submission_detail", *submission.address, language=to.language),
    )


def _about(found: Handover, template: str, to: User, *, link_to: str, of: object = None, **context: object) -> Mail:
    arguments = [of] if of else []
    context |= {
        "user": to,
        "handover": found,
        "link": absolute_url(link_to, *arguments, language=to.language),
        "lead_ministry": _lead_ministry(to.language),
    }
    return write(template, to=to.email, language=to.language, context=context)


def _lead_ministry(language: str) -> str:
    with override(language):
        return ", ".join(str(body) for body in lead_bodies())
