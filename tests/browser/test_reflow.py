"""The gate of enlarged and spaced pages fails for what is lost; large enough targets, less motion, forced colours."""

import pytest

from tests.browser.page_types import BY_KEY
from tests.browser.reflow import faults
from tests.browser.visitors import PHONE, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


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
