"""Names of sent files: shown and saved without a trick, and with the ending that fits the content."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nap_monitor.lib.files.names import LONGEST_BYTES, fitting_name, shown_name

NFD = unicodedata.normalize("NFD", "성인지 예산 집행 현황.pdf")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("회의결과.pdf", "회의결과.pdf"),
        (NFD, "성인지 예산 집행 현황.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\자료\\결과.hwp", "결과.hwp"),
        ("/srv/x/", "x"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\u200b\u2066b\ufeff.pdf", "ab.pdf"),
        ("결과\u3164\u3164.pdf", "결과 .pdf"),
        ("line\nbreak\x00\x1b.pdf", "line break.pdf"),
        ("  .hidden. ", "hidden"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("", "file"),
        ("..", "file"),
        ("\u202e", "file"),
        ("가" * 300, "가" * 255),
    ],
)
def test_a_name_is_shown_without_path_controls_and_tricks(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


@pytest.mark.parametrize(
    ("name", "endings", "fitting"),
    [
        ("결과.pdf", ("pdf",), "결과.pdf"),
        ("결과.PDF", ("pdf",), "결과.PDF"),
        ("사진.jpeg", ("jpg", "jpeg"), "사진.jpeg"),
        ("사진.png", ("jpg", "jpeg"), "사진.jpg"),
        ("결과", ("pdf",), "결과.pdf"),
        ("회의록 v1.2", ("pdf",), "회의록 v1.2.pdf"),
        ("계획.hwp.pdf", ("pdf",), "계획.hwp.pdf"),
        ("page.html", ("txt",), "page.txt"),
        ("invoice.pdf.exe", ("pdf",), "invoice.pdf"),
        ("invoice.exe.pdf", ("pdf",), "invoice.pdf"),
        ("x.js.vbs.txt", ("txt",), "x.txt"),
        (".pdf", ("pdf",), ".pdf.pdf"),
        ("a. .pdf", ("pdf",), "a.pdf"),
    ],
)
def test_the_ending_fits_the_content_and_the_name_before_it_stays(
    name: str, endings: tuple[str, ...], fitting: str
) -> None:
    assert fitting_name(name, endings) == fitting


def test_a_long_korean_name_is_cut_between_characters_and_keeps_its_ending() -> None:
    name = fitting_name("성" * 200 + ".hwpx", ("hwpx",))
    assert name == "성" * ((LONGEST_BYTES - 5) // 3) + ".hwpx"
    assert len(name.encode()) <= LONGEST_BYTES


@given(st.text(max_size=400))
def test_any_text_becomes_a_name_that_any_machine_can_save(sent: str) -> None:
    name = fitting_name(shown_name(sent), ("pdf",))
    assert name.lower().endswith(".pdf")
    assert len(name) > 4
    assert len(name.encode()) <= LONGEST_BYTES
    assert not any(c in '<>:"|?*/\\' or unicodedata.category(c)[0] == "C" for c in name)
    assert name == unicodedata.normalize("NFC", name)
    assert shown_name(name) == name
