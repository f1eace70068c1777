"""The rules: what a person reads, who is out because of having taken part, and rights that end."""

import datetime as dt
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from ministries import rules, workflow
from ministries.enums import BODY_ROLES, Disclosure, Role, State
from ministries.models import ImplementingBody, Submission
from ministries.rules import Reading
from ministries.services import transitions
from ministries.services.submissions import Change, save_submission
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import AppointmentFactory, SubmissionFactory, UserFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db

RESTRICTED = {"disclosure": "restricted", "disclosure_ground": "정보공개법 제9조"}

# What is read of a submission, in the state it is in; "reopened" was confirmed once, "…, restricted" is not disclosed.
OWN, SUBMITTED, CONFIRMED = Reading.WORKING_COPY, Reading.LAST_SUBMITTED, Reading.LAST_CONFIRMED
STATE, NOTHING = Reading.STATE_ONLY, Reading.NOTHING
READS = {
    # case                     own body  other body  coordinator  panel       others
    "draft":                  (OWN,      NOTHING,    STATE,       NOTHING,    NOTHING),
    "signed-off":             (OWN,      NOTHING,    STATE,       NOTHING,    NOTHING),
    "submitted":              (OWN,      NOTHING,    SUBMITTED,   NOTHING,    NOTHING),
    "returned":               (OWN,      NOTHING,    SUBMITTED,   NOTHING,    NOTHING),
    "confirmed":              (OWN,      CONFIRMED,  SUBMITTED,   CONFIRMED,  NOTHING),
    "reopened":               (OWN,      CONFIRMED,  SUBMITTED,   CONFIRMED,  NOTHING),
    "submitted, restricted":  (OWN,      NOTHING,    SUBMITTED,   NOTHING,    NOTHING),
    "confirmed, restricted":  (OWN,      NOTHING,    SUBMITTED,   NOTHING,    NOTHING),
    "reopened, restricted":   (OWN,      NOTHING,    SUBMITTED,   NOTHING,    NOTHING),
    "restricted since":       (OWN,      NOTHING,    SUBMITTED,   NOTHING,    NOTHING),
    "open since":             (OWN,      NOTHING,    SUBMITTED,   NOTHING,    NOTHING),
}  # fmt: skip


def submission_for(case: str, body: ImplementingBody, coordinator: User) -> Submission:
    """A submission of ``body`` in the situation that ``case`` names."""
    state, _, restricted = case.partition(", ")
    if state in State.values:
        return submission_in(
            state, SubmissionFactory(body=body), coordinator=coordinator, content=RESTRICTED if restricted else None
        )
    before = RESTRICTED if restricted or case == "open since" else None
    submission = submission_in("confirmed", SubmissionFactory(body=body), coordinator=coordinator, content=before)
    transitions.reopen(submission=submission, by=coordinator, reason="정정")
    submission.refresh_from_db()
    if case == "restricted since":
        fill_in(submission, person(Role.FOCAL_POINT, body), **RESTRICTED)
    if case == "open since":
        fill_in(submission, person(Role.FOCAL_POINT, body), disclosure="open")
    return submission


@pytest.mark.parametrize("case", READS)
def test_everybody_reads_what_the_table_says(case, body, other_body, coordinator) -> None:
    submission = submission_for(case, body, coordinator)
    own, other, lead, panel, others = READS[case]
    expected = {
        person(Role.FOCAL_POINT, body): own,
        person(Role.APPROVER, body): own,
        person(Role.FOCAL_POINT, other_body): other,
        person(Role.APPROVER, other_body): other,
        coordinator: lead,
        person(Role.PANEL_MEMBER): panel,
        person(Role.COMMITTEE_READER): others,
        person(Role.ADMINISTRATOR): others,
        UserFactory(): others,
        AnonymousUser(): others,
    }
    for user, reading in expected.items():
        assert rules.reading_of(user, submission) is reading, user
        # The filter and the predicate are the same rule.
        assert (submission in Submission.objects.visible_to(user)) is (reading is not NOTHING), user
        assert user.has_perm("ministries.view_state", submission) is (reading in (OWN, SUBMITTED, STATE)), user


def test_who_coordinates_and_reports_reads_the_own_working_copy(lead_body, other_body) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    assert rules.reading_of(user, SubmissionFactory(body=lead_body)) is OWN
    assert rules.reading_of(user, SubmissionFactory(body=other_body)) is STATE


def test_a_misspelt_permission_is_a_fault_and_no_refusal(coordinator) -> None:
    with pytest.raises(KeyError):
        coordinator.has_perm("ministries.change_everything")


def test_every_permission_says_for_whom() -> None:
    assert all(grants for grants in rules.PERMISSIONS.values())
    assert {step.permission for step in workflow.TRANSITIONS.values()} <= rules.PERMISSIONS.keys()


# Those who took part do not confirm


@pytest.fixture
def own_submission(lead_body: ImplementingBody) -> Submission:
    """A submission of the lead ministry itself."""
    return SubmissionFactory(body=lead_body)


@pytest.mark.parametrize("part", ["wrote", "signed off", "submitted"])
def test_a_coordinator_who_took_part_does_not_confirm_but_another_does(part, own_submission, lead_body) -> None:
    one, two = person(Role.COORDINATOR, lead_body), person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=one, role=Role.FOCAL_POINT, body=lead_body)
    AppointmentFactory(user=one, role=Role.APPROVER, body=lead_body)
    others = {"by": person(Role.FOCAL_POINT, lead_body), "approver": person(Role.APPROVER, lead_body)}
    submission_in("draft", own_submission)
    fill_in(own_submission, one if part == "wrote" else others["by"])
    transitions.sign_off(submission=own_submission, by=one if part == "signed off" else others["approver"])
    transitions.submit(submission=own_submission, by=one if part == "submitted" else others["approver"])
    with pytest.raises(NotPermitted):
        transitions.confirm(submission=own_submission, by=one, rating="on-track")
    assert transitions.confirm(submission=own_submission, by=two, rating="on-track").state == State.CONFIRMED


def test_having_taken_part_is_not_forgotten_when_the_role_in_the_body_ends(own_submission, lead_body) -> None:
    one = person(Role.COORDINATOR, lead_body)
    writing = AppointmentFactory(user=one, role=Role.FOCAL_POINT, body=lead_body)
    submission_in("submitted", own_submission, by=one)
    writing.end = clock.today() - dt.timedelta(days=1)
    writing.save()
    with pytest.raises(NotPermitted):
        transitions.confirm(submission=own_submission, by=User.objects.get(pk=one.pk), rating="on-track")


def test_a_coordinator_of_the_own_body_who_took_no_part_confirms(own_submission, lead_body) -> None:
    submission_in("submitted", own_submission)
    user = person(Role.COORDINATOR, lead_body)
    assert transitions.confirm(submission=own_submission, by=user, rating="on-track").state == State.CONFIRMED


# Rights begin and end


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [(0, None, True), (0, 0, True), (-9, -1, False), (1, None, False), (-9, 0, True), (1, 9, False)],
)
def test_an_appointment_holds_from_its_first_to_its_last_day(role, start, end, holds) -> None:
    today = clock.today()
    user = UserFactory()
    AppointmentFactory(
        user=user,
        role=role,
        start=today + dt.timedelta(start),
        end=None if end is None else today + dt.timedelta(end),
    )
    granted = {name for name, grants in rules.PERMISSIONS.items() if role in grants}
    assert {name for name in rules.PERMISSIONS if user.has_perm(name)} == (granted if holds else set())


@pytest.mark.parametrize("role", Role)
def test_a_closed_account_has_no_rights(role, body) -> None:
    user = person(role, body if role in BODY_ROLES else None)
    submission = submission_in("confirmed", SubmissionFactory(body=body))
    user.is_active = False
    user.save()
    user = User.objects.get(pk=user.pk)
    assert not [name for name, target in product(rules.PERMISSIONS, (None, submission)) if user.has_perm(name, target)]
    assert not Submission.objects.visible_to(user).exists()
    assert not workflow.steps_for(submission, user)


def test_a_right_that_ended_yesterday_saves_and_signs_off_nothing(body) -> None:
    submission = SubmissionFactory(body=body)
    writer, approver = person(Role.FOCAL_POINT, body), person(Role.APPROVER, body)
    fill_in(submission, writer)
    for user in (writer, approver):
        user.appointments.update(end=clock.today() - dt.timedelta(days=1))
    writer, approver = User.objects.get(pk=writer.pk), User.objects.get(pk=approver.pk)
    with pytest.raises(NotPermitted):
        save_submission(submission=submission, by=writer, changes={"shortcomings": Change("", "늦음")})
    with pytest.raises(NotPermitted):
        transitions.sign_off(submission=submission, by=approver)
    submission.refresh_from_db()
    assert (submission.state, submission.shortcomings) == (State.DRAFT, "")


def test_disclosure_has_the_words_that_the_tables_above_use() -> None:
    assert RESTRICTED["disclosure"] == Disclosure.RESTRICTED
