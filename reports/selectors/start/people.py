"""The start page of an administrator: who is missing, who goes soon, who has no role."""

from dataclasses import dataclass

from django.urls import reverse

from ministries.models import Appointment, Round
from ministries.selectors.people import PeopleFilter, Person, filter_people
from ministries.selectors.staffing import Vacancy, ending, lapsed_invitations, people_without_role, vacancies
from nap_monitor.accounts.models import User
from reports.selectors.start.parts import Next, Part


@dataclass(frozen=True)
class PeoplePart(Part):
    """Bodies without people, appointments that end soon, invitations that lapsed, accounts without a role; and
    how many hold one."""

    vacancies: tuple[Vacancy, ...] = ()
    ending: tuple[Appointment, ...] = ()
    lapsed: tuple[Person, ...] = ()
    without: tuple[User, ...] = ()
    appointed: int = 0


def people_part(round: Round | None) -> PeoplePart:
    """The part for who keeps the accounts. The same number of queries for any number of people."""
    missing, lapsed, without = vacancies(round), lapsed_invitations(), people_without_role()
    people = filter_people(User.objects.filter(is_active=True), PeopleFilter(status="current"))
    return PeoplePart(
        "people",
        _next(missing, lapsed, without),
        vacancies=tuple(missing),
        ending=tuple(ending()),
        lapsed=tuple(lapsed),
        without=tuple(without),
        appointed=people.count(),
    )


def _next(missing: list[Vacancy], lapsed: list[Person], without: list[User]) -> Next:
    if missing:
        return Next("vacancies", "invite", reverse("ministries:person_invite"), len(missing))
    if lapsed:
        person = reverse("ministries:person_detail", args=[lapsed[0].user.pk])
        return Next("lapsed", "person", person, len(lapsed))
    if without:
        return Next("without-role", "people", f"{reverse('ministries:person_list')}?status=past", len(without))
    return Next("people-complete", "people", reverse("ministries:person_list"))
