"""The sign-off desk of a body: its submissions of a round, grouped by what can be done with them."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.http import Http404

from ministries import fields, locks, rules, workflow
from ministries.enums import Lock, Rating, State, StateLabel
from ministries.fields import Gap
from ministries.locks import Why
from ministries.models import ImplementingBody, Round, Submission
from ministries.selectors.contents import read_with_figures
from ministries.selectors.extensions import ExtensionRow, extensions_in_force
from ministries.selectors.remarks import OpenRemarks, open_counts
from ministries.selectors.submissions import OVERDUE, WRITTEN
from ministries.warnings import warnings
from nap_monitor.lib.localized import LocalizedText

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: The groups in the order of the page: what can be done comes first.
TO_SIGN_OFF, TO_SUBMIT, INCOMPLETE, IN_REVIEW, CONFIRMED = (
    "to-sign-off",
    "to-submit",
    "incomplete",
    "in-review",
    "confirmed",
)
GROUPS = (TO_SIGN_OFF, TO_SUBMIT, INCOMPLETE, IN_REVIEW, CONFIRMED)


@dataclass(frozen=True)
class DeskRow:
    """A submission on the desk. ``gaps`` is what it lacks for sign-off, ``lock`` why it can't be submitted today.

    ``open_inside`` counts open remarks inside the body, ``open_warnings`` the points to check without a remark of it.
    """

    submission: Submission
    url: str
    code: str
    title: LocalizedText
    group: str
    state: StateLabel
    is_overdue: bool
    days_left: int | None
    self_rating: Rating | None
    coordinator_rating: Rating | None
    gaps: list[Gap]
    lock: Lock | None
    open_remarks: int
    open_inside: int
    open_warnings: int
    updated_at: dt.datetime | None
    writer: str
    approver: str
    document_number: str
    document_date: dt.date | None

    @property
    def seen(self) -> str:
        """What a ticked box sends: the action plan, and the count of steps that its person was looking at."""
        return f"{self.code}:{self.submission.step}"


@dataclass(frozen=True)
class Group:
    """The rows with which the same can be done."""

    code: str
    rows: list[DeskRow]


@dataclass(frozen=True)
class Desk:
    """All of a body in a round. ``groups`` are narrowed to a state, ``counts`` and ``total`` are not."""

    body: ImplementingBody
    round: Round
    groups: list[Group]
    counts: Counter[str]
    total: int
    shown: int
    rows: dict[str, DeskRow]
    may_sign_off: bool
    may_send_back: bool
    #: Why nothing of it can be submitted today, where that holds for the round and for something still awaited.
    why: Why | None
    #: The exceptions that it has in this round today.
    extensions: list[ExtensionRow]


def find_body(user: "User", code: str) -> ImplementingBody:
    """The body for whose drafts ``user`` reports. Raises ``Http404`` where there is none."""
    body = ImplementingBody.objects.prefetch_related("names").filter(code=code).first()
    if body is None or not rules.allows(user, "ministries.view_draft", body):
        raise Http404
    return body


def own_bodies(user: "User") -> list[ImplementingBody]:
    """The bodies that have a desk for ``user``."""
    found = ImplementingBody.objects.filter(pk__in=rules.roles_of(user).own_bodies)
    return list(found.prefetch_related("names"))


def desk(user: "User", round: Round, body: ImplementingBody, *, state: str = "") -> Desk:
    """The desk of ``body``, narrowed to a state (or 'overdue'). One count of queries, whatever the number of rows."""
    remarks = open_counts(user, submission__round=round, submission__assignment__body=body)
    rows = [_row(submission, remarks) for submission in _submissions(round, body)]
    counts: Counter[str] = Counter(row.state.value for row in rows)
    counts[OVERDUE] = sum(row.is_overdue for row in rows)
    chosen = [row for row in rows if not state or row.state == state or (state == OVERDUE and row.is_overdue)]
    groups = [Group(code, [row for row in chosen if row.group == code]) for code in GROUPS]
    locked = next((row.lock for row in rows if row.lock), None)
    return Desk(
        body=body,
        round=round,
        groups=[group for group in groups if group.rows],
        counts=counts,
        total=len(rows),
        shown=len(chosen),
        rows={row.code: row for row in rows},
        may_sign_off=rules.allows(user, "ministries.sign_off_submission", body),
        may_send_back=rules.allows(user, "ministries.send_back_submission", body),
        why=locks.explain(locked, round, user) if locked else None,
        extensions=extensions_in_force(round, body),
    )


def _submissions(round: Round, body: ImplementingBody) -> list[Submission]:
    return read_with_figures(
        Submission.objects.filter(round=round, assignment__body=body)
        .for_list()
        .select_related("written_by", "signed_off_by")
        .annotate(
            document_number=F("submitted_version__document_number"), document_date=F("submitted_version__document_date")
        )
    )


def _row(submission: Submission, remarks: OpenRemarks) -> DeskRow:
    gaps = fields.gaps(submission) if submission.state in WRITTEN else []
    awaited = submission.is_awaited
    handed_in = submission.state in (State.SUBMITTED, State.CONFIRMED)
    return DeskRow(
        submission=submission,
        url=submission.get_absolute_url(),
        code=submission.assignment.action_plan.code,
        title=submission.assignment.action_plan.title,
        group=_group(submission, gaps),
        state=submission.label,
        is_overdue=submission.is_overdue(),
        days_left=submission.days_left() if awaited else None,
        self_rating=Rating(submission.self_rating) if submission.self_rating else None,
        coordinator_rating=Rating(submission.coordinator_rating) if submission.state == State.CONFIRMED else None,
        gaps=gaps,
        lock=locks.period_lock(submission) if awaited else None,
        open_remarks=remarks.shared[submission.pk],
        open_inside=remarks.inside[submission.pk] if awaited else 0,
        open_warnings=_open_warnings(submission) if awaited else 0,
        updated_at=submission.updated_at if submission.started_at else None,
        writer=str(submission.written_by or ""),
        approver=str(submission.signed_off_by or ""),
        document_number=getattr(submission, "document_number", "") if handed_in else "",
        document_date=getattr(submission, "document_date", None) if handed_in else None,
    )


def _open_warnings(submission: Submission) -> int:
    """How many points to check hold that the body has not remarked on."""
    answered = {remark.key for remark in submission.warning_remarks.all()}
    return sum(caution.key not in answered for caution in warnings(submission))


def _group(submission: Submission, gaps: list[Gap]) -> str:
    by_state = {State.SIGNED_OFF: TO_SUBMIT, State.SUBMITTED: IN_REVIEW, State.CONFIRMED: CONFIRMED}
    return by_state.get(State(submission.state)) or (INCOMPLETE if gaps else TO_SIGN_OFF)


def why_not(user: "User", row: DeskRow, step: str) -> str:
    """Why ``user`` can't take this step on the row as it stands now; empty where they can."""
    try:
        workflow.check(row.submission, workflow.TRANSITIONS[step], user, workflow.Request())
    except workflow.Refused as refused:
        return str(refused.message)
    except (workflow.NotPermitted, workflow.WrongState) as stopped:
        return str(stopped)
    return ""
