"""The report's printed page, read as a tree of blocks: so that every form says what the PDF says, and nothing else.

The page comes from our own templates. What it shows as a picture stands in its place as the picture's own words; in a
table, where the figures stand beside it, a column of pictures is left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import html

from nap_monitor.lib.pdf import BREAK_HERE, printable
from reports.writers.blocks import (
    ASIDE,
    MARK,
    SOURCE,
    STRONG,
    Block,
    Cell,
    Heading,
    Line,
    Paragraph,
    Report,
    Row,
    Span,
    Table,
)

#: The classes by which writers know a paragraph; another one is plain text.
KINDS = (
    "cover-state",
    "cover-for",
    "cover-plan",
    "cover-sample",
    "cover-issuer",
    "foreword-issuer",
    "kicker",
    "legend",
    "label",
    "lead",
    "meta",
    "note",
    "unit",
    "empty",
    "item",
)
#: A picture's words, and an item of a list.
PICTURE, ITEM = "picture", "listed"
#: What a piece of text is, by its class.
PIECES = {"trace": SOURCE, "line": ASIDE, "count": ASIDE, "flag": ASIDE, "parts": ASIDE, "mark": MARK}
HEADINGS = {f"h{number}": number - 1 for number in range(1, 7)}
#: Sections that begin on a new page.
CHAPTERS = frozenset(["chapter", "objective"])
#: What is left out, because writers make their own, because the text beside it says the same, or with its picture.
SAID_BESIDE = frozenset(["contents", "bar-objective", "of-picture"])
#: Elements that stand in a line of text.
INLINE = frozenset(["a", "abbr", "b", "br", "em", "i", "small", "span", "strong", "sub", "sup"])
#: The narrowest and the widest that a column counts, in letters of half a width.
NARROWEST, WIDEST = 7, 44
#: How many such letters a line of a table has.
PAGE = 105
_SPACES = re.compile(r"\s+")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_report(page: str) -> Report:
    """The report of its printed page (:func:`reports.services.rendering.summary_html`)."""
    root = html.document_fromstring(_UNWRITABLE.sub("", printable(page)))
    running = {_class(found): plain_text(found) for found in root.iter("p") if _class(found).startswith("running-")}
    contents = root.xpath("//section[contains(@class, 'contents')]/h2")
    return Report(
        language=root.get("lang", ""),
        title=_clean(root.findtext("head/title") or ""),
        issuer=next((meta.get("content", "") for meta in root.iter("meta") if meta.get("name") == "author"), ""),
        running_title=running.get("running-title", ""),
        running_issuer=running.get("running-issuer", ""),
        mark=running.get("running-mark", ""),
        hash=running.get("running-hash", ""),
        contents_title=plain_text(contents[0]) if contents else "",
        blocks=tuple(_blocks(root.find("body"))),
    )


def plain_text(element: Any) -> str:
    """All text below an element, in one line."""
    return _clean("".join(element.itertext()))


def _clean(text: str) -> str:
    return _SPACES.sub(" ", text.replace(BREAK_HERE, "")).strip()


def _class(element: Any) -> str:
    return str(element.get("class", "").partition(" ")[0])


def _classes(element: Any) -> list[str]:
    return str(element.get("class", "")).split()


def _is_element(element: Any) -> bool:
    return isinstance(element.tag, str)


# Blocks


def _blocks(parent: Any) -> Iterator[Block]:
    """The blocks below an element; loose text between them is a paragraph."""
    loose = _words(parent.text)
    for child in parent:
        if not _is_element(child):
            loose += _words(child.tail)
        elif child.tag in INLINE:
            loose += _spans(child) + _words(child.tail)
        else:
            yield from _loose(loose)
            yield from _block(child)
            loose = _words(child.tail)
    yield from _loose(loose)


def _loose(spans: list[Span]) -> Iterator[Block]:
    line = joined(spans)
    if line:
        yield Paragraph(line)


def _block(element: Any) -> Iterator[Block]:
    classes = _classes(element)
    if SAID_BESIDE.intersection(classes):
        return
    if element.tag in HEADINGS:
        yield Heading(HEADINGS[element.tag], _line(element))
        yield from _footnotes(element)
    elif element.tag == "p":
        yield from _paragraph(element, classes)
        yield from _footnotes(element)
    elif element.tag == "li":
        yield from _item(element)
    elif element.tag == "table":
        yield _table(element, classes)
        yield from _footnotes(element)
    elif element.tag == "svg":
        yield from _picture(element)
    else:
        found = list(_blocks(element))
        if found and not isinstance(found[0], Table) and _starts_page(found[0], classes):
            found[0] = replace(found[0], starts_page=True)
        yield from found


def _starts_page(first: Heading | Paragraph, classes: list[str]) -> bool:
    """Whether a part of the page begins a new one in print: a chapter, an objective that does not follow its head."""
    if "chapter-short" in classes or "first" in classes:
        return False
    return bool(CHAPTERS.intersection(classes)) or (isinstance(first, Heading) and first.level == 1)


def _paragraph(element: Any, classes: list[str]) -> Iterator[Block]:
    if any(name.startswith("running-") for name in classes):
        return
    line = _line(element)
    if line:
        around = [*classes, *_classes(element.getparent())]
        yield Paragraph(line, next((name for name in around if name in KINDS), ""))


def _footnotes(element: Any) -> Iterator[Block]:
    """What print sets at the foot of the page: a note after the block that it is said of."""
    for found in element.xpath(".//span[@class='footnote']"):
        yield Paragraph((Span(plain_text(found)),), "note")


def _item(element: Any) -> Iterator[Block]:
    for block in _blocks(element):
        yield replace(block, kind=ITEM) if isinstance(block, Paragraph) and not block.kind else block


def _picture(element: Any) -> Iterator[Block]:
    words = [plain_text(found) for found in element if _is_element(found) and _name(found) in ("title", "desc")]
    if any(words):
        yield Paragraph((Span(" ".join(filter(None, words))),), PICTURE)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


# Text


def _line(element: Any) -> Line:
    return joined(_spans(element))


def _spans(element: Any, kind: str = "") -> list[Span]:
    if element.tag == "br":
        return [Span(" ")]
    if "footnote" in _classes(element):
        return []
    if element.tag == "svg":
        return [Span(block.line[0].text) for block in _picture(element) if isinstance(block, Paragraph)]
    own = next((PIECES[name] for name in _classes(element) if name in PIECES), kind)
    if element.tag in ("strong", "b") and not own:
        own = STRONG
    found = _words(element.text, own)
    for child in element:
        if _is_element(child):
            found += _spans(child, own)
        found += _words(child.tail, own)
    return found


def _words(text: str | None, kind: str = "") -> list[Span]:
    return [Span(_SPACES.sub(" ", text.replace(BREAK_HERE, "")), kind)] if text else []


def joined(spans: list[Span]) -> Line:
    """Pieces as a line: neighbours of one kind together, no two spaces after one another, none at the ends."""
    line: list[Span] = []
    for span in spans:
        text = span.text
        if not line or line[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            continue
        if line and line[-1].kind == span.kind and span.kind != SOURCE:
            line[-1] = Span(line[-1].text + text, span.kind)
        else:
            line.append(Span(text, span.kind))
    while line and not line[-1].text.rstrip(" "):
        line.pop()
    if line:
        line[-1] = Span(line[-1].text.rstrip(" "), line[-1].kind)
    return tuple(line)


# Tables


def _table(element: Any, classes: list[str]) -> Table:
    head = tuple(_row(row) for part in element.iter("thead") for row in part.iter("tr"))
    rows = [row for part in element.iter("tbody") for row in part.iter("tr")]
    pictures = _columns_of_pictures(rows)
    body = [_row(row, pictures) for row in rows]
    if pictures:
        head = tuple(_row(row, pictures) for part in element.iter("thead") for row in part.iter("tr"))
    if not head and body and all(cell.is_head for cell in body[0].cells) and not body[0].is_group:
        head, body = (body[0],), body[1:]
    kind = next((name for name in classes if name not in ("grid", "small", "numbers")), "")
    return Table(kind, head, tuple(body), _widths((*head, *body)))


def _columns_of_pictures(rows: list[Any]) -> frozenset[int]:
    """The columns that hold pictures and nothing else."""
    cells = [list(row) for row in rows]
    width = max(map(len, cells), default=0)
    held = [[row[place] for row in cells if len(row) == width] for place in range(width)]
    return frozenset(
        place
        for place, column in enumerate(held)
        if any(cell.find("svg") is not None for cell in column)
        and all(cell.find("svg") is not None or not plain_text(cell) for cell in column)
    )


def _row(element: Any, without: frozenset[int] = frozenset()) -> Row:
    cells = [cell for cell in element if _is_element(cell)]
    kept = [_cell(cell) for place, cell in enumerate(cells) if place not in without or len(cells) == 1]
    return Row(tuple(kept), is_total="total" in _classes(element))


def _cell(element: Any) -> Cell:
    lines = tuple(block.line for block in _blocks(element) if isinstance(block, (Paragraph, Heading)))
    columns, rows = int(element.get("colspan", 1)), int(element.get("rowspan", 1))
    return Cell(lines or ((),), columns, rows, is_head=element.tag == "th")


def _widths(rows: tuple[Row, ...]) -> tuple[float, ...]:
    """How wide the columns are, as shares: room for the longest word, and of the rest more where more is written."""
    count = max((sum(cell.columns for cell in row.cells) for row in rows), default=1)
    words, lengths = [float(NARROWEST)] * count, [0.0] * count
    for row in rows:
        if len(row.cells) != count:
            continue
        for place, cell in enumerate(row.cells):
            longest = max((letters(word) for word in cell.text.split()), default=0)
            words[place] = max(words[place], min(longest + 2.0, WIDEST / 2))
            lengths[place] = max(lengths[place], max(letters(line) for line in cell.text.split("\n")) ** 0.9)
    wanted = [max(0.0, min(length, WIDEST) - word) + 1 for length, word in zip(lengths, words, strict=True)]
    rest = max(0.0, PAGE - sum(words))
    room = [word + rest * more / sum(wanted) for word, more in zip(words, wanted, strict=True)]
    return tuple(width / sum(room) for width in room)


def letters(text: str) -> int:
    """How wide a text is, in letters of half a width: a Korean one counts two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
