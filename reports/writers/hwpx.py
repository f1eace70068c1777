"""The report as HWPX, the form in which ministries work on it: the named styles, headings and tables of a document of
theirs. The same report, made at the same moment, gives the same bytes."""

import datetime as dt
from typing import Any

from hwpx import HwpxDocument

from nap_monitor.lib.packages import repacked, utc
from reports.writers.blocks import Report
from reports.writers.hwpx_body import HP, Body
from reports.writers.hwpx_styles import Styles

MARGINS = {"left": 20, "right": 20, "top": 15, "bottom": 12}
RUNNING_MARGIN = 10


def write_hwpx(report: Report, *, made_at: dt.datetime) -> bytes:
    """The file. Raises what the library raises where the document would not open."""
    document = HwpxDocument.new()
    try:
        return _written(document, report, made_at)
    finally:
        document.close()


def _written(document: HwpxDocument, report: Report, made_at: dt.datetime) -> bytes:
    document.page.setup(
        paper_size="A4", margins_mm=MARGINS, header_margin_mm=RUNNING_MARGIN, footer_margin_mm=RUNNING_MARGIN
    )
    body = Body(Styles(document))
    section = document.sections[0]
    first = section.element.find(f"{HP}p")
    setup = first.find(f"{HP}run")
    _running(document, body, report, setup)
    elements = body.elements(report)
    # What sets the pages up has to stand in the first paragraph: it moves from the empty one of a new document.
    elements[0].insert(0, setup)
    section.element.remove(first)
    section.element.extend(elements)
    section.mark_dirty()
    _properties(document, report, made_at)
    return repacked(document.to_bytes(), at=made_at, stored="mimetype")


def _running(document: HwpxDocument, body: Body, report: Report, setup: Any) -> None:
    """What stands on every page but the cover: in the run that sets the pages up."""
    setup.append(body.running("header", [report.running_title, report.mark]))
    setup.append(body.running("footer", [report.running_issuer, report.hash], is_numbered=True))
    document.page.set_visibility(hide_first_header=True, hide_first_footer=True)


def _properties(document: HwpxDocument, report: Report, made_at: dt.datetime) -> None:
    moment = f"{utc(made_at):%FT%TZ}"
    document.parts.clear_document_metadata(keep=(), timestamp=moment)
    document.parts.clear_preview()
    document.parts.set_document_metadata(
        title=report.title, creator=report.issuer, subject=report.running_title, keyword=report.mark
    )
    manifest = document.package.manifest_tree()
    for language in manifest.iter("{*}language"):
        language.text = report.language
    document.package.set_xml(document.package.main_content.full_path, manifest)
