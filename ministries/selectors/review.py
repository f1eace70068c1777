"""The coordinators' desk: what waits for a decision, in which order, and what stands before and after one of it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import Rating, State, StateLabel
from ministries.models import Round, SavedRating, Submission
from ministries.selectors.remarks import open_counts
from ministries.selectors.review_page import points_of
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.localized import LocalizedText

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: Why a submission is not confirmed.
NO_RATING = _("No rating is saved for it yet.")
OLD_RATING = _("The rating was given on an earlier version. Save it again.")
CHANGED = _("It has changed since you chose it. Read it again.")
TOOK_PART = _("You took part in writing this submission, so another coordinator has to confirm it.")

#: How far a review has come: nothing was said yet, a rating is saved, remarks are open, it was submitted again.
NEW, RATED, REMARKS, AGAIN = "new", "rated", "remarks", "again"


@dataclass(frozen=True)
class QueueRow:
    """A submission that waits for a decision.

    ``days`` it has waited since the last submit. ``saved`` is the coordinators' rating, ``is_current`` whether it was
    given on the version that lies here now. ``points`` hold against its figures, as its version says, ``points_open``
    of them without a remark of the body. ``took_part``: the reader may not decide it.
    """

    submission: Submission
    key: str
    code: str
    title: LocalizedText
    body_code: str
    body: LocalizedText
    body_order: int
    area: str
    state: StateLabel
    first_submitted_at: dt.datetime | None
    last_submitted_at: dt.datetime | None
    days: int
    self_rating: Rating | None
    saved: SavedRating | None
    is_current: bool
    open_remarks: int
    points: int
    points_open: int
    took_part: bool

    @property
    def url(self) -> str:
        """The page on which it is read and decided."""
        return reverse("ministries:review", args=self.submission.address)

    @property
    def rating(self) -> Rating | None:
        """What the coordinators saved, on whatever version."""
        return Rating(self.saved.rating) if self.saved else None

    @property
    def seen(self) -> str:
        """What a ticked box sends: body and action plan, the count of steps and that of the rating's savings."""
        return f"{self.key}:{self.submission.step}:{self.saved.count if self.saved else 0}"

    @property
    def progress(self) -> set[str]:
        """The filters under which it is found."""
        found = {RATED} if self.is_current else set()
        if self.open_remarks:
            found.add(REMARKS)
        if self.state is StateLabel.SUBMITTED_AGAIN:
            found.add(AGAIN)
        return found if found & {RATED, REMARKS} else {NEW, *found}


@dataclass(frozen=True)
class Queue:
    """The rows after filtering, in their order; how many wait in all, and the bodies and areas that they are of."""

    rows: list[QueueRow]
    total: int
    bodies: list[tuple[str, LocalizedText]]
    areas: list[tuple[str, LocalizedText]]
    counts: Counter[str]
    sort: str


@dataclass(frozen=True)
class Place:
    """Where a submission stands in the queue: the ``number``-th of ``total``; 0 where it is not in it (any more)."""

    number: int
    total: int
    before: QueueRow | None
    after: QueueRow | None


Choices = dict[str, str]
#: What waits for a decision.
WAITING = Q(state=State.SUBMITTED)
#: What is read of rows beside themselves, each in one query more: not every page shows all of it.
POINTS, OPEN_REMARKS, PART_TAKEN = "points", "open remarks", "part taken"
#: What a row is made of, without the texts of the report.
READ = (
    *("round", "state", "step", "started_at", "sent_back_at", "first_submitted_at", "last_submitted_at"),
    *("self_rating", "submitted_version", "assignment__body__code", "assignment__body__order"),
    *("assignment__action_plan__code", "assignment__action_plan__order", "assignment__action_plan__title"),
    *(f"saved_rating__{name}" for name in ("submission", "rating", "reason", "count", "by__name", "version__number")),
)
AREA = "assignment__action_plan__strategy__objective__area__"

#: What the queue can be sorted by; what has no place comes last. Without a choice what came again comes first.
SORTS: dict[str, Callable[[QueueRow], Any]] = {
    "code": lambda row: row.submission.assignment.action_plan.order,
    "body": lambda row: row.body_order,
    "first": lambda row: row.first_submitted_at,
    "last": lambda row: row.last_submitted_at,
    "self": lambda row: list(Rating).index(row.self_rating) if row.self_rating else None,
    "saved": lambda row: list(Rating).index(row.rating) if row.rating else None,
    "remarks": lambda row: row.open_remarks,
}


def queue(user: "User", round: Round, choices: Choices | None = None) -> Queue:
    """What waits for a decision in a round. One count of queries, whatever the number of rows.

    ``choices`` are those of the form above it: ``body``, ``area``, ``review`` and ``sort``.
    """
    rows = _rows(user, round, WAITING, (POINTS, OPEN_REMARKS, PART_TAKEN))
    chosen = choices or {}
    areas: dict[str, Any] = {row.area: row.submission for row in rows}
    counts: Counter[str] = Counter(name for row in rows for name in row.progress)
    return Queue(
        rows=_in_order([row for row in rows if _fits(row, chosen)], chosen.get("sort", "")),
        total=len(rows),
        bodies=[(row.body_code, row.body) for row in _first_of(rows, lambda row: row.body_code)],
        areas=[(code, areas[code].area_title) for code in sorted(areas, key=lambda code: areas[code].area_order)],
        counts=counts,
        sort=chosen.get("sort", ""),
    )


def place_of(user: "User", submission: Submission, choices: Choices) -> Place:
    """Where ``submission`` stands in the queue as it is chosen, also when it fits the choice no more.

    So the way goes on from where it was: saving a rating does not lose the place among those without one.
    """
    asks_for_remarks = "review" in choices or choices.get("sort", "").endswith("remarks")
    parts = (OPEN_REMARKS,) if asks_for_remarks else ()
    rows = _rows(user, submission.round, WAITING | Q(pk=submission.pk), parts)
    kept = _in_order(
        [row for row in rows if row.submission.pk == submission.pk or _fits(row, choices)], choices.get("sort", "")
    )
    at = next(number for number, row in enumerate(kept) if row.submission.pk == submission.pk)
    waits = submission.state == State.SUBMITTED
    return Place(
        number=at + 1 if waits else 0,
        total=len(kept) if waits else len(kept) - 1,
        before=kept[at - 1] if at else None,
        after=kept[at + 1] if at + 1 < len(kept) else None,
    )


def rows_of(user: "User", round: Round, keys: Iterable[str]) -> dict[str, QueueRow]:
    """The submissions of these bodies and action plans (``MND/2.1.3``) by their keys, whatever their state is now."""
    asked = {tuple(key.split("/", 1)) for key in keys if "/" in key}
    which = Q(
        submitted_version__isnull=False,
        assignment__body__code__in={body for body, _one in asked},
        assignment__action_plan__code__in={code for _one, code in asked},
    )
    rows = _rows(user, round, which, (OPEN_REMARKS, PART_TAKEN)) if asked else []
    return {row.key: row for row in rows if tuple(row.key.split("/", 1)) in asked}


def _rows(user: "User", round: Round, which: Q, parts: Collection[str]) -> list[QueueRow]:
    """The rows, with these ``parts``: of what is left out, a row says that there is none."""
    found = (
        Submission.objects.visible_to(user)
        .filter(which, round=round)
        .select_related("assignment__body", "assignment__action_plan", "saved_rating__by", "saved_rating__version")
        .prefetch_related("assignment__body__names")
        .annotate(**{f"area_{name}": F(f"{AREA}{name}") for name in ("code", "order", "title")})
        .only(*READ)
    )
    if POINTS in parts:
        content = [f"submitted_version__{name}" for name in ("content", "sha256")]
        found = found.select_related("submitted_version").only(*READ, *content)
    submissions = list(found)
    for each in submissions:
        each.round = round
    remarks = open_counts(user, submission__round=round).shared if OPEN_REMARKS in parts else Counter[int]()
    own = written_by(user, submissions) if PART_TAKEN in parts else set()
    return [_row(each, remarks[each.pk], each.pk in own, points=POINTS in parts) for each in submissions]


def written_by(user: "User", submissions: Iterable[Submission]) -> set[int]:
    """The keys of those in which ``user`` took part: :func:`ministries.rules.took_part`, in one query for many."""
    steps = Event.objects.filter(
        object_kind="ministries.submission",
        object_id__in=[str(each.pk) for each in submissions],
        actor_id=str(user.pk),
        kind__in=rules.TAKING_PART,
    )
    return {int(found) for found in steps.order_by().values_list("object_id", flat=True).distinct()}


def _row(submission: Any, open_remarks: int, took_part: bool, *, points: bool) -> QueueRow:
    action_plan, body = submission.assignment.action_plan, submission.assignment.body
    name = body.named_on(dt.date(submission.round.year, 12, 31))
    saved = getattr(submission, "saved_rating", None)
    version = submission.submitted_version if points else None
    found = points_of(version.sections) if version else []
    since = submission.last_submitted_at
    return QueueRow(
        submission=submission,
        key=f"{body.code}/{action_plan.code}",
        code=action_plan.code,
        title=action_plan.title,
        body_code=body.code,
        body=LocalizedText({**name.name, **{k: v for k, v in name.short_name.items() if v}}),
        body_order=body.order,
        area=submission.area_code,
        state=submission.label,
        first_submitted_at=submission.first_submitted_at,
        last_submitted_at=since,
        days=(clock.today() - timezone.localtime(since).date()).days if since else 0,
        self_rating=Rating(submission.self_rating) if submission.self_rating else None,
        saved=saved,
        is_current=saved is not None and saved.holds_for(submission),
        open_remarks=open_remarks,
        points=len(found),
        points_open=sum(not remark["value"] for _about, _point, remark in found),
        took_part=took_part,
    )


def _fits(row: QueueRow, choices: Choices) -> bool:
    body, area, review = (choices.get(name, "") for name in ("body", "area", "review"))
    return (
        (not body or row.body_code == body)
        and (not area or row.area == area)
        and (not review or review in row.progress)
    )


def _in_order(rows: list[QueueRow], sort: str) -> list[QueueRow]:
    """By ``sort``; else what came again first, then by the time of the last submit, the oldest first."""
    usual = sorted(
        rows, key=lambda row: (row.state is not StateLabel.SUBMITTED_AGAIN, row.last_submitted_at, row.submission.pk)
    )
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        return usual
    placed = [row for row in usual if key(row) is not None]
    return [
        *sorted(placed, key=key, reverse=sort.startswith("-")),
        *(row for row in usual if key(row) is None),
    ]


def _first_of(rows: list[QueueRow], key: Callable[[QueueRow], str]) -> list[QueueRow]:
    """One row of each body, in the order of the government."""
    first = {key(row): row for row in reversed(rows)}
    return sorted(first.values(), key=lambda row: (row.body_order, row.body_code))


def why_not_confirmed(row: QueueRow, step: int, count: int) -> str:
    """Why a bulk confirm would leave this row alone as it stands now; empty where it would not.

    The same conditions as those of the step, read from the row: a page of many asks no query for each.
    """
    submission = row.submission
    reasons = (
        (submission.state != State.SUBMITTED, _wrong_state(submission)),
        (row.took_part, str(TOOK_PART)),
        (bool(row.open_remarks), _now("There are open review remarks. Resolve them first.")),
        (row.saved is None, str(NO_RATING)),
        (not row.is_current, str(OLD_RATING)),
        (step != submission.step or (row.saved is not None and count != row.saved.count), str(CHANGED)),
    )
    return next((why for holds, why in reasons if holds), "")


def _wrong_state(submission: Submission) -> str:
    return _now("This step is not possible: the submission is in the state “%(state)s”.") % {
        "state": submission.label.label
    }
