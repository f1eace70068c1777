"""The queue of the coordinators: who sees it, what waits in it in which order, and confirming many at once."""

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
from ministries.models import BudgetLine, ImplementingBody, IndicatorResult, Round, Submission
from ministries.services import ratings, transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import (
    AppointmentFactory,
    IndicatorFactory,
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
SPENT_TOO_MUCH = {"budget_value": 1, "budget_state": "value", "executed_value": 2, "executed_state": "value"}


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def place(round_: Round, body: ImplementingBody, focal_point: User, approver: User, coordinator: User) -> Any:
    """Make a submission of the round that is submitted; ``days`` ago, ``rated`` by the coordinator."""

    def make(owner: ImplementingBody | None = None, *, days: int = 0, rated: str = "", state: str = "submitted") -> Any:
        people = {} if owner else {"by": focal_point, "approver": approver}
        with clock.at(clock.now() - dt.timedelta(days=days)):
            made = submission_in(state, SubmissionFactory(round=round_, body=owner or body), **people)
        if rated:
            ratings.save_rating(submission=made, by=coordinator, rating=rated)
        return made

    return make


def address(round_: Round, page: str = "queue") -> str:
    with override("ko"):
        return reverse(f"ministries:review_{page}", args=[round_.plan.number, round_.year])


def key(submission: Submission) -> str:
    return f"{submission.assignment.body.code}/{submission.assignment.action_plan.code}"


def seen(submission: Submission, count: int = 1) -> str:
    return f"{key(submission)}:{submission.step}:{count}"


def rows(answer: Any) -> list[str]:
    return [row.key for row in answer.context["queue"].rows]


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def again(submission: Submission, by: User, approver: User, coordinator: User) -> Submission:
    transitions.return_submission(submission=submission, by=coordinator, reason="보완", comments={"results": "수치"})
    fill_in(now(submission), by, results="보완하였습니다.")
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=submission, by=approver)
    return now(submission)


# Who


def test_coordinators_find_it_and_nobody_else(round_, body, place, coordinator, signed_in: SignIn) -> None:
    ready = place(rated="on-track")
    assert signed_in(coordinator).get(address(round_)).status_code == 200
    others = [
        *(person(role, body if role in BODY_ROLES else None) for role in Role if role is not Role.COORDINATOR),
        UserFactory(),
    ]
    for user in others:
        client = signed_in(user)
        assert client.get(address(round_)).status_code == 404
        assert client.get(address(round_, "confirm"), {"row": seen(ready)}).status_code == 404
        assert client.post(address(round_, "confirm"), {"row": seen(ready)}).status_code == 404
    assert Client().get(address(round_)).status_code == 302
    assert now(ready).state == State.SUBMITTED


def test_other_methods_and_rounds_that_there_are_not(round_, coordinator, signed_in) -> None:
    client = signed_in(coordinator)
    assert client.post(address(round_)).status_code == 405
    assert client.put(address(round_, "confirm")).status_code == 405
    assert client.get(address(round_).replace("/2022/", "/1999/")).status_code == 404


# What waits, in which order


def test_what_is_submitted_waits_the_one_that_came_again_first_then_the_oldest(
    round_, place, focal_point, approver, coordinator, signed_in
) -> None:
    young, old, returned = place(days=2), place(days=9), place(days=20)
    back = again(returned, focal_point, approver, coordinator)
    for state in ("signed-off", "returned", "confirmed"):
        place(state=state)
    submission_in("submitted")  # of another round
    answer = signed_in(coordinator).get(in_english(address(round_)))
    assert rows(answer) == [key(back), key(old), key(young)]
    assert [row.days for row in answer.context["queue"].rows] == [0, 9, 2]
    text = text_of(answer)
    assert "Submitted again" in text
    assert "waiting for 9 days" in text
    assert "1 open remark" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"body": "OTHER"}, ["other"]),
        ({"review": "rated"}, ["rated"]),
        ({"review": "new"}, ["silent", "other"]),
        ({"review": "remarks"}, ["again"]),
        ({"review": "again"}, ["again"]),
        ({"review": "x", "body": "", "sort": "nonsense"}, ["again", "rated", "silent", "other"]),
        ({"sort": "last"}, ["rated", "silent", "other", "again"]),
        ({"sort": "-last"}, ["again", "other", "silent", "rated"]),
        ({"sort": "body", "body": "OTHER"}, ["other"]),
        ({"body": "NOBODY"}, []),
    ],
)
def test_it_is_filtered_and_sorted(
    query, expected, round_, other_body, place, focal_point, approver, coordinator, signed_in
) -> None:
    rated, silent, other = place(days=9, rated="on-track"), place(days=5), place(other_body, days=3)
    back = again(place(days=12), focal_point, approver, coordinator)
    named = {"rated": rated, "silent": silent, "other": other, "again": back}
    answer = signed_in(coordinator).get(address(round_), query)
    assert rows(answer) == [key(named[name]) for name in expected]
    assert answer.context["queue"].total == 4


def test_it_is_filtered_by_area(round_, place, coordinator, signed_in) -> None:
    one, two = place(), place()
    area = two.assignment.action_plan.strategy.objective.area
    assert rows(signed_in(coordinator).get(address(round_), {"area": area.code})) == [key(two)]
    assert one.assignment.action_plan.strategy.objective.area != area


def test_a_rating_on_an_earlier_version_is_shown_as_such_and_counts_no_more(
    round_, place, focal_point, approver, coordinator, signed_in
) -> None:
    again(place(rated="attention"), focal_point, approver, coordinator)
    answer = signed_in(coordinator).get(in_english(address(round_)))
    assert "Attention given on version 1" in text_of(answer)
    assert answer.context["queue"].counts["rated"] == 0


def test_who_took_part_is_told_that_another_decides(round_, lead_body, place, signed_in) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    submission_in("submitted", SubmissionFactory(round=round_, body=lead_body), by=user)
    other = place()
    answer = signed_in(user).get(in_english(address(round_)))
    assert [row.took_part for row in answer.context["queue"].rows] == [True, False]
    assert text_of(answer).count("You took part – another coordinator has to confirm it.") == 1
    assert other.state == State.SUBMITTED


def test_points_to_check_are_counted(round_, place, coordinator, signed_in) -> None:
    submission = place(state="returned")
    BudgetLine.objects.create(submission=submission, programme="사업", **SPENT_TOO_MUCH)
    submission_in("submitted", submission)
    assert "1 point to check" in text_of(signed_in(coordinator).get(in_english(address(round_))))


def test_one_number_of_queries_for_any_number_of_rows(
    round_, body, place, coordinator, signed_in, django_assert_num_queries
) -> None:
    client = signed_in(coordinator)

    def fill(number: int) -> None:
        for _number in range(number):
            made = place(rated="on-track")
            BudgetLine.objects.create(submission=made, programme="사업", **SPENT_TOO_MUCH)
            indicator = IndicatorFactory(action_plan=made.assignment.action_plan)
            IndicatorResult.objects.create(submission=made, indicator=indicator)

    fill(1)
    client.get(address(round_))
    chosen = {"row": [seen(each) for each in round_.submissions.filter(state=State.SUBMITTED)]}
    with CaptureQueriesContext(connection) as one:
        client.get(address(round_))
    with CaptureQueriesContext(connection) as one_chosen:
        client.get(address(round_, "confirm"), chosen)
    fill(2)
    chosen = {"row": [seen(each) for each in round_.submissions.filter(state=State.SUBMITTED)]}
    with django_assert_num_queries(len(one)):
        assert len(rows(client.get(address(round_)))) == 3
    with django_assert_num_queries(len(one_chosen)):
        assert client.get(address(round_, "confirm"), chosen).context["number"] == 3


# Confirming many


def test_what_will_be_confirmed_is_shown_with_its_rating_and_what_is_left_with_why(
    round_, place, coordinator, signed_in
) -> None:
    good, silent = place(rated="attention"), place()
    answer = signed_in(coordinator).get(in_english(address(round_, "confirm")), {"row": [seen(good), seen(silent, 0)]})
    text = text_of(answer)
    assert "1 submission will be confirmed 1 of 2 chosen" in text
    assert "Attention Will be confirmed" in text
    assert "Left as it is No rating is saved for it yet." in text
    assert not Event.objects.filter(kind="confirm").exists()


def test_the_chosen_are_confirmed_and_a_report_says_what_was_done_and_what_not(
    round_, place, body, coordinator, lead_body, signed_in
) -> None:
    good, silent, decided = place(rated="attention"), place(), place(rated="on-track")
    sent = [seen(good), seen(silent, 0), seen(decided)]
    transitions.confirm(submission=decided, by=person(Role.COORDINATOR, lead_body), rating="completed")
    client = signed_in(coordinator)
    query = "?sort=code"
    answer = client.post(in_english(address(round_, "confirm")) + query, {"row": sent}, follow=True)
    assert answer.redirect_chain[0][0].startswith(in_english(address(round_)) + "?sort=code&report=")
    states = [(now(each).state, now(each).coordinator_rating) for each in (good, silent, decided)]
    assert states == [(State.CONFIRMED, "attention"), (State.SUBMITTED, ""), (State.CONFIRMED, "completed")]
    text = text_of(answer)
    assert f"1 submission was confirmed OWN {good.assignment.action_plan.code}" in text
    assert "2 submissions were left as they are" in text
    assert "Somebody has taken a step on this submission meanwhile." in text
    # A double click tells the same, and confirms nothing anew.
    again_ = client.post(in_english(address(round_, "confirm")), {"row": sent}, follow=True)
    assert "1 submission was confirmed" in text_of(again_)
    assert Event.objects.filter(kind="confirm").count() == 2


def test_the_page_in_between_sends_what_was_chosen(round_, place, coordinator, signed_in) -> None:
    good = place(rated="on-track")
    client = signed_in(coordinator)
    page = client.get(address(round_, "confirm"), {"row": seen(good)})
    client.post(address(round_, "confirm"), form_data(page, address(round_, "confirm")))
    assert now(good).state == State.CONFIRMED


@pytest.mark.parametrize("sent", [[], ["x"], ["OWN/9.9.9:0:0"], ["KEY:"], ["KEY:1"], ["KEY:1:-1"], ["KEY:1:٣"]])
def test_a_choice_that_the_page_did_not_offer_does_nothing(sent, round_, place, coordinator, signed_in) -> None:
    good = place(rated="on-track")
    chosen = [each.replace("KEY", key(good)) for each in sent]
    for method in ("get", "post"):
        answer = getattr(signed_in(coordinator), method)(address(round_, "confirm"), {"row": chosen})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
    assert now(good).state == State.SUBMITTED


def test_each_row_of_a_bulk_confirm_costs_the_same(round_, place, coordinator, signed_in) -> None:
    client = signed_in(coordinator)

    def cost(number: int) -> int:
        chosen = [seen(place(rated="on-track")) for _number in range(number)]
        with CaptureQueriesContext(connection) as queries:
            client.post(address(round_, "confirm"), {"row": chosen})
        assert not round_.submissions.filter(state=State.SUBMITTED).exists()
        return len(queries)

    cost(1)
    one, three, five = cost(1), cost(3), cost(5)
    assert three - one == five - three
    assert (three - one) / 2 < 50
