"""What is typed is never lost: a session ends while somebody writes, and the text is there again after signing in."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from ministries.models import ImplementingBody, Submission
from nap_monitor.accounts.models import User
from tests.browser.conftest import Desks
from tests.factories import PASSWORD, SubmissionFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

TYPED = "세션이 끝나기 전에 쓴 글"


@pytest.fixture
def submission(body: ImplementingBody, focal_point: User) -> Submission:
    return SubmissionFactory(body=body)


def _sign_in_again(page: Page, email: str) -> None:
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def test_text_typed_before_the_session_ended_is_put_back_and_saved(
    desks: Desks, submission: Submission, focal_point: User
) -> None:
    page = desks.sign_in(focal_point.email)
    form = f"{submission.get_absolute_url()}change/"
    page.goto(form)
    notice = page.locator("[data-kept]")
    expect(notice).to_be_hidden()
    page.fill("#id_results", TYPED)
    page.click("[data-formset=budget] [data-formset-add]")
    page.fill("#id_budget-1-programme", "둘째 사업")
    page.fill("[name=budget-1-budget_value]", "1,234.5")
    Session.objects.all().delete()
    page.click("button[name=save]")
    page.wait_for_url("**/accounts/login/**")
    _sign_in_again(page, focal_point.email)

    page.wait_for_url(f"**{form}")
    expect(notice).to_be_visible()
    page.click("[data-kept-restore]")
    expect(page.locator("#id_results")).to_have_value(TYPED)
    page.click("button[name=save]")
    page.wait_for_url("**?saved=*")
    submission.refresh_from_db()
    assert submission.results == TYPED
    assert [(line.programme, line.budget_value) for line in submission.budget_lines.all()] == [("둘째 사업", 1234.5)]

    page.goto(form)
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert page.evaluate("Object.keys(sessionStorage).length") == 0, "what is saved is forgotten"


def test_nobody_else_is_offered_it_and_signing_out_forgets_it(
    desks: Desks, submission: Submission, focal_point: User, body: ImplementingBody
) -> None:
    colleague = person("focal-point", body, email="colleague@example.org")
    page = desks.sign_in(focal_point.email)
    form = f"{submission.get_absolute_url()}change/"
    page.goto(form)
    page.fill("#id_results", TYPED)
    page.on("dialog", lambda dialog: dialog.accept())
    Session.objects.all().delete()
    page.goto(form)
    _sign_in_again(page, colleague.email)
    expect(page.locator("[data-kept]")).to_be_hidden()
    page.click(".user-menu summary")
    page.click(".user-menu form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_it_can_be_discarded(desks: Desks, submission: Submission, focal_point: User) -> None:
    page = desks.sign_in(focal_point.email)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{submission.get_absolute_url()}change/")
    page.fill("#id_results", TYPED)
    page.locator("#id_disclosure_ground").scroll_into_view_if_needed()
    page.reload()
    expect(page.locator("[data-kept]")).to_be_in_viewport()
    page.click("[data-kept-discard]")
    expect(page.locator("[data-kept]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-kept]")).to_be_hidden()
