"""Looking into the documents of office programs: HWP in its compound file, HWPX and OOXML in their ZIP packages."""

import struct
import zipfile
from typing import BinaryIO
from xml.parsers import expat

import olefile
from django.utils.translation import gettext as _

from nap_monitor.lib.files import archives
from nap_monitor.lib.files.kinds import DOCX, HWP, HWPX, PPTX, XLSX, Kind, Unaccepted

COMPOUND_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HWP_HEAD = b"HWP Document File"
OLD_HWP_HEAD = b"HWP Document File V"
# Of the properties in HWP's file header: password, DRM, and encryption or DRM by certificate.
_HWP_LOCKED = 1 << 1 | 1 << 4 | 1 << 8 | 1 << 10
_OLD_OFFICE = ("WordDocument", "Workbook", "Book", "PowerPoint Document")
_PROTECTED_OFFICE = ("EncryptedPackage", "EncryptionInfo", "DRMContent", "\x09DRMContent")

CONTENT_TYPES = "[Content_Types].xml"
LONGEST_XML = archives.MEGABYTE
#: The type of a package's main part, as [Content_Types].xml names it.
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": PPTX,
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml": PPTX,
}
HWPX_TYPE = b"application/hwp+zip"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
HWPX_PARTS = ("version.xml", "Contents/content.hpf")


def damaged() -> Unaccepted:
    """What is said of a document that cannot be read through."""
    return Unaccepted(_("The document is damaged. Save it anew and send it again."))


def protected() -> Unaccepted:
    """What is said of a document that opens with a password or a right only."""
    return Unaccepted(_("The document is protected by a password or by DRM. Take the protection off first."))


def kind_of_compound(file: BinaryIO) -> Kind:
    """HWP; every other compound file is refused with what to do instead."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as compound:
            if compound.exists("FileHeader"):
                return _check_hwp(compound)
            if any(compound.exists(name) for name in _PROTECTED_OFFICE):
                raise protected()
            if any(compound.exists(name) for name in _OLD_OFFICE):
                raise Unaccepted(
                    _("DOC, XLS and PPT of old office programs are not accepted. Save it as DOCX, XLSX, PPTX or PDF.")
                )
    except Unaccepted:
        raise
    except Exception as error:
        # The library meets damage with errors of many kinds; whichever it is, the document can't be read.
        raise damaged() from error
    raise Unaccepted(_("This kind of file is not accepted."))


def _check_hwp(compound: "olefile.OleFileIO") -> Kind:
    header = compound.openstream("FileHeader").read(256)
    if not header.startswith(HWP_HEAD) or len(header) < 40:
        raise Unaccepted(_("This kind of file is not accepted."))
    if struct.unpack_from("<L", header, 36)[0] & _HWP_LOCKED:
        raise protected()
    if not compound.exists("DocInfo") or not any(
        compound.exists(name) for name in ("BodyText/Section0", "ViewText/Section0")
    ):
        raise damaged()
    return HWP


def kind_of_package(archive: zipfile.ZipFile) -> Kind | None:
    """HWPX, DOCX, XLSX or PPTX; nothing for a ZIP that is none of them. Macros are refused."""
    names = set(archive.namelist())
    if CONTENT_TYPES in names:
        return _kind_of_ooxml(archive, names)
    if "mimetype" in names:
        kind = archives.content_of(archive, "mimetype", LONGEST_XML).strip()
        if kind.startswith(OPEN_DOCUMENT):
            raise Unaccepted(_("OpenDocument is not accepted. Save it as DOCX, XLSX, PPTX or PDF."))
        if kind != HWPX_TYPE:
            raise Unaccepted(_("This kind of file is not accepted."))
        if not names.issuperset(HWPX_PARTS):
            raise damaged()
        return HWPX
    return None


def _kind_of_ooxml(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    types = _content_types(archives.content_of(archive, CONTENT_TYPES, LONGEST_XML))
    has_macros = any("macro" in kind.lower() or "vba" in kind.lower() for kind in types.values())
    if has_macros or any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Unaccepted(_("It holds macros. Save it without macros and send it again."))
    kinds = {MAIN_PARTS[kind] for part, kind in types.items() if kind in MAIN_PARTS and part.lstrip("/") in names}
    if len(kinds) != 1:
        raise Unaccepted(_("This kind of file is not accepted."))
    return kinds.pop()


def _content_types(xml: bytes) -> dict[str, str]:
    """The type of each part. A document type in it is refused: it could let a small text grow huge."""
    found: dict[str, str] = {}

    def element(name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if name.rpartition(":")[2] == "Override":
            found[attributes.get("PartName", "")] = kind
        elif name.rpartition(":")[2] == "Default":
            found[f"*.{attributes.get('Extension', '')}"] = kind

    def document_type(*_arguments: object) -> None:
        raise damaged()

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise damaged() from error
    return found
