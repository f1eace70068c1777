"""What a file is, its content decides: each accepted kind, each refusal with its sentence, and no trap springs."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nap_monitor.lib.files import archives
from nap_monitor.lib.files.kinds import Unaccepted
from nap_monitor.lib.files.recognise import recognise
from tests import files

pytestmark = pytest.mark.usefixtures("english")

KINDS = {**{name: name for name in files.GOOD}, "jpg": "jpeg", "tif": "tiff", "txt": "text"}
CONTENTS = {name: make() for name, make in files.GOOD.items()}
LOCKED = "The document is protected by a password or by DRM. Take the protection off first."
EXE = "This kind of file is not accepted: by its content it seems to be EXE."
MACROS = "It holds macros. Save it without macros and send it again."
NESTED = "An archive within an archive is not accepted. Unpack it first."
UNKNOWN = "This kind of file is not accepted: its content is of no kind that is known here."


def kind_of(data: bytes) -> str:
    return recognise(io.BytesIO(data)).kind.code


def refusal(data: bytes) -> str:
    with pytest.raises(Unaccepted) as caught:
        recognise(io.BytesIO(data))
    return str(caught.value)


@pytest.mark.parametrize("name", files.GOOD)
def test_each_accepted_kind_is_known_by_its_content(name: str) -> None:
    assert kind_of(files.GOOD[name]()) == KINDS[name]


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("수강 인원 1,204명\n".encode(), "utf-8"),
        ("\ufeff기관,집행액\r\n국방부,1.5\r\n".encode(), "utf-8"),
        ("기관,집행액\r\n국방부,1.5\r\n".encode("cp949"), "euc-kr"),
        ("똠방각하 펲시콜라".encode("cp949"), "euc-kr"),
        (b"<html><script>alert(1)</script></html>", "utf-8"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "utf-8"),
    ],
)
def test_text_is_text_in_the_encodings_of_korean_offices_and_never_a_page(data: bytes, charset: str) -> None:
    found = recognise(io.BytesIO(data))
    assert (found.kind.content_type, found.charset) == ("text/plain", charset)


def test_a_character_that_is_cut_by_the_reading_is_still_text() -> None:
    assert kind_of(b"a" + "가".encode() * 200_000) == "text"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"MZ\x90\x00" + b"\0" * 200, EXE),
        (b"Rar!\x1a\x07\x00" + b"\0" * 9, "This kind of file is not accepted: by its content it seems to be RAR."),
        (bytes(range(256)), UNKNOWN),
        (b"abc\0def", UNKNOWN),
        (b"text with a \x1b[2J control", UNKNOWN),
        ("quotation “marks” of 1252".encode("cp1252"), UNKNOWN),
        (b"{\\rtf1\\ansi Text}", "RTF is not accepted. Save it as DOCX or PDF."),
        (
            files.old_word(),
            "DOC, XLS and PPT of old office programs are not accepted. Save it as DOCX, XLSX, PPTX or PDF.",
        ),
        (files.compound({"Other": b"x"}), "This kind of file is not accepted."),
        (files.compound({"FileHeader": b"Another Document File"}), "This kind of file is not accepted."),
        (files.compound({"EncryptedPackage": b"x"}), LOCKED),
        (files.hwp(properties=1 | 2), LOCKED),
        (files.hwp(properties=1 | 16), LOCKED),
        (b"SCDSA002" + bytes(range(64)), LOCKED),
        (files.hwp()[:2000], "The document is damaged. Save it anew and send it again."),
        (
            b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05" + b"\0" * 200,
            "HWP of before 2000 is not accepted. Save it as HWPX or as today's HWP.",
        ),
        (files.pdf()[:-10], "The document is damaged. Save it anew and send it again."),
        (b"\xef\xbb\xbf" + files.pdf() + b"\xff\0", "The document is damaged. Save it anew and send it again."),
        (files.picture("PNG")[:20], "The picture is damaged."),
        (b"\xff\xd8\xff" + b"\0" * 50, "The picture is damaged."),
    ],
)
def test_what_is_not_accepted_is_told_in_a_sentence(data: bytes, sentence: str) -> None:
    assert refusal(data) == sentence


@pytest.mark.parametrize(
    "data",
    [
        files.docx(word__vbaProject_bin=b"x"),
        files.ooxml("word/document.xml", files.MACRO_WORD),
        files.docx(word__VBAPROJECT_bin=b"x"),
    ],
)
def test_macros_are_refused_under_any_name(data: bytes) -> None:
    assert refusal(data) == MACROS


def test_a_package_is_what_its_main_part_is_and_that_part_must_be_there() -> None:
    types = files.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})
    assert refusal(types) == "This kind of file is not accepted."
    without = files.docx()
    with zipfile.ZipFile(io.BytesIO(without)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name != "word/document.xml"}
    assert refusal(files.zipped(kept)) == "This kind of file is not accepted."


def test_a_package_with_entities_in_its_list_is_refused_unread() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Types>&b;</Types>'
    data = files.zipped({"[Content_Types].xml": bomb, "word/document.xml": b"<x/>"})
    assert refusal(data) == "The document is damaged. Save it anew and send it again."


@pytest.mark.parametrize(
    ("mimetype", "sentence"),
    [
        (b"application/epub+zip", "This kind of file is not accepted."),
        (
            b"application/vnd.oasis.opendocument.spreadsheet",
            "OpenDocument is not accepted. Save it as DOCX, XLSX, PPTX or PDF.",
        ),
    ],
)
def test_another_document_in_a_zip_is_not_a_zip_of_documents(mimetype: bytes, sentence: str) -> None:
    assert refusal(files.zipped({"mimetype": mimetype, "content.xml": b"<x/>"})) == sentence


# Archives


def test_an_archive_may_hold_each_kind_of_document() -> None:
    members = {f"자료/파일.{name}": make() for name, make in files.GOOD.items() if name != "zip"}
    assert kind_of(files.zipped(members)) == "zip"


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "The archive is empty."),
        ({"a/": b""}, "The archive is empty."),
        ({"a.pdf": files.pdf(), "b.pdf": b""}, "“b.pdf” in it: The file is empty."),
        ({"a.pdf": b"MZ\x90\x00" + b"\0" * 99}, f"“a.pdf” in it: {EXE}"),
        ({"in/run.bat": b"del *.*"}, "“run.bat” in it: its name does not fit its content (Text file)."),
        ({"page.html": b"<script>"}, "“page.html” in it: its name does not fit its content (Text file)."),
        ({"a.exe": files.pdf()}, "“a.exe” in it: its name does not fit its content (PDF document)."),
        ({"a.docx": files.docx(word__vbaProject_bin=b"x")}, f"“a.docx” in it: {MACROS}"),
        ({"b.zip": files.zipped({"a.pdf": files.pdf()})}, f"“b.zip” in it: {NESTED}"),
        ({"../a.pdf": files.pdf()}, "The archive would put files into other folders."),
        ({"in/../../a.pdf": files.pdf()}, "The archive would put files into other folders."),
        ({"/etc/a.pdf": files.pdf()}, "The archive would put files into other folders."),
        ({"..\\a.pdf": files.pdf()}, "The archive would put files into other folders."),
        ({"C:\\a.pdf": files.pdf()}, "The archive would put files into other folders."),
        ({"a\u202efdp.exe": files.pdf()}, "A file in the archive has a name that can't be read."),
        ({"A.pdf": files.pdf(), "a.PDF": files.pdf("2")}, "The archive is damaged: “a.PDF” stands in it twice."),
    ],
)  # fmt: skip
def test_an_archive_is_looked_into(members: dict[str, bytes], sentence: str) -> None:
    assert refusal(files.zipped(members)) == sentence


def test_what_macos_puts_into_an_archive_does_no_harm_but_its_name_alone_opens_no_door() -> None:
    resource = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"
    store = b"\x00\x00\x00\x01Bud1\x00\x00"
    left = {"a.pdf": files.pdf(), "__MACOSX/._a.pdf": resource, "in/.DS_Store": store}
    assert kind_of(files.zipped(left)) == "zip"
    assert refusal(files.zipped({"a.pdf": files.pdf(), "__MACOSX/._a.pdf": b"MZ\0\0"})).startswith("“_a.pdf” in it")


def test_names_in_an_archive_of_a_korean_machine_are_told_as_they_are_called() -> None:
    # Windows writes names in CP949 and does not say so.
    data = files.zipped({"AAAAAA.exe": files.pdf()})
    data = data.replace(b"AAAAAA.exe", "회의록".encode("cp949") + b".exe")
    assert refusal(data) == "“회의록.exe” in it: its name does not fit its content (PDF document)."


def test_a_member_without_a_name_is_refused() -> None:
    data = bytearray(files.zipped({"a.pdf": files.pdf()}))
    at = data.index(b"PK\x01\x02")
    # What was the name becomes the comment.
    data[at + 28 : at + 30], data[at + 32 : at + 34] = struct.pack("<H", 0), struct.pack("<H", 5)
    assert refusal(bytes(data)) == "A file in the archive has a name that can't be read."


def test_a_link_in_an_archive_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(made.getvalue()) == "The archive would put files into other folders."


@pytest.mark.parametrize("flag", [0x1, 0x40])
def test_a_locked_archive_is_refused(flag: int) -> None:
    data = bytearray(files.zipped({"a.pdf": files.pdf()}))
    for head, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + offset] |= flag
    assert refusal(bytes(data)) == "It is protected by a password. Take the password off first."


def test_a_way_of_packing_that_few_can_read_is_refused() -> None:
    data = files.zipped({"a.pdf": files.pdf()}, zipfile.ZIP_LZMA)
    assert refusal(data) == "It is packed in a way that not every computer can read. Pack it as an ordinary ZIP."


def test_a_bomb_is_told_by_its_list_and_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = files.zipped({"a.txt": b"0" * (archives.SMALL + 1)})
    assert len(data) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("It was unpacked."))
    assert refusal(data) == "The archive unpacks to far more than documents would."


def test_more_than_all_together_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", archives.MEGABYTE)
    data = files.zipped({f"{n}.txt": b"0" * 600_000 for n in range(2)})
    assert refusal(data) == "Unpacked, it is larger than 1 MB."


def test_members_that_share_their_bytes_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trick by which a small archive unpacks into a huge one: many entries of the list lead to one member."""
    packed = zlib.compress(b"0" * 1000)[2:-4]
    local = struct.pack(
        "<4sHHHHHLLLHH", b"PK\x03\x04", 20, 0, 8, 0, 0, zlib.crc32(b"0" * 1000), len(packed), 1000, 5, 0
    )
    body = local + b"a.txt" + packed
    entry = b"".join(
        struct.pack(
            "<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, zlib.crc32(b"0" * 1000), len(packed), 1000, 5,
            0, 0, 0, 0, 0, 0,
        ) + f"{n}.txt".encode().rjust(5, b"x")
        for n in range(10)
    )  # fmt: skip
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 10, 10, len(entry), len(body), 0)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("It was unpacked."))
    assert refusal(body + entry + end) == "The archive is damaged."


def test_a_long_list_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    data = files.zipped({"a.pdf": files.pdf()})
    at = data.index(b"PK\x05\x06")
    long = data[: at + 12] + struct.pack("<L", archives.LONGEST_LIST + 1) + data[at + 16 :]
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("Its list was read."))
    assert refusal(long) == f"The archive holds too many files: at most {archives.MOST_MEMBERS}."


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    data = files.zipped({f"{n}.txt": b"x" for n in range(3)})
    assert refusal(data) == "The archive holds too many files: at most 2."


def test_a_member_that_does_not_fit_its_sum_is_refused() -> None:
    data = files.zipped({"a.txt": b"0123456789"}, zipfile.ZIP_STORED)
    assert refusal(data.replace(b"0123456789", b"0123456780")) == "The archive is damaged."


def test_a_cut_archive_is_refused() -> None:
    assert refusal(files.zipped({"a.pdf": files.pdf()})[:-30]) == "The archive is damaged."


def test_the_file_is_left_at_its_beginning() -> None:
    file = io.BytesIO(files.docx())
    recognise(file)
    assert file.tell() == 0


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(files.GOOD)), st.data())
def test_damage_of_any_sort_is_refused_or_does_not_matter_but_never_fails(name: str, data: st.DataObject) -> None:
    content = bytearray(CONTENTS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(1, len(content)))])
    try:
        said = recognise(io.BytesIO(cut)).kind.content_type
    except Unaccepted as error:
        said = str(error)
    assert said
