"""Addresses where a step is not, or no longer, taken: former ones of decisions, and those that a body may not use."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from ministries.enums import Role, State
from ministries.models import ImplementingBody, ReviewComment, Submission
from ministries.services import ratings, transitions
from ministries.workflow import REVIEWED
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import SubmissionFactory, person, submission_in
from tests.ministries.test_steps import address_of, state_of
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def people(focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


def former(submission: Submission, step: str) -> str:
    return f"{in_english(submission.get_absolute_url())}steps/{step}/"


@pytest.mark.parametrize("step", REVIEWED)
def test_the_former_address_of_a_decision_leads_to_the_review(step, submission, people, signed_in) -> None:
    submission_in("submitted", submission, **people)
    page = in_english(submission.get_absolute_url())
    led = {who: signed_in(user).get(former(submission, step)) for who, user in people.items()}
    assert {who: (answer.status_code, answer["Location"]) for who, answer in led.items()} == {
        "by": (302, page),
        "approver": (302, page),
        "coordinator": (302, f"{page}review/"),
    }
    lead = signed_in(people["coordinator"])
    assert [lead.put(former(submission, step)).status_code, lead.delete(former(submission, step)).status_code] == [
        405
    ] * 2
    assert signed_in(person(Role.PANEL_MEMBER)).get(former(submission, step)).status_code == 404


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("return", {"reason": "오래 쓴 사유", "remarks-0-field": "results", "remarks-0-text": "오래 쓴 의견"}),
        ("confirm", {"rating": "attention", "reason": "오래 쓴 사유"}),
    ],
)
def test_what_is_posted_to_a_former_address_decides_nothing_and_stands_in_the_form_of_the_review(
    step, typed, submission, people, signed_in
) -> None:
    submission_in("submitted", submission, **people)
    ratings.save_rating(submission=submission, by=people["coordinator"], rating="rethink")
    lead, rows = signed_in(people["coordinator"]), {"remarks-TOTAL_FORMS": "1", "remarks-INITIAL_FORMS": "0"}
    sent = {"step": str(submission.step), **typed, **(rows if step == "return" else {})}
    answer = lead.post(former(submission, step), sent)
    assert (answer.status_code, state_of(submission)) == (409, State.SUBMITTED)
    assert "Nothing was done yet" in text_of(answer)
    assert "error-summary" not in answer.content.decode()
    action = in_english(address_of(submission, step))
    shown = form_data(answer, action)
    assert {name: shown[name] for name in typed} == typed
    assert lead.post(action, {"decide": step, **shown}).status_code == 302
    assert state_of(submission) == {"return": State.RETURNED, "confirm": State.CONFIRMED}[step]
    for who in ("by", "approver"):
        assert signed_in(people[who]).post(former(submission, step), sent).status_code == 403


# What a body may not do at all


@pytest.mark.parametrize("who", ["by", "approver"])
def test_the_body_neither_extends_nor_resolves(who, submission, people, signed_in) -> None:
    submission_in("submitted", submission, **people)
    transitions.return_submission(
        submission=submission, by=people["coordinator"], reason="x", comments={"results": "y"}
    )
    remark = ReviewComment.objects.get()
    browser, page = signed_in(people[who]), submission.get_absolute_url()
    until = (clock.today() + dt.timedelta(days=60)).isoformat()
    assert browser.post(f"{page}extend/", {"until": until, "reason": "더"}).status_code == 403
    assert browser.post(f"{page}remarks/{remark.pk}/resolve/").status_code == 403
