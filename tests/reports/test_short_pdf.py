"""The summary as a document of its own: the same content in few pages, whose figures name the full report's sources."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from pypdf import PdfReader

from reports.selectors.document import document
from reports.selectors.report_content import report_content
from reports.selectors.summary import leaves, snapshot
from reports.services.rendering import render_short, render_summary, short_html
from tests.reports.data import Year, whole_year

# The database is asked for once, by the fixture of the module.
pytestmark = [pytest.mark.one_database, pytest.mark.django_db]

Content = dict[str, Any]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Year, Content]]:
    """A round with everything in it, and its content with prose in it. Nothing is left in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = whole_year()
        content = report_content(made.round)
        transaction.set_rollback(True)
    places = ["summary", "budget", "measures", "next_year", "foreword"]
    places += [f"area:{area['code']}" for area in content["areas"]]
    content["prose"] = {place: {"ko": f"{place}의 글", "en": f"Text of {place}"} for place in places}
    return made, content


def _text(data: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_says_on_few_tagged_pages_what_the_report_says(year, language) -> None:
    content = year[1]
    made = render_short(content=content, language=language)
    full = render_summary(content=content, language=language)
    assert made.warnings == ()
    assert made.pages < min(full.pages, 13)
    root = PdfReader(io.BytesIO(made.data)).trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == (language, True)
    text = _text(made.data)
    for place, written in content["prose"].items():
        assert ("".join(written[language].split()) in text) is (place != "foreword"), place
    for action_plan, _entry in leaves(content):
        assert "".join(f"{action_plan['code']} {action_plan['title'][language]}".split()) in text
    for body in content["bodies"]:
        assert "".join(body["name"][language].split()) in text
    assert snapshot(content)[1] in text
    assert "1,534.567" in text


def test_its_numbers_are_those_of_the_full_reports_sources_and_no_link_leads_nowhere(year) -> None:
    content = year[1]
    html = short_html(content=content, language="ko")
    places = re.findall(r'\sid="([^"]+)"', html)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(places)
    assert len(places) == len(set(places))
    printed = document(content, "ko", "0" * 64)
    rows = [printed["overview"], printed["status"], printed["budget"]["all"], *printed["budget"]["rows"]]
    rows += [*printed["ratings"]["by_area"], *printed["ratings"]["by_body"], *printed["objectives"]]
    named = {int(number) for number in re.findall(r'class="trace">(\d+)<', html)}
    assert {row["source"] for row in rows} <= named <= {source.number for source in printed["sources"]}


def test_what_no_one_wrote_is_said_and_a_draft_and_an_edition_say_where_the_full_report_is(year) -> None:
    html = short_html(content={**year[1], "prose": {}}, language="en")
    assert html.count("Nothing was written on this for the year.") == 2
    assert "/plans/7/2022/report/" in html
    facts = {"number": 3, "issued_on": "2023-02-01", "issuer": {"ko": "총괄부"}, "agenda_number": ""}
    edition = {**facts, "committee_date": "", "errata": {}, "replaces": None}
    issued = short_html(content={**year[1], "edition": edition}, language="en")
    assert "summary of edition 3" in issued
    assert "/editions/7/2022/3/" in issued


def test_the_command_writes_it(tmp_path) -> None:
    made = whole_year()
    target = tmp_path / "short.pdf"
    call_command(
        "render_report", plan=made.round.plan.number, year=2022, summary=True, output=target, stdout=io.StringIO()
    )
    assert len(PdfReader(target).pages) < 13
