"""How a page stands before the camera: what is opened on it, and to where it is scrolled."""

from collections.abc import Callable

from playwright.sync_api import Page

Pose = Callable[[Page], None]


def to(selector: str, above: int = 24) -> Pose:
    """Scrolled so that this part stands at the top, with some space above it."""

    def scroll(page: Page) -> None:
        page.locator(selector).first.evaluate(
            "(part, above) => scrollTo(0, part.getBoundingClientRect().top + scrollY - above)", above
        )

    return scroll


def follow(selector: str) -> Pose:
    """Where this link leads."""

    def go(page: Page) -> None:
        address = page.locator(selector).first.get_attribute("href")
        page.goto(str(address))

    return go


def unfold(selector: str) -> Pose:
    """With this part unfolded."""

    def fold_out(page: Page) -> None:
        page.locator(selector).first.evaluate("(part) => { part.open = true; }")

    return fold_out


def first_of(group: str, more: str = "") -> str:
    """The first link of a group of the start page, in a row that has ``more`` in it."""
    row = f":has({more})" if more else ""
    return f"section[aria-labelledby={group}] li{row} > a"


#: From the start page to the steps of a draft, and the step of its results.
WRITE = (follow(first_of("task-own-drafts")), follow(".page-actions a.primary"))
#: From a coordinator's start page to the review of what has waited longest, not to the queue itself.
TO_REVIEW = "main a[href*='/2023/'][href$='/review/']:not([href$='/2023/review/'])"
STEP = ".write-list li:nth-child(2) a"
