"""The pages of rounds: the list for all roles, making and changing for the coordinator."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from ministries.models import Guidance, Round, Submission
from nap_monitor.accounts.models import User
from objectives.models import Plan
from tests.factories import (
    AssignmentFactory,
    PlanFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    submission_in,
)
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db

LIST = "/rounds/"
READERS = ["focal_point", "approver", "panel_member", "committee_reader", "administrator"]
DATES = {"opening_date": "2022-12-01", "due_date": "2023-01-31", "closing_date": "2023-02-28"}

Pages = Callable[[User], Client]


@pytest.fixture
def plan() -> Plan:
    return PlanFactory()


@pytest.fixture
def client(signed_in: Pages, coordinator: User) -> Client:
    """The coordinator's browser."""
    return signed_in(coordinator)


def typed(day: dt.date) -> str:
    """As a Korean page shows it in a field."""
    return f"{day.year}. {day.month}. {day.day}."


def add(plan: Plan) -> str:
    with override("ko"):
        return reverse("ministries:round_create", args=[plan.number])


def change(round_: Round) -> str:
    return reverse("ministries:round_change", args=[round_.plan.number, round_.year])


@pytest.mark.parametrize("who", ["coordinator", *READERS])
def test_every_role_sees_the_rounds(who, plan, signed_in, request) -> None:
    round_ = RoundFactory(plan=plan, year=2022)
    submission_in("confirmed", SubmissionFactory(round=round_))
    SubmissionFactory(round=round_)
    user = request.getfixturevalue(who)
    answer = signed_in(user).get(LIST)
    text = text_of(answer)
    assert answer.status_code == 200
    assert "2022" in text
    # Only those with a list of submissions are led there, only the coordinator to making a round.
    assert (f'href="{round_.get_absolute_url()}"' in answer.content.decode()) is user.has_perm(
        "ministries.view_confirmed"
    )
    assert (add(plan) in answer.content.decode()) is (who == "coordinator")


def test_without_a_role_there_is_no_list(signed_in) -> None:
    assert signed_in(UserFactory()).get(LIST).status_code == 404
    assert Client().get(LIST).status_code == 302


def test_the_list_counts_what_is_confirmed_of_all(client, plan) -> None:
    round_ = RoundFactory(plan=plan)
    submission_in("confirmed", SubmissionFactory(round=round_))
    submission_in("submitted", SubmissionFactory(round=round_))
    SubmissionFactory(round=round_)
    with_en = client.get("/en" + LIST)
    assert "Confirmed 1 / 3" in text_of(with_en)


def test_the_list_has_one_number_of_queries(
    client, plan, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    RoundFactory(plan=plan, year=2021)
    client.get(LIST)
    with django_assert_max_num_queries(30) as before:
        client.get(LIST)
    for year in (2022, 2023):
        submission_in("confirmed", SubmissionFactory(round=RoundFactory(plan=plan, year=year)))
    RoundFactory(year=2021)
    with django_assert_num_queries(len(before.captured_queries)):
        client.get(LIST)


def test_a_coordinator_makes_a_round_with_its_submissions(client, plan) -> None:
    AssignmentFactory(plan=plan)
    typed = form_data(client.get(f"{add(plan)}?year=2022"), year="2022", guidance_ko="집계값만 <적습니다>", **DATES)
    answer = client.post(add(plan), typed)
    made = Round.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert (made.year, made.due_date, made.guidance) == (2022, dt.date(2023, 1, 31), {"ko": "집계값만 <적습니다>"})
    assert made.submissions.count() == 1


def test_the_page_shows_before_what_will_be_made_and_says_after_what_was(client, plan, body, other_body) -> None:
    duties = [AssignmentFactory(plan=plan, body=each) for each in (body, body, other_body)]
    AssignmentFactory(plan=plan, body=other_body, start_year=2023)
    last = RoundFactory(
        plan=plan,
        year=2021,
        opening_date=dt.date(2021, 12, 1),
        due_date=dt.date(2022, 1, 31),
        closing_date=dt.date(2024, 2, 29),
    )
    before = SubmissionFactory(round=last, assignment=duties[0])
    Submission.objects.filter(pk=before.pk).update(next_year_plan="교육 5회")
    Guidance.objects.create(round=last, action_plan=duties[0].action_plan, text={"ko": "작년 지침"})
    page = client.get("/en" + add(plan))
    text = text_of(page)
    assert "What will be made for 2022" in text, "the first year without a round"
    assert "3 submissions, one for each duty of the year; 1 of 3 begin with" in text
    assert "Own Ministry 2 1 Other Ministry 1 0 Total 3 1" in text
    typed = form_data(page)
    assert [typed[name] for name in DATES] == ["2022-12-01", "2023-01-31", "2025-02-28"]
    assert typed["copies_guidance"] == "on"
    answer = client.post("/en" + add(plan), typed, follow=True)
    made = Round.objects.get(year=2022)
    assert "The round 2022 was made with 3 submissions of 2 bodies." in text_of(answer)
    assert "Begun with last year's plan: 1. Guidance by action plan copied: 1." in text_of(answer)
    assert made.guidance_of_action_plans.get().text == {"ko": "작년 지침"}


def test_guidance_is_copied_only_where_that_is_ticked(client, plan) -> None:
    duty = AssignmentFactory(plan=plan)
    Guidance.objects.create(
        round=RoundFactory(plan=plan, year=2021), action_plan=duty.action_plan, text={"ko": "작년 지침"}
    )
    typed = form_data(client.get(add(plan)), **DATES)
    del typed["copies_guidance"]
    assert client.post(add(plan), typed).status_code == 302
    assert not Guidance.objects.filter(round__year=2022).exists()


def test_for_another_year_than_was_shown_the_page_shows_first_what_will_be_made(client, plan) -> None:
    AssignmentFactory(plan=plan)
    typed = form_data(client.get(add(plan)), year="2022", guidance_ko="집계값만", **DATES)
    answer = client.post(add(plan), typed)
    assert (answer.status_code, Round.objects.count()) == (200, 0)
    kept = form_data(answer)
    assert (kept["year"], kept["guidance_ko"], kept["due_date"]) == ("2022", "집계값만", "2023-01-31")
    assert client.post(add(plan), kept).status_code == 302
    assert Round.objects.get().year == 2022


def test_a_plan_whose_years_all_have_rounds_says_so(client, plan) -> None:
    for year in plan.years:
        RoundFactory(plan=plan, year=year)
    assert "Every year of the plan has a round already." in text_of(client.get("/en" + add(plan)))


def test_the_page_of_a_new_round_has_one_number_of_queries(client, plan, body, django_assert_num_queries) -> None:
    last = RoundFactory(plan=plan, year=2021)
    submission_in("confirmed", SubmissionFactory(round=last, assignment=AssignmentFactory(plan=plan, body=body)))
    client.get(add(plan))
    with CaptureQueriesContext(connection) as first:
        client.get(add(plan))
    for _more in range(2):
        submission_in("confirmed", SubmissionFactory(round=last, assignment=AssignmentFactory(plan=plan)))
    with django_assert_num_queries(len(first)):
        client.get(add(plan))


def test_the_same_round_posted_twice_is_told(client, plan) -> None:
    AssignmentFactory(plan=plan)
    typed = form_data(client.get(f"{add(plan)}?year=2022"), year="2022", **DATES)
    assert [client.post(add(plan), typed).status_code for _click in range(2)] == [302, 400]
    assert (Round.objects.count(), Submission.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": ""},
        {"year": "2030"},
        {"year": "-1"},
        {"year": "99999999999999999999"},
        {"year": "２０２２년"},
        {"due_date": "2022-11-30"},
        {"closing_date": "2023-01-30"},
        {"opening_date": "31.12.2022"},
        {"due_date": "2023-02-30"},
        {"closing_date": ""},
        {"guidance_ko": "가" * 5001},
        {"guidance_en": "x\x00y"},
    ],
)
def test_bad_input_is_told_and_kept(wrong, client, plan) -> None:
    typed = form_data(
        client.get(f"{add(plan)}?year=2022"),
        **{"year": "2022", "guidance_en": "Aggregates only", **DATES, **wrong},
    )
    answer = client.post(add(plan), typed)
    assert (answer.status_code, Round.objects.count()) == (400, 0)
    assert "_error" in answer.content.decode()
    for name, value in wrong.items():
        assert form_data(answer)[name] == value
    if "guidance_en" not in wrong:
        assert form_data(answer)["guidance_en"] == "Aggregates only"


def test_a_coordinator_changes_dates_and_guidance_but_not_the_year(client, plan) -> None:
    round_ = RoundFactory(plan=plan, year=2022, guidance={"ko": "집계값만"})
    page = client.get(change(round_))
    shown = form_data(page)
    assert (shown["due_date"], shown["guidance_ko"], "year" in shown) == (
        typed(round_.due_date),
        "집계값만",
        False,
    )
    answer = client.post(change(round_), {**shown, **DATES, "year": "2023"})
    round_.refresh_from_db()
    assert (answer.status_code, round_.year, round_.opening_date) == (302, 2022, dt.date(2022, 12, 1))


def test_two_who_change_the_same_round_see_both_values_and_overwrite_nothing(client, plan) -> None:
    round_ = RoundFactory(plan=plan, year=2022, guidance={"ko": "집계값만"})
    first = form_data(client.get(change(round_)), **DATES)
    second = form_data(client.get(change(round_)), guidance_ko="새 지침")
    assert client.post(change(round_), first).status_code == 302
    answer = client.post(change(round_), second)
    round_.refresh_from_db()
    assert (answer.status_code, round_.guidance, round_.opening_date) == (409, {"ko": "집계값만"}, dt.date(2022, 12, 1))
    kept = form_data(answer)
    assert (kept["guidance_ko"], kept["opening_date"]) == ("새 지침", second["opening_date"])
    page = answer.content.decode()
    assert "집계값만" in page
    assert client.post(change(round_), kept).status_code == 302, "who has seen both decides"
    round_.refresh_from_db()
    assert (round_.guidance, typed(round_.opening_date)) == ({"ko": "새 지침"}, second["opening_date"])


def test_a_wrong_change_is_told_and_changes_nothing(client, plan) -> None:
    round_ = RoundFactory(plan=plan, year=2022)
    typed = form_data(client.get(change(round_)), closing_date="2000-01-01", guidance_ko="새 지침")
    answer = client.post(change(round_), typed)
    unchanged = Round.objects.get()
    assert (answer.status_code, unchanged.closing_date, unchanged.guidance) == (400, round_.closing_date, {})
    assert form_data(answer)["guidance_ko"] == "새 지침"


@pytest.mark.parametrize("who", READERS)
def test_others_neither_make_nor_change(who, plan, signed_in, request) -> None:
    round_ = RoundFactory(plan=plan, year=2022)
    browser = signed_in(request.getfixturevalue(who))
    for address in (add(plan), change(round_)):
        assert browser.get(address).status_code == 403
        assert browser.post(address, {"year": "2023", **DATES}).status_code == 403
    # Who reads no round either has no such page.
    stranger = signed_in(UserFactory())
    for address in (add(plan), change(round_)):
        assert [stranger.get(address).status_code, stranger.post(address).status_code] == [404, 404]
    assert Round.objects.get().due_date == round_.due_date


def test_methods_and_addresses_that_there_are_not(client, plan) -> None:
    round_ = RoundFactory(plan=plan, year=2022)
    assert client.post(LIST).status_code == 405
    assert client.delete(change(round_)).status_code == 405
    assert client.put(add(plan)).status_code == 405
    for address in ("/plans/999/rounds/add/", "/plans/999/2022/change/", f"/plans/{plan.number}/1999/change/"):
        assert client.get(address).status_code == 404
    without_token = Client(enforce_csrf_checks=True)
    without_token.cookies = client.cookies
    assert without_token.post(add(plan), {"year": "2023", **DATES}).status_code == 403
