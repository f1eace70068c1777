"""Charts: data to a dataclass that a template with inline SVG draws, the same on screen and in print.

Colours and fonts are attributes inside the SVG, because page styles do not reach it in print.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FONT = "Pretendard GOV"
DARK, LIGHT = "#1e2124", "#ffffff"
#: Average width of a digit, as a share of the font's size.
DIGIT = 0.62


@dataclass(frozen=True)
class Share:
    """A part of a bar: what it is called, how many, its colour (``#rrggbb``), and its shape for who sees no colour."""

    label: str
    count: int
    colour: str
    symbol: str = ""


@dataclass(frozen=True)
class Segment:
    """A drawn part: its place, its colour, and the count where there is room for it, in a colour that can be read."""

    x: str
    width: str
    middle: str
    colour: str
    ink: str
    text: str


@dataclass(frozen=True)
class StackedBar:
    """A bar of shares. ``title`` says in words what it shows. Sizes are in the units of its own picture."""

    title: str
    width: int
    height: int
    font_size: int
    baseline: str
    segments: tuple[Segment, ...]
    font: str = FONT


def stacked_bar(title: str, shares: Sequence[Share], *, width: int, height: int) -> StackedBar:
    """A bar of ``shares`` that together fill it; without any count it stays empty."""
    total = sum(share.count for share in shares)
    font_size = round(height * 0.62)
    segments = []
    done = 0
    for share in shares:
        if not share.count:
            continue
        start, done = done * width / total, done + share.count
        room = share.count * width / total
        written = (f"{share.symbol} {share.count}".strip(), str(share.count), "")
        text = next(each for each in written if room >= _length(each, font_size))
        segments.append(
            Segment(
                x=f"{start:.2f}",
                width=f"{room:.2f}",
                middle=f"{start + room / 2:.2f}",
                colour=share.colour,
                ink=ink_on(share.colour),
                text=text,
            )
        )
    words = ", ".join(f"{share.label} {share.count}" for share in shares if share.count)
    return StackedBar(
        title=f"{title}: {words}" if words else title,
        width=width,
        height=height,
        font_size=font_size,
        baseline=f"{height / 2 + font_size * 0.36:.2f}",
        segments=tuple(segments),
    )


def _length(text: str, font_size: int) -> float:
    """How much room a count needs; none where nothing is written."""
    digits = sum(letter.isdigit() or letter == " " for letter in text)
    return (digits * DIGIT + (len(text) - digits) + 0.35) * font_size if text else 0


def ink_on(colour: str) -> str:
    """Dark or light, whichever is read better on ``colour`` (contrast as in WCAG 2)."""
    luminance = _luminance(colour)
    return LIGHT if (1.05 / (luminance + 0.05)) >= ((luminance + 0.05) / (_luminance(DARK) + 0.05)) else DARK


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
