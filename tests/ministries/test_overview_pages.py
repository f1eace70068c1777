"""The page of the overview: for coordinators alone, unchanged answered with 304, and never another's page."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from ministries.enums import ReminderTo, Role
from ministries.models import ImplementingBody, Round, ScheduleRun
from ministries.services import transitions
from ministries.services.reminder_rules import change_rules
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record
from tests.factories import (
    AppointmentFactory,
    AssignmentFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    person,
    submission_in,
)
from tests.pages import in_english, text_of

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
FACE = re.compile(r'<a class="face" href="([^"]+)">(.*?)</a>', re.DOTALL)


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def address(round_: Round) -> str:
    return reverse("ministries:overview", args=[round_.plan.number, round_.year])


@pytest.fixture
def confirmed(round_: Round, body: ImplementingBody, coordinator: User) -> Any:
    return submission_in(
        "confirmed", SubmissionFactory(round=round_, body=body), coordinator=coordinator, rating="attention"
    )


def words(html: str) -> str:
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", "", html, flags=re.DOTALL).split())


# Who sees it


def test_only_coordinators_find_it(address, signed_in, coordinator, body) -> None:
    assert signed_in(coordinator).get(address).status_code == 200
    others = [person(role, body if role in (Role.FOCAL_POINT, Role.APPROVER) else None) for role in Role]
    others = [each for each in others if not each.has_perm("ministries.view_overview")]
    assert len(others) == len(Role) - 1
    for user in (*others, UserFactory()):
        assert signed_in(user).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_addresses_and_methods_that_there_are_not(address, signed_in, coordinator) -> None:
    browser = signed_in(coordinator)
    assert browser.post(address).status_code == 405
    assert browser.get(address.replace("2022", "1999")).status_code == 404
    odd = "?state=x&rating=%27&part=%3A%3A&body=" + "x" * 900 + "&q=%25&last=7&page=2"
    assert browser.get(address + odd).status_code == 200


# What stands on it


def test_a_cells_link_says_all_and_leads_to_the_submission(
    address, signed_in, coordinator, confirmed, other_body, english
) -> None:
    submission_in("submitted", SubmissionFactory(round=confirmed.round, body=other_body))
    page = signed_in(coordinator).get("/en" + address).content.decode()
    found = [(url, words(face)) for url, face in FACE.findall(page)]
    code = confirmed.assignment.action_plan.code
    assert found[0] == (
        "/en" + confirmed.get_absolute_url().removeprefix("/en"),
        f"OWN {code}: Confirmed, Coordinator's rating: Attention",
    )
    assert found[1][1].endswith("Submitted, Self-rating: On track")
    # Each action plan is one body's: the other body's place is empty, and not 'not reported'.
    assert page.count('<td class="no-duty"></td>') == 2
    assert page.count('<td class="left-out">') == 0


def test_what_a_filter_leaves_out_is_not_shown_as_no_duty(
    address, signed_in, coordinator, confirmed, other_body
) -> None:
    duty = AssignmentFactory(action_plan=confirmed.assignment.action_plan, body=other_body)
    SubmissionFactory(round=confirmed.round, assignment=duty)
    submission_in("confirmed", SubmissionFactory(round=confirmed.round, body=other_body))
    page = signed_in(coordinator).get(address + "?state=confirmed").content.decode()
    assert (page.count('class="left-out"'), page.count('class="no-duty"')) == (1, 1)


def test_the_page_answers_who_is_late_what_waits_and_what_has_changed(
    address, signed_in, coordinator, confirmed, body, english
) -> None:
    submission_in("submitted", SubmissionFactory(round=confirmed.round, body=body))
    SubmissionFactory(round=confirmed.round, body=body)
    Round.objects.update(due_date=clock.today() - dt.timedelta(days=36), opening_date=dt.date(2020, 1, 1))
    text = text_of(signed_in(coordinator).get("/en" + address))
    assert "OWN 1 / 3 the longest by 36" in text
    assert "What waits for you 1 item" in text
    assert "Submitted 2" in text
    assert "Reported 2 / 3" in text


def test_counts_follow_the_filter_and_say_so(address, signed_in, coordinator, confirmed, body, english) -> None:
    SubmissionFactory(round=confirmed.round, body=body)
    text = text_of(signed_in(coordinator).get("/en" + address + "?state=confirmed"))
    assert "1 submission of 2 is chosen" in text
    assert "Confirmed 1 / 1" in text


def test_last_years_rating_stands_in_the_cells_where_asked_for(
    address, signed_in, coordinator, confirmed, english
) -> None:
    later = RoundFactory(plan=confirmed.round.plan, year=2023)
    SubmissionFactory(round=later, assignment=confirmed.assignment)
    here = "/en" + address.replace("2022", "2023")
    browser = signed_in(coordinator)
    assert "Last year: Attention" not in text_of(browser.get(here))
    assert "Last year: Attention" in text_of(browser.get(here + "?last=1"))


def test_a_script_gets_the_lower_part_alone(address, signed_in, coordinator, confirmed) -> None:
    part = signed_in(coordinator).get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div class="live" id="list"')
    assert "<html" not in part


def test_the_overview_is_the_first_of_a_coordinators_pages(
    address, signed_in, coordinator, focal_point, round_
) -> None:
    page = signed_in(coordinator).get(address)
    assert page.context["side"][0].entries[0].url == address
    assert address in signed_in(coordinator).get("/").content.decode()
    assert address not in signed_in(focal_point).get(round_.get_absolute_url()).content.decode()


def test_the_number_of_queries_does_not_grow(
    address, signed_in, coordinator, round_, body, django_assert_num_queries
) -> None:
    hands = {"by": person(Role.FOCAL_POINT, body), "approver": person(Role.APPROVER, body), "coordinator": coordinator}
    for state in ("draft", "submitted"):
        submission_in(state, SubmissionFactory(round=round_, body=body), **hands)
    RoundFactory(plan=round_.plan, year=2021)
    browser = signed_in(coordinator)
    browser.get(address)
    caches["pages"].clear()
    with django_assert_num_queries(23) as counted:
        browser.get(address)
    for state in ("draft", "submitted", "returned", "confirmed"):
        submission_in(state, SubmissionFactory(round=round_, body=body), **hands)
    RoundFactory(plan=round_.plan, year=2023)
    with django_assert_num_queries(len(counted)):
        browser.get(address)


# Reminding


def test_from_the_overview_one_reminds_one_late_body_all_of_them_or_what_is_listed(
    address, signed_in, coordinator, round_, body, other_body
) -> None:
    mine = SubmissionFactory(round=round_, body=body)
    submission_in("submitted", SubmissionFactory(round=round_, body=other_body))
    with clock.at(clock.now().replace(year=round_.due_date.year + 2)):
        answer = signed_in(coordinator).get(address)
        chosen = signed_in(coordinator).get(f"{address}?state=submitted")
    send = reverse("ministries:reminder_send", args=[round_.plan.number, round_.year])
    links = re.findall(rf'href="(?:/en)?{re.escape(send)}([^"]*)"', answer.content.decode())
    mark = f"{body.code}%3A{mine.assignment.action_plan.code}"
    assert links == [f"?body={body.code}", f"?body={body.code}", f"?submission={mark}"]
    assert chosen.context["matrix"].count(send) == 0


def test_the_overview_says_that_nothing_is_sent_and_whom_reminders_do_not_reach(
    address, signed_in, coordinator, round_, body
) -> None:
    SubmissionFactory(round=round_, body=body)
    change_rules(round=round_, stages=[(-3, ReminderTo.FOCAL_POINT)], by=coordinator)
    browser = signed_in(coordinator)
    text = text_of(browser.get(in_english(address)))
    assert ("Reminders are not being sent" in text, "Bodies that reminders do not reach" in text) == (True, True)
    ScheduleRun.objects.create(started_at=clock.now(), finished_at=clock.now())
    AppointmentFactory(role=Role.FOCAL_POINT, body=body)
    record(kind="appoint", subject=coordinator, by=coordinator)
    text = text_of(browser.get(in_english(address)))
    assert ("Reminders are not being sent" in text, "Bodies that reminders do not reach" in text) == (False, False)


# Unchanged


def marked(browser: Client, address: str) -> str:
    """The mark of the page, once the browser has its cookie."""
    browser.get(address)
    answer = browser.get(address)
    assert answer["Cache-Control"] == "private, no-cache"
    return str(answer["ETag"])


def status(browser: Client, address: str, mark: str, **headers: str) -> int:
    return int(browser.get(address, headers={"If-None-Match": mark, **headers}).status_code)


def test_unchanged_it_is_answered_in_short_with_few_queries(
    address, signed_in, coordinator, confirmed, django_assert_num_queries
) -> None:
    browser = signed_in(coordinator)
    mark = marked(browser, address)
    # Session, person, roles, unread notices, and one for all that the page was made from.
    with django_assert_num_queries(5):
        answer = browser.get(address, headers={"If-None-Match": mark})
    assert (answer.status_code, answer.content) == (304, b"")
    # As a server that compressed the page sends it back.
    assert status(browser, address, f"W/{mark}") == 304


def test_another_question_another_language_and_another_part_are_another_page(
    address, signed_in, coordinator, confirmed
) -> None:
    browser = signed_in(coordinator)
    mark = marked(browser, address)
    assert status(browser, address + "?state=confirmed", mark) == 200
    assert status(browser, "/en" + address, mark) == 200
    assert status(browser, address, mark, **{"HX-Request": "true"}) == 200


def test_another_person_or_role_never_gets_what_somebody_saw(
    address, signed_in, coordinator, lead_body, confirmed
) -> None:
    browser = signed_in(coordinator)
    mark = marked(browser, address)
    other = person(Role.COORDINATOR, lead_body)
    browser.force_login(other)
    assert status(browser, address, mark) == 200
    browser.force_login(coordinator)
    mark = marked(browser, address)
    AppointmentFactory(user=coordinator, role=Role.FOCAL_POINT, body=lead_body)
    assert status(browser, address, mark) == 200
    mark = marked(browser, address)
    coordinator.appointments.all().delete()
    assert status(browser, address, mark) == 404


def test_a_step_by_anybody_shows_at_once(address, signed_in, coordinator, confirmed) -> None:
    browser = signed_in(coordinator)
    mark = marked(browser, address)
    state = '<span class="face-line state-confirmed">'
    assert state in browser.get(address).content.decode()
    transitions.reopen(submission=confirmed, by=coordinator, reason="정정")
    assert status(browser, address, mark) == 200
    assert state not in browser.get(address).content.decode()


def test_a_page_shortly_before_the_session_warns_is_not_kept(address, signed_in, coordinator, confirmed) -> None:
    browser = signed_in(coordinator)
    marked(browser, address)
    session = browser.session
    with clock.at(session.ends_at - dt.timedelta(minutes=12)):
        assert "ETag" not in browser.get(address)
