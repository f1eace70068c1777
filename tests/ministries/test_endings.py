"""That an appointment ends is told beforehand: to its person and the coordinators, once for each last day."""

import datetime as dt

import pytest
from django.core import mail

from ministries.enums import Role
from ministries.models import Appointment
from ministries.services import handovers, schedule
from ministries.services.endings import tell_of_endings
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import AppointmentFactory, person

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_yet(english) -> None:
    """Nothing here is in the mailbox yet."""
    mail.outbox.clear()


def ends(user: User, days: int) -> Appointment:
    found = Appointment.objects.get(user=user)
    found.start, found.end = clock.today() - 90 * DAY, clock.today() + days * DAY
    found.save()
    return found


def told(django_capture_on_commit_callbacks) -> list[str]:
    """To whom a run sends."""
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        schedule.run()
    return sorted(message.to[0] for message in mail.outbox)


def test_the_person_and_each_coordinator_are_told_once(
    focal_point, approver, coordinator, body, lead_body, django_capture_on_commit_callbacks
) -> None:
    second = person(Role.COORDINATOR, lead_body, language="en")
    ends(focal_point, 30)
    ends(approver, 31)
    assert told(django_capture_on_commit_callbacks) == sorted([focal_point.email, coordinator.email, second.email])
    assert told(django_capture_on_commit_callbacks) == []
    with clock.at(clock.now() + DAY):
        assert told(django_capture_on_commit_callbacks) == sorted([approver.email, coordinator.email, second.email])


def test_another_last_day_is_told_anew_and_what_is_provided_for_is_not(
    focal_point, coordinator, body, django_capture_on_commit_callbacks
) -> None:
    appointment = ends(focal_point, 10)
    assert len(told(django_capture_on_commit_callbacks)) == 2
    Appointment.objects.filter(pk=appointment.pk).update(end=appointment.end + 5 * DAY)
    assert len(told(django_capture_on_commit_callbacks)) == 2
    Appointment.objects.filter(pk=appointment.pk).update(end=appointment.end + 6 * DAY)
    AppointmentFactory(user=focal_point, body=body, end=None)
    assert told(django_capture_on_commit_callbacks) == []


def test_who_handed_over_or_left_is_not_told(
    focal_point, approver, coordinator, django_capture_on_commit_callbacks
) -> None:
    given = ends(focal_point, 60)
    handovers.hand_over(
        appointment=given, by=focal_point, email="next@example.org", name="Next", on=clock.today() + 5 * DAY
    )
    ends(approver, 10)
    User.objects.filter(pk=approver.pk).update(is_active=False)
    assert told(django_capture_on_commit_callbacks) == []


def test_what_it_says_in_the_language_of_its_reader(
    focal_point, coordinator, django_capture_on_commit_callbacks
) -> None:
    User.objects.filter(pk=focal_point.pk).update(language="en")
    User.objects.filter(pk=coordinator.pk).update(language="ko")
    ends(focal_point, 10)
    told(django_capture_on_commit_callbacks)
    texts = {message.to[0]: message for message in mail.outbox}
    own, lead = texts[focal_point.email], texts[coordinator.email]
    assert own.subject.startswith("Your appointment ends on ")
    assert "/en/handover/" in own.body
    assert "/people/?status=ending" in lead.body
    assert str(focal_point) in lead.body
    assert "종료" in lead.subject


def test_an_ending_that_was_called_off_before_the_worker_came_is_not_told(
    focal_point, coordinator, django_capture_on_commit_callbacks
) -> None:
    ends(focal_point, 10)
    with django_capture_on_commit_callbacks() as callbacks:
        assert tell_of_endings() == 1
    Appointment.objects.filter(user=focal_point).update(end=None)
    mail.outbox.clear()
    for callback in callbacks:
        callback()
    assert mail.outbox == []


def test_a_dry_run_tells_nobody(focal_point, coordinator) -> None:
    ends(focal_point, 10)
    schedule.run(dry_run=True)
    assert Appointment.objects.filter(told_end=None).count() == Appointment.objects.count()
