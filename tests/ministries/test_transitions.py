"""The steps of the workflow as services: their conditions, what they change, and what they leave in the record."""

import datetime as dt
from typing import Any

import pytest

from ministries.enums import Role, State, StateLabel
from ministries.models import ImplementingBody, ReviewComment, Submission
from ministries.services import review_remarks, transitions
from ministries.services.submissions import Change, save_submission
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import COMPLETE, RoundFactory, SubmissionFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db

DUE = dt.date(2022, 1, 31)
CLOSING = dt.date(2022, 2, 28)


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    """A submission of the body in a round that opens on 1 January 2022, is due on the 31st and closes a month later."""
    round_ = RoundFactory(year=2021, opening_date=dt.date(2022, 1, 1), due_date=DUE, closing_date=CLOSING)
    return SubmissionFactory(round=round_, body=body)


@pytest.fixture
def people(focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    """Who moves a submission; appointed since long before."""
    made = {"by": focal_point, "approver": approver, "coordinator": coordinator}
    for user in made.values():
        user.appointments.update(start=dt.date(2021, 1, 1))
    return made


def on(day: dt.date, state: str, submission: Submission, people: dict[str, User], **more: Any) -> Submission:
    """The submission, brought to ``state`` on ``day``."""
    with clock.at(day):
        return submission_in(state, submission, **people, **more)


def events(submission: Submission) -> list[str]:
    return list(Event.objects.of("ministries.submission", str(submission.pk)).values_list("kind", flat=True))


def last_event(submission: Submission) -> Event:
    found = Event.objects.of("ministries.submission", str(submission.pk)).last()
    assert found is not None
    return found


# Signing off: complete, by the approver, by a focal point only where there is none


@pytest.mark.parametrize("missing", COMPLETE)
def test_what_is_incomplete_is_not_signed_off(missing, submission, people) -> None:
    with clock.at(DUE):
        fill_in(submission, people["by"], **{missing: ""})
        with pytest.raises(Refused) as refused:
            transitions.sign_off(submission=submission, by=people["approver"])
    assert refused.value.field == missing
    submission.refresh_from_db()
    assert (submission.state, events(submission)) == (State.DRAFT, ["save"])


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ({"self_rating": "attention", "improvement_measures": "개선"}, "self_rating_reason"),
        ({"self_rating": "attention", "self_rating_reason": "지연"}, "improvement_measures"),
        ({"self_rating": "rethink", "self_rating_reason": "지연"}, "improvement_measures"),
        ({"self_rating": "not-started", "self_rating_reason": "지연"}, "improvement_measures"),
        ({"self_rating": "not-started", "improvement_measures": "개선"}, "self_rating_reason"),
        ({"self_rating": "not-applicable"}, "self_rating_reason"),
        ({"disclosure": "restricted"}, "disclosure_ground"),
        ({"results": "  \n "}, "results"),
    ],
)
def test_a_rating_or_a_restriction_asks_for_more(content, missing, submission, people) -> None:
    with clock.at(DUE):
        fill_in(submission, people["by"], **content)
        with pytest.raises(Refused) as refused:
            transitions.sign_off(submission=submission, by=people["approver"])
    assert refused.value.field == missing


def test_not_applicable_needs_its_reason_only(submission, people) -> None:
    content = {"results": "", "next_year_plan": "", "self_rating": "not-applicable", "self_rating_reason": "대상 없음"}
    assert on(DUE, "signed-off", submission, people, content=content).state == State.SIGNED_OFF


def test_a_focal_point_signs_off_only_where_no_approver_is_appointed_today(submission, focal_point, body) -> None:
    last_days = person(Role.APPROVER, body).appointments.get()
    last_days.start, last_days.end = dt.date(2021, 1, 1), dt.date(2022, 1, 10)
    last_days.save()
    focal_point.appointments.update(start=dt.date(2021, 1, 1))
    with clock.at(dt.date(2022, 1, 10)):
        fill_in(submission, focal_point)
        with pytest.raises(NotPermitted):
            transitions.sign_off(submission=submission, by=focal_point)
    with clock.at(dt.date(2022, 1, 11)):
        assert transitions.sign_off(submission=submission, by=focal_point).state == State.SIGNED_OFF


def test_an_approver_whose_account_is_closed_does_not_stand_in_the_way(submission, people) -> None:
    with clock.at(DUE):
        fill_in(submission, people["by"])
        User.objects.filter(pk=people["approver"].pk).update(is_active=False)
        assert transitions.sign_off(submission=submission, by=people["by"]).state == State.SIGNED_OFF


# Back where it came from


@pytest.mark.parametrize(("before", "label"), [(State.DRAFT, StateLabel.DRAFT), (State.RETURNED, StateLabel.RETURNED)])
def test_taking_back_leads_where_it_came_from(before, label, submission, people) -> None:
    if before == State.RETURNED:
        on(DUE, "returned", submission, people)
    with clock.at(DUE):
        if before == State.DRAFT:
            fill_in(submission, people["by"])
        transitions.sign_off(submission=submission, by=people["approver"])
        transitions.take_back(submission=submission, by=people["by"])
    submission.refresh_from_db()
    assert (submission.state, submission.label, submission.came_from) == (before, label, "")
    assert submission.signed_off_by is None


@pytest.mark.parametrize(
    ("before", "label"), [(State.DRAFT, StateLabel.SENT_BACK), (State.RETURNED, StateLabel.RETURNED)]
)
def test_sending_back_leads_where_it_came_from_with_the_reason(before, label, submission, people) -> None:
    if before == State.RETURNED:
        on(DUE, "returned", submission, people)
    with clock.at(DUE):
        if before == State.DRAFT:
            fill_in(submission, people["by"])
        transitions.sign_off(submission=submission, by=people["approver"])
        transitions.send_back(submission=submission, by=people["approver"], reason=" 근거가 없습니다. ")
    submission.refresh_from_db()
    assert (submission.state, submission.label, submission.signed_off_by) == (before, label, None)
    assert last_event(submission).reason == "근거가 없습니다."


def test_a_submission_sent_back_is_a_draft_again_when_it_is_taken_back(submission, people) -> None:
    on(DUE, "signed-off", submission, people)
    with clock.at(DUE):
        transitions.send_back(submission=submission, by=people["approver"], reason="근거가 없습니다.")
        transitions.sign_off(submission=submission, by=people["approver"])
        transitions.take_back(submission=submission, by=people["approver"])
    submission.refresh_from_db()
    assert submission.label == StateLabel.DRAFT


# The period


@pytest.mark.parametrize(
    ("day", "extended_until", "is_open"),
    [
        (dt.date(2021, 12, 31), None, False),
        (dt.date(2022, 1, 1), None, True),
        (CLOSING, None, True),
        (CLOSING + dt.timedelta(1), None, False),
        (CLOSING + dt.timedelta(1), CLOSING, False),
        (CLOSING + dt.timedelta(5), CLOSING + dt.timedelta(5), True),
        (CLOSING + dt.timedelta(6), CLOSING + dt.timedelta(5), False),
        (dt.date(2021, 12, 31), DUE, True),
    ],
)
def test_writing_and_submitting_need_an_open_period_or_an_exception(
    day, extended_until, is_open, submission, people
) -> None:
    on(DUE, "signed-off", submission, people)
    Submission.objects.update(extended_until=extended_until)
    with clock.at(day):
        if is_open:
            transitions.submit(submission=submission, by=people["by"])
        else:
            with pytest.raises(Refused):
                transitions.submit(submission=submission, by=people["by"])
            transitions.take_back(submission=submission, by=people["by"])
            with pytest.raises(WrongState):
                save_submission(submission=submission, by=people["by"], changes={"results": Change("", "")})
    submission.refresh_from_db()
    assert submission.state == (State.SUBMITTED if is_open else State.DRAFT)


# Submitting


def test_submitting_again_keeps_the_first_time_and_moves_the_last(submission, people) -> None:
    first, second = dt.date(2022, 1, 10), dt.date(2022, 1, 20)
    on(first, "returned", submission, people)
    with clock.at(second):
        transitions.sign_off(submission=submission, by=people["approver"])
        transitions.submit(submission=submission, by=people["by"])
    submission.refresh_from_db()
    assert submission.first_submitted_at.astimezone(dt.UTC).date() == first
    assert submission.last_submitted_at.astimezone(dt.UTC).date() == second
    assert (submission.state, submission.label) == (State.SUBMITTED, StateLabel.SUBMITTED_AGAIN)
    assert submission.versions.count() == 2


def test_the_document_number_and_date_belong_to_the_version(submission, people) -> None:
    on(DUE, "signed-off", submission, people)
    with clock.at(DUE):
        transitions.submit(
            submission=submission, by=people["by"], document_number=" 정책과-12 ", document_date=dt.date(2022, 1, 30)
        )
    submission.refresh_from_db()
    version = submission.submitted_version
    assert (version.document_number, version.document_date) == ("정책과-12", dt.date(2022, 1, 30))


def test_too_long_a_document_number_is_told(submission, people) -> None:
    on(DUE, "signed-off", submission, people)
    with clock.at(DUE), pytest.raises(Refused) as refused:
        transitions.submit(submission=submission, by=people["by"], document_number="9" * 101)
    assert refused.value.field == "document_number"


# Returning


@pytest.mark.parametrize("reason", ["", "  \n"])
@pytest.mark.parametrize(
    ("state", "step", "who"),
    [
        ("signed-off", transitions.send_back, "approver"),
        ("submitted", transitions.return_submission, "coordinator"),
        ("confirmed", transitions.reopen, "coordinator"),
    ],
)
def test_steps_back_need_a_reason(state, step, who, reason, submission, people) -> None:
    on(DUE, state, submission, people)
    with clock.at(DUE), pytest.raises(Refused) as refused:
        step(submission=submission, by=people[who], reason=reason)
    assert refused.value.field == "reason"
    submission.refresh_from_db()
    assert submission.state == state


def test_too_long_a_reason_is_told(submission, people) -> None:
    on(DUE, "submitted", submission, people)
    with clock.at(DUE), pytest.raises(Refused) as refused:
        transitions.return_submission(submission=submission, by=people["coordinator"], reason="가" * 2001)
    assert refused.value.field == "reason"


def test_remarks_by_field_are_kept_beside_those_of_earlier_returns(submission, people) -> None:
    on(DUE, "submitted", submission, people)
    with clock.at(DUE):
        for text in ("수치가 없습니다.", "출처가 없습니다."):
            transitions.return_submission(
                submission=submission,
                by=people["coordinator"],
                reason="보완",
                comments={"results": text, "budget": "  "},
            )
            transitions.sign_off(submission=submission, by=people["approver"])
            transitions.submit(submission=submission, by=people["by"])
    kept = ReviewComment.objects.filter(submission=submission).values_list("field", "text", "resolved_at")
    assert sorted(kept) == [("results", "수치가 없습니다.", None), ("results", "출처가 없습니다.", None)]


@pytest.mark.parametrize(("comments", "field"), [({"state": "x"}, "comments"), ({"results": "가" * 2001}, "results")])
def test_a_remark_is_about_a_field_and_not_endless(comments, field, submission, people) -> None:
    on(DUE, "submitted", submission, people)
    with clock.at(DUE), pytest.raises(Refused) as refused:
        transitions.return_submission(submission=submission, by=people["coordinator"], reason="보완", comments=comments)
    assert refused.value.field == field
    assert not ReviewComment.objects.exists()


@pytest.mark.parametrize(
    ("day", "due_date", "refused"),
    [
        (DUE, None, False),
        (DUE, DUE, True),  # gives no more time than the round does
        (DUE, DUE + dt.timedelta(1), False),
        (DUE + dt.timedelta(1), None, True),
        (DUE + dt.timedelta(1), DUE, True),
        (DUE + dt.timedelta(1), DUE + dt.timedelta(1), False),
        (CLOSING + dt.timedelta(9), CLOSING + dt.timedelta(20), False),
        (CLOSING + dt.timedelta(9), None, True),
    ],
)
def test_a_late_return_needs_a_new_due_date_that_lies_ahead(day, due_date, refused, submission, people) -> None:
    on(DUE, "submitted", submission, people)
    arguments = {"submission": submission, "by": people["coordinator"], "reason": "보완", "due_date": due_date}
    with clock.at(day):
        if refused:
            with pytest.raises(Refused) as told:
                transitions.return_submission(**arguments)
            assert told.value.field == "due_date"
            return
        transitions.return_submission(**arguments)
        submission.refresh_from_db()
        assert not submission.is_overdue()
        save_submission(submission=submission, by=people["by"], changes={"shortcomings": Change("", "인력 부족")})


@pytest.mark.parametrize(
    ("day", "due_date", "refused"),
    [
        (CLOSING, None, False),
        (CLOSING + dt.timedelta(1), None, True),
        (CLOSING + dt.timedelta(2), CLOSING + dt.timedelta(1), True),
        (CLOSING + dt.timedelta(1), CLOSING + dt.timedelta(9), False),
    ],
)
def test_reopening_after_closing_needs_a_new_due_date(day, due_date, refused, submission, people) -> None:
    on(DUE, "confirmed", submission, people)
    arguments = {"submission": submission, "by": people["coordinator"], "reason": "정정", "due_date": due_date}
    with clock.at(day):
        if refused:
            with pytest.raises(Refused) as told:
                transitions.reopen(**arguments)
            assert told.value.field == "due_date"
            return
        transitions.reopen(**arguments)
        submission.refresh_from_db()
        assert (submission.state, submission.extended_until) == (State.RETURNED, due_date)
        assert submission.is_under_revision


# Confirming


@pytest.mark.parametrize("rating", ["", "no-report", "excellent"])
def test_confirming_needs_one_of_the_ratings(rating, submission, people) -> None:
    on(DUE, "submitted", submission, people)
    with clock.at(DUE), pytest.raises(Refused) as refused:
        transitions.confirm(submission=submission, by=people["coordinator"], rating=rating)
    assert refused.value.field == "rating"


def test_an_open_remark_stands_against_confirming_until_it_is_resolved(submission, people) -> None:
    on(DUE, "submitted", submission, people)
    with clock.at(DUE):
        transitions.return_submission(
            submission=submission, by=people["coordinator"], reason="보완", comments={"results": "수치가 없습니다."}
        )
        transitions.sign_off(submission=submission, by=people["approver"])
        transitions.submit(submission=submission, by=people["by"])
        with pytest.raises(Refused):
            transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track")
        for _twice in range(2):
            review_remarks.resolve_remark(remark=submission.comments.get(), by=people["coordinator"])
        transitions.confirm(submission=submission, by=people["coordinator"], rating="attention", reason=" 지연 ")
    submission.refresh_from_db()
    assert (submission.state, submission.coordinator_rating) == (State.CONFIRMED, "attention")
    assert submission.coordinator_reason == "지연"
    assert events(submission).count("resolve") == 1
