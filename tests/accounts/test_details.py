"""The person's own page: name and language of e-mails."""

import pytest
from django.test import Client

from ministries.enums import Role
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import UserFactory, person
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "/en/accounts/details/"


@pytest.fixture
def user() -> User:
    return person(Role.PANEL_MEMBER, name="Before", email="panel@example.org", language="ko")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_person_changes_name_and_language_and_the_record_holds_both_values(client: Client, user: User) -> None:
    data = form_data(client.get(ADDRESS), name="After", language="en")
    page = client.post(ADDRESS, data, follow=True)
    user.refresh_from_db()
    assert (user.name, user.language) == ("After", "en")
    assert "Saved." in text_of(page)
    event = Event.objects.of("accounts.user", str(user.pk)).last()
    assert (event.kind, event.actor_id) == ("details", str(user.pk))
    assert event.data == {
        "before": {"name": "Before", "language": "ko"},
        "after": {"name": "After", "language": "en"},
    }


def test_saving_the_same_leaves_no_event(client: Client, user: User) -> None:
    page = client.post(ADDRESS, form_data(client.get(ADDRESS)), follow=True)
    assert "Nothing was changed." in text_of(page)
    assert not Event.objects.of("accounts.user", str(user.pk)).filter(kind="details").exists()


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "n" * 101}, {"language": "fr"}])
def test_what_can_not_be_used_is_told_and_changes_nothing(client: Client, user: User, wrong: dict[str, str]) -> None:
    data = form_data(client.get(ADDRESS), **wrong)
    page = client.post(ADDRESS, data)
    user.refresh_from_db()
    assert (page.status_code, user.name, user.language) == (400, "Before", "ko")
    # The header goes on calling the person by the name that is stored.
    assert "Before" in text_of(page)


def test_nobody_else_can_be_named_in_the_form(client: Client) -> None:
    other = UserFactory(name="Other")
    client.post(ADDRESS, {"name": "Mine", "language": "ko", "id": str(other.pk), "email": other.email})
    other.refresh_from_db()
    assert other.name == "Other"


def test_a_stranger_is_asked_to_sign_in() -> None:
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/en/accounts/login/")
