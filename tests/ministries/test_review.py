"""What a coordinator does beside the steps: resolving remarks, extending the due date."""

import datetime as dt

import pytest

from ministries.enums import Lock, State
from ministries.models import Submission
from ministries.services import extensions, review_remarks, transitions
from ministries.workflow import NotPermitted, Refused, WrongState, edit_lock
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import RoundFactory, SubmissionFactory, submission_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(body) -> Submission:
    """A draft in a round that has closed."""
    past = clock.today() - dt.timedelta(days=40)
    round_ = RoundFactory(opening_date=past - dt.timedelta(30), due_date=past, closing_date=past + dt.timedelta(10))
    return SubmissionFactory(round=round_, body=body)


def test_an_extension_opens_this_submission_alone_until_its_last_day(late, coordinator, focal_point, body) -> None:
    neighbour = SubmissionFactory(round=late.round, body=body)
    until = clock.today() + dt.timedelta(days=5)
    assert edit_lock(late, focal_point) is Lock.CLOSED
    extensions.extend(submission=late, until=until, reason="담당자 교체", by=coordinator)
    late.refresh_from_db()
    assert (edit_lock(late, focal_point), late.is_overdue(), late.due_date) == (None, False, until)
    assert edit_lock(neighbour, focal_point) is Lock.CLOSED
    with clock.at(until + dt.timedelta(days=1)):
        assert edit_lock(late, focal_point) is Lock.CLOSED
        assert late.is_overdue()
    event = Event.objects.of("ministries.submission", str(late.pk)).get(kind="extend")
    assert (event.reason, event.data) == (
        "담당자 교체",
        {
            "due_date": until.isoformat(),
            "before": {"extended_until": ""},
            "after": {"extended_until": until.isoformat()},
        },
    )


def test_the_same_extension_twice_is_one(late, coordinator) -> None:
    until = clock.today() + dt.timedelta(days=5)
    for _click in range(2):
        extensions.extend(submission=late, until=until, reason="담당자 교체", by=coordinator)
    extensions.extend(submission=late, until=until + dt.timedelta(days=1), reason="더 필요함", by=coordinator)
    assert list(Event.objects.filter(kind="extend").values_list("reason", flat=True)) == ["담당자 교체", "더 필요함"]


@pytest.mark.parametrize(
    ("days", "reason", "field"), [(-1, "교체", "until"), (5, "  ", "reason"), (5, "가" * 2001, "reason")]
)
def test_an_extension_needs_a_reason_and_a_day_ahead(days, reason, field, late, coordinator) -> None:
    with pytest.raises(Refused) as refused:
        extensions.extend(submission=late, until=clock.today() + dt.timedelta(days=days), reason=reason, by=coordinator)
    assert refused.value.field == field
    late.refresh_from_db()
    assert late.extended_until is None


def test_an_extension_is_later_than_the_due_date_of_the_round(body, coordinator) -> None:
    submission = SubmissionFactory(body=body)
    with pytest.raises(Refused) as refused:
        extensions.extend(submission=submission, until=submission.round.due_date, reason="교체", by=coordinator)
    assert refused.value.field == "until"


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CONFIRMED])
def test_what_is_not_awaited_is_not_extended(state, body, coordinator) -> None:
    submission = submission_in(state, SubmissionFactory(body=body))
    with pytest.raises(WrongState):
        extensions.extend(
            submission=submission, until=clock.today() + dt.timedelta(days=90), reason="교체", by=coordinator
        )
    assert not Event.objects.filter(kind="extend").exists()


def test_only_a_coordinator_extends_and_resolves(late, focal_point, approver, panel_member, coordinator, body) -> None:
    submission = submission_in("submitted", SubmissionFactory(body=body))
    transitions.return_submission(
        submission=submission, by=coordinator, reason="보완", comments={"results": "수치가 없습니다."}
    )
    comment = submission.comments.get()
    for user in (focal_point, approver, panel_member):
        with pytest.raises(NotPermitted):
            extensions.extend(submission=late, until=clock.today() + dt.timedelta(days=9), reason="교체", by=user)
        with pytest.raises(NotPermitted):
            review_remarks.resolve_remark(remark=comment, by=user)
    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_a_remark_is_resolved_once_and_keeps_its_text(coordinator, body) -> None:
    submission = submission_in("submitted", SubmissionFactory(body=body))
    transitions.return_submission(
        submission=submission, by=coordinator, reason="보완", comments={"results": "수치가 없습니다."}
    )
    comment = submission.comments.get()
    first = review_remarks.resolve_remark(remark=comment, by=coordinator).resolved_at
    again = review_remarks.resolve_remark(remark=comment, by=coordinator)
    assert (again.resolved_at, again.resolved_by, again.text) == (first, coordinator, "수치가 없습니다.")
    assert Event.objects.filter(kind="resolve").count() == 1
