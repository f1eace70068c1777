"""The sign-off desk of a body: who sees it, what stands where, what a bulk step tells, and that nothing is lost."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from ministries.enums import Role, State
from ministries.models import BudgetLine, ImplementingBody, IndicatorResult, Round, Submission
from ministries.services import transitions
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import (
    AppointmentFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    fill_in,
    person,
    submission_in,
)
from tests.pages import actions_on, form_data, in_english, text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
SPENT_TOO_MUCH = {"budget_value": 1, "budget_state": "value", "executed_value": 2, "executed_state": "value"}
TO_SIGN_OFF, TO_SUBMIT, INCOMPLETE, IN_REVIEW = "to-sign-off", "to-submit", "incomplete", "in-review"


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def place(round_: Round, body: ImplementingBody, focal_point: User) -> Callable[..., Submission]:
    """Make a submission of the body in a state; ``complete`` is a draft with nothing missing."""

    def make(state: str = "draft", owner: ImplementingBody | None = None, **content: str) -> Submission:
        made = SubmissionFactory(round=round_, body=owner or body)
        if state == "complete":
            return fill_in(made, focal_point, **content)
        return submission_in(state, made, content=content)

    return make


def address(round_: Round, body: ImplementingBody, page: str = "desk") -> str:
    with override("ko"):
        return reverse(f"ministries:signoff_{page}", args=[round_.plan.number, round_.year, body.code])


def code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


def seen(submission: Submission) -> str:
    return f"{code(submission)}:{submission.step}"


def groups(answer: Any) -> dict[str, list[str]]:
    """The action plans on the page, by group."""
    return {group.code: [row.code for row in group.rows] for group, _label in answer.context["groups"]}


def state_of(submission: Submission) -> str:
    return Submission.objects.get(pk=submission.pk).state


# Who


def test_the_people_of_the_body_find_it_and_nobody_else(
    round_, body, other_body, lead_body, place, coordinator, signed_in: SignIn
) -> None:
    place("submitted")
    expected = {
        person(Role.FOCAL_POINT, body): 200,
        person(Role.APPROVER, body): 200,
        person(Role.FOCAL_POINT, other_body): 404,
        person(Role.APPROVER, other_body): 404,
        coordinator: 404,
        person(Role.PANEL_MEMBER): 404,
        person(Role.COMMITTEE_READER): 404,
        person(Role.ADMINISTRATOR): 404,
        UserFactory(): 404,
    }
    for page in ("desk", "submit"):
        for user, status in expected.items():
            answer = signed_in(user).get(address(round_, body, page))
            # Without a choice there is nothing to submit.
            assert answer.status_code == (400 if (page, status) == ("submit", 200) else status), user
            if status == 404:
                assert signed_in(user).post(address(round_, body, page), {"row": "x:0"}).status_code == 404


def test_a_coordinator_who_reports_for_the_lead_ministry_has_its_desk(round_, lead_body, place, signed_in) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    mine = fill_in(SubmissionFactory(round=round_, body=lead_body), user)
    client = signed_in(user)
    client.post(address(round_, lead_body), {"row": seen(mine)})
    assert state_of(mine) == State.SIGNED_OFF
    # Who took part confirms nothing of it later.
    mine.refresh_from_db()
    transitions.submit(submission=mine, by=user)
    mine.refresh_from_db()
    assert not user.has_perm("ministries.confirm_submission", mine)


def test_addresses_that_there_are_not(round_, body, approver, signed_in) -> None:
    client = signed_in(approver)
    assert client.get(address(round_, body).replace("/2022/", "/1999/")).status_code == 404
    assert client.get(address(round_, body).replace(body.code, "NOBODY")).status_code == 404
    assert client.put(address(round_, body)).status_code == 405


# What stands where


def test_each_submission_stands_where_it_can_be_acted_on(round_, body, other_body, place, approver, signed_in) -> None:
    complete, draft, signed, submitted, returned, confirmed = [
        place(state) for state in ("complete", "draft", "signed-off", "submitted", "returned", "confirmed")
    ]
    half = place("complete", next_year_plan="")
    place("submitted", other_body)
    SubmissionFactory(body=body)  # of another round
    answer = signed_in(approver).get(address(round_, body))
    assert groups(answer) == {
        TO_SIGN_OFF: [code(complete), code(returned)],
        TO_SUBMIT: [code(signed)],
        INCOMPLETE: [code(draft), code(half)],
        IN_REVIEW: [code(submitted)],
        "confirmed": [code(confirmed)],
    }
    page = answer.content.decode()
    with override("ko"):
        step = reverse("ministries:submission_write_step", args=[*half.address, "next"])
    assert f'href="{step}#id_next_year_plan"' in page
    assert page.count("차년도 추진계획을 입력하십시오.") == 2
    assert form_data(answer, address(round_, body)) == {}, "nothing is ticked beforehand"


@pytest.mark.parametrize(
    ("state", "left"), [("signed-off", [TO_SUBMIT]), ("not-started", [INCOMPLETE]), ("overdue", []), ("x", None)]
)
def test_the_page_is_narrowed_to_a_state(state, left, round_, body, place, approver, signed_in) -> None:
    for each in ("complete", "draft", "signed-off"):
        place(each)
    answer = signed_in(approver).get(address(round_, body), {"state": state})
    assert list(groups(answer)) == ([TO_SIGN_OFF, TO_SUBMIT, INCOMPLETE] if left is None else left)
    assert sum(item["number"] for item in answer.context["counts"]) == 3


def test_a_focal_point_signs_off_only_where_there_is_no_approver(round_, body, place, focal_point, signed_in) -> None:
    complete = place("complete")
    client = signed_in(focal_point)
    assert "data-choose" in client.get(address(round_, body)).content.decode()
    approver = person(Role.APPROVER, body)
    answer = client.get(address(round_, body))
    assert groups(answer) == {TO_SIGN_OFF: [code(complete)]}
    assert "data-choose" not in answer.content.decode()
    assert client.post(address(round_, body), {"row": seen(complete)}).status_code == 403
    approver.appointments.update(end=clock.today() - dt.timedelta(days=1))
    assert client.post(address(round_, body), {"row": seen(complete)}).status_code == 302
    assert state_of(complete) == State.SIGNED_OFF


def test_one_number_of_queries_for_any_number_of_rows(
    round_, body, place, approver, signed_in, django_assert_num_queries
) -> None:
    states = ("complete", "draft", "signed-off", "submitted", "returned", "confirmed")
    _with_figures(place(state) for state in states)
    client, chosen = signed_in(approver), address(round_, body, "submit")
    client.get(address(round_, body))
    rows = {"row": signed(round_)}
    with CaptureQueriesContext(connection) as one:
        client.get(address(round_, body))
    with CaptureQueriesContext(connection) as one_chosen:
        client.get(chosen, rows)
    _with_figures(place(state) for state in states * 2)
    rows = {"row": signed(round_)}
    assert len(rows["row"]) == 3
    with django_assert_num_queries(len(one)):
        client.get(address(round_, body))
    with django_assert_num_queries(len(one_chosen)):
        assert client.get(chosen, rows).context["number"] == 3


def _with_figures(submissions: Iterable[Submission]) -> None:
    """Give each a budget line and an indicator with a result, from which points to check are read."""
    for each in submissions:
        BudgetLine.objects.create(submission=each, programme="사업", **SPENT_TOO_MUCH)
        indicator = IndicatorFactory(action_plan=each.assignment.action_plan)
        IndicatorResult.objects.create(submission=each, indicator=indicator)


def signed(round_: Round) -> list[str]:
    """What ticking all that is signed off sends."""
    return [seen(each) for each in round_.submissions.filter(state=State.SIGNED_OFF)]


def test_points_to_check_are_counted_until_the_body_has_remarked_on_them(
    round_, body, place, focal_point, approver, signed_in
) -> None:
    complete = place("complete")
    client = signed_in(approver)
    assert client.get(address(round_, body)).context["desk"].rows[code(complete)].open_warnings == 0
    for name in ("교육", "홍보"):
        BudgetLine.objects.create(submission=complete, programme=name, **SPENT_TOO_MUCH)
    assert "2 points to check" in text_of(client.get(in_english(address(round_, body))))
    key = f"over-budget.{complete.budget_lines.first().pk}"
    save_submission(submission=complete, by=focal_point, changes={}, remarks={key: Change("", "추가 배정")})
    assert "1 point to check" in text_of(client.get(in_english(address(round_, body))))


# Signing off


def test_what_is_ticked_is_signed_off_and_the_page_says_so(round_, body, place, approver, signed_in) -> None:
    chosen, left = place("complete"), place("complete")
    moved, changed = place("complete"), place("complete")
    transitions.sign_off(submission=moved, by=person(Role.APPROVER, body))
    fill_in(changed, person(Role.FOCAL_POINT, body), results="")
    client = signed_in(approver)
    answer = client.post(
        in_english(address(round_, body)), {"row": [seen(chosen), seen(moved), seen(changed)]}, follow=True
    )
    assert [state_of(each) for each in (chosen, left, moved)] == [State.SIGNED_OFF, State.DRAFT, State.SIGNED_OFF]
    text = text_of(answer)
    assert f"1 submission was signed off {code(chosen)}" in text
    assert "2 submissions were left as they are" in text
    assert f"{code(moved)} Item {code(moved)} : Somebody has taken a step on this submission meanwhile." in text
    assert "It is not complete yet: Write the results." in text
    # The report is there again when the page is reloaded, and belongs to this session alone.
    again = answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]
    assert "1 submission was signed off" in text_of(client.get(again))
    assert f"signed off {code(chosen)}" not in text_of(signed_in(person(Role.APPROVER, body)).get(again))


@pytest.mark.parametrize("rows", [[], ["x"], [":"], ["9.9.9:0"], ["CODE:"], ["CODE:-1"], ["CODE:٣"], ["CODE:1e3"]])
def test_a_choice_that_the_page_did_not_offer_does_nothing(rows, round_, body, place, approver, signed_in) -> None:
    complete, ready = place("complete"), place("signed-off")
    sent = [row.replace("CODE", code(complete)) for row in rows]
    client = signed_in(approver)
    for page in ("desk", "submit"):
        answer = client.post(address(round_, body, page), {"row": [*sent, *([seen(ready)] if sent else [])]})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
        # What was ticked is ticked again.
        assert answer.content.decode().count(" checked") == len(sent[:1])
    assert (state_of(complete), state_of(ready)) == (State.DRAFT, State.SIGNED_OFF)


def test_the_rows_of_another_body_cannot_be_named(round_, body, other_body, place, approver, signed_in) -> None:
    foreign = fill_in(SubmissionFactory(round=round_, body=other_body), person(Role.FOCAL_POINT, other_body))
    assert signed_in(approver).post(address(round_, body), {"row": seen(foreign)}).status_code == 400
    assert state_of(foreign) == State.DRAFT


def test_one_sign_off_is_taken_back(round_, body, place, approver, signed_in) -> None:
    first, second = place("signed-off"), place("signed-off")
    client = signed_in(approver)
    assert actions_on(client.get(address(round_, body))).count(address(round_, body)) == 1
    answer = client.post(in_english(address(round_, body)), {"take_back": seen(first)}, follow=True)
    assert [state_of(each) for each in (first, second)] == [State.DRAFT, State.SIGNED_OFF]
    assert "The sign-off of 1 submission was taken back" in text_of(answer)


# Submitting


def test_what_is_about_to_be_submitted_is_shown_once_more(round_, body, place, approver, signed_in) -> None:
    ready, other, draft = place("signed-off"), place("signed-off"), place("complete")
    place("signed-off")
    asked = in_english(address(round_, body, "submit"))
    answer = signed_in(approver).get(asked, {"row": [seen(ready), seen(other), seen(draft)]})
    assert answer.status_code == 200
    text = text_of(answer)
    assert "2 submissions will be submitted 2 of 3 chosen" in text
    assert f"{code(ready)} Item {code(ready)} On track" in text
    assert "This step is not possible: the submission is in the state “Draft”." in text
    assert Event.objects.filter(kind="submit").count() == 0, "looking submits nothing"
    data = form_data(answer, asked)
    assert set(data) == {"row", "document_number", "document_date"}


def test_all_are_submitted_with_one_document(round_, body, place, approver, signed_in) -> None:
    ready = [place("signed-off") for _number in range(3)]
    answer = signed_in(approver).post(
        in_english(address(round_, body, "submit")),
        {"row": [seen(each) for each in ready], "document_number": " 국방부-12 ", "document_date": "2023. 1. 30."},
        follow=True,
    )
    assert [state_of(each) for each in ready] == [State.SUBMITTED] * 3
    versions = [Submission.objects.get(pk=each.pk).submitted_version for each in ready]
    assert {(each.document_number, each.document_date) for each in versions} == {("국방부-12", dt.date(2023, 1, 30))}
    text = text_of(answer)
    assert "3 submissions were submitted" in text
    assert "국방부-12" in text


def test_a_date_or_number_that_cannot_be_keeps_all_that_was_typed(round_, body, place, approver, signed_in) -> None:
    ready = [place("signed-off") for _number in range(2)]
    client = signed_in(approver)
    typed = {"row": [seen(each) for each in ready], "document_number": "9" * 101, "document_date": "2023. 2. 30."}
    answer = client.post(address(round_, body, "submit"), typed)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert f'value="{"9" * 101}"' in page
    assert 'value="2023. 2. 30."' in page
    assert [f'name="row" value="{each}"' in page for each in typed["row"]] == [True, True]
    assert Event.objects.filter(kind="submit").count() == 0


def test_where_nothing_could_be_submitted_the_number_stays_and_each_row_says_why(
    round_, body, place, approver, signed_in
) -> None:
    ready = place("signed-off")
    looked_at = seen(ready)
    transitions.take_back(submission=ready, by=person(Role.FOCAL_POINT, body))
    transitions.sign_off(submission=Submission.objects.get(pk=ready.pk), by=person(Role.APPROVER, body))
    client, page = signed_in(approver), in_english(address(round_, body, "submit"))
    answer = client.post(page, {"row": looked_at, "document_number": "국방부-12", "document_date": "2023-01-30"})
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Nothing was submitted" in text
    assert "Somebody has taken a step on this submission meanwhile." in text
    ready.refresh_from_db()
    data = form_data(client.get(page, {"row": seen(ready)}), page)
    assert data["row"] == seen(ready)


def test_part_of_what_was_chosen_is_submitted_and_the_rest_told(round_, body, place, focal_point, signed_in) -> None:
    ready, back = place("signed-off"), place("signed-off")
    looked_at = [seen(ready), seen(back)]
    transitions.send_back(submission=back, by=person(Role.APPROVER, body), reason="수치 확인")
    answer = signed_in(focal_point).post(
        in_english(address(round_, body, "submit")), {"row": looked_at, "document_number": "7"}, follow=True
    )
    assert [state_of(ready), state_of(back)] == [State.SUBMITTED, State.DRAFT]
    assert "1 submission was submitted" in text_of(answer)
    assert "1 submission was left as it is" in text_of(answer)


def test_outside_the_period_nothing_is_submitted_and_the_page_says_why(round_, body, place, approver, signed_in):
    ready, excepted = place("signed-off"), place("signed-off")
    late = round_.closing_date + dt.timedelta(days=1)
    Submission.objects.filter(pk=excepted.pk).update(extended_until=late)
    client = signed_in(approver)
    with clock.at(late):
        client = signed_in(approver)
        assert "The period of this round is closed." in text_of(client.get(in_english(address(round_, body))))
        page = in_english(address(round_, body, "submit"))
        text = text_of(client.get(page, {"row": [seen(ready), seen(excepted)]}))
        assert "1 submission will be submitted" in text
        assert "None of these can be submitted now" in text_of(client.get(page, {"row": seen(ready)}))
        client.post(page, {"row": [seen(ready), seen(excepted)]})
    assert [state_of(ready), state_of(excepted)] == [State.SIGNED_OFF, State.SUBMITTED]


# The ways there


def test_the_list_and_every_page_of_the_round_lead_to_the_desk(round_, body, place, approver, signed_in) -> None:
    place("draft")
    for page in (round_.get_absolute_url(), address(round_, body)):
        assert f'href="{address(round_, body)}"' in signed_in(approver).get(page).content.decode()
    assert "/sign-off/" not in signed_in(person(Role.COORDINATOR)).get(round_.get_absolute_url()).content.decode()
