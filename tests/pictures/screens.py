"""The README's pictures: ten kinds of page, on a desk, a tablet and a phone, in both languages."""

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page

from tests.pictures.poses import STEP, TO_REVIEW, WRITE, Pose, follow, to
from tests.pictures.program import ROOT, Program, keep, photograph, sheet, sheet_of

TARGET = ROOT / "docs" / "screens"
#: Width, height and dots a pixel.
DESK, TABLET, PHONE = (1280, 960, 1), (820, 1100, 1), (360, 740, 2)
#: A sheet of paper, in pixels.
SHEET = 900
#: The page with the year at a glance.
REPORT_PAGE = "Ⅱ. 총괄 요약"


@dataclass(frozen=True)
class Screen:
    """A picture: whose page, at which address, on what, and how it stands."""

    name: str
    who: str
    address: str
    size: tuple[int, int, int] = DESK
    poses: tuple[Pose, ...] = ()


CARD, HEAD = to(".start-part"), to(".page-header", above=12)
REVIEW = (follow(TO_REVIEW), to("#content-heading"))
SCREENS = (
    Screen("start", "coordinator", "/"),
    Screen("start-phone", "focal.mnd", "/en/", PHONE, (CARD,)),
    Screen("overview", "coordinator", "/en/plans/3/2023/overview/", DESK, (to(".overview-bar"),)),
    Screen("list-phone", "panel", "/plans/3/2023/", PHONE, (to("#list .table-cards"),)),
    Screen("form-tablet", "focal.mnd", "/", TABLET, (*WRITE, follow(STEP), HEAD)),
    Screen("review", "coordinator", "/", DESK, REVIEW),
    Screen("ratings-tablet", "committee", "/en/plans/3/2022/summary/", TABLET, (HEAD,)),
    Screen("plan", "panel", "/en/plans/3/", DESK, (to(".page-body"),)),
)
PAPER = Screen("paper", "focal.mnd", "/plans/3/2022/?scope=own", DESK, (follow("main tbody th a"),))


def make(program: Program) -> list[Path]:
    """Take all of them, the printed submission and a page of the report."""
    made = [photograph(_pose(program, each), TARGET / f"{each.name}.webp") for each in SCREENS]
    made.append(keep(sheet_of(_pose(program, PAPER), SHEET), TARGET / "paper.webp"))
    made.append(_report(program))
    return made


def _pose(program: Program, screen: Screen) -> Page:
    width, height, scale = screen.size
    page = program.page(screen.who, width, height, scale)
    page.goto(screen.address)
    for pose in screen.poses:
        pose(page)
    return page


def _report(program: Program) -> Path:
    """The page of the PDF that shows the year at a glance."""
    document = pypdfium2.PdfDocument(program.report())
    # The contents name it first; then comes the page itself, and the heads of the pages that follow it.
    pages = [page for page in document if REPORT_PAGE in page.get_textpage().get_text_range()]
    return keep(sheet(pages[1], SHEET), TARGET / "report.webp")
