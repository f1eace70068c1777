"""Reading all of a body in a round, for its workbook; and the workbooks that somebody sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from ministries.models import BodyField, ImplementingBody, Round, Submission, WorkbookUpload
from nap_monitor.lib.audit.models import Event

if TYPE_CHECKING:
    import datetime as dt

    from nap_monitor.accounts.models import User

#: What a workbook holds of each submission, beside its own columns.
ROWS = (
    "activities",
    "budget_lines__passed_on_from",
    "indicator_results",
    "assignment__action_plan__indicators__targets",
)


@dataclass(frozen=True)
class BodyBook:
    """All submissions of a body in a round, in the order of the plan, with all that a workbook holds of them."""

    round: Round
    body: ImplementingBody
    submissions: list[Submission]
    bodies: list[ImplementingBody]

    @cached_property
    def by_code(self) -> dict[str, Submission]:
        """The submissions by the code of their action plan."""
        return {each.assignment.action_plan.code: each for each in self.submissions}

    @property
    def own_fields(self) -> list[BodyField]:
        """The questions of the body's own that are asked in this year."""
        if not self.submissions:
            return []
        return [asked for asked, _answer in self.submissions[0].own_answers]


def body_book(round: Round, body: ImplementingBody) -> BodyBook:
    """All of ``body`` in ``round``. The same number of queries for any number of submissions and rows."""
    found = Submission.objects.filter(round=round, assignment__body=body).for_list().prefetch_related(*ROWS)
    others = ImplementingBody.objects.exclude(pk=body.pk).prefetch_related("names")
    return BodyBook(round, body, list(found), list(others))


def uploads_of(user: "User", round: Round, body: ImplementingBody) -> QuerySet[WorkbookUpload]:
    """What ``user`` sent for this body in this round, newest first, without the files themselves."""
    return WorkbookUpload.objects.filter(by=user, round=round, body=body).defer("content").order_by("-uploaded_at")


def last_saves(submissions: Iterable[Submission], user: "User") -> "dict[int, tuple[str, dt.datetime]]":
    """Who else saved each of these submissions last, and when; by the submission's key."""
    keys = {str(each.pk): each.pk for each in submissions}
    events = Event.objects.filter(object_kind="ministries.submission", object_id__in=keys, kind="save")
    found = {}
    for event in events.exclude(actor_id=str(user.pk)).order_by("at", "sequence"):
        found[keys[event.object_id]] = (event.actor_label.partition(" <")[0], event.at)
    return found
