"""Sample accounts: invented people, one password for all, addresses that can't receive mail (example.org)."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils.text import slugify

from ministries.enums import BODY_ROLES, Role, State
from ministries.models import Appointment, ImplementingBody, Submission
from ministries.sample.texts import Texts
from nap_monitor.accounts import services as accounts
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record

#: The password of all sample accounts; printed by the command.
PASSWORD = "sample-year-1325"  # noqa: S105 - printed for everybody
DOMAIN = "example.org"
#: The first part of their addresses: one of each in every body, and those for the whole plan.
OF_BODY = {"focal": Role.FOCAL_POINT, "approver": Role.APPROVER}
OF_PLAN = {
    Role.COORDINATOR: ("coordinator", "coordinator2"),
    Role.PANEL_MEMBER: ("panel", "panel2"),
    Role.COMMITTEE_READER: ("committee",),
    Role.ADMINISTRATOR: ("admin",),
}


def address(name: str, body: ImplementingBody | None = None) -> str:
    """The address of a sample account: ``focal.mnd@example.org``."""
    place = f".{slugify(body.code) or body.pk}" if body else ""
    return f"{name}{place}@{DOMAIN}"


def taken_addresses(bodies: Iterable[ImplementingBody]) -> list[str]:
    """The addresses of sample accounts that belong to people who are no sample."""
    ours = [address(name, body) for body in bodies for name in OF_BODY]
    ours += [address(name) for names in OF_PLAN.values() for name in names]
    return list(User.objects.filter(email__in=ours, is_sample=False).order_by("email").values_list("email", flat=True))


class People:
    """The sample accounts of a plan's bodies, made where they are missing."""

    def __init__(self, *, texts: Texts, bodies: Sequence[ImplementingBody], year: int, start: dt.date) -> None:
        """``year`` says which names of the bodies stand in the people's names; ``start`` is when they are appointed."""
        self._texts, self._year, self._start = texts, year, start
        # One hash for all: hashing slowly is for passwords that are secret.
        self._password = make_password(PASSWORD)
        lead = next((body for body in bodies if body.is_lead), bodies[0])
        with clock.at(start):
            in_bodies = {
                role: {body.pk: self._person(role, address(name, body), body) for body in bodies}
                for name, role in OF_BODY.items()
            }
            self.focal_points, self.approvers = in_bodies[Role.FOCAL_POINT], in_bodies[Role.APPROVER]
            of_plan = {
                role: [self._person(role, address(name), lead if role in BODY_ROLES else None) for name in names]
                for role, names in OF_PLAN.items()
            }
            self.coordinators = of_plan[Role.COORDINATOR]

    def _person(self, role: Role, email: str, body: ImplementingBody | None) -> User:
        user = User.objects.filter(email=email).first()
        if user is None:
            user = accounts.create_user(email=email, name=self._name(role, email, body), by=None, is_sample=True)
            user.password = self._password
            user.save(update_fields=["password"])
        self._appoint(user, role, body)
        return user

    def _name(self, role: Role, email: str, body: ImplementingBody | None) -> str:
        name = str(self._texts.general["accounts"][role.value][self._texts.language])
        several = [address(each) for each in OF_PLAN.get(role, ())]
        if len(several) > 1:
            name += f" {several.index(email) + 1}"
        return f"{name}({body.name_in(self._year).in_language(self._texts.language)})" if body else name

    def _appoint(self, user: User, role: Role, body: ImplementingBody | None) -> None:
        """Without the mail that :func:`ministries.services.people.appoint` sends: nobody is behind these addresses."""
        if user.appointments.filter(role=role, body=body).exists():
            return
        Appointment.objects.create(user=user, role=role, body=body, start=self._start)
        data = {"role": role.value, "body": body.code if body else "", "start": self._start.isoformat(), "end": ""}
        record(kind="appoint", subject=user, by=None, data=data)


@dataclass(frozen=True)
class Account:
    """A sample account as it is listed: the address, and the role with its body's name (empty for the whole plan)."""

    email: str
    role: Role
    body: str


def sample_accounts() -> list[Account]:
    """Who may sign in with :data:`PASSWORD`, main ones first: a body that may still report on a year that is over."""
    held = Appointment.objects.holding().filter(user__is_sample=True, user__is_active=True)
    rows = held.select_related("user", "body").prefetch_related("body__names")
    return [
        Account(row.user.email, Role(row.role), str(row.body.name) if row.body else "")
        for row in sorted(rows, key=_main_first(_main_body()))
    ]


def _main_body() -> int | None:
    """The body with whose accounts the whole way can be walked in a year that is over; else one that isn't the lead."""
    open_ones = Submission.objects.filter(round__is_sample=True, extended_until__gte=clock.today(), state=State.DRAFT)
    begun_first = open_ones.order_by("round__year", models.F("started_at").asc(nulls_last=True))
    found = begun_first.values_list("assignment__body", flat=True)
    others = ImplementingBody.objects.filter(is_lead=False).values_list("pk", flat=True)
    return found.first() or others.first()


def _main_first(main: int | None) -> Callable[[Appointment], tuple[bool, int, int, str]]:
    roles = list(Role)

    def key(row: Appointment) -> tuple[bool, int, int, str]:
        in_other_body = row.role in (Role.FOCAL_POINT, Role.APPROVER) and row.body_id != main
        order = row.body.order if row.body and in_other_body else 0
        return in_other_body, order, roles.index(Role(row.role)), row.user.email.partition("@")[0]

    return key
