"""The year's main job is done with the keyboard alone, and whoever does it always sees where they are."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ministries.enums import Role, State
from ministries.models import ImplementingBody, ReviewComment, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob
from tests.browser.conftest import Desks
from tests.browser.keyboard import Keyboard
from tests.factories import PASSWORD, RoundFactory, SubmissionFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

#: Nothing moves, so that what is looked at is the end of every transition.
STILL = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
WRITTEN = "지휘관 삼백이십일 명에게 평화와 안보를 교육하였습니다."
REMARK = "부사관 교육의 실적도 적어 주시기 바랍니다."


@pytest.fixture
def submission(body: ImplementingBody, focal_point: User, approver: User, coordinator: User) -> Submission:
    """A submission that is due in five days, and the people who have to do with it."""
    person(Role.FOCAL_POINT, body, email="second@example.org")
    return SubmissionFactory(body=body, round=RoundFactory(due_date=clock.today() + dt.timedelta(days=5)))


@pytest.fixture
def private_files(tmp_path: Path, settings: Any) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


@pytest.fixture
def seat(desks: Desks) -> Callable[[User], Keyboard]:
    """Sign in with the keyboard, and come to the start page."""

    def sit_down(user: User) -> Keyboard:
        page = desks.stranger(**STILL)
        keyboard = Keyboard(page)
        page.goto("/accounts/login/")
        keyboard.write(page.locator("[name=login]"), user.email)
        keyboard.write(page.locator("[name=password]"), PASSWORD)
        with page.expect_navigation(url=lambda url: "/accounts/login/" not in url):
            page.keyboard.press("Enter")
        return keyboard

    return sit_down


def due(page: Page, submission: Submission) -> Locator:
    """The link to the submission on the start page."""
    return page.locator(f"main a[href='{submission.get_absolute_url()}']")


def waiting(page: Page, submission: Submission) -> Locator:
    """The link to its review on the start page."""
    return page.locator(f"main a[href='{submission.get_absolute_url()}review/']")


def write(keyboard: Keyboard, step: str, **typed: str) -> None:
    """Go to a step of the form, write there, and save."""
    page = keyboard.page
    if not page.url.split("?")[0].endswith(f"/write/{step}/"):
        keyboard.follow(page.locator(f"main a[href$='/write/{step}/']"))
    for name, value in typed.items():
        field = page.locator(f"main [name={name}]")
        (keyboard.choose if field.evaluate("e => e.tagName") == "SELECT" else keyboard.write)(field, value)
    keyboard.follow(page.locator("main .krds-btn[name=save]"))
    expect(page.locator("main [role=status]:visible").first).to_be_visible()


def take(keyboard: Keyboard, step: str, **typed: str) -> None:
    """Take a step on the page of a submission: unfold it where it asks something, type, and press its button."""
    page = keyboard.page
    opener = page.locator(f"#step-{step} > summary")
    if opener.count():
        keyboard.press_at(opener)
    send(keyboard, page.locator(f"form[action$='/steps/{step}/']"), **typed)


def decide(keyboard: Keyboard, step: str, **typed: str) -> None:
    """Return or confirm on the page of a review."""
    page = keyboard.page
    if step == "return":
        keyboard.press_at(page.locator("#decide-return > summary"))
        keyboard.press_at(page.locator("#decide-return [data-formset-add]"))
    send(keyboard, page.locator("#decide-return form" if step == "return" else "form.review-rate"), **typed)


def send(keyboard: Keyboard, form: Locator, **typed: str) -> None:
    page = keyboard.page
    for name, value in typed.items():
        field = form.locator(f"[name='{name.replace('__', '-')}']").first
        (keyboard.choose if field.evaluate("e => e.tagName") == "SELECT" else keyboard.write)(field, value)
    keyboard.follow(form.locator("button[type=submit]").last)
    expect(page.locator("main [role=status]").first).to_be_visible()


def test_the_years_main_job_is_done_with_the_keyboard_alone(
    submission: Submission,
    focal_point: User,
    approver: User,
    coordinator: User,
    private_files: None,
    seat: Callable[[User], Keyboard],
) -> None:
    focal = seat(focal_point)
    focal_point_writes(focal, submission)
    boss = seat(approver)
    boss.follow(due(boss.page, submission))
    take(boss, "sign_off")
    take(boss, "submit", document_number="교육정책과-1325")
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED
    lead = seat(coordinator)
    lead.follow(waiting(lead.page, submission))
    decide(
        lead, "return", reason="실적을 보완하여 주시기 바랍니다.", remarks__0__field="results", remarks__0__text=REMARK
    )
    focal_point_mends(focal, submission)
    boss.page.goto("/")
    boss.follow(due(boss.page, submission))
    take(boss, "sign_off")
    take(boss, "submit")
    coordinator_confirms(lead, submission)
    coordinator_makes_the_report(lead)
    assert focal.faults | boss.faults | lead.faults == set()


def focal_point_writes(focal: Keyboard, submission: Submission) -> None:
    """Finds what is due on the start page, writes and saves."""
    focal.follow(due(focal.page, submission))
    focal.follow(focal.page.locator("main a[href$='/write/']"))
    write(focal, "results", results=WRITTEN)
    write(focal, "assessment", self_rating="continuing")
    write(focal, "next", next_year_plan="같은 교육을 네 차례 실시할 계획입니다.")
    submission.refresh_from_db()
    assert (submission.results, submission.self_rating) == (WRITTEN, "continuing")


def focal_point_mends(focal: Keyboard, submission: Submission) -> None:
    """It has come back to the start page, with the remark beside the field."""
    page = focal.page
    page.goto("/")
    focal.follow(due(page, submission))
    focal.follow(page.locator("main a[href$='/write/']"))
    focal.follow(page.locator("main a[href$='/write/results/']"))
    expect(page.locator("#id_results_remarks")).to_contain_text(REMARK)
    write(focal, "results", results=f"{WRITTEN} 부사관도 교육하였습니다.")


def coordinator_confirms(lead: Keyboard, submission: Submission) -> None:
    """Resolves the remark, without losing the focus, and confirms with a rating."""
    page = lead.page
    page.goto("/")
    lead.follow(waiting(page, submission))
    lead.press_at(page.locator("form[action*='/resolve/'] button"))
    expect(page.locator(".remark-resolved")).to_contain_text(REMARK)
    # The button is gone; a moment after its part was put in its place, the focus goes there.
    page.wait_for_function("document.activeElement.closest('main') !== null")
    decide(lead, "confirm", rating="on-track", reason="계획대로 추진되었습니다.")
    submission.refresh_from_db()
    assert (submission.state, submission.coordinator_rating) == (State.CONFIRMED, "on-track")
    assert not ReviewComment.objects.filter(resolved_at=None).exists()


def coordinator_makes_the_report(lead: Keyboard) -> None:
    """From the start page."""
    lead.follow(lead.page.locator("#krds-header a[href='/']"))
    lead.follow(lead.page.locator("main a[href$='/report/']"))
    lead.follow(lead.page.locator("main form button[type=submit]"))
    assert [job.state for job in RenderJob.objects.all()] == [RenderJob.State.DONE]
    expect(lead.page.locator("main a[href$='/download/']")).to_be_visible()


def test_the_skip_link_is_first_is_seen_and_leads_into_the_content(
    submission: Submission, focal_point: User, desks: Desks
) -> None:
    page = desks.sign_in(focal_point.email, **STILL)
    page.goto("/help/")
    keyboard = Keyboard(page)
    keyboard.prepare()
    first = keyboard.press()
    assert first is not None
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert (first.faults, first.left >= 0, first.top >= 0) == ([], True, True)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    keyboard.press()
    assert page.evaluate("document.activeElement.closest('main, footer') !== null"), "the header is left behind"


def test_what_is_unfolded_folds_up_with_escape_and_the_focus_stays(
    submission: Submission, focal_point: User, desks: Desks
) -> None:
    page = desks.sign_in(focal_point.email, **STILL)
    keyboard = Keyboard(page)
    keyboard.prepare()
    menu = page.locator("details.user-menu")
    keyboard.press_at(menu.locator("summary"))
    expect(menu).to_have_attribute("open", "")
    keyboard.press()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    assert menu.locator("summary").evaluate("summary => summary === document.activeElement")


def test_the_keyboard_notices_a_lost_mark_and_a_covered_control(focal_point: User, desks: Desks) -> None:
    page = desks.sign_in(focal_point.email, **STILL)
    page.goto("/help/")
    page.evaluate("""() => {
      const link = document.querySelector("#krds-header .header-branding a");
      link.style.outline = "none"; link.style.boxShadow = "none"; link.style.border = "none";
      const lid = document.createElement("div");
      Object.assign(lid.style, { position: "fixed", left: 0, right: 0, bottom: 0, height: "60%", background: "white" });
      document.body.append(lid);
    }""")
    keyboard = Keyboard(page)
    keyboard.round()
    kinds = {fault.split(" ", 1)[1].split(":")[0] for fault in keyboard.faults}
    assert kinds >= {"covered", "mark too faint"}
