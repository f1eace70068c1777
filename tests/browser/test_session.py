"""The time for which somebody is signed in: told, warned of, extended; its end takes nothing that was typed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from ministries.models import ImplementingBody, Submission
from nap_monitor.accounts.models import User
from tests.browser.conftest import DESK, Desks
from tests.factories import PASSWORD, SubmissionFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

TYPED = "로그인이 끝나기 전에 쓴 글"
#: Seconds. WCAG asks for twenty to answer a warning; a test need not wait so long.
LIFE, WARNING = 24, 16
UNTIL_WARNED, UNTIL_ENDED = 20_000, 40_000


@pytest.fixture
def short(settings: Any) -> None:
    """A session of seconds."""
    settings.SESSION_COOKIE_AGE, settings.SESSION_WARNING_SECONDS = LIFE, WARNING


@pytest.fixture
def submission(body: ImplementingBody, focal_point: User) -> Submission:
    return SubmissionFactory(body=body)


def dialog(page: Page, name: str) -> Any:
    return page.locator(f"[data-session-dialog={name}]")


def form_of(submission: Submission) -> str:
    return f"{submission.get_absolute_url()}change/"


def sign_in_here(page: Page, email: str) -> None:
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def test_the_warning_leaves_at_least_twenty_seconds_and_comes_minutes_before_the_end(settings: Any) -> None:
    assert settings.SESSION_WARNING_SECONDS == 600
    assert settings.SESSION_COOKIE_AGE == 8 * 3600


def test_the_menu_tells_the_time_and_extends_it_without_leaving_the_page(
    desks: Desks, focal_point: User, submission: Submission
) -> None:
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(f"/en{form_of(submission)}")
    page.fill("#id_results", TYPED)
    page.click(".user-menu summary")
    session = page.locator(".user-menu .session")
    expect(session).to_contain_text("Signed in until")
    expect(session.locator("[data-session-left]")).to_contain_text("7 hr 59 min left")
    before = Session.objects.get().expire_date
    session.locator("button").click()
    expect(page.locator("#announcer")).to_contain_text("You stay signed in until")
    assert Session.objects.get().expire_date > before
    assert page.input_value("#id_results") == TYPED
    assert len(page.context.pages) == 1
    assert desks.complaints == []


@pytest.mark.usefixtures("short")
def test_a_warning_takes_the_focus_and_escape_stays_signed_in(
    desks: Desks, focal_point: User, submission: Submission
) -> None:
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(f"/en{form_of(submission)}")
    page.fill("#id_results", TYPED)
    warning = dialog(page, "warning")
    expect(warning).to_be_visible(timeout=UNTIL_WARNED)
    assert warning.get_attribute("role") == "alertdialog"
    expect(warning.get_by_role("button", name="Stay signed in")).to_be_focused()
    expect(warning).to_contain_text("You are signed in until")
    expect(warning.locator("[data-session-countdown]")).to_contain_text("0:1")
    for _step in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    before = Session.objects.get().expire_date
    page.keyboard.press("Escape")
    expect(warning).to_be_hidden()
    assert Session.objects.get().expire_date > before
    expect(page.locator("#id_results")).to_be_focused()
    assert page.input_value("#id_results") == TYPED
    assert desks.complaints == []


@pytest.mark.usefixtures("short")
def test_two_windows_agree(desks: Desks, focal_point: User) -> None:
    first = desks.sign_in(focal_point.email)
    second = first.context.new_page()
    second.goto("/help/")
    for page in (first, second):
        expect(dialog(page, "warning")).to_be_visible(timeout=UNTIL_WARNED)
    second.get_by_role("button", name=first.locator("[data-session-dialog] form button").last.inner_text()).click()
    for page in (second, first):
        expect(dialog(page, "warning")).to_be_hidden()
    assert desks.complaints == []


@pytest.mark.usefixtures("short")
def test_the_end_is_told_hides_nothing_and_the_work_goes_on_after_signing_in_in_a_new_window(
    desks: Desks, focal_point: User, submission: Submission, settings: Any
) -> None:
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(f"/en{form_of(submission)}")
    page.fill("#id_results", TYPED)
    ended = dialog(page, "ended")
    expect(ended).to_be_visible(timeout=UNTIL_ENDED)
    expect(dialog(page, "warning")).to_be_hidden()
    expect(ended.get_by_role("link", name="Sign in in a new window")).to_be_focused()
    ended.get_by_role("button", name="Close").click()
    expect(page.locator("[data-session-gone]")).to_be_visible()
    assert page.input_value("#id_results") == TYPED

    settings.SESSION_COOKIE_AGE = 3600
    with page.context.expect_page() as opened:
        page.locator("[data-session-gone] a").click()
    beside = opened.value
    beside.wait_for_load_state()
    sign_in_here(beside, focal_point.email)
    expect(beside.locator("main")).to_contain_text("You stay signed in until")
    beside.close()

    expect(page.locator("[data-session-gone]")).to_be_hidden()
    page.click("button[name=save]")
    page.wait_for_url("**?saved=*")
    submission.refresh_from_db()
    assert submission.results == TYPED
    assert desks.complaints == []


def test_what_another_person_opens_in_this_browser_is_not_saved_from_this_page(
    desks: Desks, focal_point: User, body: ImplementingBody, submission: Submission
) -> None:
    colleague = person("focal-point", body, email="colleague@example.org")
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(f"/en{form_of(submission)}")
    Session.objects.all().delete()
    beside = page.context.new_page()
    beside.goto("/en/accounts/login/")
    expect(dialog(page, "ended")).to_be_visible()
    sign_in_here(beside, colleague.email)
    expect(dialog(page, "other")).to_be_visible()
    expect(dialog(page, "other")).to_contain_text("another account is signed in now")
    assert desks.complaints == []


def test_signing_out_in_one_window_is_told_in_the_others(desks: Desks, focal_point: User) -> None:
    first = desks.sign_in(focal_point.email)
    second = first.context.new_page()
    second.goto("/help/")
    second.click(".user-menu summary")
    second.click(".user-menu form[action$='/logout/'] button")
    second.wait_for_url("**/accounts/login/**")
    expect(dialog(first, "ended")).to_be_visible()


def test_an_extension_that_fails_is_told(desks: Desks, focal_point: User, settings: Any) -> None:
    settings.SESSION_WARNING_SECONDS = settings.SESSION_COOKIE_AGE
    page = desks.sign_in(focal_point.email, language="/en")
    warning = dialog(page, "warning")
    expect(warning).to_be_visible()
    page.context.set_offline(True)
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning.get_by_role("alert")).to_contain_text("could not be extended")
    page.context.set_offline(False)
    settings.SESSION_WARNING_SECONDS = 600
    page.reload()
    expect(warning).to_be_hidden()


def test_the_dialog_fits_a_phone(desks: Desks, focal_point: User, settings: Any, fits: Callable[[Page], bool]) -> None:
    settings.SESSION_WARNING_SECONDS = settings.SESSION_COOKIE_AGE
    page = desks.sign_in(focal_point.email, **{**DESK, "viewport": {"width": 360, "height": 640}})
    expect(dialog(page, "warning")).to_be_visible()
    assert fits(page)
    box = dialog(page, "warning").get_by_role("button").last.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= 640
