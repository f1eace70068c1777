"""A snapshot's content as a PDF. Everything printed comes from the content; the same content gives the same bytes.

An attachment to an approval also says when its snapshot was taken, which stands beside the content.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from nap_monitor.lib.pdf import Pdf, Progress, render_pdf
from reports.models import RenderJob, Snapshot
from reports.selectors.approval_document import approval_document
from reports.selectors.document import document
from reports.selectors.short_document import short_document
from reports.selectors.summary import snapshot
from reports.writers.docx import write_docx
from reports.writers.hwpx import write_hwpx
from reports.writers.reading import read_report

#: What writes the forms that people go on working with.
WRITERS: dict[str, Callable[..., bytes]] = {RenderJob.Form.HWPX: write_hwpx, RenderJob.Form.DOCX: write_docx}


def render_summary(
    *, content: dict[str, Any], language: str, progress: Callable[[Progress], None] | None = None
) -> Pdf:
    """The report of ``content`` in ``language``. ``progress`` is told now and then how far it is.

    Raises ``PdfError`` where the renderer fails; what ``progress`` raises passes through.
    """
    _data, sha256 = snapshot(content)
    html = summary_html(content=content, language=language)
    return render_pdf(html, identifier=f"{sha256}-{language}", progress=progress)


def summary_html(*, content: dict[str, Any], language: str) -> str:
    """What the PDF is made from: one HTML document whose only links lead to its own places and to static files."""
    _data, sha256 = snapshot(content)
    with override(language):
        return render_to_string("pdf/summary.html", {"report": document(content, language, sha256)})


def render_short(*, content: dict[str, Any], language: str, progress: Callable[[Progress], None] | None = None) -> Pdf:
    """The summary of the report of ``content``: some ten pages. Raises as :func:`render_summary` does."""
    _data, sha256 = snapshot(content)
    html = short_html(content=content, language=language)
    return render_pdf(html, identifier=f"{sha256}-{language}-summary", progress=progress)


def short_html(*, content: dict[str, Any], language: str) -> str:
    """What that PDF is made from."""
    _data, sha256 = snapshot(content)
    with override(language):
        return render_to_string("pdf/short.html", {"report": short_document(content, language, sha256)})


def render_approval(
    *, content: dict[str, Any], language: str, made_at: dt.datetime, progress: Callable[[Progress], None] | None = None
) -> Pdf:
    """What a body attaches to its approval. Raises as :func:`render_summary` does."""
    _data, sha256 = snapshot(content)
    html = approval_html(content=content, language=language, made_at=made_at)
    return render_pdf(html, identifier=f"{sha256}-{language}", progress=progress)


def approval_html(*, content: dict[str, Any], language: str, made_at: dt.datetime) -> str:
    """What that PDF is made from."""
    _data, sha256 = snapshot(content)
    with override(language):
        printed = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
        paper = approval_document(content, language, sha256=sha256, made_at=printed)
        return render_to_string("pdf/approval.html", {"paper": paper})


def render_snapshot(
    *,
    kept: Snapshot,
    language: str,
    form: str = RenderJob.Form.PDF,
    progress: Callable[[Progress], None] | None = None,
) -> Pdf:
    """The document of a snapshot, by its kind and, of a report, in this form.

    A form that people go on working with has no pages before it is opened.
    """
    content = kept.read()
    if form in WRITERS:
        report = read_report(summary_html(content=content, language=language))
        return Pdf(WRITERS[form](report, made_at=kept.taken_at), pages=0)
    if kept.kind == Snapshot.Kind.APPROVAL:
        return render_approval(content=content, language=language, made_at=kept.taken_at, progress=progress)
    render = render_short if form == RenderJob.Form.SUMMARY else render_summary
    return render(content=content, language=language, progress=progress)
