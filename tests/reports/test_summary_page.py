"""The page of ratings: who sees it, what it counts, and how many queries it takes."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from nap_monitor.accounts.models import User
from tests.factories import AssignmentFactory, RoundFactory, SubmissionFactory, person
from tests.reports.data import Year, whole_year

pytestmark = pytest.mark.django_db

READERS = [Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR, Role.PANEL_MEMBER, Role.COMMITTEE_READER]
SignIn = Callable[[User], Client]


@pytest.fixture
def year(db: None) -> Year:
    """A round with everything in it."""
    return whole_year()


def address(year: Year) -> str:
    return reverse("reports:summary", args=[year.round.plan.number, year.round.year])


@pytest.mark.parametrize("role", READERS)
def test_who_may_see_figures_sees_them(year, signed_in: SignIn, role) -> None:
    response = signed_in(person(role)).get(address(year))
    assert response.status_code == 200
    assert response.context["completeness"]["total"] == len(year.submissions)


@pytest.mark.parametrize("language", ["", "/en"])
def test_it_is_there_in_both_languages(year, signed_in: SignIn, language) -> None:
    response = signed_in(person(Role.COMMITTEE_READER)).get(f"{language}/plans/7/2022/summary/")
    assert response.status_code == 200
    assert ("Lead Ministry" if language else "총괄부") in response.content.decode()


def test_an_administrator_does_not_find_it(year, signed_in: SignIn, administrator) -> None:
    assert signed_in(administrator).get(address(year)).status_code == 404


def test_a_person_without_a_role_does_not_find_it(year, signed_in: SignIn) -> None:
    user = User.objects.create_user("nobody@example.org")
    assert signed_in(user).get(address(year)).status_code == 404


def test_a_stranger_is_asked_to_sign_in(year, client) -> None:
    response = client.get(address(year))
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("place", ["plans/7/1999/summary/", "plans/99/2022/summary/", "plans/7/99999999999/summary/"])
def test_what_does_not_exist_is_not_found(year, signed_in: SignIn, coordinator, place) -> None:
    assert signed_in(coordinator).get(f"/{place}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(year, signed_in: SignIn, coordinator, method) -> None:
    assert getattr(signed_in(coordinator), method)(address(year)).status_code == 405


def test_the_counts_of_areas_and_of_bodies_add_up(year, signed_in: SignIn, committee_reader) -> None:
    ratings = signed_in(committee_reader).get(address(year)).context["ratings"]
    for rows in (ratings["by_area"], ratings["by_body"]):
        assert sum(row["total"] for row in rows) == ratings["all"]["total"] == len(year.submissions)
        for row in [*rows, ratings["all"]]:
            assert sum(cell["count"] for cell in row["cells"] if not cell["is_part"]) == row["total"]


def test_no_text_of_a_submission_is_on_it(year, signed_in: SignIn, coordinator) -> None:
    page = signed_in(coordinator).get(address(year)).content.decode()
    assert not [name for name in year.submissions if year.text(name) in page]


def test_missing_returns_are_named_by_body(year, signed_in: SignIn, committee_reader) -> None:
    response = signed_in(committee_reader).get(address(year))
    missing = [name for name, submission in year.submissions.items() if submission.submitted_version_id is None]
    assert sum(len(body["rows"]) for body in response.context["missing"]) == len(missing)


def test_every_link_on_it_leads_somewhere(year, signed_in: SignIn) -> None:

    for role in READERS:
        client = signed_in(person(role))
        page = client.get(address(year)).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        for link in sorted(set(re.findall(r'href="(/[^"#]*)"', main))):
            assert client.get(link, follow=True).status_code == 200, (role, link)


def test_the_queries_do_not_grow_with_the_submissions(year, signed_in: SignIn, committee_reader) -> None:
    client = signed_in(committee_reader)
    client.get(address(year))
    with CaptureQueriesContext(connection) as few:
        client.get(address(year))
    for number in range(10):
        assignment = AssignmentFactory(plan=year.round.plan, body=year.bodies[number % 3])
        year.submissions[f"more {number}"] = SubmissionFactory(round=year.round, assignment=assignment)
    for number in range(5):
        year.report(f"more {number}")
        year.confirm(f"more {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(address(year))
    assert len(many) == len(few)


def test_a_round_in_which_nobody_reports_has_a_page(signed_in: SignIn, committee_reader) -> None:
    round = RoundFactory()
    page = signed_in(committee_reader).get(reverse("reports:summary", args=[round.plan.number, round.year]))
    assert page.status_code == 200
