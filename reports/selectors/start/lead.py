"""The start page of a coordinator: what to review, who is late, what is wrong, how all bodies stand."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.urls import reverse

from ministries.enums import ReminderTo, StateLabel
from ministries.models import Appointment, ImplementingBody, Round, Submission
from ministries.selectors import submissions
from ministries.selectors.reminders import bodies_without_recipient, by_recipient
from ministries.selectors.schedule import ScheduleState, schedule_state
from ministries.selectors.staffing import Vacancy, ending, vacancies
from ministries.selectors.submissions import Row
from nap_monitor.lib.localized import LocalizedText
from reports.selectors.start.parts import Next, Part, Task, by_days_left, counted, first_of, opening, task

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

TO_REVIEW = (StateLabel.SUBMITTED, StateLabel.SUBMITTED_AGAIN)
#: What the table of bodies counts, in the order of the way.
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
    """How a body stands: its submissions by state, how many of them are late, and by how many days at most."""

    code: str
    name: LocalizedText
    total: int
    overdue: int
    latest: int
    cells: list[int]
    confirmed: int


@dataclass(frozen=True)
class LeadPart(Part):
    """What waits for a coordinator. ``unconfirmable`` and ``vacancies`` are faults that stop the work, ``unreached``
    and a ``schedule`` that is late some that stop the reminders."""

    bodies: tuple[BodyRow, ...] = ()
    unconfirmable: tuple[Submission, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    ending: tuple[Appointment, ...] = ()
    unreached: tuple[tuple[ReminderTo, list[ImplementingBody]], ...] = ()
    schedule: ScheduleState = field(default_factory=lambda: ScheduleState(None, is_late=False))
    counts: tuple[tuple[StateLabel, int], ...] = ()
    overdue: int = 0
    total: int = 0
    handed_in: int = 0
    confirmed: int = 0

    @property
    def late_bodies(self) -> list[BodyRow]:
        """The bodies with late submissions, those with the most of them first."""
        return [body for body in self.bodies if body.overdue]


def lead_part(user: "User", round: Round | None) -> LeadPart:
    """The part for who coordinates. The same number of queries for any number of submissions."""
    missing, going = tuple(vacancies(round)), tuple(ending())
    if round is None:
        make = Next("make-round", "make-round", reverse("ministries:round_list"))
        return LeadPart("lead", make, vacancies=missing, ending=going)
    rows = submissions.listing(user, round, scope=submissions.ALL).rows
    to_review = [_on_its_review(row, round) for row in sorted(rows, key=_in_queue) if row.state in TO_REVIEW]
    elsewhere = submissions.awaited_elsewhere(user, round, scope=submissions.ALL)
    tasks = [
        *task("to-review", to_review, "state=submitted"),
        *task("elsewhere", sorted(elsewhere, key=by_days_left)),
    ]
    stuck = tuple(submissions.unconfirmable(round))
    return LeadPart(
        "lead",
        _next(tasks, rows, round, bool(stuck or missing)),
        tasks,
        bodies=tuple(_bodies(rows)),
        unconfirmable=stuck,
        vacancies=missing,
        ending=going,
        unreached=tuple(by_recipient(bodies_without_recipient(round))),
        schedule=schedule_state(),
        counts=tuple(counted(rows)),
        overdue=sum(row.is_overdue for row in rows),
        total=len(rows),
        handed_in=sum(row.state in (*TO_REVIEW, StateLabel.CONFIRMED) for row in rows),
        confirmed=sum(row.state is StateLabel.CONFIRMED for row in rows),
    )


def _in_queue(row: Row) -> tuple[bool, str, str]:
    """As the queue has it: what came again first, then the oldest first."""
    return (row.state is not StateLabel.SUBMITTED_AGAIN, str(row.updated_at), row.code)


def _next(tasks: list[Task], rows: list[Row], round: Round, has_faults: bool) -> Next:
    makers: dict[str, Callable[[Task], Next]] = {"to-review": _review}
    if found := first_of(tasks, makers):
        return found
    here = round.get_absolute_url()
    late = sum(row.is_overdue for row in rows)
    if late:
        return Next("late", "late", f"{here}?scope=all&state=overdue", late)
    if has_faults:
        return Next("faults", "faults", "#faults")
    if not round.is_opened():
        return opening(round)
    if rows and all(row.state is StateLabel.CONFIRMED for row in rows):
        report = reverse("reports:document_list", args=[round.plan.number, round.year])
        return Next("report", "report", report, len(rows), year=round.year)
    waiting = sum(row.due_date is not None for row in rows)
    return Next("nothing-to-review", "list", here, waiting, year=round.year, day=round.due_date)


def _on_its_review(row: Row, round: Round) -> Row:
    """The row, with the page on which a coordinator reads and decides it."""
    return replace(row, url=reverse("ministries:review", args=[round.plan.number, row.year, row.body_code, row.code]))


def _review(found: Task) -> Next:
    return Next("to-review", "review", found.rows[0].url, found.total, found.rows[0])


def _bodies(rows: list[Row]) -> list[BodyRow]:
    """The bodies, those with the most late submissions first."""
    by_body: dict[str, list[Row]] = {}
    for row in rows:
        by_body.setdefault(row.body_code, []).append(row)
    found = [_body(code, own) for code, own in by_body.items()]
    return sorted(found, key=lambda body: (-body.overdue, -(body.total - body.confirmed), body.code))


def _body(code: str, rows: list[Row]) -> BodyRow:
    counts = Counter(row.state for row in rows)
    late = [-row.days_left for row in rows if row.is_overdue and row.days_left is not None]
    return BodyRow(
        code=code,
        name=rows[0].body,
        total=len(rows),
        overdue=len(late),
        latest=max(late, default=0),
        cells=[counts[label] for label in COLUMNS],
        confirmed=counts[StateLabel.CONFIRMED],
    )
