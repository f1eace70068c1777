"""What a round's dates and its closing tell, and whom: the bodies that still owe something in it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from ministries.enums import Role
from ministries.models import Notice, Round
from ministries.services import closing, rounds
from nap_monitor.accounts.models import User
from nap_monitor.lib.localized import LocalizedText
from tests.factories import (
    AppointmentFactory,
    ImplementingBodyFactory,
    RoundFactory,
    SubmissionFactory,
    person,
    submission_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SignIn = Callable[[User], Client]


@pytest.fixture
def round_(body, other_body, focal_point, approver, coordinator) -> Round:
    """A round in which one body owes something, and another has handed in everything."""
    made = RoundFactory()
    SubmissionFactory(round=made, body=body)
    SubmissionFactory(round=made, body=body)
    other = person(Role.FOCAL_POINT, other_body)
    submission_in("submitted", SubmissionFactory(round=made, body=other_body), by=other, coordinator=coordinator)
    SubmissionFactory(body=other_body)  # what it owes in another round does not count
    Notice.objects.all().delete()
    return made


def told() -> set[tuple[str, str, str]]:
    """Who was told what, and of which body."""
    rows = Notice.objects.values_list("person__email", "kind", "body__code", "round", "submission")
    assert {(row[3] is not None, row[4]) for row in rows} <= {(True, None)}
    return {(row[0], row[1], row[2]) for row in rows}


def both(kind: str, *people: User) -> set[tuple[str, str, str]]:
    return {(user.email, kind, "OWN") for user in people}


def change(round_: Round, coordinator: User, **new: object) -> None:
    dates = {name: getattr(round_, name) for name in ("opening_date", "due_date", "closing_date")}
    rounds.change_round(round=round_, by=coordinator, **{**dates, **new})


def test_closing_and_its_undoing_tell_who_still_owes_something(round_, coordinator, focal_point, approver) -> None:
    made = closing.close_round(round=round_, by=coordinator, note="All is in")
    assert told() == both("close-round", focal_point, approver)
    Notice.objects.all().delete()
    closing.undo_closing(closing=made, reason="Too early", by=coordinator)
    assert told() == both("reopen-round", focal_point, approver)


def test_other_dates_tell_and_other_guidance_does_not(round_, coordinator, focal_point, approver) -> None:
    change(round_, coordinator, guidance=LocalizedText({"ko": "새 지침", "en": "New"}))
    change(round_, coordinator)
    assert told() == set()
    change(round_, coordinator, due_date=round_.due_date + dt.timedelta(days=1))
    assert told() == both("change-dates", focal_point, approver)


def test_who_reports_for_two_bodies_is_told_for_each_and_a_coordinator_not_of_the_own_act(
    round_, coordinator, focal_point, approver, other_body, lead_body
) -> None:
    for each in (other_body, lead_body):
        SubmissionFactory(round=round_, body=each)
    AppointmentFactory(user=focal_point, body=other_body)
    AppointmentFactory(user=coordinator, body=lead_body)
    Notice.objects.all().delete()
    closing.close_round(round=round_, by=coordinator)
    assert {each for each in told() if each[2] == "OWN"} == both("close-round", focal_point, approver)
    others = User.objects.filter(appointments__body=other_body).values_list("email", flat=True)
    assert {each[0] for each in told() if each[2] == "OTHER"} == {focal_point.email, *others}
    assert not Notice.objects.filter(person=coordinator).exists()


def test_the_list_says_the_days_and_leads_to_the_bodys_desk(
    round_, coordinator, focal_point, signed_in: SignIn
) -> None:
    due, later = round_.due_date, round_.due_date + dt.timedelta(days=2)
    change(round_, coordinator, due_date=later)
    round_.refresh_from_db()
    made = closing.close_round(round=round_, by=coordinator, note="All is in")
    closing.undo_closing(closing=made, reason="Too early", by=coordinator)
    client = signed_in(focal_point)
    lines = {line.label: line for line in client.get("/en/notices/").context["lines"]}
    days = [date_format(day, "SHORT_DATE_FORMAT") for day in (due, later)]
    assert {label: line.told for label, line in lines.items()} == {
        "Dates of the round changed": f"Due date {days[0]} → {days[1]}",
        "Round closed": "All is in",
        "Closing of the round undone": "Too early",
    }
    for line in lines.values():
        assert line.sign
        assert client.get(line.url).status_code == 200


def test_many_bodies_cost_as_many_queries_as_one(round_, coordinator) -> None:
    def count(days: int) -> int:
        with CaptureQueriesContext(connection) as found:
            change(round_, coordinator, due_date=round_.due_date + dt.timedelta(days=days))
        return len(found)

    count(1)  # who acts is asked once
    one = count(2)
    for _number in range(3):
        body = ImplementingBodyFactory()
        SubmissionFactory(round=round_, body=body)
        person(Role.FOCAL_POINT, body)
    assert (count(3), Notice.objects.count()) == (one, 2 + 2 + 5)
