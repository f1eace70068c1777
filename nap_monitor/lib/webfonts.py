"""Web subsets of the interface's font, in two tiers, made from the static OTF files in ``static/fonts/``.

The first tier holds the characters that catalogues, templates and fixtures use: one small file a weight, enough for
most pages. The second holds all others in chunks by kind and frequency; a browser loads a chunk only when a page uses
one of its characters. Every character of the font is in exactly one file of its weight, so a stale first tier costs
time and never a glyph.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

#: The licence reserves the name 'Pretendard' for the unchanged font, and a subset is a changed one.
FAMILY = "NAP Web Sans"
HEAD = "/* Made by manage.py make_webfonts; do not edit. Subsets of Pretendard GOV, SIL Open Font License 1.1. */"
#: CSS weight to the name of the file.
WEIGHTS = {400: "PretendardGOV-Regular", 700: "PretendardGOV-Bold"}
HANGUL = range(0xAC00, 0xD7A4)
#: Always in the first tier: ASCII, Latin-1, general punctuation, roman numbers, and what Korean officials type.
ALWAYS = frozenset(
    [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2028), *range(0x2160, 0x216C), *range(0x3008, 0x3016)]
    + [ord(character) for character in "※→←↑↓⇒①②③④⑤⑥⑦⑧⑨⑩○●◎□■◇◆△▲▽▼☆★√×÷±≤≥≠㎡㎞％ㆍ、。"]
)
#: Characters in a chunk of the second tier.
OTHER_CHUNK = 700
COMMON_CHUNK = 588
RARE_CHUNK = 1261
HANJA_CHUNK = 1200
#: Hanja are seldom and never bold: the files of this weight serve all.
HANJA_WEIGHT = 400
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "ljmo", "vjmo", "tjmo"]


@dataclass(frozen=True)
class Part:
    """One file: its name without weight, and its characters as sorted code points.

    ``exact`` says whether the style sheet lists each character. Where it does not, the range runs from the first to the
    last: a later rule wins over an earlier one, so what lies between and is in a later file is taken from there.
    """

    name: str
    characters: tuple[int, ...]
    exact: bool = False


def characters_in(paths: Iterable[Path]) -> set[int]:
    """The code points of all characters in these text files (UTF-8)."""
    found: set[int] = set()
    for path in paths:
        found |= {ord(character) for character in path.read_text(encoding="utf-8")}
    return found


def _is_common(character: int) -> bool:
    """Whether a syllable is among the 2,350 of KS X 1001, which nearly all Korean text keeps to."""
    try:
        # Python spells the other syllables out in eight bytes.
        return len(chr(character).encode("euc_kr")) == 2
    except UnicodeEncodeError:
        return False


def _is_hanja(character: int) -> bool:
    return 0x2E80 <= character < 0x3000 or 0x3400 <= character < 0xA000 or 0xF900 <= character < 0xFB00


def _chunks(name: str, characters: list[int], size: int, first: set[int], exact: bool = False) -> Iterator[Part]:
    """Chunks of fixed borders without the ``first`` tier: one that grows changes few files."""
    for number, start in enumerate(range(0, len(characters), size), start=1):
        rest = tuple(c for c in characters[start : start + size] if c not in first)
        if rest:
            yield Part(f"{name}-{number}", rest, exact)


def parts(available: Iterable[int], first: Iterable[int]) -> list[Part]:
    """Divide the font's ``available`` code points, in the order of the style sheet: the ``first`` tier last."""
    have = sorted(set(available))
    tier1 = set(have) & (set(first) | ALWAYS)
    syllables = [c for c in have if c in HANGUL]
    hanja = [c for c in have if _is_hanja(c)]
    other = [c for c in have if c not in HANGUL and not _is_hanja(c)]
    return [
        *_chunks("hanja", hanja, HANJA_CHUNK, tier1),
        *_chunks("rare", [c for c in syllables if not _is_common(c)], RARE_CHUNK, tier1),
        *_chunks("common", [c for c in syllables if _is_common(c)], COMMON_CHUNK, tier1),
        *_chunks("other", other, OTHER_CHUNK, tier1, exact=True),
        Part("first", tuple(sorted(tier1)), exact=True),
    ]


def subset(source: Path, characters: Iterable[int]) -> bytes:
    """A WOFF2 file with these characters of the font. The same input gives the same bytes."""
    options = Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [0, 2, 13, 14]
    options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    _rename(font)
    font.flavor = "woff2"
    stream = BytesIO()
    font.save(stream, reorderTables=True)
    return stream.getvalue()


def _rename(font: TTFont) -> None:
    """Call the subset by our own name everywhere inside; copyright and licence stay as they are."""
    postscript = FAMILY.replace(" ", "")
    for name_id, text in ((1, FAMILY), (4, FAMILY), (6, postscript)):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [postscript]
    for name in ("FullName", "FamilyName"):
        if hasattr(outlines[0], name):
            setattr(outlines[0], name, FAMILY)


def unicode_range(characters: Iterable[int]) -> str:
    """The value of CSS's ``unicode-range`` for sorted code points."""
    runs: list[list[int]] = []
    for character in characters:
        if runs and character == runs[-1][1] + 1:
            runs[-1][1] = character
        else:
            runs.append([character, character])
    return ",".join(f"U+{start:X}" if start == end else f"U+{start:X}-{end:X}" for start, end in runs)


def font_face(weight: int, file: str, part: Part) -> str:
    """One ``@font-face`` rule, with the address relative to ``static/css/``."""
    covered = part.characters if part.exact else range(part.characters[0], part.characters[-1] + 1)
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:normal;font-display:swap;'
        f'src:url("../fonts/web/{file}") format("woff2");unicode-range:{unicode_range(covered)}}}'
    )


def _file_weight(part: Part, weight: int) -> str:
    return WEIGHTS[HANJA_WEIGHT if part.name.startswith("hanja") else weight]


def make(fonts: Path, css: Path, first: set[int]) -> dict[str, int]:
    """Write ``fonts/web/*.woff2`` and the style sheet ``css``; gives the size in bytes by file name."""
    web = fonts / "web"
    web.mkdir(exist_ok=True)
    sizes: dict[str, int] = {}
    rules = [HEAD]
    for weight, name in WEIGHTS.items():
        source = fonts / f"{name}.otf"
        with TTFont(source, lazy=True) as font:
            available = list(font.getBestCmap())
        for part in parts(available, first):
            file = f"{_file_weight(part, weight)}-{part.name}.woff2"
            if file not in sizes:
                content = subset(source, part.characters)
                (web / file).write_bytes(content)
                sizes[file] = len(content)
            rules.append(font_face(weight, file, part))
    for stale in set(web.glob("*.woff2")) - {web / file for file in sizes}:
        stale.unlink()
    css.write_text("\n".join(rules) + "\n", encoding="utf-8")
    return sizes
