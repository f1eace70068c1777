"""Who may change people, and that nobody changes the own appointments."""

import pytest

from ministries.enums import Role
from ministries.services import people
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from tests.factories import AppointmentFactory, person
from tests.ministries.test_people_services import events, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ACTS = {
    "appoint": lambda user, by: people.appoint(user=user, role=Role.PANEL_MEMBER, by=by),
    "end": lambda user, by: people.end_appointment(appointment=user.appointments.first(), by=by, reason="moved"),
    "invite": lambda user, by: people.invite(user=user, by=by),
    "deactivate": lambda user, by: people.deactivate(user=user, by=by, reason="left"),
    "activate": lambda user, by: people.activate(user=user, by=by),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", Role)
def test_only_coordinator_and_administrator_change_people(role, act, body, lead_body):
    person(Role.COORDINATOR, lead_body)
    by = person(role)
    user = person(Role.FOCAL_POINT, body, password=None)
    if role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        ACTS[act](user, by)
    else:
        with pytest.raises(NotPermitted):
            ACTS[act](user, by)
        assert events(user) == []


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_nobody_changes_anything_of_the_own(act, role, lead_body):
    person(Role.COORDINATOR, lead_body)
    user = person(role)
    AppointmentFactory(user=user, role=Role.ADMINISTRATOR)  # no second role is a way round
    user = fresh(user)
    with pytest.raises(NotPermitted):
        ACTS[act](user, user)
    assert (events(user), fresh(user).is_active, user.appointments.filter(end=None).count()) == ([], True, 2)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_nobody_gets_at_the_own_appointments_by_address(role):
    user = person(role)
    with pytest.raises(Refused, match="your own appointments") as refused:
        people.appoint(email=user.email.upper(), role=Role.PANEL_MEMBER, by=user)
    assert (refused.value.field, user.appointments.count()) == ("email", 1)


def test_an_account_belongs_to_a_person_with_a_name(coordinator):
    with pytest.raises(Refused) as refused:
        people.appoint(email="office@example.org", name=" ", role=Role.PANEL_MEMBER, by=coordinator)
    assert (refused.value.field, User.objects.filter(email="office@example.org").exists()) == ("name", False)


def test_an_administrator_appoints_others(administrator, lead_body):
    made = people.appoint(email="new@example.org", name="New", role=Role.COORDINATOR, body=lead_body, by=administrator)
    assert made.holds()
