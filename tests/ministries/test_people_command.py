"""``manage.py appoint``: how the first coordinator of an installation comes in, and its sentences."""

import datetime as dt
import io
import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from ministries import rules
from ministries.enums import Role
from ministries.models import Appointment
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import UserFactory, person

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http\S+/password/reset/key/\S+")


def appoint(*args: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("appoint", *args, stdout=out)
    return out.getvalue()


def refusal(*args: str) -> str:
    """The one sentence with which the command refuses; it has made nothing."""
    before = (User.objects.count(), Appointment.objects.count(), Event.objects.count())
    with pytest.raises(CommandError) as refused:
        appoint(*args)
    assert (User.objects.count(), Appointment.objects.count(), Event.objects.count()) == before
    return str(refused.value)


def test_the_first_coordinator_comes_in_with_the_printed_link(lead_body):
    printed = appoint(
        "First@Example.org", "--role", "coordinator", "--body", "LEAD", "--name", "First", "--language", "en"
    )
    user = User.objects.get(email="first@example.org")
    assert (user.name, user.language) == ("First", "en")
    assert rules.roles_of(user).in_body(Role.COORDINATOR, lead_body.pk)
    assert printed.startswith("Appointed: first@example.org, Coordinator in LEAD, from ")
    (link,) = LINK.findall(printed)
    client = Client()
    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    password = "loud-mountain-17"
    client.post(page.context["action_url"], {"password1": password, "password2": password})
    assert client.login(email="first@example.org", password=password)


def test_the_invitation_is_sent_too(lead_body, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        appoint("first@example.org", "--role", "coordinator", "--body", "LEAD")
    assert [message.to for message in mail.outbox] == [["first@example.org"]]
    kinds = Event.objects.filter(object_kind="accounts.user").values_list("kind", "actor_id")
    assert list(kinds) == [("create", ""), ("appoint", ""), ("invite", "")]


def test_who_has_a_password_gets_no_link(lead_body):
    user = UserFactory()
    assert not LINK.search(appoint(user.email, "--role", "administrator"))


def test_the_days_are_taken(body):
    appoint("a@example.org", "--role", "approver", "--body", "OWN", "--from", "2090-01-31", "--to", "2090-12-31")
    made = Appointment.objects.get()
    assert (made.start, made.end) == (dt.date(2090, 1, 31), dt.date(2090, 12, 31))


def test_the_same_again_says_so_and_changes_nothing(body):
    first = appoint("a@example.org", "--role", "approver", "--body", "OWN")
    events = Event.objects.count()
    again = appoint("A@example.org", "--role", "approver", "--body", "OWN")
    assert again.startswith("Nothing changed: there is this appointment already: a@example.org, Approver in OWN, from ")
    assert (Appointment.objects.count(), User.objects.count(), Event.objects.count()) == (1, 1, events)
    assert len(LINK.findall(first)) == len(LINK.findall(again)) == 1


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (
            ("a@example.org", "--role", "king"),
            "There is no role 'king'. The roles are: "
            "focal-point, approver, coordinator, panel-member, committee-reader, administrator.",
        ),
        (
            ("a@example.org", "--role", "approver", "--body", "NONE"),
            "There is no body 'NONE'. The bodies are: LEAD, OWN.",
        ),
        (("a@example.org", "--role", "approver"), "This role is held in a body. Choose the body."),
        (
            ("a@example.org", "--role", "panel-member", "--body", "OWN"),
            "This role is held for the whole plan. Leave the body empty.",
        ),
        (
            ("a@example.org", "--role", "coordinator", "--body", "OWN"),
            "A coordinator is appointed in a lead ministry only.",
        ),
        (("nobody", "--role", "administrator"), "Give a valid e-mail address."),
        (("", "--role", "administrator"), "Give a valid e-mail address."),
        (
            ("a@example.org", "--role", "administrator", "--from", "31.1.2026"),
            "--from '31.1.2026' is not a day. Write it as 2026-01-31.",
        ),
        (
            ("a@example.org", "--role", "administrator", "--from", "2090-01-02", "--to", "2090-01-01"),
            "The last day lies before the first day.",
        ),
        (
            ("a@example.org", "--role", "administrator", "--from", "2020-01-01", "--to", "2020-01-02"),
            "The last day has passed already.",
        ),
        (
            ("a@example.org", "--role", "administrator", "--language", "fr"),
            "There is no language 'fr'. The languages are: ko, en.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(lead_body, body, args, sentence):
    assert refusal(*args) == sentence


def test_without_any_body_it_says_what_to_load():
    assert refusal("a@example.org", "--role", "coordinator", "--body", "MOGEF") == (
        "There is no body 'MOGEF'. No body is loaded yet: run load_bodies first."
    )


def test_a_deactivated_person_is_not_appointed(db):
    user = person(Role.ADMINISTRATOR, is_active=False)
    assert refusal(user.email, "--role", "panel-member") == "This account is deactivated. Activate it first."


def test_the_role_must_be_given(db):
    with pytest.raises(CommandError, match="--role"):
        appoint("a@example.org")
