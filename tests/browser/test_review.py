"""The coordinators' desk by keyboard alone: from the queue to a review, its rating, the confirm, and on to the next."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ministries.enums import State
from ministries.models import ImplementingBody, SavedRating, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.browser.conftest import Desks
from tests.browser.keyboard import FAR
from tests.factories import RoundFactory, SubmissionFactory, submission_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is meant has the focus."""
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never came to {selector}.")


def press(page: Page, key: str = "Enter") -> None:
    """Press a key on what has the focus, and wait for the page that answers."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def test_a_coordinator_goes_from_the_queue_to_the_next_review_by_keyboard(
    desks: Desks, body: ImplementingBody, coordinator: User
) -> None:
    round_ = RoundFactory(year=2022)
    made = []
    for days in (9, 5):
        with clock.at(clock.now() - dt.timedelta(days=days)):
            made.append(submission_in("submitted", SubmissionFactory(round=round_, body=body)))
    first, second = made
    page = desks.sign_in(coordinator.email, language="/en")
    page.goto("/en" + reverse("ministries:review_queue", args=[round_.plan.number, round_.year]) + "?sort=last")

    tab_to(page, "tbody th a")
    press(page)
    assert first.get_absolute_url() in page.url
    expect(page.locator(".review-way").first).to_contain_text("1 of 2")
    tab_to(page, "a[href='#decision']")
    page.keyboard.press("Enter")
    tab_to(page, "#decision select")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#decision button[value=rate]")
    press(page)
    assert SavedRating.objects.get(submission=first).rating == "on-track"
    assert Submission.objects.get(pk=first.pk).state == State.SUBMITTED

    tab_to(page, "#decision button[value=confirm]")
    press(page)
    assert Submission.objects.get(pk=first.pk).coordinator_rating == "on-track"
    # The next one is open, in the order of the queue that one came from.
    assert second.get_absolute_url() in page.url
    assert page.url.endswith("?sort=last")
    expect(page.locator(".review-way").first).to_contain_text("1 of 1")
    expect(page.get_by_text(f"{first.assignment.action_plan.code} is confirmed.")).to_be_visible()
    assert desks.complaints == []
