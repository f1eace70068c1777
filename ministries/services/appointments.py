"""One appointment begins, one ends: what holds for every way to it. Who may is asked by the callers."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ministries import emails
from ministries.enums import BODY_ROLES, Role
from ministries.models import Appointment, ImplementingBody
from ministries.workflow import Refused
from nap_monitor.accounts import services as accounts
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock, mail
from nap_monitor.lib.audit.services import record


class AlreadyAppointed(Refused):
    """The person holds this role in these days already; ``appointment`` is what there is."""

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(_("This person holds this role in these days already."), field="role")
        self.appointment = appointment


def begin(
    *,
    user: User,
    role: str,
    body: ImplementingBody | None,
    start: dt.date,
    end: dt.date | None,
    by: User | None,
) -> Appointment:
    """Give ``user`` the role; the news or the invitation goes out. Raises ``Refused`` or ``AlreadyAppointed``."""
    # Two appointments of one person wait for each other here, so that they cannot overlap.
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused(_("This account is deactivated. Activate it first."), field="email")
    existing = overlapping(user, role, body, start, end)
    if existing:
        raise AlreadyAppointed(existing)
    new = Appointment.objects.create(user=user, role=role, body=body, start=start, end=end)
    record(kind="appoint", subject=user, by=by, data=facts(new))
    if user.has_usable_password():
        mail.queue(emails.appointment, appointment_id=str(new.pk))
    else:
        invite(user, by)
    return new


def finish(*, appointment: Appointment, last_day: dt.date, by: User, reason: str) -> Appointment | None:
    """Let it end with ``last_day``. One that then has no whole day is withdrawn, and nothing is given back."""
    user, known = appointment.user, facts(appointment)
    if last_day < appointment.start:
        appointment.delete()
        record(kind="withdraw", subject=user, by=by, reason=reason.strip(), data=known)
        return None
    appointment.end = last_day
    appointment.save(update_fields=["end"])
    ends = {"before": {"end": known["end"]}, "after": {"end": last_day.isoformat()}}
    data = {**known, "end": last_day.isoformat(), **ends}
    record(kind="end", subject=user, by=by, reason=reason.strip(), data=data)
    return appointment


def invite(user: User, by: User | None) -> None:
    """Send the link to set a first password."""
    mail.queue(emails.invitation, user_id=str(user.pk))
    record(kind="invite", subject=user, by=by)


def clean_email(email: str) -> str:
    """The address as it is kept. Raises ``Refused`` where it is none."""
    email = email.strip().lower()
    try:
        User._meta.get_field("email").clean(email, None)
    except ValidationError:
        raise Refused(_("Give a valid e-mail address."), field="email") from None
    return email


def new_person(*, email: str, name: str, language: str | None, by: User | None) -> User:
    """An account for somebody who has none. Raises ``Refused`` where name, address or language can't be used."""
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


def check_role(role: str, body: ImplementingBody | None) -> None:
    """Raises ``Refused`` where role and body do not go together."""
    if role not in Role.values:
        raise Refused(_("Choose one of the roles."), field="role")
    if role in BODY_ROLES and body is None:
        raise Refused(_("This role is held in a body. Choose the body."), field="body")
    if role not in BODY_ROLES and body is not None:
        raise Refused(_("This role is held for the whole plan. Leave the body empty."), field="body")
    if role == Role.COORDINATOR and body is not None and not body.is_lead:
        raise Refused(_("A coordinator is appointed in a lead ministry only."), field="body")


def check_days(start: dt.date, end: dt.date | None) -> None:
    """Raises ``Refused`` where the last day lies before the first one or before today."""
    if end is not None and end < start:
        raise Refused(_("The last day lies before the first day."), field="end")
    if end is not None and end < clock.today():
        raise Refused(_("The last day has passed already."), field="end")


def overlapping(
    user: User, role: str, body: ImplementingBody | None, start: dt.date, end: dt.date | None
) -> Appointment | None:
    """The appointment of the same person to the same role on one of these days, where there is one."""
    same = user.appointments.filter(role=role, body=body).filter(Q(end__isnull=True) | Q(end__gte=start))
    return (same.filter(start__lte=end) if end else same).first()


def facts(appointment: Appointment) -> dict[str, Any]:
    """What the record keeps of an appointment, in words that need no other row."""
    return {
        "appointment": str(appointment.pk),
        "role": appointment.role,
        "body": appointment.body.code if appointment.body else "",
        "start": appointment.start.isoformat(),
        "end": appointment.end.isoformat() if appointment.end else "",
    }
