"""The main menu and the roles beside the person's name: by role, in few queries, nothing for strangers."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from ministries.context_processors import navigation
from ministries.enums import Role
from ministries.models import Round
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import AppointmentFactory, RoundFactory, UserFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

BODY = ["Submissions", "Plan", "Ratings"]
MENUS = {
    Role.FOCAL_POINT: BODY,
    Role.APPROVER: BODY,
    Role.COORDINATOR: ["Submissions", "Rounds", "Plan", "Ratings", "People", "Record"],
    Role.PANEL_MEMBER: BODY,
    Role.COMMITTEE_READER: ["Plan", "Ratings"],
    Role.ADMINISTRATOR: ["Plan", "People", "Record"],
}


@pytest.fixture
def round_(db) -> Round:
    """The round at work."""
    return RoundFactory()


def shown(user: object, path: str = "/en/people/") -> dict:
    """What the pages of ``user`` show, on the page at ``path``."""
    request = RequestFactory().get(path)
    request.user = user
    request.resolver_match = resolve(path)
    return navigation(request)


def menu(user: object, path: str = "/en/people/") -> list[str]:
    """The words of the menu."""
    return [item.label for item in shown(user, path)["nav_items"]]


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_menu(round_, role):
    assert menu(person(role)) == MENUS[role]


@pytest.mark.parametrize("role", Role)
def test_every_item_leads_to_a_page_that_the_role_gets(round_, signed_in, role):
    user = person(role)
    client = signed_in(user)
    for item in shown(user)["nav_items"]:
        assert client.get(item.url).status_code == 200, item.url


def test_strangers_and_people_without_a_role_have_no_menu(round_):
    for user in (AnonymousUser(), UserFactory(), person(Role.COORDINATOR, is_active=False)):
        assert list(shown(user)["nav_items"]) == []
        assert list(shown(user)["user_roles"]) == []


def test_without_a_round_there_is_nothing_to_list():
    assert menu(person(Role.COORDINATOR)) == ["Rounds", "Plan", "People", "Record"]


def test_the_page_that_is_shown_is_marked(round_):
    address = f"/en/plans/{round_.plan.number}/{round_.year}/"
    paths = {"/en/people/": "People", "/en/people/invite/": "People", "/en/rounds/": "Rounds", address: "Submissions"}
    for path, label in paths.items():
        items = shown(person(Role.COORDINATOR), path)["nav_items"]
        assert [item.label for item in items if item.current] == [label]


def test_roles_are_shown_with_their_bodies(body, other_body):
    user = person(Role.FOCAL_POINT, body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=other_body)
    AppointmentFactory(user=user, role=Role.PANEL_MEMBER)
    AppointmentFactory(user=user, role=Role.APPROVER, body=body, end=clock.today() - dt.timedelta(days=1))
    roles = shown(User.objects.get(pk=user.pk))["user_roles"]
    assert list(roles) == ["Focal point (OWN)", "Focal point (OTHER)", "Panel member"]


def test_nothing_is_read_before_a_page_asks(coordinator):
    with CaptureQueriesContext(connection) as asked:
        found = shown(coordinator)
    assert len(asked) == 0
    with CaptureQueriesContext(connection) as asked:
        list(found["nav_items"]), list(found["user_roles"])
    assert len(asked) <= 4


def test_the_lead_ministry_is_named_to_everybody(lead_body):
    assert str(shown(AnonymousUser())["lead_ministry"]) == str(lead_body)
