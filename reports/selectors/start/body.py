"""The start page of a focal point or approver: what is mine, in the order in which it presses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from ministries import locks, rules
from ministries.enums import Lock, Role, StateLabel
from ministries.models import ImplementingBody, Round
from ministries.selectors import submissions
from ministries.selectors.submissions import Row
from nap_monitor.lib.localized import LocalizedText
from reports.selectors.start.parts import Next, Part, Task, by_days_left, counted, opening, task

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: What is due within so many days stands among what presses.
SOON = 7

RETURNED = (StateLabel.RETURNED, StateLabel.SENT_BACK)
HANDED_IN = (StateLabel.SUBMITTED, StateLabel.SUBMITTED_AGAIN, StateLabel.CONFIRMED)
#: The groups in the order in which they press, for who writes only, who signs only, and who does both.
WRITER = ("overdue", "returned", "due", "drafts", "not-started", "to-submit", "waiting", "closed")
SIGNER = ("overdue", "to-sign-off", "to-submit", "returned", "due", "drafts", "not-started", "closed")
BOTH = ("overdue", "returned", "to-sign-off", "to-submit", "due", "drafts", "not-started", "waiting", "closed")
#: How the list is asked for a group.
QUERIES = {
    "overdue": "state=overdue",
    "closed": "state=overdue",
    "returned": "state=returned",
    "to-submit": "state=signed-off",
    "drafts": "state=draft",
    "not-started": "state=not-started",
    "to-sign-off": "state=draft",
    "waiting": "state=draft",
}


@dataclass(frozen=True)
class BodyPart(Part):
    """What waits in the own bodies, and how far they are; ``desk`` is where several are signed off at once,
    ``own_fields`` where each body defines its own fields, ``workbook`` where all are
    written in Excel."""

    names: tuple[LocalizedText, ...] = ()
    roles: tuple[Role, ...] = ()
    desk: str = ""
    own_fields: tuple[tuple[LocalizedText, str], ...] = ()
    workbook: str = ""
    counts: tuple[tuple[StateLabel, int], ...] = ()
    overdue: int = 0
    total: int = 0
    handed_in: int = 0
    confirmed: int = 0


def body_part(user: "User", round: Round | None) -> BodyPart:
    """The part for who reports. The same number of queries for any number of submissions."""
    roles = rules.roles_of(user)
    bodies = list(ImplementingBody.objects.filter(pk__in=roles.own_bodies).prefetch_related("names"))
    signable = frozenset(body.code for body in bodies if _may_sign_off(user, body))
    held = tuple(role for role in (Role.FOCAL_POINT, Role.APPROVER) if roles.has(role))
    names = tuple(body.name_in(round.year) if round else body.name for body in bodies)
    addresses = (reverse("ministries:body_field_list", args=[body.code]) for body in bodies)
    own_fields = tuple(zip(names, addresses, strict=True))
    if round is None:
        return BodyPart("own", opening(None), names=names, roles=held, own_fields=own_fields)
    rows = submissions.listing(user, round, scope=submissions.OWN).rows
    elsewhere = submissions.awaited_elsewhere(user, round, scope=submissions.OWN)
    waiting = [row for row in rows if row.due_date] if round.is_opened() else []
    tasks = list(_tasks([*waiting, *elsewhere], signable, _order(held, bool(signable))))
    return BodyPart(
        "own",
        _next(user, tasks, rows, round),
        tasks,
        names=names,
        roles=held,
        desk=_of_body("ministries:signoff_desk", round, bodies),
        own_fields=own_fields,
        workbook=_of_body("ministries:workbook", round, bodies) if rows else "",
        counts=tuple(counted(rows)),
        overdue=sum(row.is_overdue for row in rows),
        total=len(rows),
        handed_in=sum(row.state in HANDED_IN for row in rows),
        confirmed=sum(row.state is StateLabel.CONFIRMED for row in rows),
    )


def _of_body(name: str, round: Round, bodies: list[ImplementingBody]) -> str:
    """The page of one's body; who reports for several goes through the list."""
    if len(bodies) != 1:
        return ""
    return reverse(name, args=[round.plan.number, round.year, bodies[0].code])


def _may_sign_off(user: "User", body: ImplementingBody) -> bool:
    return rules.allows(user, "ministries.sign_off_submission", body)


def _order(held: tuple[Role, ...], signs: bool) -> tuple[str, ...]:
    if Role.FOCAL_POINT not in held:
        return SIGNER
    return BOTH if signs else WRITER


def _tasks(rows: list[Row], signable: frozenset[str], order: tuple[str, ...]) -> Iterator[Task]:
    """Each row in one group; the groups in their order, inside them what is due first."""
    groups: dict[str, list[Row]] = {code: [] for code in order}
    for row in rows:
        groups[_group(row, signable)].append(row)
    for code, found in groups.items():
        yield from task(code, sorted(found, key=by_days_left), QUERIES.get(code, ""))


def _group(row: Row, signable: frozenset[str]) -> str:
    if row.lock is Lock.CLOSED:
        return "closed"
    if row.is_overdue:
        return "overdue"
    if row.state in RETURNED:
        return "returned"
    if row.state is StateLabel.SIGNED_OFF:
        return "to-submit"
    if row.is_complete:
        return "to-sign-off" if row.body_code in signable else "waiting"
    if row.days_left is not None and row.days_left <= SOON:
        return "due"
    return "drafts" if row.state is StateLabel.DRAFT else "not-started"


def _next(user: "User", tasks: list[Task], rows: list[Row], round: Round) -> Next:
    """The first row of the first group that this person can do something about; else why there is nothing to do."""
    for each in tasks:
        row = each.rows[0]
        if each.code == "closed":
            why = locks.explain(Lock.CLOSED, round, user, until=row.extended_until)
            return Next(each.code, "open", row.url, each.total, row, why=str(why))
        if each.code == "waiting":
            return Next(each.code, "open", row.url, each.total, row)
        verb = "sign-off" if each.code == "to-sign-off" else _verb(row)
        url = f"{row.url}write/" if verb in ("write", "mend") else row.url
        return Next(each.code, verb, url, each.total, row)
    if not round.is_opened():
        return opening(round)
    if not rows:
        return Next("no-assignments", year=round.year)
    if all(row.state is StateLabel.CONFIRMED for row in rows):
        return Next("all-confirmed", "list", round.get_absolute_url(), len(rows), year=round.year)
    return Next("all-submitted", "list", round.get_absolute_url(), len(rows), year=round.year)


def _verb(row: Row) -> str:
    if row.state is StateLabel.SIGNED_OFF:
        return "submit"
    return "mend" if row.state in RETURNED else "write"
