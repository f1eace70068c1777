"""The summary of a report: some ten pages of the same content, in one language. Reads the content alone.

Its figures carry the numbers of the full report's sources, as text: the annex with the rows stands there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.selectors.counts import mark_of
from reports.selectors.data_notes import Texts, data_notes
from reports.selectors.document import document
from reports.selectors.entries import OBJECTIVE_BAR
from reports.selectors.outline import OF_ITEMS
from reports.selectors.prose_printed import Prose, best_cases
from reports.selectors.summary import entries_below
from reports.selectors.trace import NOT_ASSESSED, mark_of_action_plan, runs
from reports.words import Words

Content = dict[str, Any]

#: The places of the outline that stand in the summary, beside those of areas and objectives.
PLACES = ("summary", "budget", "measures", "next_year")


def short_document(content: Content, language: str, sha256: str) -> Content:
    """The context of the summary's template: that of the full report, by area, and where the full report is found."""
    full = document(content, language, sha256)
    with override(language):
        words = Words(content, language)
        return {
            **full,
            "is_summary": True,
            "title": _("%(title)s – summary") % {"title": full["title"]},
            "counts": _counts(content["figures"]["all"]["counts"], words),
            "areas": list(_areas(content, words, full)),
            "address": _address(content),
            "notes": list(data_notes(content, words, _texts(content, words), sha256)),
        }


def _areas(content: Content, words: Words, full: Content) -> Iterator[Content]:
    """Each area: its bar, its assessment, its objectives with theirs, its best cases, its action plans."""
    objectives = iter(full["objectives"])
    rows = zip(content["areas"], content["figures"]["by_area"], full["ratings"]["by_area"], strict=True)
    for number, (area, figures, printed) in enumerate(rows, start=1):
        own = [next(objectives) for _objective in area["objectives"]]
        name = words.text(area["title"])
        yield {
            "anchor": f"area-{number}",
            "number": number,
            "name": name,
            "total": figures["total"],
            "source": printed["source"],
            "bar": words.bar(name, figures["counts"], width=OBJECTIVE_BAR[0], height=OBJECTIVE_BAR[1]),
            "counts": _counts(figures["counts"], words),
            "text": next((each["area_text"] for each in own if each["area_text"]), []),
            "objectives": own,
            "best_cases": [case for each in own for case in each["best_cases"]],
            "action_plans": [_action_plan(each, words) for each in _action_plans(area)],
        }


def _texts(content: Content, words: Words) -> Texts:
    """What the notes tell of the texts that stand in the summary: the coordinator's, and the best cases."""
    prose = Prose(content, words)
    for place in content.get("prose", {}):
        if place in PLACES or place.partition(":")[0] in OF_ITEMS:
            prose.at(place)
    best_cases(content, words, prose)
    return Texts(translated=0, korean_only=prose.korean_only, unprintable=prose.unprintable)


def _counts(counts: Mapping[str, int], words: Words) -> list[Content]:
    """What there is of the scale, as it is counted: not started on its own."""
    return [{**words.mark(code), "count": counts[code]} for code in words.labels if counts[code]]


def _action_plans(area: Content) -> Iterator[Content]:
    for objective in area["objectives"]:
        for strategy in objective["strategies"]:
            yield from strategy["action_plans"]


def _action_plan(action_plan: Content, words: Words) -> Content:
    """One line: its mark, what its bodies have, and the lines of the full report's annex."""
    mark = mark_of_action_plan(action_plan)
    marks = [mark_of(entry) for entry in action_plan["entries"]]
    return {
        "code": action_plan["code"],
        "title": words.text(action_plan["title"]),
        "mark": None if mark == NOT_ASSESSED else words.mark(mark),
        "counts": [
            {**words.mark(code), "count": marks.count(code)}
            for code in words.labels
            if code in marks and len(marks) > 1
        ],
        "lines": runs(entry["line"] for entry in entries_below(action_plan) if entry.get("line")),
    }


def _address(content: Content) -> str:
    """Where the full report and the data are found, as a path of the program that holds them."""
    place = f"{content['plan']['number']}/{content['year']}/"
    edition = content.get("edition")
    return f"/editions/{place}{edition['number']}/" if edition else f"/plans/{place}report/"
