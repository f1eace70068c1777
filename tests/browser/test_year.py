"""The year's main job in a real browser, on the real plan and its sample year: from a first word to the report."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from ministries.enums import State, StateLabel
from ministries.models import ReviewComment, Round, Submission
from ministries.sample.accounts import PASSWORD, address
from tests.browser.conftest import Desks

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

FIRST = "지휘관 삼백이십일 명에게 평화와 안보를 교육하였습니다."
MENDED = "지휘관 삼백이십일 명과 부사관 사백오 명에게 평화와 안보를 교육하였습니다."
REMARK = "부사관 교육의 실적도 적어 주시기 바랍니다."
#: What holds Korean words together in a printed line.
JOINER = "\u2060"


@pytest.fixture
def sample_year() -> Round:
    """The real plan with its sample years; the one that is under way."""
    call_command("load_bodies", "fixtures/reference.yaml", stdout=io.StringIO())
    call_command("load_plan", "fixtures/nap3.yaml", stdout=io.StringIO())
    call_command("load_sample", stdout=io.StringIO())
    return Round.objects.select_related("plan").get(plan__number=3, year=2023)


def open_row(page: Page, code: str) -> None:
    page.locator("tbody tr", has=page.locator(".code", has_text=re.compile(rf"^{re.escape(code)}$"))).locator(
        "a"
    ).click()


def take(page: Page, step: str, **typed: str) -> None:
    """Take a step on the page of a submission, with what its form asks for."""
    opener = page.locator(f"#step-{step} > summary")
    if opener.count():
        opener.click()
    form = page.locator(f"form[action$='/steps/{step}/']")
    send(page, form, "button[type=submit]", **typed)


def decide(page: Page, step: str, **typed: str) -> None:
    """Return or confirm on the page of a review."""
    if step == "return":
        page.locator("#decide-return > summary").click()
        page.locator("#decide-return [data-formset-add]").click()
        # The one that a person sees, and not the one that adds a remark.
        send(page, page.locator("#decide-return form"), "button[type=submit]:not([aria-hidden], [name])", **typed)
    else:
        send(page, page.locator("form.review-rate"), f"button[value={step}]", **typed)


def send(page: Page, form: Locator, button: str, **typed: str) -> None:
    for name, value in typed.items():
        field = form.locator(f"[name='{name.replace('__', '-')}']")
        (field.select_option if field.evaluate("e => e.tagName") == "SELECT" else field.fill)(value)
    form.locator(button).click()
    expect(page.locator(".message-success, .notice-success").first).to_be_visible()


def test_from_the_focal_points_first_word_to_the_committees_report(
    sample_year: Round, desks: Desks, tmp_path: Path
) -> None:
    waiting = Submission.objects.filter(round=sample_year, state=State.DRAFT, started_at=None, self_rating="")
    submission = waiting.select_related("assignment__body", "assignment__action_plan").first()
    assert submission is not None
    body, code = submission.assignment.body, submission.assignment.action_plan.code
    listed = f"/plans/3/{sample_year.year}/"

    # The focal point signs in, finds the row and writes.
    focal = desks.sign_in(address("focal", body), PASSWORD)
    focal.goto(f"{listed}?state={StateLabel.NOT_STARTED}")
    open_row(focal, code)
    focal.click("a.krds-btn.primary")
    focal.click("main a[href$='/write/plan/']")
    assert focal.input_value("[name=this_year_plan]") == submission.this_year_plan.replace("\r\n", "\n") != ""
    focal.click("button[name=next]")
    focal.fill("[name=results]", FIRST)
    focal.click("button[name=next]")
    go_to(focal, "budget")
    add_line(focal, 0, "평화 안보 교육", "1,200", "1,150.5")
    focal.click("[data-formset-add]")
    add_line(focal, 1, "교재 발간", "80", "80")
    expect(focal.locator("[data-execution]")).to_have_text("96.1")
    focal.click("button[name=next]")
    focal.select_option("[name=self_rating]", "continuing")
    focal.click("button[name=next]")
    focal.fill("[name=next_year_plan]", "같은 교육을 네 차례 실시할 계획입니다.")
    focal.click("button[name=save]")
    expect(focal.locator(".message-success, .notice-success").first).to_be_visible()
    go_to(focal, "budget")
    expect(focal.locator("[name='budget-1-programme']")).to_have_value("교재 발간")
    submission.refresh_from_db()
    assert (submission.results, submission.budget_lines.count()) == (FIRST, 2)

    # The approver signs off and submits with the official document's number.
    approver = desks.sign_in(address("approver", body), PASSWORD)
    approver.goto(listed)
    open_row(approver, code)
    take(approver, "sign_off")
    take(approver, "submit", document_number="교육정책과-1325", document_date="2024-01-15")

    # The coordinator finds it by state and body, and returns it with a remark about the results.
    coordinator = desks.sign_in(address("coordinator"), PASSWORD)
    coordinator.goto(listed)
    coordinator.select_option("[name=state]", str(StateLabel.SUBMITTED))
    coordinator.select_option("[name=body]", body.code)
    coordinator.locator("form[method=get] button[type=submit]").click()
    coordinator.wait_for_url("**body=*")
    coordinator.wait_for_url(f"**body={body.code}**")
    own = coordinator.locator("tbody tr", has=coordinator.locator(f"a[href$='/{body.code}/{code}/']"))
    expect(own).to_have_count(1)
    open_row(coordinator, code)
    expect(coordinator.locator("main")).to_contain_text(FIRST)
    expect(coordinator.locator("main")).to_contain_text("교육정책과-1325")
    coordinator.click(".page-actions a.primary")
    decide(
        coordinator,
        "return",
        reason="실적을 보완하여 주시기 바랍니다.",
        remarks__0__field="results",
        remarks__0__text=REMARK,
    )

    # The focal point sees why, beside the field, and mends it; it goes up again.
    focal.goto(listed)
    open_row(focal, code)
    expect(focal.locator("main")).to_contain_text("실적을 보완하여 주시기 바랍니다.")
    focal.click("a.krds-btn.primary")
    focal.click("main a[href$='/write/results/']")
    expect(focal.locator("#id_results_remarks")).to_contain_text(REMARK)
    focal.fill("[name=results]", MENDED)
    focal.click("button[name=save]")
    # The button saves first and posts then; the page that says so comes last.
    expect(focal.locator(".message-success, .notice-success").first).to_be_visible()
    focal.goto(submission.get_absolute_url())
    expect(focal.locator("main")).to_contain_text(MENDED)
    approver.goto(listed)
    open_row(approver, code)
    take(approver, "sign_off")
    take(approver, "submit")

    # The coordinator resolves the remark and confirms with the own rating.
    coordinator.goto(f"{listed}?state={StateLabel.SUBMITTED_AGAIN}&body={body.code}")
    open_row(coordinator, code)
    coordinator.click(".page-actions a.primary")
    coordinator.click("form[action*='/resolve/'] button")
    expect(coordinator.locator(".remark-resolved")).to_contain_text(REMARK)
    decide(coordinator, "confirm", rating="on-track", reason="계획대로 추진되었습니다.")
    submission.refresh_from_db()
    assert (submission.state, submission.coordinator_rating) == (State.CONFIRMED, "on-track")
    assert ReviewComment.objects.filter(submission=submission, resolved_at=None).count() == 0

    # The Committee reads it in the report.
    target = tmp_path / "report.pdf"
    call_command("render_report", plan=3, year=sample_year.year, language="ko", output=target, stdout=io.StringIO())
    text = "".join(page.extract_text() for page in PdfReader(target).pages).replace(JOINER, "")
    assert "".join(MENDED.split()) in "".join(text.split())
    assert "".join(FIRST.split()) not in "".join(text.split())
    assert desks.complaints == []


def go_to(page: Page, step: str) -> None:
    """Another step, by the list beside the form."""
    page.click(f".write-steps a[href$='/write/{step}/']")
    page.wait_for_url(f"**/write/{step}/**")


def add_line(page: Page, number: int, programme: str, budget: str, executed: str) -> None:
    page.fill(f"[name='budget-{number}-programme']", programme)
    page.fill(f"[name='budget-{number}-budget_value']", budget)
    page.fill(f"[name='budget-{number}-executed_value']", executed)
