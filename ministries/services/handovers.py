"""Handing a role in a body over to a successor, and revoking that. Open work stays with the body: rights go by body."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import emails, rules
from ministries.enums import Role
from ministries.models import Appointment, Handover
from ministries.models.handover import NOTE_LENGTH
from ministries.services.appointments import begin, clean_email, finish, new_person
from ministries.services.people import REASON_LENGTH
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock, mail
from nap_monitor.lib.audit.services import record

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def hand_over(
    *,
    appointment: Appointment,
    by: User,
    email: str,
    on: dt.date,
    name: str = "",
    language: str | None = None,
    note: str = "",
) -> Handover:
    """Give the role of ``appointment`` to whoever has the address ``email``, from ``on``; it ends the day before.

    The coordinators are told and may revoke it. Nobody takes over a role by the own hand. Raises
    ``Refused``, ``WrongState`` or ``NotPermitted``.
    """
    given = Appointment.objects.select_for_update(of=("self",)).select_related("user", "body").get(pk=appointment.pk)
    if not rules.allows(by, "ministries.hand_over", given):
        raise NotPermitted(_now("You may not hand this role over."))
    if given.has_ended():
        raise WrongState(_now("This appointment has ended already."))
    email = clean_email(email)
    _check(given, email, on, note)
    if by.email == email:
        raise Refused(_("You can't take over a role yourself. Ask a coordinator."), field="email")
    receiver = _receiver(email, name, language, by)
    reason = _now("Handed over to %(name)s") % {"name": receiver}
    giver, body, role, previous_end = given.user, given.body, given.role, given.end
    assert body is not None  # noqa: S101 - the rule grants roles in bodies only
    begun = begin(user=receiver, role=role, body=body, start=on, end=previous_end, by=by)
    ended = finish(appointment=given, last_day=on - ONE_DAY, by=by, reason=reason)
    made = Handover.objects.create(
        role=role,
        body=body,
        giver=giver,
        receiver=receiver,
        ended=ended,
        begun=begun,
        previous_end=previous_end,
        on=on,
        note=note.strip(),
        made_by=by,
    )
    for person in (giver, receiver):
        record(kind="hand_over", subject=person, by=by, data=_facts(made))
    mail.queue(emails.handover, handover_id=str(made.pk))
    for coordinator in _coordinators():
        mail.queue(emails.handover_notice, handover_id=str(made.pk), user_id=str(coordinator.pk))
    return made


@transaction.atomic
def revoke_handover(*, handover: Handover, by: User, reason: str) -> Handover:
    """Put back what was: the successor's appointment ends at once, the predecessor's goes on until its former end.

    Raises ``Refused``, ``WrongState`` or ``NotPermitted``.
    """
    found = Handover.objects.select_for_update(of=("self",)).select_related("giver", "receiver", "body", "begun")
    current = found.get(pk=handover.pk)
    if not rules.may_revoke(by, current):
        raise NotPermitted(_now("You may not change the appointments of this person."))
    if current.revoked_at is not None:
        raise WrongState(_now("This handover was revoked already."))
    if not reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(_("The reason is too long."), field="reason")
    yesterday = clock.today() - ONE_DAY
    if current.begun is not None and not current.begun.has_ended():
        finish(appointment=current.begun, last_day=yesterday, by=by, reason=reason)
    back = _go_on(current)
    current.refresh_from_db()
    current.revoked_at, current.revoked_by, current.revoke_reason = clock.now(), by, reason.strip()
    current.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    for person in (current.giver, current.receiver):
        data = {**_facts(current), **(back if person == current.giver else {})}
        record(kind="revoke_handover", subject=person, by=by, reason=reason.strip(), data=data)
        mail.queue(emails.handover_revoked, handover_id=str(current.pk), user_id=str(person.pk))
    return current


def _receiver(email: str, name: str, language: str | None, by: User) -> User:
    """Whoever has the address, else a new person of this name."""
    found = User.objects.filter(email=email).first()
    if found is None and not name.strip():
        raise Refused(_("Nobody has this address yet. Give the successor's name."), field="name")
    return found or new_person(email=email, name=name, language=language, by=by)


def _check(given: Appointment, email: str, on: dt.date, note: str) -> None:
    if given.user.email == email:
        raise Refused(_("The successor must be somebody else."), field="email")
    if on < clock.today():
        raise Refused(_("The successor's first day may not lie in the past."), field="on")
    if on <= given.start:
        raise Refused(_("The successor can begin only after the first day of this appointment."), field="on")
    if given.end is not None and on > given.end:
        raise Refused(_("This appointment ends before that day already."), field="on")
    if len(note) > NOTE_LENGTH:
        raise Refused(_("The note is too long."), field="note")


def _go_on(current: Handover) -> dict[str, Any]:
    """The predecessor's appointment as it was before; where that would have ended by now, it stays ended.

    Gives its last day before and after, as the record has it, where it changed.
    """
    if current.previous_end is not None and current.previous_end < clock.today():
        return {}
    kept = current.ended
    # Whoever was appointed anew meanwhile keeps that, and needs nothing more.
    if kept is None or _holds_otherwise(kept):
        return {}
    days = {"before": kept.end, "after": current.previous_end}
    kept.end = current.previous_end
    kept.save(update_fields=["end"])
    return {when: {"end": day.isoformat() if day else ""} for when, day in days.items()}


def _holds_otherwise(kept: Appointment) -> bool:
    same = kept.user.appointments.filter(role=kept.role, body=kept.body).exclude(pk=kept.pk)
    return same.filter(Q(end__isnull=True) | Q(end__gte=clock.today())).exists()


def _coordinators() -> list[User]:
    holding = Appointment.objects.holding().filter(role=Role.COORDINATOR, user__is_active=True)
    return list(User.objects.filter(pk__in=holding.values("user")).order_by("email"))


def _facts(handover: Handover) -> dict[str, Any]:
    return {
        "handover": str(handover.pk),
        "role": handover.role,
        "body": handover.body.code,
        "from": handover.giver.email,
        "to": handover.receiver.email,
        "from_label": handover.giver.record_label,
        "to_label": handover.receiver.record_label,
        "on": handover.on.isoformat(),
    }
