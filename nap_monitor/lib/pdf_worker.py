"""The process that turns one HTML document into one PDF, and ends.

It is run as a script by :mod:`nap_monitor.lib.pdf` in a folder of its own, and knows neither Django nor the project. A
fresh process with the garbage collector off is quicker than a warm one, and gives its memory back.
"""

import gc
import json
import logging
import mimetypes
import os
import re
import shutil
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pydyf
from fontTools.ttLib import TTFont

with warnings.catch_warnings():
    # The process is given no system fonts on purpose, so that the result is the same on every machine.
    warnings.filterwarnings("ignore", message="No fonts configured")
    import weasyprint
from weasyprint.logger import LOGGER, PROGRESS_LOGGER
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

#: The address that stands for the project's own files. Nobody can own the top-level domain ``invalid``.
BASE_URL = "https://pdf.invalid/"
STATIC_URL = BASE_URL + "static/"


class StaticFetcher(URLFetcher):  # type: ignore[misc]
    """Gives the files of the static folders, and ``data:`` addresses; everything else stops the rendering."""

    def __init__(self, roots: list[tuple[str, str]]) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
        self.roots = [(prefix, Path(root).resolve()) for prefix, root in roots]

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The file at ``url``. Raises ``FatalURLFetchingError`` for any other address, and for a missing file."""
        if url.lower().startswith("data:"):
            return super().fetch(url, headers)
        path = self.find(url)
        if path is None:
            raise FatalURLFetchingError(f"The document may not ask for {url[:200]!r}.")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        data = path.read_bytes()
        return URLFetcherResponse(url, numbered(data) if path.suffix == ".otf" else data, {"Content-Type": kind})

    def find(self, url: str) -> Path | None:
        """The static file behind ``url``, or nothing."""
        if not url.startswith(STATIC_URL):
            return None
        name = unquote(urlsplit(url).path).removeprefix("/static/")
        if "\0" in name or ".." in PurePosixPath(name).parts:
            return None
        for prefix, root in self.roots:
            if prefix and not name.startswith(f"{prefix}/"):
                continue
            path = (root / (name[len(prefix) + 1 :] if prefix else name)).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        return None


def numbered(font: bytes) -> bytes:
    """An OpenType font whose character identifiers are the numbers of its glyphs, in memory only.

    WeasyPrint writes glyph numbers into the PDF. Readers that follow the standard (ISO 32000-1, 9.7.4.2) take them for
    the identifiers in a CID-keyed font's own list, and show other glyphs or none, where that list is not the identity.
    So the list is replaced by the identity, which is shorter: one range over all glyphs.
    """
    with TTFont(BytesIO(font), lazy=True) as parsed:
        if "CFF " not in parsed:
            return font
        top = parsed["CFF "].cff.topDictIndex[0]
        if not hasattr(top, "ROS"):
            return font
        place = parsed.reader.tables["CFF "].offset + top.rawDict["charset"]
        glyphs = parsed["maxp"].numGlyphs
    identity = struct.pack(">BHH", 2, 1, glyphs - 2)
    return font[:place] + identity + font[place + len(identity) :]


def remember_page_references() -> None:
    """Let pydyf make its list of references to pages once and not anew for each tag and link: that time grew with the
    square of the pages."""
    made_anew = pydyf.PDF.page_references.fget

    def references(pdf: Any) -> tuple[bytes, ...]:
        pages = len(pdf.pages["Kids"])
        known: tuple[int, tuple[bytes, ...]] = getattr(pdf, "known_references", (-1, ()))
        if known[0] != pages:
            known = pdf.known_references = (pages, made_anew(pdf))
        return known[1]

    pydyf.PDF.page_references = property(references)


def refuse_network(event: str, _arguments: tuple[Any, ...]) -> None:
    """An audit hook: no connection and no other program, whatever asks for it."""
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn")):
        raise PermissionError(f"{event} is not allowed while a document is rendered.")


def render(job: dict[str, Any], target: Path) -> dict[str, Any]:
    """Write the PDF of ``job`` to ``target``; gives the count of pages and every warning of the renderer."""
    complaints: list[str] = []
    LOGGER.handlers = [_Collector(complaints)]
    LOGGER.setLevel("WARNING")
    PROGRESS_LOGGER.handlers = [_Progress(target.with_name("progress.txt"))]
    PROGRESS_LOGGER.setLevel("INFO")
    PROGRESS_LOGGER.propagate = False
    warnings.showwarning = lambda message, *_rest, **_more: complaints.append(str(message))
    remember_page_references()
    fetcher = StaticFetcher([tuple(root) for root in job["roots"]])
    document = weasyprint.HTML(string=job["html"], base_url=BASE_URL, url_fetcher=fetcher).render()
    document.write_pdf(target, pdf_variant="pdf/ua-1", pdf_identifier=job["identifier"].encode("ascii"))
    return {"pages": len(document.pages), "warnings": complaints}


class _Collector(logging.Handler):
    def __init__(self, complaints: list[str]) -> None:
        super().__init__()
        self.complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        self.complaints.append(record.getMessage())


class _Progress(logging.Handler):
    """Writes down how far the renderer is: per cent, page, pages.

    The renderer names its steps, and the page that it lays out. How many there will be is known once it has laid out
    all of them and goes over them again, for what refers to other pages.
    """

    STEPS = {1: 1, 2: 3, 3: 5, 4: 10, 5: 15, 6: 80, 7: 95}
    STEP = re.compile(r"Step (\d)(?:.* (Page|Repagination) #?(\d+))?")

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self.percent = self.page = self.pages = 0

    def emit(self, record: logging.LogRecord) -> None:
        found = self.STEP.match(record.getMessage())
        if not found:
            return
        step = int(found[1])
        percent = self.STEPS.get(step, 0)
        if found[2] == "Page":
            self.page = int(found[3])
            # Until the number of pages is known: come near the next step without reaching it.
            percent += (self.STEPS[6] - self.STEPS[5]) * self.page // (self.page + 40)
        elif self.page:
            self.pages = self.page
        self.percent = max(self.percent, percent)
        self.file.write_text(f"{self.percent} {self.page} {self.pages}\n", encoding="ascii")


def end_with_parent(folder: Path) -> Callable[[], None]:
    """End where whoever started this process ends, and take ``folder`` away, as nobody else will: it holds our standard
    input open as long as it lives.

    Gives what is to be called where the work ends by itself: it lets that come first.
    """
    us, is_alone = os.getpid(), threading.Event()

    def wait() -> None:
        # Not by sys.stdin, whose lock the end of the interpreter would wait for in vain.
        while os.read(0, 1024):
            pass
        is_alone.set()
        # The renderer breaks off badly where its files go while it works: it ends first, and a copy of us clears up.
        if os.fork() == 0:
            while os.getppid() == us:
                time.sleep(0.01)
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)
        os._exit(3)

    watching = threading.Thread(target=wait, daemon=True)
    watching.start()
    return lambda: watching.join() if is_alone.is_set() else None


def main(folder: Path) -> int:
    """Read ``job.json`` in ``folder``, write ``document.pdf`` and ``answer.json`` there."""
    before_the_end = end_with_parent(folder)
    try:
        return _work(folder)
    finally:
        before_the_end()


def _work(folder: Path) -> int:
    gc.disable()
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    sys.addaudithook(refuse_network)
    try:
        answer = render(job, folder / "document.pdf")
    except (FatalURLFetchingError, Exception) as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
