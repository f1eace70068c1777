"""The whole content of a round's annual report.

What the data say, what the coordinator wrote, and what an edition says of itself. It is what a snapshot keeps; its
shape is published as a JSON Schema (``reports/schemas/``).
"""

from collections.abc import Iterator
from typing import Any

from ministries.models import Assessment, ConfirmedFigure, Round, Submission
from reports.models import BestCase, ReportText
from reports.selectors import counts
from reports.selectors.small_counts import leave_out_small_counts
from reports.selectors.summary import MONEY, OWN, amounts, leaves, status_of, summary_content

Content = dict[str, Any]


def report_content(round: Round, edition: Content | None = None) -> Content:
    """The content of ``round``'s report. ``edition`` is what an edition says of itself; a draft has none.

    The same data gives the same content. Takes the same number of queries for any number of submissions and texts.
    """
    content = summary_content(round)
    _assess(content, round)
    leave_out_small_counts(content)
    return {
        **content,
        "edition": edition,
        "prose": prose(round),
        "best_cases": list(_best_cases(round, content)),
        "history": history(round, content),
        # Kept by their own records one day; until then chapters Ⅴ to Ⅶ are prose.
        "meetings": [],
        "opinions": [],
        "recommendations": [],
    }


def _assess(content: Content, round: Round) -> None:
    """Put the coordinator's one mark to each action plan that has one, and nothing to the others."""
    rows = Assessment.objects.filter(round=round).values_list("action_plan__code", "rating", "reason")
    given = {code: {"rating": rating, "reason": reason} for code, rating, reason in rows}
    for area in content["areas"]:
        for objective in area["objectives"]:
            for strategy in objective["strategies"]:
                for action_plan in strategy["action_plans"]:
                    action_plan["assessment"] = given.get(action_plan["code"])


def prose(round: Round) -> dict[str, dict[str, str]]:
    """What the coordinator wrote, by place and language; only where there is text. One query."""
    found: dict[str, dict[str, str]] = {}
    rows = ReportText.objects.filter(round=round).order_by("place", "language", "number")
    for place, language, text in rows.values_list("place", "language", "text"):
        found.setdefault(place, {})[language] = text.strip()
    written = {place: {code: text for code, text in texts.items() if text} for place, texts in found.items()}
    return {place: texts for place, texts in written.items() if texts}


def _best_cases(round: Round, content: Content) -> Iterator[Content]:
    """The picks, in their order. One whose submission may not be printed any more is left out."""
    objective_of = {
        action_plan["code"]: (area["code"], objective["code"])
        for area in content["areas"]
        for objective in area["objectives"]
        for strategy in objective["strategies"]
        for action_plan in strategy["action_plans"]
    }
    printed = {
        (action_plan["code"], entry["body"]): entry
        for action_plan, entry in leaves(content)
        if entry["version"] and not entry["restricted"]
    }
    rows = BestCase.objects.filter(round=round).select_related(
        "submission__assignment__body", "submission__assignment__action_plan"
    )
    for row in rows.order_by("order", "picked_at", "pk"):
        assignment = row.submission.assignment
        entry = printed.get((assignment.action_plan.code, assignment.body.code))
        if entry:
            area, objective = objective_of[assignment.action_plan.code]
            yield {
                "area": area,
                "objective": objective,
                "action_plan": assignment.action_plan.code,
                "body": assignment.body.code,
                "line": entry["line"],
                "version": entry["version"],
                "title": {code: text for code, text in row.title.items() if text},
                "text": {code: text for code, text in row.text.items() if text},
            }


def history(round: Round, content: Content) -> list[Content]:
    """Ratings, completeness and budget of the plan's rounds up to this one, the oldest first. Two queries.

    Earlier years are counted as they are known now: confirmed ratings and the amounts of confirmed versions.
    """
    years: dict[int, list[Content]] = {}
    earlier = Submission.objects.filter(round__plan=round.plan, round__year__lt=round.year)
    money: dict[Any, dict[str, ConfirmedFigure]] = {}
    figures = ConfirmedFigure.objects.filter(round__plan=round.plan, round__year__lt=round.year, key__in=(*MONEY, *OWN))
    for figure in figures:
        money.setdefault(figure.version_id, {})[figure.key] = figure
    for submission in earlier.select_related("round").order_by("round__year"):
        entry = {
            **status_of(submission, submission.round),
            "restricted": False,
            "rating": submission.coordinator_rating if submission.confirmed_version_id else "",
            "money": amounts(money.get(submission.confirmed_version_id, {}))
            if submission.confirmed_version_id
            else None,
        }
        years.setdefault(submission.round.year, []).append(entry)
    now = content["figures"]
    return [
        *(
            {
                "year": year,
                **counts.ratings(entries),
                "completeness": counts.completeness(entries),
                "budget": counts.budget(entries, of_all_bodies=True),
            }
            for year, entries in sorted(years.items())
        ),
        {"year": round.year, **now["all"], "budget": now["budget"]["all"]},
    ]
