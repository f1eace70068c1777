"""Closing a round by an act and undoing just that: what it stops, what it leaves, what the page says before."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from ministries.enums import Ending, Lock, State
from ministries.locks import edit_lock, period_lock
from ministries.models import Extension, Round, RoundClosing, Submission
from ministries.selectors.closing import closing_of
from ministries.services.closing import close_round, undo_closing
from ministries.services.extensions import extend, extend_body
from ministries.services.rounds import change_round
from ministries.services.submissions import Change, save_submission
from ministries.services.transitions import confirm, return_submission, submit
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import RoundFactory, SubmissionFactory, submission_in
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def round_(db: Any) -> Round:
    """An open round, due in three weeks."""
    return RoundFactory()


def now(submission: Submission) -> Submission:
    return Submission.objects.select_related("round", "assignment__body").get(pk=submission.pk)


def close(round: Round) -> str:
    with override("ko"):
        return reverse("ministries:round_close", args=[round.plan.number, round.year])


def reopen(round: Round) -> str:
    with override("ko"):
        return reverse("ministries:round_reopen", args=[round.plan.number, round.year])


def test_after_the_act_nothing_is_written_or_submitted_and_review_goes_on(
    round_, body, focal_point, coordinator
) -> None:
    draft = SubmissionFactory(round=round_, body=body)
    signed = submission_in(State.SIGNED_OFF, SubmissionFactory(round=round_, body=body))
    waiting = [submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=body)) for _each in range(2)]
    made = close_round(round=round_, by=coordinator, note="추가 제출 없음")
    assert (made.unreported, made.closed_by_label, made.note) == (2, "Coordinator", "추가 제출 없음")
    with pytest.raises(WrongState):
        save_submission(submission=draft, by=focal_point, changes={"results": Change("", "글")})
    with pytest.raises(Refused):
        submit(submission=signed, by=focal_point)
    confirm(submission=waiting[0], by=coordinator, rating="on-track")
    with pytest.raises(Refused) as refused:
        return_submission(submission=waiting[1], by=coordinator, reason="보완")
    assert refused.value.field == "due_date", "without a new due date the body could not answer"
    until = clock.today() + DAY
    assert until < round_.due_date, "and it may be sooner than that of a round that is closed"
    return_submission(submission=waiting[1], by=coordinator, reason="보완", due_date=until)
    assert (edit_lock(now(waiting[1]), focal_point), now(waiting[1]).due_date) == (None, until)
    event = Event.objects.get(kind="close")
    assert (event.reason, len(event.data["unreported"])) == ("추가 제출 없음", 2)


@pytest.mark.parametrize("ends", [False, True])
def test_exceptions_go_on_unless_the_closing_ends_them(ends, round_, body, focal_point, coordinator) -> None:
    excepted = SubmissionFactory(round=round_, body=body)
    until = round_.due_date + DAY
    extend(submission=excepted, until=until, reason="출장", by=coordinator)
    closing = close_round(round=round_, by=coordinator, end_extensions=ends)
    row = excepted.extensions.get()
    if not ends:
        assert (period_lock(now(excepted)), row.ended_at) == (None, None)
        return
    assert (period_lock(now(excepted)), row.ended_how, row.closing) == (Lock.CLOSED, Ending.CLOSING, closing)
    undone = undo_closing(closing=closing, reason="잘못 마감함", by=coordinator)
    row.refresh_from_db()
    assert (undone.restored, undone.is_open, row.ended_at, row.ended_how) == (1, True, None, "")
    assert now(excepted).extended_until == until


def test_undoing_takes_back_the_closing_and_nothing_that_came_since(round_, body, coordinator) -> None:
    ended = SubmissionFactory(round=round_, body=body)
    replaced, since = (SubmissionFactory(round=round_, body=body) for _each in range(2))
    until = round_.due_date + 9 * DAY
    for each in (ended, replaced):
        extend(submission=each, until=until, reason="출장", by=coordinator)
    closing = close_round(round=round_, by=coordinator, end_extensions=True)
    sooner = round_.due_date + DAY
    for each in (replaced, since):
        extend(submission=each, until=sooner, reason="마감 후", by=coordinator)
    change_round(
        round=round_,
        opening_date=round_.opening_date,
        due_date=round_.due_date,
        closing_date=round_.closing_date + DAY,
        by=coordinator,
    )
    undo_closing(closing=closing, reason="잘못 마감함", by=coordinator)
    round_.refresh_from_db()
    assert (round_.closed_at, round_.is_open()) == (None, True)
    assert [now(each).extended_until for each in (ended, replaced, since)] == [until, sooner, sooner]
    closing.refresh_from_db()
    assert (closing.undone_by_label, closing.undone_reason) == ("Coordinator", "잘못 마감함")
    assert Event.objects.filter(kind="undo_close").count() == 1
    again = close_round(round=round_, by=coordinator)
    assert again != closing, "both rows stay"


def test_undoing_is_refused_where_it_would_open_nothing(round_, body, coordinator) -> None:
    excepted = SubmissionFactory(round=round_, body=body)
    until = round_.closing_date + 5 * DAY
    extend(submission=excepted, until=until, reason="출장", by=coordinator)
    closing = close_round(round=round_, by=coordinator, end_extensions=True)
    with clock.at(until + DAY), pytest.raises(WrongState):
        undo_closing(closing=closing, reason="늦음", by=coordinator)
    round_.refresh_from_db()
    assert round_.closed_at is not None
    with clock.at(round_.closing_date + DAY):
        undone = undo_closing(closing=closing, reason="예외가 남음", by=coordinator)
        assert (undone.is_open, undone.restored) == (False, 1)
        assert period_lock(now(excepted)) is None
    with pytest.raises(WrongState):
        undo_closing(closing=closing, reason="또", by=coordinator)


def test_a_round_that_its_date_has_closed_can_be_closed_by_act_too(body, coordinator) -> None:
    today = clock.today()
    over = RoundFactory(opening_date=today - 9 * DAY, due_date=today - 3 * DAY, closing_date=today - DAY)
    excepted = SubmissionFactory(round=over, body=body)
    extend_body(round=over, body=body, until=today + DAY, reason="출장", by=coordinator)
    close_round(round=over, by=coordinator, end_extensions=True)
    assert period_lock(now(excepted)) is Lock.CLOSED


def test_it_is_not_closed_twice_nor_before_it_opens_nor_unseen(round_, body, coordinator) -> None:
    SubmissionFactory(round=round_, body=body)
    with pytest.raises(WrongState):
        close_round(round=round_, by=coordinator, seen=0)
    coming = RoundFactory(opening_date=clock.today() + DAY)
    with pytest.raises(WrongState):
        close_round(round=coming, by=coordinator)
    assert not RoundClosing.objects.exists()
    close_round(round=round_, by=coordinator, seen=1)
    with pytest.raises(WrongState):
        close_round(round=round_, by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundClosing.objects.create(round=round_)


@pytest.mark.parametrize("who", ["focal_point", "approver", "panel_member", "committee_reader", "administrator"])
def test_only_a_coordinator_closes_and_undoes(who, round_, coordinator, signed_in, request) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        close_round(round=round_, by=user)
    closing = close_round(round=round_, by=coordinator)
    with pytest.raises(NotPermitted):
        undo_closing(closing=closing, reason="내 마음", by=user)
    browser = signed_in(user)
    assert [browser.get(close(round_)).status_code, browser.post(close(round_)).status_code] == [404, 404]
    assert browser.post(reopen(round_), {"reason": "내 마음"}).status_code == 404
    assert RoundClosing.objects.get().undone_at is None


# Pages


def test_the_page_says_what_will_be_closed_and_closes_it(round_, body, other_body, coordinator, signed_in) -> None:
    owed = [SubmissionFactory(round=round_, body=body) for _each in range(2)]
    submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=other_body))
    extend(submission=owed[0], until=round_.due_date + DAY, reason="출장", by=coordinator)
    found = closing_of(coordinator, round_)
    assert [(each.name["ko"], len(each.rows), each.total) for each in found.bodies] == [("이행부", 2, 2)]
    assert (found.total, found.unreported, found.in_review, len(found.extensions)) == (3, 2, 1, 1)
    browser = signed_in(coordinator)
    text = text_of(browser.get("/en" + close(round_)))
    for said in ("Will be closed unreported 2 of 3", "Own Ministry 2 of 2", "1 submission waits for review"):
        assert said in text
    answer = browser.post(close(round_), form_data(browser.get(close(round_)), note="끝냄", end_extensions="on"))
    assert (answer.status_code, Extension.objects.get().ended_how) == (302, Ending.CLOSING)
    text = text_of(browser.get("/en" + close(round_)))
    assert "Closed by a coordinator · Coordinator" in text
    assert "2 submissions were not reported then." in text
    assert browser.post(reopen(round_), {"reason": ""}).status_code == 400
    assert browser.post(reopen(round_), {"reason": "잘못"}).status_code == 302
    assert browser.post(reopen(round_), {"reason": "잘못"}).status_code == 409
    assert "잘못" in text_of(browser.get(close(round_))), "the closing that was undone stays in sight"


def test_two_who_close_are_told_and_what_was_typed_stays(round_, body, coordinator, signed_in) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    browser = signed_in(coordinator)
    first = form_data(browser.get(close(round_)), note="내 비고")
    submission_in(State.SUBMITTED, owed)
    answer = browser.post(close(round_), first)
    kept = form_data(answer)
    assert (answer.status_code, kept["note"], kept["seen"]) == (409, "내 비고", "0")
    assert browser.post(close(round_), kept).status_code == 302
    answer = browser.post(close(round_), kept)
    assert (answer.status_code, RoundClosing.objects.count()) == (409, 1)


@pytest.mark.parametrize("wrong", [{"seen": ""}, {"seen": "-1"}, {"seen": "x"}, {"note": "가" * 2001}])
def test_bad_input_closes_nothing(wrong, round_, coordinator, signed_in) -> None:
    answer = signed_in(coordinator).post(close(round_), {"seen": "0", "note": "비고", **wrong})
    assert (answer.status_code, RoundClosing.objects.exists()) == (400, False)


def test_addresses_and_methods_that_there_are_not(round_, coordinator, signed_in, client) -> None:
    browser = signed_in(coordinator)
    assert [browser.delete(close(round_)).status_code, browser.get(reopen(round_)).status_code] == [405, 405]
    assert browser.get("/plans/999/2021/close/").status_code == 404
    assert client.get(close(round_)).status_code == 302


def test_the_page_has_one_number_of_queries(
    round_, body, other_body, coordinator, signed_in, django_assert_num_queries
) -> None:
    SubmissionFactory(round=round_, body=body)
    browser = signed_in(coordinator)
    browser.get(close(round_))
    with CaptureQueriesContext(connection) as first:
        browser.get(close(round_))
    for whose in (body, other_body):
        SubmissionFactory(round=round_, body=whose)
    with django_assert_num_queries(len(first)):
        browser.get(close(round_))
