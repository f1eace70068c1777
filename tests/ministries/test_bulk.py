"""The same step on many: each row for itself, one event each, and for every row that was left alone a sentence."""

import datetime as dt

import pytest
from django.utils.translation import override

from ministries.enums import Role, State
from ministries.models import ImplementingBody, Round, Submission
from ministries.services import bulk, transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import RoundFactory, SubmissionFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


def events(submission: Submission) -> list[str]:
    return list(Event.objects.of("ministries.submission", str(submission.pk)).values_list("kind", flat=True))


def seen(*submissions: Submission) -> list[tuple[Submission, int | None]]:
    return [(submission, submission.step) for submission in submissions]


def test_what_is_complete_is_signed_off_and_the_rest_is_left_with_why(
    round_: Round, body: ImplementingBody, other_body: ImplementingBody, focal_point: User, approver: User
) -> None:
    complete, half, foreign = [SubmissionFactory(round=round_, body=each) for each in (body, body, other_body)]
    done_already = submission_in("signed-off", round=round_, body=body)
    fill_in(complete, focal_point)
    fill_in(half, focal_point, results="")
    with override("en"):
        report = bulk.take("sign_off", seen(complete, half, foreign, done_already), by=approver)
    assert report.done == [complete]
    assert [(each.submission, each.why) for each in report.skipped] == [
        (half, "It is not complete yet: Write the results."),
        (foreign, "You may not take this step on this submission."),
        (done_already, "This step is not possible: the submission is in the state “Signed off”."),
    ]
    states = [Submission.objects.get(pk=each.pk).state for each in (complete, half, foreign)]
    assert states == [State.SIGNED_OFF, State.DRAFT, State.DRAFT]
    assert [events(each)[-1:] for each in (complete, half, foreign)] == [["sign_off"], ["save"], []]


def test_all_that_is_submitted_has_the_one_document_and_a_version_of_its_own(
    round_: Round, body: ImplementingBody, approver: User
) -> None:
    ready = [submission_in("signed-off", round=round_, body=body) for _number in range(3)]
    day = dt.date(2023, 1, 30)
    report = bulk.take("submit", seen(*ready), by=approver, document_number="국방부-7", document_date=day)
    assert (len(report.done), report.skipped) == (3, [])
    versions = [Submission.objects.get(pk=each.pk).submitted_version for each in ready]
    assert [(each.document_number, each.document_date) for each in versions] == [("국방부-7", day)] * 3
    assert len({each.pk for each in versions}) == 3
    assert [events(each).count("submit") for each in ready] == [1, 1, 1]


def test_after_closing_only_what_has_an_exception_is_submitted(
    round_: Round, body: ImplementingBody, approver: User
) -> None:
    ready = [submission_in("signed-off", round=round_, body=body) for _number in range(2)]
    late = round_.closing_date + dt.timedelta(days=10)
    Submission.objects.filter(pk=ready[1].pk).update(extended_until=late)
    with clock.at(late):
        report = bulk.take("submit", seen(*ready), by=approver)
    assert (report.done, [each.submission for each in report.skipped]) == ([ready[1]], [ready[0]])


def test_a_number_that_is_too_long_submits_nothing(round_: Round, body: ImplementingBody, approver: User) -> None:
    ready = submission_in("signed-off", round=round_, body=body)
    report = bulk.take("submit", seen(ready), by=approver, document_number="9" * 101)
    assert (report.done, len(report.skipped)) == ([], 1)
    assert Submission.objects.get(pk=ready.pk).state == State.SIGNED_OFF


def test_a_double_click_is_one_event_each_and_says_the_same(
    round_: Round, body: ImplementingBody, focal_point: User, approver: User
) -> None:
    complete = [SubmissionFactory(round=round_, body=body) for _number in range(2)]
    for each in complete:
        fill_in(each, focal_point)
    looked_at = seen(*complete)
    reports = [bulk.take("sign_off", looked_at, by=approver) for _click in range(2)]
    assert [[each.pk for each in report.done] for report in reports] == [[each.pk for each in complete]] * 2
    assert [report.skipped for report in reports] == [[], []]
    assert [events(each).count("sign_off") for each in complete] == [1, 1]


def test_who_comes_second_is_told_row_by_row(round_: Round, body: ImplementingBody, approver: User) -> None:
    mine, theirs = [submission_in("signed-off", round=round_, body=body) for _number in range(2)]
    looked_at = seen(mine, theirs)
    transitions.send_back(submission=theirs, by=person(Role.APPROVER, body), reason="수치 확인")
    with override("en"):
        report = bulk.take("submit", looked_at, by=approver)
    assert report.done == [mine]
    assert [each.why for each in report.skipped] == [
        "Somebody has taken a step on this submission meanwhile. It is now in the state “Sent back”."
    ]


def test_what_was_signed_off_is_taken_back_to_where_it_came_from(
    round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    signed = submission_in("signed-off", round=round_, body=body)
    report = bulk.take("take_back", seen(signed), by=focal_point)
    assert (len(report.done), Submission.objects.get(pk=signed.pk).state) == (1, State.DRAFT)


def test_a_step_that_is_not_taken_in_bulk_is_a_fault_of_ours(round_: Round, approver: User) -> None:
    with pytest.raises(KeyError):
        bulk.take("reopen", [], by=approver)


def test_what_is_no_refusal_is_not_swallowed(round_: Round, body: ImplementingBody, approver: User) -> None:
    first = submission_in("signed-off", round=round_, body=body)
    gone = Submission(pk=first.pk + 1000, assignment=first.assignment, round=round_)
    with pytest.raises(Submission.DoesNotExist):
        bulk.take("submit", [*seen(first), (gone, 0)], by=approver)
    assert Submission.objects.get(pk=first.pk).state == State.SUBMITTED
