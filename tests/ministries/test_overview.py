"""The overview of a round: what a coordinator may know of each submission, who is late, counts that say of how many."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ministries.enums import Rating, Role, State, StateLabel
from ministries.models import Assessment, ImplementingBody, Round, Submission
from ministries.selectors.overview import Cell, Choice, Overview, overview
from ministries.selectors.recent import mark_of, recent_changes
from ministries.selectors.submissions import unconfirmable
from ministries.selectors.timeliness import Counts
from ministries.services import extensions, transitions
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record, record_export
from tests.factories import (
    ActionPlanFactory,
    AppointmentFactory,
    AssignmentFactory,
    BodyNameFactory,
    RoundFactory,
    SubmissionFactory,
    both,
    fill_in,
    person,
    submission_in,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def round_() -> Round:
    """Due in three weeks."""
    return RoundFactory(year=2022)


@pytest.fixture
def hands(body: ImplementingBody, focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


@pytest.fixture
def place(round_: Round, body: ImplementingBody, hands: dict[str, User]) -> Callable[..., Submission]:
    """A submission of the body in the round, in a state, submitted on a day counted from the due date."""

    def make(state: str = "draft", *, days: int | None = None, **more: Any) -> Submission:
        submission = SubmissionFactory(round=more.pop("round", round_), body=body)
        if days is None:
            return submission_in(state, submission, **hands, **more)
        Round.objects.filter(pk=submission.round_id).update(closing_date=submission.round.due_date + 90 * DAY)
        submission.refresh_from_db()
        with clock.at(submission.round.due_date + days * DAY):
            return submission_in(state, submission, **hands, **more)

    return make


def seen(round: Round, **choice: str) -> Overview:
    """The overview as a coordinator sees it."""
    return overview(person(Role.COORDINATOR), round, Choice(**choice))


def cell_of(submission: Submission, **choice: str) -> Cell:
    found = seen(submission.round, **choice).cells
    return next(each for each in found if each.item.code == submission.assignment.action_plan.code)


# What is told of a submission


def test_of_a_draft_nothing_but_its_state_is_told(place, focal_point) -> None:
    draft = fill_in(place(), focal_point, self_rating="completed")
    cell = cell_of(draft)
    told = (cell.state, cell.self_rating, cell.rating, cell.first_submitted, cell.last_submitted, cell.confirmed)
    assert told == (StateLabel.DRAFT, None, None, None, None, None)


def test_that_a_draft_was_sent_back_stays_in_its_body(place, approver) -> None:
    draft = place("signed-off")
    transitions.send_back(submission=draft, by=approver, reason="근거가 없습니다.")
    assert cell_of(draft).state is StateLabel.DRAFT


def test_the_two_ratings_are_kept_apart_and_a_rewritten_one_is_not_told(place, coordinator, focal_point) -> None:
    submitted, confirmed = place("submitted"), place("confirmed", rating="attention")
    assert (cell_of(submitted).self_rating, cell_of(submitted).rating) == (Rating.ON_TRACK, None)
    assert (cell_of(confirmed).self_rating, cell_of(confirmed).rating) == (Rating.ON_TRACK, Rating.ATTENTION)
    transitions.reopen(submission=confirmed, by=coordinator, reason="정정")
    confirmed.refresh_from_db()
    fill_in(confirmed, focal_point, self_rating="completed")
    cell = cell_of(confirmed)
    assert (cell.self_rating, cell.rating, cell.is_under_revision) == (None, Rating.ATTENTION, True)


def test_open_remarks_and_a_running_exception_are_told(place, coordinator) -> None:
    submission = place("submitted")
    until = clock.today() + 40 * DAY
    remarks = {"results": "수치", "budget": "출처"}
    transitions.return_submission(
        submission=submission, by=coordinator, reason="보완", comments=remarks, due_date=until
    )
    cell = cell_of(submission)
    assert (cell.open_remarks, cell.until, cell.due_date) == (2, until, until)


def test_a_body_is_named_as_in_the_year_shown(place, body, round_) -> None:
    cell = cell_of(place())
    BodyNameFactory(body=body, name=both("새이름부"), short_name={}, valid_from=dt.date(round_.year + 1, 1, 1))
    assert cell_of(Submission.objects.get()).body == cell.body


# Lateness and counts


def test_first_and_last_submission_stand_apart_and_the_first_one_decides(place, approver, focal_point) -> None:
    submission = place("returned", days=-2)
    due = submission.round.due_date
    with clock.at(due):
        transitions.sign_off(submission=submission, by=approver)
        submission.refresh_from_db()
        transitions.submit(submission=submission, by=approver)
    cell = cell_of(submission)
    assert (cell.first_submitted, cell.last_submitted, cell.late) == (due - 2 * DAY, due, 0)
    assert cell.state is StateLabel.SUBMITTED_AGAIN


@pytest.mark.parametrize(("days", "late"), [(-1, 0), (0, 0), (1, 1), (12, 12)])
def test_the_due_day_itself_is_in_time(days, late, place) -> None:
    assert cell_of(place("submitted", days=days)).late == late


def test_an_exception_granted_before_makes_it_timely_and_one_granted_after_does_not(place, coordinator, hands) -> None:
    before, after = place(), place("submitted", days=5)
    due = before.round.due_date
    with clock.at(due - DAY):
        extensions.extend(submission=before, until=due + 7 * DAY, reason="국정감사", by=coordinator)
    with clock.at(due + 5 * DAY):
        submission_in("submitted", before, **hands)
    with clock.at(due + 6 * DAY):
        transitions.return_submission(submission=after, by=coordinator, reason="보완", due_date=due + 20 * DAY)
        extensions.extend(submission=after, until=due + 30 * DAY, reason="보완", by=coordinator)
    assert (cell_of(before).late, cell_of(after).late) == (0, 5)


def test_an_exception_of_the_body_counts_while_it_was_in_force(place, round_, body, coordinator, hands) -> None:
    one, two = place(), place()
    due = round_.due_date
    Round.objects.update(closing_date=due + 90 * DAY)
    with clock.at(due - DAY):
        given = extensions.extend_body(
            round=Round.objects.get(), body=body, until=due + 9 * DAY, reason="국정감사", by=coordinator
        )
    with clock.at(due + 3 * DAY):
        submission_in("submitted", one, **hands)
        extensions.end_extension(extension=given, reason="착오", by=coordinator)
    with clock.at(due + 4 * DAY):
        submission_in("submitted", two, **hands)
    assert (cell_of(one).late, cell_of(two).late) == (0, 4)


def test_counts_say_of_how_many_and_stand_beside_last_years(place, round_) -> None:
    last = RoundFactory(plan=round_.plan, year=2021, due_date=clock.today() - 9 * DAY)
    for days, state in [(-1, "confirmed"), (3, "confirmed"), (0, "submitted")]:
        place(state, days=days, round=last)
    place(), place("submitted"), place("returned"), place("confirmed")
    with clock.at(round_.due_date + 4 * DAY):
        found = seen(round_)
        late = found.late_bodies()
    assert found.total.now == Counts(expected=4, reported=3, on_time=3, confirmed=1, overdue=2)
    assert found.total.before == Counts(expected=3, reported=3, on_time=2, confirmed=2, overdue=0)
    assert [(each.overdue, each.expected, each.days) for each in late] == [(2, 4, 4)]
    assert [figures for _, figures in found.by_body()] == [found.total]


def test_last_years_rating_is_that_of_the_same_duty(place, round_, hands, body) -> None:
    last = RoundFactory(plan=round_.plan, year=2021)
    before = submission_in("confirmed", SubmissionFactory(round=last, body=body), rating="rethink", **hands)
    SubmissionFactory(round=round_, assignment=before.assignment)
    place()
    assert [cell.last_rating for cell in seen(round_).cells] == [Rating.RETHINK, None]
    assert seen(last).total.before is None


def test_the_one_rating_of_a_joint_action_plan_is_told(place, coordinator) -> None:
    submission = place("submitted")
    action_plan = submission.assignment.action_plan
    Assessment.objects.create(round=submission.round, action_plan=action_plan, rating="attention", by=coordinator)
    assert seen(submission.round).assessments == {action_plan.pk: Rating.ATTENTION}


# What waits, and what is chosen


def test_what_was_submitted_again_waits_before_what_has_waited_longest(place, approver) -> None:
    old, new, again = place("submitted"), place("submitted"), place("returned")
    place("confirmed"), place()
    transitions.sign_off(submission=again, by=approver)
    again.refresh_from_db()
    transitions.submit(submission=again, by=approver)
    codes = [cell.item.code for cell in seen(old.round).waiting()]
    assert codes == [each.assignment.action_plan.code for each in (again, old, new)]


def test_the_choice_narrows_cells_and_counts_alike(place, round_, other_body) -> None:
    strategy = ActionPlanFactory(plan=round_.plan, title=both("여성 평화 교육", "Peace education")).strategy
    one = ActionPlanFactory(strategy=strategy, code="9.1.1", title=both("여성 평화 교육"))
    other = submission_in(
        "submitted", SubmissionFactory(round=round_, assignment=AssignmentFactory(action_plan=one, body=other_body))
    )
    place("confirmed", rating="attention"), place()
    area, objective = strategy.objective.area.code, strategy.objective.code
    for choice in (
        {"part": area},
        {"part": f"{area}:{objective}"},
        {"body": "OTHER"},
        {"state": "to-review"},
        {"state": "submitted"},
        {"search": "평화 9.1"},
    ):
        found = seen(round_, **choice)
        assert [cell.item.code for cell in found.chosen] == ["9.1.1"], choice
        assert (found.total.now.expected, len(found.cells)) == (1, 3)
    assert other.state == State.SUBMITTED
    expected = {"rating": "attention"}, {"rating": "none"}, {"state": "not-reported"}, {"part": f"{area}:x"}
    assert [len(seen(round_, **each).chosen) for each in expected] == [1, 2, 1, 0]


def test_what_is_late_can_be_asked_for(place, round_) -> None:
    place("submitted", days=3), place()
    with clock.at(round_.due_date + 5 * DAY):
        assert [len(seen(round_, state=each).chosen) for each in ("late", "overdue")] == [1, 1]


# What has changed since yesterday


def test_changes_since_yesterday_hold_nothing_of_what_bodies_do_inside(place, round_, approver, coordinator) -> None:
    confirmed, sent_back = place("confirmed"), place("signed-off")
    transitions.send_back(submission=sent_back, by=approver, reason="다시")
    submission_in("submitted", SubmissionFactory())  # of another round
    with clock.at(clock.now() - dt.timedelta(days=2)):
        place("submitted")
    found = recent_changes(seen(round_).places)
    assert found.counts == {"submit": 1, "confirm": 1}
    assert [(change.submission, change.kind) for change in found.newest] == [
        (confirmed.pk, "confirm"),
        (confirmed.pk, "submit"),
    ]


# Faults


def test_a_coordinator_who_reported_once_is_no_way_out(lead_body, coordinator) -> None:
    own = SubmissionFactory(body=lead_body)
    AppointmentFactory(user=coordinator, role=Role.APPROVER, body=lead_body)
    submission_in("submitted", own, approver=coordinator)
    assert unconfirmable(own.round) == [own]
    # The appointment was withdrawn: that it was made is on record.
    coordinator.appointments.filter(role=Role.APPROVER).delete()
    record(kind="appoint", subject=coordinator, by=None, data={"role": Role.APPROVER})
    assert unconfirmable(own.round) == [own]
    person(Role.COORDINATOR, lead_body)
    assert unconfirmable(own.round) == []


# The same number of queries for any number of rows, rounds and events; and the mark of it all


def test_the_number_of_queries_does_not_grow(place, round_, django_assert_num_queries, coordinator) -> None:
    def read() -> None:
        found = overview(coordinator, round_, Choice())
        recent_changes(found.places)
        found.late_bodies(), found.waiting(), found.by_body()

    last = RoundFactory(plan=round_.plan, year=2021)
    place("submitted"), place("submitted", round=last)
    read()
    with django_assert_num_queries(9):
        read()
    for year in (2020, 2019):
        place("confirmed", round=RoundFactory(plan=round_.plan, year=year))
    for state in ("draft", "confirmed", "returned"):
        place(state), place(state, round=last)
    for number in range(20):
        record(kind="save", subject=Submission.objects.first(), by=coordinator, data={"number": number})
    with django_assert_num_queries(9):
        read()


def test_every_write_changes_the_mark(place, round_, focal_point, coordinator, approver) -> None:
    submission = place()
    seen = [mark_of(round_.plan.number, round_.year)]

    def note() -> None:
        seen.append(mark_of(round_.plan.number, round_.year))
        submission.refresh_from_db()

    note()
    assert seen[0] == seen[1]
    save_submission(submission=submission, by=focal_point, changes={"results": Change(base="", new="가")})
    note()
    fill_in(submission, focal_point, results="나")
    note()
    extensions.extend(submission=submission, until=round_.due_date + 9 * DAY, reason="국정감사", by=coordinator)
    note()
    transitions.sign_off(submission=submission, by=approver)
    note()
    AppointmentFactory(role=Role.FOCAL_POINT)
    record(kind="appoint", subject=coordinator, by=coordinator)
    note()
    with clock.at(clock.now() + DAY):
        note()
    assert len({mark for mark in seen[1:]}) == len(seen) - 1


def test_who_comes_and_goes_and_what_is_taken_out_changes_no_mark(place, round_, coordinator) -> None:
    submission = place()
    before = mark_of(round_.plan.number, round_.year)
    for kind in ("sign_in", "failed_sign_in", "sign_out"):
        record(kind=kind, subject=coordinator, by=coordinator)
    record(kind="download", subject=submission, by=coordinator)
    record_export(subject=round_, by=coordinator, what="overview", form="xlsx")
    assert mark_of(round_.plan.number, round_.year) == before
