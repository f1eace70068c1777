"""Appointing people, ending appointments, inviting, and closing accounts. All rights come from appointments."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import emails, rules
from ministries.enums import BODY_ROLES, Role
from ministries.models import Appointment, ImplementingBody
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts import services as accounts
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock, mail
from nap_monitor.lib.audit.services import record

REASON_LENGTH = 2_000
ONE_DAY = dt.timedelta(days=1)


class AlreadyAppointed(Refused):
    """The person holds this role in these days already; ``appointment`` is what there is."""

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(_("This person holds this role in these days already."), field="role")
        self.appointment = appointment


@transaction.atomic
def appoint(
    *,
    role: str,
    by: User | None,
    user: User | None = None,
    email: str = "",
    name: str = "",
    language: str | None = None,
    body: ImplementingBody | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
) -> Appointment:
    """Give a person a role from ``start`` (today by default) to ``end`` (both inclusive; open by default).

    The person is ``user``, or whoever has the address ``email`` (in any case); where nobody has it, an account is made
    with ``name`` and ``language``, and the person is invited. Who has a password already is told of the new role.
    ``by`` is nobody where a command appoints. Raises ``Refused``, ``AlreadyAppointed`` or ``NotPermitted``.
    """
    if user is None:
        email = _clean_email(email)
        user = User.objects.filter(email=email).first()
    _check_may_change(by, user)
    start = start or clock.today()
    _check_role(role, body)
    _check_days(start, end)
    if user is None:
        user = _new_person(email=email, name=name, language=language, by=by)
    # Two appointments of one person wait for each other here, so that they cannot overlap.
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused(_("This account is deactivated. Activate it first."), field="email")
    existing = _overlapping(user, role, body, start, end)
    if existing:
        raise AlreadyAppointed(existing)
    new = Appointment.objects.create(user=user, role=role, body=body, start=start, end=end)
    record(kind="appoint", subject=user, by=by, label=user.email, data=_facts(new))
    if user.has_usable_password():
        mail.queue(emails.appointment, appointment_id=str(new.pk))
    else:
        _invite(user, by)
    return new


@transaction.atomic
def end_appointment(
    *, appointment: Appointment, by: User, reason: str, on: dt.date | None = None
) -> Appointment | None:
    """End an appointment: ``on`` is its last day; without it, the right is gone from the next request on.

    Ended at once, its last day is yesterday; one that has not had a whole day yet is withdrawn (its row is removed and
    nothing is given back; the record keeps it). Raises ``Refused``, ``WrongState`` or ``NotPermitted``.
    """
    _lock_coordinators()
    found = Appointment.objects.select_for_update(of=("self",)).select_related("user", "body").filter(pk=appointment.pk)
    current = found.first()
    if current is not None:
        _check_may_change(by, current.user)
    if current is None or current.has_ended():
        raise WrongState(_now("This appointment has ended already."))
    user, facts = current.user, _facts(current)
    _check_reason(reason)
    if on is not None:
        _check_last_day(current, on)
    last_day = on or clock.today() - ONE_DAY
    _check_coordinator_remains(current, last_day + ONE_DAY)
    if last_day < current.start:
        current.delete()
        record(kind="withdraw", subject=user, by=by, label=user.email, reason=reason.strip(), data=facts)
        return None
    current.end = last_day
    current.save(update_fields=["end"])
    data = {**facts, "end": last_day.isoformat()}
    record(kind="end", subject=user, by=by, label=user.email, reason=reason.strip(), data=data)
    return current


@transaction.atomic
def invite(*, user: User, by: User | None) -> None:
    """Send the invitation (again) to somebody who has no password yet. Earlier links hold until one is used."""
    _check_may_change(by, user)
    if not user.is_active:
        raise WrongState(_now("This account is deactivated. Activate it first."))
    if user.has_usable_password():
        raise WrongState(_now("This person has set a password already and needs no invitation."))
    _invite(user, by)


@transaction.atomic
def deactivate(*, user: User, by: User, reason: str) -> None:
    """Close an account at once: its sessions end and nobody can sign in with it. Appointments stay as they are."""
    _check_may_change(by, user)
    if user.pk == by.pk:
        raise Refused(_("You can't deactivate your own account."))
    _check_reason(reason)
    _lock_coordinators()
    for appointment in user.appointments.filter(role=Role.COORDINATOR):
        if not appointment.has_ended():
            _check_coordinator_remains(appointment, clock.today(), user_goes=True)
    accounts.deactivate(user=user, by=by, reason=reason.strip())


@transaction.atomic
def activate(*, user: User, by: User) -> None:
    """Open a closed account again, with the appointments that still hold."""
    _check_may_change(by, user)
    accounts.activate(user=user, by=by)


def _check_may_change(by: User | None, user: User | None) -> None:
    if by is not None and not rules.allows(by, "ministries.change_people", user):
        raise NotPermitted(_now("You may not change the appointments of this person."))


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    try:
        User._meta.get_field("email").clean(email, None)
    except ValidationError:
        raise Refused(_("Give a valid e-mail address."), field="email") from None
    return email


def _check_role(role: str, body: ImplementingBody | None) -> None:
    if role not in Role.values:
        raise Refused(_("Choose one of the roles."), field="role")
    if role in BODY_ROLES and body is None:
        raise Refused(_("This role is held in a body. Choose the body."), field="body")
    if role not in BODY_ROLES and body is not None:
        raise Refused(_("This role is held for the whole plan. Leave the body empty."), field="body")
    if role == Role.COORDINATOR and body is not None and not body.is_lead:
        raise Refused(_("A coordinator is appointed in a lead ministry only."), field="body")


def _check_days(start: dt.date, end: dt.date | None) -> None:
    if end is not None and end < start:
        raise Refused(_("The last day lies before the first day."), field="end")
    if end is not None and end < clock.today():
        raise Refused(_("The last day has passed already."), field="end")


def _check_last_day(appointment: Appointment, on: dt.date) -> None:
    if on < max(appointment.start, clock.today()):
        raise Refused(_("The last day may be neither before today nor before the first day."), field="on")
    if appointment.end is not None and on > appointment.end:
        raise Refused(_("This appointment ends before that day already."), field="on")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(_("The reason is too long."), field="reason")


def _new_person(*, email: str, name: str, language: str | None, by: User | None) -> User:
    try:
        return accounts.create_user(email=email, name=name, language=language, by=by)
    except (IntegrityError, ValidationError) as error:
        # A double click: the other request has just made the same person.
        found = User.objects.filter(email=email).first()
        if found:
            return found
        if isinstance(error, IntegrityError):
            raise
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(" ".join(messages), field=field) from None


def _overlapping(
    user: User, role: str, body: ImplementingBody | None, start: dt.date, end: dt.date | None
) -> Appointment | None:
    same = user.appointments.filter(role=role, body=body).filter(Q(end__isnull=True) | Q(end__gte=start))
    return (same.filter(start__lte=end) if end else same).first()


def _lock_coordinators() -> None:
    """Let two people who remove each other wait here: in one order, so that they cannot block each other."""
    list(Appointment.objects.select_for_update().filter(role=Role.COORDINATOR).order_by("pk").values_list("pk"))


def _check_coordinator_remains(appointment: Appointment, first_day_without: dt.date, user_goes: bool = False) -> None:
    """Somebody else must be coordinator on the first day that this appointment no longer covers."""
    if appointment.role != Role.COORDINATOR:
        return
    day = max(first_day_without, appointment.start)
    others = Appointment.objects.holding(day).filter(role=Role.COORDINATOR, user__is_active=True)
    others = others.exclude(user=appointment.user) if user_goes else others.exclude(pk=appointment.pk)
    if not others.exists():
        raise Refused(_("This is the last coordinator. Appoint another one first."))


def _invite(user: User, by: User | None) -> None:
    mail.queue(emails.invitation, user_id=str(user.pk))
    record(kind="invite", subject=user, by=by, label=user.email)


def _facts(appointment: Appointment) -> dict[str, Any]:
    """What the record keeps of an appointment, in words that need no other row."""
    return {
        "appointment": str(appointment.pk),
        "role": appointment.role,
        "body": appointment.body.code if appointment.body else "",
        "start": appointment.start.isoformat(),
        "end": appointment.end.isoformat() if appointment.end else "",
    }
