"""The start pages: what waits for whom, the late ones first."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ministries import rules
from ministries.enums import Role, StateLabel
from ministries.models import Round
from ministries.selectors import submissions
from ministries.selectors.submissions import Row
from nap_monitor.lib.localized import LocalizedText
from reports.models import RenderJob
from reports.selectors.documents import documents

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: So many rows stand on a start page; the list has them all.
SHOWN = 8

#: What a coordinator's table counts, in the order of the way.
COLUMNS = (
    StateLabel.NOT_STARTED,
    StateLabel.DRAFT,
    StateLabel.SIGNED_OFF,
    StateLabel.RETURNED,
    StateLabel.SUBMITTED,
    StateLabel.SUBMITTED_AGAIN,
    StateLabel.CONFIRMED,
)


@dataclass(frozen=True)
class BodyRow:
    """How a body stands: its submissions by state, and how many of them are late."""

    code: str
    name: LocalizedText
    total: int
    overdue: int
    cells: list[int]
    confirmed: int


@dataclass(frozen=True)
class Task:
    """A group of submissions that wait for this person, and where the list of them is."""

    code: str
    rows: list[Row]
    total: int
    query: str


@dataclass(frozen=True)
class Start:
    """What a start page shows of one round to one person, in one scope."""

    round: Round
    scope: str
    total: int
    counts: list[tuple[StateLabel, int]]
    overdue: int
    confirmed: int
    bodies: list[BodyRow]
    tasks: list[Task]
    documents: list[RenderJob]


def start_page(user: "User", round: Round) -> list[Start]:
    """The parts of the start page, one for each way in which this person has to do with the round."""
    scopes = submissions.scopes_for(user)
    return [_part(user, round, scope) for scope in scopes if scope != submissions.CONFIRMED or len(scopes) == 1]


def _part(user: "User", round: Round, scope: str) -> Start:
    rows = submissions.listing(user, round, scope=scope).rows
    counts = Counter(row.state for row in rows)
    may_read = rules.allows(user, "reports.view_draft_report")
    found = documents(plan_number=round.plan.number).filter(state=RenderJob.State.DONE)
    return Start(
        round=round,
        scope=scope,
        total=_total(round) if scope == submissions.CONFIRMED else len(rows),
        counts=[(label, counts[label]) for label in (*COLUMNS, StateLabel.SENT_BACK) if counts[label]],
        overdue=sum(row.is_overdue for row in rows),
        confirmed=counts[StateLabel.CONFIRMED],
        bodies=_bodies(rows) if scope == submissions.ALL else [],
        tasks=list(_tasks(user, round, rows, scope)),
        documents=list(found[:4]) if may_read else [],
    )


def _total(round: Round) -> int:
    """All submissions of the round: what is confirmed is told as a part of them."""
    return round.submissions.count()


def _bodies(rows: list[Row]) -> list[BodyRow]:
    """The bodies, those with the most late submissions first."""
    by_body: dict[str, list[Row]] = {}
    for row in rows:
        by_body.setdefault(row.body_code, []).append(row)
    found = [_body(code, own) for code, own in by_body.items()]
    return sorted(found, key=lambda body: (-body.overdue, -(body.total - body.confirmed), body.code))


def _body(code: str, rows: list[Row]) -> BodyRow:
    counts = Counter(row.state for row in rows)
    return BodyRow(
        code=code,
        name=rows[0].body,
        total=len(rows),
        overdue=sum(row.is_overdue for row in rows),
        cells=[counts[label] for label in COLUMNS],
        confirmed=counts[StateLabel.CONFIRMED],
    )


def _tasks(user: "User", round: Round, rows: list[Row], scope: str) -> Any:
    """What waits for this person, in the order in which it presses."""
    if scope == submissions.CONFIRMED:
        newest = sorted(rows, key=lambda row: str(row.updated_at), reverse=True)
        yield from _task("confirmed", newest, "")
        return
    late = sorted((row for row in rows if row.is_overdue), key=lambda row: row.days_left or 0)
    yield from _task("overdue", late, "state=overdue")
    elsewhere = submissions.awaited_elsewhere(user, round, scope=scope)
    yield from _task("elsewhere", sorted(elsewhere, key=lambda row: row.days_left or 0), "")
    if scope == submissions.ALL:
        to_review = [row for row in rows if row.state in (StateLabel.SUBMITTED, StateLabel.SUBMITTED_AGAIN)]
        yield from _task("to-review", sorted(to_review, key=lambda row: str(row.updated_at)), "state=submitted")
        return
    rest = [row for row in rows if not row.is_overdue]
    for code, states in _own_groups(user):
        yield from _task(code, [row for row in rest if row.state in states], f"state={states[0].value}")


def _own_groups(user: "User") -> list[tuple[str, tuple[StateLabel, ...]]]:
    """What waits in a body: returned ones first; then what approvers sign and what focal points write."""
    returned = ("returned", (StateLabel.RETURNED, StateLabel.SENT_BACK))
    to_submit = ("to-submit", (StateLabel.SIGNED_OFF,))
    to_write = ("to-write", (StateLabel.DRAFT, StateLabel.NOT_STARTED))
    is_approver = rules.roles_of(user).has(Role.APPROVER)
    return [returned, to_submit, to_write] if is_approver else [returned, to_write, to_submit]


def _task(code: str, rows: list[Row], query: str) -> Any:
    if rows:
        yield Task(code, rows[:SHOWN], len(rows), query)
