"""Who may take which step when: the two tables of the design, by hand, against the services and against the pages.

The tables below are written from the design documents, not from the code. Every role (and nobody, and no sign-in) tries
every step in every state, on a submission of the own body and on one of another body.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ministries import workflow
from ministries.enums import BODY_ROLES, Role, State
from ministries.models import ImplementingBody, Submission
from ministries.services import transitions
from ministries.views.steps import SERVICES as ON_THE_PAGE
from ministries.workflow import NotPermitted, WrongState
from nap_monitor.accounts.models import User
from tests.factories import RoundFactory, SubmissionFactory, UserFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db

SERVICES = {**ON_THE_PAGE, "return": transitions.return_submission, "confirm": transitions.confirm}
# Who may take a step, and from which states it leads on. "own": only on a submission of the own body.
STEPS = {
    # step        from                          to             focal point  approver  coordinator
    "sign_off": ({"draft", "returned"}, "signed-off", {Role.APPROVER: "own"}),
    "send_back": ({"signed-off"}, "draft", {Role.APPROVER: "own"}),
    "take_back": ({"signed-off"}, "draft", {Role.FOCAL_POINT: "own", Role.APPROVER: "own"}),
    "submit": ({"signed-off"}, "submitted", {Role.FOCAL_POINT: "own", Role.APPROVER: "own"}),
    "return": ({"submitted"}, "returned", {Role.COORDINATOR: "all"}),
    "confirm": ({"submitted"}, "confirmed", {Role.COORDINATOR: "all"}),
    "reopen": ({"confirmed"}, "returned", {Role.COORDINATOR: "all"}),
}

# Who sees a submission at all (its page), by role: on the own body's, and on another body's.
ALWAYS, CONFIRMED, NEVER = set(State.values), {"confirmed"}, set()
SEEN = {
    Role.FOCAL_POINT: {"own": ALWAYS, "other": CONFIRMED},
    Role.APPROVER: {"own": ALWAYS, "other": CONFIRMED},
    Role.COORDINATOR: {"own": ALWAYS, "other": ALWAYS},
    Role.PANEL_MEMBER: {"own": CONFIRMED, "other": CONFIRMED},
    Role.COMMITTEE_READER: {"own": NEVER, "other": NEVER},
    Role.ADMINISTRATOR: {"own": NEVER, "other": NEVER},
    "nobody": {"own": NEVER, "other": NEVER},
}
WHO = [*SEEN, "anonymous"]

#: What each step is asked with, so that nothing but role and state can stand in its way.
ASKED: dict[str, dict[str, Any]] = {
    "send_back": {"reason": "근거가 없습니다."},
    "return": {"reason": "근거를 보완하여 주시기 바랍니다."},
    "confirm": {"rating": "on-track"},
    "reopen": {"reason": "수치를 바로잡아 주시기 바랍니다."},
}
NO_REMARKS = {"remarks-TOTAL_FORMS": "0", "remarks-INITIAL_FORMS": "0"}

by_state_and_body = pytest.mark.parametrize("where", ["own", "other"])
each_state = pytest.mark.parametrize("state", State.values)


def may_take(who: str, step: str, where: str) -> bool:
    """What the tables say, whatever the state."""
    reach = STEPS[step][2].get(who)
    return reach == "all" or reach == where


@pytest.fixture
def bodies(body: ImplementingBody, other_body: ImplementingBody, lead_body: ImplementingBody) -> dict[Any, Any]:
    """The body in which each role is held."""
    return {Role.FOCAL_POINT: body, Role.APPROVER: body, Role.COORDINATOR: lead_body}


@pytest.fixture
def people(bodies: dict[Any, Any]) -> dict[str, Any]:
    """One person for each role, one without any, and nobody who is signed in."""
    made: dict[str, Any] = {role: person(role, bodies[role] if role in BODY_ROLES else None) for role in Role}
    return {**made, "nobody": UserFactory(), "anonymous": AnonymousUser()}


@pytest.fixture
def submissions(bodies: dict[Any, Any], body: ImplementingBody, other_body: ImplementingBody) -> Callable[..., Any]:
    """By person: the submission in ``state`` of the own body, or of another one; complete and in time."""

    def make(state: str, where: str) -> dict[Any, Submission]:
        round_ = RoundFactory()
        made: dict[Any, Submission] = {}
        for place in {bodies.get(who, body) for who in WHO} if where == "own" else {other_body}:
            blank = SubmissionFactory(round=round_, body=place)
            if state == State.DRAFT:
                fill_in(blank, person(Role.FOCAL_POINT, place))
            made[place] = submission_in(state, blank)
        return {who: made[bodies.get(who, body) if where == "own" else other_body] for who in WHO}

    return make


@contextmanager
def undone() -> Iterator[None]:
    """What happens in here has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome_of_service(user: User, submission: Submission, step: str) -> str:
    with undone():
        try:
            moved = SERVICES[step](submission=submission, by=user, step=submission.step, **ASKED.get(step, {}))
        except NotPermitted:
            return "not permitted"
        except WrongState:
            return "wrong state"
        assert Submission.objects.get(pk=submission.pk).state == moved.state
        return f"now {moved.state}"


@by_state_and_body
@each_state
def test_services_take_the_steps_of_the_table_and_no_others(
    state: str, where: str, people: dict[str, Any], submissions: Callable[..., Any]
) -> None:
    def expected(who: str, step: str) -> str:
        sources, target, _ = STEPS[step]
        if not may_take(who, step, where):
            return "not permitted"
        return f"now {target}" if state in sources else "wrong state"

    targets = submissions(state, where)
    found = {(who, step): outcome_of_service(people[who], targets[who], step) for who in WHO for step in STEPS}
    assert found == {(who, step): expected(who, step) for who in WHO for step in STEPS}


@by_state_and_body
@each_state
def test_the_pages_answer_404_403_409_or_do_it(
    state: str, where: str, people: dict[str, Any], submissions: Callable[..., Any]
) -> None:
    def expected(who: str, step: str) -> Any:
        sources, target, _ = STEPS[step]
        if who == "anonymous":
            return "sign in"
        if state not in SEEN[who][where]:
            return 404
        if not may_take(who, step, where):
            return 404 if step in workflow.REVIEWED else 403
        if step in workflow.REVIEWED and state in ("draft", "signed-off"):
            return f"now {state}"  # there is nothing to review yet: the page leads back
        return f"now {target}" if state in sources else 409

    targets = submissions(state, where)
    found = {}
    for who in WHO:
        client = Client()
        if who != "anonymous":
            client.force_login(people[who])
        for step in STEPS:
            found[who, step] = outcome_of_page(client, targets[who], step)
    assert found == {(who, step): expected(who, step) for who in WHO for step in STEPS}


def outcome_of_page(client: Client, submission: Submission, step: str) -> Any:
    address = reverse("ministries:submission_step", args=[*submission.address, step])
    if step in workflow.REVIEWED:
        address = reverse("ministries:review", args=submission.address)
    asked = {"decide": step, "seen": 0, **NO_REMARKS, **ASKED.get(step, {})}
    with undone():
        answer = client.post(address, {"step": submission.step, **asked})
        now = Submission.objects.get(pk=submission.pk)
    if answer.status_code != 302:
        assert now.state == submission.state
        return answer.status_code
    if answer["Location"].startswith(reverse("account_login")):
        return "sign in"
    if step in workflow.REVIEWED and now.state != submission.state:  # on to the next of the queue
        assert answer["Location"].endswith("/review/")
    else:
        assert answer["Location"] == submission.get_absolute_url()
    return f"now {now.state}"


@by_state_and_body
@each_state
def test_a_submission_is_seen_by_those_who_may(
    state: str, where: str, people: dict[str, Any], submissions: Callable[..., Any]
) -> None:
    targets = submissions(state, where)
    seen = {who: targets[who] in Submission.objects.visible_to(people[who]) for who in WHO}
    assert seen == {who: who != "anonymous" and state in SEEN[who][where] for who in WHO}


@by_state_and_body
@each_state
def test_buttons_are_those_steps_that_the_table_allows(
    state: str, where: str, people: dict[str, Any], submissions: Callable[..., Any]
) -> None:
    targets = submissions(state, where)
    offered = {who: {step.name for step in workflow.steps_for(targets[who], people[who])} for who in WHO}
    assert offered == {
        who: {step for step in STEPS if state in STEPS[step][0] and may_take(who, step, where)} for who in WHO
    }


def test_the_table_of_the_code_has_no_other_steps() -> None:
    assert {name: {*step.sources} for name, step in workflow.TRANSITIONS.items()} == {
        name: sources for name, (sources, _, _) in STEPS.items()
    }
    assert SERVICES.keys() == STEPS.keys() == {*ON_THE_PAGE, *workflow.REVIEWED}


def test_writing_is_for_the_own_body_alone(people: dict[str, Any], submissions: Callable[..., Any]) -> None:
    own, other = submissions("draft", "own"), submissions("draft", "other")
    writers = {Role.FOCAL_POINT, Role.APPROVER}
    assert {who for who in WHO if workflow.edit_lock(own[who], people[who]) is None} == writers
    assert not [who for who in WHO if workflow.edit_lock(other[who], people[who]) is None]


@pytest.mark.parametrize("state", ["signed-off", "submitted", "confirmed"])
def test_nobody_writes_what_is_signed_off_submitted_or_confirmed(
    state: str, people: dict[str, Any], submissions: Callable[..., Any]
) -> None:
    targets = submissions(state, "own")
    assert all(workflow.edit_lock(targets[who], people[who]) for who in WHO)


def test_one_person_may_hold_several_roles(body: ImplementingBody, other_body: ImplementingBody) -> None:
    user = person(Role.APPROVER, body)
    user.appointments.create(role=Role.FOCAL_POINT, body=other_body)
    own, second = (submission_in("signed-off", SubmissionFactory(body=place)) for place in (body, other_body))
    assert transitions.send_back(submission=own, by=user, reason="근거 부족").state == State.DRAFT
    with pytest.raises(NotPermitted):
        transitions.send_back(submission=second, by=user, reason="근거 부족")
