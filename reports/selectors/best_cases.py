"""Best cases: those that were picked, and the submissions that can be."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from ministries.content_parts import fields_in
from ministries.enums import Disclosure
from ministries.models import ImplementingBody, Round, Submission
from objectives.models import Objective
from reports.models import BestCase


@dataclass(frozen=True)
class Candidate:
    """A confirmed submission that may be picked, with what it says as its results."""

    submission: Submission
    results: str


def best_cases(round: Round) -> "QuerySet[BestCase]":
    """The picks of a round in their order, with all that is told of them."""
    return (
        BestCase.objects.filter(round=round)
        .select_related(
            "submission__round__plan",
            "submission__assignment__body",
            "submission__assignment__action_plan",
            "submission__confirmed_version",
        )
        .prefetch_related("submission__assignment__body__names")
        .defer("submission__confirmed_version__content")
        .order_by("order", "picked_at", "pk")
    )


def is_printed(case: BestCase) -> bool:
    """Whether the report may show it: its submission may have become restricted since it was picked."""
    version = case.submission.confirmed_version
    return bool(version and not version.is_restricted and case.submission.disclosure != Disclosure.RESTRICTED)


def find_best_case(round: Round, key: Any) -> BestCase:
    """The pick of this id. Raises ``Http404`` where this round has none."""
    found = best_cases(round).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def candidates(round: Round, *, objective: str = "", body: str = "") -> "QuerySet[Submission]":
    """What can still be picked: confirmed and not restricted; of one objective (``area/code``), of one body."""
    found = (
        Submission.objects.filter(round=round, confirmed_version__is_restricted=False)
        .exclude(disclosure=Disclosure.RESTRICTED)
        .exclude(best_cases__round=round)
        .select_related("round__plan", "assignment__body", "assignment__action_plan", "confirmed_version")
        .prefetch_related("assignment__body__names")
        .order_by("assignment__action_plan__order", "assignment__order", "assignment__body__code")
    )
    if objective:
        area, _slash, code = objective.partition("/")
        found = found.filter(
            assignment__action_plan__strategy__objective__code=code,
            assignment__action_plan__strategy__objective__area__code=area,
        )
    return found.filter(assignment__body__code=body) if body else found


def read(submission: Submission) -> Candidate:
    """A candidate with the results of its confirmed version."""
    version = submission.confirmed_version
    fields = fields_in(version.read()["sections"]) if version else {}
    return Candidate(submission, str(fields.get("results", {}).get("value") or ""))


def objective_choices(round: Round) -> list[tuple[str, str]]:
    """The plan's objectives by ``area/code``."""
    found = Objective.objects.filter(area__plan=round.plan).select_related("area")
    return [
        (f"{each.area.code}/{each.code}", f"{each.code} {each.title}")
        for each in found.order_by("area__order", "order", "code")
    ]


def body_choices(round: Round) -> list[tuple[str, str]]:
    """The bodies that have a confirmed submission in the round."""
    having = Submission.objects.filter(round=round, confirmed_version__isnull=False).values("assignment__body")
    found = ImplementingBody.objects.filter(pk__in=having).prefetch_related("names").order_by("order", "code")
    return [(each.code, str(each.name_in(round.year))) for each in found]
