"""What a body wrote a year ago, to be read beside what it writes now; and what it changed since it submitted."""

import uuid
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from ministries.content import content_of
from ministries.content_compare import Difference, differences
from ministries.content_tables import target_of
from ministries.fields import FIELDS, Kind
from ministries.figures import Figure
from ministries.models import Activity, BodyFieldValue, BudgetLine, IndicatorResult, Submission, SubmissionVersion
from ministries.models.submission import SubmissionQuerySet


@dataclass(frozen=True)
class LastYear:
    """The report of the same body on the same action plan a year before, as the body has it.

    ``texts`` by the field's name, ``choices`` as the word that was chosen; ``indicators`` and ``targets`` by the
    indicator's code; ``own`` by the id of the body's own field; rows in their order.
    """

    year: int
    url: str
    texts: dict[str, str] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    indicators: dict[str, IndicatorResult] = field(default_factory=dict)
    targets: dict[str, Figure] = field(default_factory=dict)
    budget: list[BudgetLine] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)
    own: dict[uuid.UUID, BodyFieldValue] = field(default_factory=dict)


def submission_before(submission: Submission) -> Submission | None:
    """The submission on the same assignment in the round before, where there was one."""
    found = _a_year_before(submission).select_related("round__plan", "assignment__body", "assignment__action_plan")
    return found.first()


def confirmed_before(submission: Submission) -> SubmissionVersion | None:
    """What was confirmed of the same assignment in the round before, where anything was."""
    found = _a_year_before(submission).select_related("confirmed_version").only("confirmed_version").first()
    return found.confirmed_version if found else None


def _a_year_before(submission: Submission) -> SubmissionQuerySet:
    return Submission.objects.filter(
        round__plan_id=submission.round.plan_id,
        round__year=submission.round.year - 1,
        assignment_id=submission.assignment_id,
    )


def texts_of(submission: Submission) -> dict[str, str]:
    """What it says in words, by field, without what was left empty."""
    named = (each.name for each in FIELDS if each.kind in (Kind.PROSE, Kind.LINE))
    return {name: text for name in named if (text := getattr(submission, name))}


def last_year(submission: Submission) -> LastYear | None:
    """What stands beside the form; nothing where there was no round a year before. For readers of the working copy."""
    before = submission_before(submission)
    if before is None:
        return None
    results = list(before.indicator_results.select_related("indicator"))
    prefetch_related_objects(results, "indicator__targets")
    year = before.round.year
    return LastYear(
        year=year,
        url=before.get_absolute_url(),
        texts=texts_of(before),
        activities=list(before.activities.all()),
        indicators={each.indicator.code: each for each in results},
        targets={each.indicator.code: target_of(each.indicator, each, year) for each in results},
        budget=list(before.budget_lines.select_related("passed_on_from").prefetch_related("passed_on_from__names")),
        choices=_choices_of(before),
        own={each.field_id: each for each in before.own_values.select_related("field") if not each.is_empty},
    )


def _choices_of(submission: Submission) -> dict[str, str]:
    """What was chosen, in the words of the active language; a flag only where it was set."""
    found = {
        "self_rating": submission.get_self_rating_display() if submission.self_rating else "",
        "disclosure": submission.get_disclosure_display() if submission.started_at else "",
        "no_budget_needed": str(_("Yes")) if submission.no_budget_needed else "",
    }
    return {name: str(word) for name, word in found.items() if word}


def changes_since_submitted(submission: Submission) -> list[Difference]:
    """What the working copy says otherwise than the last submitted version: what changed since the return.

    Nothing where nothing was submitted yet.
    """
    version = submission.submitted_version
    if version is None:
        return []
    return differences(version.sections, content_of(submission)["sections"])
