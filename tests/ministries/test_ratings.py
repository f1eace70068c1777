"""The rating that coordinators save before they decide: theirs alone, on one version, taken by the confirm."""

import pytest
from django.utils.translation import override

from ministries.enums import BODY_ROLES, Role, State
from ministries.models import SavedRating, Submission
from ministries.selectors.submissions import history
from ministries.services import bulk, ratings, transitions
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.lib.audit.models import Event
from tests.factories import AppointmentFactory, RoundFactory, SubmissionFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body, focal_point, approver, coordinator) -> Submission:
    return submission_in(
        "submitted", SubmissionFactory(body=body), by=focal_point, approver=approver, coordinator=coordinator
    )


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def again(submission: Submission, by, approver, coordinator) -> Submission:
    """Returned and submitted again."""
    transitions.return_submission(submission=submission, by=coordinator, reason="보완")
    fill_in(now(submission), by, results="보완하였습니다.")
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=submission, by=approver)
    return now(submission)


def test_a_rating_is_saved_on_the_version_that_was_read(submission, coordinator) -> None:
    saved = ratings.save_rating(submission=submission, by=coordinator, rating="attention", reason=" 지연 ")
    assert (saved.rating, saved.reason, saved.by, saved.count) == ("attention", "지연", coordinator, 1)
    assert saved.version_id == submission.submitted_version_id
    after = now(submission)
    assert (after.state, after.step, after.coordinator_rating) == (State.SUBMITTED, submission.step, "")
    event = Event.objects.of("ministries.submission", str(submission.pk)).last()
    assert (event.kind, event.reason, event.data["rating"]) == ("rate", "지연", "attention")


def test_the_same_rating_again_changes_nothing_and_another_counts(submission, coordinator) -> None:
    for rating in ("on-track", "on-track", "attention"):
        saved = ratings.save_rating(submission=submission, by=coordinator, rating=rating)
    assert saved.count == 2
    assert Event.objects.filter(kind="rate").count() == 2


@pytest.mark.parametrize(("rating", "reason"), [("", ""), ("no-report", ""), ("on-track", "x" * 2001)])
def test_what_is_no_rating_is_refused(rating, reason, submission, coordinator) -> None:
    with pytest.raises(Refused):
        ratings.save_rating(submission=submission, by=coordinator, rating=rating, reason=reason)
    assert not SavedRating.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_rate(role, submission, body) -> None:
    with pytest.raises(NotPermitted):
        ratings.save_rating(
            submission=submission, by=person(role, body if role in BODY_ROLES else None), rating="on-track"
        )


def test_who_took_part_does_not_rate(lead_body) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    own = submission_in("submitted", SubmissionFactory(body=lead_body), by=user)
    with pytest.raises(NotPermitted):
        ratings.save_rating(submission=own, by=user, rating="on-track")


@pytest.mark.parametrize("state", ["draft", "signed-off", "returned", "confirmed"])
def test_only_what_is_submitted_is_rated(state, coordinator) -> None:
    with pytest.raises(WrongState):
        ratings.save_rating(submission=submission_in(state), by=coordinator, rating="on-track")


def test_of_two_who_rate_the_second_is_told(submission, coordinator, lead_body) -> None:
    other = person(Role.COORDINATOR, lead_body)
    ratings.save_rating(submission=submission, by=other, rating="attention", seen=0)
    with pytest.raises(WrongState):
        ratings.save_rating(submission=submission, by=coordinator, rating="on-track", seen=0)
    with pytest.raises(WrongState):
        ratings.confirm_with(submission=submission, by=coordinator, rating="on-track", seen=0)
    assert (SavedRating.objects.get().rating, now(submission).state) == ("attention", State.SUBMITTED)
    ratings.save_rating(submission=submission, by=coordinator, rating="on-track", seen=1)
    assert SavedRating.objects.get().count == 2


def test_a_rating_is_not_saved_on_a_version_that_was_not_read(submission, focal_point, approver, coordinator) -> None:
    step = submission.step
    again(submission, focal_point, approver, coordinator)
    with pytest.raises(WrongState):
        ratings.save_rating(submission=submission, by=coordinator, rating="on-track", step=step)


def test_the_body_does_not_see_the_rating_before_the_confirm(submission, coordinator, focal_point) -> None:
    ratings.save_rating(submission=submission, by=coordinator, rating="rethink")
    assert "rate" not in [event.kind for event in history(focal_point, submission)]
    assert "rate" in [event.kind for event in history(coordinator, submission)]


def test_a_coordinator_who_reports_too_sees_the_ratings_of_the_own_body(submission, coordinator, body) -> None:
    ratings.save_rating(submission=submission, by=coordinator, rating="rethink")
    other = person(Role.COORDINATOR)
    AppointmentFactory(user=other, role=Role.FOCAL_POINT, body=body)
    assert "rate" in [event.kind for event in history(other, submission)]


# Bulk confirm


def test_each_row_is_confirmed_with_its_own_rating_and_the_rest_is_left_with_why(
    body, focal_point, approver, coordinator
) -> None:
    round_ = RoundFactory()
    people = {"by": focal_point, "approver": approver, "coordinator": coordinator}
    rows = [submission_in("submitted", SubmissionFactory(round=round_, body=body), **people) for _number in range(5)]
    good, slow, silent, older, remarked = rows
    for each, rating in ((good, "on-track"), (slow, "attention"), (older, "on-track"), (remarked, "on-track")):
        ratings.save_rating(submission=each, by=coordinator, rating=rating, reason=f"{rating}: 사유")
    older = again(older, focal_point, approver, coordinator)
    transitions.return_submission(
        submission=remarked, by=coordinator, reason="보완", comments={"results": "수치를 확인하여 주십시오."}
    )
    fill_in(now(remarked), focal_point, results="확인하였습니다.")
    transitions.sign_off(submission=remarked, by=approver)
    transitions.submit(submission=remarked, by=approver)
    ratings.save_rating(submission=remarked, by=coordinator, rating="on-track", reason="그대로")
    looked_at = [(each, each.step) for each in (good, slow, silent, older, now(remarked))]
    with override("en"):
        report = bulk.take("confirm", looked_at, by=coordinator)
    assert report.done == [good, slow]
    assert [(each.submission, each.why) for each in report.skipped] == [
        (silent, "No rating is saved for it yet."),
        (older, "The rating was given on an earlier version. Save it again."),
        (remarked, "There are open review remarks. Resolve them first."),
    ]
    stored = [(now(each).coordinator_rating, now(each).coordinator_reason) for each in (good, slow)]
    assert stored == [("on-track", "on-track: 사유"), ("attention", "attention: 사유")]
    assert [now(each).state for each in rows[2:]] == [State.SUBMITTED] * 3
    assert Event.objects.filter(kind="confirm").count() == 2


def test_a_row_whose_rating_was_saved_anew_is_left_alone(submission, coordinator, lead_body) -> None:
    ratings.save_rating(submission=submission, by=coordinator, rating="on-track")
    ratings.save_rating(submission=submission, by=person(Role.COORDINATOR, lead_body), rating="rethink")
    rows, own = [(submission, submission.step)], {submission.pk: {"seen": 1}}
    report = bulk.take("confirm", rows, by=coordinator, own=own)
    assert (report.done, len(report.skipped), now(submission).state) == ([], 1, State.SUBMITTED)


def test_a_double_click_confirms_once_and_says_the_same(submission, coordinator) -> None:
    ratings.save_rating(submission=submission, by=coordinator, rating="on-track")
    rows, own = [(submission, submission.step)], {submission.pk: {"seen": 1}}
    reports = [bulk.take("confirm", rows, by=coordinator, own=own) for _click in range(2)]
    assert [(len(report.done), report.skipped) for report in reports] == [(1, []), (1, [])]
    assert Event.objects.filter(kind="confirm").count() == 1


def test_who_took_part_is_skipped_and_told_why(lead_body) -> None:
    one, two = person(Role.COORDINATOR, lead_body), person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=one, role=Role.FOCAL_POINT, body=lead_body)
    own = submission_in("submitted", SubmissionFactory(body=lead_body), by=one)
    ratings.save_rating(submission=own, by=two, rating="on-track")
    assert bulk.take("confirm", [(own, own.step)], by=one).done == []
    assert bulk.take("confirm", [(own, own.step)], by=two).done == [own]
