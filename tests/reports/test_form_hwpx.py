"""The report as HWPX: valid, read back with every text and table, the same bytes for the same report."""

from io import BytesIO
from typing import Any

import pytest
from hwpx import HwpxDocument
from hwpx.tools.package_validator import validate_package
from hwpx.tools.validator import validate_document

from reports.writers.blocks import Heading, Table, plain
from reports.writers.hwpx import write_hwpx
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
    return report, write_hwpx(report, made_at=MADE_AT)


def test_the_library_finds_no_fault_with_it(made) -> None:
    _report, data = made
    assert not [issue for issue in validate_package(data).issues if issue.level == "error"]
    checked = validate_document(BytesIO(data))
    assert (checked.ok, checked.issues) == (True, ())


def test_every_text_and_table_is_read_back(made) -> None:
    report, data = made
    with HwpxDocument.open(data) as document:
        contents = [plain(heading.line) for heading in report.headings(2)]
        paragraphs = [each for each in document.paragraphs if each.tables or each.text]
        title = next(place for place, each in enumerate(paragraphs) if each.text == report.contents_title)
        listed = paragraphs[title + 1 : title + 1 + len(contents)]
        assert [squeezed(each.text) for each in listed] == [squeezed(text) for text in contents]
        del paragraphs[title : title + 1 + len(contents)]
        assert len(paragraphs) == len(report.blocks)
        for block, paragraph in zip(report.blocks, paragraphs, strict=True):
            if isinstance(block, Table):
                (table,) = paragraph.tables
                read = [[squeezed(cell.text) for cell in row.cells] for row in table.rows]
                rows = (*block.head, *block.body)
                assert read == [[squeezed(cell.text) for cell in row.cells] for row in rows]
                assert table.element.get("repeatHeader") == str(int(bool(block.head)))
            else:
                assert squeezed(paragraph.text).removeprefix("•") == squeezed(plain(block.line))


def test_headings_and_text_have_named_styles_and_text_is_never_collected_into_the_contents(made) -> None:
    report, data = made
    with HwpxDocument.open(data) as document:
        names = [(document.styles[str(each.style_id_ref)].name, squeezed(each.text)) for each in document.paragraphs]
    outline = [(name, text) for name, text in names if name.startswith("개요")]
    headings = [block for block in report.blocks if isinstance(block, Heading) and block.level]
    assert outline == [(f"개요 {heading.level}", squeezed(plain(heading.line))) for heading in headings]
    # The program's own style of plain text would be taken for entries when it makes the contents anew.
    assert not [text for name, text in names if name == "바탕글"]


def test_it_says_whose_it_is_and_is_the_same_each_time(made) -> None:
    report, data = made
    assert data == write_hwpx(report, made_at=MADE_AT)
    with HwpxDocument.open(data) as document:
        said = document.parts.metadata
        assert (said.title, said.creator, said.language) == (report.title, report.issuer, report.language)
        assert (said.created_date, said.modified_date) == ("2023-03-01T09:30:00Z",) * 2
        section = document.sections[0].element
        running = {name: "".join(section.find(f".//{{*}}{name}").itertext()) for name in ("header", "footer")}
    assert report.running_title in running["header"]
    assert report.hash in running["footer"]
