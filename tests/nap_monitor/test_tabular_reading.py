"""Reading workbooks that anybody may have sent: what stands in cells, and everything that is refused."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from nap_monitor.lib.files.kinds import Unaccepted
from nap_monitor.lib.tabular import reading
from nap_monitor.lib.tabular.cells import Cell
from nap_monitor.lib.tabular.reading import Sheet, read_workbook
from tests import files

pytestmark = pytest.mark.one_database  # no data are concerned
SHEET = "xl/worksheets/sheet1.xml"


def book(fill: Callable[[Worksheet], Any] = lambda sheet: None) -> bytes:
    workbook, made = openpyxl.Workbook(), io.BytesIO()
    fill(workbook.active)
    workbook.save(made)
    return made.getvalue()


def changed(data: bytes, **parts: Callable[[bytes], bytes] | bytes) -> bytes:
    """The package with parts changed or added; ``__`` in their names is a slash, ``_xml`` its ending."""
    named = {re.sub("_(xml|bin|rels)$", r".\1", name.replace("__", "/")): part for name, part in parts.items()}
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = named.pop(name, archive.read(name))
            members[name] = part if isinstance(part, bytes) else part(archive.read(name))
    return files.zipped({**members, **{name: part for name, part in named.items() if isinstance(part, bytes)}})


def rows(xml: str) -> bytes:
    """A workbook whose sheet holds these rows."""
    return changed(
        book(),
        xl__worksheets__sheet1_xml=f'<worksheet xmlns="x"><sheetData>{xml}</sheetData></worksheet>'.encode(),
    )


def sheet_of(data: bytes) -> Sheet:
    return read_workbook(io.BytesIO(data))[0]


def cells(data: bytes) -> Mapping[str, Cell]:
    return {cell.address: cell for row in sheet_of(data).rows.values() for cell in row.values()}


def why(data: bytes) -> str:
    with pytest.raises(Unaccepted) as refused:
        read_workbook(io.BytesIO(data))
    return str(refused.value)


# What stands in cells


@pytest.mark.parametrize(
    ("value", "number_format", "read", "text"),
    [
        ("  글\n둘째 줄", "@", "  글\n둘째 줄", "  글\n둘째 줄"),
        (0, "General", Decimal("0"), "0"),
        (1234567, "#,##0", Decimal("1234567"), "1234567"),
        (0.1 + 0.2, "General", Decimal("0.3"), "0.3"),
        (0.85, "0%", Decimal("0.85"), "85%"),
        (0.125, "0.0%;[Red]-0.0%", Decimal("0.125"), "12.5%"),
        (44592, 'yyyy"년" m"월" d"일"', dt.date(2022, 1, 31), "2022-01-31"),
        (44592, "[$-412]yyyy-mm-dd;@", dt.date(2022, 1, 31), "2022-01-31"),
        (44592, '0"d"', Decimal("44592"), "44592"),
        (44592, "[Red]0", Decimal("44592"), "44592"),
        (0.5, "hh:mm", dt.time(12), "12:00:00"),
        (dt.datetime(2022, 1, 31, 9, 30), "yyyy-mm-dd hh:mm", dt.datetime(2022, 1, 31, 9, 30), "2022-01-31T09:30:00"),
        (True, "General", True, "TRUE"),
    ],
)
def test_a_cell_is_read_as_it_is_seen(value: Any, number_format: str, read: Any, text: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B3"] = value
        sheet["B3"].number_format = number_format

    cell = cells(book(fill))["B3"]
    assert (cell.value, type(cell.value), cell.text) == (read, type(read), text)


def test_shared_texts_parts_of_texts_and_what_reads_them_aloud() -> None:
    shared = (
        '<sst xmlns="x"><si><t>하나</t></si><si><r><t>두 </t></r><r><t>조각</t></r>'
        "<rPh sb='0' eb='1'><t>ふりがな</t></rPh></si><si><t>_x005F_x0041_ _x0041_</t></si></sst>"
    )
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    row = "".join(f'<c r="A{n}" t="s"><v>{n - 1}</v></c>' for n in (1, 2, 3))
    data = changed(
        rows(f"<row>{row}</row>"),
        **{
            "xl__sharedStrings_xml": shared.encode(),
            "xl___rels__workbook.xml_rels": relations.replace(
                "</Relationships>",
                '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            ).encode(),
        },
    )
    assert [cell.value for cell in cells(data).values()] == ["하나", "두 조각", "_x0041_ A"]


def test_places_that_are_not_named_follow_each_other() -> None:
    found = cells(rows('<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="9"><c><v>3</v></c></row>'))
    assert {address: cell.text for address, cell in found.items()} == {"A1": "1", "C1": "2", "A9": "3"}


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    workbook, made = openpyxl.Workbook(), io.BytesIO()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active["A1"] = dt.date(2022, 1, 31)
    workbook.save(made)
    assert cells(made.getvalue())["A1"].value == dt.date(2022, 1, 31)


def test_formulas_and_errors_are_told_and_never_taken_for_values() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"] = "=1+1", "#REF!"
        sheet["A3"] = "=1+1"
        sheet["A3"].data_type = "s"

    found = cells(book(fill))
    assert [(cell.is_formula, cell.is_error) for cell in found.values()] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    flags = cells(rows('<row><c t="b"><f>TRUE()</f><v>1</v></c><c t="b"><f>A1=1</f><v>1</v></c></row>'))
    assert [(cell.value, cell.is_formula) for cell in flags.values()] == [(True, False), ("1", True)]


def test_sheets_come_in_order_with_what_was_hidden_and_merged() -> None:
    workbook, made = openpyxl.Workbook(), io.BytesIO()
    workbook.active.title, hidden = "하나", workbook.create_sheet("둘")
    hidden.sheet_state = "veryHidden"
    hidden["B2"] = "x"
    hidden.merge_cells("B2:C3")
    workbook.create_chartsheet("그림")
    workbook.save(made)
    found = read_workbook(io.BytesIO(made.getvalue()))
    assert [(sheet.title, sheet.is_hidden, sheet.merged) for sheet in found] == [
        ("하나", False, ()),
        ("둘", True, ("B2:C3",)),
    ]
    assert (found[1].text(2, 2), found[1].text(1, 1)) == ("x", "")


# What is refused

DAMAGED = "The document is damaged. Save it anew and send it again."


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: book()[:-100], "The archive is damaged."),
        (lambda: changed(book(), xl__workbook_xml=b"<workbook"), DAMAGED),
        (lambda: changed(book(), xl__workbook_xml=b"<workbook/>"), None),
        (lambda: changed(book(), **{"_rels/.rels": b"<Relationships/>"}), DAMAGED),
        (lambda: rows('<row><c r="ZZZZ1"><v>1</v></c></row>'), DAMAGED),
        (lambda: rows('<row><c r="A0"><v>1</v></c></row>'), DAMAGED),
        (lambda: rows('<row><c r="A1"><v>x</v></c></row>'), DAMAGED),
        (lambda: rows('<row><c r="A1" t="s"><v>5</v></c></row>'), DAMAGED),
        (lambda: rows('<row r="x"/>'), DAMAGED),
        (
            lambda: changed(
                book(),
                xl__worksheets__sheet1_xml=b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><worksheet><sheetData/></worksheet>',
            ),
            DAMAGED,
        ),
        (files.docx, "This is no Excel workbook (.xlsx)."),
        (
            lambda: changed(book(), xl__vbaProject_bin=b"x"),
            "It holds macros. Save it without macros and send it again.",
        ),
        (
            lambda: changed(book(), xl__externalLinks__externalLink1_xml=b"<x/>"),
            "It is linked to other files or data, or holds embedded objects. Take them out and save it again.",
        ),
    ],
)
def test_what_is_damaged_or_brings_more_than_cells_is_refused(data: Callable[[], bytes], reason: str | None) -> None:
    if reason is None:
        assert read_workbook(io.BytesIO(data())) == []
    else:
        assert why(data()) == reason


@pytest.mark.usefixtures("english")
def test_everything_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    many = book(lambda sheet: sheet.append(range(20)))
    monkeypatch.setattr(reading, "MOST_CELLS", 20)
    assert len(cells(many)) == 20
    monkeypatch.setattr(reading, "MOST_CELLS", 19)
    assert why(many) == "The workbook holds too many cells: at most 19."
    monkeypatch.setattr(reading, "MOST_SHEETS", 0)
    assert why(book()) == "The workbook holds too many sheets: at most 0."
    monkeypatch.setattr(reading, "MOST_UNPACKED", 100)
    assert why(book()).startswith("Unpacked, it is larger than")


def test_a_sheet_that_says_to_be_huge_takes_no_time() -> None:
    data = rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert list(cells(data)) == ["XFD1048576"]
