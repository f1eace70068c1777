"""A status strip: many items in few lines, each with its mark as a shape and a colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from nap_monitor.lib.charts import DARK, FONT, ink_on

#: Sizes in units of the picture: the column of names, a cell, and the gaps between cells and between groups.
NAMES, CELL, TALL, GAP, GROUP_GAP = 102, 51, 45, 3, 7
#: How many cells stand in a line, and how many parts in a line of a cell.
IN_LINE, PARTS_IN_LINE = 10, 6
#: The lines of a cell: mark and code, then its parts.
HEAD = 21


@dataclass(frozen=True)
class Item:
    """What a cell stands for: its code, its mark in a word, a shape and a colour, and the shapes of its parts.

    ``is_open`` is an item that nobody has marked yet: it is drawn as an empty cell.
    """

    code: str
    label: str
    symbol: str
    colour: str
    parts: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class Cell:
    """A drawn item; ``left`` and ``top`` are its corner, ``lines`` its parts by line."""

    left: int
    top: int
    item: Item
    ink: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Name:
    """The name of a group beside its first line, in as many lines as it needs."""

    lines: tuple[tuple[int, str], ...]
    rule: int


@dataclass(frozen=True)
class StatusStrip:
    """The picture. ``title`` says in words what each item is; ``counted`` how many there are of each mark."""

    title: str
    width: int
    height: int
    names: tuple[Name, ...]
    cells: tuple[Cell, ...]
    counted: tuple[tuple[Item, int], ...]
    cell_width: int = CELL - GAP
    cell_height: int = TALL - GAP
    head: int = HEAD
    font: str = FONT
    dark: str = DARK


def status_strip(title: str, groups: Sequence[tuple[str, Sequence[Item]]], *, legend: Sequence[Item]) -> StatusStrip:
    """A strip of ``groups`` (name, items), each beginning on a line of its own. ``legend`` has every mark in its order.

    Raises ``ValueError`` where an item has a mark that the legend does not explain.
    """
    names, cells, top = [], [], 0
    for name, items in groups:
        names.append(Name(_wrapped(name, top + 17), top))
        for place, item in enumerate(items):
            row, column = divmod(place, IN_LINE)
            cells.append(_cell(item, NAMES + column * CELL, top + row * TALL))
        top += max(1, -(-len(items) // IN_LINE)) * TALL + GROUP_GAP
    known = {item.label for item in legend}
    if unknown := {cell.item.label for cell in cells} - known:
        raise ValueError(f"The legend does not explain: {', '.join(sorted(unknown))}.")
    counted = tuple((mark, sum(cell.item.label == mark.label for cell in cells)) for mark in legend)
    words = "; ".join(
        f"{mark.label} {count} ({', '.join(cell.item.code for cell in cells if cell.item.label == mark.label)})"
        for mark, count in counted
        if count
    )
    return StatusStrip(
        title=f"{title}: {words}" if words else title,
        width=NAMES + IN_LINE * CELL,
        height=max(top - GROUP_GAP, 1),
        names=tuple(names),
        cells=tuple(cells),
        counted=counted,
    )


def _cell(item: Item, left: int, top: int) -> Cell:
    rows = [item.parts[start : start + PARTS_IN_LINE] for start in range(0, len(item.parts), PARTS_IN_LINE)]
    first = HEAD + (13 if len(rows) < 2 else 9)
    lines = tuple((first + number * 9, "".join(row)) for number, row in enumerate(rows))
    return Cell(left, top, item, DARK if item.is_open else ink_on(item.colour), lines)


def _wrapped(name: str, top: int) -> tuple[tuple[int, str], ...]:
    """``name`` in lines of about the width of their column."""
    lines: list[str] = []
    for word in name.split():
        if lines and _length(lines[-1]) + 1 + _length(word) <= NAMES_LETTERS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple((top + number * 14, line) for number, line in enumerate(lines))


#: How many narrow letters fit into the column of names; a Korean one counts twice.
NAMES_LETTERS = 16


def _length(text: str) -> int:
    return sum(2 if letter >= "ᄀ" else 1 for letter in text)
