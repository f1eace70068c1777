"""The outline of a round's report: its chapters, and the places where the coordinator writes.

The chapters are those that ``domain.md`` names for the Committee's report. What a chapter draws from the data is in
:mod:`reports.selectors.report_content`; here stands only where prose may go, under which key it is kept, and whether
a report without it is incomplete.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ministries.content_parts import in_all_languages
from ministries.models import Round
from nap_monitor.lib.localized import LocalizedText
from objectives.models import Area, Objective

#: The language in which a report has to be written; the others are translations of it.
FIRST_LANGUAGE = "ko"

#: The chapters in their order: key, numeral and title. The keys are part of a snapshot's places and never change.
CHAPTERS: tuple[tuple[str, str, Promise], ...] = (
    ("foreword", "", _("Foreword")),
    ("overview", "Ⅰ", _("Overview and returns")),
    ("summary", "Ⅱ", _("Summary")),
    ("objectives", "Ⅲ", _("Results by objective")),
    ("budget", "Ⅳ", _("Budget and execution")),
    ("meetings", "Ⅴ", _("Monitoring meetings")),
    ("opinions", "Ⅵ", _("Opinions of the civic advisory panel")),
    ("recommendations", "Ⅶ", _("What became of earlier recommendations")),
    ("measures", "Ⅷ", _("Improvement measures and plan for next year")),
    ("annex", "", _("Annexes")),
)
#: The places of single items of the plan: by kind, as their keys begin.
OF_ITEMS = {"area": _("Assessment of the area"), "objective": _("Assessment of the objective")}


@dataclass(frozen=True)
class Place:
    """Where prose goes. ``title`` and ``hint`` speak the reader's language; ``item`` is the plan's item it is about."""

    key: str
    chapter: str
    title: Promise | str
    hint: Promise | str
    required: bool = True
    item: Area | Objective | None = None


def places(round: Round) -> list[Place]:
    """Every place of ``round``'s report, in the order of the report. One query."""
    objectives = list(
        Objective.objects.filter(area__plan=round.plan).select_related("area").order_by("area__order", "order", "code")
    )
    return list(_places(objectives))


def _places(objectives: list[Objective]) -> Iterator[Place]:
    yield Place("foreword", "foreword", _("Foreword"), _("Who presents the report, to whom, and what it is about."))
    yield Place(
        "overview",
        "overview",
        _("Remarks on the returns"),
        _("What a reader must know of how the year was reported, of late or missing returns."),
        required=False,
    )
    yield Place(
        "summary",
        "summary",
        _("Overall assessment"),
        _("The year on one page: what went well, what did not, and what follows. It opens the report and its summary."),
    )
    seen = set()
    for objective in objectives:
        area = objective.area
        if area.pk not in seen:
            seen.add(area.pk)
            yield Place(
                f"area:{area.code}",
                "objectives",
                OF_ITEMS["area"],
                _("The area as a whole, across its objectives."),
                item=area,
            )
        yield Place(
            objective_place("objective", area.code, objective.code),
            "objectives",
            OF_ITEMS["objective"],
            _("Results, indicators, and what is missing."),
            item=objective,
        )
    yield Place("budget", "budget", _("Assessment of the budget"), _("Execution, and why money was not spent."), False)
    yield Place("meetings", "meetings", _("Meetings held"), _("The inter-ministerial meeting, and each body's own."))
    yield Place(
        "opinions", "opinions", _("The panel's opinions and the answers"), _("Word for word, with each answer.")
    )
    yield Place(
        "recommendations",
        "recommendations",
        _("Earlier recommendations"),
        _("Each recommendation, what was done, and what is still open."),
    )
    yield Place(
        "measures",
        "measures",
        _("Improvement measures"),
        _("What the lead ministry asks of the bodies. The Committee deliberates on these."),
    )
    yield Place("next_year", "measures", _("Plan for next year"), _("What comes next, and until when."), False)


def objective_place(kind: str, area: str, objective: str) -> str:
    """The key of a place of one objective, whose number is unique within its area only."""
    return f"{kind}:{area}/{objective}"


def title_of(key: str, content: dict[str, Any]) -> dict[str, str]:
    """What a place is called, by language of the interface: its title and the plan's item as ``content`` has it."""
    kind, _colon, item = key.partition(":")
    titles = {each.key: each.title for each in _places([])}
    title = in_all_languages(titles.get(key, OF_ITEMS.get(kind, key)))
    named = next((found for place, found in _items(content) if place == item), None) if item else None
    if named is None:
        return title
    return {code: f"{text}: {LocalizedText(named).in_language(code)}" for code, text in title.items()}


def _items(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """The items of a content's plan that have places of their own, by how a place's key calls them."""
    for area in content["areas"]:
        yield area["code"], area["title"]
        for objective in area["objectives"]:
            yield f"{area['code']}/{objective['code']}", objective["title"]
