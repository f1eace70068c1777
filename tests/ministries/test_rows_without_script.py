"""Rows without JavaScript: a button sends the form, and it comes back with one more row, nothing saved or lost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from ministries.models import ImplementingBody, ReviewComment, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import SubmissionFactory, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


def change(submission: Submission) -> str:
    return in_english(reverse("ministries:submission_change", args=submission.address))


def test_a_budget_line_is_added_and_everything_typed_stays(
    submission: Submission, focal_point: User, signed_in: Browser
) -> None:
    client, address = signed_in(focal_point), change(submission)
    typed = {"results": "네 차례 교육", "budget__0__programme": "교육", "budget__0__budget_value": "about ten"}
    before = Event.objects.count()
    answer = client.post(address, form_data(client.get(address), **typed, budget__add="1"))
    data = form_data(answer)
    assert (answer.status_code, data["budget-TOTAL_FORMS"], data["budget-1-programme"]) == (200, "2", "")
    assert (data["results"], data["budget-0-programme"], data["budget-0-budget_value"]) == (
        "네 차례 교육",
        "교육",
        "about ten",
    )
    page = answer.content.decode()
    assert ("error-summary" in page, 'aria-invalid="true"' in page) == (False, False), "nobody has sent it in yet"
    assert re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]*)"[^>]* autofocus', page) == ["budget-1-account"]
    submission.refresh_from_db()
    assert (submission.results, submission.budget_lines.count(), Event.objects.count()) == ("", 0, before)


def test_the_added_line_is_saved_with_the_first_and_an_untouched_one_is_none(
    submission: Submission, focal_point: User, signed_in: Browser
) -> None:
    client, address = signed_in(focal_point), change(submission)
    answer = client.post(address, form_data(client.get(address), budget__0__programme="교육", budget__add="1"))
    answer = client.post(address, form_data(answer, budget__1__programme="연구", budget__add="1"))
    assert client.post(address, form_data(answer)).status_code == 302
    assert sorted(submission.budget_lines.values_list("programme", flat=True)) == ["교육", "연구"]


def test_a_ticked_line_goes_when_the_form_is_saved(
    submission: Submission, focal_point: User, signed_in: Browser
) -> None:
    client, address = signed_in(focal_point), change(submission)
    client.post(address, form_data(client.get(address), budget__0__programme="교육"))
    ticked = client.post(address, form_data(client.get(address), budget__0__DELETE="on", budget__add="1"))
    assert submission.budget_lines.count() == 1
    assert client.post(address, form_data(ticked)).status_code == 302
    assert submission.budget_lines.count() == 0


def test_a_remark_is_added_to_a_return_and_the_reason_stays(
    submission: Submission, focal_point: User, approver: User, coordinator: User, signed_in: Browser
) -> None:
    submission_in("submitted", submission, by=focal_point, approver=approver, coordinator=coordinator)
    client, address = signed_in(coordinator), f"{in_english(submission.get_absolute_url())}review/"
    action = f"{address}#decide-return"
    typed = {"reason": "수치 보완", "remarks__0__text": "어느 항목인지 없음", "due_date": "곧"}
    first = client.post(action, form_data(client.get(address), action, reason="수치 보완", remarks__add="1"))
    answer = client.post(action, form_data(first, action, **typed, remarks__add="1"))
    data = form_data(answer, action)
    assert (answer.status_code, data["remarks-TOTAL_FORMS"]) == (200, "2")
    assert (data["reason"], data["remarks-0-text"], data["due_date"]) == ("수치 보완", "어느 항목인지 없음", "곧")
    assert "Please mend" not in text_of(answer)
    submission.refresh_from_db()
    assert (submission.state, ReviewComment.objects.count()) == ("submitted", 0)


def test_who_may_not_write_gets_no_row_either(submission: Submission, focal_point: User, signed_in: Browser) -> None:
    data = form_data(signed_in(focal_point).get(change(submission)), budget__add="1")
    stranger = SubmissionFactory()
    assert signed_in(focal_point).post(change(stranger), data).status_code == 404
