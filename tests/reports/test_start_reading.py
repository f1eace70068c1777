"""The start pages of who reads and who keeps the accounts, of several roles at once, and of none."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from ministries.enums import Role, State
from ministries.models import Appointment, ImplementingBody, Round
from ministries.services.people import appoint
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob
from reports.selectors.start import start_page
from reports.services.snapshots import take_snapshot
from tests.factories import (
    PASSWORD,
    AppointmentFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    person,
    submission_in,
)
from tests.pages import text_of

SignIn = Callable[[User], Client]


@pytest.fixture
def round(db: None) -> Round:
    """An open round."""
    return RoundFactory(year=2023)


def ago(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def test_the_panel_sees_what_is_confirmed_newest_first_and_the_report_to_read(
    round: Round, panel_member: User, signed_in: SignIn
) -> None:
    with clock.at(ago(5)):
        older = submission_in(State.CONFIRMED, round=round)
    newer = submission_in(State.CONFIRMED, round=round)
    submission_in(State.SUBMITTED, round=round)
    job = RenderJob.objects.create(
        snapshot=take_snapshot(round=round),
        language="ko",
        state="done",
        file_name="x",
        finished_at=clock.now(),
        pages=3,
    )
    (found,) = start_page(panel_member, round)
    assert (found.confirmed, found.total) == (2, 3)
    assert [row.url for row in found.tasks[0].rows] == [newer.get_absolute_url(), older.get_absolute_url()]
    assert (found.next.code, found.next.url) == ("confirmed", newer.get_absolute_url())
    page = signed_in(panel_member).get(reverse("home")).content.decode()
    assert reverse("reports:document_download", args=[job.pk]) in page


def test_what_was_confirmed_since_the_last_visit_is_marked_as_new(round: Round, panel_member: User) -> None:
    with clock.at(ago(5)):
        submission_in(State.CONFIRMED, round=round)
    newer = submission_in(State.CONFIRMED, round=round)
    (found,) = start_page(panel_member, round, ago(2))
    assert (found.next.code, found.next.number) == ("newly-confirmed", 1)
    assert found.new == {newer.get_absolute_url()}
    (found,) = start_page(panel_member, round, clock.now())
    assert (found.next.code, found.new) == ("confirmed", frozenset())


def test_the_last_visit_is_when_one_signed_in_before(round: Round, panel_member: User) -> None:
    User.objects.update(last_login=ago(2))
    submission_in(State.CONFIRMED, round=round)
    client, form = Client(), {"login": panel_member.email, "password": PASSWORD}
    client.post("/en/accounts/login/", form)
    page = text_of(client.get("/en/"))
    assert "1 submission was confirmed since your last visit" in page
    client.post("/en/accounts/logout/")
    client.post("/en/accounts/login/", form)
    assert "confirmed since your last visit" not in text_of(client.get("/en/"))


def test_while_nothing_is_confirmed_the_panel_is_told_what_will_come(
    round: Round, panel_member: User, signed_in: SignIn
) -> None:
    SubmissionFactory(round=round)
    page = text_of(signed_in(panel_member).get("/en/"))
    assert "Nothing of 2023 is confirmed yet" in page
    assert "What the coordinator confirms will stand here." in page


def test_the_committee_sees_the_ratings_of_the_newest_year_that_was_due(
    round: Round, committee_reader: User, signed_in: SignIn
) -> None:
    past = (clock.today() - dt.timedelta(days=100)).isoformat()
    before = RoundFactory(plan=round.plan, year=2022, opening_date=past, due_date=past, closing_date=past)
    SubmissionFactory(round=before)
    (found,) = start_page(committee_reader, round)
    assert (found.round, found.completeness["no_report"], found.next.code) == (before, 1, "ratings")
    assert found.next.url == reverse("reports:summary", args=[round.plan.number, 2022])
    page = signed_in(committee_reader).get(reverse("home"))
    assert page.status_code == 200
    assert "report/" not in page.content.decode()


def test_while_the_first_year_runs_the_committee_is_told_when_it_is_due(round: Round, committee_reader: User) -> None:
    (found,) = start_page(committee_reader, round)
    assert (found.next.code, found.next.day) == ("ratings-so-far", round.due_date)
    Round.objects.update(opening_date="2099-01-01", due_date="2099-02-01", closing_date="2099-03-01")
    (found,) = start_page(committee_reader, Round.objects.get())
    assert (found.next.code, found.round) == ("not-open", None)


def test_an_administrator_sees_bodies_without_people_first(
    round: Round, body: ImplementingBody, administrator: User, signed_in: SignIn
) -> None:
    person(Role.FOCAL_POINT, body)
    SubmissionFactory(round=round, body=body)
    UserFactory(name="Left Alone")
    (found,) = start_page(administrator, round)
    assert [(each.code, each.roles) for each in found.vacancies] == [("OWN", (Role.APPROVER,))]
    assert [user.name for user in found.without] == ["Left Alone"]
    assert (found.next.code, found.next.url) == ("vacancies", reverse("ministries:person_invite"))
    page = text_of(signed_in(administrator).get("/en/"))
    assert "Left Alone" in page
    assert "Round 2023" in page


def test_an_invitation_that_nobody_used_is_to_be_sent_again(coordinator: User, administrator: User) -> None:
    with clock.at(ago(29)):
        made = appoint(
            by=coordinator,
            email="late@example.org",
            name="Came Never",
            role=Role.PANEL_MEMBER,
            body=None,
            start=clock.today(),
            end=None,
            language="ko",
        )
    (found,) = start_page(administrator, None)
    assert ([each.user for each in found.lapsed], found.next.code) == ([made.user], "lapsed")
    User.objects.filter(pk=made.user_id).update(password=make_password(PASSWORD))
    (found,) = start_page(administrator, None)
    assert (found.lapsed, found.next.code) == ((), "people-complete")


def test_both_who_change_people_see_which_appointments_end_soon(
    round: Round, body: ImplementingBody, coordinator: User, administrator: User, signed_in: SignIn
) -> None:
    soon = AppointmentFactory(user__name="Goes Soon", body=body, end=clock.today() + dt.timedelta(days=9))
    for user in (coordinator, administrator):
        for year in (round, None):
            (found,) = start_page(user, year)
            assert found.ending == (soon,)
        assert "Goes Soon" in text_of(signed_in(user).get("/en/"))
    assert "Appointments that end soon" not in text_of(signed_in(person(Role.APPROVER, body)).get("/en/"))
    Round.objects.all().delete()
    assert "Goes Soon" in text_of(signed_in(coordinator).get("/en/"))


def test_a_lead_ministry_without_a_coordinator_is_a_fault(
    lead_body: ImplementingBody, coordinator: User, administrator: User
) -> None:
    Appointment.objects.filter(user=coordinator).update(end=clock.today() - dt.timedelta(days=1))
    (found,) = start_page(administrator, None)
    assert [(each.code, each.roles) for each in found.vacancies] == [("LEAD", (Role.COORDINATOR,))]
    assert found.without == (coordinator,)


def test_who_holds_several_roles_sees_all_of_them_in_order(
    round: Round, lead_body: ImplementingBody, coordinator: User, signed_in: SignIn
) -> None:
    for role in (Role.ADMINISTRATOR, Role.PANEL_MEMBER, Role.COMMITTEE_READER):
        AppointmentFactory(user=coordinator, role=role)
    AppointmentFactory(user=coordinator, role=Role.APPROVER, body=lead_body)
    many = User.objects.get(pk=coordinator.pk)
    assert [part.kind for part in start_page(many, round)] == ["lead", "own", "people"]
    assert signed_in(many).get("/en/").content.decode().count("<h2") >= 3
    panel = person(Role.PANEL_MEMBER)
    AppointmentFactory(user=panel, role=Role.COMMITTEE_READER)
    AppointmentFactory(user=panel, role=Role.FOCAL_POINT, body=lead_body)
    assert [part.kind for part in start_page(panel, round)] == ["own", "reading", "figures"]


def test_without_any_role_the_page_says_why_and_whom_to_ask(
    round: Round, lead_body: ImplementingBody, coordinator: User, signed_in: SignIn
) -> None:
    member = person(Role.PANEL_MEMBER)
    member.appointments.update(end=clock.today() - dt.timedelta(days=1))
    response = signed_in(member).get("/en/")
    assert response.status_code == 200
    page = text_of(response)
    assert "no appointment holds today" in page
    assert "Ended Panel member" in page
    assert f"{coordinator} (Lead Ministry) · {coordinator.email}" in page
    assert "Round 2023" not in page


def test_a_role_that_begins_later_is_told_with_its_day(signed_in: SignIn, db: None) -> None:
    later = AppointmentFactory(role=Role.PANEL_MEMBER, start=dt.date(2099, 3, 1)).user
    page = text_of(signed_in(later).get("/en/"))
    assert "Begins later Panel member from 1 Mar 2099" in page
    assert "No coordinator is appointed today." in page
