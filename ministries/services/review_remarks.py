"""Review remarks (검토의견): adding, answering, opening to more readers, resolving and opening again.

Each takes the lock of the submission first, so that none slips past a confirmation. A remark's event has a kind of its
own where the remark is internal to the coordinators or to the body: :func:`ministries.rules.visible_steps` reads it.
"""

import uuid
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import fields
from ministries import remark_rules as rules
from ministries.enums import State, Visibility
from ministries.models import ReviewComment, ReviewReply, Submission, SubmissionVersion
from ministries.models.submission import REASON_LENGTH
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record

#: The kinds of events by who may know of them.
KINDS = {
    Visibility.COORDINATORS: {
        "add": "add_internal_remark",
        "resolve": "resolve_internal_remark",
        "open": "open_internal_remark",
    },
    Visibility.INSIDE: {
        "add": "add_inside_remark",
        "resolve": "resolve_inside_remark",
        "open": "open_inside_remark",
    },
}
SHARED_KINDS = {"add": "add_remark", "resolve": "resolve", "open": "open_remark"}


@transaction.atomic
def add_remark(
    *,
    submission: Submission,
    field: str,
    text: str,
    by: User,
    visibility: str = Visibility.COORDINATORS,
    version: SubmissionVersion | None = None,
    key: uuid.UUID | None = None,
) -> ReviewComment:
    """Remark on a field, for the readers that ``visibility`` names.

    ``version`` is the one that the author was looking at, in case the body has submitted again meanwhile; without it,
    what they read now. ``key`` is the page's own name of the remark: sent again by the same person (a double click)
    it is that remark, and not a second one.
    """
    if field not in fields.REMARKABLE:
        raise Refused(_("A remark must be about a field of the submission."), field="field")
    text = _checked(text)
    locked = _locked(submission)
    _check_visibility(by, locked, visibility)
    given = ReviewComment.objects.filter(pk=key).select_related("author", "submission").first() if key else None
    if given and (given.submission_id, given.author_id, given.field, given.text) == (locked.pk, by.pk, field, text):
        return given
    remark = ReviewComment.objects.create(
        id=uuid.uuid4() if given or not key else key,
        submission=locked,
        field=field,
        text=text,
        visibility=visibility,
        version=_version(locked, Visibility(visibility), version),
        author=by,
    )
    _record("add", remark, by)
    return remark


def add_with_return(*, submission: Submission, remarks: Mapping[str, str], by: User) -> None:
    """The remarks by field that go to the body with a return. The return's event holds them."""
    ReviewComment.objects.bulk_create(
        ReviewComment(
            submission=submission,
            field=name,
            text=text,
            author=by,
            visibility=Visibility.BODY,
            version=submission.submitted_version,
        )
        for name, text in remarks.items()
    )


def send_along(*, submission: Submission, keys: Collection[uuid.UUID], by: User) -> list[str]:
    """Open internal remarks of the coordinators to the body, with a return. The keys of those that were still open."""
    found = submission.comments.open().filter(pk__in=keys, visibility=Visibility.COORDINATORS)
    return [str(widen_remark(remark=each, visibility=Visibility.BODY, by=by).pk) for each in found]


@transaction.atomic
def widen_remark(*, remark: ReviewComment, visibility: str, by: User) -> ReviewComment:
    """Open a remark to more readers, for good: what others could read is never taken back from them."""
    found = _found(remark)
    _check_read(by, found)
    if found.visibility == Visibility.INSIDE or not rules.settles_remark(by, found):
        raise NotPermitted(_now("Only a coordinator opens a remark to more readers, and none that is inside a body."))
    if visibility == found.visibility:
        return found
    if visibility not in rules.wider(by, found):
        raise Refused(_("A remark can only be opened to more readers, and that of a restricted report to no panel."))
    before, found.visibility = found.visibility, visibility
    found.save(update_fields=["visibility"])
    _write("widen_remark", found, by, before=before)
    return found


@transaction.atomic
def resolve_remark(*, remark: ReviewComment, by: User) -> ReviewComment:
    """Mark a remark as dealt with (처리완료). Resolving it again changes nothing."""
    found = _settled(remark, by)
    if found.is_open:
        found.resolved_at, found.resolved_by = clock.now(), by
        found.save(update_fields=["resolved_at", "resolved_by"])
        _record("resolve", found, by)
    return found


@transaction.atomic
def reopen_remark(*, remark: ReviewComment, by: User) -> ReviewComment:
    """Open a resolved remark again (처리완료 취소). Who had resolved it stays in the record."""
    found = _settled(remark, by)
    if not found.is_open:
        found.resolved_at, found.resolved_by, found.reopened_at = None, None, clock.now()
        found.save(update_fields=["resolved_at", "resolved_by", "reopened_at"])
        _record("open", found, by)
    return found


@transaction.atomic
def answer_remark(*, remark: ReviewComment, text: str, by: User, key: uuid.UUID | None = None) -> ReviewReply:
    """The body answers an open remark of the coordinators. The remark stays open: resolving it is theirs."""
    text = _checked(text)
    found = _found(remark)
    _check_read(by, found)
    if not rules.answers_remark(by, found):
        raise NotPermitted(_now("Only the body answers a remark of the coordinators."))
    given = ReviewReply.objects.filter(pk=key).first() if key else None
    if given and (given.comment_id, given.author_id, given.text) == (found.pk, by.pk, text):
        return given
    if not found.is_open:
        raise WrongState(_now("This remark was resolved meanwhile."))
    reply = ReviewReply.objects.create(
        id=uuid.uuid4() if given or not key else key, comment=found, text=text, author=by
    )
    _write("answer_remark", found, by)
    return reply


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Write the remark."), field="text")
    if len(text) > REASON_LENGTH:
        raise Refused(_("A remark is too long."), field="text")
    return text


def _check_visibility(by: User, submission: Submission, visibility: str) -> None:
    choices = rules.remark_choices(by, submission)
    if not choices:
        raise NotPermitted(_now("You may not remark on this submission."))
    if visibility not in choices:
        raise Refused(_("Choose who is to read the remark."), field="visibility")


def _version(
    submission: Submission, visibility: Visibility, version: SubmissionVersion | None
) -> SubmissionVersion | None:
    """The version that the remark is about: nothing where the body reads its working copy."""
    settled = {State.SUBMITTED: submission.submitted_version, State.CONFIRMED: submission.confirmed_version}
    current: SubmissionVersion | None = settled.get(State(submission.state))
    if visibility == Visibility.INSIDE:
        return current
    given = version if version and version.submission_id == submission.pk else None
    return given or current or submission.submitted_version


def _locked(submission: Submission) -> Submission:
    # First the lock, then the reading: PostgreSQL joins what stood beside the row before it waited for the lock.
    Submission.objects.select_for_update().values_list("pk").get(pk=submission.pk)
    return Submission.objects.select_related(
        "round", "assignment__body", "assignment__action_plan", "submitted_version", "confirmed_version"
    ).get(pk=submission.pk)


def _found(remark: ReviewComment) -> ReviewComment:
    submission = _locked(remark.submission)
    found: ReviewComment = ReviewComment.objects.select_related("author", "resolved_by", "version").get(pk=remark.pk)
    found.submission = submission
    return found


def _settled(remark: ReviewComment, by: User) -> ReviewComment:
    found = _found(remark)
    _check_read(by, found)
    if not rules.settles_remark(by, found):
        raise NotPermitted(_now("Only a coordinator resolves the remarks of the coordinators, a body those inside it."))
    return found


def _check_read(by: User, remark: ReviewComment) -> None:
    if not rules.reads_remark(by, remark):
        raise NotPermitted(_now("You may not read this remark."))


def _record(what: str, remark: ReviewComment, by: User) -> None:
    _write(KINDS.get(Visibility(remark.visibility), SHARED_KINDS)[what], remark, by)


def _write(kind: str, remark: ReviewComment, by: User, **facts: str) -> None:
    data = {"comment": str(remark.pk), "field": remark.field, "visibility": remark.visibility, **facts}
    record(kind=kind, subject=remark.submission, by=by, data=data)
