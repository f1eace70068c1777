"""Reading all of a body in a round, for its workbook; and the workbooks that somebody sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from ministries.models import BodyField, ImplementingBody, Round, Submission, WorkbookUpload
from ministries.selectors.guidance import texts_of
from nap_monitor.lib.localized import LocalizedText

if TYPE_CHECKING:
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
    """All submissions of a body in a round, in the order of the plan, with all that a workbook holds of them.

    ``bodies`` are the other bodies; ``guidance`` is what is asked of an action plan, by its id.
    """

    round: Round
    body: ImplementingBody
    submissions: list[Submission]
    bodies: list[ImplementingBody]
    guidance: Mapping[int, LocalizedText]

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
    return BodyBook(round, body, list(found), list(others), texts_of(round))


def uploads_of(user: "User", round: Round, body: ImplementingBody) -> QuerySet[WorkbookUpload]:
    """What ``user`` sent for this body in this round, newest first, without the files themselves."""
    return WorkbookUpload.objects.filter(by=user, round=round, body=body).defer("content").order_by("-uploaded_at")
