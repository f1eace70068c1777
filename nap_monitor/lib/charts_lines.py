"""Lines over years, one small panel a series, all on one scale. See :mod:`nap_monitor.lib.charts`."""

from collections.abc import Sequence
from dataclasses import dataclass

from nap_monitor.lib.charts import DARK, FONT

#: Sizes in units of the picture: a panel, and where its curve lies in it.
WIDE, TALL = 160, 112
LEFT, RIGHT, TOP, BOTTOM = 34, 152, 38, 88
#: How far the first and the last point stay from the ends, so that what is written at them has room.
INSET = 19
IN_LINE = 4
#: Ends of scales, in per cent: the first one that holds every value is taken.
SCALES = (10, 25, 50, 100)


@dataclass(frozen=True)
class Point:
    """One year's value: a share in per cent (0 to 100), and what is written at it, with its denominator.

    ``share`` is nothing where there is none: the year stands there without a point.
    """

    year: int
    share: float | None
    text: str


@dataclass(frozen=True)
class Series:
    """What a panel shows: its name, its shape and its colour, and a point for every year."""

    label: str
    symbol: str
    colour: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Drawn:
    """A drawn point: its place, and where its text and its year stand."""

    x: str
    y: str
    above: str
    text: str
    year: int
    has_share: bool


@dataclass(frozen=True)
class Panel:
    """A drawn series; ``lines`` are the stretches between years that follow one another."""

    left: int
    top: int
    series: Series
    points: tuple[Drawn, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class YearLines:
    """The picture. ``title`` says in words what each series was in each year; ``scale`` is its end in per cent."""

    title: str
    width: int
    height: int
    scale: int
    panels: tuple[Panel, ...]
    left: int = LEFT
    right: int = RIGHT
    upper: int = TOP
    lower: int = BOTTOM
    years: int = BOTTOM + 14
    font: str = FONT
    dark: str = DARK


def year_lines(title: str, series: Sequence[Series], *, in_line: int = IN_LINE) -> YearLines:
    """A panel for each of ``series``, ``in_line`` beside one another, all with the same scale from 0 %."""
    shares = [point.share for each in series for point in each.points if point.share is not None]
    highest = max(shares, default=0)
    scale = next((end for end in SCALES if end >= highest), -(-int(highest + 1) // 50) * 50)
    panels = tuple(
        _panel(each, (place % in_line) * WIDE, place // in_line * TALL, scale) for place, each in enumerate(series)
    )
    words = "; ".join(
        f"{each.label}: {', '.join(f'{point.year} {point.text}' for point in each.points if point.share is not None)}"
        for each in series
        if any(point.share is not None for point in each.points)
    )
    return YearLines(
        title=f"{title}: {words}" if words else title,
        width=in_line * WIDE,
        height=max(1, -(-len(series) // in_line)) * TALL,
        scale=scale,
        panels=panels,
    )


def _panel(series: Series, left: int, top: int, scale: int) -> Panel:
    step = (RIGHT - LEFT - 2 * INSET) / max(len(series.points) - 1, 1)
    drawn, lines, before = [], [], None
    for place, point in enumerate(series.points):
        x = LEFT + INSET + place * step
        y = BOTTOM - (point.share or 0) / scale * (BOTTOM - TOP)
        drawn.append(
            Drawn(f"{x:.1f}", f"{y:.1f}", f"{y - 6:.1f}", point.text, point.year, has_share=point.share is not None)
        )
        if point.share is not None and before:
            lines.append(f"M{before[0]:.1f} {before[1]:.1f}L{x:.1f} {y:.1f}")
        before = (x, y) if point.share is not None else None
    return Panel(left, top, series, tuple(drawn), tuple(lines))
