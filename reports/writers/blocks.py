"""A report as a tree of blocks, without any form: headings, paragraphs, tables with real numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ministries.figures import shown_text

#: What a piece of text is, where it is not simply text.
STRONG, MARK, ASIDE, SOURCE = "strong", "mark", "aside", "source"


@dataclass(frozen=True)
class Span:
    """A piece of text. ``kind``: strong; a mark of a rating; an aside (a count, a part, a flag); the number of a source
    of figures, which stands raised."""

    text: str
    kind: str = ""


Line = tuple[Span, ...]


def pieces(line: Line) -> Iterator[Span]:
    """A line as it is written: the number of a source stands apart, or 'All 1' would be 'All1' to whoever copies it."""
    return (Span(f" {span.text}", SOURCE) if span.kind == SOURCE else span for span in line)


def plain(line: Line) -> str:
    """The text of a line, as somebody reads it."""
    return "".join(span.text for span in pieces(line)).strip()


def bare(line: Line) -> str:
    """The same without what stands beside it: asides and the numbers of sources."""
    return "".join(span.text for span in line if span.kind not in (ASIDE, SOURCE)).strip()


def number_in(text: str) -> Decimal | None:
    """The number that a text shows, where it is one that this program writes: 1,234.5 and △3, not 007, +5 or 2022."""
    sign, digits = (-1, text[1:]) if text.startswith("△") else (1, text)
    try:
        value = sign * Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and shown_text(value) == text else None


@dataclass(frozen=True)
class Heading:
    """A heading. The title of the document has level 0, a chapter level 1. ``starts_page``: on a new page."""

    level: int
    line: Line
    starts_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is its class in print (:data:`reports.writers.reading.KINDS`)."""

    line: Line
    kind: str = ""
    starts_page: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its lines, how many columns and rows it spans, whether it heads a row or a column."""

    lines: tuple[Line, ...]
    columns: int = 1
    rows: int = 1
    is_head: bool = False

    @property
    def text(self) -> str:
        """All of its text, a line each."""
        return "\n".join(plain(line) for line in self.lines)

    @property
    def bare(self) -> str:
        """Its text without asides and sources."""
        return "\n".join(bare(line) for line in self.lines)

    @property
    def number(self) -> Decimal | None:
        """The number that it shows; nothing where it is text, or heads a row."""
        return number_in(self.bare) if len(self.lines) == 1 and not self.is_head else None

    def of_kind(self, kind: str) -> str:
        """The text of its pieces of one kind."""
        return ", ".join(span.text.strip(" ()") for line in self.lines for span in line if span.kind == kind)


@dataclass(frozen=True)
class Row:
    """A row. ``is_total``: it sums up the others."""

    cells: tuple[Cell, ...]
    is_total: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it is a heading over the rows below it."""
        return len(self.cells) == 1 and self.cells[0].is_head and self.cells[0].columns > 1


@dataclass(frozen=True)
class Table:
    """A table. ``head`` repeats on each page; ``widths`` are shares of the page's width, a column each."""

    kind: str
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...]

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return len(self.widths)

    def is_numeric(self, column: int) -> bool:
        """Whether most of what a column holds are numbers, so that it is set to the right."""
        cells = [row.cells[column] for row in self.body if len(row.cells) == self.columns]
        numbers = sum(1 for cell in cells if cell.number is not None)
        return numbers > 0 and numbers * 2 >= sum(1 for cell in cells if cell.text not in ("", "–"))


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Report:
    """A report in one language: what stands on every page, and its blocks in the order of reading."""

    language: str
    title: str
    issuer: str
    running_title: str
    running_issuer: str
    mark: str
    hash: str
    contents_title: str
    blocks: tuple[Block, ...]

    @property
    def cover(self) -> int:
        """How many blocks stand on the cover: all before the first that begins a page."""
        pages = (n for n, block in enumerate(self.blocks) if not isinstance(block, Table) and block.starts_page)
        return next(pages, len(self.blocks))

    def headings(self, level: int) -> Iterator[Heading]:
        """The headings down to a level, without the title."""
        return (block for block in self.blocks if isinstance(block, Heading) and 0 < block.level <= level)

    def texts(self) -> Iterator[str]:
        """Everything that it says, line by line and cell by cell, in the order of reading."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield from texts_of((*block.head, *block.body))
            else:
                yield plain(block.line)


def texts_of(rows: Sequence[Row]) -> Iterator[str]:
    """The texts of rows, cell by cell."""
    return (cell.text for row in rows for cell in row.cells)
