"""The year's main job in a browser without JavaScript: every click is a link or a form, and nothing is missing."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ministries.enums import State
from ministries.models import ImplementingBody, ReviewComment, Round, Submission
from nap_monitor.accounts.models import User
from reports.models import RenderJob
from tests.browser.conftest import DESK, Desks
from tests.factories import RoundFactory, SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

NO_SCRIPT = {**DESK, "java_script_enabled": False}
FIRST = "지휘관 삼백이십일 명에게 평화와 안보를 교육하였습니다."
MENDED = "지휘관 삼백이십일 명과 부사관 사백오 명에게 평화와 안보를 교육하였습니다."


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def submission(round_: Round, body: ImplementingBody, other_body: ImplementingBody) -> Submission:
    SubmissionFactory(round=round_, body=other_body)
    return SubmissionFactory(round=round_, body=body)


def list_of(round_: Round) -> str:
    return f"/plans/{round_.plan.number}/{round_.year}/"


def rows(page: Page) -> Locator:
    return page.locator("#list .krds-table-wrap tbody tr")


def submit(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).click()


def take(page: Page, step: str, **typed: str) -> None:
    """Take a step of the workflow on the page of a submission."""
    opener = page.locator(f"#step-{step} > summary")
    if opener.count():
        opener.click()
    form = page.locator(f"form[action$='/steps/{step}/']")
    for name, value in typed.items():
        field = form.locator(f"[name='{name.replace('__', '-')}']")
        field.fill(value)
    with page.expect_navigation():
        form.locator("button[type=submit]").last.click()
    expect(page.locator(".notice-success").first).to_be_visible()


def decide(page: Page, step: str, **typed: str) -> None:
    """Return or confirm on the page of a review."""
    if step == "return":
        page.locator("#decide-return > summary").click()
    form = page.locator("#decide-return form" if step == "return" else "form.review-rate")
    for name, value in typed.items():
        (form.locator(f"[name={name}]").select_option if name == "rating" else form.locator(f"[name={name}]").fill)(
            value
        )
    with page.expect_navigation():
        form.locator("button[type=submit]").last.click()
    expect(page.locator(".notice-success").first).to_be_visible()


def test_the_main_job_is_done_without_a_script(
    desks: Desks,
    round_: Round,
    submission: Submission,
    focal_point: User,
    approver: User,
    coordinator: User,
    tmp_path: Path,
    settings: Any,
) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    focal = desks.sign_in(focal_point.email, **NO_SCRIPT)
    focal_point_writes(focal, submission)
    above = desks.sign_in(approver.email, **NO_SCRIPT)
    above.goto(submission.get_absolute_url())
    take(above, "sign_off")
    take(above, "submit", document_number="교육정책과-1325", document_date="2023-01-15")
    lead = desks.sign_in(coordinator.email, **NO_SCRIPT)
    coordinator_returns(lead, round_)
    focal_point_mends(focal, submission)
    above.goto(submission.get_absolute_url())
    take(above, "sign_off")
    take(above, "submit")
    coordinator_confirms(lead, submission)
    coordinator_makes_the_report(lead, round_)
    # The remark without a word, which was refused on purpose: the answer, and the browser's line on it.
    assert len(desks.complaints) == 2
    assert all("400" in said for said in desks.complaints)


def focal_point_writes(focal: Page, submission: Submission) -> None:
    """Step by step, with one more budget line than there was."""
    form = f"{submission.get_absolute_url()}write"
    focal.goto(f"{form}/results/")
    focal.fill("[name=results]", FIRST)
    submit(focal, "button[name=save]")
    focal.goto(f"{form}/budget/")
    lines = focal.locator("[data-formset=budget] [data-formset-row]")
    before = lines.count()
    focal.fill("[name=budget-0-programme]", "평화 안보 교육")
    focal.fill("[name=budget-0-budget_value]", "1,200")
    focal.fill("[name=budget-0-executed_value]", "1,150.5")
    submit(focal, "button[name=budget-add]")
    expect(lines).to_have_count(before + 1)
    assert focal.input_value("[name=budget-0-programme]") == "평화 안보 교육", "nothing typed is lost by adding a line"
    focal.fill(f"[name=budget-{before}-programme]", "교재 발간")
    focal.fill(f"[name=budget-{before}-budget_value]", "80")
    submit(focal, "button[name=save]")
    focal.goto(f"{form}/assessment/")
    focal.select_option("[name=self_rating]", "continuing")
    submit(focal, "button[name=save]")
    focal.goto(f"{form}/next/")
    focal.fill("[name=next_year_plan]", "같은 교육을 네 차례 실시할 계획입니다.")
    submit(focal, "button[name=save]")
    submission.refresh_from_db()
    assert submission.results == FIRST
    assert [line.programme for line in submission.budget_lines.order_by("order")] == ["평화 안보 교육", "교재 발간"]


def coordinator_returns(lead: Page, round_: Round) -> None:
    """Filters and sorts the list, finds the submission in it, remarks on a field where it stands, and returns it."""
    lead.goto(list_of(round_))
    expect(rows(lead)).to_have_count(2)
    lead.select_option("[name=state]", "submitted")
    submit(lead, "#list form button[type=submit]")
    expect(rows(lead)).to_have_count(1)
    submit(lead, "#list thead a >> nth=0")
    assert "state=submitted" in lead.url
    submit(lead, "#list .krds-table-wrap tbody a >> nth=0")
    expect(lead.locator("main")).to_contain_text(FIRST)
    submit(lead, ".page-actions a.primary")
    field = lead.locator("#on-results")
    field.locator("summary").click()
    submit(lead, "#on-results form button[type=submit]")
    expect(field.locator(".form-hint-invalid, .field-error").first).to_be_visible()
    field.locator("[name=visibility][value=body]").check(force=True)
    field.locator("textarea").fill("부사관 실적?")
    submit(lead, "#on-results form button[type=submit]")
    assert lead.url.endswith("#on-results")
    expect(field.locator("a[href^='#remark-']")).to_be_visible()
    decide(lead, "return", reason="보완하여 주시기 바랍니다.")


def focal_point_mends(focal: Page, submission: Submission) -> None:
    """With the remark beside the field."""
    focal.goto(f"{submission.get_absolute_url()}write/results/")
    expect(focal.locator("main")).to_contain_text("부사관 실적?")
    focal.fill("[name=results]", MENDED)
    submit(focal, "button[name=save]")


def coordinator_confirms(lead: Page, submission: Submission) -> None:
    """After the remark is resolved."""
    lead.goto(f"{submission.get_absolute_url()}review/")
    submit(lead, "form[action*='/resolve/'] button")
    expect(lead.locator(".remark-resolved")).to_have_count(1)
    decide(lead, "confirm", rating="on-track", reason="계획대로 추진되었습니다.")
    submission.refresh_from_db()
    assert (submission.state, submission.coordinator_rating) == (State.CONFIRMED, "on-track")
    assert not ReviewComment.objects.filter(resolved_at=None).exists()


def coordinator_makes_the_report(lead: Page, round_: Round) -> None:
    """It is seen after loading the page again."""
    lead.goto(f"{list_of(round_)}report/")
    submit(lead, "main form button[type=submit]")
    lead.reload()
    assert RenderJob.objects.get().state == RenderJob.State.DONE
    with lead.expect_download() as download:
        lead.locator("main a[href*='/download/']").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_a_document_under_way_says_that_the_page_has_to_be_loaded_again(
    desks: Desks, round_: Round, submission: Submission, coordinator: User, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    page = desks.sign_in(coordinator.email, language="/en", **NO_SCRIPT)
    page.goto(f"/en{list_of(round_)}report/")
    submit(page, "main form button[type=submit]")
    expect(page.locator("progress")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Reload this page to see how far the document is.")


def test_the_time_signed_in_is_told_and_extended_in_a_window_of_its_own(desks: Desks, focal_point: User) -> None:
    page = desks.sign_in(focal_point.email, language="/en", **NO_SCRIPT)
    page.locator(".user-menu summary").click()
    expect(page.locator(".user-menu .session")).to_contain_text("Signed in until")
    with page.context.expect_page() as opened:
        page.locator(".user-menu .session button").click()
    beside = opened.value
    expect(beside.locator("main")).to_contain_text("You stay signed in until")
    expect(beside.locator("main")).to_contain_text("what you wrote is still there")
    assert page.url.endswith("/en/"), "the page with what one was writing stays as it is"


def test_no_control_of_a_script_is_shown_that_would_do_nothing(
    desks: Desks, focal_point: User, submission: Submission
) -> None:
    page = desks.sign_in(focal_point.email, **NO_SCRIPT)
    for path in ("/", f"{submission.get_absolute_url()}change/", submission.get_absolute_url()):
        page.goto(path)
        idle = page.locator("button[type=button]").filter(visible=True)
        assert [button.get_attribute("class") for button in idle.all()] == [], path
