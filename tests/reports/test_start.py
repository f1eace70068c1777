"""The start pages: what waits for whom, the late ones first; the same number of queries for any number of rows."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role, State, StateLabel
from ministries.models import ImplementingBody, Round, Submission
from ministries.services.transitions import send_back
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob
from reports.selectors.start import COLUMNS, start_page
from reports.services.snapshots import take_snapshot
from tests.factories import RoundFactory, SubmissionFactory, person, submission_in

SignIn = Callable[[User], Client]


@pytest.fixture
def round(db: None) -> Round:
    """An open round."""
    return RoundFactory(year=2023)


def _codes(user: User, round: Round) -> dict[str, list[str]]:
    return {task.code: [row.code for row in task.rows] for part in start_page(user, round) for task in part.tasks}


def _code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


def _late(submission: Submission) -> Submission:
    """As if its round had been due, and the others had been given an exception."""
    Submission.objects.filter(round=submission.round).exclude(pk=submission.pk).update(
        extended_until=clock.today() + dt.timedelta(days=9)
    )
    Round.objects.filter(pk=submission.round_id).update(due_date=clock.today() - dt.timedelta(days=1))
    submission.round.refresh_from_db()
    return submission


def test_a_coordinator_sees_what_waits_for_review_and_every_body_late_ones_first(
    round: Round, coordinator: User
) -> None:
    submitted = submission_in(State.SUBMITTED, round=round)
    confirmed = submission_in(State.CONFIRMED, round=round)
    late = _late(SubmissionFactory(round=round))
    part = start_page(coordinator, late.round)[0]
    assert (part.scope, part.total, part.overdue, part.confirmed) == ("all", 3, 1, 1)
    assert _codes(coordinator, late.round) == {"overdue": [_code(late)], "to-review": [_code(submitted)]}
    assert part.bodies[0].code == late.assignment.body.code
    assert part.bodies[-1].code == confirmed.assignment.body.code
    for body in part.bodies:
        assert sum(body.cells) == body.total == 1


def test_the_columns_of_the_table_cover_every_state_a_coordinator_is_told(coordinator: User) -> None:
    assert set(COLUMNS) == set(StateLabel) - {StateLabel.SENT_BACK}


def test_a_focal_point_sees_the_own_body_only_and_what_came_back_first(
    round: Round, body: ImplementingBody, focal_point: User, approver: User
) -> None:
    to_write = SubmissionFactory(round=round, body=body)
    signed = submission_in(State.SIGNED_OFF, round=round, body=body, approver=approver)
    returned = submission_in(State.RETURNED, round=round, body=body)
    sent_back = submission_in(State.SIGNED_OFF, round=round, body=body, approver=approver)
    send_back(submission=sent_back, by=approver, reason="…")
    submission_in(State.SUBMITTED, round=round)
    found = _codes(focal_point, round)
    assert list(found) == ["returned", "to-write", "to-submit"]
    assert sorted(found["returned"]) == sorted([_code(returned), _code(sent_back)])
    assert (found["to-write"], found["to-submit"]) == ([_code(to_write)], [_code(signed)])
    assert list(_codes(approver, round)) == ["returned", "to-submit", "to-write"]


def test_what_is_still_awaited_from_another_year_is_not_forgotten(
    round: Round, body: ImplementingBody, focal_point: User, coordinator: User
) -> None:
    today = clock.today()
    before = RoundFactory(
        plan=round.plan,
        year=2022,
        opening_date=today - dt.timedelta(days=400),
        due_date=today - dt.timedelta(days=300),
        closing_date=today - dt.timedelta(days=200),
    )
    missed = SubmissionFactory(round=before, body=body)
    excepted = SubmissionFactory(round=before, body=body, extended_until=today)
    assert _codes(focal_point, round)["elsewhere"] == [_code(excepted)]
    assert _codes(coordinator, round)["elsewhere"] == [_code(missed), _code(excepted)]


def test_the_panel_sees_what_is_confirmed_and_the_report_to_read(
    round: Round, panel_member: User, signed_in: SignIn
) -> None:
    confirmed = submission_in(State.CONFIRMED, round=round)
    submission_in(State.SUBMITTED, round=round)
    job = RenderJob.objects.create(
        snapshot=take_snapshot(round=round),
        language="ko",
        state="done",
        file_name="x",
        finished_at=clock.now(),
        pages=3,
    )
    part = start_page(panel_member, round)[0]
    assert (part.scope, part.confirmed, part.total) == ("confirmed", 1, 2)
    assert _codes(panel_member, round) == {"confirmed": [_code(confirmed)]}
    page = signed_in(panel_member).get(reverse("home")).content.decode()
    assert reverse("reports:document_download", args=[job.pk]) in page


@pytest.mark.parametrize(
    ("role", "where"),
    [
        (Role.COMMITTEE_READER, "/plans/{plan}/2022/summary/"),
        (Role.ADMINISTRATOR, "/people/"),
    ],
)
def test_others_are_led_to_what_their_role_is_about(round: Round, role: Role, where: str, signed_in: SignIn) -> None:
    past = clock.today() - dt.timedelta(days=100)
    RoundFactory(plan=round.plan, year=2022, opening_date=past, due_date=past, closing_date=past)
    response = signed_in(person(role)).get(reverse("home"))
    assert (response.status_code, response["Location"]) == (302, where.format(plan=round.plan.number))


def test_without_any_role_the_page_says_so(round: Round, signed_in: SignIn) -> None:
    member = person(Role.PANEL_MEMBER)
    member.appointments.update(end=clock.today() - dt.timedelta(days=1))
    response = signed_in(member).get(reverse("home"))
    assert response.status_code == 200
    assert "ministries/no_role.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FOCAL_POINT, Role.PANEL_MEMBER])
def test_as_many_queries_for_one_submission_as_for_many(
    round: Round, body: ImplementingBody, lead_body: ImplementingBody, role: Role, signed_in: SignIn
) -> None:
    homes = {Role.COORDINATOR: lead_body, Role.FOCAL_POINT: body}
    client = signed_in(person(role, homes.get(role)))
    submission_in(State.CONFIRMED, round=round, body=body)
    SubmissionFactory(round=round, body=body)
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home"))
    for _number in range(3):
        submission_in(State.CONFIRMED, round=round, body=body)
        SubmissionFactory(round=round, body=body)
        SubmissionFactory(round=round)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("home"))
    assert len(many) == len(few)
