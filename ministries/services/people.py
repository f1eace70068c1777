"""Appointing people, ending appointments, inviting, and closing accounts. All rights come from appointments."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import Role
from ministries.models import Appointment, ImplementingBody
from ministries.services import appointments
from ministries.services.appointments import (
    AlreadyAppointed,
    begin,
    check_days,
    check_role,
    clean_email,
    finish,
    new_person,
)
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts import services as accounts
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock

__all__ = ["AlreadyAppointed", "activate", "appoint", "deactivate", "end_appointment", "invite"]

REASON_LENGTH = 2_000
ONE_DAY = dt.timedelta(days=1)


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
    An account belongs to one person, so that a new one needs the person's name. ``by`` is nobody where a command
    appoints; nobody appoints themselves. Raises ``Refused``, ``AlreadyAppointed`` or ``NotPermitted``.
    """
    if user is None:
        email = clean_email(email)
        user = User.objects.filter(email=email).first()
        if by is not None and user == by:
            raise Refused(_("You can't change your own appointments."), field="email")
    _check_may_change(by, user)
    start = start or clock.today()
    check_role(role, body)
    check_days(start, end)
    if user is None:
        if by is not None and not name.strip():
            raise Refused(_("Nobody has this address yet. Give the person's name."), field="name")
        user = new_person(email=email, name=name, language=language, by=by)
    return begin(user=user, role=role, body=body, start=start, end=end, by=by)


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
    _check_reason(reason)
    if on is not None:
        _check_last_day(current, on)
    last_day = on or clock.today() - ONE_DAY
    _check_coordinator_remains(current, last_day + ONE_DAY)
    return finish(appointment=current, last_day=last_day, by=by, reason=reason)


@transaction.atomic
def invite(*, user: User, by: User | None) -> None:
    """Send the invitation (again) to somebody who has no password yet. Earlier links hold until one is used."""
    _check_may_change(by, user)
    if not user.is_active:
        raise WrongState(_now("This account is deactivated. Activate it first."))
    if user.has_usable_password():
        raise WrongState(_now("This person has set a password already and needs no invitation."))
    appointments.invite(user, by)


@transaction.atomic
def deactivate(*, user: User, by: User, reason: str) -> None:
    """Close an account at once: its sessions end and nobody can sign in with it. Appointments stay as they are.

    Nobody closes the own account. Raises ``Refused`` or ``NotPermitted``.
    """
    _check_may_change(by, user)
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
