"""Blocks as the XML of a Word document: paragraphs and tables that can be edited, fields that Word fills."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from reports.writers.blocks import ASIDE, MARK, SOURCE, STRONG, Cell, Heading, Line, Paragraph, Row, Span, Table, pieces
from reports.writers.docx_styles import BLUE, CELL, CELL_GROUP, CELL_HEAD, CELL_NUMBER, GREY, LOOKS, TITLE

#: The width of the text on A4 with 20 mm at each side.
WIDTH = int(Mm(170).twips)
HEAD_FILL, TOTAL_FILL, LINE = "E6ECF5", "F4F5F6", "9AA3AE"


def _element(name: str, /, **attributes: object) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def _sub(parent: Any, name: str, /, **attributes: object) -> Any:
    made = _element(name, **attributes)
    parent.append(made)
    return made


class Body:
    """Makes the elements of one document; ``styles`` names them by their numbers."""

    def __init__(self, document: Any) -> None:
        self._numbers = {look.name: document.styles[look.name].style_id for look in LOOKS.values()}
        self._bookmarks = 0

    def block(self, block: Heading | Paragraph | Table) -> list[Any]:
        """The elements of a block: after a table a small paragraph, so that two tables stay two."""
        if isinstance(block, Table):
            return [self._table(block), self.paragraph(CELL)]
        kind: str | int = (block.level or TITLE) if isinstance(block, Heading) else block.kind
        return [self.paragraph(kind, block.line, breaks=block.starts_page)]

    def paragraph(self, kind: str | int, line: Line = (), *, breaks: bool = False) -> Any:
        """A paragraph in the style of ``kind``. ``breaks``: on a new page."""
        made = _element("p")
        how = _sub(made, "pPr")
        _sub(how, "pStyle", val=self._numbers[LOOKS.get(kind, LOOKS[""]).name])
        if breaks:
            _sub(how, "pageBreakBefore")
        for span in pieces(line):
            made.append(run(span))
        return made

    def bookmarked(self, paragraph: Any, name: str) -> Any:
        """The paragraph as a place that links lead to."""
        self._bookmarks += 1
        start = _element("bookmarkStart", id=self._bookmarks, name=name)
        paragraph.insert(1, start)
        _sub(paragraph, "bookmarkEnd", id=self._bookmarks)
        return paragraph

    # Tables

    def _table(self, table: Table) -> Any:
        widths = [round(share * WIDTH) for share in table.widths]
        made = _element("tbl")
        how = _sub(made, "tblPr")
        _sub(how, "tblW", w=sum(widths), type="dxa")
        borders = _sub(how, "tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            _sub(borders, side, val="single", sz=4, space=0, color=LINE)
        _sub(how, "tblLayout", type="fixed")
        _sub(how, "tblLook", val="0420", firstRow=int(bool(table.head)), noVBand=1)
        grid = _sub(made, "tblGrid")
        for width in widths:
            _sub(grid, "gridCol", w=width)
        for number, row in enumerate((*table.head, *table.body)):
            self._row(made, table, row, widths, is_head=number < len(table.head))
        return made

    def _row(self, parent: Any, table: Table, row: Row, widths: list[int], *, is_head: bool) -> None:
        made = _sub(parent, "tr")
        how = _sub(made, "trPr")
        _sub(how, "cantSplit")
        if is_head:
            _sub(how, "tblHeader")
        column = 0
        for cell in row.cells:
            numeric = not cell.is_head and table.is_numeric(column)
            kind = CELL_HEAD if is_head else CELL_GROUP if row.is_group else CELL_NUMBER if numeric else CELL
            shaded = is_head or row.is_group or (cell.is_head and not table.head)
            fill = HEAD_FILL if shaded else TOTAL_FILL if row.is_total else ""
            width = sum(widths[column : column + cell.columns])
            self._cell(made, cell, kind, fill=fill, width=width, is_strong=row.is_total)
            column += cell.columns

    def _cell(self, parent: Any, cell: Cell, kind: str, *, fill: str, width: int, is_strong: bool) -> None:
        made = _sub(parent, "tc")
        how = _sub(made, "tcPr")
        _sub(how, "tcW", w=width, type="dxa")
        if cell.columns > 1:
            _sub(how, "gridSpan", val=cell.columns)
        if fill:
            _sub(how, "shd", val="clear", color="auto", fill=fill)
        _sub(how, "vAlign", val="center")
        for line in cell.lines:
            if is_strong:
                line = tuple(span if span.kind else Span(span.text, STRONG) for span in line)
            made.append(self.paragraph(kind, line))


def run(span: Span) -> Any:
    """A piece of text."""
    made = _element("r")
    how = _element("rPr")
    if span.kind in (STRONG, MARK):
        _sub(how, "b")
    if span.kind == ASIDE:
        _sub(how, "b", val=0)
    if span.kind in (ASIDE, SOURCE):
        _sub(how, "color", val=GREY if span.kind == ASIDE else BLUE)
    if span.kind == SOURCE:
        _sub(how, "vertAlign", val="superscript")
    if len(how):
        made.append(how)
    text = _sub(made, "t")
    text.text = span.text
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def field(instruction: str, shown: str = "", *, is_dirty: bool = False) -> list[Any]:
    """The runs of a field that Word computes; ``shown`` is what stands there until then."""
    return [
        _mark("begin", is_dirty=is_dirty),
        _instruction(instruction),
        _mark("separate"),
        run(Span(shown)),
        _mark("end"),
    ]


def _mark(kind: str, *, is_dirty: bool = False) -> Any:
    made = _element("r")
    mark = _sub(made, "fldChar", fldCharType=kind)
    if is_dirty:
        mark.set(qn("w:dirty"), "true")
    return made


def _instruction(text: str) -> Any:
    made = _element("r")
    _sub(made, "instrText").text = f" {text} "
    made[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def contents(body: Body, entries: list[tuple[Heading, str]], levels: int) -> list[Any]:
    """The field of the contents, filled with the headings until Word puts the numbers of the pages beside them."""
    made = [_entry(body, heading, name) for heading, name in entries]
    if not made:
        return []
    first, last = made[0], made[-1]
    for place, part in enumerate(
        [_mark("begin", is_dirty=True), _instruction(f'TOC \\o "1-{levels}" \\h \\z \\u'), _mark("separate")], start=1
    ):
        first.insert(place, part)
    last.append(_mark("end"))
    return made


def _entry(body: Body, heading: Heading, name: str) -> Any:
    made = body.paragraph(f"contents-{heading.level}")
    link = _sub(made, "hyperlink", anchor=name, history=1)
    for span in pieces(heading.line):
        link.append(run(Span(span.text)))
    return made
