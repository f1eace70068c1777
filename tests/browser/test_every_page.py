"""Each page type before every gate, in both languages: opened once, and handed from gate to gate.

The gates fail for broken pages in `test_reflow`, `test_axe`, `test_tabbing`, `test_keyboard` and `test_policy`.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe, reflow
from tests.browser.keyboard import Keyboard, goes_back
from tests.browser.page_types import BY_KEY, PAGE_TYPES, PageType
from tests.browser.visitors import DESK, PHONE, Visitors
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SEEN = [(kind, language) for language in ("ko", "en") for kind in PAGE_TYPES]
#: The controls and their order are the same in both languages.
TABBED = [(kind, language) for kind, language in SEEN if language == "ko"]
#: English has the longer words, which a phone has least room for.
AXE_AT = {"ko": DESK, "en": PHONE}
#: Forms that were sent with something wrong or missing in them.
REFUSED = [(kind, _) for kind, _ in SEEN if kind.key.endswith("refused") and kind.key != "sign in, refused"]


#: All that a gate could leave behind. How long one stays signed in counts down by itself.
STATE = """() => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelectorAll("[data-session-left], [data-session-countdown]").forEach((clock) => clock.replaceChildren());
  return { html: copy.outerHTML, sheets: document.adoptedStyleSheets.length,
  size: [innerWidth, innerHeight],
  positions: [...document.querySelectorAll("body *")].map((part) => getComputedStyle(part).position) };
}"""


def named(seen: tuple[PageType, str]) -> str:
    return f"{seen[0].key}-{seen[1]}"


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


class Opened:
    """A page that gate after gate looks at. Each leaves it as it was; after one that did not, it is opened again."""

    def __init__(self, kind: PageType, language: str, visitors: Visitors, watch: Watch) -> None:
        self.kind, self.language = kind, language
        self._visitors, self._watch = visitors, watch
        self._is_as_opened = False

    @contextmanager
    def looked_at(self) -> Iterator[Page]:
        """The page, for one gate."""
        page = self._watch.over(self._visitors.page(self.kind.who))
        if not self._is_as_opened:
            self._visitors.open(self.kind, self.language)
        self._is_as_opened = False
        yield page
        page.set_viewport_size(DESK)
        # What lies over a page may close when somebody goes on: it is opened for each gate.
        self._is_as_opened = self.kind.within == "html"


@pytest.fixture(scope="module")
def nothing_told_late(visitors: Visitors, watch: Watch) -> Iterator[None]:
    """What a page tells of its policy after its last gate counts for the next one; after all of them there is time."""
    yield
    visitors.settle()
    assert watch.taken() == []


@pytest.fixture(scope="module", params=SEEN, ids=named)
def opened(request: pytest.FixtureRequest, visitors: Visitors, watch: Watch, nothing_told_late: None) -> Opened:
    """One page after the other; pytest runs the tests of one page before those of the next."""
    return Opened(*request.param, visitors, watch)


@pytest.mark.parametrize("opened", REFUSED, ids=named, indirect=True)
def test_each_fault_is_named_at_its_field_and_in_a_summary_that_leads_there(opened: Opened) -> None:
    """The first of the gates: the summary has the focus when the page has come."""
    with opened.looked_at() as page:
        summary = page.locator("[data-error-summary]")
        expect(summary).to_have_attribute("role", "alert")
        expect(summary).to_be_focused()
        told = page.evaluate("""() => [...document.querySelectorAll("main [aria-invalid=true]")].map((field) =>
          (field.getAttribute("aria-describedby") || "").split(" ").map((id) => document.getElementById(id))
            .filter((part) => part?.matches("[id$=_error]")).map((part) => part.textContent.trim()).join(" "))""")
        assert all(told)
        # A figure is two controls of one group: the value, and why there is none.
        led_to = page.evaluate("""() => {
          const group = (part) => part.closest(".form-group, fieldset") ?? part;
          const led = new Set([...document.querySelectorAll("[data-error-summary] a")].map((link) =>
            document.querySelector(link.getAttribute("href"))).filter(Boolean).map(group));
          return [...document.querySelectorAll("main [aria-invalid=true]")].every((field) => led.has(group(field)));
        }""")
        leads = page.evaluate("""() => [...document.querySelectorAll("[data-error-summary] a")].map((link) => {
          const field = document.querySelector(link.getAttribute("href"));
          return Boolean(field?.matches("[aria-invalid=true]") || field?.querySelector("[aria-invalid=true]"));
        })""")
        assert (all(leads), led_to) == (True, True)
        assert told or opened.kind.key == "evidence, refused"


def test_nothing_is_lost_when_a_page_is_enlarged_or_spaced(opened: Opened) -> None:
    with opened.looked_at() as page:
        found = reflow.faults(page)
    assert found == {}


def test_axe_finds_nothing_on_a_desk_and_on_a_phone(opened: Opened) -> None:
    """Each page at each size and in each language, one size in each: no rule of axe asks for both at once."""
    with opened.looked_at() as page:
        axe.load_axe(page)
        page.set_viewport_size(AXE_AT[opened.language])
        assert axe.faults(page, opened.kind.within) == {}


@pytest.mark.parametrize("opened", TABBED, ids=named, indirect=True)
def test_tab_reaches_everything_in_order_is_seen_and_comes_round(opened: Opened) -> None:
    with opened.looked_at() as page:
        keyboard = Keyboard(page)
        stops = keyboard.round()
        reachable = set(keyboard.reachable())
    numbers = [stop.number for stop in stops]
    jumps = [f"{one.name} → {two.name}" for one, two in itertools.pairwise(stops) if goes_back(one, two)]
    assert reachable - set(numbers) == set(), "never reached"
    assert numbers == sorted(numbers)
    assert (jumps, keyboard.faults) == ([], set())


def test_the_gates_leave_a_page_as_it_was(visitors: Visitors) -> None:
    """Else a gate would look at what another one made of the page."""
    page = visitors.open(BY_KEY["form, filled"], "ko")
    before = page.evaluate(STATE)
    assert "sticky" in before["positions"]
    reflow.faults(page)
    axe.load_axe(page)
    assert axe.faults(page) == {}
    page.evaluate("document.querySelector('script[src*=axe]').remove()")
    assert page.evaluate(STATE) == before


def test_a_page_asks_for_nothing_that_its_policy_forbids(opened: Opened, watch: Watch) -> None:
    with opened.looked_at() as page:
        page.wait_for_load_state("load")
    assert watch.taken() == []
