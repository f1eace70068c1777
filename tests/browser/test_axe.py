"""The gate of axe-core fails for what is broken, and no page is missing before it: `test_every_page` walks them all."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Error

from ministries.enums import Role
from reports.models import EditionFile
from tests.browser.axe import faults, load_axe
from tests.browser.page_files import FILES, PART
from tests.browser.page_types import BY_KEY, PAGE_TYPES
from tests.browser.page_ways import desk
from tests.browser.page_world import World
from tests.browser.visitors import Visitors
from tests.page_lists import POSTED
from tests.page_walk import patterns

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


def test_every_named_page_stands_in_the_list() -> None:
    named = {name for name, _pattern in patterns(get_resolver("nap_monitor.urls"))}
    listed = {kind.name for kind in PAGE_TYPES if not kind.name.startswith("/")}
    assert named - POSTED - set(FILES) - listed == set(), "add these to tests/browser/page_types.py"
    assert listed <= named
    assert not (POSTED | set(FILES)) & listed
    assert len(BY_KEY) == len(PAGE_TYPES)


EXPORTS = {"submission": "csv", "overview": "xlsx"}


def test_what_is_no_page_answers_with_a_file_or_a_part(world: World) -> None:
    client, lead = Client(), Client()
    client.force_login(world.people[Role.FOCAL_POINT])
    lead.force_login(world.people[Role.COORDINATOR])
    document, file = world.documents[0].pk, world.submissions["confirmed"].evidence.first().pk
    given = {"session_status": [], "ministries:file_download": [file], "ministries:workbook_download": desk(world)}
    given |= {f"ministries:{name}_export": [*desk(world)[:2], form] for name, form in EXPORTS.items()}
    given["ministries:record_export"] = ["csv"]
    given["reports:report_schema"] = [3]
    given["reports:edition_download"] = [EditionFile.objects.get(form="pdf", language="ko").pk]
    given["reports:edition_files"] = [world.plan.number, world.earlier.year, 2]
    by_lead = {"ministries:overview_export", "ministries:record_export"}
    asks = {name: lead if name in by_lead else client for name in FILES}
    found = {name: asks[name].get(reverse(name, args=given.get(name, [document]))) for name in FILES}
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
