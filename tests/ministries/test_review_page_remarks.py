"""Remarks on the page of a review: written at their fields, refused without a loss, kept to their readers."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ministries.fields import REMARKABLE
from ministries.models import ImplementingBody, ReviewComment, Round, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import (
    RoundFactory,
    SubmissionFactory,
    submission_in,
)
from tests.ministries.test_review_page import address
from tests.pages import actions_on, form_data, in_english, text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def place(round_: Round, body: ImplementingBody, focal_point: User, approver: User) -> Any:
    """Make a submission of the round, submitted so many ``days`` ago."""

    def make(state: str = "submitted", *, days: int = 0) -> Submission:
        with clock.at(clock.now() - dt.timedelta(days=days)):
            return submission_in(state, SubmissionFactory(round=round_, body=body), by=focal_point, approver=approver)

    return make


def at_field(submission: Submission, name: str) -> str:
    """Where the form beside a field posts to."""
    return f"{in_english(address(submission))}#on-{name}"


def test_a_remark_is_written_at_its_field_and_the_page_comes_back_there(place, coordinator, signed_in) -> None:
    submission = place()
    client, page = signed_in(coordinator), in_english(address(submission))
    shown = client.get(f"{page}?body=OWN")
    typed = form_data(shown, f"{page}?body=OWN#on-results", text="수치를 확인하여 주십시오.")
    assert (typed["field"], typed["visibility"], typed["version"]) == ("results", "coordinators", "1")
    answers = [client.post(f"{page}?body=OWN", typed) for _click in range(2)]
    assert {answer["Location"] for answer in answers} == {f"{page}?body=OWN#on-results"}
    remark = ReviewComment.objects.get()
    assert (remark.field, remark.text, remark.visibility) == ("results", "수치를 확인하여 주십시오.", "coordinators")
    after = client.get(page)
    assert after.context["writing"].open_at("results") == [remark.pk]
    assert f'href="#remark-{remark.pk}"' in after.content.decode()
    other = form_data(after, at_field(submission, "results"))
    assert (other["text"], other["key"] != typed["key"]) == ("", True)


def test_every_field_and_table_that_is_remarked_on_has_its_form_with_a_key_of_its_own(
    place, coordinator, signed_in
) -> None:
    submission = place()
    answer = signed_in(coordinator).get(in_english(address(submission)))
    forms = {action.partition("#on-")[2] for action in actions_on(answer) if "#on-" in action}
    shown = {key for section in answer.context["comparison"].sections for key in parts_of(section)}
    assert forms == shown & REMARKABLE.keys()
    assert {"results", "activities", "budget"} <= forms
    assert len({form_data(answer, at_field(submission, name))["key"] for name in forms}) == len(forms)


def parts_of(section: Any) -> list[str]:
    return [section.key] if section.is_table else [field.key for field in section.fields]


@pytest.mark.parametrize(
    "typed",
    [
        {"text": " ", "visibility": "panel"},
        {"text": "가" * 2001, "visibility": "panel"},
        {"text": "오래 쓴 의견", "visibility": "inside-body"},
        {"text": "오래 쓴 의견", "key": "x"},
    ],
)
def test_a_remark_that_is_refused_stays_open_at_its_field_with_what_was_typed(
    typed, place, coordinator, signed_in
) -> None:
    submission = place()
    client, page = signed_in(coordinator), in_english(address(submission))
    sent = {**form_data(client.get(page), at_field(submission, "results")), **typed}
    answer = client.post(page, sent)
    assert (answer.status_code, ReviewComment.objects.exists()) == (400, False)
    html = answer.content.decode()
    assert html.count('<details class="disclosure remark-write" open') == 1
    assert "error-summary" in html[html.index('id="on-results"') :]
    assert form_data(answer, at_field(submission, "results"))["text"] == typed["text"]
    assert form_data(answer, at_field(submission, "shortcomings"))["text"] == ""


def test_a_remark_is_about_a_field_and_on_a_version_of_this_submission_alone(place, coordinator, signed_in) -> None:
    submission, other = place(), place()
    client, page = signed_in(coordinator), in_english(address(submission))
    sent = form_data(client.get(page), at_field(submission, "results"), text="의견")
    for name in ("", "nothing", "body_fields.1", "<script>"):
        answer = client.post(page, {**sent, "field": name})
        assert (answer.status_code, ReviewComment.objects.exists()) == (400, False)
        assert "A remark must be about a field of the submission." in text_of(answer)
    elsewhere = form_data(client.get(in_english(address(other))), at_field(other, "results"))
    client.post(page, {**sent, "version": "99", "key": elsewhere["key"]})
    remark = ReviewComment.objects.get()
    assert (remark.submission, remark.version) == (submission, submission.submitted_version)


def test_no_remark_goes_to_the_panel_on_what_is_restricted(place, coordinator, signed_in) -> None:
    submission = place()
    Submission.objects.filter(pk=submission.pk).update(disclosure="restricted", disclosure_ground="9-1-2")
    client, page = signed_in(coordinator), in_english(address(submission))
    sent = form_data(client.get(page), at_field(submission, "results"), text="의견")
    assert client.post(page, {**sent, "visibility": "panel"}).status_code == 400
    assert client.post(page, {**sent, "visibility": "body"}).status_code == 302


def test_who_writes_a_remark_on_its_own_page_from_a_review_comes_back_to_it(place, coordinator, signed_in) -> None:
    submission = place()
    client, query = signed_in(coordinator), "?from=review&body=OWN"
    with override("ko"):
        write = reverse("ministries:comment_add", args=submission.address)
    page = client.get(address(submission) + "?body=OWN").content.decode()
    assert f'href="{write}?from=review&amp;body=OWN"' in page
    typed = {"key": str(uuid.uuid4()), "field": "results", "text": "수치", "visibility": "body", "version": "1"}
    answer = client.post(write + query, typed)
    assert answer.url.startswith(f"{address(submission)}?body=OWN#remark-")
    assert "수치" in client.get(address(submission)).content.decode()
