"""Reading many submissions with all that they say, in a fixed number of queries."""

import uuid
from collections.abc import Iterable

from django.db.models import Prefetch

from ministries.content_evidence import PREFETCHED
from ministries.content_tables import budget_sums
from ministries.figures import Figure
from ministries.models import EvidenceFile, IndicatorResult, Submission
from ministries.models.submission import SubmissionQuerySet
from ministries.warnings import LAST_YEAR, LAST_YEAR_SUMS

#: What :func:`ministries.warnings.warnings` and the body's remarks on them are read from, beside last year's figures.
FIGURES = (
    "activities",
    "budget_lines__passed_on_from__names",
    "indicator_results",
    "assignment__action_plan__indicators__targets",
    "warning_remarks",
)
#: What :func:`ministries.content.content_of` reads. Who adds a part to the content adds it here.
ONE = (
    "round__plan",
    "assignment__body",
    "assignment__action_plan__plan",
    "assignment__action_plan__strategy__objective__area",
    "written_by",
    "signed_off_by",
)
MANY = (*FIGURES, "assignment__body__names", "assignment__body__own_fields", "own_values", "translations__author")


def read_with_content(found: SubmissionQuerySet) -> list[Submission]:
    """The submissions with all that ``content_of`` reads of each, and with their versions."""
    evidence = Prefetch("evidence", queryset=EvidenceFile.objects.in_content(), to_attr=PREFETCHED)
    whole = found.select_related(*ONE, "submitted_version", "confirmed_version").prefetch_related(*MANY, evidence)
    return with_last_year(whole)


def read_with_figures(found: SubmissionQuerySet) -> list[Submission]:
    """The submissions with all that their warnings are read from."""
    return with_last_year(found.prefetch_related(*FIGURES))


def with_last_year(found: Iterable[Submission]) -> list[Submission]:
    """The submissions, each with what its body reported a year ago on each indicator, and of its budget in all."""
    submissions = list(found)
    sums = _sums_of_last_year(submissions)
    rows = IndicatorResult.objects.filter(
        submission__assignment__in={each.assignment_id for each in submissions},
        submission__round__year__in={each.round.year - 1 for each in submissions},
    ).select_related("submission__round")
    figures: dict[tuple[int, int, int], dict[uuid.UUID, Figure]] = {}
    for row in rows:
        before = row.submission
        key = (before.assignment_id, before.round.plan_id, before.round.year + 1)
        figures.setdefault(key, {})[row.indicator_id] = row.actual
    for each in submissions:
        place = (each.assignment_id, each.round.plan_id, each.round.year)
        setattr(each, LAST_YEAR, figures.get(place, {}))
        setattr(each, LAST_YEAR_SUMS, sums.get(place, {}))
    return submissions


def _sums_of_last_year(submissions: list[Submission]) -> dict[tuple[int, int, int], dict[str, Figure]]:
    """By assignment, plan and the year after: what the budget lines of the year before add up to."""
    found = Submission.objects.filter(
        assignment__in={each.assignment_id for each in submissions},
        round__year__in={each.round.year - 1 for each in submissions},
    )
    return {
        (each.assignment_id, each.round.plan_id, each.round.year + 1): budget_sums(each, each.budget_lines.all())
        for each in found.select_related("round").prefetch_related("budget_lines")
    }
