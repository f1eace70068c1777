"""The pictures of the help: what a guide's step looks like, in each language, all of one size."""

from dataclasses import dataclass
from pathlib import Path

from ministries.templatetags.help import HEIGHT, WIDTH
from tests.pictures.poses import STEP, TO_REVIEW, WRITE, Pose, first_of, follow, to, unfold
from tests.pictures.program import ROOT, Program, keep, photograph, sheet_of

TARGET = ROOT / "static" / "help"
LANGUAGES = {"ko": "", "en": "/en"}
#: The last sample year that is complete, and the one at work.
DONE, RUNNING = "/plans/3/2022", "/plans/3/2023"
CARD = ".start-part"
HEAD, BODY = to(".page-header", above=10), to(".page-body", above=10)


@dataclass(frozen=True)
class Shot:
    """A picture: whose page, at which address, and how it stands; ``on_paper`` takes it as it is printed."""

    name: str
    who: str
    address: str
    poses: tuple[Pose, ...]
    on_paper: bool = False


SHOTS = (
    Shot("focal-start", "focal.mnd", "/", (to(CARD),)),
    Shot("focal-write", "focal.mnd", "/", (*WRITE, BODY)),
    Shot("focal-step", "focal.mnd", "/", (*WRITE, follow(STEP), BODY)),
    Shot("focal-paper", "focal.mnd", f"{DONE}/?scope=own", (follow("main tbody th a"),), on_paper=True),
    Shot("focal-returned", "focal.mnd", "/", (follow(first_of("task-own-returned", ".state-returned")), HEAD)),
    Shot("approver-start", "approver.mnd", "/", (to(CARD),)),
    Shot(
        "approver-submit",
        "approver.mnd",
        "/",
        (follow(first_of("task-own-to-submit")), unfold("#step-submit"), to(".actions")),
    ),
    Shot("coordinator-start", "coordinator", "/", (to(CARD),)),
    Shot("coordinator-list", "coordinator", f"{RUNNING}/", (HEAD,)),
    Shot(
        "coordinator-review",
        "coordinator",
        "/",
        (follow(TO_REVIEW), unfold("#decide-return"), to("#decision")),
    ),
    Shot("coordinator-report", "coordinator", f"{DONE}/report/", (HEAD,)),
    Shot("panel-start", "panel", "/", (to(CARD),)),
    Shot("panel-read", "panel", "/", (follow(first_of("task-reading-confirmed")), HEAD)),
    Shot("panel-ratings", "panel", f"{DONE}/summary/", (HEAD,)),
    Shot("committee-start", "committee", "/", (to(CARD),)),
    Shot("committee-ratings", "committee", f"{DONE}/summary/", (to("#area-heading"),)),
    Shot("administrator-start", "admin", "/", (HEAD,)),
    Shot("administrator-people", "admin", "/people/", (HEAD,)),
)


def make(program: Program) -> list[Path]:
    """Take all of them in every language."""
    return [
        _take(program, shot, language, f"{start}{shot.address}")
        for language, start in LANGUAGES.items()
        for shot in SHOTS
    ]


def _take(program: Program, shot: Shot, language: str, address: str) -> Path:
    page = program.page(shot.who, WIDTH, HEIGHT)
    page.goto(address)
    for pose in shot.poses:
        pose(page)
    target = TARGET / language / f"{shot.name}.webp"
    if shot.on_paper:
        made = keep(sheet_of(page, WIDTH).crop((0, 0, WIDTH, HEIGHT)), target)
    else:
        made = photograph(page, target)
    page.context.close()
    return made
