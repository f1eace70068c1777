"""The page of one submission: who reads what of it, its history, its buttons, its warnings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import BudgetLine, ImplementingBody, ReviewComment, Submission
from ministries.services import review_remarks, transitions
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from tests.factories import (
    AppointmentFactory,
    IndicatorFactory,
    SubmissionFactory,
    UserFactory,
    fill_in,
    person,
    submission_in,
)
from tests.pages import actions_on, in_english, text_of

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def people(focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


@pytest.fixture
def stranger(other_body: ImplementingBody) -> User:
    return person(Role.FOCAL_POINT, other_body)


@pytest.fixture
def page(signed_in: Browser, submission: Submission) -> Callable[[User], HttpResponse]:
    """The submission's page as this person gets it."""
    return lambda user: signed_in(user).get(in_english(submission.get_absolute_url()))


def rewrite(submission: Submission, by: User, **content: str) -> None:
    submission.refresh_from_db()
    fill_in(submission, by, **content)


def history(answer: HttpResponse) -> list[str]:
    return [entry.kind for entry in answer.context["history"]]


# Who reads what


def test_a_draft_is_read_by_its_body_and_known_to_the_coordinator(
    submission, people, page, stranger, panel_member, committee_reader, administrator
) -> None:
    fill_in(submission, people["by"], results="작성 중인 비밀", self_rating="completed", department="정책과")
    for user in (people["by"], people["approver"]):
        assert "작성 중인 비밀" in text_of(page(user))
    told = page(people["coordinator"])
    assert told.status_code == 200
    for secret in ("작성 중인 비밀", "Completed", "정책과", people["by"].name):
        assert secret not in text_of(told)
    assert (history(told), told.context["sections"]) == ([], [])
    for user in (stranger, panel_member, committee_reader, administrator, UserFactory()):
        assert page(user).status_code == 404


def test_what_is_submitted_is_read_as_submitted_while_the_body_rewrites(submission, people, page) -> None:
    submission_in("returned", submission, **people, content={"results": "제출한 글"})
    rewrite(submission, people["by"], results="고치는 중인 글")
    lead, own = text_of(page(people["coordinator"])), text_of(page(people["by"]))
    assert ("제출한 글" in lead, "고치는 중인 글" in lead) == (True, False)
    assert ("제출한 글" in own, "고치는 중인 글" in own) == (False, True)
    # The hash stands only beside the text that it belongs to.
    assert ("SHA-256" in lead, "SHA-256" in own) == (True, False)


def test_a_reader_reads_the_confirmed_version_while_it_is_revised(
    submission, people, page, panel_member, stranger
) -> None:
    submission_in("confirmed", submission, **people, content={"results": "확정된 글"}, rating="attention")
    transitions.reopen(submission=submission, by=people["coordinator"], reason="내부 정정 사유")
    rewrite(submission, people["by"], results="고치는 중인 글")
    transitions.sign_off(submission=submission, by=people["approver"])
    transitions.submit(submission=submission, by=people["by"])
    for user in (panel_member, stranger):
        text = text_of(page(user))
        assert "확정된 글" in text
        assert "고치는 중인 글" not in text
        assert "Under revision" in text
        assert "Attention" in text
        assert "Submitted again" not in text
        assert "내부 정정 사유" not in text
    assert "내부 정정 사유" in text_of(page(people["by"]))
    assert "고치는 중인 글" in text_of(page(people["coordinator"]))


def test_the_body_reads_the_coordinators_rating_with_its_reason(submission, people, page) -> None:
    submission_in("submitted", submission, **people)
    transitions.confirm(submission=submission, by=people["coordinator"], rating="attention", reason="일정이 늦음")
    for user in (people["by"], people["coordinator"]):
        assert "일정이 늦음" in text_of(page(user))


def test_the_body_reads_its_document_number_once_it_is_submitted(submission, people, page) -> None:
    submission_in("signed-off", submission, **people)
    transitions.submit(submission=submission, by=people["by"], document_number="정책과-12")
    # In the head for paper, in the content, and beneath it.
    assert text_of(page(people["by"])).count("정책과-12") == 3


def test_a_restricted_submission_is_for_its_body_and_the_coordinator(
    submission, people, page, stranger, panel_member
) -> None:
    content = {"disclosure": "restricted", "disclosure_ground": "정보공개법 제9조"}
    submission_in("confirmed", submission, **people, content=content)
    assert [page(user).status_code for user in (*people.values(), stranger, panel_member)] == [200] * 3 + [404] * 2


def test_figures_and_their_absence_are_read(submission, people, page) -> None:
    IndicatorFactory(action_plan=submission.assignment.action_plan)
    line = BudgetLine(submission=submission, programme="평화 교육")
    line.budget, line.executed = Figure.of("1234.5"), Figure(None, "not-known")
    line.save()
    text = text_of(page(people["by"]))
    assert "1,234.5" in text
    assert "Not known" in text


# History


def test_what_happens_inside_the_body_is_read_there_alone(submission, people, page, panel_member) -> None:
    fill_in(submission, people["by"])
    transitions.sign_off(submission=submission, by=people["approver"])
    transitions.send_back(submission=submission, by=people["approver"], reason="내부 사정")
    assert history(page(people["by"])) == ["send_back", "sign_off", "save"]
    outside = page(people["coordinator"])
    assert history(outside) == []
    assert "내부 사정" not in text_of(outside)
    assert "Sent back" not in text_of(outside)
    transitions.sign_off(submission=submission, by=people["approver"])
    transitions.take_back(submission=submission, by=people["by"])
    transitions.sign_off(submission=submission, by=people["approver"])
    transitions.submit(submission=submission, by=people["by"])
    assert history(page(people["coordinator"])) == ["submit"]
    transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track")
    assert history(page(panel_member)) == ["confirm"]
    assert history(page(people["coordinator"])) == ["confirm", "submit"]
    assert len(history(page(people["by"]))) == 8


def test_each_return_keeps_its_reason_in_the_history(submission, people, page) -> None:
    for reason in ("첫 번째 사유", "두 번째 사유"):
        submission_in("submitted", submission, **people)
        transitions.return_submission(submission=submission, by=people["coordinator"], reason=reason)
        submission.refresh_from_db()
    answer = page(people["by"])
    assert [entry.reason for entry in answer.context["history"] if entry.kind == "return"] == [
        "두 번째 사유",
        "첫 번째 사유",
    ]
    assert answer.context["last_reason"].reason == "두 번째 사유"
    assert "focal@example.org" not in text_of(page(people["coordinator"]))


def test_the_reason_is_no_longer_put_forward_once_it_was_answered(submission, people, page) -> None:
    submission_in("returned", submission, **people)
    assert page(people["by"]).context["last_reason"] is not None
    transitions.sign_off(submission=submission, by=people["approver"])
    assert page(people["by"]).context["last_reason"] is None


def test_a_reader_of_what_is_confirmed_sees_no_remarks(submission, people, page, panel_member, stranger) -> None:
    submission_in("submitted", submission, **people)
    transitions.return_submission(
        submission=submission, by=people["coordinator"], reason="보완 사유", comments={"results": "검토 의견"}
    )
    review_remarks.resolve_remark(remark=ReviewComment.objects.get(), by=people["coordinator"])
    submission.refresh_from_db()
    submission_in("confirmed", submission, **people)
    for user in (panel_member, stranger):
        assert "검토 의견" not in text_of(page(user))
        assert "보완 사유" not in text_of(page(user))
    for user in people.values():
        assert "검토 의견" in text_of(page(user))


# Buttons and notices


@pytest.mark.parametrize(
    ("state", "who", "steps"),
    [
        ("draft", "by", set()),
        ("draft", "approver", {"steps/sign_off"}),
        ("signed-off", "by", {"steps/take_back", "steps/submit"}),
        ("signed-off", "approver", {"steps/send_back", "steps/take_back", "steps/submit"}),
        ("signed-off", "coordinator", {"extend"}),
        ("submitted", "by", set()),
        ("submitted", "coordinator", set()),
        ("returned", "coordinator", {"extend"}),
        ("confirmed", "coordinator", {"steps/reopen"}),
        ("confirmed", "approver", set()),
    ],
)
def test_the_page_offers_the_steps_that_one_may_take(state, who, steps, submission, people, page) -> None:
    submission_in(state, submission, **people)
    address = in_english(submission.get_absolute_url())
    offered = {action.removeprefix(address).strip("/") for action in actions_on(page(people[who])) if address in action}
    assert offered == steps


def test_a_coordinator_is_led_to_the_review_of_what_waits(submission, people, page) -> None:
    submission_in("submitted", submission, **people)
    led = f'<a class="krds-btn medium primary" href="{in_english(submission.get_absolute_url())}review/">Review</a>'
    shown = {who: led in page(user).content.decode() for who, user in people.items()}
    assert shown == {who: who == "coordinator" for who in people}


def test_what_is_missing_is_told_to_those_who_can_write(submission, people, page) -> None:
    assert len(page(people["by"]).context["gaps"]) == 3
    assert page(people["coordinator"]).context["gaps"] == []
    fill_in(submission, people["by"])
    assert page(people["by"]).context["gaps"] == []


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("signed-off", "signed off"), ("submitted", "under review"), ("confirmed", "Only a coordinator can reopen it")],
)
def test_why_it_cannot_be_changed_is_told(state, sentence, submission, people, page) -> None:
    submission_in(state, submission, **people)
    answer = page(people["by"])
    assert sentence in text_of(answer)
    assert f"{submission.get_absolute_url()}change/" not in answer.content.decode()


def test_a_coordinator_who_wrote_it_is_told_that_another_has_to_confirm(lead_body, signed_in) -> None:
    user, other = person(Role.COORDINATOR, lead_body), person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    own = submission_in("submitted", SubmissionFactory(body=lead_body), by=user)
    answer = signed_in(user).get(in_english(own.get_absolute_url()))
    assert "another coordinator has to confirm" in text_of(answer)
    assert "another coordinator has to confirm" not in text_of(signed_in(other).get(in_english(own.get_absolute_url())))


# Escaping, addresses, queries


def test_what_people_write_is_escaped_everywhere(submission, people, page, panel_member, signed_in) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ 7 }}"
    User.objects.update(name=bad[:60])
    names = (
        "results",
        "this_year_plan",
        "shortcomings",
        "improvement_measures",
        "next_year_plan",
        "self_rating_reason",
    )
    for name in ("department", *names):
        save_submission(submission=submission, by=people["by"], changes={name: Change("", bad)})
    line = BudgetLine(submission=submission, programme=bad)
    line.save()
    submission.refresh_from_db()
    fill_in(submission, people["by"], results=bad, next_year_plan=bad)
    writer, approver, lead = (User.objects.get(pk=user.pk) for user in people.values())
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=submission, by=writer, document_number=bad[:90])
    transitions.return_submission(submission=submission, by=lead, reason=bad, comments={"results": bad, "budget": bad})
    answers = [page(user) for user in people.values()]
    answers.append(signed_in(writer).get(f"{submission.get_absolute_url()}change/"))
    ReviewComment.objects.update(resolved_at=submission.updated_at, resolved_by=lead)
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=submission, by=writer)
    transitions.confirm(submission=submission, by=lead, rating="attention", reason=bad)
    answers += [page(user) for user in (*people.values(), panel_member)]
    for answer in answers:
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=x" not in answer.content.decode()
        assert "<script>alert(1)</script>" in text_of(answer) or "alert(1)" in answer.content.decode()


def test_what_is_not_seen_and_what_is_not_there_answer_alike(submission, signed_in, stranger) -> None:
    browser = signed_in(stranger)
    missing = browser.get("/plans/999/2021/OWN/1.1/")
    hidden = browser.get(submission.get_absolute_url())
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert text_of(missing) == text_of(hidden)
    assert signed_in(stranger).post(submission.get_absolute_url()).status_code == 405
    assert Client().get(submission.get_absolute_url()).status_code == 302


@pytest.mark.parametrize("who", ["by", "coordinator"])
def test_one_number_of_queries_for_few_and_for_many_events_remarks_and_lines(
    who, submission, people, page, signed_in, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def fill(number: int) -> None:
        for index in range(number):
            record(kind="submit", subject=submission, by=people["by"], data={"step": index})
            remark = ReviewComment.objects.create(
                submission=submission, field="results", text="의견", author=UserFactory(), visibility="body"
            )
            remark.replies.create(text="답변", author=UserFactory())
            BudgetLine.objects.create(submission=submission, order=index, programme="사업")
            IndicatorFactory(action_plan=submission.assignment.action_plan)

    submission_in("returned", submission, **people)
    fill(1)
    browser: Any = signed_in(people[who])
    address = submission.get_absolute_url()
    browser.get(address)
    with django_assert_max_num_queries(32) as few:  # one of them for the reminders in the history
        browser.get(address)
    fill(25)
    with django_assert_num_queries(len(few.captured_queries)):
        assert browser.get(address).status_code == 200
