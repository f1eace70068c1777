"""Two people at once, each on a connection of their own: one wins, the other is told, and nothing is half done.

The first one's transaction stays open until the second has begun, so that each test is a race every time. SQLite needs
a file for that, as its memory has no second connection that waits: the test's data is copied into one.
"""

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from ministries.enums import Role, State
from ministries.models import ImplementingBody, ReviewComment, Round, RoundClosing, Submission
from ministries.services import bulk, extensions, review_remarks, transitions
from ministries.services.closing import close_round
from ministries.services.rounds import RoundExistsError, create_round
from ministries.services.submissions import Change, RowChange, save_submission
from ministries.workflow import Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import AssignmentFactory, SubmissionFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], Any]
#: How long the first one's transaction stays open after the second has begun, in seconds.
HELD = 0.4


class Desks:
    """People who work at the same time, each in a thread with a connection of its own."""

    def alone(self, act: Act) -> Any:
        """What ``act`` gives, at one desk."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self._closing, act).result(timeout=30)

    def first_then(self, first: Act, second: Act) -> list[Any]:
        """``first`` acts and has not yet finished when ``second`` begins; gives what came of both."""
        acted, begun = threading.Event(), threading.Event()

        def holding() -> Any:
            with transaction.atomic():
                try:
                    found = first()
                finally:
                    acted.set()
                begun.wait(timeout=10)
                threading.Event().wait(HELD)
            return found

        def following() -> Any:
            acted.wait(timeout=10)
            begun.set()
            return second()

        return self._together(holding, following)

    def at_once(self, *acts: Act) -> list[Any]:
        """All begin at the same moment."""
        gate = threading.Barrier(len(acts))

        def waiting(act: Act) -> Act:
            return lambda: (gate.wait(timeout=10), act())[1]

        return self._together(*[waiting(act) for act in acts])

    def _together(self, *acts: Act) -> list[Any]:
        with ThreadPoolExecutor(len(acts)) as pool:
            return [done.result(timeout=40) for done in [pool.submit(self._closing, act) for act in acts]]

    def _closing(self, act: Act) -> Any:
        """What ``act`` gives; where it is refused, the kind of refusal."""
        try:
            return act()
        except (WrongState, Refused, ValidationError) as error:
            return type(error)
        finally:
            connection.close()


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Callable[[], Desks]]:
    """Call it when the data is there. What the desks do is read back at a desk (``alone``)."""
    settings = connections.settings["default"]
    memory = settings["NAME"]

    def open_desks() -> Desks:
        if connection.vendor == "sqlite":
            file = tmp_path / f"{uuid.uuid4()}.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
            # A file that is in use is in this mode already; two who switch it over at once would lock each other out.
            with closing(sqlite3.connect(file)) as copy:
                copy.execute("PRAGMA journal_mode=WAL")
            settings["NAME"] = str(file)
        return Desks()

    yield open_desks
    settings["NAME"] = memory


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def people(focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def kinds(submission: Submission) -> list[str]:
    return list(Event.objects.of("ministries.submission", str(submission.pk)).values_list("kind", flat=True))


def state_of(outcome: Any) -> Any:
    return outcome.state if isinstance(outcome, Submission) else outcome


@pytest.mark.parametrize("knows_step", [True, False])
def test_of_confirm_and_return_one_wins(knows_step, submission, people, lead_body, desks) -> None:
    submission_in("submitted", submission, **people)
    other = person(Role.COORDINATOR, lead_body)
    step = submission.step if knows_step else None
    place = desks()
    outcomes = place.first_then(
        lambda: transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track", step=step),
        lambda: transitions.return_submission(submission=submission, by=other, reason="보완", step=step),
    )
    assert [state_of(each) for each in outcomes] == [State.CONFIRMED, WrongState]
    after = place.alone(lambda: (now(submission).state, now(submission).versions.count(), kinds(submission)[-2:]))
    assert after == (State.CONFIRMED, 2, ["submit", "confirm"])


def test_of_two_who_confirm_one_rating_stands(submission, people, lead_body, desks) -> None:
    submission_in("submitted", submission, **people)
    other = person(Role.COORDINATOR, lead_body)
    place = desks()
    outcomes = place.at_once(
        lambda: transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track"),
        lambda: transitions.confirm(submission=submission, by=other, rating="attention", reason="지연"),
    )
    [winner] = [each for each in outcomes if isinstance(each, Submission)]
    assert WrongState in outcomes
    after = place.alone(lambda: now(submission))
    assert after.coordinator_rating == winner.coordinator_rating
    assert place.alone(lambda: kinds(submission).count("confirm")) == 1


def test_a_double_click_on_submit_is_one_event_and_one_version(submission, people, desks) -> None:
    submission_in("signed-off", submission, **people)
    place = desks()

    def click() -> Submission:
        return transitions.submit(submission=submission, by=people["by"], step=submission.step)

    outcomes = place.first_then(click, click)
    assert [state_of(each) for each in outcomes] == [State.SUBMITTED, State.SUBMITTED]
    assert place.alone(lambda: (kinds(submission).count("submit"), now(submission).versions.count())) == (1, 1)


def test_two_of_the_body_who_submit_are_not_one(submission, people, desks) -> None:
    submission_in("signed-off", submission, **people)
    place = desks()
    outcomes = place.first_then(
        lambda: transitions.submit(submission=submission, by=people["by"], step=submission.step),
        lambda: transitions.submit(submission=submission, by=people["approver"], step=submission.step),
    )
    assert [state_of(each) for each in outcomes] == [State.SUBMITTED, WrongState]
    assert place.alone(lambda: now(submission).versions.count()) == 1


def test_who_saves_while_somebody_signs_off_is_told(submission, people, desks) -> None:
    fill_in(submission, people["by"])
    place = desks()
    outcomes = place.first_then(
        lambda: transitions.sign_off(submission=submission, by=people["approver"]),
        lambda: save_submission(submission=submission, by=people["by"], changes={"results": Change("", "늦은 글")}),
    )
    assert [state_of(each) for each in outcomes] == [State.SIGNED_OFF, WrongState]
    assert place.alone(lambda: now(submission).results) == submission.results


def test_who_signs_off_while_somebody_empties_a_field_is_told_it_is_incomplete(submission, people, desks) -> None:
    fill_in(submission, people["by"])
    seen = submission.results
    place = desks()
    place.first_then(
        lambda: save_submission(submission=submission, by=people["by"], changes={"results": Change(seen, "")}).saved,
        lambda: _sign_off_or_gap(submission, people["approver"]),
    )
    assert place.alone(lambda: (now(submission).state, now(submission).results)) == (State.DRAFT, "")


def _sign_off_or_gap(submission: Submission, by: User) -> str:
    try:
        transitions.sign_off(submission=submission, by=by)
    except Refused as refused:
        return refused.field
    return ""


def test_two_who_save_the_same_field_overwrite_nothing(submission, people, body, desks) -> None:
    colleague = person(Role.FOCAL_POINT, body, name="Colleague")
    place = desks()
    first, second = place.first_then(
        lambda: save_submission(submission=submission, by=colleague, changes={"results": Change("", "동료의 글")}),
        lambda: save_submission(submission=submission, by=people["by"], changes={"results": Change("", "나의 글")}),
    )
    assert (first.saved, second.saved) == (["results"], [])
    assert [(found.stored, found.mine) for found in second.conflicts] == [("동료의 글", "나의 글")]
    assert second.other.startswith("Colleague")
    assert place.alone(lambda: now(submission).results) == "동료의 글"


def test_two_who_save_different_fields_both_keep_theirs(submission, people, body, desks) -> None:
    colleague = person(Role.FOCAL_POINT, body)
    place = desks()
    place.first_then(
        lambda: save_submission(submission=submission, by=colleague, changes={"results": Change("", "동료의 글")}),
        lambda: save_submission(
            submission=submission, by=people["by"], changes={"shortcomings": Change("", "나의 글")}
        ),
    )
    after = place.alone(lambda: now(submission))
    assert (after.results, after.shortcomings) == ("동료의 글", "나의 글")


def test_a_double_click_on_save_adds_its_line_once(submission, people, desks) -> None:
    token = str(uuid.uuid4())
    place = desks()

    def click() -> Any:
        row = RowChange(None, {"programme": Change("", "교육")})
        return save_submission(submission=submission, by=people["by"], changes={}, budget=[row], token=token)

    place.first_then(click, click)
    assert place.alone(lambda: (now(submission).budget_lines.count(), kinds(submission))) == (1, ["save"])


def test_a_page_that_saves_again_before_the_answer_came_adds_its_row_once(submission, people, desks) -> None:
    key = uuid.uuid4()
    place = desks()

    def saving(text: str, *sent: str) -> Act:
        row = RowChange(None, {"programme": Change("", text, sent)}, client_key=key)
        return lambda: (
            save_submission(submission=submission, by=people["by"], changes={}, budget=[row], by_itself=True).conflicts
        )

    assert place.first_then(saving("교"), saving("교육", "교")) == [[], []]
    lines = place.alone(lambda: [(each.pk, each.programme) for each in now(submission).budget_lines.all()])
    assert lines == [(key, "교육")]


def test_who_submits_while_somebody_signs_off_submits_it_with_that_name(submission, people, desks) -> None:
    fill_in(submission, people["by"])
    place = desks()
    outcomes = place.first_then(
        lambda: transitions.sign_off(submission=submission, by=people["approver"]),
        lambda: transitions.submit(submission=submission, by=people["by"]),
    )
    assert [state_of(each) for each in outcomes] == [State.SIGNED_OFF, State.SUBMITTED]
    handling = place.alone(lambda: now(submission).submitted_version.sections[0]["fields"])
    assert {field["key"]: field["value"] for field in handling}["approver"] == people["approver"].name


def test_who_extends_while_it_is_submitted_is_told(submission, people, desks) -> None:
    submission_in("signed-off", submission, **people)
    until = submission.round.due_date.replace(year=submission.round.due_date.year + 1)
    place = desks()
    outcomes = place.first_then(
        lambda: transitions.submit(submission=submission, by=people["by"]),
        lambda: extensions.extend(submission=submission, until=until, reason="교체", by=people["coordinator"]),
    )
    assert [state_of(each) for each in outcomes] == [State.SUBMITTED, WrongState]
    assert place.alone(lambda: now(submission).extended_until) is None


def test_who_submits_while_the_round_is_closed_is_told(submission, people, desks) -> None:
    submission_in("signed-off", submission, **people)
    place = desks()
    outcomes = place.first_then(
        lambda: close_round(round=submission.round, by=people["coordinator"]).unreported,
        lambda: transitions.submit(submission=submission, by=people["by"]),
    )
    assert outcomes == [1, Refused]


def test_who_saves_while_the_round_is_closed_is_told(submission, people, desks) -> None:
    """The round is read after the wait for the row, so that nothing slips in behind the closing."""
    place = desks()
    outcomes = place.first_then(
        lambda: close_round(round=submission.round, by=people["coordinator"]).unreported,
        lambda: save_submission(submission=submission, by=people["by"], changes={"results": Change("", "글")}),
    )
    assert outcomes == [1, WrongState]


def test_two_who_close_a_round_close_it_once(submission, people, lead_body, desks) -> None:
    other, place = person(Role.COORDINATOR, lead_body), desks()
    outcomes = place.first_then(
        lambda: close_round(round=submission.round, by=people["coordinator"]).unreported,
        lambda: close_round(round=submission.round, by=other),
    )
    assert outcomes == [1, WrongState]
    assert place.alone(lambda: RoundClosing.objects.count()) == 1


def test_two_who_resolve_a_remark_leave_one_event(submission, people, lead_body, desks) -> None:
    submission_in("submitted", submission, **people)
    transitions.return_submission(
        submission=submission, by=people["coordinator"], reason="보완", comments={"results": "수치"}
    )
    comment, other = ReviewComment.objects.get(), person(Role.COORDINATOR, lead_body)
    place = desks()
    place.first_then(
        lambda: review_remarks.resolve_remark(
            remark=ReviewComment.objects.get(pk=comment.pk), by=people["coordinator"]
        ),
        lambda: review_remarks.resolve_remark(remark=ReviewComment.objects.get(pk=comment.pk), by=other),
    )
    assert place.alone(lambda: kinds(submission).count("resolve")) == 1
    assert place.alone(lambda: ReviewComment.objects.get().resolved_by) == people["coordinator"]


def test_two_who_make_the_round_of_a_year_make_one(coordinator, desks) -> None:
    plan = AssignmentFactory().action_plan.plan
    day = clock.today()
    place = desks()

    def make() -> Round:
        return create_round(plan=plan, year=2021, opening_date=day, due_date=day, closing_date=day, by=coordinator)

    outcomes = place.first_then(make, make)
    assert isinstance(outcomes[0], Round)
    assert outcomes[1] is RoundExistsError
    assert place.alone(lambda: (Round.objects.count(), Submission.objects.count())) == (1, 1)


def test_of_two_who_submit_all_each_submission_has_one_and_the_other_is_told(submission, people, body, desks) -> None:
    another = SubmissionFactory(body=body, round=submission.round)
    both = [submission_in("signed-off", each, **people) for each in (submission, another)]
    looked_at = [(each, each.step) for each in both]
    place = desks()
    first, second = place.first_then(
        lambda: bulk.take("submit", looked_at, by=people["approver"]),
        lambda: bulk.take("submit", looked_at, by=people["by"]),
    )
    assert ([each.pk for each in first.done], first.skipped) == ([each.pk for each in both], [])
    assert (second.done, [each.submission.pk for each in second.skipped]) == ([], [each.pk for each in both])
    assert place.alone(lambda: [now(each).versions.count() for each in both]) == [1, 1]


def test_a_double_click_on_submit_all_is_one_event_each(submission, people, body, desks) -> None:
    another = SubmissionFactory(body=body, round=submission.round)
    both = [submission_in("signed-off", each, **people) for each in (submission, another)]
    looked_at = [(each, each.step) for each in both]
    place = desks()

    def click() -> bulk.Report:
        return bulk.take("submit", looked_at, by=people["approver"])

    reports = place.first_then(click, click)
    assert [(len(report.done), report.skipped) for report in reports] == [(2, []), (2, [])]
    assert place.alone(lambda: [kinds(each).count("submit") for each in both]) == [1, 1]
