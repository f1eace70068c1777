"""Making and changing rounds: a submission for each assignment of the year, and what begins with last year's plan."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ministries.enums import Lock, State, StateLabel
from ministries.models import Round, Submission
from ministries.services.rounds import change_round, create_round
from ministries.workflow import NotPermitted, period_lock
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.localized import LocalizedText
from objectives.models import Plan
from tests.factories import (
    AssignmentFactory,
    PlanFactory,
    RoundFactory,
    SubmissionFactory,
    fill_in,
    person,
    submission_in,
)

pytestmark = pytest.mark.django_db

OPENING, DUE, CLOSING = dt.date(2022, 12, 1), dt.date(2023, 1, 31), dt.date(2023, 2, 28)
DATES: dict[str, Any] = {"opening_date": OPENING, "due_date": DUE, "closing_date": CLOSING}


@pytest.fixture
def plan() -> Plan:
    return PlanFactory()


def test_a_round_has_a_submission_for_each_assignment_of_its_year(plan, coordinator) -> None:
    whole = AssignmentFactory(plan=plan)
    AssignmentFactory(plan=plan, start_year=2021, end_year=2021)
    later = AssignmentFactory(plan=plan, start_year=2022, end_year=2023)
    AssignmentFactory()
    made = create_round(plan=plan, year=2022, by=coordinator, **DATES)
    assert {row.assignment for row in made.submissions.all()} == {whole, later}
    assert {row.label for row in made.submissions.all()} == {StateLabel.NOT_STARTED}
    event = Event.objects.get(kind="create")
    assert (event.object_label, event.data["submissions"], event.actor_id) == (
        f"{plan.number} 2022",
        2,
        str(coordinator.pk),
    )


def test_last_years_plan_for_next_year_is_this_years_plan(plan, body, coordinator) -> None:
    assignment, without = AssignmentFactory(plan=plan, body=body), AssignmentFactory(plan=plan)
    last = SubmissionFactory(round=RoundFactory(plan=plan, year=2021), assignment=assignment)
    older = SubmissionFactory(round=RoundFactory(plan=plan, year=2020), assignment=without)
    Submission.objects.filter(pk=older.pk).update(next_year_plan="재작년의 계획")
    fill_in(last, person("focal-point", body), next_year_plan="교육 5회")
    made = create_round(plan=plan, year=2022, by=coordinator, **DATES)
    begun = {row.assignment: (row.this_year_plan, row.next_year_plan, row.started_at) for row in made.submissions.all()}
    assert begun == {assignment: ("교육 5회", "", None), without: ("", "", None)}


def test_the_text_is_the_confirmed_one_else_the_submitted_one_else_the_working_copy(plan, body, coordinator) -> None:
    """A version that others have read comes before what has been written over it since."""
    last, writer = RoundFactory(plan=plan, year=2021), person("focal-point", body)
    made = {}
    for state in (State.CONFIRMED, State.SUBMITTED, State.DRAFT):
        duty = AssignmentFactory(plan=plan, body=body)
        before = SubmissionFactory(round=last, assignment=duty)
        submission_in(state, before, by=writer, content={"next_year_plan": f"{state} 계획"})
        Submission.objects.filter(pk=before.pk).update(next_year_plan="그 뒤에 쓴 글")
        made[duty] = f"{state} 계획" if state != State.DRAFT else "그 뒤에 쓴 글"
    new = create_round(plan=plan, year=2022, by=coordinator, **DATES)
    assert {row.assignment: row.this_year_plan for row in new.submissions.all()} == made


def test_a_year_has_one_round(plan, coordinator) -> None:
    AssignmentFactory(plan=plan)
    create_round(plan=plan, year=2022, by=coordinator, **DATES)
    with pytest.raises(ValidationError):
        create_round(plan=plan, year=2022, by=coordinator, **DATES)
    create_round(plan=PlanFactory(), year=2022, by=coordinator, **DATES)
    assert (Round.objects.count(), Submission.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "dates",
    [
        {**DATES, "due_date": OPENING - dt.timedelta(1)},
        {**DATES, "closing_date": DUE - dt.timedelta(1)},
        {**DATES, "opening_date": CLOSING + dt.timedelta(1)},
    ],
)
def test_dates_out_of_order_make_and_change_nothing(dates, plan, coordinator) -> None:
    AssignmentFactory(plan=plan)
    with pytest.raises(ValidationError):
        create_round(plan=plan, year=2022, by=coordinator, **dates)
    assert not Submission.objects.exists()
    made = create_round(plan=plan, year=2022, by=coordinator, **DATES)
    with pytest.raises(ValidationError):
        change_round(round=made, by=coordinator, **dates)
    made.refresh_from_db()
    assert (made.opening_date, made.due_date, made.closing_date) == (OPENING, DUE, CLOSING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.update(**dates)


def test_all_days_are_inclusive(plan) -> None:
    made = create_round(plan=plan, year=2022, by=None, **{**DATES, "due_date": OPENING, "closing_date": OPENING})
    day = dt.timedelta(1)
    assert [made.is_open(OPENING + day * offset) for offset in (-1, 0, 1)] == [False, True, False]


def test_the_due_date_lasts_until_midnight_in_seoul(plan, body) -> None:
    submission = SubmissionFactory(round=create_round(plan=plan, year=2022, by=None, **DATES), body=body)
    last_minute = dt.datetime(2023, 1, 31, 14, 59, tzinfo=dt.UTC)  # 23:59 there
    with clock.at(last_minute):
        assert (submission.is_overdue(), submission.days_left()) == (False, 0)
    with clock.at(last_minute + dt.timedelta(minutes=1)):
        assert (submission.is_overdue(), submission.days_left()) == (True, -1)
    with clock.at(dt.datetime(2023, 2, 28, 15, 0, tzinfo=dt.UTC)):
        assert period_lock(submission) is Lock.CLOSED


def test_other_dates_and_guidance_are_kept_with_what_they_were(plan, coordinator) -> None:
    made = create_round(plan=plan, year=2022, by=coordinator, guidance=LocalizedText({"ko": "집계값만"}), **DATES)
    later = {**DATES, "due_date": DUE + dt.timedelta(7)}
    change_round(round=made, by=coordinator, guidance=LocalizedText({"ko": "표로 작성"}), **later)
    made.refresh_from_db()
    assert (made.due_date, made.guidance) == (DUE + dt.timedelta(7), {"ko": "표로 작성"})
    event = Event.objects.get(kind="change")
    assert (event.data["before"]["due_date"], event.data["due_date"]) == ("2023-01-31", "2023-02-07")
    change_round(round=made, by=coordinator, **DATES)
    made.refresh_from_db()
    assert made.guidance == {"ko": "표로 작성"}


def test_an_extension_does_not_shorten_what_the_round_gives(plan, body) -> None:
    submission = SubmissionFactory(round=create_round(plan=plan, year=2022, by=None, **DATES), body=body)
    submission.extended_until = DUE - dt.timedelta(9)
    assert submission.due_date == DUE
    submission.extended_until = DUE + dt.timedelta(9)
    assert submission.due_date == DUE + dt.timedelta(9)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CONFIRMED])
def test_what_is_not_awaited_is_not_overdue(state) -> None:
    past = clock.today() - dt.timedelta(1)
    submission = SubmissionFactory(round=RoundFactory(due_date=past))
    assert submission.is_overdue()
    submission.state = state
    assert not submission.is_overdue()


@pytest.mark.parametrize("who", ["focal_point", "approver", "panel_member", "committee_reader", "administrator"])
def test_only_a_coordinator_makes_and_changes_rounds(who, plan, request) -> None:
    user: User = request.getfixturevalue(who)
    made = create_round(plan=plan, year=2022, by=None, **DATES)
    with pytest.raises(NotPermitted):
        create_round(plan=plan, year=2023, by=user, **DATES)
    with pytest.raises(NotPermitted):
        change_round(round=made, by=user, **{**DATES, "closing_date": CLOSING + dt.timedelta(9)})
    made.refresh_from_db()
    assert (Round.objects.count(), made.closing_date) == (1, CLOSING)
