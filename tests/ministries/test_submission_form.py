"""The form of a submission: who opens it, what it saves, and what it says to bad input without losing any."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.enums import FigureState, Role
from ministries.figures import Figure
from ministries.models import ImplementingBody, Submission
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import (
    AssignmentFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    fill_in,
    person,
    submission_in,
)
from tests.pages import Data, form_data, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def client(signed_in: Callable[[User], Client], focal_point: User) -> Client:
    """The focal point's browser."""
    return signed_in(focal_point)


def address(submission: Submission) -> str:
    return reverse("ministries:submission_change", args=submission.address)


def write(client: Client, submission: Submission, **changed: str | None) -> HttpResponse:
    """Open the form in the browser, change fields, save."""
    return client.post(address(submission), form_data(client.get(address(submission)), **changed))


def refused(answer: HttpResponse, submission: Submission) -> Data:
    """What stands in the form that came back; nothing was saved."""
    assert answer.status_code == 400
    untouched = Submission.objects.get(pk=submission.pk)
    assert (untouched.started_at, untouched.results, untouched.budget_lines.count()) == (None, "", 0)
    return form_data(answer)


# Who and when


def test_those_of_the_body_open_the_form(submission, signed_in, focal_point, approver) -> None:
    for user in (focal_point, approver):
        assert signed_in(user).get(address(submission)).status_code == 200


def test_others_are_told_no_or_that_there_is_nothing(
    submission, signed_in, coordinator, panel_member, other_body
) -> None:
    stranger = person(Role.FOCAL_POINT, other_body)
    for method in ("get", "post"):
        found = [
            getattr(signed_in(user), method)(address(submission)).status_code
            for user in (coordinator, panel_member, stranger)
        ]
        assert found == [403, 404, 404]
    submission_in("confirmed", submission)
    for user in (panel_member, stranger):
        assert signed_in(user).get(address(submission)).status_code == 403


def test_without_signing_in_one_is_asked_to(submission) -> None:
    answer = Client().get(address(submission))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("state", ["signed-off", "submitted", "confirmed"])
def test_a_form_that_cannot_be_saved_is_not_opened(state, submission, client) -> None:
    submission_in(state, submission)
    answer = client.get(address(submission))
    assert answer.status_code == 409
    assert submission.get_absolute_url() in answer.content.decode()


def test_a_closed_period_says_so(body, client) -> None:
    past = clock.today() - dt.timedelta(days=9)
    submission = SubmissionFactory(round=RoundFactory(due_date=past, closing_date=past), body=body)
    assert client.get(address(submission)).status_code == 409


def test_other_methods_are_not_known(submission, client) -> None:
    assert [getattr(client, each)(address(submission)).status_code for each in ("put", "delete", "patch")] == [405] * 3


def test_a_post_without_the_token_of_the_page_is_refused(submission, focal_point) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(focal_point)
    assert client.post(address(submission), {"results": "남이 보낸 글"}).status_code == 403
    submission.refresh_from_db()
    assert submission.results == ""


# Saving


def test_everything_in_the_form_is_saved(submission, client) -> None:
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan)
    answer = write(
        client,
        submission,
        results="교육 4회\r\n회의 2회",
        self_rating="attention",
        self_rating_reason="일정 지연",
        shortcomings="인력 부족",
        improvement_measures="인력 보강",
        next_year_plan="교육 5회",
        department="정책과",
        disclosure="partly",
        disclosure_ground="정보공개법 제9조",
        budget__0__account="fund",
        budget__0__programme="평화 교육",
        budget__0__budget_value="1,234.5",
        budget__0__executed_value="1000",
        budget__0__gender_responsive="on",
        indicators__0__target_value="10",
        indicators__0__actual_state="not-known",
        indicators__0__reason="집계 전",
    )
    assert (answer.status_code, answer["Location"].partition("?saved=")[0]) == (302, address(submission))
    submission.refresh_from_db()
    assert (submission.results, submission.self_rating, submission.disclosure) == (
        "교육 4회\n회의 2회",
        "attention",
        "partly",
    )
    line, result = submission.budget_lines.get(), submission.indicator_results.get()
    assert (line.account, line.programme, line.gender_responsive) == ("fund", "평화 교육", True)
    assert (line.budget, line.executed) == (Figure.of(Decimal("1234.5")), Figure.of(1000))
    assert (result.indicator, result.target, result.reason) == (indicator, Figure.of(10), "집계 전")
    assert result.actual == Figure(None, FigureState.NOT_KNOWN)


def test_what_was_saved_stands_in_the_form_again_and_saving_it_changes_nothing(submission, client) -> None:
    IndicatorFactory(action_plan=submission.assignment.action_plan)
    text = ' 첫 줄\r\n\r\n<b>둘째</b> & "셋째" △12 \r\n'
    write(client, submission, results=text, budget__0__programme="교육", budget__0__budget_value="0.500")
    before = Submission.objects.get(pk=submission.pk)
    page = client.get(address(submission))
    assert form_data(page)["results"] == '첫 줄\r\n\r\n<b>둘째</b> & "셋째" △12'
    client.post(address(submission), form_data(page))
    assert Submission.objects.get(pk=submission.pk).updated_at == before.updated_at


def test_save_and_look_leads_to_the_page_of_the_submission(submission, client) -> None:
    answer = write(client, submission, results="교육 4회", close="1")
    assert (answer.status_code, answer["Location"].partition("?saved=")[0]) == (302, submission.get_absolute_url())


@pytest.mark.parametrize(
    ("typed", "state", "figure"),
    [
        ("", "", Figure()),
        ("0", "", Figure.of(0)),
        ("", "not-known", Figure(None, "not-known")),
        ("", "not-applicable", Figure(None, "not-applicable")),
    ],
)
def test_zero_nothing_not_known_and_not_applicable_are_four_things(typed, state, figure, submission, client) -> None:
    write(
        client,
        submission,
        budget__0__programme="교육",
        budget__0__executed_value=typed,
        budget__0__executed_state=state,
    )
    assert submission.budget_lines.get().executed == figure
    page = form_data(client.get(address(submission)))
    assert (page["budget-0-executed_value"], page["budget-0-executed_state"]) == (typed, state)


def test_executed_above_the_budget_is_saved_with_a_warning_on_the_page(submission, client) -> None:
    answer = write(
        client,
        submission,
        budget__0__programme="교육",
        budget__0__budget_value="100",
        budget__0__executed_value="100.001",
    )
    assert answer.status_code == 302
    assert submission.budget_lines.get().executed == Figure.of("100.001")
    assert "form-hint-warning" in client.get(address(submission)).content.decode()
    write(client, submission, budget__0__executed_value="100")
    assert "form-hint-warning" not in client.get(address(submission)).content.decode()


def test_a_line_is_removed_whatever_else_was_typed_into_it(submission, client) -> None:
    write(client, submission, budget__0__programme="교육", budget__0__budget_value="100")
    answer = write(client, submission, budget__0__budget_value="nonsense", budget__0__DELETE="on")
    assert answer.status_code == 302
    assert not submission.budget_lines.exists()


def test_control_characters_are_taken_out_and_line_breaks_kept(submission, client) -> None:
    write(client, submission, results="가\x0b나\x07다\u2028라\ttab\x1b", department="정책\x02과")
    submission.refresh_from_db()
    assert (submission.results, submission.department) == ("가\n나다\n라\ttab", "정책과")


# Bad input


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("results", "가" * 10_001),
        ("self_rating_reason", "가" * 2_001),
        ("department", "가" * 101),
        ("results", "글\x00자"),
        ("budget__0__programme", "가" * 201),
        ("budget__0__budget_value", "-1"),
        ("budget__0__budget_value", "△1"),
        ("budget__0__budget_value", "10,000,000,000"),
        ("budget__0__budget_value", "9" * 400),
        ("budget__0__budget_value", "1e5"),
        ("budget__0__budget_value", "NaN"),
        ("budget__0__budget_value", "백만원"),
        ("budget__0__budget_value", "1.0001"),
    ],
)
def test_bad_input_is_told_at_its_field_and_stays_in_the_form(field, typed, submission, client) -> None:
    others: dict[str, Any] = {"shortcomings": "오래 쓴 글", "budget__0__executed_value": "7"}
    if field != "budget__0__programme":
        others["budget__0__programme"] = "교육"
    answer = write(client, submission, **{field: typed}, **others)
    back = refused(answer, submission)
    name = field.replace("__", "-")
    assert (back[name], back["shortcomings"], back["budget-0-executed_value"]) == (typed, "오래 쓴 글", "7")
    element = name.removesuffix("_value")
    assert f'id="id_{element}_error"' in answer.content.decode()


def test_an_amount_and_a_reason_for_its_absence_exclude_each_other(submission, client) -> None:
    typed = {"budget__0__programme": "교육", "budget__0__budget_value": "5", "budget__0__budget_state": "not-known"}
    back = refused(write(client, submission, **typed), submission)
    assert (back["budget-0-budget_value"], back["budget-0-budget_state"]) == ("5", "not-known")


def test_an_amount_without_its_programme_and_not_known_without_a_reason_are_told(submission, client) -> None:
    IndicatorFactory(action_plan=submission.assignment.action_plan)
    typed = {"budget__0__budget_value": "5", "indicators__0__actual_state": "not-known"}
    answer = write(client, submission, **typed)
    refused(answer, submission)
    page = answer.content.decode()
    assert 'id="id_budget-0-programme_error"' in page
    assert 'id="id_indicators-0-reason_error"' in page


def test_what_was_refused_is_saved_when_it_is_mended(submission, client) -> None:
    answer = write(
        client,
        submission,
        results="가" * 10_001,
        self_rating="on-track",
        no_budget_needed="on",
        budget__0__programme="교육",
        budget__0__budget_value="12",
        budget__0__executed_state="not-known",
    )
    mended = form_data(answer, results="짧은 글")
    assert client.post(address(submission), mended).status_code == 302
    submission.refresh_from_db()
    line = submission.budget_lines.get()
    assert (submission.results, submission.self_rating, submission.no_budget_needed) == ("짧은 글", "on-track", True)
    assert (line.budget, line.executed) == (Figure.of(12), Figure(None, FigureState.NOT_KNOWN))


def test_a_post_after_somebody_signed_off_keeps_the_text_in_the_form(submission, client, approver, focal_point) -> None:
    fill_in(submission, focal_point)
    typed = form_data(client.get(address(submission)), shortcomings="오래 쓴 글", budget__0__programme="교육")
    transitions.sign_off(submission=submission, by=approver)
    answer = client.post(address(submission), typed)
    assert answer.status_code == 409
    back = form_data(answer)
    assert (back["shortcomings"], back["budget-0-programme"]) == ("오래 쓴 글", "교육")
    submission.refresh_from_db()
    assert (submission.shortcomings, submission.budget_lines.count()) == ("", 0)


# What stands beside the fields


def test_the_form_shows_the_reason_of_the_return_the_remark_and_last_years_text(body, client, focal_point) -> None:
    assignment = AssignmentFactory(body=body)
    plan = assignment.action_plan.plan
    last_year = SubmissionFactory(assignment=assignment, round=RoundFactory(plan=plan, year=2021))
    Submission.objects.filter(pk=last_year.pk).update(results="작년에 쓴 글")
    submission = SubmissionFactory(assignment=assignment, round=RoundFactory(plan=plan, year=2022))
    submission_in("submitted", submission, by=focal_point)
    lead = person(Role.COORDINATOR)
    for remark in ("출처를 적어 주십시오.", "단위를 적어 주십시오."):
        submission.refresh_from_db()
        if submission.state == "returned":
            submission_in("submitted", submission, by=focal_point)
        transitions.return_submission(
            submission=submission, by=lead, reason=f"보완: {remark}", comments={"results": remark, "budget": remark}
        )
    submission.comments.filter(text__startswith="출처", field="results").update(
        resolved_at=clock.now(), resolved_by=lead
    )
    text = text_of(client.get(address(submission)))
    # The newest reason; of the remarks those that are open.
    assert text.count("보완: 단위를 적어 주십시오.") == 1
    assert "보완: 출처를" not in text
    assert text.count("단위를 적어 주십시오.") == 3
    assert text.count("출처를 적어 주십시오.") == 1
    assert "작년에 쓴 글" in text
