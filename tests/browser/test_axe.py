"""Every page type passes axe-core, loaded under the page's own policy, in both languages, on a desk and on a phone."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Error, Page

from ministries.enums import Role
from tests.browser.page_types import BY_KEY, FILES, PAGE_TYPES, PART, PageType
from tests.browser.page_world import World
from tests.browser.visitors import DESK, PHONE, Visitors
from tests.test_project import POSTED, patterns

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

#: WCAG 2.2 A and AA as axe names them, and what it recommends beyond them.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What axe finds broken. A contrast that it leaves open counts as broken too: the page is to be so that it can be told.
RUN = """async ([tags, within]) => {
  const found = await axe.run(within, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "incomplete"],
    iframes: false, preload: false });
  const open = found.incomplete.filter(({ id }) => id === "color-contrast");
  return [...found.violations, ...open].map(({ id, help, nodes }) => ({ id, help,
    nodes: nodes.map((node) => `${node.target.join(" ")}  ${node.html.slice(0, 200)}  ${node.failureSummary}`) }));
}"""


UNSTICK = """() => [...document.querySelectorAll("body *")].forEach((part) => {
  if (getComputedStyle(part).position === "sticky") part.style.position = "static"; })"""


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


def load_axe(page: Page) -> None:
    """Add axe to the page as the page itself could: from its own origin, where ``script-src 'self'`` lets it in.

    A bar that sticks to the window's edge lies over what can be scrolled away from under it, which axe does not: it is
    put in its place. That it covers nothing that has the focus holds test_tabbing.
    """
    page.add_script_tag(url="/static/axe/axe.min.js")
    page.evaluate(UNSTICK)


def faults(page: Page, within: str = "html") -> dict[str, list[str]]:
    """What axe finds: for each rule that is broken, where."""
    return {found["id"]: [found["help"], *found["nodes"]] for found in page.evaluate(RUN, [TAGS, within])}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", PAGE_TYPES, ids=lambda kind: kind.key)
def test_axe_finds_nothing(kind: PageType, language: str, visitors: Visitors) -> None:
    page = visitors.open(kind, language)
    load_axe(page)
    found = {}
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        found[size["width"]] = faults(page, kind.within)
    assert found == {DESK["width"]: {}, PHONE["width"]: {}}


# The gate itself


def test_every_named_page_stands_in_the_list() -> None:
    named = {name for name, _pattern in patterns(get_resolver("nap_monitor.urls"))}
    listed = {kind.name for kind in PAGE_TYPES if not kind.name.startswith("/")}
    assert named - POSTED - set(FILES) - listed == set(), "add these to tests/browser/page_types.py"
    assert listed <= named
    assert not (POSTED | set(FILES)) & listed
    assert len(BY_KEY) == len(PAGE_TYPES)


def test_what_is_no_page_answers_with_a_file_or_a_part(world: World) -> None:
    client = Client()
    client.force_login(world.people[Role.COORDINATOR])
    document, file = world.documents[0].pk, world.submissions["confirmed"].evidence.first().pk
    given = {"session_status": [], "ministries:file_download": [file]}
    found = {name: client.get(reverse(name, args=given.get(name, [document]))) for name in FILES}
    assert {name: answer["Content-Type"] for name, answer in found.items()} == FILES
    parts = [answer.content.decode() for name, answer in found.items() if FILES[name] == PART]
    assert not [part for part in parts if "<html" in part]


BROKEN = """<h5>Too deep</h5><img src="/static/icon.svg"><input type="text"><a href="/help/"></a>
<p id="pale">Pale words</p><button>small</button><table><tr><th></th></tr></table>"""


def test_the_gate_fails_for_a_broken_fragment(visitors: Visitors) -> None:
    page = visitors.open(BY_KEY["accessibility"], "en")
    load_axe(page)
    assert faults(page) == {}
    page.locator("main").evaluate("(main, html) => main.insertAdjacentHTML('beforeend', html)", BROKEN)
    page.evaluate("document.getElementById('pale').style.color = '#bbb'")
    assert set(faults(page)) >= {"heading-order", "image-alt", "label", "link-name", "color-contrast"}


def test_axe_comes_in_by_the_pages_own_policy(visitors: Visitors) -> None:
    page = visitors.page("stranger")
    policy = page.goto("/accessibility/").headers["content-security-policy"]
    assert "script-src 'self';" in f"{policy};"
    with pytest.raises(Error, match="violates the following Content Security Policy"):
        page.add_script_tag(content="window.inline = true")
    load_axe(page)
    assert page.evaluate("[typeof axe.run, typeof window.inline]") == ["function", "undefined"]
