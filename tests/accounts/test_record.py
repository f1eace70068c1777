"""What the record says of signing in and out, and what it never says."""

import json

import pytest
from django.forms.models import model_to_dict
from django.test import Client

from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-7"


@pytest.fixture
def person() -> User:
    return User.objects.create_user(email="someone@example.org", password=PASSWORD, name="홍길동")


def sign_in(address: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": address, "password": password})
    return client


def told() -> list[tuple[str, str, str]]:
    return [(each.kind, each.object_id, each.actor_id) for each in Event.objects.order_by("at")]


def test_signing_in_and_out_is_on_record(person: User) -> None:
    client = sign_in("Someone@example.org", PASSWORD)
    client.post("/accounts/logout/")
    me = str(person.pk)
    assert told() == [("sign_in", me, me), ("sign_out", me, me)]


def test_looking_at_the_page_of_signing_in_or_out_is_not(person: User) -> None:
    client = sign_in(person.email, PASSWORD)
    client.get("/accounts/logout/")
    Client().get("/accounts/login/")
    assert [kind for kind, *_rest in told()] == ["sign_in"]


def test_a_refused_sign_in_is_on_the_account_with_nobody_as_its_actor(person: User) -> None:
    sign_in(person.email, "wrong-password-1")
    assert told() == [("failed_sign_in", str(person.pk), "")]


def test_what_a_stranger_typed_is_kept_as_a_keyed_hash_alone() -> None:
    for typed in ("nobody@example.org", "NOBODY@example.org", "other@example.org"):
        sign_in(typed, "s3cret-in-the-wrong-place")
    events = list(Event.objects.order_by("at"))
    assert {(each.kind, each.object_id, each.object_label, each.actor_label) for each in events} == {
        ("failed_sign_in", "", "", "")
    }
    first, second, third = (each.data["typed"] for each in events)
    assert first == second != third
    written = json.dumps([model_to_dict(each) for each in events], default=str)
    assert "nobody" not in written.lower()
    assert "s3cret" not in written


def test_another_password_is_on_record_without_the_password(person: User) -> None:
    client = sign_in(person.email, PASSWORD)
    new = "another-horse-battery-8"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    event = Event.objects.get(kind="change_password")
    assert (event.object_id, event.actor_id, event.data) == (str(person.pk), str(person.pk), {})
    assert new not in json.dumps(model_to_dict(event), default=str)
