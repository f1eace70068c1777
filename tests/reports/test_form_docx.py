"""The report as DOCX: opened in LibreOffice, every text and table read back, the same bytes for the same report."""

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from nap_monitor.bootstrap import office
from reports.writers.blocks import Heading, Table, plain
from reports.writers.docx import write_docx
from tests.office import converted
from tests.reports.forms import MADE_AT, report_of, squeezed, whole_content

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def content(rows_of_module: None) -> dict[str, Any]:
    """The content of a whole year."""
    return whole_content()


@pytest.fixture(scope="module", params=["ko", "en"])
def made(request: Any, content: dict[str, Any]) -> Any:
    """The tree of a whole year's report in a language, and the file that was written from it."""
    report = report_of(content, request.param)
    return report, write_docx(report, made_at=MADE_AT)


def _of_the_report(document: Any) -> list[Any]:
    """The blocks of the document, without the contents and the small paragraph after each table."""
    found = []
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            found.append(WordTable(element, document))
        elif element.tag == qn("w:p"):
            paragraph = WordParagraph(element, document)
            if paragraph.text and not paragraph.style.name.lower().startswith("toc"):
                found.append(paragraph)
    return found


def test_every_text_and_table_is_read_back(made) -> None:
    report, data = made
    document = Document(BytesIO(data))
    blocks = _of_the_report(document)
    assert len(blocks) == len(report.blocks)
    for block, read in zip(report.blocks, blocks, strict=True):
        if isinstance(block, Table):
            rows = (*block.head, *block.body)
            texts = [[squeezed(cell.text) for cell in row.cells] for row in rows]
            # A cell over several columns is given once for each of them.
            assert [list(dict.fromkeys(row)) for row in texts] == [
                list(dict.fromkeys(squeezed(cell.text) for cell in row.cells)) for row in read.rows
            ]
            heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in read.rows]
            assert heads == [True] * len(block.head) + [False] * len(block.body)
        else:
            assert squeezed(read.text) == squeezed(plain(block.line))
            if isinstance(block, Heading):
                assert read.style.name == (f"Heading {block.level}" if block.level else "Title")


def test_libreoffice_opens_it_and_finds_the_same_text(made) -> None:
    report, data = made
    (text,) = converted(data, "txt:Text (encoded):UTF8", name="report.docx", part=office.WRITER).values()
    said = squeezed(text.decode("utf-8-sig")).replace("•", "")
    assert all(squeezed(line) in said for line in report.texts())
    assert [squeezed(plain(heading.line)) in said for heading in report.headings(2)]


def test_it_says_whose_it_is_and_is_the_same_each_time(made) -> None:
    report, data = made
    assert data == write_docx(report, made_at=MADE_AT)
    document = Document(BytesIO(data))
    said = document.core_properties
    assert (said.title, said.author, said.language) == (report.title, report.issuer, report.language)
    assert said.created == said.modified == MADE_AT.replace(tzinfo=None) or said.created == said.modified == MADE_AT
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert report.running_title in section.header.paragraphs[0].text
    fields = "".join(text.text for text in section.footer._element.iter(qn("w:instrText")))
    assert fields.split() == ["PAGE", "NUMPAGES"]
    (contents,) = [text.text for text in document.element.body.iter(qn("w:instrText"))]
    assert contents.split()[:2] == ["TOC", "\\o"]
