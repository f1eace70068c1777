"""The kinds of files that are accepted, and the error that says why one is not."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unaccepted(ValueError):  # noqa: N818 - what it is called in the sentence
    """A file that is not accepted; the message says why, in one or two sentences for the person who sent it."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name for readers, the type it is served with, the endings that its name may have."""

    code: str
    label: str | Promise
    content_type: str
    extensions: tuple[str, ...]


PDF = Kind("pdf", _("PDF document"), "application/pdf", ("pdf",))
HWP = Kind("hwp", _("HWP document"), "application/vnd.hancom.hwp", ("hwp",))
HWPX = Kind("hwpx", _("HWPX document"), "application/vnd.hancom.hwpx", ("hwpx",))
DOCX = Kind(
    "docx",
    _("Word document"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ("docx",),
)
XLSX = Kind("xlsx", _("Excel workbook"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
PPTX = Kind(
    "pptx",
    _("PowerPoint presentation"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ("pptx",),
)
PNG = Kind("png", _("PNG picture"), "image/png", ("png",))
JPEG = Kind("jpeg", _("JPEG picture"), "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
GIF = Kind("gif", _("GIF picture"), "image/gif", ("gif",))
WEBP = Kind("webp", _("WebP picture"), "image/webp", ("webp",))
TIFF = Kind("tiff", _("TIFF picture"), "image/tiff", ("tif", "tiff"))
TEXT = Kind("text", _("Text file"), "text/plain", ("txt",))
CSV = Kind("csv", _("CSV table"), "text/csv", ("csv",))
ZIP = Kind("zip", _("ZIP archive"), "application/zip", ("zip",))

KINDS = {kind.code: kind for kind in (PDF, HWP, HWPX, DOCX, XLSX, PPTX, PNG, JPEG, GIF, WEBP, TIFF, TEXT, CSV, ZIP)}


@dataclass(frozen=True)
class Finding:
    """What a file is by its content; ``charset`` for text."""

    kind: Kind
    charset: str = ""
