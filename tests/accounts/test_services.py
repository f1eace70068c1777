"""Making, closing and opening accounts; the links that set a password."""

import pytest
from django.core.exceptions import ValidationError

from nap_monitor.accounts import services
from nap_monitor.accounts.links import set_password_link
from nap_monitor.lib.audit.models import Event
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def kinds(user) -> list[str]:
    """What the record says was done with this account."""
    return list(Event.objects.of("accounts.user", str(user.pk)).values_list("kind", flat=True))


def test_a_new_account_has_no_password_and_a_record():
    by = UserFactory()
    user = services.create_user(email=" New@Example.ORG ", name=" New One ", language="en", by=by)
    user.refresh_from_db()
    assert (user.email, user.name, user.language) == ("new@example.org", "New One", "en")
    assert not user.has_usable_password()
    (event,) = Event.objects.of("accounts.user", str(user.pk))
    assert (event.kind, event.actor_id, event.object_label) == ("create", str(by.pk), "New One <new@example.org>")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a" * 250 + "@example.org"}, "email"),
        ({"email": "new@example.org", "name": "n" * 101}, "name"),
        ({"email": "new@example.org", "language": "fr"}, "language"),
    ],
)
def test_a_faulty_account_is_refused(fields, wrong):
    with pytest.raises(ValidationError) as refused:
        services.create_user(**fields, by=None)
    assert list(refused.value.message_dict) == [wrong]


def test_an_address_has_one_account_in_any_case():
    UserFactory(email="person@example.org")
    with pytest.raises(ValidationError):
        services.create_user(email="PERSON@example.org", by=None)


def test_closing_and_opening_leave_one_record_each_however_often_they_are_asked():
    user, by = UserFactory(), UserFactory()
    assert services.deactivate(user=user, by=by, reason="left")
    assert not services.deactivate(user=user, by=by, reason="left")
    assert services.activate(user=user, by=by)
    assert not services.activate(user=user, by=by)
    assert kinds(user) == ["deactivate", "activate"]
    assert user.check_password("quiet-river-42")


@pytest.mark.parametrize(("language", "start"), [("ko", "/accounts/"), ("en", "/en/accounts/")])
def test_the_link_is_in_the_language_of_the_person(settings, language, start):
    settings.SITE_URL = "https://nap.example.org"
    link = set_password_link(UserFactory(language=language))
    assert link.startswith(f"https://nap.example.org{start}password/reset/key/")


def test_a_name_is_one_line_whatever_was_sent() -> None:
    made = services.create_user(email="lines@example.org", name=" One\r\nBcc: two@example.org\n", by=None)
    assert made.name == "One Bcc: two@example.org"
    services.change_details(user=made, by=made, name="Three\n Four", language="en")
    made.refresh_from_db()
    assert made.name == "Three Four"
