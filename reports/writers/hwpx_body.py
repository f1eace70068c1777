"""Blocks as the XML of an HWPX section: paragraphs, tables whose heads repeat, the field of the contents.

The library makes such elements too, one at a time and with numbers by chance; a report has tens of thousands of them,
and the same report has to be the same file.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from hwpx.oxml.field_marks import field_type_id
from lxml import etree

from reports.writers.blocks import STRONG, Cell, Heading, Line, Paragraph, Report, Row, Table, pieces, plain
from reports.writers.hwpx_styles import (
    CELL,
    CELL_GROUP,
    CELL_HEAD,
    CELL_NUMBER,
    CONTENTS,
    MM,
    RUNNING,
    TITLE,
    Made,
    Styles,
)
from reports.writers.reading import ITEM, letters

HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
#: The width of the text on A4 with 20 mm at each side, and the space in a cell at its sides, above and below.
WIDTH = round(170 * MM)
BESIDE, ABOVE = 400, 141
#: The width of a letter of half a width, and the height of a line in a table.
LETTER, LINE = 460, 1130
RUNNING_HEIGHT = round(10 * MM)
#: Down to which level headings stand in the contents.
LEVELS = 2
CONTENTS_COMMAND = (
    "TableOfContents:set:140:ContentsMake:uint:31 ContentsStyles:wstring:0: "
    f"ContentsLevel:int:{LEVELS} ContentsAutoTabRight:int:0 ContentsLeader:int:3 ContentsHyperlink:bool:1  "
)


def _sub(parent: Any, name: str, /, **attributes: object) -> Any:
    return etree.SubElement(parent, f"{HP}{name}", {key: str(value) for key, value in attributes.items()})


class Body:
    """Makes the elements of one document, numbered as they come."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._numbers = count(1)
        self._anchors = count(500_000_001)

    def elements(self, report: Report) -> list[Any]:
        """The paragraphs of the report: the cover, the contents, and everything after it."""
        cover = report.cover
        targets = {id(heading): next(self._anchors) for heading in report.headings(LEVELS)}
        found = [self._block(block, targets) for block in report.blocks[:cover]]
        found += self._contents(report, targets)
        return found + [self._block(block, targets) for block in report.blocks[cover:]]

    def _block(self, block: Heading | Paragraph | Table, targets: dict[int, int]) -> Any:
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Heading):
            kind: str | int = block.level or TITLE
            return self.paragraph(kind, block.line, breaks=block.starts_page, number=targets.get(id(block)))
        line = (type(block.line[0])("• "), *block.line) if block.kind == ITEM else block.line
        return self.paragraph(block.kind, line, breaks=block.starts_page)

    def paragraph(self, kind: str | int, line: Line = (), *, breaks: bool = False, number: int | None = None) -> Any:
        """A paragraph in the style of ``kind``. ``breaks``: on a new page."""
        style = self._styles[kind]
        element = self._empty(style, breaks=breaks, number=number)
        for span in pieces(line):
            self._run(element, style, span.text, span.kind)
        if not line:
            self._run(element, style, "")
        return element

    def _empty(self, style: Made, *, breaks: bool = False, number: int | None = None) -> Any:
        return etree.Element(
            f"{HP}p",
            {
                "id": str(number or next(self._numbers)),
                "paraPrIDRef": style.paragraph,
                "styleIDRef": style.style,
                "pageBreak": str(int(breaks)),
                "columnBreak": "0",
                "merged": "0",
            },
        )

    def _run(self, paragraph: Any, style: Made, text: str | None, kind: str = "") -> Any:
        run = _sub(paragraph, "run", charPrIDRef=style.texts[kind])
        if text is not None:
            _sub(run, "t").text = text
        return run

    # The contents

    def _contents(self, report: Report, targets: dict[int, int]) -> list[Any]:
        """The field that the program fills with page numbers when it opens the file; until then without them."""
        style = self._styles[CONTENTS]
        opening = self._empty(style, breaks=True)
        run = self._run(opening, style, None)
        begin = self._field(run, "TABLEOFCONTENTS", is_dirty=True)
        _parameters(begin, {"Prop": 8, "Command": CONTENTS_COMMAND})
        _sub(run, "t").text = report.contents_title
        entries = [self._entry(heading, targets[id(heading)]) for heading in report.headings(LEVELS)]
        closing = self._empty(self._styles["contents-2"])
        _end(self._run(closing, self._styles["contents-2"], None), begin)
        return [opening, *entries, closing]

    def _entry(self, heading: Heading, target: int) -> Any:
        style = self._styles[f"contents-{heading.level}"]
        element = self._empty(style)
        begin = self._field(self._run(element, style, None), "HYPERLINK", is_dirty=False)
        _parameters(
            begin,
            {
                "Prop": 0,
                "Command": f"?#{target};0;1;0;",
                "Category": "HWPHYPERLINK_TYPE_HWP",
                "TargetType": "HWPHYPERLINK_TARGET_OUTLINE",
                "DocOpenType": "HWPHYPERLINK_JUMP_CURRENTTAB",
            },
        )
        self._run(element, style, plain(heading.line))
        _end(self._run(element, style, None), begin)
        return element

    def _field(self, run: Any, kind: str, *, is_dirty: bool) -> Any:
        return _sub(
            _sub(run, "ctrl"),
            "fieldBegin",
            id=next(self._anchors),
            type=kind,
            name="",
            editable=int(kind == "TABLEOFCONTENTS"),
            dirty=int(is_dirty),
            zorder=-1,
            fieldid=field_type_id(kind),
            metaTag="",
        )

    # Tables

    def _table(self, table: Table) -> Any:
        style = self._styles[CELL]
        anchor = self._empty(style)
        rows = (*table.head, *table.body)
        widths = [round(share * WIDTH) for share in table.widths]
        widths[-1] += WIDTH - sum(widths)
        heights = [_height(row, widths) for row in rows]
        element = _sub(
            self._run(anchor, style, None),
            "tbl",
            id=next(self._anchors),
            zOrder=0,
            numberingType="TABLE",
            textWrap="TOP_AND_BOTTOM",
            textFlow="BOTH_SIDES",
            lock=0,
            dropcapstyle="None",
            pageBreak="CELL",
            repeatHeader=int(bool(table.head)),
            rowCnt=len(rows),
            colCnt=table.columns,
            cellSpacing=0,
            borderFillIDRef=self._styles.frame,
            noAdjust=0,
        )
        _place(element, sum(heights))
        for number, row in enumerate(rows):
            self._row(element, table, row, number, widths, heights[number])
        return anchor

    def _row(self, parent: Any, table: Table, row: Row, number: int, widths: list[int], height: int) -> None:
        is_head = number < len(table.head)
        element = _sub(parent, "tr")
        column = 0
        for cell in row.cells:
            kind = CELL_HEAD if is_head else CELL_GROUP if row.is_group else self._kind(table, cell, column)
            shaded = is_head or row.is_group or (cell.is_head and not table.head)
            frame = self._styles.head_frame if shaded else self._styles.total_frame if row.is_total else None
            holder = _sub(
                element,
                "tc",
                name="",
                header=int(is_head),
                hasMargin=0,
                protect=0,
                editable=0,
                dirty=0,
                borderFillIDRef=frame or self._styles.frame,
            )
            self._lines(holder, cell, kind, is_strong=row.is_total)
            _sub(holder, "cellAddr", colAddr=column, rowAddr=number)
            _sub(holder, "cellSpan", colSpan=cell.columns, rowSpan=cell.rows)
            _sub(holder, "cellSz", width=sum(widths[column : column + cell.columns]), height=height)
            _sub(holder, "cellMargin", left=BESIDE, right=BESIDE, top=ABOVE, bottom=ABOVE)
            column += cell.columns

    def _kind(self, table: Table, cell: Cell, column: int) -> str:
        return CELL_NUMBER if not cell.is_head and table.is_numeric(column) else CELL

    def _lines(self, holder: Any, cell: Cell, kind: str, *, is_strong: bool) -> None:
        block = _list(holder, "CENTER")
        for line in cell.lines:
            if is_strong:
                line = tuple(span if span.kind else type(span)(span.text, STRONG) for span in line)
            block.append(self.paragraph(kind, line))

    # What runs along

    def running(self, name: str, parts: Sequence[str], *, is_numbered: bool = False) -> Any:
        """A header or footer with what stands on every page, and with the number of the page where asked."""
        control = etree.Element(f"{HP}ctrl")
        holder = _sub(control, name, id=next(self._numbers), applyPageType="BOTH")
        style = self._styles[RUNNING]
        element = self._empty(style)
        text = " · ".join(filter(None, parts))
        self._run(element, style, f"{text} · " if is_numbered and text else text)
        if is_numbered:
            self._counter(element, style, "PAGE")
            self._run(element, style, " / ")
            self._counter(element, style, "TOTAL_PAGE")
        _list(holder, "TOP" if name == "header" else "BOTTOM", WIDTH, RUNNING_HEIGHT).append(element)
        return control

    def _counter(self, paragraph: Any, style: Made, kind: str) -> None:
        number = _sub(_sub(self._run(paragraph, style, None), "ctrl"), "autoNum", num=1, numType=kind)
        _sub(number, "autoNumFormat", type="DIGIT", userChar="", prefixChar="", suffixChar="", supscript=0)


def _list(holder: Any, align: str, width: int = 0, height: int = 0) -> Any:
    """What holds the paragraphs of a cell, a header, a footer."""
    return _sub(
        holder,
        "subList",
        id="",
        textDirection="HORIZONTAL",
        lineWrap="BREAK",
        vertAlign=align,
        linkListIDRef=0,
        linkListNextIDRef=0,
        textWidth=width,
        textHeight=height,
        hasTextRef=0,
        hasNumRef=0,
    )


def _parameters(begin: Any, values: dict[str, int | str]) -> None:
    holder = _sub(begin, "parameters", cnt=len(values), name="")
    for name, value in values.items():
        kind = "integerParam" if isinstance(value, int) else "stringParam"
        _sub(holder, kind, name=name).text = str(value)


def _end(run: Any, begin: Any) -> None:
    _sub(_sub(run, "ctrl"), "fieldEnd", beginIDRef=begin.get("id"), fieldid=begin.get("fieldid"))


def _place(table: Any, height: int) -> None:
    """Let the table flow with the text, so that it goes on on the next page."""
    _sub(table, "sz", width=WIDTH, widthRelTo="ABSOLUTE", height=height, heightRelTo="ABSOLUTE", protect=0)
    _sub(
        table,
        "pos",
        treatAsChar=0,
        affectLSpacing=0,
        flowWithText=1,
        allowOverlap=0,
        holdAnchorAndSO=0,
        vertRelTo="PARA",
        horzRelTo="COLUMN",
        vertAlign="TOP",
        horzAlign="LEFT",
        vertOffset=0,
        horzOffset=0,
    )
    _sub(table, "outMargin", left=0, right=0, top=283, bottom=567)
    _sub(table, "inMargin", left=BESIDE, right=BESIDE, top=ABOVE, bottom=ABOVE)


def _height(row: Row, widths: Iterable[int]) -> int:
    """About how high a row will be; the program that opens the file knows it."""
    widths = list(widths)
    column, lines = 0, 1
    for cell in row.cells:
        room = max(1, sum(widths[column : column + cell.columns]) - 2 * BESIDE)
        column += cell.columns
        lines = max(lines, sum(max(1, -(-letters(plain(line)) * LETTER // room)) for line in cell.lines))
    return lines * LINE + 2 * ABOVE
