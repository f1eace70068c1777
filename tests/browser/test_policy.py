"""The content security policy holds through the main interactions, and what is against it is found.

`test_every_page` holds it on each page type. Everything counts that the browser reports: the event in the page, the
sentence in its console, and the report that it sends to the program itself.
"""

import json
import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from ministries.enums import Role
from tests.browser.page_world import World
from tests.browser.visitors import Visitors
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture(scope="module")
def transactional_db(kept_database: None) -> None:
    """The rows stay from test to test: pages are only looked at."""


def test_nothing_that_one_does_on_a_page_is_against_its_policy(visitors: Visitors, world: World, watch: Watch) -> None:
    coordinator = watch.over(visitors.page(Role.COORDINATOR))
    coordinator.goto(world.round.get_absolute_url())
    coordinator.locator("#list form button[type=submit]").click()
    coordinator.wait_for_url("**?*")
    coordinator.locator("#list thead a").first.click()
    coordinator.wait_for_url("**sort=**")
    coordinator.click(".user-menu summary")
    coordinator.locator(".user-menu [data-session-extend] button").click()
    expect(coordinator.locator("#announcer")).not_to_be_empty()
    coordinator.goto(f"/people/{world.colleague.pk}/")
    coordinator.locator("a[href$='/deactivate/']").click()
    coordinator.locator("[data-modal-dialog] form button[type=submit]").click()
    expect(coordinator.locator("[data-modal-dialog] [data-error-summary]")).to_be_visible()
    coordinator.goto(world.submissions["again"].get_absolute_url())
    coordinator.locator("form[action$='/resolve/'] button").first.click()
    expect(coordinator.locator(".remark-resolved").first).to_be_visible()

    focal = watch.over(visitors.page(Role.FOCAL_POINT))
    focal.goto(f"{world.submissions['draft'].get_absolute_url()}change/")
    focal.locator("[data-formset=budget] [data-formset-add]").click()
    focal.fill("#id_results", "글")
    focal.locator("#id_results").blur()
    focal.emulate_media(media="print")
    focal.emulate_media(media="screen")
    coordinator.wait_for_load_state("networkidle")
    assert watch.taken() == []


FORBIDDEN = {
    "style-src-attr": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')",
    "style-src-elem": "document.head.insertAdjacentHTML('beforeend', '<style>p { color: red }</style>')",
    "script-src-attr": "document.body.insertAdjacentHTML('beforeend', '<img src=\"\" onerror=\"1\">')",
    "script-src-elem": "document.body.append(Object.assign(document.createElement('script'), {text: 'window.x = 1'}))",
    "img-src": "new Image().src = 'https://elsewhere.example.org/x.png'",
    "connect-src": "fetch('https://elsewhere.example.org/').catch(() => null)",
    "form-action": """{ const form = Object.assign(document.createElement('form'),
      {action: 'https://elsewhere.example.org/', method: 'post'}); document.body.append(form); form.submit(); }""",
    "frame-src": """document.body.append(Object.assign(document.createElement('iframe'),
      {src: 'https://elsewhere.example.org/'}))""",
}


@pytest.mark.parametrize("directive", FORBIDDEN)
def test_what_is_against_the_policy_is_found(directive: str, visitors: Visitors, watch: Watch) -> None:
    """The gate above would fail: the page's own event, the console and the program each tell it."""
    page = watch.over(visitors.page("stranger"))
    page.goto("/en/accessibility/?private=1")
    watch.taken()
    with page.expect_request("**/policy-reports/", timeout=30_000) as sent:
        page.evaluate(FORBIDDEN[directive])
    answer = sent.value.response()
    assert answer is not None
    assert answer.status == 204
    page.wait_for_load_state("networkidle")
    found = watch.taken()
    assert [one for one in found if one.startswith(f"{directive} ") and one.endswith("on /en/accessibility/")]
    assert [one for one in found if "Content Security Policy directive" in one]
    (logged,) = {one for one in found if one.startswith("Content security policy violated: ")}
    told = json.loads(logged.partition(": ")[2])
    assert told["effective-directive"] == directive
    assert told["document-uri"].endswith("/en/accessibility/")
    assert page.evaluate("window.x") is None


def test_every_answer_carries_the_policy_and_nothing_in_it_is_unsafe(world: World, live_server: LiveServer) -> None:
    signed_in = Client()
    signed_in.force_login(world.people[Role.COORDINATOR])
    draft = world.submissions["draft"]
    answers: dict[str, Any] = {
        "page": signed_in.get("/"),
        "sign-in": Client().get("/accounts/login/"),
        "not found": signed_in.get("/nothing-is-here/"),
        "forbidden": signed_in.get(f"{draft.get_absolute_url()}change/"),
        "part": signed_in.get(world.round.get_absolute_url(), headers={"HX-Request": "true"}),
        "json": signed_in.get("/accounts/session/status/"),
        "file": signed_in.get(f"/documents/{world.documents[0].pk}/download/"),
    }
    for name, answer in answers.items():
        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", name
        assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'", name
        assert not re.search(r"unsafe|data:|blob:|\*|https?:", answer["Content-Security-Policy"]), name
        assert "camera=()" in answer["Permissions-Policy"], name
        assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff"), name
        assert answer["Referrer-Policy"] == "same-origin", name
