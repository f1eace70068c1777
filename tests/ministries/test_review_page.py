"""The page of a review: what a coordinator reads, what each button does, the way on, and who comes second."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from ministries.enums import BODY_ROLES, Role, State
from ministries.models import ImplementingBody, Round, SavedRating, Submission
from ministries.services import ratings, transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import (
    AppointmentFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    fill_in,
    person,
    submission_in,
)
from tests.pages import form_data, in_english, text_of

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


def address(submission: Submission) -> str:
    with override("ko"):
        return reverse("ministries:review", args=submission.address)


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def sent(submission: Submission, decide: str, **more: str) -> dict[str, str]:
    """What the button posts."""
    rows = {"remarks-TOTAL_FORMS": "0", "remarks-INITIAL_FORMS": "0"} if decide == "return" else {}
    return {"decide": decide, "step": str(submission.step), "seen": "0", **rows, **more}


def again(submission: Submission, by: User, approver: User, coordinator: User, reason: str = "보완") -> Submission:
    transitions.return_submission(
        submission=submission, by=coordinator, reason=reason, comments={"results": f"{reason}: 수치"}
    )
    for comment in submission.comments.all():
        comment.resolved_at, comment.resolved_by = clock.now(), coordinator
        comment.save()
    fill_in(now(submission), by, results=f"{reason}에 답하였습니다.")
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=submission, by=approver)
    return now(submission)


# Who


def test_coordinators_find_it_and_nobody_else(body, place, coordinator, signed_in: SignIn) -> None:
    submission = place()
    assert signed_in(coordinator).get(address(submission)).status_code == 200
    others = [
        *(person(role, body if role in BODY_ROLES else None) for role in Role if role is not Role.COORDINATOR),
        UserFactory(),
    ]
    for user in others:
        client = signed_in(user)
        assert client.get(address(submission)).status_code == 404
        assert client.post(address(submission), sent(submission, "confirm", rating="on-track")).status_code == 404
    assert Client().get(address(submission)).status_code == 302
    assert signed_in(coordinator).put(address(submission)).status_code == 405
    assert now(submission).state == State.SUBMITTED


def test_what_was_never_submitted_has_nothing_to_review(place, coordinator, signed_in) -> None:
    draft = place("signed-off")
    assert signed_in(coordinator).get(address(draft)).url == draft.get_absolute_url()


def test_a_draft_that_follows_a_version_is_not_shown(place, focal_point, coordinator, signed_in) -> None:
    submission = place("returned")
    fill_in(submission, focal_point, results="아직 제출하지 않은 문장")
    answer = signed_in(coordinator).get(address(submission))
    assert answer.status_code == 200
    assert "아직 제출하지 않은 문장" not in answer.content.decode()


# What is read


def test_every_return_stays_with_its_reason_remarks_author_and_time(
    place, focal_point, approver, coordinator, signed_in
) -> None:
    submission = again(place(), focal_point, approver, coordinator, "첫째 사유")
    other = person(Role.COORDINATOR, name="Second Coordinator")
    submission = again(submission, focal_point, approver, other, "둘째 사유")
    answer = signed_in(coordinator).get(in_english(address(submission)))
    page = text_of(answer)
    assert "2 returns" in page
    assert page.index("둘째 사유: 수치") < page.index("첫째 사유: 수치")
    assert [said.actor for said, _label in answer.context["returns"]] == ["Second Coordinator", "Coordinator"]


def test_the_rating_of_an_earlier_version_says_so(place, focal_point, approver, coordinator, signed_in) -> None:
    submission = place()
    ratings.save_rating(submission=submission, by=coordinator, rating="attention")
    submission = again(submission, focal_point, approver, coordinator)
    answer = signed_in(coordinator).get(in_english(address(submission)))
    assert "Given on version 1 by Coordinator" in text_of(answer)
    assert answer.context["forms"]["rate"].initial["rating"] == "attention"


def test_the_page_costs_the_same_whatever_waits_beside_it(place, coordinator, signed_in, django_assert_num_queries):
    submission = place()
    client = signed_in(coordinator)
    client.get(address(submission))
    with CaptureQueriesContext(connection) as one:
        client.get(address(submission))
    for _number in range(2):
        ratings.save_rating(submission=place(), by=coordinator, rating="on-track")
    with django_assert_num_queries(len(one)):
        assert client.get(address(submission)).context["place"].total == 3


# Deciding


def test_a_rating_is_saved_and_one_stays(place, coordinator, signed_in) -> None:
    submission = place()
    typed = sent(submission, "rate", rating="attention", reason="지연")
    answer = signed_in(coordinator).post(in_english(address(submission)), typed, follow=True)
    assert answer.request["PATH_INFO"] == in_english(address(submission))
    assert "is saved." in text_of(answer)
    assert (SavedRating.objects.get().rating, now(submission).state) == ("attention", State.SUBMITTED)


def test_the_page_sends_what_its_buttons_need(place, coordinator, signed_in) -> None:
    submission = place()
    client = signed_in(coordinator)
    typed = form_data(client.get(address(submission)), address(submission), rating="on-track")
    assert client.post(address(submission), {**typed, "decide": "rate"}).status_code == 302
    typed = form_data(client.get(address(submission)), address(submission))
    assert (typed["rating"], typed["seen"]) == ("on-track", "1")
    assert client.post(address(submission), {**typed, "decide": "confirm"}).status_code == 302
    assert now(submission).coordinator_rating == "on-track"


def test_after_a_decision_comes_the_next_of_the_queue_as_it_was_chosen(round_, place, coordinator, signed_in) -> None:
    first, second, third = place(days=3), place(days=2), place(days=1)
    client, query = signed_in(coordinator), "?body=OWN&sort=-last"
    answer = client.post(address(second) + query, sent(second, "confirm", rating="on-track"))
    assert answer.url == address(first) + query
    # The last one leads to the one before it; where nothing is left, to the queue.
    answer = client.post(address(first) + query, sent(first, "return", reason="보완"))
    assert answer.url == address(third) + query
    answer = client.post(address(third) + query, sent(third, "confirm", rating="on-track"))
    with override("ko"):
        assert answer.url == reverse("ministries:review_queue", args=[round_.plan.number, 2022]) + query
    assert [now(each).state for each in (first, second, third)] == [State.RETURNED, State.CONFIRMED, State.CONFIRMED]


def test_previous_and_next_go_through_the_queue_as_it_was_chosen(
    place, other_body, round_, coordinator, signed_in
) -> None:
    old, middle, young = place(days=9), place(days=5), place(days=1)
    submission_in("submitted", SubmissionFactory(round=round_, body=other_body))
    client = signed_in(coordinator)
    answer = client.get(in_english(address(middle)) + "?body=OWN")
    text = answer.content.decode()
    assert "2 of 3" in text_of(answer)
    assert f'rel="prev" href="{in_english(address(old))}?body=OWN"' in text
    assert f'rel="next" href="{in_english(address(young))}?body=OWN"' in text
    # What fits the filter no more, as its rating is saved now, keeps its place.
    ratings.save_rating(submission=middle, by=coordinator, rating="on-track")
    place_now = client.get(address(middle) + "?body=OWN&review=new").context["place"]
    assert (place_now.before.submission, place_now.after.submission) == (old, young)


def test_only_what_changed_is_shown_where_asked_and_stays_so_on_the_way(
    place, focal_point, approver, coordinator, signed_in
) -> None:
    submission = again(place(days=9), focal_point, approver, coordinator)
    place(days=1)
    client = signed_in(coordinator)
    whole = client.get(address(submission))
    changed = client.get(address(submission) + "?show=changed&body=OWN")
    shown = changed.context["comparison"]
    assert [field.key for section in shown.sections for field in section.fields] == ["results"]
    assert (shown.number, whole.context["comparison"].number) == (1, 1)
    assert len(whole.context["comparison"].sections) > len(shown.sections)
    assert changed.context["place"].after is not None
    assert f'href="{changed.context["place"].after.url}?body=OWN&amp;show=changed"' in changed.content.decode()
    assert [link.is_current for link in changed.context["tabs"]] == [False, True]
    first = client.get(changed.context["place"].after.url + "?show=changed")
    assert (first.context["tabs"], first.context["comparison"].number) == ([], 0)


@pytest.mark.parametrize("query", ["?sort=<script>", "?review=x&body=" + "y" * 99, "?sort=code&next=//evil.example"])
def test_what_the_address_carries_is_read_and_not_repeated(query, place, coordinator, signed_in) -> None:
    submission = place()
    answer = signed_in(coordinator).get(address(submission) + query)
    assert answer.status_code == 200
    assert answer.context["query"] in ("", "?body=" + "y" * 40, "?sort=code")


@pytest.mark.parametrize(
    ("decide", "typed", "said"),
    [
        ("rate", {"rating": ""}, ""),
        ("confirm", {"rating": "no-report"}, ""),
        ("return", {"reason": "", "due_date": "2099. 1. 1."}, "2099. 1. 1."),
        ("return", {"reason": "보완하여 주십시오", "due_date": "2001. 1. 1."}, "보완하여 주십시오"),
        ("nothing", {}, ""),
    ],
)
def test_bad_input_keeps_what_was_typed(decide, typed, said, place, coordinator, signed_in) -> None:
    submission = place()
    answer = signed_in(coordinator).post(address(submission), sent(submission, decide, **typed))
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert (now(submission).state, SavedRating.objects.exists()) == (State.SUBMITTED, False)


def test_a_row_for_a_remark_is_added_without_judging_what_is_typed(place, coordinator, signed_in) -> None:
    submission = place()
    typed = sent(submission, "return", reason="") | {"remarks-add": "1"}
    answer = signed_in(coordinator).post(address(submission), typed)
    assert answer.status_code == 200
    assert len(answer.context["forms"]["return"].remarks.forms) == 1


def test_an_open_remark_stops_the_confirm_and_the_rating_stays_typed(
    place, focal_point, approver, coordinator, signed_in
) -> None:
    submission = again(place(), focal_point, approver, coordinator)
    submission.comments.update(resolved_at=None, resolved_by=None)
    typed = sent(submission, "confirm", rating="attention", reason="이미 쓴 사유")
    answer = signed_in(coordinator).post(address(submission), typed)
    assert answer.status_code == 400
    assert "이미 쓴 사유" in answer.content.decode()


def test_who_took_part_reads_and_returns_but_neither_rates_nor_confirms(round_, lead_body, signed_in) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    own = submission_in("submitted", SubmissionFactory(round=round_, body=lead_body), by=user)
    client = signed_in(user)
    answer = client.get(in_english(address(own)))
    assert "another coordinator has to confirm it" in text_of(answer)
    assert set(answer.context["forms"]) == {"return"}
    for decide in ("rate", "confirm"):
        assert client.post(address(own), sent(own, decide, rating="on-track")).status_code == 403


# Two coordinators


def test_who_comes_second_is_told_who_did_what_and_loses_nothing(place, coordinator, lead_body, signed_in) -> None:
    submission = place()
    other = person(Role.COORDINATOR, lead_body, name="Faster Coordinator")
    transitions.return_submission(submission=submission, by=other, reason="근거 자료를 붙여 주십시오")
    typed = sent(submission, "confirm", rating="on-track", reason="내가 쓴 사유")
    answer = signed_in(coordinator).post(in_english(address(submission)), typed)
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Somebody has taken a step on this submission meanwhile." in text
    assert "Returned · Faster Coordinator" in text
    assert "근거 자료를 붙여 주십시오" in text
    assert "내가 쓴 사유" in text
    assert now(submission).state == State.RETURNED


def test_a_rating_saved_meanwhile_is_shown_and_can_be_replaced_knowingly(
    place, coordinator, lead_body, signed_in
) -> None:
    submission = place()
    other = person(Role.COORDINATOR, lead_body, name="Faster Coordinator")
    ratings.save_rating(submission=submission, by=other, rating="rethink", reason="근거 부족")
    client = signed_in(coordinator)
    typed = sent(submission, "confirm", rating="on-track", reason="내가 쓴 사유")
    answer = client.post(in_english(address(submission)), typed)
    assert answer.status_code == 409
    assert "Rating saved: Rethink · Faster Coordinator" in text_of(answer)
    assert now(submission).state == State.SUBMITTED
    # What the page shows now can be sent: it has seen the other rating.
    shown = form_data(answer, in_english(address(submission)))
    assert (shown["rating"], shown["reason"], shown["seen"]) == ("on-track", "내가 쓴 사유", "1")
    assert client.post(address(submission), {**shown, "decide": "confirm"}).status_code == 302
    assert now(submission).coordinator_rating == "on-track"


def test_a_double_click_on_confirm_is_harmless(place, coordinator, signed_in) -> None:
    submission = place()
    client, typed = signed_in(coordinator), sent(submission, "confirm", rating="on-track")
    assert [client.post(address(submission), typed).status_code for _click in range(2)] == [302, 302]
    assert now(submission).versions.filter(kind="confirm").count() == 1
