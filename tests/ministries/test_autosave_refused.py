"""Who may save by itself, when, and with what; and what of it stands on record."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from ministries.enums import Role
from ministries.models import BudgetLine, ImplementingBody, Submission
from ministries.selectors.submissions import history
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import SubmissionFactory, fill_in, person, submission_in
from tests.ministries.autosaving import KEY, Page, change, row, saves

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def page(signed_in: Callable[[User], Client], focal_point: User, submission: Submission) -> Page:
    return Page(signed_in(focal_point), focal_point, submission)


@pytest.fixture
def other(signed_in: Callable[[User], Client], body: ImplementingBody, submission: Submission) -> Page:
    """The page of a colleague."""
    colleague = person(Role.FOCAL_POINT, body, name="홍길동")
    return Page(signed_in(colleague), colleague, submission)


# Who, when, and with what


def test_who_may_not_write_is_told_no_or_that_there_is_nothing(
    submission, signed_in, focal_point, coordinator, panel_member, other_body
) -> None:
    stranger = person(Role.FOCAL_POINT, other_body)
    found = [
        Page(signed_in(user), user, submission).send(fields={"results": change("남의 글")}).status_code
        for user in (coordinator, panel_member, stranger)
    ]
    assert found == [403, 404, 404]
    submission_in("confirmed", submission)
    for user in (panel_member, stranger):
        assert Page(signed_in(user), user, submission).send(fields={"results": change("x")}).status_code == 403
    assert Submission.objects.get().results != "남의 글"


def test_who_is_signed_out_is_told(submission, focal_point) -> None:
    answer = Page(Client(), focal_point, submission).send(fields={"results": change("글")})
    assert (answer.status_code, list(answer.json())) == (401, ["detail"])


def test_the_page_of_another_person_saves_nothing(page, other, submission) -> None:
    page.user = other.user
    answer = page.send(fields={"results": change("글")})
    assert (answer.status_code, answer.json()["why"]) == (403, "other")
    submission.refresh_from_db()
    assert submission.results == ""


def test_a_post_without_the_mark_of_the_page_is_refused(submission, focal_point) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(focal_point)
    assert Page(client, focal_point, submission).send(fields={"results": change("글")}).status_code == 403


@pytest.mark.parametrize("state", ["signed-off", "submitted", "confirmed"])
def test_a_locked_submission_says_what_to_do(state, page, submission) -> None:
    submission_in(state, submission)
    answer = page.send(fields={"results": change("늦은 글", submission.results)})
    assert (answer.status_code, answer.json()["why"]) == (409, "locked")
    assert answer.json()["refusal"]
    assert Submission.objects.get().results == submission.results


def test_only_a_post_is_answered(page) -> None:
    assert [getattr(page.client, each)(page.address).status_code for each in ("get", "put", "delete")] == [405] * 3


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "[]",
        "7",
        "{",
        '{"fields": []}',
        '{"fields": {"results": "x"}}',
        '{"fields": {"results": {"value": 1, "base": ""}}}',
        '{"fields": {"results": {"value": ["a", "b"], "base": ["", ""]}}}',
        '{"fields": {"results": {"value": "a", "base": "", "sent": 1}}}',
        '{"fields": {"state": {"value": "confirmed", "base": "draft"}}}',
        '{"rows": {"budget": {}}}',
        '{"rows": {"budget": [1]}}',
        '{"rows": {"budget": [{"fields": {}}]}}',
        '{"rows": {"budget": [{"key": "x", "fields": {}}]}}',
        '{"rows": {"indicators": [{"client_key": "KEY", "fields": {}}]}}',
        '{"rows": {"budget": [{"client_key": "KEY", "fields": {"submission": {"value": "1", "base": ""}}}]}}',
        '{"rows": {"budget": [{"client_key": "KEY", "fields": {"budget": {"value": "1", "base": ""}}}]}}',
        '{"warnings": {"over-budget.\\u0000": {"value": "a", "base": ""}}}',
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_what_no_page_sends_is_refused_and_breaks_nothing(sent, page, submission) -> None:
    answer = page.post(sent.replace("KEY", KEY))
    assert (answer.status_code, answer.json()["why"]) == (400, "outdated")
    assert saves(submission) == []


def test_halves_of_characters_are_kept_out(page, submission) -> None:
    page.save(fields={"results": change("글 \ud83d")})
    submission.refresh_from_db()
    assert submission.results == "글 ?"
    assert "results" in page.save(fields={"results": change("글\x00", "글 ?")})["invalid"]


def test_a_row_of_another_submission_is_not_touched(page, submission, body) -> None:
    elsewhere = SubmissionFactory(body=body, round=submission.round)
    line = BudgetLine.objects.create(submission=elsewhere, programme="남의 사업", order=1)
    page.save(rows={"budget": [row(line.pk, programme=change("나의 것", "남의 사업"))]})
    answer = page.save(rows={"budget": [row(client_key=str(line.pk), programme=change("나의 것"))]})
    assert list(answer["invalid"]) == [f"budget:{line.pk}"]
    line.refresh_from_db()
    assert (line.programme, submission.budget_lines.count()) == ("남의 사업", 0)


# On record


def test_a_stretch_of_typing_leaves_one_event_for_each_field(page, submission, focal_point) -> None:
    base = ""
    for count in range(1, 8):
        base = page.save(fields={"results": change("가" * count, base)})["saved"]["results"]
    page.save(fields={"shortcomings": change("나"), "results": change("다", base)})
    page.save(fields={"shortcomings": change("나다", "나")})
    page.save(rows={"budget": [row(client_key=KEY, programme=change("교"))]})
    page.save(rows={"budget": [row(KEY, programme=change("교육", "교"), budget=change(["1", ""]))]})
    assert [each.data["fields"] for each in saves(submission)] == [
        ["results"],
        ["results", "shortcomings"],
        [f"budget:{KEY}"],
    ]
    assert len(history(focal_point, submission)) == 1


def test_another_writer_of_the_field_or_five_minutes_begin_a_new_stretch(
    page, other, submission, monkeypatch, focal_point
) -> None:
    page.save(fields={"results": change("가")})
    other.save(fields={"shortcomings": change("나")})
    page.save(fields={"results": change("가나", "가")})
    assert len(saves(submission)) == 2, "somebody else wrote, but not this field"
    other.save(fields={"results": change("라", "가나")})
    page.save(fields={"results": change("마", "라")})
    assert [each.actor_id for each in saves(submission)][2:] == [str(other.user.pk), str(focal_point.pk)]
    monkeypatch.setattr(clock, "now", lambda: saves(submission)[-1].at + dt.timedelta(minutes=6))
    page.save(fields={"results": change("마바", "마")})
    assert [each.data["fields"] for each in saves(submission)][4:] == [["results"]]


def test_a_step_of_the_workflow_begins_a_new_stretch(page, submission, focal_point) -> None:
    fill_in(submission, focal_point)
    for value, base in (("가", submission.results), ("가나", "가"), ("다", "가나")):
        if value == "다":
            transitions.sign_off(submission=submission, by=person(Role.APPROVER, submission.assignment.body))
            transitions.take_back(submission=Submission.objects.get(), by=focal_point)
        page.save(fields={"results": change(value, base)})
    assert [each.kind for each in Event.objects.of("ministries.submission", str(submission.pk))] == [
        "save",
        "sign_off",
        "take_back",
        "save",
    ]
