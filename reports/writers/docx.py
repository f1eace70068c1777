"""The report as DOCX: headings, styles, a field of the contents, tables that can be edited. The same report of the
same moment gives the same bytes."""

import datetime as dt
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from nap_monitor.lib.packages import repacked, utc
from reports.writers.blocks import Heading, Report, Span
from reports.writers.docx_body import Body, contents, field, run
from reports.writers.docx_styles import CONTENTS, RUNNING, add_styles

#: Down to which level headings stand in the contents.
LEVELS = 2


def write_docx(report: Report, *, made_at: dt.datetime) -> bytes:
    """The file."""
    document = Document()
    add_styles(document, report.language)
    _page(document.sections[0])
    body = Body(document)
    end = document.element.body.sectPr
    for element in _elements(body, report):
        end.addprevious(element)
    _running(document.sections[0], body, report)
    _properties(document, report, made_at)
    saved = BytesIO()
    document.save(saved)
    return repacked(saved.getvalue(), at=made_at)


def _elements(body: Body, report: Report) -> list[Any]:
    names = {id(heading): f"_Toc{number:08}" for number, heading in enumerate(report.headings(LEVELS), start=1)}
    entries = [(heading, names[id(heading)]) for heading in report.headings(LEVELS)]
    listed = [body.paragraph(CONTENTS, (Span(report.contents_title),), breaks=True), *contents(body, entries, LEVELS)]
    found: list[Any] = []
    for number, block in enumerate(report.blocks):
        if number == report.cover:
            found += listed
        made = body.block(block)
        if isinstance(block, Heading) and id(block) in names:
            body.bookmarked(made[0], names[id(block)])
        found += made
    return found


def _page(section: Any) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.header_distance, section.footer_distance = Mm(12), Mm(11)
    section.different_first_page_header_footer = True


def _running(section: Any, body: Body, report: Report) -> None:
    """What stands on every page but the cover."""
    above = body.paragraph(RUNNING, (Span(" · ".join(filter(None, [report.running_title, report.mark]))),))
    below = body.paragraph(RUNNING, (Span(f"{report.running_issuer} · {report.hash} · "),))
    for part in (*field("PAGE", "1"), run(Span(" / ")), *field("NUMPAGES", "1")):
        below.append(part)
    for holder, paragraph in ((section.header, above), (section.footer, below)):
        holder.is_linked_to_previous = False
        element = holder._element
        for old in element.findall(qn("w:p")):
            element.remove(old)
        element.append(paragraph)


def _properties(document: Any, report: Report, made_at: dt.datetime) -> None:
    said = document.core_properties
    said.title, said.author, said.subject = report.title, report.issuer, report.running_title
    said.keywords, said.language, said.comments = report.mark, report.language, ""
    said.last_modified_by, said.revision, said.category = report.issuer, 1, ""
    said.created = said.modified = utc(made_at)
