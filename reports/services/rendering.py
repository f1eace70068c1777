"""A report's content as a PDF. Everything printed comes from the content; the same content gives the same bytes."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from nap_monitor.lib.pdf import Pdf, render_pdf
from reports.selectors.document import document
from reports.selectors.summary import snapshot


def render_summary(*, content: dict[str, Any], language: str, progress: Callable[[int], None] | None = None) -> Pdf:
    """The report of ``content`` in ``language``. ``progress`` is told now and then how far it is, in per cent.

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
