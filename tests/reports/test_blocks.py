"""The tree of blocks: everything that is printed is in it, once, with the numbers of the content."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.utils.html import strip_tags

from reports.selectors.document import document
from reports.services.rendering import summary_html
from reports.writers.blocks import ASIDE, MARK, SOURCE, Heading, Paragraph, Report, Span, Table, number_in, plain
from reports.writers.reading import read_report
from tests.reports.data import BUDGET, EXECUTED, RESPONSIVE
from tests.reports.forms import report_of, squeezed, whole_content

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LANGUAGES = ("ko", "en")


@pytest.fixture(scope="module")
def content(rows_of_module: None) -> dict[str, Any]:
    """The content of a whole year."""
    return whole_content()


def _table(report: Report, kind: str) -> Table:
    return next(block for block in report.blocks if isinstance(block, Table) and block.kind == kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_printed_is_in_it(content, language) -> None:
    page = summary_html(content=content, language=language)
    # What is no text of the report's: what runs along, the contents, pictures in their own column, a bar with a legend.
    for unwanted in (r"<head>.*?</head>", r'<p class="running-.*?</p>', r'<section class="contents">.*?</section>'):
        page = re.sub(unwanted, "", page, flags=re.DOTALL)
    page = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    page = re.sub(r'<th scope="col" class="(bar|bullet)">.*?</th>|<p class="note of-picture">.*?</p>', "", page)
    said = report_of(content, language)
    footnotes = re.findall(r'<span class="footnote">(.*?)</span>', page, flags=re.DOTALL)
    page = re.sub(r'<span class="footnote">.*?</span>', "", page, flags=re.DOTALL)
    assert footnotes
    pictures = {
        id(block)
        for block in said.blocks
        if isinstance(block, Paragraph)
        and (block.kind == "picture" or (block.kind == "note" and plain(block.line) in map(unescape, footnotes)))
    }
    without = Report(**{**vars(said), "blocks": tuple(block for block in said.blocks if id(block) not in pictures)})
    printed = strip_tags(re.sub(r"</(p|td|th|h\d|li)>|<br>", " ", page))
    printed = unescape(printed).replace("\x0b", "").replace("\u200b", "").replace("😀", "▢")
    assert squeezed("".join(without.texts())) == squeezed(printed)
    assert len(pictures) > len(footnotes)


def test_its_figures_are_those_of_the_content(content) -> None:
    report = report_of(content, "ko")
    total = content["figures"]["all"]["completeness"]
    first = _table(report, "completeness").body[0]
    assert [cell.number for cell in first.cells[1:]] == [
        total[key] for key in ("total", "confirmed", "under_review", "no_report", "late")
    ]
    money = _table(report, "money").body[0]
    assert (money.cells[3].number, money.cells[4].number, money.cells[6].number) == (BUDGET, EXECUTED, RESPONSIVE)
    by_area = _table(report, "ratings")
    assert [[cell.number for cell in row.cells[1:]] for row in by_area.body] == [
        [row["total"], *(cell["count"] for cell in row["cells"])]
        for printed in [document(content, "ko", "0" * 64)["ratings"]]
        for row in (printed["all"], *printed["by_area"])
    ]


def test_it_says_what_stands_on_every_page(content) -> None:
    report = report_of(content, "en")
    assert (report.language, report.contents_title) == ("en", "Contents")
    assert report.issuer == "Lead Ministry"
    assert report.title == "National Action Plan 7, 2022: evaluation and improvement measures"
    assert [heading.level for heading in report.headings(1)] == [1] * len(list(report.headings(1)))
    assert all(heading.starts_page for heading in report.headings(1) if not plain(heading.line).startswith(("Ⅵ", "Ⅶ")))


def test_a_page_of_any_make_is_read() -> None:
    page = """<html lang="ko"><head><title>제목</title></head><body>놓인 글<div>
    <h3>머리 <span class="count">2</span></h3>
    <p>전체<a class="trace">12</a> <span class="mark">● 완료</span></p><figure><svg><title>그림의</title><desc>뜻</desc>
    <text>3</text></svg><figcaption>설명</figcaption></figure></div><table class="grid x"><thead><tr><td>가</td></tr>
    </thead><tbody><tr><td>△1,234.5</td></tr><tr><td>2022</td></tr><tr><td>007</td></tr></tbody></table></body></html>"""
    report = read_report(page)
    heading, line = report.blocks[1], report.blocks[2]
    assert isinstance(heading, Heading)
    assert isinstance(line, Paragraph)
    assert heading.line == (Span("머리 "), Span("2", ASIDE))
    assert line.line == (Span("전체"), Span("12", SOURCE), Span(" "), Span("● 완료", MARK))
    assert list(report.texts()) == [
        "놓인 글",
        "머리 2",
        "전체 12 ● 완료",
        "그림의 뜻",
        "설명",
        "가",
        "△1,234.5",
        "2022",
        "007",
    ]
    table = report.blocks[-1]
    assert isinstance(table, Table)
    assert [row.cells[0].number for row in table.body] == [Decimal("-1234.5"), None, None]


@pytest.mark.parametrize("text", ["", "–", "+5", "1.0", "1e3", "1234", "NaN", "５", "1,23", "-5", "12 %"])
def test_what_the_program_does_not_write_as_a_number_is_text(text) -> None:
    assert number_in(text) is None
