"""The Tab key on a phone, and backwards. `test_every_page` tabs through each page type."""

import pytest

from tests.browser.keyboard import Keyboard
from tests.browser.page_types import BY_KEY
from tests.browser.visitors import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SMALL = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


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
