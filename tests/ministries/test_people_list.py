"""The list of people: whom it shows, in which order, who is missing and who goes soon."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from ministries.enums import Role
from ministries.models import Appointment, Handover
from ministries.selectors.staffing import ending
from ministries.services import people
from ministries.services.handovers import hand_over
from nap_monitor.lib import clock
from tests.factories import AppointmentFactory, SubmissionFactory, UserFactory, person
from tests.pages import text_of

pytestmark = pytest.mark.django_db

LIST = "/people/"
ONE_DAY = dt.timedelta(days=1)


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
    start = dt.date(2022, 1, 31)
    people.appoint(email="new@example.org", name="New", role=Role.APPROVER, body=body, by=coordinator, start=start)
    page = signed_in(coordinator).get("/en" + LIST).content.decode()
    for text in ("new@example.org", "Approver, Own Ministry", "from 31 Jan 2022", "Invited, not signed in yet"):
        assert text in page
    assert "Last signed in" in page


def test_an_old_invitation_is_shown_as_expired(signed_in, coordinator, settings):
    people.appoint(email="new@example.org", name="New", role=Role.PANEL_MEMBER, by=coordinator)
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


def test_the_page_names_bodies_without_people_and_appointments_that_end_soon(signed_in, coordinator, body, lead_body):
    SubmissionFactory(body=body)
    soon = AppointmentFactory(user__name="Goes Soon", role=Role.APPROVER, body=body, end=clock.today() + 30 * ONE_DAY)
    client = signed_in(coordinator)
    page = client.get("/en" + LIST)
    assert [(each.code, each.roles) for each in page.context["vacancies"]] == [("OWN", (Role.FOCAL_POINT,))]
    assert page.context["ending"] == [soon]
    shown = text_of(page)
    assert "Appointments that end soon" in shown
    assert f"Goes Soon : Approver, Own Ministry (~ {date_format(soon.end, 'j M Y')})" in shown.replace(
        "Soon:", "Soon :"
    )
    part = client.get("/en" + LIST, headers={"HX-Request": "true"})
    assert "Appointments that end soon" not in text_of(part)


def test_what_ends_soon_is_what_nobody_has_provided_for(coordinator, body, other_body):
    today, later = clock.today(), clock.today() + 60 * ONE_DAY
    last = AppointmentFactory(role=Role.PANEL_MEMBER, end=today)
    limit = AppointmentFactory(role=Role.APPROVER, body=body, end=today + 30 * ONE_DAY)
    AppointmentFactory(role=Role.PANEL_MEMBER, end=today + 31 * ONE_DAY)
    AppointmentFactory(role=Role.PANEL_MEMBER, end=today - ONE_DAY)
    AppointmentFactory(role=Role.PANEL_MEMBER, start=today + ONE_DAY, end=today + 2 * ONE_DAY)
    AppointmentFactory(role=Role.PANEL_MEMBER, end=today, user__is_active=False)
    extended = AppointmentFactory(role=Role.PANEL_MEMBER, end=today)
    AppointmentFactory(user=extended.user, role=Role.PANEL_MEMBER, start=today + ONE_DAY, end=later)
    same = AppointmentFactory(role=Role.FOCAL_POINT, body=body, end=today + ONE_DAY)
    AppointmentFactory(user=same.user, role=Role.FOCAL_POINT, body=body, start=today + 2 * ONE_DAY)
    elsewhere = AppointmentFactory(role=Role.FOCAL_POINT, body=body, end=today + ONE_DAY)
    AppointmentFactory(user=elsewhere.user, role=Role.FOCAL_POINT, body=other_body, start=today)
    given = AppointmentFactory(role=Role.FOCAL_POINT, body=body, start=today - 9 * ONE_DAY, end=later)
    made = hand_over(
        appointment=given, by=coordinator, email="successor@example.org", name="New", on=today + 5 * ONE_DAY
    )
    assert ending() == [last, elsewhere, limit]
    Handover.objects.filter(pk=made.pk).update(revoked_by=coordinator, revoked_at=clock.now())
    assert [each.pk for each in ending()] == [last.pk, elsewhere.pk, given.pk, limit.pk]


def test_the_list_narrows_to_who_ends_soon_and_sorts_by_days(signed_in, coordinator, body):
    today = clock.today()
    Appointment.objects.filter(user=coordinator).update(start=today - 99 * ONE_DAY)
    for name, since, end in (("a", 3, 20), ("b", 2, 10), ("c", 4, 90)):
        AppointmentFactory(
            user__email=f"{name}@example.org",
            role=Role.APPROVER,
            body=body,
            start=today - since * ONE_DAY,
            end=today + end * ONE_DAY,
        )
    client = signed_in(coordinator)

    def order(query: str) -> list[str]:
        return [each.user.email[0] for each in client.get(LIST + query).context["people"]]

    assert order("?status=ending&sort=end") == ["b", "a"]
    assert order("?status=ending&role=focal-point") == []
    assert order("?sort=end") == ["b", "a", "c", "c"]
    assert order("?sort=-since") == ["b", "a", "c", "c"]
    assert client.get(LIST + "?sort=-since").context["people"][-1].user == coordinator
    # No heading sorts by days, so the choice is not left to narrow screens, as it is beside headings that sort by all.
    assert b"is-sorting" not in client.get(LIST).content
    assert b"is-sorting" in client.get(SubmissionFactory().round.get_absolute_url()).content


def test_the_page_asks_the_database_as_often_for_three_that_end_as_for_one(signed_in, coordinator, body):
    client = signed_in(coordinator)
    counts = []
    for more in (1, 2):
        AppointmentFactory.create_batch(more, body=body, end=clock.today())
        with CaptureQueriesContext(connection) as asked:
            page = client.get(LIST)
        counts.append(len(asked))
    assert len(page.context["ending"]) == 3
    assert counts[0] == counts[1]


def test_who_was_never_there_is_shown_as_such(signed_in, coordinator):
    person(Role.PANEL_MEMBER)
    assert "Never signed in" in signed_in(coordinator).get("/en" + LIST).content.decode()


def test_a_long_list_has_pages_that_keep_the_filter(signed_in, coordinator, body):
    AppointmentFactory.create_batch(51, body=body)
    page = signed_in(coordinator).get(LIST, {"role": "focal-point"})
    assert "role=focal-point&amp;page=2" in page.content.decode()
    assert len(signed_in(coordinator).get(LIST, {"role": "focal-point", "page": "2"}).context["people"]) == 1
