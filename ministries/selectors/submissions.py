"""Reading submissions for pages."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.shortcuts import get_object_or_404

from ministries import fields, locks, rules
from ministries.enums import AWAITED, Lock, Rating, Role, State, StateLabel
from ministries.models import Appointment, Round, Submission
from ministries.models.submission import SubmissionQuerySet
from ministries.selectors.last_year import submission_before, texts_of
from ministries.selectors.remarks import open_counts
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.prepared import prepared

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: What a list shows: the own body's, all (for the coordinator), or what is confirmed.
OWN, ALL, CONFIRMED = "own", "all", "confirmed"
OVERDUE = "overdue"
#: The states in which a body writes, and may sign off what is complete.
WRITTEN = (State.DRAFT, State.RETURNED)


@dataclass(frozen=True)
class Row:
    """A submission in a list. ``updated_at`` is the last change for the own body, the last submission for others.

    ``is_complete``: the own body could sign it off as it stands. ``lock``: why the period forbids submitting it today.
    """

    url: str
    year: int
    code: str
    title: LocalizedText
    body_code: str
    body: LocalizedText
    body_order: int
    state: StateLabel
    due_date: dt.date | None
    days_left: int | None
    is_overdue: bool
    self_rating: Rating | None
    coordinator_rating: Rating | None
    updated_at: dt.datetime | None
    confirmed_at: dt.datetime | None
    open_remarks: int
    is_under_revision: bool
    is_complete: bool
    extended_until: dt.date | None
    lock: Lock | None


@dataclass(frozen=True)
class Listing:
    """The rows of a list after filtering, and how many there are in each state before.

    ``sort`` is the key of :data:`SORTS` by which the rows stand, a hyphen in front for descending; nothing for the
    order of the plan.
    """

    rows: list[Row]
    counts: Counter[str]
    total: int
    bodies: list[tuple[str, LocalizedText]]
    sort: str = ""

    @property
    def awaited(self) -> int:
        """How many of the rows are awaited."""
        return sum(row.due_date is not None for row in self.rows)


#: What a list can be sorted by: the row's place, nothing where the row has none. Words stand in their own order (states
#: in that of the way, ratings in that of the scale, bodies in that of the government), never in that of the alphabet.
SORTS: dict[str, Callable[[Row], float | dt.date | dt.datetime | None]] = {
    "code": lambda row: 0,
    "body": lambda row: row.body_order,
    "state": lambda row: _place(row.state, StateLabel),
    "due": lambda row: row.due_date,
    "self": lambda row: _place(row.self_rating, Rating),
    "coordinator": lambda row: _place(row.coordinator_rating, Rating),
    "changed": lambda row: row.updated_at,
}


def _place(value: StateLabel | Rating | None, scale: type[StateLabel] | type[Rating]) -> int | None:
    return None if value is None else list(scale).index(value)


def known_sort(asked: str) -> str:
    """What was asked for, where it is one of :data:`SORTS` (a hyphen in front for descending); else nothing."""
    return asked if asked.removeprefix("-") in SORTS else ""


def in_order(rows: Sequence[Row], sort: str) -> list[Row]:
    """The rows, given in the order of the plan, by ``sort``; those that have no place in it come last either way."""
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        return list(rows)
    is_descending = sort.startswith("-")
    if sort == "-code":
        return list(reversed(rows))
    placed = [row for row in rows if key(row) is not None]
    return [
        *sorted(placed, key=key, reverse=is_descending),  # type: ignore[arg-type]
        *(row for row in rows if key(row) is None),
    ]


def scopes_for(user: "User") -> list[str]:
    """The lists that ``user`` can open, the usual one first."""
    roles = rules.roles_of(user)
    scopes = []
    if rules.allows(user, "ministries.return_submission"):
        scopes.append(ALL)
    if roles.own_bodies:
        scopes.append(OWN)
    if rules.allows(user, "ministries.view_confirmed") and ALL not in scopes:
        scopes.append(CONFIRMED)
    return scopes


def listing(
    user: "User", round: Round, *, scope: str, state: str = "", body: str = "", search: str = "", sort: str = ""
) -> Listing:
    """The submissions of a round that ``user`` sees in this scope. One query count, whatever the number of rows."""
    found = Submission.objects.visible_to(user).filter(round=round)
    if scope == OWN:
        found = found.filter(assignment__body_id__in=rules.roles_of(user).own_bodies)
    if scope == CONFIRMED:
        found = found.filter(confirmed_version__isnull=False)
    counted = open_counts(user, submission__round=round)
    remarks = counted.shared + counted.inside
    rows = [_row(submission, scope, remarks) for submission in found.for_list()]
    counts: Counter[str] = Counter(row.state.value for row in rows)
    counts[OVERDUE] = sum(row.is_overdue for row in rows)
    bodies = {row.body_code: row.body for row in rows}
    words = search.casefold().split()
    chosen = [
        row
        for row in rows
        if (not state or row.state == state or (state == OVERDUE and row.is_overdue))
        and (not body or row.body_code == body)
        and all(word in f"{row.code} {' '.join(row.title.values())}".casefold() for word in words)
    ]
    sort = known_sort(sort)
    return Listing(in_order(chosen, sort), counts, len(rows), list(bodies.items()), sort)


def awaited_elsewhere(user: "User", round: Round, *, scope: str) -> list[Row]:
    """What is still awaited in other rounds of the plan: for a body what it may still submit, else all of it."""
    found = (
        Submission.objects.visible_to(user).filter(round__plan=round.plan_id, state__in=AWAITED).exclude(round=round)
    )
    if scope == OWN:
        today = clock.today()
        in_period = Q(round__opening_date__lte=today, round__closing_date__gte=today, round__closed_at=None)
        still_open = in_period | Q(extended_until__gte=today)
        found = found.filter(still_open, assignment__body_id__in=rules.roles_of(user).own_bodies)
    return [_row(submission, scope, Counter()) for submission in found.for_list().order_by("round__year", "pk")]


def _row(submission: Submission, scope: str, remarks: Counter[int]) -> Row:
    today = clock.today()
    action_plan, body = submission.assignment.action_plan, submission.assignment.body
    name = body.named_on(dt.date(submission.round.year, 12, 31))
    public, own = scope == CONFIRMED, scope == OWN
    # The lead ministry sees the state of a draft, not what is in it.
    told = own or submission.state in (State.SUBMITTED, State.CONFIRMED)
    label = submission.label
    if not own and label is StateLabel.SENT_BACK:
        label = StateLabel.DRAFT
    return Row(
        url=submission.get_absolute_url(),
        year=submission.round.year,
        code=action_plan.code,
        title=action_plan.title,
        body_code=body.code,
        body_order=body.order,
        body=LocalizedText({**name.name, **{k: v for k, v in name.short_name.items() if v}}),
        state=StateLabel.CONFIRMED if public else label,
        due_date=submission.due_date if submission.is_awaited and not public else None,
        days_left=submission.days_left(today) if submission.is_awaited and not public else None,
        is_overdue=submission.is_overdue(today) and not public,
        self_rating=Rating(submission.self_rating) if submission.self_rating and told and not public else None,
        coordinator_rating=Rating(submission.coordinator_rating) if submission.confirmed_version_id else None,
        updated_at=submission.updated_at if own and submission.started_at else submission.last_submitted_at,
        confirmed_at=submission.confirmed_at if submission.confirmed_version_id else None,
        open_remarks=0 if public else remarks[submission.pk],
        is_under_revision=submission.is_under_revision,
        is_complete=own and submission.state in WRITTEN and not fields.gaps(submission),
        extended_until=submission.extended_until if submission.is_awaited and not public else None,
        lock=locks.period_lock(submission) if submission.is_awaited and not public else None,
    )


#: Steps that are taken many times on end.
REPEATED = ("save", "translate")


def find_submission(user: "User", plan: int, year: int, body: str, code: str) -> Submission:
    """The submission at this address. Raises ``Http404`` where there is none that ``user`` may see."""
    found = (
        Submission.objects.visible_to(user)
        .select_related("round__plan", "assignment__body", "submitted_version", "confirmed_version")
        .select_related("assignment__action_plan__plan", "assignment__action_plan__strategy__objective__area")
        .select_related("written_by", "signed_off_by")
        .prefetch_related("assignment__body__names", "assignment__action_plan__indicators")
    )
    return at_address(found, plan, year, body, code)


def at_address(among: SubmissionQuerySet, plan: int, year: int, body: str, code: str) -> Submission:
    """The one of these submissions at this address. Raises ``Http404`` where there is none."""
    found: Submission = get_object_or_404(
        among,
        round__plan__number=plan,
        round__year=year,
        assignment__body__code=body,
        assignment__action_plan__code=code,
    )
    return found


def history(user: "User", submission: Submission) -> list[Event]:
    """What happened to the submission, newest first, as far as ``user`` may know it.

    A form that saves by itself leaves an event every few seconds: one after the other by the same person, they are told
    once, with the time of the last. Who downloaded a file stands in the record, not here.
    """
    events = Event.objects.of("ministries.submission", str(submission.pk)).exclude(kind="download")
    events = events.filter(rules.visible_steps(user, submission))
    found: list[Event] = []
    for event in events.reverse():
        if event.kind in REPEATED and found and (found[-1].kind, found[-1].actor_id) == (event.kind, event.actor_id):
            continue
        found.append(event)
    return found


def unconfirmable(round: Round) -> list[Submission]:
    """Submitted submissions that no coordinator appointed today may confirm, as each of them took part in writing.

    Where one of them never had a role in a body, there are none, however long the record is.
    """
    today = clock.today()
    leading = prepared(
        ("coordinators", today),
        lambda: (
            Appointment.objects.holding(today)
            .filter(role=Role.COORDINATOR, user__is_active=True)
            .order_by()
            .values_list("user_id")
        ),
    )
    coordinators = frozenset(str(row[0]) for row in leading.rows())
    if coordinators - _ever_in_a_body(coordinators):
        return []
    submitted = list(Submission.objects.filter(round=round, state=State.SUBMITTED).for_list())
    writers: dict[str, set[str]] = {}
    steps = Event.objects.filter(
        object_kind="ministries.submission",
        object_id__in=[str(submission.pk) for submission in submitted],
        kind__in=rules.TAKING_PART,
        actor_id__in=coordinators,
    )
    for object_id, actor_id in steps.order_by().values_list("object_id", "actor_id").distinct():
        writers.setdefault(object_id, set()).add(actor_id)
    return [submission for submission in submitted if coordinators <= writers.get(str(submission.pk), set())]


def _ever_in_a_body(people: frozenset[str]) -> set[str]:
    """Those who have or had a role of those who write; an appointment that was withdrawn at once is on record alone."""
    roles = (Role.FOCAL_POINT, Role.APPROVER)
    if not people:
        return set()
    held = prepared(
        ("ever-held", people),
        lambda: Appointment.objects.filter(user_id__in=people, role__in=roles).order_by().values_list("user_id"),
    )
    appointed = prepared(
        ("ever-appointed", people),
        lambda: (
            Event.objects.filter(object_kind="accounts.user", object_id__in=people, kind="appoint")
            .order_by()
            .values_list("object_id", "data")
        ),
    )
    told = {identity for identity, data in appointed.rows() if data.get("role") in roles}
    return {str(row[0]) for row in held.rows()} | told


def previous_texts(submission: Submission) -> dict[str, str]:
    """What the body wrote for the same assignment the year before, by field: text to start from."""
    before = submission_before(submission)
    return texts_of(before) if before else {}
