"""Holding issued editions against what was issued: hashes of content and files, and the documents rendered again."""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from nap_monitor.lib.canonical import sha256
from reports.models import Edition, EditionFile, RenderJob
from reports.renderer import renderer
from reports.services.rendering import render_snapshot
from reports.writers.lines import LINES, lines_of


@dataclass(frozen=True)
class Finding:
    """What was held against what, and what is wrong with it; nothing where it is right."""

    edition: Edition
    what: str
    fault: str = ""


def verify(edition: Edition, *, render: bool = True) -> Iterator[Finding]:
    """Everything that can be held against ``edition``, one finding each. Changes nothing.

    ``render``: its documents are rendered again. Where the renderer is the one that made the file, the bytes have to
    be the same, else the text of every page, figures included.
    """
    fault = _of_content(edition)
    yield Finding(edition, _("content"), fault)
    for file in edition.files.order_by("form", "language"):
        data = _read(file)
        wrong = _of_file(edition, file, data)
        yield Finding(edition, _called(file), wrong)
        if render and not fault and not wrong and data and file.form != RenderJob.Form.JSON:
            yield Finding(edition, _("%(file)s, rendered again") % {"file": _called(file)}, _of_rendering(file, data))


def _called(file: EditionFile) -> str:
    return f"{file.get_form_display()} {file.language}".strip()


def _of_content(edition: Edition) -> str:
    """Whether the snapshot is what its hash says, and says of itself what the edition's row says."""
    try:
        said = edition.snapshot.read()["edition"]
    except ValueError:
        return _("The content does not fit its hash.")
    row = {
        "number": edition.number,
        "issued_on": edition.issued_on.isoformat(),
        "issuer": dict(edition.issuer),
        "agenda_number": edition.agenda_number,
        "errata": dict(edition.errata),
    }
    differs = [name for name, value in row.items() if said[name] != value]
    return _("The edition's row says otherwise: %(names)s.") % {"names": ", ".join(differs)} if differs else ""


def _read(file: EditionFile) -> bytes | None:
    storage = storages["private"]
    if not storage.exists(file.name):
        return None
    with storage.open(file.name) as stored:
        return bytes(stored.read())


def _of_file(edition: Edition, file: EditionFile, data: bytes | None) -> str:
    if data is None:
        return _("The file is missing.")
    if sha256(data) != file.sha256:
        return _("The file does not fit its hash.")
    if file.form == RenderJob.Form.JSON and file.sha256 != edition.snapshot.sha256:
        return _("The data are not those of the snapshot.")
    return ""


def _of_rendering(file: EditionFile, data: bytes) -> str:
    again = render_snapshot(kept=file.edition.snapshot, language=file.language, form=file.form).data
    if file.renderer == renderer(file.form):
        return "" if again == data else _("The same renderer makes other bytes of it.")
    if file.form in LINES:
        return _of_lines(lines_of(data, file.form), lines_of(again, file.form))
    before, after = pages_of(data), pages_of(again)
    if " ".join(before).split() == " ".join(after).split():
        return ""
    page = next((n for n, pair in enumerate(zip(before, after, strict=False), 1) if pair[0] != pair[1]), len(before))
    return _("Another renderer makes another text of it, first on page %(page)s.") % {"page": page}


def _of_lines(before: list[str], after: list[str]) -> str:
    if before == after:
        return ""
    line = next((n for n, pair in enumerate(zip(before, after, strict=False), 1) if pair[0] != pair[1]), len(before))
    return _("Another renderer makes another text of it, first in line %(line)s.") % {"line": line}


def pages_of(data: bytes) -> list[str]:
    """The text of each page of a PDF, its words set apart by single spaces."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()
