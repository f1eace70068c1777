"""Handing a role over: who may, what ends and begins, who is told, and how it is revoked."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries import rules
from ministries.enums import Role
from ministries.models import Appointment, Handover, ImplementingBody
from ministries.services import handovers
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import AppointmentFactory, SubmissionFactory, person, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ONE_DAY = dt.timedelta(days=1)
SignIn = Callable[[User], Client]


def fresh(user: User) -> User:
    """The same person as the next request loads them."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def tomorrow() -> dt.date:
    return clock.today() + ONE_DAY


@pytest.fixture
def held(body: ImplementingBody) -> Appointment:
    """A focal point's appointment that began long ago."""
    user = person(Role.FOCAL_POINT, body, name="Predecessor", email="predecessor@example.org")
    Appointment.objects.filter(user=user).update(start=clock.today() - 400 * ONE_DAY)
    return Appointment.objects.get(user=user)


def give(held: Appointment, by: User | None = None, **changed: object) -> Handover:
    """Hand ``held`` over to a successor from tomorrow on, after ``changed``."""
    given = {
        "appointment": held,
        "by": by or held.user,
        "email": "successor@example.org",
        "name": "Successor",
        "language": "en",
        "on": clock.today() + ONE_DAY,
        "note": "The figures of 2.1.2 come from the field office.",
        **changed,
    }
    return handovers.hand_over(**given)


# What ends and begins


def test_one_role_ends_the_day_before_the_other_begins(held, tomorrow) -> None:
    made = give(held)
    held.refresh_from_db()
    new = Appointment.objects.get(user=made.receiver)
    assert (held.end, new.start, new.end) == (clock.today(), tomorrow, None)
    assert (new.role, new.body) == (held.role, held.body)
    assert rules.roles_of(fresh(held.user)).own_bodies == {held.body_id}
    with clock.at(clock.now() + ONE_DAY):
        assert rules.roles_of(fresh(held.user)).own_bodies == frozenset()
        assert rules.roles_of(fresh(made.receiver)).own_bodies == {held.body_id}


def test_from_today_on_the_predecessors_rights_end_at_once(held) -> None:
    made = give(held, on=clock.today())
    assert rules.roles_of(fresh(held.user)).own_bodies == frozenset()
    assert rules.roles_of(fresh(made.receiver)).own_bodies == {held.body_id}


def test_the_successor_takes_over_the_work_with_its_history(held, body, signed_in: SignIn) -> None:
    submission = SubmissionFactory(body=body)
    submission_in("returned", submission, by=held.user)
    made = give(held, on=clock.today())
    page = signed_in(fresh(made.receiver)).get(in_english(submission.get_absolute_url()) + "change/")
    assert page.status_code == 200
    assert Event.objects.of("ministries.submission", str(submission.pk)).filter(actor_id=str(held.user_id)).exists()


def test_an_end_that_was_set_goes_over_to_the_successor(held) -> None:
    last = clock.today() + 30 * ONE_DAY
    Appointment.objects.filter(pk=held.pk).update(end=last)
    made = give(held)
    assert Appointment.objects.get(user=made.receiver).end == last


def test_somebody_with_an_account_keeps_name_and_other_roles(held, body) -> None:
    other = person(Role.APPROVER, body, name="Known", email="successor@example.org")
    made = give(held, name="Another Name")
    assert (made.receiver, fresh(other).name) == (other, "Known")
    assert set(other.appointments.values_list("role", flat=True)) == {"approver", "focal-point"}


# Who may


def test_who_may_hand_over_whose_role(held, body, other_body, lead_body) -> None:
    approver = AppointmentFactory(role=Role.APPROVER, body=body, user=person(Role.APPROVER, body))
    coordinator = person(Role.COORDINATOR, lead_body)
    asked = {
        "the focal point": held.user,
        "another focal point": person(Role.FOCAL_POINT, body),
        "the approver": approver.user,
        "an approver elsewhere": person(Role.APPROVER, other_body),
        "a coordinator": coordinator,
        "an administrator": person(Role.ADMINISTRATOR),
        "a panel member": person(Role.PANEL_MEMBER),
    }
    may = {who for who, user in asked.items() if rules.allows(user, "ministries.hand_over", held)}
    assert may == {"the focal point", "the approver", "a coordinator", "an administrator"}
    theirs = Appointment.objects.get(user=coordinator)
    assert not any(rules.allows(user, "ministries.hand_over", theirs) for user in asked.values())
    assert not rules.allows(held.user, "ministries.hand_over", approver)


def test_who_may_not_changes_nothing(held, other_body) -> None:
    with pytest.raises(NotPermitted):
        give(held, by=person(Role.APPROVER, other_body))
    held.refresh_from_db()
    assert (held.end, Handover.objects.count(), User.objects.filter(email="successor@example.org").count()) == (
        None,
        0,
        0,
    )


# What is refused


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"email": "predecessor@example.org"}, "email", "The successor must be somebody else."),
        ({"email": "nobody"}, "email", "Give a valid e-mail address."),
        ({"name": " "}, "name", "Nobody has this address yet. Give the successor's name."),
        ({"on": dt.date(2020, 1, 1)}, "on", "The successor's first day may not lie in the past."),
        ({"note": "n" * 5001}, "note", "The note is too long."),
    ],
)
def test_what_can_not_be_is_refused_with_a_sentence(held, changed, field, sentence) -> None:
    with pytest.raises(Refused) as refused:
        give(held, **changed)
    assert (refused.value.field, str(refused.value.message)) == (field, sentence)
    assert not Handover.objects.exists()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_nobody_takes_over_a_role_by_the_own_hand(held, body, lead_body, role) -> None:
    by = person(role, {Role.APPROVER: body, Role.COORDINATOR: lead_body}.get(role))
    with pytest.raises(Refused, match="take over a role yourself") as refused:
        give(held, by=by, email=by.email.upper())
    held.refresh_from_db()
    assert (refused.value.field, held.end, by.appointments.count()) == ("email", None, 1)


def test_an_appointment_of_today_can_be_handed_over_from_tomorrow_only(body) -> None:
    held = AppointmentFactory(role=Role.FOCAL_POINT, body=body, start=clock.today())
    with pytest.raises(Refused) as refused:
        give(held, on=clock.today())
    assert refused.value.field == "on"
    give(held)
    held.refresh_from_db()
    assert held.end == clock.today()


def test_what_has_ended_can_not_be_handed_over(held, coordinator) -> None:
    Appointment.objects.filter(pk=held.pk).update(end=clock.today() - ONE_DAY)
    with pytest.raises(WrongState):
        give(held, by=coordinator)


# Who is told, and what the record keeps


def test_successor_and_coordinators_are_told(held, coordinator, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        give(held)
    sent = {(message.to[0], message.subject) for message in mail.outbox}
    assert ("successor@example.org", "Handover from Predecessor") in sent
    assert ("successor@example.org", "Invitation to the National Action Plan monitoring system") in sent
    assert any(to == coordinator.email for to, _subject in sent)
    (message,) = [each for each in mail.outbox if each.subject == "Handover from Predecessor"]
    assert "The figures of 2.1.2 come from the field office." in message.body


def test_the_record_of_both_names_the_handover(held) -> None:
    made = give(held)
    for user in (held.user, made.receiver):
        event = Event.objects.of("accounts.user", str(user.pk)).get(kind="hand_over")
        assert (event.actor_id, event.data["from"], event.data["to"]) == (
            str(held.user_id),
            "predecessor@example.org",
            "successor@example.org",
        )


# Revoking


def test_revoked_the_predecessor_goes_on_and_the_successor_is_out(
    held, coordinator, django_capture_on_commit_callbacks
) -> None:
    made = give(held, on=clock.today())
    with clock.at(clock.now() + 5 * ONE_DAY), django_capture_on_commit_callbacks(execute=True):
        handovers.revoke_handover(handover=made, by=coordinator, reason="Wrong person")
        held.refresh_from_db()
        assert held.end is None
        assert rules.roles_of(fresh(held.user)).own_bodies == {held.body_id}
        assert rules.roles_of(fresh(made.receiver)).own_bodies == frozenset()
    told = sorted(message.to[0] for message in mail.outbox)
    assert told == ["predecessor@example.org", "successor@example.org"]
    assert all("Wrong person" in message.body for message in mail.outbox)


def test_revoked_before_it_begins_nothing_of_it_stays(held, coordinator) -> None:
    made = give(held)
    handovers.revoke_handover(handover=made, by=coordinator, reason="Wrong person")
    held.refresh_from_db()
    assert (held.end, made.receiver.appointments.count()) == (None, 0)
    kept = Handover.objects.get()
    assert (kept.begun, kept.revoked_by, kept.revoke_reason) == (None, coordinator, "Wrong person")


def test_it_is_revoked_once_and_by_who_changes_people(held, coordinator) -> None:
    made = give(held)
    with pytest.raises(NotPermitted):
        handovers.revoke_handover(handover=made, by=held.user, reason="Changed my mind")
    handovers.revoke_handover(handover=made, by=coordinator, reason="Wrong person")
    with pytest.raises(WrongState):
        handovers.revoke_handover(handover=made, by=coordinator, reason="Again")


def test_who_gave_the_own_role_away_does_not_revoke_that(body, lead_body, signed_in: SignIn) -> None:
    both = person(Role.COORDINATOR, lead_body)
    own = AppointmentFactory(user=both, role=Role.APPROVER, body=body, start=clock.today() - 9 * ONE_DAY)
    made = give(own, by=fresh(both))
    with pytest.raises(NotPermitted):
        handovers.revoke_handover(handover=made, by=fresh(both), reason="I want it back")
    address = reverse("ministries:handover_revoke", args=[made.pk])
    page = reverse("ministries:person_detail", args=[made.receiver_id])
    other = person(Role.ADMINISTRATOR)
    for user, status in ((fresh(both), 403), (other, 200)):
        assert (address in signed_in(user).get(page).content.decode()) is (status == 200)
        assert signed_in(user).get(address).status_code == status


# The pages


def test_a_focal_point_hands_over_on_the_page_in_one_step(held, signed_in: SignIn, tomorrow) -> None:
    client = signed_in(held.user)
    address = in_english(reverse("ministries:handover_create", args=[held.pk]))
    assert address in client.get("/en/handover/").content.decode()
    data = form_data(client.get(address), email="successor@example.org", name="Successor")
    assert data["on"] == tomorrow.isoformat()
    page = client.post(address, data, follow=True)
    assert "Handed over to Successor. The coordinators are told." in text_of(page)
    assert Handover.objects.get().receiver.email == "successor@example.org"


def test_handing_over_at_once_leads_to_a_page_that_says_why_nothing_is_there(held, signed_in: SignIn) -> None:
    client = signed_in(held.user)
    address = in_english(reverse("ministries:handover_create", args=[held.pk]))
    data = form_data(client.get(address), email="successor@example.org", name="Successor", on=clock.today().isoformat())
    page = client.post(address, data, follow=True)
    assert page.status_code == 200
    assert "Handed over to Successor." in text_of(page)
    assert client.get("/en/handover/").status_code == 404


def test_a_refused_form_keeps_what_was_typed(held, signed_in: SignIn) -> None:
    client = signed_in(held.user)
    address = in_english(reverse("ministries:handover_create", args=[held.pk]))
    data = form_data(client.get(address), email=held.user.email, name="Successor", note="Long note")
    page = client.post(address, data)
    assert (page.status_code, form_data(page)["note"]) == (400, "Long note")
    assert "The successor must be somebody else." in text_of(page)


def test_what_one_may_not_hand_over_is_not_found(held, other_body, panel_member, signed_in: SignIn) -> None:
    address = reverse("ministries:handover_create", args=[held.pk])
    for user in (person(Role.FOCAL_POINT, other_body), panel_member):
        assert signed_in(user).get(address).status_code == 404
        assert signed_in(user).post(address, {"email": "x@example.org"}).status_code == 404


def test_a_coordinator_revokes_on_the_page_of_the_successor(held, coordinator, signed_in: SignIn) -> None:
    made = give(held)
    client = signed_in(coordinator)
    address = in_english(reverse("ministries:handover_revoke", args=[made.pk]))
    assert (
        address in client.get(in_english(reverse("ministries:person_detail", args=[made.receiver_id]))).content.decode()
    )
    assert client.post(address, {"reason": ""}).status_code == 400
    page = client.post(address, {"reason": "Wrong person"}, follow=True)
    assert "The handover was revoked. Both are told." in text_of(page)
    assert signed_in(held.user).get(address).status_code == 404


def test_the_list_asks_the_database_as_often_for_many_as_for_one(held, signed_in: SignIn, body) -> None:
    user = person(Role.APPROVER, body)
    client = signed_in(user)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/en/handover/").status_code == 200
        return len(found)

    count()
    before = count()
    for number in range(3):
        one = AppointmentFactory(role=Role.FOCAL_POINT, body=body, start=clock.today() - 9 * ONE_DAY)
        give(one, by=user, email=f"successor{number}@example.org")
    assert count() <= before + 1  # the table of what was handed over
