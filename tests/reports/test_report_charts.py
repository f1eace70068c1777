"""The report's charts: their figures are the content's, each share has its denominator, each chart has its words."""

import re
from decimal import Decimal

import pytest

from ministries.services.assessments import assess
from reports.selectors.document import document
from reports.selectors.report_content import report_content
from reports.selectors.summary import action_plans
from reports.services.rendering import summary_html
from tests.factories import RoundFactory, SubmissionFactory
from tests.reports.data import Year, whole_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(db: None) -> Year:
    """A round with everything in it, and one before it in which nobody reported."""
    made = whole_year()
    before = RoundFactory(plan=made.round.plan, year=2021)
    for submission in made.submissions.values():
        SubmissionFactory(round=before, assignment=submission.assignment)
    return made


def test_the_strip_shows_the_one_mark_of_each_action_plan_and_the_marks_of_its_bodies(year) -> None:
    joint, other = (each.assignment.action_plan for each in list(year.submissions.values())[0:4:3])
    assess(round=year.round, action_plan=joint, by=year.coordinator, rating="attention", reason="지연")
    content = report_content(year.round)
    # An action plan of one body, which the year has none of.
    alone = next(plan for plan in action_plans(content) if plan["code"] == other.code)
    alone["entries"] = [entry for entry in alone["entries"] if entry["rating"] == "attention"]
    printed = document(content, "en", "0" * 64)
    cells = {cell.item.code: cell.item for cell in printed["status"]["chart"].cells}
    assert len(cells) == 6
    assert (cells[joint.code].label, len(cells[joint.code].parts)) == ("Attention", 3)
    # One body: its rating is the mark. Several bodies without a mark: none is computed.
    assert (cells[other.code].label, cells[other.code].parts) == ("Attention", ())
    assert {item.label for code, item in cells.items() if code not in (joint.code, other.code)} == {"Not yet assessed"}
    groups = {group.label: group for group in _source(printed, printed["status"]["source"]).groups}
    counted = {mark.label: count for mark, count in printed["status"]["chart"].counted if count}
    assert {label: group.count for label, group in groups.items()} == counted == {"Attention": 2, "Not yet assessed": 4}


def _source(printed: dict, number: int) -> object:
    return next(source for source in printed["sources"] if source.number == number)


def test_each_year_has_its_figures_with_their_denominators_and_a_source(year) -> None:
    content = report_content(year.round)
    printed = document(content, "en", "0" * 64)
    years = printed["years"]
    assert [(row["year"], row["total"]) for row in years["years"]] == [(2021, 13), (2022, 13)]
    assert _source(printed, years["years"][1]["source"]).groups
    assert "13 assignments" in _source(printed, years["years"][0]["source"]).note
    rows = {row["name"]: row["cells"] for row in years["rows"]}
    assert rows["Confirmed"] == ["0 / 13 (0 %)", "7 / 13 (53.8 %)"]
    assert rows["No report"] == ["13 / 13 (100 %)", "4 / 13 (30.8 %)"]
    assert rows["Rethink"] == ["0 / 13 (0 %)", "2 / 13 (15.4 %)"]
    money = content["figures"]["budget"]["all"]
    assert rows["Execution rate (%)"] == ["–", f"250.5 / 1,534.567 ({money['rate']} %)"]
    points = {panel.series.label: panel.points for panel in (*years["returns"].panels, *years["ratings"].panels)}
    assert [point.text for point in points["No report"] if point.has_share] == ["13/13", "4/13"]
    assert [point.has_share for point in points["Execution rate (%)"]][:2] == [False, True]


def test_the_bars_of_money_and_of_indicators_have_the_amounts_of_the_content(year) -> None:
    content = report_content(year.round)
    printed = document(content, "en", "0" * 64)
    drawn = [(row.pair.planned, row.pair.done) for row in printed["budget"]["chart"].rows]
    figures = [row for row in content["figures"]["budget"]["by_body"] if row["budget"] is not None]
    assert drawn == [
        (Decimal(row["budget"]), None if row["executed"] is None else Decimal(row["executed"])) for row in figures
    ]
    measured = [each["indicators"] for each in printed["objectives"]]
    assert [each["total"] for each in measured] == [3, 0]
    assert measured[0]["rows"][0]["line"] in range(1, 14)
    assert all(each["reached"] + each["missed"] + each["unknown"] == each["total"] for each in measured)


def test_each_picture_says_in_words_what_it_shows(year) -> None:
    html = summary_html(content=report_content(year.round), language="ko")
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) > 10
    for picture in pictures:
        assert 'role="img"' in picture
        assert re.search(r"<svg[^>]*><title>[^<]{3,}</title>", picture)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_abbreviation_that_is_printed_is_in_the_list(year, language) -> None:
    content = report_content(year.round)
    title = content["areas"][0]["objectives"][0]["strategies"][0]["action_plans"][0]["title"]
    title.update({"ko": "유엔 평화유지활동(PKO) WPS", "en": "UN PKO personnel, WPS and GBV"})
    html = re.sub(r"<head>.*?</head>|<[^>]*>", " ", summary_html(content=content, language=language), flags=re.DOTALL)
    printed = {word for word in re.findall(r"(?<![\w-])[A-Z]{2,}(?![\w])", html)}
    listed = {row["short"].partition("-")[0] for row in document(content, language, "0" * 64)["abbreviations"]}
    # What the tests call their bodies' texts by is their code; the bodies are in the list.
    assert printed - listed == set()
    assert {"PKO", "WPS", "HEAD"} <= listed
    assert "COVID" not in listed
