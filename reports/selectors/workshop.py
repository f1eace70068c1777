"""The coordinator's workshop: how far each text of a report is, and what the data say beside it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, TextField
from django.db.models.functions import Length
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ministries.enums import Rating
from ministries.models import ConfirmedFigure, Round, Submission
from objectives.models import ActionPlan, Objective
from reports.models import BestCase, ReportText
from reports.selectors import counts
from reports.selectors.outline import CHAPTERS, FIRST_LANGUAGE, Place, places
from reports.selectors.summary import MONEY, OWN, amounts, status_of
from reports.words import COUNTED_WITH

Content = dict[str, Any]

MISSING, WRITTEN, STALE = "missing", "written", "stale"
#: Long texts of a submission, which are not read where it is only counted.
LONG = [each.name for each in Submission._meta.get_fields() if isinstance(each, TextField)]
LABELS: dict[str, Any] = {
    **{str(rating.value): rating.label for rating in Rating},
    counts.UNDER_REVIEW: _("Under review"),
    counts.NO_REPORT: _("No report"),
}


@dataclass(frozen=True)
class Text:
    """How far a text is in one language. It is stale where the Korean text was written later."""

    language: str
    state: str
    author: str = ""
    at: dt.datetime | None = None
    length: int = 0


@dataclass(frozen=True)
class Row:
    """A place with its texts, in the order of the languages."""

    place: Place
    texts: list[Text]

    @property
    def is_missing(self) -> bool:
        """Whether a complete report lacks this text in its first language."""
        return self.place.required and any(
            text.language == FIRST_LANGUAGE and text.state == MISSING for text in self.texts
        )


@dataclass(frozen=True)
class Chapter:
    """A chapter with the places where one writes in it."""

    key: str
    numeral: str
    title: str | Promise
    rows: list[Row]


@dataclass(frozen=True)
class Progress:
    """How many of the texts that a complete report needs are written in a language, and how many of these are stale."""

    language: str
    written: int
    stale: int
    total: int


@dataclass(frozen=True)
class Entry:
    """What one body reported on one action plan, as it is counted."""

    submission: Submission
    facts: Content

    @property
    def mark(self) -> str:
        """Its rating, or what stands for it."""
        return counts.mark_of(self.facts)

    @property
    def label(self) -> str | Promise:
        """The rating in words."""
        label: str | Promise = LABELS[self.mark]
        return label


@dataclass(frozen=True)
class Beside:
    """What the data say beside a text: counts with their total, the assignments behind them, the budget."""

    segments: list[Content]
    completeness: Content
    actions: list[tuple[ActionPlan, list[Entry]]]
    budget: Content | None
    best_cases: list[BestCase]


def rows_of(round: Round) -> list[Row]:
    """Every place of the report with the state of its texts. Two queries."""
    found: dict[tuple[str, str], ReportText] = {}
    last = ReportText.objects.current().filter(round=round).annotate(length=Length("text")).defer("text")
    for version in last:
        found[version.place, version.language] = version
    return [
        Row(place, [_text(found, place.key, language) for language, _name in settings.LANGUAGES])
        for place in places(round)
    ]


def _text(found: dict[tuple[str, str], ReportText], key: str, language: str) -> Text:
    version, first = found.get((key, language)), found.get((key, FIRST_LANGUAGE))
    if version is None:
        return Text(language, MISSING)
    length: int = version.length  # type: ignore[attr-defined]
    state = WRITTEN if length else MISSING
    if length and first and language != FIRST_LANGUAGE and first.saved_at > version.saved_at:
        state = STALE
    return Text(language, state, version.author_label, version.saved_at, length)


def chapters_of(rows: list[Row]) -> list[Chapter]:
    """The rows by chapter; a chapter in which nobody writes is left out."""
    chapters = [
        Chapter(key, numeral, title, [row for row in rows if row.place.chapter == key])
        for key, numeral, title in CHAPTERS
    ]
    return [chapter for chapter in chapters if chapter.rows]


def progress_of(rows: list[Row]) -> list[Progress]:
    """How far the report is, by language."""
    needed = [row for row in rows if row.place.required]
    found = []
    for number, (language, _name) in enumerate(settings.LANGUAGES):
        states = [row.texts[number].state for row in needed]
        written = sum(state != MISSING for state in states)
        found.append(Progress(language, written, states.count(STALE), len(needed)))
    return found


def find_place(round: Round, key: str) -> tuple[Place | None, Place, Place | None]:
    """The place of this key, between the one before and the one after it. Raises ``Http404`` where there is none."""
    found = places(round)
    number = next((number for number, place in enumerate(found) if place.key == key), None)
    if number is None:
        raise Http404
    after = found[number + 1] if number + 1 < len(found) else None
    return found[number - 1] if number else None, found[number], after


def stored(round: Round, place: Place) -> dict[str, ReportText]:
    """The last version of the text at a place, by language."""
    return {row.language: row for row in ReportText.objects.current().filter(round=round, place=place.key)}


def versions(round: Round, place: Place) -> "QuerySet[ReportText]":
    """All versions at a place by language, the newest first, with their ``length`` in the place of their text."""
    found = ReportText.objects.filter(round=round, place=place.key).annotate(length=Length("text")).defer("text")
    return found.order_by("language", "-number")


def find_version(round: Round, place: Place, language: str, number: int) -> tuple[ReportText, str, ReportText]:
    """A version, the text before it, and the last version. Raises ``Http404`` where there is none. One query."""
    texts = ReportText.objects.filter(round=round, place=place.key, language=language).order_by("number")
    found = {version.number: version for version in texts}
    if number not in found:
        raise Http404
    before = max((each for each in found if each < number), default=None)
    return found[number], found[before].text if before is not None else "", found[max(found)]


def entries_of(round: Round) -> list[Entry]:
    """Every assignment of the round, as it is counted, in the plan's order."""
    found = (
        Submission.objects.filter(round=round)
        .select_related("round__plan", "assignment__body", "assignment__action_plan__strategy__objective__area")
        .prefetch_related("assignment__body__names")
        .defer(*LONG)
        .order_by("assignment__action_plan__order", "assignment__order", "assignment__body__code")
    )
    return [Entry(each, _facts(each, round)) for each in found]


def _facts(submission: Submission, round: Round) -> Content:
    facts = status_of(submission, round)
    rating = submission.coordinator_rating if facts["status"] == counts.CONFIRMED else ""
    return {**facts, "rating": rating, "restricted": False}


def completeness_of(round: Round) -> Content:
    """How many assignments of the round are confirmed, under review and not reported."""
    rows = Submission.objects.filter(round=round).select_related("round").defer(*LONG)
    return counts.completeness(_facts(each, round) for each in rows)


def beside(round: Round, place: Place) -> Beside:
    """What the data say about a place: of its area or objective, else of the whole round."""
    entries = entries_of(round)
    about = entries if place.item is None else [each for each in entries if place.item in _items(each)]
    facts = [each.facts for each in about]
    found = counts.ratings(facts)["counts"]
    listed = about if place.item else []
    if place.key == "overview":
        listed = [each for each in entries if each.facts["status"] == counts.NO_REPORT]
    return Beside(
        segments=[
            {"code": code, "label": LABELS[code], "count": found[code] + _counted_too(found, code)}
            for code in counts.COUNTED
            if code not in COUNTED_WITH
        ],
        completeness=counts.completeness(facts),
        actions=_by_action(listed),
        budget=_budget(round, entries) if place.key == "budget" else None,
        best_cases=_best_cases(round, place),
    )


def _items(entry: Entry) -> tuple[Any, Any]:
    objective = entry.submission.assignment.action_plan.strategy.objective
    return objective, objective.area


def _counted_too(found: Content, code: str) -> int:
    return sum(found[part] for part, first in COUNTED_WITH.items() if first == code)


def _by_action(entries: list[Entry]) -> list[tuple[ActionPlan, list[Entry]]]:
    by_action: dict[ActionPlan, list[Entry]] = {}
    for entry in entries:
        by_action.setdefault(entry.submission.assignment.action_plan, []).append(entry)
    return list(by_action.items())


def _budget(round: Round, entries: list[Entry]) -> Content:
    money: dict[Any, dict[str, ConfirmedFigure]] = {}
    for figure in ConfirmedFigure.objects.filter(round=round, key__in=(*MONEY, *OWN)):
        money.setdefault(figure.version_id, {})[figure.key] = figure
    rows = [{**each.facts, "money": amounts(money.get(each.submission.confirmed_version_id, {}))} for each in entries]
    return counts.budget(rows, of_all_bodies=True)


def _best_cases(round: Round, place: Place) -> list[BestCase]:
    if not isinstance(place.item, Objective):
        return []
    found = BestCase.objects.filter(
        round=round, submission__assignment__action_plan__strategy__objective=place.item
    ).select_related("submission__assignment__body", "submission__assignment__action_plan")
    return list(found.prefetch_related("submission__assignment__body__names").order_by("order", "picked_at"))
