"""The pages of people: who gets them, what they show, what posting does."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from ministries.models import Appointment
from ministries.services import people
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import AppointmentFactory, UserFactory, person

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
def test_an_administrator_sees_the_own_page_and_changes_nothing_there(signed_in, administrator, name):
    client = signed_in(administrator)
    page = client.get(page_of(administrator))
    assert page.status_code == 200
    for change in (*FORMS[1:], *POSTS):
        assert address(change, administrator) not in page.content.decode()
    data = {"role": Role.PANEL_MEMBER, "start": clock.today(), "reason": "because"}
    assert client.post(address(name, administrator), data).status_code == 403


# The list


def texts(client, query: str = "") -> set[str]:
    """The addresses of the people that the list shows."""
    return {each.user.email for each in client.get(LIST + query).context["people"]}


@pytest.fixture
def cast(coordinator, body, other_body) -> None:
    """People now, in the past, to come, and without any role."""
    today = clock.today()
    AppointmentFactory(user__email="now@example.org", user__name="Kim Nowadays", role=Role.APPROVER, body=body)
    AppointmentFactory(user__email="past@example.org", role=Role.APPROVER, body=body, end=today - ONE_DAY)
    AppointmentFactory(user__email="coming@example.org", role=Role.FOCAL_POINT, body=other_body, start=today + ONE_DAY)
    AppointmentFactory(user__email="panel@example.org", role=Role.PANEL_MEMBER)
    UserFactory(email="none@example.org", name="")
    changed = AppointmentFactory(user__email="changed@example.org", role=Role.APPROVER, body=body, end=today - ONE_DAY)
    AppointmentFactory(user=changed.user, role=Role.FOCAL_POINT, body=other_body)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "coordinator now coming panel changed"),
        ("?status=current", "coordinator now coming panel changed"),
        ("?status=past", "past none"),
        ("?status=all", "coordinator now past coming panel none changed"),
        ("?role=approver", "now"),
        ("?role=approver&status=past", "past changed"),
        ("?role=approver&status=all", "now past changed"),
        ("?body=OTHER", "coming changed"),
        ("?body=OWN&status=all", "now past changed"),
        ("?role=focal-point&body=OTHER", "coming changed"),
        ("?role=approver&body=OTHER&status=all", ""),
        ("?q=NOWADAYS", "now"),
        ("?q=@EXAMPLE&status=past", "past none"),
        ("?q=%25", ""),
        ("?role=king&body=NONE&status=never", "coordinator now coming panel changed"),
        ("?page=99", "coordinator now coming panel changed"),
    ],
)
@pytest.mark.usefixtures("cast")
def test_the_list_shows_whom_the_filters_ask_for(signed_in, coordinator, query, names):
    assert texts(signed_in(coordinator), query) == {f"{name}@example.org" for name in names.split()}


def test_the_list_shows_roles_bodies_days_and_sign_in(signed_in, coordinator, body, django_capture_on_commit_callbacks):
    people.appoint(email="new@example.org", role=Role.APPROVER, body=body, by=coordinator, start=dt.date(2022, 1, 31))
    page = signed_in(coordinator).get("/en" + LIST).content.decode()
    for text in ("new@example.org", "Approver, Own Ministry", "from 31 Jan 2022", "Invited, not signed in yet"):
        assert text in page
    assert "Last signed in" in page


def test_an_old_invitation_is_shown_as_expired(signed_in, coordinator, settings):
    people.appoint(email="new@example.org", role=Role.PANEL_MEMBER, by=coordinator)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "Invitation expired" in signed_in(coordinator).get("/en" + LIST).content.decode()


def test_the_list_asks_the_database_as_often_for_119_people_as_for_one(signed_in, coordinator, body):
    client = signed_in(coordinator)
    counts = []
    for more in (1, 118):
        AppointmentFactory.create_batch(more, body=body)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(LIST)
        counts.append(len(asked))
    assert page.context["page"].paginator.count == 120
    assert len(page.context["people"]) == 50
    assert counts[0] == counts[1]


def test_a_long_list_has_pages_that_keep_the_filter(signed_in, coordinator, body):
    AppointmentFactory.create_batch(51, body=body)
    page = signed_in(coordinator).get(LIST, {"role": "focal-point"})
    assert "role=focal-point&amp;page=2" in page.content.decode()
    assert len(signed_in(coordinator).get(LIST, {"role": "focal-point", "page": "2"}).context["people"]) == 1


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
        ({"email": "coordinator@example.org", "role": "panel-member", "end": "2020-01-01"}, "end"),
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


def test_the_last_coordinator_stays_and_the_page_says_why(signed_in, coordinator):
    answer = signed_in(coordinator).post("/en" + end(coordinator), {"reason": "leaves", "on": ""})
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
