"""The report of a year as PDF, against Chromium printing the same HTML in the same run; and as the year grows."""

import copy
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings

from ministries.models import Round
from nap_monitor.bootstrap import browser
from nap_monitor.lib.pdf import prepared
from nap_monitor.lib.pdf_worker import STATIC_URL
from reports.selectors.report_content import report_content
from reports.selectors.summary import leaves
from reports.services.rendering import render_summary, summary_html

#: So many times the year is made, to see how time and memory grow with it; each once.
TIMES = (1, 2, 4)
#: Each is made so many times, in turn; the median counts.
RUNS = 3
BROWSER_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-pdf-header-footer",
]


@dataclass(frozen=True)
class Made:
    """One way of making the document: seconds (median), pages, most memory at any time (MB, of all its processes)."""

    name: str
    seconds: float
    pages: int
    peak: float


def measure(plan: int, year: int, language: str = "ko") -> list[Made]:
    """Make the report both ways, in turn. Raises ``RuntimeError`` where no browser is found."""
    found = browser.find()
    if not found.path:
        raise RuntimeError(found.why_not)
    content = report_content(Round.objects.select_related("plan").get(plan__number=plan, year=year))
    with tempfile.TemporaryDirectory(prefix="nap-bench-") as name:
        page, target = Path(name) / "report.html", Path(name) / "chromium.pdf"
        html = prepared(summary_html(content=content, language=language))
        page.write_text(html.replace(STATIC_URL, f"{(settings.BASE_DIR / 'static').as_uri()}/"), encoding="utf-8")
        command = [found.path, *BROWSER_OPTIONS, f"--user-data-dir={name}/profile", f"--print-to-pdf={target}"]

        def ours() -> int:
            return render_summary(content=content, language=language).pages

        def chromium() -> int:
            subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=300)
            return len(pypdfium2.PdfDocument(target))

        return _in_turn({"WeasyPrint (this program)": ours, "Chromium, same HTML": chromium})


def growth(plan: int, year: int, language: str = "ko") -> list[Made]:
    """Make the report of one, two and four times the year's action plans, with all that bodies report on them."""
    content = report_content(Round.objects.select_related("plan").get(plan__number=plan, year=year))

    def make(times: int) -> Callable[[], int]:
        grown = multiplied(content, times)
        return lambda: render_summary(content=grown, language=language).pages

    return [Made(f"{times} × the year", *_turned(_watched(make(times)))) for times in TIMES]


def _turned(watched: tuple[int, float, float]) -> tuple[float, int, float]:
    pages, seconds, peak = watched
    return seconds, pages, peak


def multiplied(content: dict[str, Any], times: int) -> dict[str, Any]:
    """``content`` with each action plan so many times, and its lines numbered anew. Its sums stay those of one year."""
    grown = copy.deepcopy(content)
    for area in grown["areas"]:
        for objective in area["objectives"]:
            for strategy in objective["strategies"]:
                strategy["action_plans"] = [
                    {**copy.deepcopy(each), "code": f"{each['code']}.{number}" if number else each["code"]}
                    for number in range(times)
                    for each in strategy["action_plans"]
                ]
    for line, (_action_plan, entry) in enumerate(leaves(grown), start=1):
        entry["line"] = line
    return grown


def _in_turn(ways: dict[str, Callable[[], int]]) -> list[Made]:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    pages, peaks = dict.fromkeys(ways, 0), dict.fromkeys(ways, 0.0)
    for _run in range(RUNS):
        for name, way in ways.items():
            pages[name], took, peak = _watched(way)
            seconds[name].append(took)
            peaks[name] = max(peaks[name], peak)
    return [Made(name, statistics.median(seconds[name]), pages[name], peaks[name]) for name in ways]


def _watched(way: Callable[[], int]) -> tuple[int, float, float]:
    """What ``way`` gives, the seconds it took, and the most memory that the processes it started had together (MB)."""
    stop, peak = threading.Event(), [0.0]

    def watch() -> None:
        while not stop.wait(0.05):
            peak[0] = max(peak[0], sum(map(_memory, _children(os.getpid()))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    start = time.perf_counter()
    try:
        given = way()
    finally:
        took = time.perf_counter() - start
        stop.set()
        watcher.join()
    return given, took, peak[0]


def _children(process: int) -> list[int]:
    """The processes that ``process`` started, and theirs."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text()
        except OSError:
            continue
        parents.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found, waiting = [], [process]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _memory(process: int) -> float:
    """The memory of a process in MB, with its share of what it has in common with others."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def table(made: list[Made]) -> list[str]:
    """The lines to print: time as a ratio to the last one."""
    base = made[-1].seconds
    lines = [f"{'document':<28}{'ratio':>8}{'pages':>8}{'peak MB':>10}"]
    lines += [f"{way.name:<28}{way.seconds / base:>8.2f}{way.pages:>8}{way.peak:>10.0f}" for way in made]
    return lines


def growth_table(made: list[Made]) -> list[str]:
    """The lines to print: time, time a page and memory as ratios to one year. Linear: time as the pages, the rest 1."""
    one = made[0]
    lines = [f"{'document':<28}{'time':>8}{'pages':>8}{'a page':>8}{'peak MB':>10}"]
    lines += [
        f"{way.name:<28}{way.seconds / one.seconds:>8.2f}{way.pages:>8}"
        f"{(way.seconds / way.pages) / (one.seconds / one.pages):>8.2f}{way.peak:>10.0f}"
        for way in made
    ]
    return lines
