"""Parts of pages that change in place: lists, remarks, a document under way; and what is said when it fails."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from playwright.sync_api import Page, Route, expect

from ministries.enums import Role, State
from ministries.models import ImplementingBody, ReviewComment, Round, Submission
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob
from reports.services.snapshots import take_snapshot
from tests.browser.conftest import Desks
from tests.factories import RoundFactory, SubmissionFactory, person, submission_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

MARK = "document.body.dataset.stays = 'yes'"
STAYED = "document.body.dataset.stays === 'yes'"


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def submissions(
    round_: Round, body: ImplementingBody, focal_point: User, approver: User, coordinator: User
) -> list[Submission]:
    """Three of the body: a draft, one that is submitted, one that was returned with two remarks and submitted again."""
    made = [SubmissionFactory(round=round_, body=body) for _ in range(3)]
    hands = {"by": focal_point, "approver": approver, "coordinator": coordinator}
    submission_in(State.DRAFT, made[0], **hands)
    submission_in(State.SUBMITTED, made[1], **hands)
    submission_in(State.SUBMITTED, made[2], **hands)
    remarks = {"results": "수치가 없습니다.", "budget": "출처가 없습니다."}
    due = clock.today() + dt.timedelta(days=30)
    transitions.return_submission(submission=made[2], by=coordinator, reason="보완", comments=remarks, due_date=due)
    transitions.sign_off(submission=made[2], by=approver)
    transitions.submit(submission=made[2], by=approver)
    return made


def list_of(round_: Round, language: str = "/en") -> str:
    return f"{language}/plans/{round_.plan.number}/{round_.year}/"


def open_list(desks: Desks, user: User, round_: Round) -> Page:
    page = desks.sign_in(user.email, language="/en")
    page.goto(list_of(round_))
    page.evaluate(MARK)
    return page


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate(STAYED))


def test_a_filter_changes_the_list_alone_its_address_and_what_is_said(
    desks: Desks, coordinator: User, round_: Round, submissions: list[Submission]
) -> None:
    page = open_list(desks, coordinator, round_)
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(3)
    page.select_option("#list [name=state]", "submitted")
    filter_button = page.locator("#list form button[type=submit]")
    filter_button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(1)
    expect(page.locator("#announcer")).to_have_text("1 of 3")
    expect(filter_button).to_be_focused()
    assert "state=submitted" in page.url
    assert page.input_value("#list [name=state]") == "submitted"
    assert is_same_page(page)

    # The other language, and a new visit to the address, show the same.
    assert "state=submitted" in str(page.get_attribute("a[hreflang=ko]", "href"))
    page.reload()
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(1)

    # One step back is the list as it was before.
    page.go_back()
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(3)
    assert page.url.endswith(list_of(round_))
    page.go_forward()
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(1)
    assert desks.complaints == []


def test_a_list_is_sorted_by_the_keyboard_and_the_focus_stays_at_the_head(
    desks: Desks, coordinator: User, round_: Round, submissions: list[Submission]
) -> None:
    page = open_list(desks, coordinator, round_)
    head = page.locator("#list thead a").first
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list th[aria-sort]").first).to_be_visible()
    page.wait_for_url(re.compile(r"sort="))
    expect(page.locator("#list thead a").first).to_be_focused()
    assert is_same_page(page)
    page.locator("#list .state-counts a").first.click()
    page.wait_for_url(re.compile(r"state="))
    assert is_same_page(page)
    page.locator("#list .krds-table-wrap tbody a").first.click()
    page.wait_for_url(lambda url: "state=" not in url)
    assert not is_same_page(page)
    assert desks.complaints == []


def test_another_page_of_a_list_is_read_from_its_beginning(desks: Desks, administrator: User, settings: Any) -> None:
    for number in range(60):
        person(Role.PANEL_MEMBER, email=f"p{number}@example.org", name=f"P {number:02}")
    page = desks.sign_in(administrator.email, language="/en")
    page.goto("/en/people/")
    page.evaluate(MARK)
    page.locator("#list a[rel=next]").click()
    page.wait_for_url(re.compile(r"page=2"))
    expect(page.locator("#list [aria-current=page]")).to_contain_text("2")
    expect(page.locator("#list")).to_be_focused()
    expect(page.locator("#list")).to_be_in_viewport()
    assert is_same_page(page)
    assert page.evaluate("localStorage.length") == 0
    assert "htmx-history-cache" not in page.evaluate("Object.keys(sessionStorage)"), "no page is kept in the browser"
    assert desks.complaints == []


def test_a_remark_is_resolved_in_its_place(desks: Desks, coordinator: User, submissions: list[Submission]) -> None:
    page = desks.sign_in(coordinator.email, language="/en")
    page.goto(f"/en{submissions[2].get_absolute_url().removeprefix('/en')}")
    page.evaluate(MARK)
    page.locator("form[action$='/resolve/'] button").first.click()
    expect(page.locator(".remark-resolved")).to_have_count(1)
    expect(page.locator("#announcer")).to_have_text("The remark is resolved.")
    assert page.evaluate("document.activeElement.id.startsWith('remark-')")
    expect(page.locator("form[action$='/resolve/']")).to_have_count(1)
    assert is_same_page(page)
    assert ReviewComment.objects.filter(resolved_at=None).count() == 1
    assert desks.complaints == []


@pytest.fixture
def job(round_: Round, submissions: list[Submission], tmp_path: Any, settings: Any) -> RenderJob:
    """A document that a worker has begun to make."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    snapshot, lease = take_snapshot(round=round_), clock.now() + dt.timedelta(minutes=5)
    return RenderJob.objects.create(snapshot=snapshot, language="ko", state="running", progress=10, lease_until=lease)


def test_a_document_under_way_is_watched_until_it_is_ready(
    desks: Desks, coordinator: User, round_: Round, job: RenderJob
) -> None:
    page = desks.sign_in(coordinator.email, language="/en")
    page.goto(f"{list_of(round_)}report/")
    page.evaluate(MARK)
    bar = page.locator("progress")
    expect(bar).to_have_attribute("value", "10")
    expect(page.locator("[data-no-script]")).to_be_hidden()
    RenderJob.objects.filter(pk=job.pk).update(progress=60)
    expect(bar).to_have_attribute("value", "60")
    name = storages["private"].save("reports/x.pdf", ContentFile(b"%PDF-1.7"))
    RenderJob.objects.filter(pk=job.pk).update(
        state="done", progress=100, file_name=name, file_size=8, pages=3, finished_at=clock.now()
    )
    expect(page.locator("main a[href*='/download/']")).to_be_visible()
    expect(bar).to_have_count(0)
    expect(page.locator("#announcer")).to_have_text("The document is ready to be downloaded.")
    assert is_same_page(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == [], "nothing is asked any more"
    assert desks.complaints == []


# What is said when it fails


def test_a_part_that_is_not_there_any_more_is_told_above_the_page(
    desks: Desks, coordinator: User, submissions: list[Submission]
) -> None:
    page = desks.sign_in(coordinator.email, language="/en")
    page.goto(submissions[2].get_absolute_url())
    ReviewComment.objects.all().delete()
    page.locator("form[action$='/resolve/'] button").first.click()
    notice = page.locator("#content > div > .notice-error")
    expect(notice).to_contain_text("페이지를 찾을 수 없습니다")
    expect(notice).to_be_in_viewport()
    expect(page.locator("main h1")).to_have_count(1)
    assert page.locator("main main, main header").count() == 0


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (lambda route: route.fulfill(status=500, body="<html>broken</html>"), "The request could not be completed"),
        (lambda route: route.abort(), "The server cannot be reached"),
    ],
)
def test_a_fault_of_the_server_or_the_line_is_told_and_goes_when_it_works_again(
    fails: Any, said: str, desks: Desks, coordinator: User, round_: Round, submissions: list[Submission]
) -> None:
    page = open_list(desks, coordinator, round_)

    def fail(route: Route) -> None:
        fails(route) if route.request.headers.get("hx-request") else route.continue_()

    page.route("**/plans/**", fail)
    page.select_option("#list [name=state]", "submitted")
    page.locator("#list form button[type=submit]").click()
    notice = page.locator("#content .notice-error")
    expect(notice).to_contain_text(said)
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(3)
    assert page.url.endswith(list_of(round_))
    assert page.input_value("#list [name=state]") == "submitted", "what was chosen is still chosen"
    page.unroute("**/plans/**")
    page.locator("#list form button[type=submit]").click()
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(1)
    expect(notice).to_have_count(0)


def test_a_session_that_ended_is_told_in_the_page_and_not_inside_the_list(
    desks: Desks, coordinator: User, round_: Round, submissions: list[Submission]
) -> None:
    page = open_list(desks, coordinator, round_)
    Session.objects.all().delete()
    page.locator("#list form button[type=submit]").click()
    expect(page.locator("[data-session-dialog=ended]")).to_be_visible()
    assert page.locator("[name=login]").count() == 0
    expect(page.locator("#list .krds-table-wrap tbody tr")).to_have_count(3)
