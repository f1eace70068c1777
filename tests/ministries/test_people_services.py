"""Appointing, ending, inviting and closing: what each does, what it refuses, and what the record keeps."""

import datetime as dt

import pytest
from django.core import mail

from ministries import rules
from ministries.enums import BODY_ROLES, Role
from ministries.models import Appointment
from ministries.services import people
from ministries.workflow import Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import AppointmentFactory, UserFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def today() -> dt.date:
    """Today, for dates beside it."""
    return clock.today()


def fresh(user: User) -> User:
    """The same person as the next request loads them."""
    return User.objects.get(pk=user.pk)


def events(user: User) -> list[Event]:
    """What the record says was done with this person."""
    return list(Event.objects.of("accounts.user", str(user.pk)))


# Who holds what, when


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [(-1, None, True), (0, None, True), (1, None, False), (-5, 0, True), (-5, -1, False), (0, 0, True), (1, 5, False)],
)
def test_a_role_holds_from_its_first_to_its_last_day(today, body, start, end, holds):
    appointment = AppointmentFactory(
        role=Role.APPROVER,
        body=body,
        start=today + start * ONE_DAY,
        end=None if end is None else today + end * ONE_DAY,
    )
    roles = rules.roles_of(fresh(appointment.user))
    assert roles.in_body(Role.APPROVER, body.pk) is holds
    assert appointment.holds() is holds
    assert Appointment.objects.holding().exists() is holds
    assert rules.has_approver(body.pk) is holds


def test_a_role_begins_and_ends_at_midnight_in_seoul(body):
    appointment = AppointmentFactory(body=body, start=dt.date(2022, 1, 2), end=dt.date(2022, 1, 3))
    seoul = dt.timezone(dt.timedelta(hours=9))
    held = {}
    for moment in ("2022-01-01T23:59", "2022-01-02T00:00", "2022-01-03T23:59", "2022-01-04T00:00"):
        with clock.at(dt.datetime.fromisoformat(moment).replace(tzinfo=seoul)):
            held[moment[8:]] = rules.roles_of(fresh(appointment.user)).has(Role.FOCAL_POINT)
    assert held == {"01T23:59": False, "02T00:00": True, "03T23:59": True, "04T00:00": False}


def test_roles_in_several_bodies_are_kept_apart(body, other_body):
    user = person(Role.FOCAL_POINT, body)
    AppointmentFactory(user=user, role=Role.APPROVER, body=other_body)
    roles = rules.roles_of(fresh(user))
    assert roles.own_bodies == {body.pk, other_body.pk}
    assert not roles.in_body(Role.APPROVER, body.pk)


def test_a_deactivated_person_has_no_roles(body):
    assert rules.roles_of(person(Role.FOCAL_POINT, body, is_active=False)).bodies == {}


# Appointing


def test_appointing_makes_the_person_the_appointment_and_the_invitation(
    coordinator, body, today, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = people.appoint(
            email=" New@Example.org", name="New", language="en", role=Role.FOCAL_POINT, body=body, by=coordinator
        )
    user = fresh(made.user)
    assert (user.email, user.name, user.language, user.has_usable_password()) == ("new@example.org", "New", "en", False)
    assert (made.role, made.body, made.start, made.end) == (Role.FOCAL_POINT, body, today, None)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (
        ["new@example.org"],
        "Invitation to the National Action Plan monitoring system",
    )
    assert "Focal point, Own Ministry" in sent.body
    assert "/password/reset/key/" in sent.body
    assert [event.kind for event in events(user)] == ["create", "appoint", "invite"]
    assert {event.actor_id for event in events(user)} == {str(coordinator.pk)}
    assert events(user)[1].data == {
        "appointment": str(made.pk),
        "role": "focal-point",
        "body": "OWN",
        "start": today.isoformat(),
        "end": "",
    }


def test_who_has_a_password_is_told_of_the_new_role_without_a_link_to_set_one(
    coordinator, body, django_capture_on_commit_callbacks
):
    user = UserFactory(email="known@example.org", name="Known", language="en")
    with django_capture_on_commit_callbacks(execute=True):
        people.appoint(email="KNOWN@example.org", name="Other", role=Role.APPROVER, body=body, by=coordinator)
    (sent,) = mail.outbox
    assert sent.subject == "New appointment in the National Action Plan monitoring system"
    assert "Approver, Own Ministry" in sent.body
    assert "/password/reset/key/" not in sent.body
    assert fresh(user).name == "Known"
    assert [event.kind for event in events(user)] == ["appoint"]


def test_no_news_goes_out_of_an_appointment_that_is_gone_meanwhile(
    coordinator, body, django_capture_on_commit_callbacks
):
    user = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        made = people.appoint(user=user, role=Role.APPROVER, body=body, by=coordinator)
        people.end_appointment(appointment=made, by=coordinator, reason="a mistake")
    assert mail.outbox == []


@pytest.mark.parametrize("role", [role for role in Role if role not in BODY_ROLES])
def test_a_role_for_the_whole_plan_has_no_body(coordinator, body, role):
    user = UserFactory()
    with pytest.raises(Refused) as refused:
        people.appoint(user=user, role=role, body=body, by=coordinator)
    assert refused.value.field == "body"
    assert people.appoint(user=user, role=role, by=coordinator).body is None


@pytest.mark.parametrize("role", BODY_ROLES)
def test_a_role_of_a_body_needs_the_body(coordinator, role):
    with pytest.raises(Refused) as refused:
        people.appoint(user=UserFactory(), role=role, by=coordinator)
    assert refused.value.field == "body"


def test_a_coordinator_is_appointed_in_a_lead_ministry_only(coordinator, body, lead_body):
    user = UserFactory()
    with pytest.raises(Refused, match="lead ministry"):
        people.appoint(user=user, role=Role.COORDINATOR, body=body, by=coordinator)
    assert people.appoint(user=user, role=Role.COORDINATOR, body=lead_body, by=coordinator).body == lead_body


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
        ({"name": "n" * 101}, "name"),
        ({"language": "fr"}, "language"),
        ({"role": "king"}, "role"),
        ({"start": dt.date(2030, 1, 2), "end": dt.date(2030, 1, 1)}, "end"),
        ({"start": dt.date(2020, 1, 1), "end": dt.date(2020, 12, 31)}, "end"),
    ],
)
def test_a_faulty_appointment_is_refused_and_makes_nothing(coordinator, body, fields, wrong):
    people_before = User.objects.count()
    with pytest.raises(Refused) as refused:
        people.appoint(
            **{
                "email": "new@example.org",
                "name": "New",
                "role": Role.FOCAL_POINT,
                "body": body,
                "by": coordinator,
                **fields,
            }
        )
    assert refused.value.field == wrong
    assert str(refused.value.message)
    assert User.objects.count() == people_before


def test_the_same_role_in_the_same_days_is_told_and_not_made_again(coordinator, body, today):
    user = UserFactory()
    made = people.appoint(user=user, role=Role.APPROVER, body=body, end=today + 9 * ONE_DAY, by=coordinator)
    with pytest.raises(people.AlreadyAppointed) as already:
        people.appoint(user=user, role=Role.APPROVER, body=body, start=today + 9 * ONE_DAY, by=coordinator)
    assert already.value.appointment == made
    people.appoint(user=user, role=Role.APPROVER, body=body, start=today + 10 * ONE_DAY, by=coordinator)
    assert user.appointments.count() == 2


def test_another_role_or_another_body_in_the_same_days_is_allowed(coordinator, body, other_body):
    user = UserFactory()
    people.appoint(user=user, role=Role.APPROVER, body=body, by=coordinator)
    people.appoint(user=user, role=Role.FOCAL_POINT, body=body, by=coordinator)
    people.appoint(user=user, role=Role.APPROVER, body=other_body, by=coordinator)
    assert user.appointments.count() == 3


def test_a_deactivated_person_is_not_appointed(coordinator):
    user = UserFactory(is_active=False)
    with pytest.raises(Refused, match="Activate it first"):
        people.appoint(email=user.email, role=Role.PANEL_MEMBER, by=coordinator)


# Ending


def test_ended_at_once_the_role_is_gone_from_the_next_request_on(coordinator, focal_point, body, today):
    (appointment,) = focal_point.appointments.all()
    people.end_appointment(appointment=appointment, by=coordinator, reason=" moved ")
    assert not rules.roles_of(fresh(focal_point)).bodies
    appointment.refresh_from_db()
    assert appointment.end == today - ONE_DAY
    (event,) = events(focal_point)
    assert (event.kind, event.reason, event.data["end"]) == ("end", "moved", appointment.end.isoformat())


def test_ended_on_a_day_the_role_holds_through_it(coordinator, focal_point, today):
    (appointment,) = focal_point.appointments.all()
    people.end_appointment(appointment=appointment, by=coordinator, reason="moves", on=today)
    assert rules.roles_of(fresh(focal_point)).has(Role.FOCAL_POINT)
    with clock.at(today + ONE_DAY):
        assert not rules.roles_of(fresh(focal_point)).bodies


@pytest.mark.parametrize("start", [0, 7])
def test_what_has_not_had_a_whole_day_is_withdrawn_and_stays_in_the_record(coordinator, body, today, start):
    appointment = AppointmentFactory(body=body, start=today + start * ONE_DAY)
    user = appointment.user
    assert people.end_appointment(appointment=appointment, by=coordinator, reason="a mistake") is None
    assert not user.appointments.exists()
    (event,) = events(user)
    assert (event.kind, event.reason, event.data["body"]) == ("withdraw", "a mistake", "OWN")


def test_an_appointment_ends_once(coordinator, focal_point):
    (appointment,) = focal_point.appointments.all()
    people.end_appointment(appointment=appointment, by=coordinator, reason="moved")
    with pytest.raises(WrongState):
        people.end_appointment(appointment=appointment, by=coordinator, reason="moved")
    assert len(events(focal_point)) == 1


@pytest.mark.parametrize(
    ("reason", "on", "wrong"),
    [
        ("", None, "reason"),
        ("  ", None, "reason"),
        ("x" * 2001, None, "reason"),
        ("moved", -1, "on"),
        ("moved", 20, "on"),
    ],
)
def test_a_faulty_end_is_refused(coordinator, body, today, reason, on, wrong):
    appointment = AppointmentFactory(body=body, end=today + 10 * ONE_DAY)
    with pytest.raises(Refused) as refused:
        people.end_appointment(
            appointment=appointment, by=coordinator, reason=reason, on=None if on is None else today + on * ONE_DAY
        )
    assert refused.value.field == wrong
    assert appointment.holds()


def test_the_last_coordinator_cannot_be_removed(coordinator, administrator):
    (appointment,) = coordinator.appointments.all()
    with pytest.raises(Refused, match="last coordinator"):
        people.end_appointment(appointment=appointment, by=administrator, reason="leaves")
    with pytest.raises(Refused, match="last coordinator"):
        people.deactivate(user=coordinator, by=administrator, reason="leaves")
    assert rules.roles_of(fresh(coordinator)).has(Role.COORDINATOR)


def test_a_coordinator_goes_when_another_one_is_there(coordinator, lead_body):
    other = person(Role.COORDINATOR, lead_body)
    people.end_appointment(appointment=coordinator.appointments.get(), by=other, reason="leaves")
    assert not rules.roles_of(fresh(coordinator)).bodies


def test_the_next_coordinator_must_be_there_on_the_first_day_without(coordinator, administrator, lead_body, today):
    AppointmentFactory(role=Role.COORDINATOR, body=lead_body, start=today + 10 * ONE_DAY)
    (appointment,) = coordinator.appointments.all()
    with pytest.raises(Refused, match="last coordinator"):
        people.end_appointment(appointment=appointment, by=administrator, reason="leaves", on=today + 8 * ONE_DAY)
    people.end_appointment(appointment=appointment, by=administrator, reason="leaves", on=today + 9 * ONE_DAY)


def test_the_only_coordinator_to_come_cannot_be_withdrawn(coordinator, administrator, lead_body, today):
    coming = AppointmentFactory(role=Role.COORDINATOR, body=lead_body, start=today + 10 * ONE_DAY)
    people.end_appointment(
        appointment=coordinator.appointments.get(), by=administrator, reason="leaves", on=today + 9 * ONE_DAY
    )
    with pytest.raises(Refused, match="last coordinator"):
        people.end_appointment(appointment=coming, by=coordinator, reason="a mistake")


def test_a_coordinator_who_is_deactivated_does_not_count_as_another_one(coordinator, administrator, lead_body):
    person(Role.COORDINATOR, lead_body, is_active=False)
    with pytest.raises(Refused, match="last coordinator"):
        people.end_appointment(appointment=coordinator.appointments.get(), by=administrator, reason="leaves")


def test_the_only_coordinator_gets_out_by_appointing_another_one(coordinator, lead_body):
    made = people.appoint(
        email="next@example.org", name="Next", role=Role.COORDINATOR, body=lead_body, by=fresh(coordinator)
    )
    people.end_appointment(appointment=coordinator.appointments.get(), by=made.user, reason="moved")
    assert not rules.roles_of(fresh(coordinator)).bodies


# Inviting again, closing and opening


def test_an_invitation_can_be_sent_again_while_there_is_no_password(coordinator, django_capture_on_commit_callbacks):
    user = UserFactory(password=None)
    with django_capture_on_commit_callbacks(execute=True):
        people.invite(user=user, by=coordinator)
        people.invite(user=user, by=coordinator)
    assert len(mail.outbox) == 2
    assert [event.kind for event in events(user)] == ["invite", "invite"]


@pytest.mark.parametrize("user", [{}, {"password": None, "is_active": False}])
def test_who_is_in_already_or_closed_out_is_not_invited(coordinator, user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(WrongState):
        people.invite(user=UserFactory(**user), by=coordinator)
    assert mail.outbox == []


def test_no_invitation_goes_out_to_who_was_closed_out_meanwhile(coordinator, django_capture_on_commit_callbacks):
    user = UserFactory(password=None)
    with django_capture_on_commit_callbacks(execute=True):
        people.invite(user=user, by=coordinator)
        people.deactivate(user=user, by=coordinator, reason="a mistake")
    assert mail.outbox == []


def test_an_account_is_closed_and_opened_with_a_reason(coordinator, focal_point):
    with pytest.raises(Refused) as refused:
        people.deactivate(user=focal_point, by=coordinator, reason=" ")
    assert refused.value.field == "reason"
    people.deactivate(user=focal_point, by=coordinator, reason="left")
    assert not fresh(focal_point).is_active
    people.activate(user=focal_point, by=coordinator)
    assert rules.roles_of(fresh(focal_point)).has(Role.FOCAL_POINT)
    assert [(event.kind, event.reason) for event in events(focal_point)] == [("deactivate", "left"), ("activate", "")]
