"""Who is missing or goes soon: bodies without people, accounts without a role, lapsed invitations; whom to ask."""

from dataclasses import dataclass

from django.db.models import Q

from ministries.enums import Role
from ministries.models import Appointment, ImplementingBody, Round
from ministries.selectors.people import PeopleFilter, Person, as_people, ending_soon, filter_people, ordered_people
from nap_monitor.accounts.models import User
from nap_monitor.lib.localized import LocalizedText

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
    reporting = set(ImplementingBody.objects.filter(reports).values_list("pk", flat=True))
    held = set(
        Appointment.objects.holding()
        .filter(user__is_active=True, body__isnull=False)
        .order_by()
        .values_list("body_id", "role")
    )
    found = []
    for body in ImplementingBody.objects.filter(Q(pk__in=reporting) | Q(is_lead=True)).prefetch_related("names"):
        needed = (*(NEEDED_TO_REPORT if body.pk in reporting else ()), *(NEEDED_TO_LEAD if body.is_lead else ()))
        missing = tuple(role for role in needed if (body.pk, role.value) not in held)
        if missing:
            found.append(Vacancy(body.code, body.name, missing))
    return found


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
