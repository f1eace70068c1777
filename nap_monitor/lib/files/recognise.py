"""What a file is, decided by its content alone."""

from collections.abc import Callable
from typing import BinaryIO

import puremagic
from django.utils.translation import gettext as _

from nap_monitor.lib.files import archives, documents, pictures
from nap_monitor.lib.files.kinds import PDF, TEXT, ZIP, Finding, Kind, Unaccepted
from nap_monitor.lib.files.names import extension_of, shown_name
from nap_monitor.lib.files.text import charset_of

HEAD_SIZE = 8192
PDF_HEADS = (b"%PDF-1.", b"%PDF-2.")
#: Where a PDF must say that it ends, in bytes from its end: programs add a little behind it.
PDF_END = 4096
#: How documents begin that a ministry's document protection has encrypted.
DRM_HEADS = (b"\x9b DRMONE", b"SCDSA", b"<DOCUMENT SAFER", b"<## NASCA DRM")
#: From where on a guess is worth telling: some kinds are guessed by two bytes.
SURE = 0.4
#: What texts in an archive may be called: they leave it with the names that they have.
TEXT_NAMES = ("", "txt", "csv", "tsv", "md", "log", "json")


def recognise(file: BinaryIO) -> Finding:
    """The kind of a file. Raises :class:`Unaccepted` with the reason for anything that is not accepted.

    The file must be seekable; it is left at its beginning.
    """
    try:
        return _recognise(file, _kind_of_archive)
    finally:
        file.seek(0)


def _recognise(file: BinaryIO, of_archive: Callable[[BinaryIO], Kind]) -> Finding:
    file.seek(0)
    head = file.read(HEAD_SIZE)
    if not head:
        raise Unaccepted(_("The file is empty."))
    if head.startswith(archives.EMPTY):
        raise Unaccepted(_("The archive is empty."))
    if head.startswith(archives.HEAD):
        return Finding(of_archive(file))
    if head.startswith(documents.COMPOUND_HEAD):
        return Finding(documents.kind_of_compound(file))
    if head.startswith(PDF_HEADS):
        return Finding(_checked_pdf(file))
    if pictures.looks_like(head):
        return Finding(pictures.kind_of_picture(file))
    if head.startswith(b"{\\rtf"):
        raise Unaccepted(_("RTF is not accepted. Save it as DOCX or PDF."))
    if head.startswith(documents.OLD_HWP_HEAD):
        raise Unaccepted(_("HWP of before 2000 is not accepted. Save it as HWPX or as today's HWP."))
    if charset := charset_of(file):
        return Finding(TEXT, charset)
    raise Unaccepted(_what_it_seems(head))


def _kind_of_archive(file: BinaryIO) -> Kind:
    """A document in a package, or an archive of accepted files."""
    with archives.opened(file) as archive:
        kind = documents.kind_of_package(archive)
        if kind:
            return kind
        members = [member for member in archive.infolist() if not member.is_dir()]
        if not members:
            raise Unaccepted(_("The archive is empty."))
        for member in members:
            with archives.unpacked(archive, member) as content:
                if not _is_left_by_a_desktop(member.filename, content):
                    _check_member(member.filename, content)
    return ZIP


def _check_member(name: str, content: BinaryIO) -> None:
    try:
        found = _recognise(content, _kind_of_inner_package)
        names = TEXT_NAMES if found.kind is TEXT else found.kind.extensions
        if extension_of(name.rpartition("/")[2]) not in names:
            raise Unaccepted(_("its name does not fit its content (%(kind)s).") % {"kind": found.kind.label})
    except Unaccepted as error:
        raise Unaccepted(_("“%(name)s” in it: %(why)s") % {"name": shown_name(name), "why": error}) from error


def _kind_of_inner_package(file: BinaryIO) -> Kind:
    with archives.opened(file) as archive:
        kind = documents.kind_of_package(archive)
    if kind is None:
        raise Unaccepted(_("An archive within an archive is not accepted. Unpack it first."))
    return kind


def _is_left_by_a_desktop(name: str, content: BinaryIO) -> bool:
    """What macOS puts beside the files it packs: it is no document, and nobody put it there."""
    head = content.read(8)
    resource = name.startswith("__MACOSX/") and head.startswith(b"\x00\x05\x16\x07")
    return resource or (name.rpartition("/")[2] == ".DS_Store" and head == b"\x00\x00\x00\x01Bud1")


def _checked_pdf(file: BinaryIO) -> Kind:
    size = file.seek(0, 2)
    file.seek(max(0, size - PDF_END))
    if b"%%EOF" not in file.read():
        raise documents.damaged()
    return PDF


def _what_it_seems(head: bytes) -> str:
    """That it is not accepted; with what it seems to be, where that can be told, so that the person finds it."""
    if head.startswith(DRM_HEADS):
        return str(documents.protected())
    if PDF_HEADS[0] in head[:1024]:
        return str(documents.damaged())
    try:
        guessed = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        guessed = []
    endings = [each.extension.lstrip(".").upper() for each in guessed if each.extension and each.confidence >= SURE]
    if endings:
        return _("This kind of file is not accepted: by its content it seems to be %(kind)s.") % {"kind": endings[0]}
    return _("This kind of file is not accepted: its content is of no kind that is known here.")
