"""Two coordinators on one submission at once, or on one action plan: one wins, the other is told."""

from collections.abc import Callable

import pytest

from ministries.enums import Role, State
from ministries.models import Assessment, ImplementingBody, SavedRating, Submission
from ministries.services import bulk, ratings, transitions
from ministries.services.assessments import assess
from ministries.workflow import WrongState
from nap_monitor.accounts.models import User
from tests.factories import AssignmentFactory, SubmissionFactory, person, submission_in
from tests.ministries.test_concurrency import Desks, desks, kinds, now  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_desks(desks: Callable[[], Desks]) -> Callable[[], Desks]:  # noqa: F811
    return desks


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def people(focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


@pytest.mark.parametrize("first", ["confirm", "return", "rate"])
def test_of_a_bulk_confirm_and_a_return_or_another_rating_one_wins(
    first, submission, people, lead_body, open_desks
) -> None:
    submission_in("submitted", submission, **people)
    ratings.save_rating(submission=submission, by=people["coordinator"], rating="on-track")
    other, looked_at = person(Role.COORDINATOR, lead_body), [(submission, submission.step)]
    place = open_desks()

    def confirm() -> bulk.Report:
        return bulk.take("confirm", looked_at, by=people["coordinator"], own={submission.pk: {"seen": 1}})

    def give_back() -> Submission:
        return transitions.return_submission(submission=submission, by=other, reason="보완", step=submission.step)

    def rate() -> SavedRating:
        return ratings.save_rating(submission=submission, by=other, rating="rethink", seen=1)

    faster, slower = {"confirm": (confirm, give_back), "return": (give_back, confirm), "rate": (rate, confirm)}[first]
    outcomes = place.first_then(faster, slower)
    after = place.alone(lambda: now(submission))
    if first == "confirm":
        assert (len(outcomes[0].done), outcomes[1], after.state) == (1, WrongState, State.CONFIRMED)
        return
    assert (outcomes[1].done, len(outcomes[1].skipped)) == ([], 1)
    assert after.state == (State.RETURNED if first == "return" else State.SUBMITTED)
    assert place.alone(lambda: kinds(submission).count("confirm")) == 0


def test_of_two_who_save_a_rating_one_stands_and_the_other_is_told(submission, people, lead_body, open_desks) -> None:
    submission_in("submitted", submission, **people)
    other = person(Role.COORDINATOR, lead_body)
    place = open_desks()
    outcomes = place.first_then(
        lambda: ratings.save_rating(submission=submission, by=people["coordinator"], rating="on-track", seen=0),
        lambda: ratings.save_rating(submission=submission, by=other, rating="rethink", seen=0),
    )
    assert outcomes[1] is WrongState
    assert place.alone(lambda: [each.rating for each in SavedRating.objects.all()]) == ["on-track"]


def test_of_two_who_assess_an_action_plan_one_mark_stands(
    submission, body, other_body, coordinator, open_desks
) -> None:
    action_plan = submission.assignment.action_plan
    assignment = AssignmentFactory(action_plan=action_plan, body=other_body)
    SubmissionFactory(round=submission.round, assignment=assignment)
    place = open_desks()

    def give(rating: str) -> Callable[[], Assessment]:
        return lambda: assess(round=submission.round, action_plan=action_plan, by=coordinator, rating=rating, seen=0)

    outcomes = place.first_then(give("on-track"), give("rethink"))
    assert outcomes[1] is WrongState
    assert place.alone(lambda: [each.rating for each in Assessment.objects.all()]) == ["on-track"]
