"""The pages of people: who gets them, what they show, what posting does."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from ministries.enums import Role
from ministries.models import Appointment
from ministries.services import people
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import AppointmentFactory, person

pytestmark = pytest.mark.django_db

LIST = "/people/"
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def member(body) -> User:
    """Somebody whose page is looked at."""
    return person(Role.FOCAL_POINT, body, name="Member", email="member@example.org", password=None)


def page_of(user: User) -> str:
    """The address of a person's page."""
    return reverse("ministries:person_detail", args=[user.pk])


def address(name: str, user: User) -> str:
    """The address of one of a person's pages by its name."""
    if name == "ministries:appointment_end":
        return reverse(name, args=[user.appointments.first().pk])
    if name in ("ministries:person_list", "ministries:person_invite"):
        return reverse(name)
    return reverse(name, args=[user.pk])


READ = ("ministries:person_list", "ministries:person_detail")
FORMS = (
    "ministries:person_invite",
    "ministries:person_appoint",
    "ministries:appointment_end",
    "ministries:person_deactivate",
)
POSTS = ("ministries:person_invite_again", "ministries:person_activate")


# Who gets them


@pytest.mark.parametrize("name", [*READ, *FORMS])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_coordinator_and_administrator_get_every_page(signed_in, member, role, name):
    assert signed_in(person(role)).get(address(name, member)).status_code == 200


@pytest.mark.parametrize("name", [*READ, *FORMS, *POSTS])
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.COORDINATOR, Role.ADMINISTRATOR)])
def test_nobody_else_learns_that_there_is_such_a_page(signed_in, member, role, name):
    client = signed_in(person(role))
    assert client.post(address(name, member)).status_code == (405 if name in READ else 404)
    if name not in POSTS:
        assert client.get(address(name, member)).status_code == 404
    assert Appointment.objects.filter(user=member).count() == 1


@pytest.mark.parametrize("name", [*READ, *FORMS, *POSTS])
def test_who_is_not_signed_in_is_led_to_the_sign_in(client, member, name):
    answer = client.get(address(name, member))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", POSTS)
def test_what_changes_something_is_posted(signed_in, coordinator, member, name):
    assert signed_in(coordinator).get(address(name, member)).status_code == 405


@pytest.mark.parametrize("name", [*READ])
def test_what_only_shows_is_not_posted(signed_in, coordinator, member, name):
    assert signed_in(coordinator).post(address(name, member)).status_code == 405


@pytest.mark.parametrize("name", [*FORMS[1:], *POSTS, "ministries:person_detail"])
def test_a_strange_id_is_not_found(signed_in, coordinator, name):
    client = signed_in(coordinator)
    path = reverse(name, args=[uuid.uuid4()])
    assert (client.post(path) if name in POSTS else client.get(path)).status_code == 404


@pytest.mark.parametrize("name", [*FORMS[1:], *POSTS])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_who_changes_people_sees_the_own_page_and_changes_nothing_there(signed_in, role, name):
    user = person(role)
    client = signed_in(user)
    page = client.get("/en" + page_of(user))
    assert "deactivate your own account. Ask another coordinator" in page.content.decode()
    for change in (*FORMS[1:], *POSTS):
        assert address(change, user) not in page.content.decode()
    data = {"role": Role.PANEL_MEMBER, "start": clock.today(), "reason": "because"}
    assert client.post(address(name, user), data).status_code == 403
    assert (user.appointments.count(), User.objects.get(pk=user.pk).is_active) == (1, True)


def test_the_page_offers_to_hand_over_a_role_in_a_body_the_own_one_too(signed_in, coordinator, member, body):
    own = AppointmentFactory(user=coordinator, role=Role.APPROVER, body=body)
    client = signed_in(User.objects.get(pk=coordinator.pk))
    for user, held in ((member, member.appointments.get()), (coordinator, own)):
        found = client.get(page_of(user)).content.decode()
        assert found.count("/handover/") == found.count(reverse("ministries:handover_create", args=[held.pk])) + 1
        assert client.get(reverse("ministries:handover_create", args=[held.pk])).status_code == 200


# Inviting


def invitation(**changes: object) -> dict[str, object]:
    """What the form of the invitation posts."""
    return {
        "email": "new@example.org",
        "name": "New One",
        "language": "en",
        "role": "panel-member",
        "body": "",
        "start": clock.today().isoformat(),
        "end": "",
        **changes,
    }


def test_inviting_makes_the_person_and_sends_the_link(signed_in, coordinator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(coordinator).post(LIST + "invite/", invitation())
    user = User.objects.get(email="new@example.org")
    assert (answer.status_code, answer.url) == (302, page_of(user))
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    assert user.appointments.get().role == Role.PANEL_MEMBER


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"name": " "}, "name"),
        ({"email": "COORDINATOR@example.org", "role": "panel-member"}, "email"),
        ({"email": ""}, "email"),
        ({"name": "n" * 101}, "name"),
        ({"language": "fr"}, "language"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"role": "approver"}, "body"),
        ({"body": "999999"}, "body"),
        ({"start": "tomorrow"}, "start"),
        ({"start": ""}, "start"),
        ({"end": "2020-01-01"}, "end"),
        ({"email": "none@example.org", "role": "panel-member", "end": "2020-01-01"}, "end"),
    ],
)
def test_a_faulty_invitation_says_where_and_loses_nothing(signed_in, coordinator, changes, field):
    answer = signed_in(coordinator).post(LIST + "invite/", invitation(**changes))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    kept = changes.get("name", "New One")
    assert str(kept) in answer.content.decode()
    assert User.objects.count() == 1


def test_a_role_of_a_body_chosen_without_fitting_body_is_refused_beside_the_field(signed_in, coordinator, body):
    answer = signed_in(coordinator).post("/en" + LIST + "invite/", invitation(role="coordinator", body=body.pk))
    assert answer.context["form"].errors == {"body": ["A coordinator is appointed in a lead ministry only."]}


def test_inviting_somebody_twice_says_so(signed_in, coordinator):
    client = signed_in(coordinator)
    client.post(LIST + "invite/", invitation())
    answer = client.post("/en" + LIST + "invite/", invitation(email="NEW@example.org"))
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"role": ["This person holds this role in these days already."]}
    assert Appointment.objects.filter(user__email="new@example.org").count() == 1


# A person's page


def test_the_page_shows_appointments_state_and_history(signed_in, coordinator, member, body):
    appointment = member.appointments.get()
    people.end_appointment(appointment=appointment, by=coordinator, reason="moved to another post")
    page = signed_in(coordinator).get("/en" + page_of(member)).content.decode()
    for text in ("Member", "member@example.org", "Focal point", "Own Ministry", "Ended", "moved to another post"):
        assert text in page
    assert "Appointment ended: Focal point, Own Ministry" in page
    assert "Coordinator &lt;coordinator@example.org&gt;" in page


def test_what_a_command_did_is_shown_as_such(signed_in, coordinator):
    made = people.appoint(email="new@example.org", role=Role.PANEL_MEMBER, by=None)
    page = signed_in(coordinator).get("/en" + page_of(made.user)).content.decode()
    assert "By a command of the installation" in page


def test_names_are_escaped(signed_in, coordinator):
    user = person(Role.PANEL_MEMBER, name="<script>alert(1)</script>")
    for path in (LIST, page_of(user)):
        assert "<script>alert(1)" not in signed_in(coordinator).get(path).content.decode()


def test_another_role_is_added(signed_in, coordinator, member, other_body):
    data = {"role": "approver", "body": other_body.pk, "start": clock.today().isoformat(), "end": ""}
    answer = signed_in(coordinator).post(page_of(member) + "appoint/", data)
    assert (answer.status_code, answer.url) == (302, page_of(member))
    assert member.appointments.filter(role=Role.APPROVER, body=other_body).exists()


def test_a_faulty_role_is_refused_beside_its_field(signed_in, coordinator, member):
    data = {"role": "approver", "body": "", "start": clock.today().isoformat(), "end": ""}
    answer = signed_in(coordinator).post(page_of(member) + "appoint/", data)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["body"]


def end(user: User) -> str:
    """Where the end of a person's appointment is posted."""
    return address("ministries:appointment_end", user)


def test_an_appointment_ends_and_with_it_the_right(signed_in, coordinator, administrator):
    client = signed_in(administrator)
    assert client.get(LIST).status_code == 200
    answer = signed_in(coordinator).post(end(administrator), {"reason": "moved", "on": ""})
    assert (answer.status_code, answer.url) == (302, page_of(administrator))
    assert client.get(LIST).status_code == 404


def test_an_end_without_a_reason_is_refused(signed_in, coordinator, member):
    answer = signed_in(coordinator).post(end(member), {"reason": "", "on": ""})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["reason"]
    assert member.appointments.get().end is None


def test_the_last_coordinator_stays_and_the_page_says_why(signed_in, coordinator, administrator):
    answer = signed_in(administrator).post("/en" + end(coordinator), {"reason": "leaves", "on": ""})
    assert answer.status_code == 400
    assert "This is the last coordinator. Appoint another one first." in answer.content.decode()


def test_an_appointment_that_has_ended_is_answered_with_409(signed_in, coordinator, member):
    path = end(member)
    client = signed_in(coordinator)
    client.post(path, {"reason": "moved", "on": ""})
    answer = client.post("/en" + path, {"reason": "moved", "on": ""})
    assert answer.status_code == 409
    assert "This appointment has ended already." in answer.content.decode()
    assert page_of(member) in answer.content.decode()


def test_the_invitation_is_sent_again(signed_in, coordinator, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(coordinator).post(page_of(member) + "invite/")
    assert (answer.status_code, answer.url) == (302, page_of(member))
    assert [message.to for message in mail.outbox] == [["member@example.org"]]


def test_who_has_a_password_is_not_invited_again(signed_in, coordinator, administrator):
    client = signed_in(coordinator)
    assert page_of(administrator) + "invite/" not in client.get(page_of(administrator)).content.decode()
    assert client.post(page_of(administrator) + "invite/").status_code == 409


def test_an_account_is_closed_and_opened(signed_in, coordinator, administrator):
    client, theirs = signed_in(coordinator), signed_in(administrator)
    answer = client.post(page_of(administrator) + "deactivate/", {"reason": "left"})
    assert (answer.status_code, answer.url) == (302, page_of(administrator))
    assert theirs.get(LIST).status_code == 302
    assert page_of(administrator) + "activate/" in client.get(page_of(administrator)).content.decode()
    client.post(page_of(administrator) + "activate/")
    assert User.objects.get(pk=administrator.pk).is_active


def test_closing_needs_a_reason(signed_in, coordinator, member):
    answer = signed_in(coordinator).post(page_of(member) + "deactivate/", {"reason": " "})
    assert answer.status_code == 400
    assert User.objects.get(pk=member.pk).is_active


def test_a_form_without_the_token_is_refused(coordinator, member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    assert client.post(page_of(member) + "invite/").status_code == 403
