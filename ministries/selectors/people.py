"""Reading people: who holds which role, who has come in, whom to ask."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import Role
from ministries.models import Appointment, Handover, ImplementingBody
from ministries.selectors.body_names import NamedBody, names_on
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event

USER = "accounts.user"
#: An appointment ends soon that ends within this time: long enough to find a successor, or to appoint anew.
SOON = dt.timedelta(days=30)


def visible_people(user: "rules.Person") -> QuerySet[User]:
    """The people whom ``user`` may see in the list of people: all of them, or none."""
    allowed = user.is_authenticated and user.has_perm("ministries.view_people")
    return User.objects.all() if allowed else User.objects.none()


def visible_appointments(user: "rules.Person") -> QuerySet[Appointment]:
    """The appointments of the people whom ``user`` may see."""
    return Appointment.objects.filter(user__in=visible_people(user)).select_related("user", "body")


def ending_soon() -> QuerySet[Appointment]:
    """The appointments that hold today and end within :data:`SOON`, those of active people, the first to end first.

    Without those that are provided for: the same person has the same role for longer, or it was handed over.
    """
    # Where the role is of no body, none of the same role is of one.
    same_body = Q(body=OuterRef("body")) | Q(body__isnull=True)
    longer = Appointment.objects.filter(
        same_body, Q(end__isnull=True) | Q(end__gt=OuterRef("end")), user=OuterRef("user"), role=OuterRef("role")
    )
    handed_over = Handover.objects.filter(ended=OuterRef("pk"), revoked_at=None)
    return (
        Appointment.objects.holding()
        .filter(~Exists(longer), ~Exists(handed_over), end__lte=clock.today() + SOON, user__is_active=True)
        .order_by("end", "body__order", "role", Lower("user__name"), "user__email")
    )


@dataclass(frozen=True)
class PeopleFilter:
    """What the list of people is narrowed to. ``status`` is ``current`` (roles today or later), ``ending`` (one of them
    ends soon), ``past``, or all."""

    search: str = ""
    role: str = ""
    body: ImplementingBody | None = None
    status: str = ""


def filter_people(people: QuerySet[User], wanted: PeopleFilter) -> QuerySet[User]:
    """Narrow ``people``. Role, body and status are asked of one and the same appointment."""
    mine = Appointment.objects.filter(user=OuterRef("pk"))
    if wanted.role:
        mine = mine.filter(role=wanted.role)
    if wanted.body:
        mine = mine.filter(body=wanted.body)
    lasting = mine.filter(Q(end__isnull=True) | Q(end__gte=clock.today()))
    if wanted.status == "ending":
        people = people.filter(Exists(mine.filter(pk__in=ending_soon().order_by().values("pk"))))
    elif wanted.status == "current":
        people = people.filter(Exists(lasting))
    elif wanted.status == "past":
        people = people.filter(~Exists(lasting))
    if wanted.role or wanted.body:
        people = people.filter(Exists(mine))
    if wanted.search:
        people = people.filter(Q(name__icontains=wanted.search) | Q(email__icontains=wanted.search))
    return people


#: What the list of people can be sorted by: the usual way, and the other way round.
SORTS: dict[str, tuple[list[str | Combinable | OrderBy], list[str | Combinable | OrderBy]]] = {
    "person": ([Lower("name"), "email"], [Lower("name").desc(), "-email"]),
    "role": (
        [F("role_place").asc(nulls_last=True), F("body_place").asc(nulls_last=True), Lower("name"), "email"],
        [F("role_place").desc(nulls_last=True), F("body_place").desc(nulls_last=True), Lower("name"), "email"],
    ),
    "since": (
        [F("since").asc(nulls_last=True), Lower("name"), "email"],
        [F("since").desc(nulls_last=True), Lower("name"), "email"],
    ),
    "end": (
        [F("ends").asc(nulls_last=True), Lower("name"), "email"],
        [F("ends").desc(nulls_last=True), Lower("name"), "email"],
    ),
    "sign-in": (
        [F("last_login").asc(nulls_last=True), Lower("name"), "email"],
        [F("last_login").desc(nulls_last=True), Lower("name"), "email"],
    ),
}


def known_sort(asked: str) -> str:
    """What was asked for, where :data:`SORTS` has it (a hyphen in front for the other way round); else nothing."""
    return asked if asked.removeprefix("-") in SORTS else ""


def ordered_people(people: QuerySet[User], sort: str = "") -> QuerySet[User]:
    """By ``sort``, else by name, those without a name by their address; with their appointments, in a fixed number of
    queries. Roles stand in the order of the table of roles, bodies in that of the government. ``since`` is the first
    day of the newest of the appointments that last, ``end`` the last day of the one that ends first.
    """
    sort = known_sort(sort)
    appointments = Appointment.objects.select_related("body").prefetch_related("body__names").order_by("-start", "role")
    if sort.removeprefix("-") in ("role", "since", "end"):
        people = _with_places(people)
    usual, reverse = SORTS[sort.removeprefix("-") or "person"]
    order = reverse if sort.startswith("-") else usual
    return people.order_by(*order).prefetch_related(Prefetch("appointments", queryset=appointments))


def _with_places(people: QuerySet[User]) -> QuerySet[User]:
    """Each person with the place of the first role that lasts, and of its body, and with the days of what lasts."""
    places = [When(role=role, then=Value(number)) for number, role in enumerate(Role)]
    lasting = Appointment.objects.filter(Q(end__isnull=True) | Q(end__gte=clock.today()), user=OuterRef("pk"))
    first = lasting.annotate(place=Case(*places, output_field=IntegerField())).order_by("place", "body__order", "pk")
    return people.annotate(
        role_place=Subquery(first.values("place")[:1]),
        body_place=Subquery(first.values("body__order")[:1]),
        since=Subquery(lasting.order_by("-start").values("start")[:1]),
        ends=Subquery(lasting.filter(end__isnull=False).order_by("end").values("end")[:1]),
    )


@dataclass(frozen=True)
class Person:
    """A person as the list and the page of people show them."""

    user: User
    appointments: Sequence[Appointment]
    invited_at: dt.datetime | None

    @cached_property
    def holding(self) -> list[Appointment]:
        """The appointments that hold today."""
        return [each for each in self.appointments if each.holds()]

    @cached_property
    def lasting(self) -> list[Appointment]:
        """The appointments that hold today, and then those that begin later."""
        return [*self.holding, *(each for each in self.appointments if not each.has_ended() and not each.holds())]

    @cached_property
    def ended(self) -> list[Appointment]:
        """The appointments that have ended."""
        return [each for each in self.appointments if each.has_ended()]

    @property
    def in_order(self) -> list[Appointment]:
        """All of them: what holds, what comes, what has ended."""
        return [*self.lasting, *self.ended]

    @property
    def is_waiting(self) -> bool:
        """Whether the person has no password yet, and so can only come in with the invitation."""
        return not self.user.has_usable_password()

    @property
    def invitation_expired(self) -> bool:
        """Whether the last invitation's link is too old to be used."""
        lifetime = dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        return self.is_waiting and self.invited_at is not None and self.invited_at + lifetime < clock.now()


def as_people(users: Iterable[User]) -> list[Person]:
    """What the pages show of ``users`` (from :func:`ordered_people`), with one query for the invitations."""
    users = list(users)
    invited = dict(
        Event.objects.filter(object_kind=USER, object_id__in=[str(user.pk) for user in users], kind="invite")
        .order_by()
        .values_list("object_id")
        .annotate(last=Max("at"))
    )
    return [
        Person(user=user, appointments=list(user.appointments.all()), invited_at=invited.get(str(user.pk)))
        for user in users
    ]


#: What the events of a person are called.
EVENT_LABELS = {
    "create": _("Account made"),
    "appoint": _("Appointed"),
    "invite": _("Invitation sent"),
    "end": _("Appointment ended"),
    "withdraw": _("Appointment withdrawn"),
    "deactivate": _("Account deactivated"),
    "details": _("Details changed"),
    "hand_over": _("Handover"),
    "revoke_handover": _("Handover revoked"),
    "activate": _("Account activated"),
}


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that was done with a person's account or appointments."""

    at: dt.datetime
    label: str
    actor: str
    reason: str


def history(user: User) -> list[HistoryEntry]:
    """What was done with this person's account and appointments, newest first. Visits stand in the record alone."""
    events = list(Event.objects.of(USER, str(user.pk)).filter(kind__in=EVENT_LABELS).reverse())
    codes = {event.data.get("body") for event in events}
    bodies = {
        body.code: str(body) for body in ImplementingBody.objects.filter(code__in=codes).prefetch_related("names")
    }
    return [
        HistoryEntry(
            at=event.at,
            label=": ".join([str(EVENT_LABELS.get(event.kind, event.kind)), *_details(event, bodies)]),
            actor=event.actor_label or _now("By a command of the installation"),
            reason=event.reason,
        )
        for event in events
    ]


def _details(event: Event, bodies: dict[str, str]) -> list[str]:
    role, code = event.data.get("role", ""), event.data.get("body", "")
    if role not in Role.values:
        return []
    days = "~".join(_day(event.data.get(name, "")) for name in ("start", "end"))
    words = [str(Role(role).label), bodies.get(code, code), days]
    return [", ".join(word for word in words if word)]


def _day(text: str) -> str:
    return date_format(dt.date.fromisoformat(text), "SHORT_DATE_FORMAT") if text else ""


def lead_bodies() -> list[ImplementingBody]:
    """The lead ministry (or ministries): whom people ask who do not get on."""
    return list(ImplementingBody.objects.filter(is_lead=True).prefetch_related("names"))


def held_roles(user: "rules.Person") -> list[tuple[Role, NamedBody | None]]:
    """The roles that ``user`` holds today, each with its body, in the order of the table of roles."""
    roles = rules.roles_of(user)
    bodies = names_on(clock.today(), (body_id for ids in roles.bodies.values() for body_id in ids))
    held: list[tuple[Role, NamedBody | None]] = []
    for role in Role:
        if role in roles.bodies:
            mine = [body for pk, body in bodies.items() if pk in roles.bodies[role]]
            held.extend((role, body) for body in mine)
            if not mine:
                held.append((role, None))
    return held
