"""Signing in, by invitation only: the whole way from the appointment to the first page, and what must not work."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ministries.enums import Role
from ministries.services.people import appoint
from nap_monitor.accounts import services
from nap_monitor.accounts.links import set_password_link
from nap_monitor.accounts.models import User
from tests.factories import PASSWORD, UserFactory, person

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "loud-mountain-17"
TOO_MANY = "Too many failed login attempts. Try again later."


def path_of(link: str) -> str:
    """The path of a link of this installation."""
    assert link.startswith(settings.SITE_URL + "/")
    return link.removeprefix(settings.SITE_URL)


def link_in(body: str) -> str:
    """The one-time link of an e-mail."""
    (link,) = re.findall(r"http\S+/password/reset/key/\S+", body)
    return link


def open_link(client: Client, link: str):
    """What the person sees who opens the link; the form is one redirect on, at an address without the token."""
    return client.get(path_of(link), follow=True)


def set_password(client: Client, link: str, password: str = NEW_PASSWORD):
    """Open the link and set the password."""
    opened = open_link(client, link)
    action = opened.context["action_url"]
    return client.post(action, {"password1": password, "password2": password}, follow=True)


def sign_in(client: Client, email: str, password: str, language: str = "ko"):
    """Post the sign-in form."""
    with translation.override(language):
        address = reverse("account_login")
    return client.post(address, {"login": email, "password": password}, follow=True)


def is_signed_in(client: Client) -> bool:
    """Whether the client is signed in as anybody."""
    return "_auth_user_id" in client.session


def test_the_whole_way_from_the_appointment_to_the_first_page(client, coordinator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        appoint(email="New@Example.org", name="New One", language="en", role=Role.ADMINISTRATOR, by=coordinator)
    (invitation,) = mail.outbox
    assert invitation.to == ["new@example.org"]
    link = link_in(invitation.body)
    assert "Administrator" in invitation.body
    assert "Lead Ministry" in invitation.body

    done = set_password(client, link)
    assert done.resolver_match.url_name == "account_reset_password_from_key_done"
    assert not is_signed_in(client)

    page = sign_in(client, "NEW@example.ORG", NEW_PASSWORD)
    assert is_signed_in(client)
    assert page.status_code == 200
    assert page.resolver_match.view_name == "home"


def test_the_link_is_dead_after_its_use_and_says_whom_to_ask(client, lead_body):
    user = UserFactory(password=None)
    link = set_password_link(user)
    set_password(client, link)
    again = open_link(Client(), link)
    assert again.context["token_fail"]
    assert str(lead_body) in again.content.decode()
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_the_link_is_dead_after_signing_in(client):
    user = UserFactory()
    link = set_password_link(user)
    sign_in(client, user.email, PASSWORD)
    assert open_link(Client(), link).context["token_fail"]


def test_the_link_is_dead_when_it_is_too_old(client, settings):
    link = set_password_link(UserFactory(password=None))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert open_link(client, link).context["token_fail"]


def test_the_link_is_dead_for_a_closed_account(client, coordinator):
    user = UserFactory(password=None)
    link = set_password_link(user)
    services.deactivate(user=user, by=coordinator, reason="left")
    assert open_link(client, link).context["token_fail"]


def test_the_link_of_one_person_does_not_open_for_another(client):
    mine, other = UserFactory(password=None), UserFactory(password=None)
    forged = set_password_link(mine).replace(mine.pk.hex, other.pk.hex)
    assert open_link(client, forged).context["token_fail"]


def test_opening_the_link_keeps_no_second_table_of_addresses(client):
    user = UserFactory(password=None)
    open_link(client, set_password_link(user))
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize("password", ["short-1", "1234567890123", "password123", "new@example.org"])
def test_a_weak_first_password_is_refused_with_a_sentence(client, password):
    user = UserFactory(email="new@example.org", password=None)
    page = set_password(client, set_password_link(user), password)
    assert page.context["form"].errors["password1"]
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_the_address_counts_in_any_case(client):
    UserFactory(email="Person@Example.org")
    sign_in(client, "pERSON@eXAMPLE.org", PASSWORD)
    assert is_signed_in(client)


def test_a_wrong_password_gets_one_sentence_and_keeps_the_address(client):
    user = UserFactory()
    page = sign_in(client, user.email, "wrong", language="en")
    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == [
        "The email address and/or password you specified are not correct."
    ]
    assert user.email in page.content.decode()


def test_an_unknown_address_gets_the_same_sentence(client):
    user = UserFactory()
    sentences = {
        str(client.post(reverse("account_login"), {"login": login, "password": "wrong"}).context["form"].errors)
        for login in (user.email, "nobody@example.org")
    }
    assert len(sentences) == 1


def test_too_many_attempts_are_stopped_also_with_the_right_password(client):
    user = UserFactory()
    for _attempt in range(5):
        sign_in(client, user.email, "wrong")
    page = sign_in(client, user.email, PASSWORD, language="en")
    assert page.context["form"].non_field_errors() == [TOO_MANY]
    assert not is_signed_in(client)


def test_many_attempts_on_many_accounts_are_stopped_too(client):
    for number in range(10):
        sign_in(client, f"p{number}@example.org", "wrong")
    UserFactory(email="right@example.org")
    page = sign_in(client, "right@example.org", PASSWORD, language="en")
    assert page.context["form"].non_field_errors() == [TOO_MANY]
    assert not is_signed_in(client)


def test_signing_up_is_closed(client):
    page = client.get(reverse("account_signup"))
    assert "account/signup_closed.html" in [template.name for template in page.templates]
    data = {"email": "me@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(reverse("account_signup"), data)
    assert not User.objects.filter(email="me@example.org").exists()


def test_asking_for_a_new_password_answers_the_same_for_any_address(client, django_capture_on_commit_callbacks):
    known = UserFactory()
    closed = UserFactory(is_active=False)
    answers = []
    with django_capture_on_commit_callbacks(execute=True):
        for address in (known.email, "nobody@example.org", closed.email):
            page = client.post(reverse("account_reset_password"), {"email": address}, follow=True)
            answers.append(
                (page.status_code, page.redirect_chain, re.sub(r'value="\w{64}"', "", page.content.decode()))
            )
    assert answers[0] == answers[1] == answers[2]
    assert [message.to for message in mail.outbox] == [[known.email]]


def test_a_new_password_can_be_asked_for_by_who_was_invited(client, django_capture_on_commit_callbacks):
    user = UserFactory(email="invited@example.org", password=None)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_reset_password"), {"email": "Invited@Example.org"})
    set_password(client, link_in(mail.outbox[0].body))
    sign_in(client, user.email, NEW_PASSWORD)
    assert is_signed_in(client)


def test_the_link_in_a_mail_does_not_follow_the_host_of_the_request(
    client, django_capture_on_commit_callbacks, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    user = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_reset_password"), {"email": user.email}, headers={"host": "evil.example"})
    assert "evil.example" not in mail.outbox[0].body


def test_who_holds_no_role_reads_whom_to_ask(client, lead_body):
    user = UserFactory()
    page = sign_in(client, user.email, PASSWORD)
    assert page.status_code == 200
    assert "ministries/no_role.html" in [template.name for template in page.templates]
    assert str(lead_body) in page.content.decode()


@pytest.mark.parametrize("name", ["home", "help", "ministries:person_list"])
def test_who_is_not_signed_in_is_led_to_the_sign_in(client, name):
    page = client.get(reverse(name))
    assert page.status_code == 302
    assert page.url == f"{reverse('account_login')}?next={reverse(name)}"


def test_a_closed_account_is_out_from_the_next_request_on(signed_in, coordinator):
    user = person(Role.ADMINISTRATOR)
    client, elsewhere = signed_in(user), signed_in(user)
    assert client.get(reverse("ministries:person_list")).status_code == 200
    services.deactivate(user=user, by=coordinator, reason="left")
    for each in (client, elsewhere):
        assert each.get(reverse("ministries:person_list")).status_code == 302


def test_the_sessions_of_a_closed_account_do_not_come_back_with_it(signed_in, coordinator):
    user = person(Role.ADMINISTRATOR)
    client = signed_in(user)
    theirs = signed_in(coordinator)
    services.deactivate(user=user, by=coordinator, reason="left")
    services.activate(user=user, by=coordinator)
    assert client.get(reverse("ministries:person_list")).status_code == 302
    assert theirs.get(reverse("ministries:person_list")).status_code == 200
    assert Session.objects.count() == 1


def test_a_closed_account_cannot_sign_in(client):
    user = UserFactory(is_active=False)
    page = sign_in(client, user.email, PASSWORD)
    assert page.resolver_match.url_name == "account_inactive"
    assert not is_signed_in(client)


def test_setting_a_new_password_ends_the_other_sessions(client, signed_in):
    user = person(Role.ADMINISTRATOR)
    old = signed_in(user)
    set_password(client, set_password_link(user))
    assert old.get(reverse("ministries:person_list")).status_code == 302


def test_who_asks_too_often_reads_a_page_that_says_so(client):
    for _attempt in range(6):
        page = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert page.status_code == 429
    assert "429.html" in [template.name for template in page.templates]
    assert page["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("user", [{"password": None}, {}])
def test_the_page_of_the_link_says_whether_it_is_the_first_password(client, user):
    user = UserFactory(language="en", **user)
    page = open_link(client, set_password_link(user))
    heading = "Set a new password" if user.has_usable_password() else "Set your password"
    assert f"<h1>{heading}</h1>" in page.content.decode()
