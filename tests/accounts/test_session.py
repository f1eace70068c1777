"""How long somebody stays signed in: a time of its own, which nothing moves but asking to stay."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from nap_monitor.accounts.models import User
from nap_monitor.accounts.services import end_sessions
from nap_monitor.lib import clock
from tests.factories import PASSWORD, UserFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db

HOURS = 8
STATUS, EXTEND, PAGE = "/accounts/session/status/", "/accounts/session/extend/", "/accounts/session/"
JSON = {"headers": {"Accept": "application/json"}}
#: An evening, so that eight hours later it is another day.
EVENING = dt.datetime(2022, 5, 3, 18, 30, tzinfo=clock.now().tzinfo)


@pytest.fixture
def user(db: None) -> User:
    return UserFactory(email="me@example.org")


@pytest.fixture
def client(user: User) -> Client:
    """Signed in on the real page, in the evening."""
    client = Client()
    with clock.at(EVENING):
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def later(**time: int) -> Any:
    return clock.at(EVENING + dt.timedelta(**time))


def left(client: Client) -> int:
    return int(client.get(STATUS, **JSON).json()["left"])


def test_it_ends_eight_hours_after_signing_in_whatever_was_read_meanwhile(client: Client) -> None:
    for hour in range(HOURS):
        with later(hours=hour):
            assert client.get("/accounts/details/").status_code == 200
            assert left(client) == (HOURS - hour) * 3600
    with later(hours=HOURS, seconds=-1):
        assert left(client) == 1
    with later(hours=HOURS):
        assert left(client) == 0
        assert client.get("/accounts/details/").status_code == 302


def test_saving_something_in_the_session_does_not_move_the_end(client: Client) -> None:
    with later(hours=7):
        session = client.session
        session["anything"] = 1
        session.save()
        assert left(client) == 3600
    assert Session.objects.get().expire_date == EVENING + dt.timedelta(hours=HOURS)


def test_asking_to_stay_gives_the_full_time_again_and_again(client: Client) -> None:
    moment = EVENING
    for _time in range(12):
        moment += dt.timedelta(hours=7)
        with clock.at(moment):
            assert client.post(EXTEND, **JSON).status_code == 200
    with clock.at(moment + dt.timedelta(hours=HOURS, seconds=-1)):
        assert left(client) == 1
    with clock.at(moment + dt.timedelta(hours=HOURS)):
        assert left(client) == 0


def test_the_cookie_ends_with_the_browser_even_after_staying(client: Client) -> None:
    """A browser at a shared desk forgets who was signed in as soon as it is closed."""
    assert client.cookies["sessionid"]["max-age"] == ""
    with later(hours=1):
        client.post(EXTEND, **JSON)
    assert client.cookies["sessionid"]["max-age"] == ""


def test_the_end_is_told_as_one_says_it(client: Client, user: User) -> None:
    with later(hours=1):
        assert client.get(STATUS, **JSON).json() == {
            "left": 7 * 3600,
            "until": "2022. 5. 4. 02:30",
            "person": str(user.pk),
        }
    with later(hours=6):
        assert client.get(STATUS, **JSON).json()["until"] == "02:30"
        assert client.get(f"/en{STATUS}", **JSON).json()["until"] == "02:30"


def test_who_is_not_signed_in_is_told_so_and_nothing_else() -> None:
    answer = Client().get(STATUS, **JSON)
    assert answer.json() == {"left": 0, "until": "", "person": ""}
    assert "no-store" in answer["Cache-Control"]


def test_without_script_it_is_extended_on_a_page_of_its_own(client: Client) -> None:
    with later(hours=6):
        page = client.get(f"/en{PAGE}")
        assert "You stay signed in until 02:30." in text_of(page)
        done = client.post(f"/en{EXTEND}", follow=True)
        assert done.redirect_chain == [(f"/en{PAGE}", 302)]
        assert "You stay signed in until 08:30." in text_of(done)


def test_an_ended_session_is_not_extended(client: Client) -> None:
    with later(hours=HOURS):
        assert client.post(EXTEND, **JSON).status_code in (302, 401)
        assert left(client) == 0


def test_reading_the_status_extends_nothing_and_only_posting_does(client: Client) -> None:
    with later(hours=2):
        assert client.get(EXTEND, **JSON).status_code == 405
        assert left(client) == 6 * 3600


def test_a_closed_account_loses_its_sessions(client: Client, user: User) -> None:
    with later(hours=1):
        assert end_sessions(user) == 1
        assert left(client) == 0


def test_a_session_from_before_there_was_an_end_holds_as_it_did(user: User) -> None:
    client = Client()
    client.force_login(user)
    session = client.session
    del session["ends_at"]
    session.save()
    assert client.get("/accounts/details/").status_code == 200
