"""Who is missing or goes soon: bodies without people, accounts without a role, lapsed invitations; whom to ask."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from ministries.enums import Role
from ministries.models import Appointment, ImplementingBody, Round
from ministries.selectors.body_names import names_on
from ministries.selectors.people import PeopleFilter, Person, as_people, ending_soon, filter_people, ordered_people
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.prepared import prepared

#: Who has to be there: in a body that reports, and in the lead ministry.
NEEDED_TO_REPORT = (Role.FOCAL_POINT, Role.APPROVER)
NEEDED_TO_LEAD = (Role.COORDINATOR,)


@dataclass(frozen=True)
class Vacancy:
    """A body that has work to do but nobody appointed today to one or more roles."""

    code: str
    name: LocalizedText
    roles: tuple[Role, ...]


def vacancies(round: Round | None) -> list[Vacancy]:
    """The bodies without people: those that report in ``round`` (or carry any plan), and the lead ministry.

    An approver may be missing (a focal point may then sign off), so that this is told, not refused.
    """
    reports = Q(assignments__submissions__round=round) if round else Q(assignments__isnull=False)
    today = clock.today()
    bodies = ImplementingBody.objects.order_by()
    reporting = {
        row[0]
        for row in prepared(
            ("reporting", round.pk if round else None), lambda: bodies.filter(reports).values_list("pk").distinct()
        ).rows()
    }
    leading = {row[0] for row in prepared("leading", lambda: bodies.filter(is_lead=True).values_list("pk")).rows()}
    held = set(prepared(("held", today), lambda: _held(today)).rows())
    missing = {}
    for pk in reporting | leading:
        needed = (*(NEEDED_TO_REPORT if pk in reporting else ()), *(NEEDED_TO_LEAD if pk in leading else ()))
        if roles := tuple(role for role in needed if (pk, role.value) not in held):
            missing[pk] = roles
    return [Vacancy(body.code, body.name, missing[pk]) for pk, body in names_on(today, missing).items()]


def _held(day: dt.date) -> QuerySet[Any, Any]:
    """The roles in bodies that somebody holds on this day."""
    held = Appointment.objects.holding(day).filter(user__is_active=True, body__isnull=False)
    return held.order_by().values_list("body_id", "role")


def ending() -> list[Appointment]:
    """The appointments that end soon and are not provided for, each with person and body, the first to end first."""
    return list(ending_soon().select_related("user", "body").prefetch_related("body__names"))


def people_without_role() -> list[User]:
    """The active accounts without a role today or later, by name: to be appointed anew, or to be closed."""
    without = filter_people(User.objects.filter(is_active=True), PeopleFilter(status="past"))
    return list(ordered_people(without))


def lapsed_invitations() -> list[Person]:
    """People with a role who never came in, because their invitation is too old to be used."""
    lasting = filter_people(User.objects.filter(is_active=True), PeopleFilter(status="current"))
    return [person for person in as_people(ordered_people(lasting)) if person.invitation_expired]


def contacts() -> list[Appointment]:
    """The coordinators appointed today, each with body: whom to ask for a role."""
    held = Appointment.objects.holding().filter(role=Role.COORDINATOR, user__is_active=True)
    return list(held.select_related("user", "body").prefetch_related("body__names").order_by("user__name", "start"))
