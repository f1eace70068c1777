"""Real files of each kind for tests, made on the spot; and the ones that somebody should not be able to send."""

import io
import struct
import zipfile
from collections.abc import Mapping

from openpyxl import Workbook
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
SECTOR = 512


def pdf(text: str = "1") -> bytes:
    """A small PDF; ``text`` makes it another one."""
    return f"%PDF-1.7\n% {text}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def ooxml(part: str, kind: str, **more: bytes) -> bytes:
    """A package of Office with one main part; ``more`` are further members, ``__`` in their names is a slash."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    )
    others = {name.replace("__", "/").replace("_bin", ".bin"): data for name, data in more.items()}
    return zipped({"[Content_Types].xml": types.encode(), part: b"<document/>", **others})


def docx(**more: bytes) -> bytes:
    """A text document of Word."""
    return ooxml("word/document.xml", WORD, **more)


def pptx() -> bytes:
    """A presentation."""
    return ooxml("ppt/presentation.xml", SLIDES)


def xlsx() -> bytes:
    """A workbook with one cell."""
    made, workbook = io.BytesIO(), Workbook()
    workbook.active["A1"] = "집행액"
    workbook.save(made)
    return made.getvalue()


def hwpx() -> bytes:
    """A document of Hancom in its open format."""
    parts = {"mimetype": b"application/hwp+zip", "version.xml": b"<v/>", "Contents/content.hpf": b"<p/>"}
    return zipped({**parts, "Contents/section0.xml": b"<s/>"})


def picture(form: str) -> bytes:
    """A picture of a few points."""
    made = io.BytesIO()
    Image.new("RGB", (3, 2), "teal").save(made, form)
    return made.getvalue()


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE) with these streams in its root or, as ``Storage/stream``, in one storage below it."""
    entries: list[list[object]] = [["Root Entry", 5, -1, -1, -1, -2, 0]]
    body, fat = b"", []

    def add(name: str, kind: int, start: int, size: int) -> int:
        entries.append([name, kind, -1, -1, -1, start, size])
        return len(entries) - 1

    children: dict[int, list[int]] = {0: []}
    storages: dict[str, int] = {}
    for path, data in streams.items():
        storage, _slash, name = path.rpartition("/")
        if storage and storage not in storages:
            storages[storage] = add(storage, 1, 0, 0)
            children[0].append(storages[storage])
            children[storages[storage]] = []
        # Small streams would lie in a file system of their own, so all are made large.
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // SECTOR)
        start = len(fat)
        fat += [*range(start + 1, start + count), -2]
        body += data.ljust(count * SECTOR, b"\0")
        children[storages[storage] if storage else 0].append(add(name, 2, start, len(data)))
    for parent, found in children.items():
        # A tree that leans to the right is a tree too; the entries must be in the order of the format.
        found.sort(key=lambda number: (len(str(entries[number][0])), str(entries[number][0]).upper()))
        for one, after in zip(found, [*found[1:], -1], strict=True):
            entries[one][3] = after
        entries[parent][4] = found[0] if found else -1
    directory = b"".join(_entry(*entry) for entry in entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    first_of_directory = len(fat)
    count = len(directory) // SECTOR
    fat += [*range(first_of_directory + 1, first_of_directory + count), -2]
    fat_sector = len(fat)
    fat.append(-3)
    table = struct.pack(f"<{len(fat)}l", *fat).ljust(SECTOR, b"\xff")
    assert len(table) == SECTOR, "One sector of table is enough for a test."
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6xLLLLLlLlL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, first_of_directory, 0, 4096, -2, 0, -2, 0)
    head += struct.pack("<109l", fat_sector, *[-1] * 108)
    return head + body + directory + table


def _entry(
    name: object, kind: object, left: object, right: object, child: object, start: object, size: object
) -> bytes:
    text = (str(name) + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBlll", len(text), kind, 1, left, right, child)
        + b"\0" * 36
        + struct.pack("<lQ", start, size)
    )


def hwp(properties: int = 1) -> bytes:
    """A document of Hancom; ``properties`` are the bits of its file header (2: with a password)."""
    header = b"HWP Document File".ljust(32, b"\0") + bytes([0, 1, 1, 5]) + struct.pack("<L", properties)
    return compound({"FileHeader": header.ljust(256, b"\0"), "DocInfo": b"x", "BodyText/Section0": b"x"})


def old_word() -> bytes:
    """A document of Word as before 2007."""
    return compound({"WordDocument": b"\xec\xa5", "1Table": b"x"})


GOOD = {
    "pdf": pdf,
    "hwp": hwp,
    "hwpx": hwpx,
    "docx": docx,
    "xlsx": xlsx,
    "pptx": pptx,
    "png": lambda: picture("PNG"),
    "jpg": lambda: picture("JPEG"),
    "gif": lambda: picture("GIF"),
    "webp": lambda: picture("WEBP"),
    "tif": lambda: picture("TIFF"),
    "txt": lambda: "회의결과\n".encode(),
    "zip": lambda: zipped({"회의/결과.pdf": pdf(), "사진.jpg": picture("JPEG")}),
}
