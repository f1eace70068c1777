"""Taking the steps of the workflow. Each step is one conditional update, with its version and its event."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import fields, rules, workflow
from ministries.enums import Rating, State
from ministries.models import Submission
from ministries.models.submission import REASON_LENGTH
from ministries.services import extensions, review_remarks, versions
from ministries.workflow import Refused, Request, Transition, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record

#: What a step reads beside the submission, its round and its assignment.
READ = {
    "submit": ("assignment__action_plan__strategy__objective__area", "written_by", "signed_off_by"),
    "return": ("submitted_version",),
    "confirm": ("submitted_version",),
}
#: Longest document number.
DOCUMENT_NUMBER_LENGTH = 100
#: What a confirm gives: the record has it before and after.
RATED = ("coordinator_rating", "coordinator_reason")


def sign_off(*, submission: Submission, by: User, step: int | None = None) -> Submission:
    """The body's approver signs the submission off (기관승인)."""
    with _step("sign_off", submission, by, step) as move:
        if move.is_new:
            move.to(came_from=move.submission.state, signed_off_by=by, sent_back_at=None)
    return move.submission


def send_back(*, submission: Submission, by: User, reason: str, step: int | None = None) -> Submission:
    """The body's approver sends it back to the focal point (반려), with a reason."""
    with _step("send_back", submission, by, step, Request(reason=reason)) as move:
        if move.is_new:
            move.to(came_from="", signed_off_by=None, sent_back_at=clock.now())
    return move.submission


def take_back(*, submission: Submission, by: User, step: int | None = None) -> Submission:
    """The body takes back its own sign-off (승인취소)."""
    with _step("take_back", submission, by, step) as move:
        if move.is_new:
            move.to(came_from="", signed_off_by=None)
    return move.submission


def submit(
    *,
    submission: Submission,
    by: User,
    document_number: str = "",
    document_date: dt.date | None = None,
    step: int | None = None,
) -> Submission:
    """The body submits (제출, 재제출). Writes a version; first and last submission times are both kept."""
    if len(document_number) > DOCUMENT_NUMBER_LENGTH:
        raise Refused(_("The document number is too long."), field="document_number")
    with _step("submit", submission, by, step) as move:
        if move.is_new:
            version = versions.write_submitted(
                move.submission, document_number=document_number.strip(), document_date=document_date
            )
            now = clock.now()
            move.to(
                came_from="",
                submitted_version=version,
                first_submitted_at=move.submission.first_submitted_at or now,
                last_submitted_at=now,
            )
            move.data, move.version = {"version": str(version.pk), "sha256": version.sha256}, version.number
    return move.submission


def return_submission(
    *,
    submission: Submission,
    by: User,
    reason: str,
    comments: Mapping[str, str] | None = None,
    along: Collection[uuid.UUID] = (),
    due_date: dt.date | None = None,
    step: int | None = None,
) -> Submission:
    """The coordinator returns it for completion (보완요청): a reason, remarks by field, a new due date if late.

    ``along`` names internal remarks of the coordinators that are opened to the body with the return.
    """
    remarks = {name: text.strip() for name, text in (comments or {}).items() if text.strip()}
    for name, text in remarks.items():
        if name not in fields.REMARKABLE:
            raise Refused(_("A remark must be about a field of the submission."), field="comments")
        if len(text) > REASON_LENGTH:
            raise Refused(_("A remark is too long."), field=name)
    with _step("return", submission, by, step, Request(reason=reason, due_date=due_date)) as move:
        if move.is_new:
            review_remarks.add_with_return(submission=move.submission, remarks=remarks, by=by)
            opened = review_remarks.send_along(submission=move.submission, keys=along, by=by)
            time = extensions.given_with_step(move.submission, due_date, reason, by)
            move.to(sent_back_at=None, extended_until=time.until)
            move.data = {"remarks": remarks, "along": opened, **time.told}
    return move.submission


def confirm(*, submission: Submission, by: User, rating: str, reason: str = "", step: int | None = None) -> Submission:
    """The coordinator confirms with a rating (확정). Writes the confirmed version and its figures."""
    if rating and rating not in Rating.values:
        raise Refused(_("Choose one of the ratings."), field="rating")
    if len(reason) > REASON_LENGTH:
        raise Refused(_("The reason is too long."), field="reason")
    return confirm_as(submission=submission, by=by, given=lambda _locked: (rating, reason), step=step)


def confirm_as(
    *, submission: Submission, by: User, given: Callable[[Submission], tuple[str, str]], step: int | None = None
) -> Submission:
    """The same, with the rating and the reason that ``given`` says of the locked submission, unless it refuses."""

    def request(locked: Submission) -> Request:
        rating, reason = given(locked)
        return Request(reason=reason, rating=rating)

    with _step("confirm", submission, by, step, request) as move:
        if move.is_new:
            before = {name: getattr(move.submission, name) for name in RATED}
            rating, reason = move.request.rating, move.request.reason
            move.submission.coordinator_rating = rating
            move.submission.coordinator_reason = reason.strip()
            version = versions.write_confirmed(move.submission)
            move.to(
                coordinator_rating=rating,
                coordinator_reason=reason.strip(),
                confirmed_version=version,
                confirmed_at=clock.now(),
            )
            after = {name: getattr(move.submission, name) for name in RATED}
            facts = {"version": str(version.pk), "sha256": version.sha256, "rating": rating}
            move.data = {**facts, "before": before, "after": after}
            move.version = version.number
    return move.submission


def reopen(
    *, submission: Submission, by: User, reason: str, due_date: dt.date | None = None, step: int | None = None
) -> Submission:
    """The coordinator reopens a confirmed submission (확정취소). Its confirmed version stays what others read."""
    with _step("reopen", submission, by, step, Request(reason=reason, due_date=due_date)) as move:
        if move.is_new:
            time = extensions.given_with_step(move.submission, due_date, reason, by)
            move.to(extended_until=time.until)
            move.data = time.told
    return move.submission


class _Move:
    """A step under way: the locked submission, and what the step changes."""

    def __init__(self, submission: Submission, request: Request, is_new: bool) -> None:
        self.submission = submission
        self.request = request
        self.is_new = is_new
        self.changes: dict[str, Any] = {}
        self.data: dict[str, Any] = {}
        self.version: int | None = None

    def to(self, **changes: Any) -> None:
        """Move to the transition's target, with these columns changed as well."""
        self.changes = changes


@contextmanager
def _step(
    name: str,
    submission: Submission,
    by: User,
    expected: int | None,
    asked: Request | Callable[[Submission], Request] | None = None,
) -> Iterator[_Move]:
    """One step in one transaction: the row is locked, checked, moved, and its event is written.

    What is ``asked`` for may depend on the submission as it is once it is locked.
    ``expected`` is the count of steps that the person was looking at. When the same person posts the same step again
    (a double click), nothing happens and ``is_new`` is false; when somebody else was faster, ``WrongState`` is raised.
    """
    transition = workflow.TRANSITIONS[name]
    with transaction.atomic():
        locked = _locked(submission, READ.get(name, ()))
        if expected is not None and locked.step != expected:
            if not _is_repeated(locked, transition, by, expected):
                raise WrongState(
                    _now("Somebody has taken a step on this submission meanwhile. It is now in the state “%(state)s”.")
                    % {"state": rules.label_for(by, locked).label}
                )
            yield _Move(locked, Request(), is_new=False)
            return
        request = asked(locked) if callable(asked) else asked or Request()
        if len(request.reason) > REASON_LENGTH:
            raise Refused(_("The reason is too long."), field="reason")
        workflow.check(locked, transition, by, request)
        move = _Move(locked, request, is_new=True)
        yield move
        _finish(move, transition, by, request)


def _locked(submission: Submission, more: Collection[str]) -> Submission:
    # First the lock, then the reading: PostgreSQL joins what stood beside the row before it waited for the lock.
    Submission.objects.select_for_update().values_list("pk").get(pk=submission.pk)
    read = Submission.objects.select_related("round__plan", "assignment__body", "assignment__action_plan", *more)
    return read.get(pk=submission.pk)


def _is_repeated(submission: Submission, transition: Transition, by: User, expected: int) -> bool:
    events = Event.objects.of("ministries.submission", str(submission.pk)).filter(kind__in=workflow.TRANSITIONS)
    last = events.last()
    return (
        last is not None
        and last.kind == transition.name
        and last.actor_id == str(by.pk)
        and last.data.get("step") == expected
    )


def _finish(move: _Move, transition: Transition, by: User, request: Request) -> None:
    before = move.submission
    target = transition.target or State(before.came_from)
    changes = {**move.changes, "state": target, "step": before.step + 1, "updated_at": clock.now()}
    moved = Submission.objects.filter(pk=before.pk, state=before.state, step=before.step).update(**changes)
    if not moved:
        raise WrongState(_now("Somebody has taken a step on this submission meanwhile."))
    record(
        kind=transition.name,
        subject=before,
        by=by,
        reason=request.reason.strip(),
        data={"from": before.state, "to": target, "step": before.step, **move.data},
        states=(before.state, target),
        version=move.version,
    )
    for name, value in changes.items():
        setattr(before, name, value)
