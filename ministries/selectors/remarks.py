"""Reading review remarks: only those that the reader may know of, and with what they may do about each."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from ministries import fields, remark_rules
from ministries.enums import Visibility
from ministries.fields import Text
from ministries.models import ReviewComment, ReviewReply, Submission

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User


@dataclass(frozen=True)
class RemarkView:
    """A remark as one person sees it.

    ``version`` is the number of the version that it is about, nothing for a text that was being written. ``answers``
    are the body's, the oldest first; ``is_answered`` where one has come since the remark was last opened. ``wider`` is
    to whom this person may open it.
    """

    pk: uuid.UUID
    field: str
    text: str
    author: Any
    at: dt.datetime
    visibility: Visibility
    version: int | None
    resolved_at: dt.datetime | None
    resolved_by: Any
    answers: list[ReviewReply]
    is_answered: bool
    can_settle: bool
    can_answer: bool
    wider: list[Visibility]

    @property
    def label(self) -> Text:
        """The field or table that it is about, by its name on the page."""
        return fields.REMARKABLE.get(self.field, self.field)

    @property
    def is_inside(self) -> bool:
        """Whether it is the body's own, inside the body."""
        return self.visibility is Visibility.INSIDE


@dataclass(frozen=True)
class OpenRemarks:
    """How many open remarks there are by submission: of the coordinators, and inside the body."""

    shared: Counter[int]
    inside: Counter[int]


def view_of(user: "User", remark: ReviewComment) -> RemarkView:
    """A remark that ``user`` may read, as they see it."""
    answers = list(remark.replies.all()) if remark_rules.reads_replies(user, remark) else []
    since = max(remark.at, remark.reopened_at) if remark.reopened_at else remark.at
    is_open = remark.resolved_at is None
    return RemarkView(
        pk=remark.pk,
        field=remark.field,
        text=remark.text,
        author=remark.author,
        at=remark.at,
        visibility=Visibility(remark.visibility),
        version=remark.version.number if remark.version else None,
        resolved_at=remark.resolved_at,
        resolved_by=remark.resolved_by,
        answers=answers,
        is_answered=is_open and bool(answers) and answers[-1].at >= since,
        can_settle=remark_rules.settles_remark(user, remark),
        can_answer=is_open and remark_rules.answers_remark(user, remark),
        wider=remark_rules.wider(user, remark),
    )


def remarks_on(user: "User", submission: Submission) -> list[RemarkView]:
    """The remarks on a submission that ``user`` may read, in the order of the form, of each field the open ones first.

    Two queries, whatever the number of remarks.
    """
    found = (
        ReviewComment.objects.visible_to(user)
        .filter(submission=submission)
        .select_related("author", "resolved_by", "version")
        .prefetch_related("replies__author")
    )
    remarks = list(found)
    for remark in remarks:
        remark.submission = submission
    order = {name: number for number, name in enumerate(fields.REMARKABLE)}
    remarks.sort(
        key=lambda each: (order.get(each.field, len(order)), each.field, each.resolved_at is not None, each.at)
    )
    return [view_of(user, remark) for remark in remarks]


def remarks_by_field(user: "User", submission: Submission) -> dict[str, list[RemarkView]]:
    """The same by field."""
    found: dict[str, list[RemarkView]] = {}
    for remark in remarks_on(user, submission):
        found.setdefault(remark.field, []).append(remark)
    return found


def open_remarks_on(user: "User", submission: Submission, field: str) -> list[RemarkView]:
    """The remarks about one field or table that wait to be settled."""
    return [each for each in remarks_on(user, submission) if each.field == field and each.resolved_at is None]


def open_counts(user: "User", **where: Any) -> OpenRemarks:
    """How many open remarks that ``user`` may read stand on the submissions that ``where`` names. One query."""
    found = ReviewComment.objects.visible_to(user).open().filter(**where).order_by()
    counts = OpenRemarks(Counter(), Counter())
    for submission_id, visibility in found.values_list("submission_id", "visibility"):
        (counts.inside if visibility == Visibility.INSIDE else counts.shared)[submission_id] += 1
    return counts


def find_remark(user: "User", submission: Submission, key: uuid.UUID | str) -> ReviewComment:
    """The remark with this key on the submission. Raises ``Http404`` where there is none that ``user`` may read."""
    found: ReviewComment = get_object_or_404(
        ReviewComment.objects.visible_to(user)
        .select_related("author", "resolved_by", "version")
        .prefetch_related("replies__author"),
        pk=key,
        submission=submission,
    )
    found.submission = submission
    return found
