"""Exceptions: rows that stay, for one submission or for all that a body owes; what they do, and how they end."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from ministries.enums import Ending, Lock, State
from ministries.locks import edit_lock
from ministries.models import Extension, Round, Submission
from ministries.selectors.extensions import extensions_of, extensions_of_round
from ministries.services import transitions
from ministries.services.extensions import end_extension, extend, extend_body
from ministries.workflow import NotPermitted, Refused, WrongState, covered_until
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import AssignmentFactory, RoundFactory, SubmissionFactory, submission_in
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
REASON = "국외 출장"


@pytest.fixture
def round_(db: Any) -> Round:
    """A round that has closed a week ago."""
    today = clock.today()
    return RoundFactory(opening_date=today - 60 * DAY, due_date=today - 20 * DAY, closing_date=today - 7 * DAY)


@pytest.fixture
def soon() -> dt.date:
    return clock.today() + 5 * DAY


def now(submission: Submission) -> Submission:
    return Submission.objects.select_related("round", "assignment__body").get(pk=submission.pk)


def test_a_bodys_exception_opens_all_that_it_owes_and_nothing_of_others(
    round_, soon, body, other_body, focal_point, coordinator
) -> None:
    owed = [SubmissionFactory(round=round_, body=body) for _each in range(2)]
    theirs = SubmissionFactory(round=round_, body=other_body)
    granted = extend_body(round=round_, body=body, until=soon, reason=REASON, by=coordinator)
    assert [edit_lock(now(each), focal_point) for each in owed] == [None, None]
    assert now(theirs).extended_until is None
    assert (granted.granted_by_label, granted.reason, granted.submission) == ("Coordinator", REASON, None)
    told = Event.objects.filter(kind__in=["grant", "extend"]).values_list("kind", "reason")
    assert sorted(told) == [("extend", REASON), ("extend", REASON), ("grant", REASON)]
    assert extend_body(round=round_, body=body, until=soon, reason="또", by=coordinator) is None, "a double click"
    assert Extension.objects.count() == 1


def test_what_a_body_has_handed_in_comes_back_to_it_under_its_exception(round_, soon, body, coordinator) -> None:
    """Returned later, it needs no new due date: the exception of the body covers it; until then it stays as it was."""
    with clock.at(round_.due_date):
        submitted = submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=body))
    SubmissionFactory(round=round_, body=body)
    with pytest.raises(Refused):
        transitions.return_submission(submission=submitted, by=coordinator, reason="보완")
    extend_body(round=round_, body=body, until=soon, reason=REASON, by=coordinator)
    assert now(submitted).extended_until is None
    transitions.return_submission(submission=now(submitted), by=coordinator, reason="보완")
    back = now(submitted)
    assert (back.state, back.extended_until, back.is_overdue()) == (State.RETURNED, soon, False)


def test_the_later_of_two_days_holds_and_the_earlier_one_after_its_end(
    round_, soon, body, focal_point, coordinator
) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    extend_body(round=round_, body=body, until=soon, reason=REASON, by=coordinator)
    extend(submission=owed, until=soon + DAY, reason="더 필요함", by=coordinator)
    assert now(owed).extended_until == soon + DAY == covered_until(owed)
    end_extension(extension=owed.extensions.get(), reason="필요 없음", by=coordinator)
    assert now(owed).extended_until == soon
    end_extension(extension=Extension.objects.get(submission=None), reason="필요 없음", by=coordinator)
    assert (now(owed).extended_until, edit_lock(now(owed), focal_point)) == (None, Lock.CLOSED)
    assert Event.objects.filter(kind="end_extension", object_id=str(owed.pk)).count() == 2


def test_a_new_one_takes_the_place_of_the_last_and_both_rows_stay(round_, soon, body, coordinator) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    for more, reason in ((2, "처음"), (0, "줄임")):
        extend(submission=owed, until=soon + more * DAY, reason=reason, by=coordinator)
    rows = [(row.extension.reason, row.status) for row in extensions_of(owed)]
    assert rows == [("줄임", "in-force"), ("처음", Ending.REPLACED)]
    assert now(owed).extended_until == soon


def test_a_return_with_a_new_due_date_is_an_exception_with_the_returns_reason(round_, soon, body, coordinator) -> None:
    with clock.at(round_.due_date):
        submitted = submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=body))
    transitions.return_submission(submission=submitted, by=coordinator, reason="수치를 확인", due_date=soon)
    row = submitted.extensions.get()
    assert (row.until, row.reason, row.granted_by) == (soon, "수치를 확인", coordinator)
    assert now(submitted).extended_until == soon


def test_an_exception_that_was_ended_after_the_submission_does_not_come_back_with_a_return(
    round_, soon, body, coordinator
) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    extend(submission=owed, until=soon, reason=REASON, by=coordinator)
    submitted = submission_in(State.SUBMITTED, now(owed))
    end_extension(extension=owed.extensions.get(), reason="끝", by=coordinator)
    assert submitted.extended_until == soon, "what it was handed in under stays known"
    with pytest.raises(Refused):
        transitions.return_submission(submission=now(owed), by=coordinator, reason="보완")


@pytest.mark.parametrize(
    ("days", "reason", "field"), [(-1, "교체", "until"), (5, " ", "reason"), (5, "가" * 2001, "reason")]
)
def test_a_bodys_exception_needs_a_day_ahead_and_a_reason(days, reason, field, round_, body, coordinator) -> None:
    SubmissionFactory(round=round_, body=body)
    with pytest.raises(Refused) as refused:
        extend_body(round=round_, body=body, until=clock.today() + days * DAY, reason=reason, by=coordinator)
    assert (refused.value.field, Extension.objects.exists()) == (field, False)


def test_a_body_that_owes_nothing_gets_no_exception(round_, soon, body, coordinator) -> None:
    with pytest.raises(Refused) as refused:
        extend_body(round=round_, body=body, until=soon, reason=REASON, by=coordinator)
    assert refused.value.field == "body"


def test_what_is_over_is_not_ended_again(round_, soon, body, coordinator) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    extend(submission=owed, until=soon, reason=REASON, by=coordinator)
    row = owed.extensions.get()
    with clock.at(soon + DAY), pytest.raises(WrongState):
        end_extension(extension=row, reason="끝", by=coordinator)
    end_extension(extension=row, reason="끝", by=coordinator)
    with pytest.raises(WrongState):
        end_extension(extension=row, reason="끝", by=coordinator)
    with clock.at(soon + DAY):
        assert [each.status for each in extensions_of(owed)] == [Ending.REVOKED], "it did not run out by itself"


def test_the_database_knows_one_in_force_and_no_end_without_a_how(round_, soon, body, coordinator) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    extend(submission=owed, until=soon, reason=REASON, by=coordinator)
    for given in ({"submission": owed}, {"ended_at": clock.now()}, {"ended_how": Ending.REVOKED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Extension.objects.create(**{"round": round_, "body": body, "until": soon, **given})


@pytest.mark.parametrize("who", ["focal_point", "approver", "panel_member", "administrator"])
def test_only_a_coordinator_grants_and_ends(who, round_, soon, body, coordinator, request) -> None:
    user: User = request.getfixturevalue(who)
    owed = SubmissionFactory(round=round_, body=body)
    extend(submission=owed, until=soon, reason=REASON, by=coordinator)
    with pytest.raises(NotPermitted):
        extend_body(round=round_, body=body, until=soon, reason=REASON, by=user)
    with pytest.raises(NotPermitted):
        end_extension(extension=owed.extensions.get(), reason="끝", by=user)
    assert Extension.objects.get().ended_at is None


# Pages


def page(round: Round) -> str:
    with override("ko"):
        return reverse("ministries:extension_list", args=[round.plan.number, round.year])


def test_the_page_lists_who_has_what_and_grants_and_ends(round_, soon, body, coordinator, signed_in) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    browser = signed_in(coordinator)
    typed = form_data(browser.get(page(round_)), body=body.code, until=soon.isoformat(), reason=REASON)
    assert browser.post(page(round_), typed).status_code == 302
    code = owed.assignment.action_plan.code
    assert browser.post(page(round_), {**typed, "code": code, "until": (soon + DAY).isoformat()}).status_code == 302
    rows = extensions_of_round(round_)
    assert [(row.code, row.status) for row in rows] == [(code, "in-force"), ("", "in-force")]
    text = text_of(browser.get("/en" + page(round_)))
    assert f"Own Ministry All that is awaited Exception until {soon.day} {soon:%B %Y} {REASON} Coordinator" in text
    end = reverse("ministries:extension_end", args=[round_.plan.number, round_.year, rows[0].extension.pk])
    assert browser.post(end, {"reason": " "}).status_code == 400
    assert browser.post(end, {"reason": "철회"}).status_code == 302
    assert [row.status for row in extensions_of_round(round_)] == ["in-force", Ending.REVOKED]
    assert "Ended early" in text_of(browser.get("/en" + page(round_)))
    assert browser.get(end).status_code == browser.post(end, {"reason": "또"}).status_code == 409


def test_the_body_sees_its_own_exceptions_and_no_others(
    round_, soon, body, other_body, focal_point, coordinator, signed_in
) -> None:
    owed, theirs = SubmissionFactory(round=round_, body=body), SubmissionFactory(round=round_, body=other_body)
    extend_body(round=round_, body=body, until=soon, reason=REASON, by=coordinator)
    extend_body(round=round_, body=other_body, until=soon, reason="남의 사유", by=coordinator)
    browser, own = signed_in(focal_point), f"/en{owed.get_absolute_url()}"
    said = f"Exception until {soon.day} {soon:%B %Y}"
    place = f"/en/plans/{round_.plan.number}/{round_.year}/"
    for address in (own, place, f"{place}bodies/{body.code}/sign-off/"):
        text = text_of(browser.get(address))
        assert (said in text, "남의 사유" in text) == (True, False), address
    assert REASON in text_of(browser.get(own))
    assert browser.get(theirs.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": ""},
        {"body": "NONE"},
        {"code": "99.9.9"},
        {"until": ""},
        {"until": "2000-01-01"},
        {"until": "soon"},
        {"reason": ""},
        {"reason": "가" * 2001},
    ],
)
def test_bad_input_is_told_and_kept(wrong, round_, soon, body, coordinator, signed_in) -> None:
    SubmissionFactory(round=round_, body=body)
    browser = signed_in(coordinator)
    typed = {"body": body.code, "code": "", "until": soon.isoformat(), "reason": REASON, **wrong}
    answer = browser.post(page(round_), typed)
    assert (answer.status_code, Extension.objects.exists()) == (400, False)
    kept = form_data(answer)
    assert {name: kept[name] for name in typed if name != "body"} == {
        name: typed[name] for name in typed if name != "body"
    }


def test_what_is_not_awaited_any_more_is_told(round_, soon, body, coordinator, signed_in) -> None:
    with clock.at(round_.due_date):
        submitted = submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=body))
    code = submitted.assignment.action_plan.code
    typed = {"body": body.code, "code": code, "until": soon.isoformat(), "reason": REASON}
    assert signed_in(coordinator).post(page(round_), typed).status_code == 409


@pytest.mark.parametrize("who", ["focal_point", "approver", "panel_member", "committee_reader", "administrator"])
def test_others_see_no_list_and_end_nothing(who, round_, soon, body, coordinator, signed_in, request) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    extend(submission=owed, until=soon, reason=REASON, by=coordinator)
    browser = signed_in(request.getfixturevalue(who))
    end = f"{page(round_)}{owed.extensions.get().pk}/end/"
    assert [browser.get(page(round_)).status_code, browser.post(page(round_)).status_code] == [404, 404]
    assert [browser.get(end).status_code, browser.post(end, {"reason": "끝"}).status_code] == [404, 404]
    assert Extension.objects.get().ended_at is None


def test_addresses_and_methods_that_there_are_not(round_, soon, body, coordinator, signed_in, client) -> None:
    owed = SubmissionFactory(round=round_, body=body)
    extend(submission=owed, until=soon, reason=REASON, by=coordinator)
    other, browser = RoundFactory(), signed_in(coordinator)
    key = owed.extensions.get().pk
    assert browser.delete(page(round_)).status_code == 405
    for address in (f"{page(other)}{key}/end/", f"{page(round_)}{round_.plan_id}/end/", "/plans/999/2021/extensions/"):
        assert browser.get(address).status_code == 404
    assert client.get(page(round_)).status_code == 302


def test_the_list_has_one_number_of_queries(
    round_, soon, body, coordinator, signed_in, django_assert_num_queries
) -> None:
    def grant() -> None:
        extend(submission=SubmissionFactory(round=round_, body=body), until=soon, reason=REASON, by=coordinator)

    grant()
    browser = signed_in(coordinator)
    browser.get(page(round_))
    with CaptureQueriesContext(connection) as first:
        browser.get(page(round_))
    for _more in range(2):
        grant()
    with django_assert_num_queries(len(first)):
        browser.get(page(round_))


def test_an_assignment_without_a_submission_in_the_round_is_none_of_it(round_, soon, body, coordinator) -> None:
    AssignmentFactory(plan=round_.plan, body=body)
    with pytest.raises(Refused):
        extend_body(round=round_, body=body, until=soon, reason=REASON, by=coordinator)
