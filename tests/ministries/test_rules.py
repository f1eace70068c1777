"""Who sees what: the predicate and the filter give one answer, for every role, body, state and disclosure."""

import datetime as dt

import pytest

from ministries import rules
from ministries.enums import Disclosure, Role, State
from ministries.models import Submission
from ministries.rules import Reading
from ministries.services import transitions
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

pytestmark = pytest.mark.django_db

GROUND = "정보공개법 제9조"
REOPENED = "reopened"
READS_CONFIRMED = (Role.FOCAL_POINT, Role.APPROVER, Role.PANEL_MEMBER, "panel member and focal point")


@pytest.fixture
def submissions(body, other_body, coordinator) -> dict[tuple[str, str, str], Submission]:
    """A submission for each (body, state, disclosure); two more changed their disclosure after being confirmed."""
    made = {}
    round_ = RoundFactory()
    for where in (body, other_body):
        writer, approver = person(Role.FOCAL_POINT, where), person(Role.APPROVER, where)

        def come_to(state: str, disclosure: str, where=where, writer=writer, approver=approver) -> Submission:
            submission = SubmissionFactory(round=round_, body=where)
            content = {"disclosure": disclosure, "disclosure_ground": "" if disclosure == Disclosure.OPEN else GROUND}
            if state == State.DRAFT:
                return fill_in(submission, writer, **content)
            people = {"by": writer, "approver": approver, "coordinator": coordinator}
            reached = submission_in(
                State.CONFIRMED if state == REOPENED else state, submission, content=content, **people
            )
            if state == REOPENED:
                reached = transitions.reopen(
                    submission=reached, by=coordinator, reason="다시 확인하여 주시기 바랍니다."
                )
                reached.refresh_from_db()
            return reached

        for state in (*State.values, REOPENED):
            for disclosure in Disclosure.values:
                made[where.code, state, disclosure] = come_to(state, disclosure)
        hidden = fill_in(come_to(REOPENED, Disclosure.OPEN), writer, disclosure=Disclosure.RESTRICTED)
        made[where.code, REOPENED, "open then restricted"] = hidden
        shown = fill_in(come_to(REOPENED, Disclosure.RESTRICTED), writer, disclosure=Disclosure.OPEN)
        made[where.code, REOPENED, "restricted then open"] = shown
    return made


def readers(body) -> dict[str, User]:
    """Somebody for each role (of ``body``), with none, with two, with one that has ended, with a closed account."""
    two_roles = person(Role.PANEL_MEMBER)
    AppointmentFactory(user=two_roles, role=Role.FOCAL_POINT, body=body)
    ended = AppointmentFactory(role=Role.FOCAL_POINT, body=body, end=clock.today() - dt.timedelta(days=1))
    return {
        **{role.value: person(role, body if role in (Role.FOCAL_POINT, Role.APPROVER) else None) for role in Role},
        "nobody": UserFactory(),
        "closed": person(Role.COORDINATOR, is_active=False),
        "panel member and focal point": two_roles,
        "focal point until yesterday": ended.user,
    }


def test_the_filter_and_the_predicate_agree(submissions, body):
    wrong = []
    for reader, user in readers(body).items():
        visible = set(Submission.objects.visible_to(user).values_list("pk", flat=True))
        for key, submission in submissions.items():
            reads = rules.reading_of(user, submission) is not Reading.NOTHING
            if (submission.pk in visible) is not reads:
                wrong.append((reader, *key))
    assert wrong == []


def test_each_role_reads_what_the_table_says(submissions, body):
    never_submitted = (State.DRAFT, State.SIGNED_OFF)
    for reader, user in readers(body).items():
        for (code, state, disclosure), submission in submissions.items():
            expected = Reading.NOTHING
            confirmed_and_open = state in (State.CONFIRMED, REOPENED) and disclosure in (
                Disclosure.OPEN,
                Disclosure.PARTLY,
            )
            if reader in (Role.FOCAL_POINT, Role.APPROVER, "panel member and focal point") and code == body.code:
                expected = Reading.WORKING_COPY
            elif reader == Role.COORDINATOR:
                expected = Reading.STATE_ONLY if state in never_submitted else Reading.LAST_SUBMITTED
            elif reader in READS_CONFIRMED and confirmed_and_open:
                expected = Reading.LAST_CONFIRMED
            assert rules.reading_of(user, submission) is expected, (reader, code, state, disclosure)


def test_a_misspelt_permission_is_a_fault_and_not_a_no(coordinator):
    with pytest.raises(KeyError):
        coordinator.has_perm("ministries.fly")


def test_a_deactivated_person_has_no_permission():
    user = person(Role.COORDINATOR, is_active=False)
    assert not any(user.has_perm(permission) for permission in rules.PERMISSIONS)


@pytest.mark.parametrize("permission", rules.PERMISSIONS)
def test_a_permission_without_an_object_asks_whether_the_role_has_it_anywhere(permission):
    for role in Role:
        assert person(role).has_perm(permission) is (role in rules.PERMISSIONS[permission])
