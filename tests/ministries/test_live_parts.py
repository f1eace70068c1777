"""What htmx gets of the lists: the part that changes, with the same content and no more queries than the page."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ministries.models import ImplementingBody, ReviewComment, Submission
from ministries.services import transitions
from nap_monitor.accounts.models import User
from tests.factories import SubmissionFactory, submission_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}
MARK = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def body_of(response: HttpResponse) -> str:
    return MARK.sub("", response.content.decode()).strip()


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.mark.parametrize("name", ["submissions", "people"])
def test_the_part_is_what_stands_in_the_page(
    name: str, submission: Submission, coordinator: User, signed_in: SignIn
) -> None:
    address = submission.round.get_absolute_url() if name == "submissions" else "/people/"
    client = signed_in(coordinator)
    client.get(address)
    with CaptureQueriesContext(connection) as whole:
        page = client.get(address)
    with CaptureQueriesContext(connection) as less:
        part = client.get(address, headers=PART)
    assert body_of(part).startswith('<div class="live" id="list"')
    assert body_of(part) in body_of(page)
    assert len(less) <= len(whole)
    assert 'name="htmx-config"' in body_of(page)


def test_links_to_other_pages_are_followed_and_those_of_the_list_are_not(
    submission: Submission, coordinator: User, signed_in: SignIn
) -> None:
    part = body_of(signed_in(coordinator).get(submission.round.get_absolute_url(), headers=PART))
    before, _, rows = part.partition('<tbody hx-boost="false">')
    assert submission.get_absolute_url() in rows
    before = re.sub(r'<p[^>]* hx-boost="false">.*?</p>', "", before, flags=re.DOTALL)
    assert set(re.findall(r'<a[^>]* href="([^"])', before)) == {"?"}, "the other links of the list stay on its page"


def test_a_resolved_remark_comes_back_as_one_that_is_resolved(
    submission: Submission, focal_point: User, approver: User, coordinator: User, signed_in: SignIn
) -> None:
    submission_in("submitted", submission, by=focal_point, approver=approver, coordinator=coordinator)
    transitions.return_submission(submission=submission, by=coordinator, reason="보완", comments={"results": "수치"})
    comment = ReviewComment.objects.get()
    address = f"{submission.get_absolute_url()}remarks/{comment.pk}/resolve/"
    answer = signed_in(coordinator).post(address, headers=PART)
    assert answer.status_code == 200
    assert body_of(answer).startswith(f'<div id="remark-{comment.pk}"')
    assert "remark-resolved" in body_of(answer)
    assert (f"/{comment.pk}/resolve/" in body_of(answer), f"/{comment.pk}/open/" in body_of(answer)) == (False, True)
    comment.refresh_from_db()
    assert comment.resolved_by == coordinator
    assert signed_in(focal_point).post(address, headers=PART).status_code == 403
