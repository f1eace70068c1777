"""The buttons of a submission's page and of its review: what they post, what is refused and why, and what stays."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.enums import Role, State
from ministries.models import ImplementingBody, ReviewComment, Submission
from ministries.services import transitions
from ministries.workflow import REVIEWED
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import RoundFactory, SubmissionFactory, fill_in, person, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def people(focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


@pytest.fixture
def press(signed_in: Browser, submission: Submission) -> Callable[..., HttpResponse]:
    """Open the page, type into the step's form, press its button."""

    def pressing(user: User, step: str, **typed: str) -> HttpResponse:
        browser = signed_in(user)
        action = in_english(address_of(submission, step))
        return browser.post(action, filled_in(browser, submission, step, **typed))

    return pressing


def address_of(submission: Submission, step: str) -> str:
    """Where the form of a step posts to."""
    if step in REVIEWED:
        return f"{page_of(submission, step)}{'#decide-return' if step == 'return' else ''}"
    return f"{submission.get_absolute_url()}{'extend' if step == 'extend' else f'steps/{step}'}/"


def page_of(submission: Submission, step: str) -> str:
    """Where the form of a step stands."""
    return f"{submission.get_absolute_url()}review/" if step in REVIEWED else submission.get_absolute_url()


def filled_in(browser: Client, submission: Submission, step: str, **typed: str) -> dict[str, str]:
    """What the button of a step sends: its form as the page has it, after ``typed``."""
    if step in REVIEWED:
        typed = {**({"decide": "confirm"} if step == "confirm" else {"remarks__TOTAL_FORMS": "2"}), **typed}
    action = in_english(address_of(submission, step))
    return form_data(browser.get(in_english(page_of(submission, step))), action, **typed)


def state_of(submission: Submission) -> str:
    return Submission.objects.get(pk=submission.pk).state


def kinds(submission: Submission) -> list[str]:
    return list(Event.objects.of("ministries.submission", str(submission.pk)).values_list("kind", flat=True))


# The way through


def test_a_submission_goes_from_hand_to_hand_by_its_buttons(submission, people, press) -> None:
    fill_in(submission, people["by"])
    steps: list[tuple[str, str, dict[str, str], str]] = [
        ("approver", "sign_off", {}, "signed-off"),
        ("by", "take_back", {}, "draft"),
        ("approver", "sign_off", {}, "signed-off"),
        ("approver", "send_back", {"reason": "근거가 없습니다."}, "draft"),
        ("approver", "sign_off", {}, "signed-off"),
        ("by", "submit", {"document_number": "정책과-12", "document_date": "2022-01-30"}, "submitted"),
        ("coordinator", "return", {"reason": "수치를 보완하여 주시기 바랍니다."}, "returned"),
        ("approver", "sign_off", {}, "signed-off"),
        ("approver", "submit", {}, "submitted"),
        ("coordinator", "confirm", {"rating": "attention", "reason": "일정 지연"}, "confirmed"),
        ("coordinator", "reopen", {"reason": "정정"}, "returned"),
    ]
    for who, step, typed, state in steps:
        answer = press(people[who], step, **typed)
        assert (answer.status_code, state_of(submission)) == (302, state), step
        after = in_english(submission.get_absolute_url())
        if step in REVIEWED:  # the queue, in which nothing else waits
            after = in_english(reverse("ministries:review_queue", args=submission.address[:2]))
        assert answer["Location"] == after
    assert kinds(submission) == ["save", *(step for _, step, _, _ in steps)]
    reasons = Event.objects.filter(kind__in=["send_back", "return", "confirm", "reopen"]).values_list(
        "reason", flat=True
    )
    assert list(reasons) == ["근거가 없습니다.", "수치를 보완하여 주시기 바랍니다.", "일정 지연", "정정"]


def test_returning_with_remarks_by_field(submission, people, press) -> None:
    submission_in("submitted", submission, **people)
    answer = press(
        people["coordinator"],
        "return",
        reason="보완",
        remarks__0__field="results",
        remarks__0__text="수치가 없습니다.",
        remarks__1__field="results",
        remarks__1__text="출처가 없습니다.",
    )
    comment = ReviewComment.objects.get()
    assert (answer.status_code, comment.field) == (302, "results")
    assert comment.text == "수치가 없습니다.\n\n출처가 없습니다."


# A double click


@pytest.mark.parametrize(
    ("state", "who", "step", "typed"),
    [
        ("draft", "approver", "sign_off", {}),
        ("signed-off", "by", "submit", {"document_number": "정책과-12"}),
        ("signed-off", "approver", "send_back", {"reason": "근거"}),
        ("signed-off", "by", "take_back", {}),
        ("submitted", "coordinator", "confirm", {"rating": "on-track"}),
        (
            "submitted",
            "coordinator",
            "return",
            {"reason": "보완", "remarks-0-field": "results", "remarks-0-text": "수치"},
        ),
        ("confirmed", "coordinator", "reopen", {"reason": "정정"}),
    ],
)
def test_a_double_click_is_one_event_and_a_friendly_answer(
    state, who, step, typed, submission, people, signed_in
) -> None:
    submission_in(state, submission, **people)
    if state == "draft":
        fill_in(submission, people["by"])
    browser, action = signed_in(people[who]), in_english(address_of(submission, step))
    sent = {**filled_in(browser, submission, step), **typed}
    before = len(kinds(submission))
    assert [browser.post(action, sent).status_code for _click in range(2)] == [302, 302]
    assert kinds(submission)[before:] == [step]
    assert ReviewComment.objects.count() == ("remarks-0-text" in typed)
    versions = {"draft": 0, "signed-off": int(step == "submit"), "submitted": 1 + (step == "confirm"), "confirmed": 2}
    assert submission.versions.count() == versions[state]


def test_the_same_click_by_somebody_else_is_told(submission, people, signed_in, lead_body) -> None:
    submission_in("submitted", submission, **people)
    action = address_of(submission, "confirm")
    sent = {"decide": "confirm", "step": str(submission.step), "seen": "0", "rating": "on-track"}
    assert signed_in(people["coordinator"]).post(action, sent).status_code == 302
    assert signed_in(person(Role.COORDINATOR, lead_body)).post(action, sent).status_code == 409
    assert kinds(submission).count("confirm") == 1


# What is refused keeps what was typed


@pytest.mark.parametrize(
    ("state", "who", "step", "typed", "kept"),
    [
        ("signed-off", "approver", "send_back", {"reason": " "}, {}),
        ("signed-off", "by", "submit", {"document_number": "9" * 101}, {"document_number": "9" * 101}),
        ("signed-off", "by", "submit", {"document_date": "2022-02-30"}, {"document_date": "2022-02-30"}),
        ("submitted", "coordinator", "return", {"reason": "가" * 2001}, {"reason": "가" * 2001}),
        ("submitted", "coordinator", "return", {"reason": "보완\x00"}, {"reason": "보완\x00"}),
        (
            "submitted",
            "coordinator",
            "return",
            {"reason": "보완", "due_date": "2000-01-01"},
            {"reason": "보완", "due_date": "2000-01-01"},
        ),
        (
            "submitted",
            "coordinator",
            "return",
            {"reason": "보완", "remarks__0__text": "어느 항목인지 없음"},
            {"remarks-0-text": "어느 항목인지 없음"},
        ),
        (
            "submitted",
            "coordinator",
            "return",
            {"remarks__1__field": "results", "reason": "보완"},
            {"remarks-1-field": "results"},
        ),
        (
            "submitted",
            "coordinator",
            "return",
            {"reason": "", "remarks__0__field": "results", "remarks__0__text": "오래 쓴 의견"},
            {"remarks-0-text": "오래 쓴 의견"},
        ),
        ("submitted", "coordinator", "return", {"reason": "보완", "remarks__TOTAL_FORMS": "x"}, {"reason": "보완"}),
        ("submitted", "coordinator", "confirm", {"rating": "", "reason": "오래 쓴 사유"}, {"reason": "오래 쓴 사유"}),
        ("submitted", "coordinator", "confirm", {"rating": "no-report"}, {}),
        ("confirmed", "coordinator", "reopen", {"reason": "정정", "due_date": "soon"}, {"due_date": "soon"}),
        ("returned", "coordinator", "extend", {"until": "2000-01-01", "reason": "교체"}, {"reason": "교체"}),
        ("returned", "coordinator", "extend", {"until": "", "reason": "교체"}, {"reason": "교체"}),
    ],
)
def test_bad_input_is_told_and_stays_in_the_opened_form(
    state, who, step, typed, kept, submission, people, press
) -> None:
    submission_in(state, submission, **people)
    before = kinds(submission)
    answer = press(people[who], step, **typed)
    assert (answer.status_code, state_of(submission), kinds(submission)) == (400, state, before)
    page = answer.content.decode()
    assert "field-error" in page or "error-summary" in page
    if step != "confirm":  # its form is always open
        assert f'id="{"decide" if step in REVIEWED else "step"}-{step}" open' in page
    back = form_data(answer, in_english(address_of(submission, step)))
    assert {name: back[name] for name in kept} == kept
    korean = in_english(page_of(submission, step)).removeprefix("/en")
    assert f'href="{korean}" lang="ko"' in page, "the other language stays on the page"
    assert not ReviewComment.objects.exists()


def test_an_incomplete_submission_is_not_signed_off_and_the_page_says_what_is_missing(
    submission, people, press
) -> None:
    fill_in(submission, people["by"], next_year_plan="")
    answer = press(people["approver"], "sign_off")
    assert (answer.status_code, state_of(submission)) == (400, State.DRAFT)
    assert "It is not complete yet: Write the plan for next year." in text_of(answer)


def test_an_open_remark_stands_against_confirming(submission, people, press, signed_in) -> None:
    submission_in("submitted", submission, **people)
    press(people["coordinator"], "return", reason="보완", remarks__0__field="results", remarks__0__text="수치")
    submission.refresh_from_db()
    submission_in("submitted", submission, **people)
    assert press(people["coordinator"], "confirm", rating="on-track", reason="오래 쓴 사유").status_code == 400
    browser, page = signed_in(people["coordinator"]), submission.get_absolute_url()
    resolving = f"{page}remarks/{ReviewComment.objects.get().pk}/resolve/"
    assert [browser.post(resolving).status_code for _click in range(2)] == [302, 302]
    assert press(people["coordinator"], "confirm", rating="on-track").status_code == 302


@pytest.mark.parametrize("late", ["closed", "not open"])
def test_outside_the_period_nothing_is_submitted(late, body, people, signed_in) -> None:
    today, day = clock.today(), dt.timedelta(days=1)
    submission = submission_in("signed-off", SubmissionFactory(body=body), **people)
    dates = {"opening_date": today + day, "due_date": today + 2 * day, "closing_date": today + 3 * day}
    if late == "closed":
        dates = {name: today - (4 - index) * day for index, name in enumerate(dates)}
    type(submission.round).objects.update(**dates)
    browser, action = signed_in(people["by"]), address_of(submission, "submit")
    answer = browser.post(action, form_data(browser.get(submission.get_absolute_url()), action))
    assert (answer.status_code, state_of(submission)) == (400, State.SIGNED_OFF)
    extension = {"until": (today + 9 * day).isoformat(), "reason": "담당자 교체"}
    lead = signed_in(people["coordinator"])
    assert lead.post(f"{submission.get_absolute_url()}extend/", extension).status_code == 302
    assert browser.post(action, form_data(answer, action)).status_code == 302


# A wrong state


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("return", {"reason": "오래 쓴 사유", "remarks-0-field": "results", "remarks-0-text": "오래 쓴 의견"}),
        ("confirm", {"rating": "attention", "reason": "오래 쓴 사유"}),
    ],
)
def test_who_comes_too_late_is_told_why_and_keeps_what_was_typed(
    step, sent, submission, people, signed_in, lead_body
) -> None:
    submission_in("submitted", submission, **people)
    browser = signed_in(people["coordinator"])
    action = in_english(address_of(submission, step))
    typed = {**filled_in(browser, submission, step), **sent}
    other = person(Role.COORDINATOR, lead_body)
    transitions.confirm(submission=submission, by=other, rating="on-track")
    answer = browser.post(action, typed)
    assert answer.status_code == 409
    assert "It is now in the state “Confirmed”" in text_of(answer)
    back = form_data(answer, action)
    assert {name: back[name] for name in sent} == sent
    assert kinds(submission)[-1] == "confirm"


def test_an_extension_that_comes_too_late_keeps_its_reason(submission, people, signed_in) -> None:
    submission_in("signed-off", submission, **people)
    browser, action = signed_in(people["coordinator"]), f"{submission.get_absolute_url()}extend/"
    until = (clock.today() + dt.timedelta(days=60)).isoformat()
    transitions.submit(submission=submission, by=people["by"])
    answer = browser.post(action, {"until": until, "reason": "오래 쓴 사유"})
    assert answer.status_code == 409
    assert form_data(answer, action)["reason"] == "오래 쓴 사유"


def test_a_step_that_never_led_on_from_here_is_a_wrong_state(submission, people, signed_in) -> None:
    fill_in(submission, people["by"])
    answer = signed_in(people["by"]).post(in_english(address_of(submission, "submit")), {"step": submission.step})
    assert (answer.status_code, state_of(submission)) == (409, State.DRAFT)
    assert "This step is not possible: the submission is in the state “Draft”." in text_of(answer)


def test_that_a_draft_was_sent_back_is_not_betrayed_by_a_refusal(submission, people, signed_in) -> None:
    submission_in("signed-off", submission, **people)
    transitions.send_back(submission=submission, by=people["approver"], reason="내부 사정")
    browser = signed_in(people["coordinator"])
    for step in (submission.step + 1, 0):
        sent = {"decide": "confirm", "step": step, "seen": 0, "rating": "on-track"}
        answer = browser.post(in_english(address_of(submission, "confirm")), sent)
        assert answer.status_code == 302
        answer = browser.get(answer["Location"])
        assert "Sent back" not in text_of(answer)


# Methods, addresses, tokens


def every_address(submission: Submission) -> list[str]:
    comment = f"{submission.get_absolute_url()}remarks/{uuid.uuid4()}/resolve/"
    steps = ("sign_off", "send_back", "take_back", "submit", "reopen")
    return [*(address_of(submission, step) for step in steps), f"{submission.get_absolute_url()}extend/", comment]


def test_steps_are_posted_and_never_got(submission, people, signed_in) -> None:
    submission_in("submitted", submission, **people)
    for user in people.values():
        browser: Any = signed_in(user)
        for address in every_address(submission):
            assert [getattr(browser, each)(address).status_code for each in ("get", "head", "put", "delete")] == [
                405
            ] * 4
    assert state_of(submission) == State.SUBMITTED


def test_a_step_without_the_token_of_the_page_is_refused(submission, people) -> None:
    submission_in("submitted", submission, **people)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people["coordinator"])
    for address in every_address(submission):
        assert browser.post(address, {"step": submission.step, "rating": "on-track", "reason": "x"}).status_code == 403
    assert state_of(submission) == State.SUBMITTED


def test_a_step_without_its_count_is_told(submission, people, signed_in) -> None:
    submission_in("submitted", submission, **people)
    for step in ("", "x", "-1", "9" * 30):
        answer = signed_in(people["coordinator"]).post(
            address_of(submission, "confirm"), {"decide": "confirm", "step": step, "seen": "0", "rating": "on-track"}
        )
        assert answer.status_code in (400, 409)
    assert state_of(submission) == State.SUBMITTED


def test_what_there_is_not_answers_404(submission, people, signed_in, other_body, body) -> None:
    browser = signed_in(people["coordinator"])
    elsewhere = submission_in("submitted", SubmissionFactory(round=RoundFactory(), body=other_body))
    remark = ReviewComment.objects.create(
        submission=elsewhere, field="results", text="의견", author=people["coordinator"]
    )
    page = submission.get_absolute_url()
    for address in (
        f"{page}steps/delete/",
        f"{page}steps/extend/",
        f"{page}remarks/{uuid.uuid4()}/resolve/",
        f"{page}remarks/{remark.pk}/resolve/",
        f"{page}remarks/1/resolve/",
    ):
        assert browser.post(address, {"step": 0}).status_code == 404
    stranger = signed_in(person(Role.APPROVER, other_body))
    for address in every_address(submission):
        assert stranger.post(address, {"step": 0}).status_code == 404
    remark.refresh_from_db()
    assert remark.resolved_at is None


def test_who_may_not_take_a_step_is_told_that_first(submission, people, signed_in) -> None:
    submission_in("submitted", submission, **people)
    for step, status in (("return", 404), ("confirm", 404), ("reopen", 403)):
        assert signed_in(people["approver"]).post(address_of(submission, step), {}).status_code == status
