"""What an event says beside its kind: who acted under which role, whose matter it was, from where to where."""

import datetime as dt

import pytest

from ministries.enums import Role, State
from ministries.services import transitions
from ministries.services.people import appoint
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record, record_export
from tests.factories import AppointmentFactory, RoundFactory, SubmissionFactory, UserFactory, person, submission_in

pytestmark = pytest.mark.django_db


def last(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("at", "sequence")


def test_a_step_tells_role_body_states_and_version(body, focal_point, approver, coordinator) -> None:
    submission = submission_in(
        State.SUBMITTED, SubmissionFactory(body=body), by=focal_point, approver=approver, coordinator=coordinator
    )
    told = [
        (each.kind, each.actor_role, each.actor_body, each.object_body, each.from_state, each.to_state, each.version)
        for each in Event.objects.of("ministries.submission", str(submission.pk))
        if each.kind in ("sign_off", "submit")
    ]
    by_focal = ("submit", "approver", "OWN", "OWN", "signed-off", "submitted", 1)
    assert told[0] == ("sign_off", "approver", "OWN", "OWN", "draft", "signed-off", None)
    assert told[1] in (by_focal, ("submit", "focal_point", *by_focal[2:]))
    transitions.return_submission(submission=submission, by=coordinator, reason="보완")
    event = last("return")
    assert (event.actor_role, event.actor_body, event.object_body) == (Role.COORDINATOR, "LEAD", "OWN")


def test_who_holds_several_roles_acts_under_the_one_that_gives_the_permission(lead_body, body, focal_point) -> None:
    both = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=both, role=Role.FOCAL_POINT, body=lead_body)
    own, other = SubmissionFactory(body=lead_body), SubmissionFactory(body=body)
    said = {
        (kind, subject.assignment.body.code): record(kind=kind, subject=subject, by=both).actor_role
        for kind in ("save", "return", "translate")
        for subject in (own, other)
    }
    assert said == {
        ("save", "LEAD"): Role.FOCAL_POINT,
        ("save", "OWN"): "",
        ("return", "LEAD"): Role.COORDINATOR,
        ("return", "OWN"): Role.COORDINATOR,
        ("translate", "LEAD"): Role.FOCAL_POINT,
        ("translate", "OWN"): Role.COORDINATOR,
    }


def test_an_appointment_belongs_to_its_body_and_what_nobody_did_has_no_role(body, coordinator) -> None:
    appoint(role=Role.FOCAL_POINT, by=coordinator, email="new@example.org", name="새 담당자", body=body)
    assert (last("appoint").object_body, last("appoint").actor_role) == ("OWN", Role.COORDINATOR)
    command = record(kind="create", subject=RoundFactory(), by=None)
    assert (command.actor_role, command.actor_body, command.object_body) == ("", "", "")


def test_an_export_tells_what_was_taken_out_and_under_which_role(coordinator) -> None:
    event = record_export(subject=RoundFactory(), by=coordinator, what="overview", form="xlsx", data={"rows": 9})
    assert (event.kind, event.actor_role) == ("export", Role.COORDINATOR)
    assert event.data == {"what": "overview", "form": "xlsx", "rows": 9}


def test_the_order_of_one_moment_is_kept_whatever_was_recorded_before_and_later() -> None:
    user, noon = UserFactory(), dt.date(2022, 3, 1)
    for day in (noon, noon + dt.timedelta(days=1), noon, noon):
        with clock.at(day):
            record(kind=f"{day}", subject=user, by=user)
    events = Event.objects.of("accounts.user", str(user.pk)).filter(kind=str(noon))
    assert [each.sequence for each in events] == [0, 1, 2]


def test_writing_an_event_costs_the_same_however_long_the_history(django_assert_num_queries) -> None:
    user = UserFactory()
    for _ in range(3):
        with django_assert_num_queries(2):
            record(kind="details", subject=user, by=user)
