"""The page of ratings: the counts of the report's content, by area and by body, for the screen."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ministries.models import Round
from reports.selectors.summary import summary_content
from reports.words import Words


@dataclass(frozen=True)
class RatingRow:
    """Counts of a part of the plan. ``cells`` stand in the order of the scale."""

    name: str
    total: int
    cells: list[int]
    segments: list[dict[str, Any]]


@dataclass(frozen=True)
class RatingsPage:
    """Ratings of a round: all, by area, by body; and what is missing."""

    scale: list[dict[str, str]]
    everything: RatingRow
    by_area: list[RatingRow]
    by_body: list[RatingRow]
    completeness: dict[str, int]
    budget: dict[str, Any]
    missing: list[dict[str, Any]]


def ratings_page(round: Round, language: str) -> RatingsPage:
    """The page of ``round`` in ``language``; a fixed number of queries."""
    content = summary_content(round)
    words = Words(content, language)
    figures = content["figures"]
    areas = {area["code"]: words.text(area["title"]) for area in content["areas"]}
    scale = [{"code": row["code"], "label": words.text(row["label"])} for row in content["scale"]]

    def row(name: str, counted: dict[str, Any]) -> RatingRow:
        counts = counted["counts"]
        return RatingRow(
            name=name,
            total=counted["total"],
            cells=[counts[mark["code"]] for mark in scale],
            segments=[{**mark, "count": counts[mark["code"]]} for mark in scale if counts[mark["code"]]],
        )

    return RatingsPage(
        scale=scale,
        everything=row(_("All"), figures["all"]),
        by_area=[row(areas[found["area"]], found) for found in figures["by_area"]],
        by_body=[row(words.body(found["body"]), found) for found in figures["by_body"]],
        completeness=figures["all"]["completeness"],
        budget={"unit": words.text(figures["budget"]["unit"]), **figures["budget"]["all"]},
        missing=[found for found in _missing(content, words) if found["rows"]],
    )


def _missing(content: dict[str, Any], words: Words) -> list[dict[str, Any]]:
    """The missing returns by body: a gap is shown as a gap."""
    found: dict[str, list[dict[str, str]]] = {body["code"]: [] for body in content["bodies"]}
    for area in content["areas"]:
        for objective in area["objectives"]:
            for strategy in objective["strategies"]:
                for plan in strategy["action_plans"]:
                    for entry in plan["entries"]:
                        if entry["status"] == "no-report":
                            row = {"code": plan["code"], "title": words.text(plan["title"])}
                            found[entry["body"]].append(row)
    return [{"name": words.body(code), "rows": rows} for code, rows in found.items()]
