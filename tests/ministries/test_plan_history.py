"""What an action plan's page tells of what was reported on it: to each reader no more than the rules let them see."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from ministries.enums import Disclosure, Role, State
from ministries.models import Submission
from ministries.services import transitions
from ministries.services.rounds import create_round
from nap_monitor.accounts.models import User
from tests.factories import AssignmentFactory, SubmissionFactory, person, submission_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]

WHOLE = {
    State.DRAFT: "Not started",
    State.SIGNED_OFF: "Signed off",
    State.SUBMITTED: "Submitted",
    State.RETURNED: "Returned",
    State.CONFIRMED: "Confirmed On track",
}
CONFIRMED = {State.CONFIRMED: "Confirmed On track"}
SEEN = {
    "own focal point": WHOLE,
    "own approver": WHOLE,
    "coordinator": WHOLE,
    "other focal point": CONFIRMED,
    "other approver": CONFIRMED,
    "panel member": CONFIRMED,
    "committee reader": {},
    "administrator": {},
}


@pytest.fixture
def readers(body, other_body, coordinator, panel_member, committee_reader, administrator) -> dict[str, User]:
    return {
        "own focal point": person(Role.FOCAL_POINT, body),
        "own approver": person(Role.APPROVER, body),
        "coordinator": coordinator,
        "other focal point": person(Role.FOCAL_POINT, other_body),
        "other approver": person(Role.APPROVER, other_body),
        "panel member": panel_member,
        "committee reader": committee_reader,
        "administrator": administrator,
    }


def page_of(submission: Submission) -> str:
    action = submission.assignment.action_plan
    return f"/en/plans/{action.plan.number}/actions/{action.code}/"


def address_of(submission: Submission) -> str:
    """Its address on an English page."""
    with override("en"):
        return submission.get_absolute_url()


def told(client: Client, submission: Submission) -> str | None:
    """The badges beside a submission in the history; nothing where the page does not name it at all."""
    response = client.get(page_of(submission))
    assert response.status_code == 200
    _before, link, after = response.content.decode().partition(f'href="{address_of(submission)}"')
    if not link:
        return None
    return " ".join(re.sub(r"<[^>]+>", " ", after.partition("</td>")[0].partition(">")[2]).split())


@pytest.mark.parametrize("state", State)
def test_each_reader_sees_what_the_rules_allow(signed_in: SignIn, readers, body, state) -> None:
    submission = submission_in(state, body=body)
    assert {name: told(signed_in(user), submission) for name, user in readers.items()} == {
        name: seen.get(state) for name, seen in SEEN.items()
    }


def test_what_is_seen_can_be_opened_and_nothing_else(signed_in: SignIn, readers, body) -> None:
    for state in State:
        submission = submission_in(state, body=body)
        for name, user in readers.items():
            client = signed_in(user)
            status = client.get(address_of(submission)).status_code
            assert (name, state, status) == (name, state, 200 if told(client, submission) else 404)


def test_a_restricted_submission_is_for_the_own_body_and_the_coordinator(signed_in: SignIn, readers, body) -> None:
    submission = submission_in(
        State.CONFIRMED,
        body=body,
        content={"disclosure": Disclosure.RESTRICTED, "disclosure_ground": "정보공개법 제9조"},
    )
    seen = {name for name, user in readers.items() if told(signed_in(user), submission)}
    assert seen == {"own focal point", "own approver", "coordinator"}


def test_what_is_reopened_stays_confirmed_for_others_and_is_marked(signed_in: SignIn, readers, body) -> None:
    submission = submission_in(State.CONFIRMED, body=body)
    transitions.reopen(submission=submission, by=readers["coordinator"], reason="수치를 확인하여 주시기 바랍니다.")
    inside, outside = "Returned On track Under revision", "Confirmed On track Under revision"
    assert {name: told(signed_in(user), submission) for name, user in readers.items()} == {
        "own focal point": inside,
        "own approver": inside,
        "coordinator": inside,
        "other focal point": outside,
        "other approver": outside,
        "panel member": outside,
        "committee reader": None,
        "administrator": None,
    }


def test_what_goes_back_inside_a_body_stays_there(signed_in: SignIn, readers, body) -> None:
    submission = submission_in(State.SIGNED_OFF, body=body)
    transitions.send_back(submission=submission, by=readers["own approver"], reason="보완하여 주시기 바랍니다.")
    assert told(signed_in(readers["own focal point"]), submission) == "Sent back"
    assert told(signed_in(readers["coordinator"]), submission) == "Draft"


def test_who_reads_no_submissions_sees_no_history_at_all(signed_in: SignIn, readers, body) -> None:
    page = page_of(submission_in(State.CONFIRMED, body=body))
    has_history = {name: 'id="history"' in signed_in(user).get(page).content.decode() for name, user in readers.items()}
    assert has_history == {name: bool(seen) for name, seen in SEEN.items()}


def test_the_table_has_a_row_for_each_body_and_a_column_for_each_year(
    signed_in: SignIn, coordinator, body, other_body
) -> None:
    first = AssignmentFactory(body=body, order=1)
    AssignmentFactory(action_plan=first.action_plan, body=other_body, order=2, start_year=2022)
    day = dt.date(2024, 1, 1)
    for year in (2022, 2021):
        create_round(plan=first.action_plan.plan, year=year, opening_date=day, due_date=day, closing_date=day, by=None)
    page = f"/en/plans/{first.action_plan.plan.number}/actions/{first.action_plan.code}/"
    history = signed_in(coordinator).get(page).context["history"]
    assert history.years == [2021, 2022]
    rows = [(label.code, [(year, cell is not None) for year, cell in cells]) for label, cells in history.rows]
    assert rows == [("OWN", [(2021, True), (2022, True)]), ("OTHER", [(2021, False), (2022, True)])]


def test_the_page_takes_the_same_queries_for_any_number_of_bodies(signed_in: SignIn, coordinator) -> None:
    client = signed_in(coordinator)
    first = SubmissionFactory()
    counts = []
    for number in (1, 6):
        while first.round.submissions.count() < number:
            assignment = AssignmentFactory(action_plan=first.assignment.action_plan)
            SubmissionFactory(assignment=assignment, round=first.round)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page_of(first))
        assert len(response.context["history"].rows) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
