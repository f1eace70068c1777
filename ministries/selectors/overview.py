"""A round as its coordinators see it: bodies × action plans, who is late, what waits, and the counts of two years.

What is shown of a submission is what a coordinator may know of it at any time: the state of a draft, and nothing in it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import QuerySet

from ministries.enums import AWAITED, Rating, State, StateLabel
from ministries.models import Assessment, Round, Submission
from ministries.models.submission import Standing
from ministries.selectors.body_names import NamedBody, names_on
from ministries.selectors.remarks import open_counts
from ministries.selectors.submissions import OVERDUE
from ministries.selectors.timeliness import Counts, day_of, days_late
from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.prepared import prepared
from objectives.models import ActionPlan

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: What can be asked for beside the states and 'overdue': submitted and not decided, never submitted, first submitted
#: after its due date.
TO_REVIEW, NOT_REPORTED, LATE = "to-review", "not-reported", "late"
SUBMITTED = (StateLabel.SUBMITTED_AGAIN, StateLabel.SUBMITTED)
#: What still has to be submitted.
STILL_AWAITED = (*AWAITED, StateLabel.NOT_STARTED)
#: Asked for in the place of a rating: what has none from the coordinator.
UNRATED = "none"


class _Columns(NamedTuple):
    """The columns of a submission that an overview needs; what a body writes is not among them."""

    round: Round
    pk: int
    assignment_id: int
    action_plan_id: int
    body_id: int
    state: str
    started_at: dt.datetime | None
    sent_back_at: dt.datetime | None
    first_submitted_at: dt.datetime | None
    last_submitted_at: dt.datetime | None
    confirmed_at: dt.datetime | None
    extended_until: dt.date | None
    confirmed_version_id: Any
    self_rating: str
    coordinator_rating: str


class Row(Standing, _Columns):
    """A submission as an overview reads it."""

    __slots__ = ()

    @property
    def round_id(self) -> int:
        """The id of its round."""
        return int(self.round.pk)


@dataclass(frozen=True)
class Choice:
    """What is chosen of a round; nothing chooses all. ``part`` is an area's code, or ``area:objective``."""

    part: str = ""
    body: str = ""
    state: str = ""
    rating: str = ""
    search: str = ""

    @property
    def of_any_year(self) -> "Choice":
        """The part of it that means the same in another year."""
        return Choice(part=self.part, body=self.body, search=self.search)


@dataclass(frozen=True)
class Item:
    """An action plan with what stands above it in the plan."""

    pk: int
    code: str
    title: LocalizedText
    strategy: tuple[str, LocalizedText]
    objective: tuple[str, LocalizedText]
    area: tuple[str, LocalizedText]


#: A body with the name that it has in the year shown.
Column = NamedBody


@dataclass(frozen=True)
class Cell:
    """A submission. ``overdue``: by how many days it is awaited too long; ``late``: by how many it first came too late.

    ``self_rating`` is told while a version is submitted or confirmed, ``rating`` is the coordinator's; ``until`` is the
    last day of an exception while the submission is awaited.
    """

    item: Item
    body: Column
    state: StateLabel
    due_date: dt.date
    overdue: int
    late: int
    first_submitted: dt.date | None
    last_submitted: dt.date | None
    last_submitted_at: dt.datetime | None
    confirmed: dt.date | None
    self_rating: Rating | None
    rating: Rating | None
    last_rating: Rating | None
    until: dt.date | None
    open_remarks: int
    is_under_revision: bool

    @property
    def is_on_time(self) -> bool:
        """Whether it was first submitted, and not too late."""
        return self.first_submitted is not None and not self.late


@dataclass(frozen=True)
class Figures:
    """The counts of the year shown, and of the year before where there was a round."""

    now: Counts
    before: Counts | None


@dataclass(frozen=True)
class Lateness:
    """A body with overdue submissions: how many of those expected, and by how many days the longest."""

    body: Column
    overdue: int
    expected: int
    days: int


@dataclass(frozen=True)
class Overview:
    """A round. ``cells`` are all submissions in the order of the plan, ``chosen`` those that fit the choice.

    ``before`` are those of the year before, nothing where there was no round; ``places`` says of a submission's id what
    it is about; ``assessments`` are the coordinators' ratings of joint action plans, by the action plan's id.
    """

    cells: list[Cell]
    chosen: list[Cell]
    before: list[Cell] | None
    places: dict[int, tuple[Item, Column]] = field(default_factory=dict)
    assessments: dict[int, Rating] = field(default_factory=dict)

    @property
    def bodies(self) -> list[Column]:
        """The bodies of what is chosen, in the order of the government."""
        return _in_order(self.chosen)

    @property
    def all_bodies(self) -> list[Column]:
        """The bodies that report in the round."""
        return _in_order(self.cells)

    @property
    def total(self) -> Figures:
        """The counts of all that is chosen."""
        return Figures(counted(self.chosen), None if self.before is None else counted(self.before))

    def by_body(self) -> list[tuple[Column, Figures]]:
        """The counts of what is chosen, by body."""
        now, before = _by_body(self.chosen), _by_body(self.before or [])
        return [
            (body, Figures(counted(now[body.pk]), None if self.before is None else counted(before.get(body.pk, []))))
            for body in self.bodies
        ]

    def late_bodies(self) -> list[Lateness]:
        """The bodies with overdue submissions, those with the most of them first."""
        found = []
        for cells in _by_body(self.cells).values():
            days = [cell.overdue for cell in cells if cell.overdue]
            if days:
                found.append(Lateness(cells[0].body, len(days), len(cells), max(days)))
        return sorted(found, key=lambda late: (-late.overdue, -late.days))

    @property
    def awaited(self) -> list[Cell]:
        """What is chosen and still has to be submitted."""
        return [cell for cell in self.chosen if cell.state in STILL_AWAITED]

    def waiting(self) -> list[Cell]:
        """What is submitted and not decided: what was submitted again first, then what has waited longest."""
        found = [cell for cell in self.cells if cell.state in SUBMITTED]
        return sorted(found, key=lambda cell: (SUBMITTED.index(cell.state), str(cell.last_submitted_at)))


def overview(user: "User", round: Round, choice: Choice, rounds: Iterable[Round] | None = None) -> Overview:
    """The round, for a coordinator. The same number of queries for any number of submissions, events and rounds.

    ``rounds``, those of the plan, spare the query for the year before.
    """
    items, bodies = _items(round), names_on(dt.date(round.year, 12, 31))
    if rounds is None:
        rounds = Round.objects.filter(plan_id=round.plan_id, year=round.year - 1)
    before = next((each for each in rounds if each.year == round.year - 1), None)
    rows, rows_before = _rows(round), _rows(before) if before else []
    late = days_late([*rows, *rows_before])
    remarks = open_counts(user, submission__round=round).shared
    last = {row.assignment_id: row.coordinator_rating for row in rows_before if row.confirmed_version_id}
    today = clock.today()

    def cells(found: Iterable[Row]) -> list[Cell]:
        return [
            _cell(row, items[row.action_plan_id], bodies[row.body_id], late.get(row.pk, 0), last, remarks, today)
            for row in found
        ]

    shown = cells(rows)
    fits, fitted = fitting(choice), fitting(choice.of_any_year)
    return Overview(
        cells=shown,
        chosen=[cell for cell in shown if fits(cell)],
        before=[cell for cell in cells(rows_before) if fitted(cell)] if before else None,
        assessments=_assessments(round),
        places={row.pk: (items[row.action_plan_id], bodies[row.body_id]) for row in rows},
    )


def _items(round: Round) -> dict[int, Item]:
    above = ("strategy", "strategy__objective", "strategy__objective__area")
    columns = [f"{path}__{name}" for path in above for name in ("code", "title")]
    query = prepared(
        ("overview-items", round.plan_id),
        lambda: (
            ActionPlan.objects.filter(plan_id=round.plan_id).order_by().values_list("pk", "code", "title", *columns)
        ),
    )
    return {pk: Item(pk, code, title, (a, b), (c, d), (e, f)) for pk, code, title, a, b, c, d, e, f in query.rows()}


def _assessments(round: Round) -> dict[int, Rating]:
    query = prepared(
        ("overview-assessments", round.pk),
        lambda: Assessment.objects.filter(round=round).order_by().values_list("action_plan_id", "rating"),
    )
    return {pk: Rating(rating) for pk, rating in query.rows()}


def _rows(round: Round) -> list[Row]:
    """The submissions of a round in the order of the plan, inside an action plan in that of the government."""
    return [Row(round, *row) for row in prepared(("overview-rows", round.pk), lambda: _columns(round)).rows()]


def _columns(round: Round) -> QuerySet[Any, Any]:
    above = ("assignment__action_plan_id", "assignment__body_id")
    order = ("assignment__action_plan__order", "assignment__body__order", "assignment__body__code")
    found = Submission.objects.filter(round=round).order_by(*order)
    return found.values_list("pk", "assignment_id", *above, *_Columns._fields[5:])


def _cell(
    row: Row,
    item: Item,
    body: Column,
    late: int,
    last: dict[int, str],
    remarks: Counter[int],
    today: dt.date,
) -> Cell:
    label = row.label
    is_confirmed = row.confirmed_version_id is not None
    # While a body writes, its new rating is its own matter; and so is that its approver sent a draft back.
    self_rating = row.self_rating if row.state in (State.SUBMITTED, State.CONFIRMED) else ""
    last_rating = last.get(row.assignment_id, "")
    return Cell(
        item=item,
        body=body,
        state=StateLabel.DRAFT if label is StateLabel.SENT_BACK else label,
        due_date=row.due_date,
        overdue=-row.days_left(today) if row.is_overdue(today) else 0,
        late=late,
        first_submitted=day_of(row.first_submitted_at),
        last_submitted=day_of(row.last_submitted_at),
        last_submitted_at=row.last_submitted_at,
        confirmed=day_of(row.confirmed_at) if is_confirmed else None,
        self_rating=Rating(self_rating) if self_rating else None,
        rating=Rating(row.coordinator_rating) if is_confirmed and row.coordinator_rating else None,
        last_rating=Rating(last_rating) if last_rating else None,
        until=row.extended_until if row.is_awaited and row.extended_until and row.extended_until >= today else None,
        open_remarks=remarks[row.pk],
        is_under_revision=row.is_under_revision,
    )


def fitting(choice: Choice) -> Callable[[Cell], bool]:
    """Whether a submission is among what is chosen."""
    area, _, objective = choice.part.partition(":")
    words = choice.search.casefold().split()
    texts: dict[int, str] = {}

    def has_words(item: Item) -> bool:
        text = texts.get(item.pk)
        if text is None:
            text = texts[item.pk] = f"{item.code} {' '.join(item.title.values())}".casefold()
        return all(word in text for word in words)

    def fits(cell: Cell) -> bool:
        return (
            (not area or cell.item.area[0] == area)
            and (not objective or cell.item.objective[0] == objective)
            and (not choice.body or cell.body.code == choice.body)
            and (not choice.state or _is_in(cell, choice.state))
            and (not choice.rating or (cell.rating or UNRATED) == choice.rating)
            and (not words or has_words(cell.item))
        )

    return fits


def _is_in(cell: Cell, state: str) -> bool:
    if state == OVERDUE:
        return bool(cell.overdue)
    if state == TO_REVIEW:
        return cell.state in SUBMITTED
    if state == NOT_REPORTED:
        return cell.first_submitted is None
    if state == LATE:
        return bool(cell.late)
    return cell.state == state


def counted(cells: Iterable[Cell]) -> Counts:
    """The counts of these submissions."""
    rows = list(cells)
    return Counts(
        expected=len(rows),
        reported=sum(cell.first_submitted is not None for cell in rows),
        on_time=sum(cell.is_on_time for cell in rows),
        confirmed=sum(cell.state is StateLabel.CONFIRMED for cell in rows),
        overdue=sum(bool(cell.overdue) for cell in rows),
    )


def _by_body(cells: Iterable[Cell]) -> dict[int, list[Cell]]:
    found: dict[int, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.body.pk, []).append(cell)
    return found


def _in_order(cells: Iterable[Cell]) -> list[Column]:
    found = {cell.body.pk: cell.body for cell in cells}
    return sorted(found.values(), key=lambda body: body.place)
