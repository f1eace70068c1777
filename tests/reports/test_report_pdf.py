"""The report as PDF: what stands in it, what never does, and that nothing written in it can break it."""

import copy
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pypdf import PdfReader

from ministries.enums import Rating
from reports.selectors.summary import leaves, snapshot, summary_content
from reports.services.rendering import render_summary, summary_html
from tests.reports.data import Year, whole_year

# The database is asked for once, by the fixture of the module.
pytestmark = [pytest.mark.one_database, pytest.mark.django_db]

Content = dict[str, Any]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Year, Content]]:
    """A round with everything in it, and its content. Nothing is left in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = whole_year()
        content = summary_content(made.round)
        transaction.set_rollback(True)
    return made, content


@pytest.fixture(scope="module", params=["ko", "en"])
def report(request: pytest.FixtureRequest, year: tuple[Year, Content]) -> tuple[str, str, Any]:
    """Language, text without spaces, and the document itself."""
    pdf = render_summary(content=year[1], language=request.param)
    return request.param, text_of(pdf.data), pdf


def text_of(data: bytes) -> str:
    """All text without spaces: a line may end anywhere."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def squeezed(text: str) -> str:
    return "".join(text.split())


def render(content: Content, language: str = "ko") -> Any:
    """Render, and expect no warning."""
    pdf = render_summary(content=content, language=language)
    assert pdf.warnings == ()
    return pdf


def with_text(content: Content, text: str, keys: tuple[str, ...] = ("results", "next_year_plan")) -> Content:
    """The content with texts of the first confirmed entry replaced, and with all the short ones in its tables."""
    changed = copy.deepcopy(content)
    entry = next(entry for _plan, entry in leaves(changed) if entry["sections"])
    for section in entry["sections"]:
        for field in section.get("fields", ()):
            if field["key"] in keys:
                field["value"] = text
        for row in section.get("rows", ()):
            for field in row["fields"]:
                if field["kind"] == "text":
                    field["value"] = text[:200]
    return changed


def test_nothing_is_complained_of(report) -> None:
    assert report[2].warnings == ()


def test_every_action_plan_has_its_number_and_title(report, year) -> None:
    language, text, _pdf = report
    for action_plan, _entry in leaves(year[1]):
        assert squeezed(f"{action_plan['code']} {action_plan['title'][language]}") in text


def test_every_body_and_every_rating_is_named(report, year) -> None:
    language, text, _pdf = report
    for row in (*year[1]["bodies"], *year[1]["scale"]):
        assert squeezed(row.get("name", row.get("label"))[language]) in text


def test_each_assignment_stands_under_its_action_plan_with_body_rating_and_results(report, year) -> None:
    language, text, _pdf = report
    made, content = year
    labels = {row["code"]: row["label"][language] for row in content["scale"]}
    bodies = {row["code"]: row["name"][language] for row in content["bodies"]}
    symbols = {"completed": "✓", "continuing": "●", "on-track": "○", "attention": "△", "rethink": "▼"}
    for name, (action_plan, entry) in zip(made.submissions, leaves_by_name(content, made), strict=True):
        if entry["rating"] in symbols:
            heading = f"{bodies[entry['body']]}{symbols[entry['rating']]}{labels[entry['rating']]}"
            assert squeezed(heading) in text, action_plan["code"]
            assert squeezed(made.text(name)) in text


def leaves_by_name(content: Content, made: Year) -> list[tuple[Content, Content]]:
    found = {f"{entry['body']} {plan['code']}": (plan, entry) for plan, entry in leaves(content)}
    return [found[name] for name in made.submissions]


def test_shortcomings_measures_and_plans_are_printed(report, year) -> None:
    _language, text, _pdf = report
    for name in list(year[0].submissions)[:6]:
        for words in ("자체평가의 사유", "총괄부처의 사유", "미흡한 점", "개선할 점", "다음 해의 계획"):
            assert squeezed(f"{name} {words}") in text


def test_budgets_are_printed_in_million_won(report) -> None:
    language, text, _pdf = report
    assert "1,534.567" in text
    assert "150.5" in text
    assert "83.5" in text
    assert ("millionwon" if language == "en" else "평화교육") in text


def test_missing_returns_are_printed_as_missing(report, year) -> None:
    language, text, _pdf = report
    label = next(row["label"][language] for row in year[1]["scale"] if row["code"] == "no-report")
    bodies = {row["code"]: row["name"][language] for row in year[1]["bodies"]}
    missing = [entry for _plan, entry in leaves(year[1]) if entry["status"] == "no-report"]
    for entry in missing:
        assert squeezed(f"{bodies[entry['body']]} ■ {label}") in text
    assert text.count(squeezed(f"■ {label}")) >= 2 * len(missing)


def test_what_is_not_confirmed_or_restricted_is_never_printed(report, year) -> None:
    _language, text, _pdf = report
    names = list(year[0].submissions)
    for name in names[6:]:
        assert squeezed(year[0].text(name)) not in text
    assert squeezed("다시 쓰고 있는 글") not in text
    assert squeezed("쓰다 만 글") not in text


def test_the_sample_mark_the_draft_mark_and_the_hash_are_on_every_page(report, year) -> None:
    language, _text, pdf = report
    mark = squeezed(_translated("Sample data – not the results of any government", language))
    short = snapshot(year[1])[1][:12]
    for number, page in enumerate(PdfReader(io.BytesIO(pdf.data)).pages):
        text = squeezed(page.extract_text())
        assert mark in text, number
        if number:
            assert short in text, number
            assert f"{number + 1}/{pdf.pages}" in text


def _translated(text: str, language: str) -> str:
    from django.utils.translation import gettext, override

    with override(language):
        return gettext(text)


def test_data_that_is_no_sample_has_no_mark(year) -> None:
    content = {**year[1], "is_sample": False}
    for language in ("ko", "en"):
        assert _translated("Sample data – not the results of any government", language) not in summary_html(
            content=content, language=language
        )


def test_the_contents_name_the_page_of_each_objective(report, year) -> None:
    language, _text, pdf = report
    pages = [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf.data)).pages]
    for area in year[1]["areas"]:
        for objective in area["objectives"]:
            title = squeezed(objective["title"][language])
            place = next(number for number, text in enumerate(pages, start=1) if title in text and number > 2)
            assert f"{title}{place}" in pages[1]


def test_the_outline_has_the_sections(report) -> None:
    def count(items: list) -> int:
        return sum(count(item) if isinstance(item, list) else 1 for item in items)

    reader = PdfReader(io.BytesIO(report[2].data))
    assert count(reader.outline) >= 15
    assert reader.trailer["/Root"]["/Lang"] == report[0]


def test_the_english_edition_counts_what_is_korean_only(year) -> None:
    korean = sum(
        1
        for _plan, entry in leaves(year[1])
        for section in entry["sections"]
        for field in (*section.get("fields", ()), *(f for row in section.get("rows", ()) for f in row["fields"]))
        if field["key"]
        in (
            "programme",
            "results",
            "self_rating_reason",
            "coordinator_reason",
            "shortcomings",
            "improvement_measures",
            "next_year_plan",
        )
        and field["value"]
        and field.get("translations", {}).get("en", {"stale": True})["stale"]
    )
    html = summary_html(content=year[1], language="en")
    assert re.findall(r"Texts that exist in Korean only: (\d+)\.", html) == [str(korean)]
    assert korean == 39


def test_the_same_content_has_the_same_bytes(year) -> None:
    first, second = (render(copy.deepcopy(year[1])) for _time in range(2))
    assert first.data == second.data


LONG = {"ko": "민주평화통일자문회의", "en": "Ministry of Gender Equality and Family"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_summary_of_ten_bodies_and_five_areas_is_one_page(year, language) -> None:
    content = copy.deepcopy(year[1])
    figures, codes = content["figures"], [f"BODY{number}" for number in range(10)]
    content["bodies"] += [
        {"code": code, "name": LONG, "short_name": LONG, "name_to_confirm": False} for code in codes[3:]
    ]
    figures["by_body"] += [{**figures["by_body"][0], "body": code} for code in codes[3:]]
    figures["by_area"] = (figures["by_area"] * 3)[:5]
    pages = [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(render(content, language).data)).pages]
    heading = squeezed(_translated("Ratings by area", language))
    (place,) = [number for number, text in enumerate(pages) if heading in text]
    assert pages[place].count(squeezed(LONG[language])) == 7
    assert squeezed(_translated("Status of the action plans", language)) in pages[place + 1]


HOSTILE = (
    '<script>alert(1)</script><img src="file:///etc/passwd"><img src=http://127.0.0.1:9/x.png>'
    "<link rel=stylesheet href=http://127.0.0.1:9/x.css><style>*{display:none}</style>{{ report.hash }}{% now 'Y' %}"
    "</p></section></body><!-- &lt;b&gt; ]]>"
)


def test_markup_in_what_bodies_write_is_text(year) -> None:
    html = summary_html(content=with_text(year[1], HOSTILE), language="ko")
    for tag in ("<script", "<img", "<style", "<link rel=stylesheet", "<!--"):
        assert tag not in html
    text = text_of(render(with_text(year[1], HOSTILE)).data)
    assert squeezed("<script>alert(1)</script>") in text
    assert squeezed("{{ report.hash }}") in text


@pytest.mark.parametrize(
    "text",
    [
        "가나다라마바사 " * 1250,
        "가" * 10_000,
        "W" * 10_000,
        "https://example.org/" + "a-long-address/" * 100,
        "\n".join(["- 한 줄"] * 2000),
        "글 😀 👩🏽\u200d🚒 שלום العربية \u202eabc ก็ \u0301 ｆｕｌｌ",
    ],
    ids=["long", "one-korean-word", "one-latin-word", "address", "lines", "odd"],
)
def test_no_text_breaks_the_layout(year, text) -> None:
    pdf = render(with_text(year[1], text))
    sizes = {tuple(map(float, page.mediabox[2:])) for page in PdfReader(io.BytesIO(pdf.data)).pages}
    assert len(sizes) == 1
    lines = [line for page in PdfReader(io.BytesIO(pdf.data)).pages for line in page.extract_text().splitlines()]
    assert max(map(len, lines)) < 140


def test_an_empty_round_has_a_report(year) -> None:
    content = copy.deepcopy(year[1])
    for area in content["areas"]:
        for objective in area["objectives"]:
            objective["strategies"] = []
    pdf = render({**content, "bodies": [], "lead": "", "mends": [], "figures": _no_figures(content["figures"])})
    assert pdf.pages > 5


def _no_figures(figures: Content) -> Content:
    return {
        **figures,
        "by_body": [],
        "budget": {**figures["budget"], "by_body": []},
    }


def test_every_rating_of_the_scale_is_in_use_here(year) -> None:
    found = {entry["rating"] for _plan, entry in leaves(year[1])}
    assert set(Rating.values) <= found
