"""Every figure of the report names the lines that it was counted from, and they give the same figure again."""

import json
import re

import pytest

from reports.selectors.document import document
from reports.selectors.report_content import report_content
from reports.selectors.summary import snapshot
from reports.selectors.trace import Run, runs
from reports.services.rendering import summary_html
from tests.reports.data import Year, whole_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(db: None) -> Year:
    """A round with everything in it."""
    return whole_year()


def _lines(content: dict) -> dict[int, dict]:
    """The entries by line, read from the data alone: nothing of the program counts here."""
    data = json.loads(snapshot(content)[0])
    return {
        entry["line"]: {**entry, "area": area["code"], "objective": objective["code"], "code": plan["code"]}
        for area in data["areas"]
        for objective in area["objectives"]
        for strategy in objective["strategies"]
        for plan in strategy["action_plans"]
        for entry in plan["entries"]
    }


def _expanded(group: object) -> list[int]:
    return [line for run in group.runs for line in range(run.first, run.last + 1)]


def test_lines_are_numbered_as_the_annex_lists_them(year) -> None:
    content = report_content(year.round)
    assert sorted(_lines(content)) == list(range(1, len(year.submissions) + 1))
    printed = document(content, "ko", "0" * 64)
    assert [row["line"] for body in printed["bodies"] for row in body["rows"]] == sorted(_lines(content))


def test_the_lines_of_each_source_give_its_figures_again(year) -> None:
    content = report_content(year.round)
    lines, printed = _lines(content), document(content, "ko", "0" * 64)
    sources = {source.number: source for source in printed["sources"]}
    labels = {row["label"]["ko"]: row["code"] for row in content["scale"]}
    rows = [printed["ratings"]["all"], *printed["ratings"]["by_area"], *printed["ratings"]["by_body"]]
    for row in rows:
        groups = [group for group in sources[row["source"]].groups if group.label in labels]
        counted = {labels[group.label]: _expanded(group) for group in groups}
        assert sum(map(len, counted.values())) == row["total"]
        for code, found in counted.items():
            assert [lines[line]["rating"] or lines[line]["status"] for line in found] == [code] * len(found)
        # As it is printed: what is not started stands in 'rethink' too.
        shown = {cell["code"]: cell["count"] for cell in row["cells"]}
        own = {code: len(found) for code, found in counted.items()}
        own["rethink"] = own.get("rethink", 0) + own.get("not-started", 0)
        assert {code: count for code, count in shown.items() if count} == {c: n for c, n in own.items() if n}


def test_sources_of_bodies_areas_and_objectives_name_their_own_lines_alone(year) -> None:
    content = report_content(year.round)
    lines, printed = _lines(content), document(content, "ko", "0" * 64)
    sources = {source.number: source for source in printed["sources"]}
    for objective, of in zip(printed["objectives"], content["figures"]["by_objective"], strict=True):
        found = [line for group in sources[objective["source"]].groups for line in _expanded(group)]
        assert sorted(found) == sorted(n for n, entry in lines.items() if entry["objective"] == of["objective"])
        assert len(found) == objective["total"]
    for row, of in zip(printed["budget"]["rows"], content["figures"]["budget"]["by_body"], strict=True):
        found = [line for group in sources[row["source"]].groups for line in _expanded(group)]
        assert {lines[line]["body"] for line in found} <= {of["body"]}
        assert all(lines[line]["status"] == "confirmed" for line in found)
        assert len(found) == of["confirmed"]


def test_each_number_in_the_document_leads_to_a_place_that_is_there_once(year) -> None:
    html = summary_html(content=report_content(year.round), language="en")
    places = re.findall(r'\sid="([^"]+)"', html)
    assert len(places) == len(set(places))
    asked = set(re.findall(r'href="#([^"]+)"', html))
    assert asked <= set(places)
    assert {f"line-{number}" for number in range(1, len(year.submissions) + 1)} <= asked
    assert len([place for place in places if place.startswith("source-")]) == len(
        {place for place in asked if place.startswith("source-")}
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [([], []), ([3], [Run(3, 3)]), ([4, 1, 2, 3, 7], [Run(1, 4), Run(7, 7)]), ([1, 3], [Run(1, 1), Run(3, 3)])],
)
def test_lines_that_follow_one_another_are_one_run(lines, found) -> None:
    assert runs(lines) == found
