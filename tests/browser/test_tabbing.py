"""Each page type with the Tab key: every control is reached in the order of reading, is seen, and lets go again."""

import itertools

import pytest

from tests.browser.keyboard import Keyboard, goes_back
from tests.browser.page_types import BY_KEY, PAGE_TYPES, PageType
from tests.browser.visitors import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SMALL = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


@pytest.mark.parametrize("kind", PAGE_TYPES, ids=lambda kind: kind.key)
def test_tab_reaches_everything_in_order_and_comes_round(kind: PageType, visitors: Visitors) -> None:
    page = visitors.open(kind, "ko")
    keyboard = Keyboard(page)
    stops = keyboard.round()
    numbers = [stop.number for stop in stops]
    jumps = [f"{one.name} → {two.name}" for one, two in itertools.pairwise(stops) if goes_back(one, two)]
    assert set(keyboard.reachable()) - set(numbers) == set(), "never reached"
    assert numbers == sorted(numbers)
    assert (jumps, keyboard.faults) == ([], set())


@pytest.mark.parametrize("key", ["form, refused", "form, returned", "submission submitted, coordinator", "submissions"])
def test_no_control_hides_behind_a_bar_on_a_phone(key: str, visitors: Visitors) -> None:
    page = visitors.page(BY_KEY[key].who)
    page.set_viewport_size(SMALL)
    visitors.open(BY_KEY[key], "ko", page)
    keyboard = Keyboard(page)
    assert keyboard.round()
    assert keyboard.faults == set()


def test_backwards_the_way_is_the_same(visitors: Visitors) -> None:
    page = visitors.open(BY_KEY["form, filled"], "ko")
    keyboard = Keyboard(page)
    forwards = [stop.number for stop in keyboard.round()]
    # The focus is at the first control again.
    backwards = [stop.number for stop in (keyboard.press("Shift+Tab") for _stop in forwards) if stop]
    assert backwards == sorted(backwards, reverse=True)
    assert len(backwards) >= len(forwards) - 1
