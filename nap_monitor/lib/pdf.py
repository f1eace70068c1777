"""PDF from HTML: tagged (PDF/UA-1), in the project's own fonts, the same byte for byte on every machine.

The rendering itself happens in a short-lived process (:mod:`nap_monitor.lib.pdf_worker`) that has no network, no system
font, and no file but the static ones.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

#: The font whose characters can be printed; its bold face has the same ones.
FONT = "fonts/PretendardGOV-Regular.otf"
#: What stands for a character that the font does not have.
REPLACEMENT = "\u25a2"  # a square with round corners; the plain square is a bullet in official Korean
#: How often the one who waits is told of the progress, in seconds.
BEAT = 0.25

WORKER = Path(__file__).with_name("pdf_worker.py")
NO_SYSTEM_FONTS = '<?xml version="1.0"?><fontconfig><cachedir>{folder}/cache</cachedir></fontconfig>'

#: A run without spaces that is longer than this may break anywhere, or it would run out of the page.
LONGEST_WORD = 24
#: Without Korean nothing breaks by itself. A run that is longer than a line gets places to break: finding them in ten
#: thousand letters would take the renderer minutes.
LONGEST_LINE = 60
WORD_JOINER = "\u2060"
#: Where a word may end its line although it is short: in the narrow heads of tables.
BREAK_HERE = "\u200b"
_OUTSIDE_TEXT = re.compile(r"(<title>.*?</title>|<svg.*?</svg>|<[^>]*>)", re.DOTALL)
# Words, cut after the marks that chain them (국방·외교·안보), where a line may end.
_RUN = re.compile(r"[^\s·ㆍ/]+[·ㆍ/]?")
_UNIT = re.compile(r"&[#\w]+;|.")
_KOREAN = re.compile(r"[가-힣]")
_BETWEEN = re.compile(
    r"(?<=[가-힣0-9A-Za-z)\]」』”’%])(?=[가-힣])|(?<=[가-힣])(?=[0-9A-Za-z])|(?<=[가-힣)\]」』”’])(?=[·ㆍ/])"
)


class PdfError(Exception):
    """A document could not be rendered; the message says why."""


class PdfTimeoutError(PdfError):
    """The document was not finished within its time; what was rendering it has been stopped."""


@dataclass(frozen=True)
class Progress:
    """How far a document is, roughly in per cent; the page that is laid out, and of how many, once that is known."""

    percent: int = 0
    page: int = 0
    pages: int = 0


@dataclass(frozen=True)
class Pdf:
    """A rendered document. ``warnings`` is what the renderer complained of; a good document has none."""

    data: bytes
    pages: int
    warnings: tuple[str, ...] = ()


def render_pdf(
    html: str, *, identifier: str, timeout: float | None = None, progress: Callable[[Progress], None] | None = None
) -> Pdf:
    """The PDF of ``html``, whose ``lang`` and ``<title>`` become the document's.

    Styles, fonts and pictures are taken from ``https://pdf.invalid/static/…`` alone. The same ``html`` and
    ``identifier`` (ASCII) give the same bytes. ``progress`` is called a few times a second; what it raises ends the
    rendering and passes through. Raises :class:`PdfError` where the document asks for anything else or where the
    renderer fails, :class:`PdfTimeoutError` after ``timeout`` seconds (as the settings have it, where none are given).
    """
    job = {"html": prepared(html), "identifier": identifier, "roots": _static_roots()}
    with tempfile.TemporaryDirectory(prefix="nap-pdf-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        (folder / "fonts.conf").write_text(NO_SYSTEM_FONTS.format(folder=name), encoding="utf-8")
        code = _run(
            folder, settings.PDF_MAX_SECONDS if timeout is None else timeout, progress or (lambda _progress: None)
        )
        answer = _answer(folder, code)
        return Pdf((folder / "document.pdf").read_bytes(), int(answer["pages"]), tuple(answer["warnings"]))


def _run(folder: Path, timeout: float, progress: Callable[[Progress], None]) -> int:
    """Let the worker do its job in ``folder``; gives its exit code. Whatever happens, it has ended afterwards: we hold
    its standard input open, and it ends when nobody does so any more."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FONTCONFIG_")}
    environment.update({"FONTCONFIG_FILE": str(folder / "fonts.conf"), "TMPDIR": str(folder), "PYTHONUTF8": "1"})
    end = time.monotonic() + timeout
    with (folder / "errors.txt").open("wb") as errors:
        worker = subprocess.Popen(  # noqa: S603 - our own script, and a folder that we made
            [sys.executable, "-P", str(WORKER), str(folder)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=errors,
            stderr=errors,
        )
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return worker.wait(BEAT)
                if time.monotonic() > end:
                    raise PdfTimeoutError(f"The document was not finished after {timeout:g} seconds.")
                if told := _progress(folder):
                    progress(told)
        finally:
            worker.kill()
            worker.communicate()


def _progress(folder: Path) -> Progress | None:
    """How far the worker says it is; nothing before it has said so, or while it is writing that down."""
    with suppress(OSError, ValueError):
        words = (folder / "progress.txt").read_text(encoding="ascii")
        if words.endswith("\n"):
            percent, page, pages = map(int, words.split())
            return Progress(percent, page, pages)
    return None


def _answer(folder: Path, code: int) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    except OSError as error:
        last = (folder / "errors.txt").read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        raise PdfError(f"The renderer ended with code {code}: {last[:500]}") from error
    if "error" in answer:
        raise PdfError(answer["error"])
    return answer


def _static_roots() -> list[tuple[str, str]]:
    """The project's own static folders, each with the prefix of its addresses."""
    return [(prefix, str(root)) for prefix, root in finders.FileSystemFinder().locations]


def printable(html: str) -> str:
    """``html`` with the characters that can be printed alone: composed, and a mark for what the font does not have."""
    html = unicodedata.normalize("NFC", html)
    return html.translate({code: _printed(chr(code)) for code in {*map(ord, html)} - font_characters()})


def prepared(html: str) -> str:
    """``html`` as it goes to the renderer: characters that can be printed, and Korean that breaks between words."""
    parts = _OUTSIDE_TEXT.split(printable(html))
    parts[::2] = [_RUN.sub(_keep_together, part) for part in parts[::2]]
    return "".join(parts)


def _keep_together(match: re.Match[str]) -> str:
    run = match[0]
    if len(run) <= LONGEST_WORD:
        return _BETWEEN.sub(WORD_JOINER, run)
    units = _UNIT.findall(run)
    if len(units) <= LONGEST_LINE or _KOREAN.search(run):
        return run
    return BREAK_HERE.join("".join(units[place : place + LONGEST_WORD]) for place in range(0, len(units), LONGEST_WORD))


@lru_cache(maxsize=1)
def font_characters() -> frozenset[int]:
    """The code points that can be printed: what the font has, without invisible ones that turn or break text."""
    path = finders.find(FONT)
    if not path:
        raise PdfError(f"The font {FONT} is missing in the static files.")
    with TTFont(path, lazy=True) as font:
        has = frozenset(font.getBestCmap())
    return frozenset(code for code in has if not _is_invisible(chr(code))) | {ord("\n")}


def _is_invisible(character: str) -> bool:
    return character != BREAK_HERE and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def _printed(character: str) -> str:
    """What is printed for a character that the font does not have; nothing for an invisible or a joining one."""
    if character in "\t\u2028\u2029\r":
        return " " if character == "\t" else "\n"
    if _is_invisible(character) or unicodedata.category(character) in ("Mn", "Me", "Cs"):
        return ""
    return REPLACEMENT


def count_unprintable(text: str) -> int:
    """How many characters of ``text`` will be printed as a replacement mark."""
    unknown = {*map(ord, unicodedata.normalize("NFC", text))} - font_characters()
    return sum(text.count(chr(code)) for code in unknown if _printed(chr(code)) == REPLACEMENT)
