"""Forms that no page of ours sends: foreign keys, broken tables, too many rows, addresses that do not exist."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.figures import Figure
from ministries.models import BudgetLine, ImplementingBody, IndicatorResult, Submission
from ministries.services.rows import BUDGET
from nap_monitor.accounts.models import User
from tests.factories import IndicatorFactory, SubmissionFactory
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def client(signed_in: Callable[[User], Client], focal_point: User) -> Client:
    return signed_in(focal_point)


def address(submission: Submission) -> str:
    return reverse("ministries:submission_change", args=submission.address)


def post(client: Client, submission: Submission, **changed: Any) -> HttpResponse:
    return client.post(address(submission), form_data(client.get(address(submission)), **changed))


def lines(number: int) -> dict[str, str]:
    rows = {f"budget__{index}__programme": f"사업 {index}" for index in range(number)}
    return {**rows, "budget__TOTAL_FORMS": str(number), "results": "오래 쓴 글"}


def test_as_many_lines_as_there_may_be_are_saved(submission, client) -> None:
    assert post(client, submission, **lines(BUDGET.most)).status_code == 302
    assert submission.budget_lines.count() == BUDGET.most == 50
    assert client.get(address(submission)).status_code == 200


def test_a_line_more_is_told_and_none_of_what_was_typed_is_lost(submission, client) -> None:
    answer = post(client, submission, **lines(BUDGET.most + 1))
    assert (answer.status_code, submission.budget_lines.count()) == (400, 0)
    back = form_data(answer)
    assert (back["results"], back["budget-50-programme"]) == ("오래 쓴 글", "사업 50")
    assert "50" in text_of(answer)
    # One line removed, and it is saved.
    mended = {**back, "budget-3-DELETE": "on"}
    assert client.post(address(submission), mended).status_code == 302
    assert submission.budget_lines.count() == BUDGET.most


def test_a_full_table_shows_no_empty_row_and_can_be_saved_again(submission, client) -> None:
    post(client, submission, **lines(BUDGET.most))
    assert post(client, submission, budget__49__executed_value="1").status_code == 302
    assert submission.budget_lines.last().executed == Figure.of(1)


@pytest.mark.parametrize(
    "broken",
    [
        {"budget__TOTAL_FORMS": None},
        {"budget__TOTAL_FORMS": "many"},
        {"budget__TOTAL_FORMS": "100000"},
        {"budget__INITIAL_FORMS": None},
        {"indicators__TOTAL_FORMS": None},
    ],
)
def test_a_broken_table_is_told_and_the_texts_stay(broken, submission, client) -> None:
    answer = post(client, submission, results="오래 쓴 글", **broken)
    submission.refresh_from_db()
    assert (answer.status_code, submission.results) == (400, "")
    assert form_data(answer)["results"] == "오래 쓴 글"


@pytest.mark.parametrize("initial", ["0", "5", "99"])
def test_a_wrong_number_of_initial_rows_saves_no_row_twice(initial, submission, client) -> None:
    post(client, submission, budget__0__programme="교육", budget__0__budget_value="100")
    post(client, submission, budget__0__budget_value="200", budget__INITIAL_FORMS=initial)
    line = submission.budget_lines.get()
    assert (line.programme, line.budget) == ("교육", Figure.of(200))


def test_an_indicator_of_another_action_plan_is_refused(submission, client) -> None:
    IndicatorFactory(action_plan=submission.assignment.action_plan)
    foreign = IndicatorFactory()
    for key in (str(foreign.pk), str(uuid.uuid4())):
        answer = post(client, submission, indicators__0__key=key, indicators__0__actual_value="5", results="오래 쓴 글")
        assert (answer.status_code, IndicatorResult.objects.count()) == (400, 0)
        assert form_data(answer)["results"] == "오래 쓴 글"


@pytest.mark.parametrize("key", ["", "no-key", "\x00"])
def test_a_row_without_a_right_key_reports_on_nothing(key, submission, client) -> None:
    IndicatorFactory(action_plan=submission.assignment.action_plan)
    answer = post(client, submission, indicators__0__key=key, indicators__0__actual_value="5")
    assert answer.status_code in (302, 400)
    assert not IndicatorResult.objects.exists()


def test_a_line_of_another_submission_is_neither_changed_nor_shown(submission, client, other_body) -> None:
    foreign = BudgetLine(submission=SubmissionFactory(body=other_body), programme="남의 사업")
    foreign.budget = Figure.of(77)
    foreign.save()
    for more in ({"budget__0__budget_value": "1"}, {"budget__0__DELETE": "on"}):
        answer = post(client, submission, budget__0__key=str(foreign.pk), budget__0__programme="교육", **more)
        assert "남의 사업" not in answer.content.decode()
    foreign.refresh_from_db()
    assert (foreign.programme, foreign.budget) == ("남의 사업", Figure.of(77))


@pytest.mark.parametrize("field", ["state", "step", "coordinator_rating", "written_by", "submitted_version"])
def test_what_is_no_field_of_the_form_is_not_written(field, submission, client) -> None:
    before = getattr(submission, f"{field}_id" if field in ("written_by", "submitted_version") else field)
    post(client, submission, **{field: "confirmed", f"initial-{field}": str(before)})
    after = Submission.objects.get(pk=submission.pk)
    assert getattr(after, f"{field}_id" if field in ("written_by", "submitted_version") else field) == before


def test_a_choice_that_there_is_not_is_told(submission, client) -> None:
    for typed in ({"self_rating": "no-report"}, {"disclosure": ""}, {"disclosure": "secret"}):
        assert post(client, submission, results="오래 쓴 글", **typed).status_code == 400
    submission.refresh_from_db()
    assert submission.results == ""


def test_a_form_without_what_it_started_from_overwrites_nothing(submission, client) -> None:
    post(client, submission, results="첫 글")
    sent = form_data(client.get(address(submission)), results="다른 글")
    bare = {name: value for name, value in sent.items() if not name.startswith("initial-")}
    assert client.post(address(submission), bare).status_code == 409
    submission.refresh_from_db()
    assert submission.results == "첫 글"


def test_more_than_can_be_sent_is_told_in_both_languages(submission, client) -> None:
    answer = post(client, submission, results="가" * 2_000_000)
    submission.refresh_from_db()
    assert (answer.status_code, submission.results) == (400, "")
    assert "뒤로 가기" in text_of(answer)
    assert "what you wrote is still in the form" in text_of(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/plans/999/{year}/{body}/{code}/change/",
        "/plans/{plan}/1999/{body}/{code}/change/",
        "/plans/{plan}/{year}/NOBODY/{code}/change/",
        "/plans/{plan}/{year}/{body}/99.9.9/change/",
        "/plans/99999999999999999999999/{year}/{body}/{code}/change/",
        "/plans/{plan}/99999999999999999999999/{body}/{code}/change/",
        "/plans/{plan}/{year}/{body}%00/{code}/change/",
        "/plans/{plan}/{year}/{body}/{code}%00/change/",
        "/plans/{plan}/{year}/{body}/{code}%00/",
        "/plans/{plan}/{year}/%F0%9F%98%80/{code}/",
        "/plans/{plan}/{year}/?body=%00",
        "/people/?body=%00",
        "/plans/99999999999999999999999/{year}/",
        "/plans/{plan}/99999999999999999999999/change/",
        "/plans/99999999999999999999999/rounds/add/",
    ],
)
def test_an_address_that_there_is_not_answers_404(path, submission, signed_in, focal_point, coordinator) -> None:
    plan, year, body, code = submission.address
    for user in (focal_point, coordinator):
        answer = signed_in(user).get(path.format(plan=plan, year=year, body=body, code=code))
        assert answer.status_code == 404
