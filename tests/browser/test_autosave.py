"""The form saves by itself while somebody types: seen in the page, found in the database, on bad lines too."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from ministries.enums import Role
from ministries.models import ImplementingBody, Submission
from ministries.services import transitions
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from reports.models import ReportText
from reports.services.texts import write_text
from tests.browser.conftest import Desks
from tests.factories import PASSWORD, IndicatorFactory, SubmissionFactory, fill_in, person

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

AMOUNT = "[name=budget-1-budget_value]"


@pytest.fixture
def submission(body: ImplementingBody, focal_point: User) -> Submission:
    submission = SubmissionFactory(body=body)
    IndicatorFactory(action_plan=submission.assignment.action_plan)
    return submission


def form_of(submission: Submission, step: str = "") -> str:
    return f"/en{submission.get_absolute_url()}" + (f"write/{step}/" if step else "change/")


def opened(desks: Desks, user: User, submission: Submission, step: str = "") -> Page:
    page = desks.sign_in(user.email, language="/en")
    page.goto(form_of(submission, step))
    return page


def state(page: Page) -> Locator:
    """The line that says what is saved."""
    return page.locator("[data-save-state] p:not([hidden])")


def test_each_good_field_is_saved_and_a_bad_one_waits(desks: Desks, submission: Submission, focal_point: User) -> None:
    page = opened(desks, focal_point, submission)
    expect(state(page)).to_have_text("What you type is saved by itself.")
    page.fill("#id_results", "교육 4회")
    expect(state(page)).to_have_text("Not saved yet")
    expect(state(page)).to_have_text(re.compile(r"^Saved by itself at \d\d:\d\d$"))
    page.fill("[name=indicators-0-actual_value]", "1,2x")
    page.select_option("#id_self_rating", "on-track")
    page.click("label[for=id_no_budget_needed]")
    expect(state(page)).to_contain_text("Entries that cannot be saved as they are: 1.")
    expect(page.locator("#div_id_indicators-0-actual .form-errors")).to_have_text(
        "Error: Enter a number, such as 1,234.5."
    )
    expect(page.locator("#announcer")).to_contain_text("Entries that cannot be saved")
    submission.refresh_from_db()
    assert (submission.results, submission.self_rating, submission.no_budget_needed) == ("교육 4회", "on-track", True)
    page.locator("[data-save-show]").locator("visible=true").click()
    expect(page.locator("[name=indicators-0-actual_value]")).to_be_focused()
    page.fill("[name=indicators-0-actual_value]", "1,200")
    expect(state(page)).to_contain_text("Saved by itself")
    expect(page.locator("#div_id_indicators-0-actual .form-errors")).to_have_count(0)
    assert submission.indicator_results.get().actual.value == 1200
    # The list beside the form follows when the typing rests.
    expect(page.locator(".write-steps a[href$='/assessment/']")).to_contain_text("Filled in")
    assert Event.objects.filter(kind="save").count() <= 3
    page.reload()
    expect(page.locator("#id_results")).to_have_value("교육 4회")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert desks.complaints == []


def test_rows_keep_their_identity_from_the_first_key_to_the_last(
    desks: Desks, submission: Submission, focal_point: User
) -> None:
    page = opened(desks, focal_point, submission)
    page.click("[data-formset=budget] [data-formset-add]")
    page.fill("[name=budget-1-programme]", "평화")
    expect(state(page)).to_contain_text("Saved by itself")
    key = submission.budget_lines.get().pk
    page.fill("[name=budget-1-programme]", "평화 교육")
    page.fill(AMOUNT, "100")
    page.click("button[name=save]")
    page.wait_for_url("**?saved=*")
    assert [(line.pk, line.programme, line.budget.value) for line in submission.budget_lines.all()] == [
        (key, "평화 교육", 100)
    ]
    expect(page.locator(".notice-success")).to_contain_text("Saved.")
    remove = page.locator("[data-formset=budget] [data-formset-remove]").first
    remove.click()
    expect(state(page)).to_contain_text("Saved by itself")
    assert not submission.budget_lines.exists()
    remove.click()
    expect(state(page)).to_have_text("Not saved yet")
    expect(state(page)).to_contain_text("Saved by itself")
    assert [(line.programme, line.budget.value) for line in submission.budget_lines.all()] == [("평화 교육", 100)]
    assert desks.complaints == []


def test_without_a_line_it_waits_and_is_saved_when_the_line_is_back(
    desks: Desks, submission: Submission, focal_point: User
) -> None:
    page = opened(desks, focal_point, submission, "results")
    page.context.set_offline(True)
    page.fill("#id_results", "연결이 끊긴 동안 쓴 글")
    expect(state(page)).to_contain_text("No connection.")
    expect(state(page)).to_contain_text("kept in this browser")
    page.click("button[name=next]")
    page.wait_for_timeout(500)
    assert page.url.endswith("/write/results/"), "the browser's own page does not take the place of the form"
    assert Submission.objects.get(pk=submission.pk).results == ""
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Saved by itself")
    page.click("button[name=next]")
    page.wait_for_url("**/write/activities/**")
    assert Submission.objects.get(pk=submission.pk).results == "연결이 끊긴 동안 쓴 글"


def test_a_lost_answer_and_a_button_pressed_meanwhile_make_no_conflict_with_oneself(
    desks: Desks, submission: Submission, focal_point: User
) -> None:
    page = opened(desks, focal_point, submission, "results")
    asked: list[str] = []

    def losing(route: Route) -> None:
        """The first request reaches the server, and its answer nobody."""
        asked.append(route.request.post_data or "")
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/save/", losing)
    page.fill("#id_results", "첫 글")
    expect(state(page)).to_contain_text("No connection.")
    submission.refresh_from_db()
    assert submission.results == "첫 글"
    page.fill("#id_results", "첫 글과 다음 글")
    page.click("button[name=next]")
    page.wait_for_url("**/write/activities/**")
    expect(page.locator(".notice-success")).to_contain_text("Saved.")
    submission.refresh_from_db()
    assert submission.results == "첫 글과 다음 글"


def test_two_people_see_both_values_side_by_side_and_choose(
    desks: Desks, submission: Submission, focal_point: User, body: ImplementingBody
) -> None:
    colleague = person(Role.FOCAL_POINT, body, name="홍길동", email="colleague@example.org")
    page = opened(desks, focal_point, submission)
    theirs = {"results": Change("", "동료의 글"), "shortcomings": Change("", "동료의 둘째 글")}
    save_submission(submission=submission, by=colleague, changes=theirs)
    page.fill("#id_results", "나의 글")
    page.fill("#id_shortcomings", "나의 둘째 글")
    page.fill("#id_department", "정책과")
    expect(state(page)).to_contain_text("Fields that were changed in two places: 2.")
    beside = page.locator("#id_results_conflict")
    for words in ("홍길동", "동료의 글", "나의 글"):
        expect(beside).to_contain_text(words)
    assert page.locator("#id_results").input_value() == "나의 글"
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings, submission.department) == (
        "동료의 글",
        "동료의 둘째 글",
        "정책과",
    )
    page.fill("#id_results", "나의 글, 더 씀")
    page.wait_for_timeout(2500)
    submission.refresh_from_db()
    assert submission.results == "동료의 글", "not before one has chosen"
    beside.locator("[data-conflict-keep]").click()
    page.locator("#id_shortcomings_conflict [data-conflict-take]").click()
    expect(state(page)).to_contain_text("Saved by itself")
    expect(page.locator("#id_shortcomings")).to_have_value("동료의 둘째 글")
    expect(page.locator(".conflict")).to_have_count(0)
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == ("나의 글, 더 씀", "동료의 둘째 글")
    assert desks.complaints == []


def test_a_row_that_a_colleague_removed_comes_back_or_goes(
    desks: Desks, submission: Submission, focal_point: User, body: ImplementingBody
) -> None:
    page = opened(desks, focal_point, submission, "budget")
    page.fill("[name=budget-0-programme]", "교육")
    page.fill("[name=budget-0-budget_value]", "100")
    expect(state(page)).to_contain_text("Saved by itself")
    for answer, left in (("keep", [("교육", 7)]), ("take", [])):
        submission.budget_lines.all().delete()
        page.fill("[name=budget-0-executed_value]", "7" if answer == "keep" else "9")
        expect(state(page)).to_contain_text("Fields that were changed in two places")
        page.locator(f"#id_budget-0-executed_conflict [data-conflict-{answer}]").click()
        expect(state(page)).to_contain_text("Saved by itself")
        assert [(line.programme, line.executed.value) for line in submission.budget_lines.all()] == left


def test_what_cannot_be_saved_any_more_is_told_and_kept(
    desks: Desks, submission: Submission, focal_point: User, approver: User
) -> None:
    fill_in(submission, focal_point)
    page = opened(desks, focal_point, submission, "results")
    transitions.sign_off(submission=submission, by=approver)
    page.fill("#id_results", "늦은 글")
    expect(state(page)).to_contain_text("This submission is signed off. Take it back to change it.")
    expect(state(page)).to_contain_text("kept in this browser")
    page.goto(f"/en{submission.get_absolute_url()}")
    expect(page.locator("[data-kept-list] .kept-text")).to_have_text("늦은 글")
    transitions.take_back(submission=Submission.objects.get(pk=submission.pk), by=approver)
    page.goto(f"/en{submission.get_absolute_url()}write/")
    page.locator("[data-kept-list] a").click()
    page.locator("[data-kept-restore]").click()
    expect(state(page)).to_contain_text("Saved by itself")
    submission.refresh_from_db()
    assert submission.results == "늦은 글"


def test_two_windows_of_one_person_share_what_is_saved(desks: Desks, submission: Submission, focal_point: User) -> None:
    page = opened(desks, focal_point, submission, "results")
    beside = page.context.new_page()
    beside.goto(form_of(submission, "results"))
    page.context.set_offline(True)
    page.fill("#id_results", "첫 창의 글")
    expect(state(page)).to_contain_text("No connection.")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Saved by itself")
    expect(beside.locator("#id_results")).to_have_value("첫 창의 글")
    beside.fill("#id_results", "둘째 창의 글")
    expect(state(beside)).to_contain_text("Saved by itself")
    submission.refresh_from_db()
    assert submission.results == "둘째 창의 글"


def test_leaving_the_page_saves_what_was_typed_last(desks: Desks, submission: Submission, focal_point: User) -> None:
    page = opened(desks, focal_point, submission, "results")
    page.fill("#id_results", "마지막 글")
    page.get_by_role("link", name="To the steps of the report").click()
    page.wait_for_url("**/write/")
    page.goto(form_of(submission, "results"))
    expect(page.locator("#id_results")).to_have_value("마지막 글")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert Session.objects.exists()


def test_the_reports_texts_are_saved_too_and_outlive_the_session(desks: Desks, submission: Submission) -> None:
    coordinator = person(Role.COORDINATOR)
    address = f"/en/plans/{submission.round.plan.number}/{submission.round.year}/report/write/foreword/"
    page = desks.sign_in(coordinator.email, language="/en")
    page.goto(address)
    page.fill("#id_text_ko", "머리말")
    expect(state(page)).to_contain_text("Saved by itself")
    write_text(
        round=submission.round,
        place="foreword",
        language="ko",
        change=Change("머리말", "남의 글"),
        by=person("coordinator"),
    )
    page.fill("#id_text_ko", "내 글")
    page.fill("#id_text_en", "Foreword")
    expect(state(page)).to_contain_text("Fields that were changed in two places: 1.")
    Session.objects.all().delete()
    page.locator("[data-conflict-keep]").click()
    expect(state(page)).to_contain_text("It is saved after you have signed in again. What you typed is kept")
    assert ReportText.objects.current().get(language="ko").text == "남의 글"
    page.locator("[data-session-dialog=ended]").get_by_role("link", name="Sign in here").click()
    page.fill("[name=login]", coordinator.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{address}")
    page.locator("[data-kept-restore]").click()
    expect(state(page)).to_contain_text("Saved by itself")
    texts = ReportText.objects.current().order_by("language").values_list("language", "text")
    assert list(texts) == [("en", "Foreword"), ("ko", "내 글")]
    page.click("button[name=save]")
    page.wait_for_url("**?saved=*")
    assert page.evaluate("window.kept.list()") == []
