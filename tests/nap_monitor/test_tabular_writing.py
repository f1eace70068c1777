"""Tables as workbooks and CSV: data and nothing else, the same bytes for the same content, open in LibreOffice."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nap_monitor.lib.tabular.cells import LONGEST, fits, writable
from nap_monitor.lib.tabular.delimited import csv_bytes
from nap_monitor.lib.tabular.reading import Sheet, read_workbook
from nap_monitor.lib.tabular.writing import Column, Table, add_table, new_workbook, put, sheet_title, workbook_bytes
from tests.office import CSV, converted, saved_again

AT = dt.datetime(2022, 1, 31, 18, 0, 1, 5, tzinfo=dt.UTC)
RISKY = ["=1+1", "+1", "-교육 실시", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1+1", "'=1+1", "_x0041_", " 앞뒤 "]
TABLE = Table(
    "집행: 현황",
    [Column("과제", 30), Column("예산", 12), Column("일자"), Column("해당")],
    [
        ["=1+1", Decimal("1234.5"), dt.date(2022, 1, 31), True],
        ["두 줄\n글", Decimal("-3"), None, False],
        ["", 0, dt.date(2022, 12, 31), None],
    ],
)


def written(table: Table = TABLE, at: dt.datetime = AT) -> bytes:
    workbook = new_workbook(title="제목", by="NAP")
    add_table(workbook, table)
    return workbook_bytes(workbook, at=at)


def one_column(*texts: str) -> bytes:
    return written(Table("t", [Column("text")], [[text] for text in texts]))


def values(sheet: Sheet) -> list[list[object]]:
    return [[cell.value for cell in row.values()] for row in sheet.rows.values()]


def read(data: bytes) -> list[list[object]]:
    (sheet,) = read_workbook(io.BytesIO(data))
    return values(sheet)


def test_numbers_days_and_flags_are_real_ones() -> None:
    assert read(written())[1:] == [
        ["=1+1", Decimal("1234.5"), dt.date(2022, 1, 31), True],
        ["두 줄\n글", Decimal("-3"), False],
        [Decimal("0"), dt.date(2022, 12, 31)],
    ]


def test_the_head_stays_and_rows_can_be_filtered() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written())).active
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("집행  현황", "A2", "A1:D4")
    assert (sheet.column_dimensions["A"].width, sheet["B2"].number_format) == (30, "#,##0.0")
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")


def test_no_text_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(one_column(*RISKY))).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells[:5]] == [True] * 5
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(one_column(*RISKY))).read("xl/worksheets/sheet1.xml")


def test_a_text_is_never_cut() -> None:
    cell = openpyxl.Workbook().active["A1"]
    put(cell, "가" * LONGEST)
    assert len(cell.value) == LONGEST
    with pytest.raises(ValueError, match="at most"):
        put(cell, "가" * (LONGEST + 1))
    assert not fits("😀" * (LONGEST // 2 + 1)), "a sign beyond the first plane counts twice"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    (sheet,) = read_workbook(io.BytesIO(one_column(*texts)))
    for number, text in enumerate(texts, start=2):
        cell = sheet.rows.get(number, {}).get(1)
        assert (cell.value if cell else "") == writable(text)
        assert cell is None or not cell.is_formula


def test_the_same_content_gives_the_same_bytes_and_names_its_time() -> None:
    assert written() == written()
    later = written(at=AT + dt.timedelta(days=1))
    assert later != written()
    properties = openpyxl.load_workbook(io.BytesIO(written())).properties
    assert properties.created == properties.modified == AT.replace(microsecond=0, tzinfo=None)
    assert (properties.title, properties.creator) == ("제목", "NAP")


@pytest.mark.parametrize(
    ("text", "title"), [("a/b[c]:*?\\", "a b c"), ("'x'", "x"), ("가" * 40, "가" * 31), ("예산", "예산")]
)
def test_titles_of_sheets_are_fit_for_excel(text: str, title: str) -> None:
    assert sheet_title(text) == title


def test_csv_is_utf_8_with_its_mark_and_neutral() -> None:
    assert csv_bytes(TABLE).decode("utf-8-sig").split("\r\n") == [
        "과제,예산,일자,해당",
        "'=1+1,1234.5,2022-01-31,TRUE",
        '"두 줄\n글",-3,,FALSE',
        ",0,2022-12-31,",
        "",
    ]
    assert csv_bytes(TABLE).startswith(b"\xef\xbb\xbf")


@pytest.mark.one_database
def test_libreoffice_opens_it_evaluates_nothing_and_saves_it_again() -> None:
    workbook = new_workbook(title="x", by="x")
    add_table(workbook, Table("texts", [Column("text")], [[text] for text in RISKY]))
    add_table(workbook, TABLE)
    data = workbook_bytes(workbook, at=AT)
    shown = converted(data, CSV)
    lines = shown["book-texts.csv"].decode().splitlines()[1:]
    assert [line.strip('"').replace('""', '"') for line in lines] == RISKY
    before, after = (read_workbook(io.BytesIO(each)) for each in (data, saved_again(data)))
    assert [values(sheet) for sheet in after] == [values(sheet) for sheet in before]
    assert values(before[1])[1][3] is True
