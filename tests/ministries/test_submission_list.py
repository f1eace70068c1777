"""The list of submissions: whose rows, what of them, and one number of queries."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ministries.enums import Role, State, StateLabel
from ministries.models import Assignment, ImplementingBody, Round, Submission
from ministries.selectors import submissions as selectors
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import (
    ActionPlanFactory,
    AppointmentFactory,
    AssignmentFactory,
    BodyNameFactory,
    ImplementingBodyFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    both,
    fill_in,
    person,
    submission_in,
)
from tests.pages import text_of

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def place(round_: Round) -> Callable[..., Submission]:
    """Make a submission of the round, in a state."""

    def make(body: ImplementingBody, state: str = "draft", **more: Any) -> Submission:
        return submission_in(state, SubmissionFactory(round=round_, body=body), **more)

    return make


def codes(answer: Any) -> list[tuple[str, str]]:
    """Body and number of each row of the page."""
    return [(row.body_code, row.code) for row in answer.context["listing"].rows]


def row_for(user: User, submission: Submission, scope: str) -> selectors.Row:
    found = selectors.listing(user, submission.round, scope=scope)
    return next(row for row in found.rows if row.url == submission.get_absolute_url())


# Whose rows


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.APPROVER])
def test_the_body_sees_its_own_rows_alone(role, place, body, other_body, round_, signed_in) -> None:
    own = [place(body), place(body, "submitted")]
    place(other_body), place(other_body, "submitted"), place(other_body, "confirmed")
    SubmissionFactory(body=body)  # of another round
    answer = signed_in(person(role, body)).get(round_.get_absolute_url())
    assert answer.status_code == 200
    assert [code for _, code in codes(answer)] == [each.assignment.action_plan.code for each in own]
    assert "다른부" not in text_of(answer)


def test_the_body_can_look_at_what_others_have_confirmed(place, body, other_body, round_, signed_in) -> None:
    place(body)
    place(other_body, "submitted")
    confirmed = place(other_body, "confirmed")
    answer = signed_in(person(Role.FOCAL_POINT, body)).get(round_.get_absolute_url() + "?scope=confirmed")
    assert codes(answer) == [("OTHER", confirmed.assignment.action_plan.code)]


def test_the_coordinator_sees_all_rows(place, body, other_body, round_, signed_in, coordinator) -> None:
    for where in (body, other_body):
        for state in State.values:
            place(where, state)
    answer = signed_in(coordinator).get(round_.get_absolute_url())
    assert len(codes(answer)) == 10
    assert answer.context["listing"].counts[StateLabel.NOT_STARTED] == 2


def test_a_panel_member_sees_what_is_confirmed_and_not_restricted(place, body, round_, signed_in, panel_member) -> None:
    for state in State.values:
        place(body, state)
    place(body, "confirmed", content={"disclosure": "restricted", "disclosure_ground": "정보공개법 제9조"})
    reopened = place(body, "confirmed")
    transitions.reopen(submission=reopened, by=person(Role.COORDINATOR), reason="정정")
    answer = signed_in(panel_member).get(round_.get_absolute_url())
    assert len(codes(answer)) == 2
    assert [row.state for row in answer.context["listing"].rows] == [StateLabel.CONFIRMED] * 2
    assert [row.is_under_revision for row in answer.context["listing"].rows] == [False, True]
    # Another scope in the address shows no more.
    for scope in ("all", "own", "x"):
        assert len(codes(signed_in(panel_member).get(round_.get_absolute_url() + f"?scope={scope}"))) == 2


def test_the_body_gets_no_list_of_all_by_the_address(place, body, other_body, round_, signed_in, focal_point) -> None:
    place(body), place(other_body, "submitted")
    assert len(codes(signed_in(focal_point).get(round_.get_absolute_url() + "?scope=all"))) == 1


def test_others_find_no_list(round_, signed_in, committee_reader, administrator) -> None:
    for user in (committee_reader, administrator, UserFactory()):
        assert signed_in(user).get(round_.get_absolute_url()).status_code == 404
    assert Client().get(round_.get_absolute_url()).status_code == 302


def test_addresses_and_methods_that_there_are_not(round_, signed_in, coordinator) -> None:
    browser = signed_in(coordinator)
    assert browser.get(f"/plans/{round_.plan.number}/1999/").status_code == 404
    assert browser.get("/plans/999/2022/").status_code == 404
    assert browser.post(round_.get_absolute_url()).status_code == 405


def test_who_has_both_roles_can_change_between_the_lists(place, lead_body, body, round_, signed_in) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    place(lead_body), place(body)
    assert len(codes(signed_in(user).get(round_.get_absolute_url()))) == 2
    assert codes(signed_in(user).get(round_.get_absolute_url() + "?scope=own"))[0][0] == "LEAD"


# What of a draft its coordinator does not see


def test_of_a_draft_the_coordinator_sees_the_state_and_nothing_else(place, body, coordinator, focal_point) -> None:
    draft = place(body)
    fill_in(draft, focal_point, self_rating="completed")
    row = row_for(coordinator, draft, "all")
    assert (row.state, row.self_rating, row.updated_at) == (StateLabel.DRAFT, None, None)
    own = row_for(focal_point, draft, "own")
    assert (own.self_rating, own.updated_at) == ("completed", draft.updated_at)


def test_that_a_draft_was_sent_back_stays_in_its_body(place, body, coordinator, approver, focal_point) -> None:
    draft = place(body, "signed-off", by=focal_point, approver=approver)
    transitions.send_back(submission=draft, by=approver, reason="근거가 없습니다.")
    assert row_for(coordinator, draft, "all").state is StateLabel.DRAFT
    assert row_for(focal_point, draft, "own").state is StateLabel.SENT_BACK


@pytest.mark.parametrize("state", ["returned", "signed-off"])
def test_while_a_body_rewrites_its_new_self_rating_is_not_told(state, place, body, coordinator, focal_point) -> None:
    submission = place(body, "returned", by=focal_point, coordinator=coordinator)
    fill_in(submission, focal_point, self_rating="completed")
    if state == "signed-off":
        transitions.sign_off(submission=submission, by=person(Role.APPROVER, body))
    row = row_for(coordinator, submission, "all")
    submission.refresh_from_db()
    assert (row.self_rating, row.updated_at) == (None, submission.last_submitted_at)


def test_a_reader_of_what_is_confirmed_is_told_nothing_of_the_work_on_it(
    place, body, panel_member, coordinator
) -> None:
    submission = place(body, "confirmed", coordinator=coordinator, rating="attention")
    transitions.reopen(submission=submission, by=coordinator, reason="정정")
    row = row_for(panel_member, submission, "confirmed")
    told = (row.state, row.due_date, row.days_left, row.is_overdue, row.self_rating, row.open_remarks)
    assert told == (StateLabel.CONFIRMED, None, None, False, None, 0)
    assert (row.coordinator_rating, row.is_under_revision) == ("attention", True)


# What stands in a row


def test_late_rows_are_marked_and_counted(body, signed_in, coordinator) -> None:
    past = clock.today() - dt.timedelta(days=3)
    round_ = RoundFactory(due_date=past, closing_date=clock.today() + dt.timedelta(days=30))
    late = SubmissionFactory(round=round_, body=body)
    extended = SubmissionFactory(round=round_, body=body, extended_until=clock.today())
    submission_in("submitted", SubmissionFactory(round=round_, body=body))
    listing = selectors.listing(coordinator, round_, scope="all")
    assert [row.is_overdue for row in listing.rows] == [True, False, False]
    assert [row.days_left for row in listing.rows] == [-3, 0, None]
    assert listing.counts["overdue"] == 1
    answer = signed_in(coordinator).get(round_.get_absolute_url() + "?state=overdue")
    assert codes(answer) == [("OWN", late.assignment.action_plan.code)]
    assert extended.due_date == clock.today()


def test_open_remarks_are_counted(place, body, coordinator, focal_point) -> None:
    submission = place(body, "submitted")
    remarks = {"results": "수치", "budget": "출처"}
    transitions.return_submission(submission=submission, by=coordinator, reason="보완", comments=remarks)
    assert (
        row_for(focal_point, submission, "own").open_remarks,
        row_for(coordinator, submission, "all").open_remarks,
    ) == (2, 2)
    submission.comments.filter(field="budget").update(resolved_at=clock.now(), resolved_by=coordinator)
    assert row_for(focal_point, submission, "own").open_remarks == 1


def test_a_body_has_the_name_of_the_year(place, body, round_, signed_in, coordinator) -> None:
    place(body)
    BodyNameFactory(body=body, name=both("새이름부"), short_name={}, valid_from=dt.date(round_.year + 1, 1, 1))
    text = text_of(signed_in(coordinator).get(round_.get_absolute_url()))
    assert "기OWN" in text
    assert "새이름부" not in text


def test_rows_stand_in_the_plans_order_and_titles_are_escaped(body, round_, signed_in, focal_point) -> None:
    for order, code in [(2, "10.1"), (1, "2.1"), (0, "1.1")]:
        action_plan = ActionPlanFactory(plan=round_.plan, order=order, code=code, title=both("<b>과제</b> & 더"))
        SubmissionFactory(round=round_, assignment=AssignmentFactory(action_plan=action_plan, body=body))
    answer = signed_in(focal_point).get(round_.get_absolute_url())
    assert [code for _, code in codes(answer)] == ["1.1", "2.1", "10.1"]
    assert "<b>과제</b>" not in answer.content.decode()
    assert "<b>과제</b> & 더" in text_of(answer)


# The filter


@pytest.fixture
def filled(
    place: Callable[..., Submission], body: ImplementingBody, other_body: ImplementingBody
) -> dict[str, Submission]:
    made = {f"{where.code} {state}": place(where, state) for where in (body, other_body) for state in State.values}
    title = made["OWN submitted"].assignment.action_plan
    type(title).objects.filter(pk=title.pk).update(title={"ko": "여성 평화 교육", "en": "Peace education"})
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=submitted", {"OWN submitted", "OTHER submitted"}),
        ("state=not-started", {"OWN draft", "OTHER draft"}),
        ("state=submitted&body=OTHER", {"OTHER submitted"}),
        ("body=OTHER", {f"OTHER {state}" for state in State.values}),
        ("q=평화", {"OWN submitted"}),
        ("q=교육+여성", {"OWN submitted"}),
        ("q=PEACE", {"OWN submitted"}),
        ("q=평화&body=OTHER", set()),
        ("q=%25_%27%3B--", set()),
        ("state=x&q=+", {f"{body} {state}" for body in ("OWN", "OTHER") for state in State.values}),
    ],
)
def test_the_coordinator_filters_by_state_body_and_words(asked, found, filled, round_, signed_in, coordinator) -> None:
    answer = signed_in(coordinator).get(f"{round_.get_absolute_url()}?{asked}")
    rows = {(row.body_code, row.code) for row in answer.context["listing"].rows}
    assert rows == {(name.split()[0], filled[name].assignment.action_plan.code) for name in found}
    assert answer.context["listing"].total == 10
    # What was asked for stands in the filter again.
    if "q=평화" in asked:
        assert 'value="평화"' in answer.content.decode()


def test_a_number_is_found_by_its_text(filled, round_, signed_in, coordinator) -> None:
    code = filled["OWN returned"].assignment.action_plan.code
    assert ("OWN", code) in codes(signed_in(coordinator).get(f"{round_.get_absolute_url()}?q={code}"))


def test_what_was_asked_for_is_escaped(round_, place, body, signed_in, coordinator) -> None:
    place(body)
    page = (
        signed_in(coordinator).get(round_.get_absolute_url() + "?q=<script>alert(1)</script>&body=<b>").content.decode()
    )
    assert "<script>alert" not in page
    assert "<b>" not in page


# Queries


@pytest.mark.parametrize("scope", ["all", "own", "confirmed"])
def test_one_number_of_queries_for_1_and_for_119_rows(
    scope, place, lead_body, round_, signed_in, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    if scope == "confirmed":
        user = person(Role.PANEL_MEMBER)
    first = place(lead_body, "confirmed")
    browser = signed_in(user)
    address = f"{round_.get_absolute_url()}?scope={scope}"
    browser.get(address)
    with django_assert_max_num_queries(25) as one:
        assert len(codes(browser.get(address))) == 1
    bodies = [lead_body] if scope == "own" else [ImplementingBodyFactory() for _ in range(4)]
    plans = [ActionPlanFactory(strategy=first.assignment.action_plan.strategy) for _ in range(-(-118 // len(bodies)))]
    made = Assignment.objects.bulk_create(
        [
            Assignment(action_plan=action_plan, body=body, start_year=2021, end_year=2023)
            for action_plan in plans
            for body in bodies
        ][:118]
    )
    copied = (
        "state",
        "confirmed_version",
        "submitted_version",
        "coordinator_rating",
        "first_submitted_at",
        "self_rating",
    )
    values = {name: getattr(Submission.objects.get(pk=first.pk), name) for name in copied}
    Submission.objects.bulk_create(Submission(round=round_, assignment=each, **values) for each in made)
    with django_assert_num_queries(len(one.captured_queries)):
        assert len(codes(browser.get(address))) == 119
