"""Enlarged to 200 % and 400 %, and with letters and lines further apart, each page keeps its text and its width.

A desk of 1280 px that is enlarged to 200 % is 640 px wide to the page, at 400 % it is 320 px.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.page_types import BY_KEY, PAGE_TYPES, PageType
from tests.browser.visitors import DESK, PHONE, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

#: Width of the page by how far it is enlarged.
ENLARGED = {"200 %": {"width": 640, "height": 450}, "400 %": {"width": 320, "height": 256}}
#: The spacing of WCAG 1.4.12, as a reader's own style sheet sets it.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
#: By how much the page is wider than the window, and what hangs out of it.
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.querySelectorAll("body *")].filter((part) =>
    part.checkVisibility() && part.getBoundingClientRect().right > width + 1);
  const inner = out.filter((part) => ![...part.children].some((child) => out.includes(child)));
  return inner.slice(0, 5).map((part) => part.outerHTML.slice(0, 120));
}"""
#: Text that a box cuts off where nobody can scroll to it.
CUT = """() => {
  const cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const owner = text.parentElement;
    if (!text.data.trim() || owner.closest("script, template, textarea, option, noscript, svg, [hidden]")) continue;
    if (!owner.checkVisibility({ checkVisibilityCSS: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const words = range.getBoundingClientRect();
    if (words.width < 1 || words.height < 1) continue;
    let [acrossFree, downFree] = [false, false];
    for (let box = owner; box && box !== document.documentElement; box = box.parentElement) {
      const style = getComputedStyle(box);
      const frame = box.getBoundingClientRect();
      // What is only spoken is as small as a point.
      if (style.position === "absolute" && (frame.width <= 1.5 || frame.height <= 1.5)) break;
      if (style.position === "fixed") break;
      if (["auto", "scroll"].includes(style.overflowX)) acrossFree = true;
      if (["auto", "scroll"].includes(style.overflowY)) downFree = true;
      const [hidesAcross, hidesDown] = [style.overflowX, style.overflowY].map((value) => value !== "visible");
      const across = words.right > frame.right + 1 || words.left < frame.left - 1;
      const down = words.bottom > frame.bottom + 2 || words.top < frame.top - 2;
      if ((hidesAcross && across && !acrossFree) || (hidesDown && down && !downFree)) {
        cut.push(`${text.data.trim().slice(0, 40)} in ${box.outerHTML.slice(0, 100)}`);
        break;
      }
    }
  }
  return cut.slice(0, 5);
}"""


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


def faults(page: Page) -> dict[str, list[str]]:
    """What does not fit, at each size, and with the spacing that a reader sets."""
    found: dict[str, list[str]] = {}
    for name, size in ENLARGED.items():
        page.set_viewport_size(size)
        found[f"{name}: wider"] = page.evaluate(WIDER)
        found[f"{name}: cut"] = page.evaluate(CUT)
    page.evaluate(SPACED)
    for name, size in {"phone": PHONE, "desk": DESK}.items():
        page.set_viewport_size(size)
        found[f"{name}, spaced: cut"] = page.evaluate(CUT)
    found["desk, spaced: wider"] = page.evaluate(WIDER)
    return {name: parts for name, parts in found.items() if parts}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", PAGE_TYPES, ids=lambda kind: kind.key)
def test_nothing_is_lost_when_a_page_is_enlarged_or_spaced(kind: PageType, language: str, visitors: Visitors) -> None:
    page = visitors.open(kind, language)
    assert faults(page) == {}


def test_the_gate_fails_for_a_wide_box_and_for_cut_text(visitors: Visitors) -> None:
    page = visitors.open(BY_KEY["accessibility"], "en")
    page.evaluate("""() => {
      const wide = document.createElement("p"), cut = document.createElement("p");
      wide.style.width = "500px"; wide.textContent = "wide";
      cut.style.overflow = "hidden"; cut.style.height = "1em"; cut.textContent = "words ".repeat(200);
      document.querySelector("main").append(wide, cut);
    }""")
    assert set(faults(page)) == {
        "400 %: wider",
        "400 %: cut",
        "200 %: cut",
        "phone, spaced: cut",
        "desk, spaced: cut",
    }


# Targets

#: What is pressed most: the step that leads on, the fields of forms, the menus of the frame.
PRIMARY = """main .krds-btn.primary, main select, main textarea, .user-menu > summary, .menu-button,
  main input:not([type=hidden], [type=checkbox], [type=radio], [type=file])"""
SMALL = """(selector) => [...document.querySelectorAll(selector)].filter((part) => {
  const { width, height } = part.getBoundingClientRect();
  return part.checkVisibility({ checkVisibilityCSS: true }) && width > 1.5 && (width < 44 || height < 43.5);
}).map((part) => part.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    "key", ["sign in", "form, returned", "submission submitted, coordinator", "submissions", "people", "hand over"]
)
def test_what_is_pressed_most_is_large_enough_for_a_finger(key: str, visitors: Visitors) -> None:
    context = visitors.context(BY_KEY[key].who, viewport=PHONE, has_touch=True, is_mobile=True)
    page = visitors.open(BY_KEY[key], "ko", context.new_page())
    small = page.evaluate(SMALL, PRIMARY)
    pressed = page.locator(PRIMARY).count()
    context.close()
    assert (small, pressed > 0) == ([], True)


# Motion and colours

MOVING = """() => {
  const still = (value) => value.split(",").every((part) => parseFloat(part) === 0);
  return [document.documentElement, ...document.querySelectorAll("body *")].filter((part) =>
    ["", "::before", "::after"].some((pseudo) => {
      const style = getComputedStyle(part, pseudo);
      return (style.animationName !== "none" && !still(style.animationDuration)) || !still(style.transitionDuration)
        || (!pseudo && style.scrollBehavior === "smooth");
    })).map((part) => part.outerHTML.slice(0, 100));
}"""


@pytest.mark.parametrize("key", ["gallery", "form, filled", "start page, coordinator", "report, under way"])
def test_nothing_moves_for_those_who_ask_for_less_motion(key: str, visitors: Visitors) -> None:
    context = visitors.context(BY_KEY[key].who, reduced_motion="reduce")
    page = visitors.open(BY_KEY[key], "ko", context.new_page())
    moving = page.evaluate(MOVING)
    context.close()
    assert moving == []


#: A badge that is told from its surroundings by a line or by words, and whose picture is drawn in the colour of text.
BADGES = """() => [...document.querySelectorAll(".krds-badge, .badge")].filter((badge) =>
    badge.checkVisibility()).map((badge) => {
  const icon = badge.querySelector("svg");
  const ink = icon && getComputedStyle(icon).color;
  return { text: badge.innerText.trim(), ground: getComputedStyle(badge).backgroundColor, ink };
}).filter(({ text, ground, ink }) => !text || (ink && ink === ground))"""


def test_states_and_ratings_are_told_in_the_colours_of_the_system_too(visitors: Visitors) -> None:
    context = visitors.context(BY_KEY["gallery"].who, forced_colors="active")
    page = visitors.open(BY_KEY["gallery"], "ko", context.new_page())
    badges, unclear = page.locator(".krds-badge, .badge").count(), page.evaluate(BADGES)
    context.close()
    assert (badges > 15, unclear) == (True, [])
