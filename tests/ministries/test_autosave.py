"""The page saves by itself while somebody types: changed fields only, each good one saved, each other one answered."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import BudgetLine, ImplementingBody, Submission
from nap_monitor.accounts.models import User
from tests.factories import BodyFieldFactory, IndicatorFactory, SubmissionFactory, fill_in, person
from tests.ministries.autosaving import KEY, Page, change, row
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def page(signed_in: Callable[[User], Client], focal_point: User, submission: Submission) -> Page:
    return Page(signed_in(focal_point), focal_point, submission)


@pytest.fixture
def other(signed_in: Callable[[User], Client], body: ImplementingBody, submission: Submission) -> Page:
    """The page of a colleague."""
    colleague = person(Role.FOCAL_POINT, body, name="홍길동")
    return Page(signed_in(colleague), colleague, submission)


# What is saved


def test_only_what_was_sent_is_changed_and_the_time_is_told(page, submission, focal_point) -> None:
    fill_in(submission, focal_point, shortcomings="인력 부족")
    answer = page.save(fields={"results": change("교육 5회", submission.results)})
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == ("교육 5회", "인력 부족")
    assert answer["saved"] == {"results": "교육 5회"}
    assert (answer["invalid"], answer["conflicts"], answer["rows"]) == ({}, {}, {})
    assert answer["at"]


def test_all_kinds_of_fields_are_saved_and_told_as_the_form_would_show_them(page, submission, body) -> None:
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan)
    asked = BodyFieldFactory(body=body, kind="number")
    answer = page.save(
        fields={
            "no_budget_needed": change("on", "False"),
            "self_rating": change("on-track"),
            "department": change(" 과 "),
        },
        rows={
            "indicators": [row(indicator.pk, actual=change(["１２３４.50", ""]), women=change(["", "not-known"]))],
            "body_fields": [row(asked.pk, value=change(["7", ""]))],
            "activities": [row(client_key=KEY, title=change("교육"), date=change("20210203"))],
        },
    )
    assert answer["saved"] == {
        "no_budget_needed": "on",
        "self_rating": "on-track",
        "department": "과",
        f"indicators:{indicator.pk}:actual": ["1,234.5", ""],
        f"indicators:{indicator.pk}:women": ["", "not-known"],
        f"body_fields:{asked.pk}:value": ["7", ""],
        f"activities:{KEY}:title": "교육",
        f"activities:{KEY}:date": "2021. 2. 3.",
    }
    assert answer["rows"] == {f"activities:{KEY}": "added"}
    # A page that is opened now starts from the same values.
    shown = form_data(page.client.get(reverse("ministries:submission_change", args=submission.address)))
    assert shown["initial-indicators-0-actual_value"] == "1,234.5"
    assert shown["initial-activities-0-date"] == "2021. 2. 3."
    assert shown["initial-own-0-value_value"] == "7"
    assert shown["activities-0-key"] == KEY


def test_a_later_save_starts_from_what_the_first_answered(page, submission) -> None:
    for value in ("첫 글", "둘째 글", "셋째 글"):
        base = page.save(fields={"results": change(value, submission.results)})["saved"]["results"]
        submission.refresh_from_db()
        assert (submission.results, base) == (value, value)


def test_a_remark_on_a_warning_is_saved_by_the_key_of_the_warning(page, submission) -> None:
    answer = page.save(warnings={"over-budget.x": change("이월")})
    assert answer["saved"] == {"warnings:over-budget.x": "이월"}
    assert submission.warning_remarks.get().text == "이월"
    assert page.send(warnings={"no-such-point": change("x")}).status_code == 400


# What is wrong


def test_a_wrong_field_is_told_and_the_others_are_saved(page, submission) -> None:
    answer = page.save(
        fields={
            "results": change("가" * 10_001),
            "shortcomings": change("인력 부족"),
            "disclosure": change("", "open"),
        },
        rows={"budget": [row(client_key=KEY, programme=change("교육"), budget=change(["1,2x", ""]))]},
    )
    submission.refresh_from_db()
    line = submission.budget_lines.get()
    assert (submission.results, submission.shortcomings, submission.disclosure) == ("", "인력 부족", "open")
    assert (line.programme, line.budget, str(line.pk)) == ("교육", Figure(), KEY)
    assert set(answer["invalid"]) == {"results", "disclosure", f"budget:{KEY}:budget"}
    assert answer["invalid"][f"budget:{KEY}:budget"] == ["숫자를 입력하십시오(예: 1,234.5)."]
    assert set(answer["saved"]) == {"shortcomings", f"budget:{KEY}:programme"}


def test_what_a_row_lacks_is_told_at_its_field_and_goes_when_it_is_given(page, submission) -> None:
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan)
    first = page.save(rows={"indicators": [row(indicator.pk, actual=change(["", "not-known"]))]})
    place = f"indicators:{indicator.pk}"
    assert list(first["invalid"]) == [f"{place}:reason"]
    assert first["saved"] == {f"{place}:actual": ["", "not-known"]}
    second = page.save(rows={"indicators": [row(indicator.pk, reason=change("집계 전"))]})
    assert second["invalid"] == {}
    assert submission.indicator_results.get().reason == "집계 전"


def test_what_the_model_refuses_in_one_row_keeps_no_other_back(page, submission) -> None:
    page.save(rows={"activities": [row(client_key=KEY, title=change("교육"), end_date=change("2021-03-01"))]})
    answer = page.save(
        fields={"results": change("교육 4회")},
        rows={
            "activities": [row(KEY, date=change("2021-04-01"), place=change("서울"))],
            "indicators": [row(uuid.uuid4(), source=change("통계"))],
        },
    )
    activity = submission.activities.get()
    submission.refresh_from_db()
    assert (activity.date, activity.place, submission.results) == (None, "서울", "교육 4회")
    asked, end = sorted(answer["invalid"], reverse=True)
    assert end == f"activities:{KEY}:end_date"
    assert asked.startswith("indicators:")
    assert set(answer["saved"]) == {"results", f"activities:{KEY}:place"}


def test_too_many_rows_are_told_at_the_last_one(page, submission) -> None:
    BudgetLine.objects.bulk_create(BudgetLine(submission=submission, order=each) for each in range(50))
    answer = page.save(
        fields={"results": change("글")}, rows={"budget": [row(client_key=KEY, programme=change("51째"))]}
    )
    assert list(answer["invalid"]) == [f"budget:{KEY}"]
    assert (submission.budget_lines.count(), answer["saved"]) == (50, {"results": "글"})


# Rows


def test_a_new_row_sent_twice_is_there_once(page, submission) -> None:
    typed = row(client_key=KEY, programme=change("교육"), budget=change(["100", ""]))
    assert [page.save(rows={"budget": [typed]})["rows"] for _each in range(2)] == [{f"budget:{KEY}": "added"}] * 2
    line = submission.budget_lines.get()
    assert (str(line.pk), line.programme, line.budget, line.account) == (KEY, "교육", Figure.of(100), "general")


def test_a_new_row_that_changed_before_the_answer_came_is_in_no_conflict_with_itself(page, submission) -> None:
    page.save(rows={"budget": [row(client_key=KEY, programme=change("교"))]})
    again = page.save(rows={"budget": [row(client_key=KEY, programme=change("교육", "", "교"))]})
    assert (again["conflicts"], submission.budget_lines.get().programme) == ({}, "교육")


def test_a_row_is_removed_once_and_may_come_back(page, submission) -> None:
    whole = {"programme": change("교육"), "budget": change(["100", ""])}
    page.save(rows={"budget": [row(client_key=KEY, **whole)]})
    seen = {"programme": change("교육 과정", "교육"), "budget": change(["x", ""], ["100", ""])}
    for _each in range(2):
        assert page.save(rows={"budget": [row(KEY, delete=True, **seen)]})["rows"] == {f"budget:{KEY}": "removed"}
    assert not submission.budget_lines.exists()
    page.save(rows={"budget": [row(client_key=KEY, **whole)]})
    assert submission.budget_lines.get().programme == "교육"


def test_a_row_that_a_colleague_changed_is_not_removed_unseen(page, other, submission) -> None:
    page.save(rows={"budget": [row(client_key=KEY, programme=change("교육"))]})
    other.save(rows={"budget": [row(KEY, programme=change("연구", "교육"))]})
    answer = page.save(rows={"budget": [row(KEY, delete=True, programme=change("교육", "교육"))]})
    assert (answer["rows"], answer["conflicts"][f"budget:{KEY}:programme"]["stored"]) == ({}, "연구")
    assert submission.budget_lines.get().programme == "연구"


def test_a_change_in_a_row_that_a_colleague_removed_is_told(page, other, submission) -> None:
    page.save(rows={"budget": [row(client_key=KEY, programme=change("교육"))]})
    other.save(rows={"budget": [row(KEY, delete=True, programme=change("교육", "교육"))]})
    answer = page.save(rows={"budget": [row(KEY, budget=change(["5", ""]))]})
    told = answer["conflicts"][f"budget:{KEY}:budget"]
    assert (told["stored"], "삭제" in told["html"], "홍길동" in told["html"], answer["invalid"]) == (
        None,
        True,
        True,
        {},
    )


# Two people, or one in two windows


def test_both_values_are_told_with_who_and_when_and_nothing_is_overwritten(page, other, submission) -> None:
    other.save(fields={"results": change("<script>동료의 글</script>")})
    person_beside = Page(Client(), person(Role.APPROVER, submission.assignment.body, name="승인자"), submission)
    person_beside.client.force_login(person_beside.user)
    person_beside.save(fields={"shortcomings": change("인력")})
    answer = page.save(fields={"results": change("나의 글"), "department": change("정책과")})
    told = answer["conflicts"]["results"]
    submission.refresh_from_db()
    assert (submission.results, submission.department) == ("<script>동료의 글</script>", "정책과")
    assert told["stored"] == "<script>동료의 글</script>"
    assert "<script>" not in told["html"]
    assert "&lt;script&gt;동료의 글" in told["html"]
    assert "나의 글" in told["html"]
    assert ("홍길동" in told["html"], "승인자" in told["html"]) == (True, False), "named is who saved this field"
    assert "<time" in told["html"]
    assert answer["saved"] == {"department": "정책과"}


def test_figures_choices_and_remarks_are_compared_too(page, other, submission) -> None:
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan)
    first = {"indicators": [row(indicator.pk, actual=change(["1,000", ""]))]}
    other.save(rows=first, fields={"self_rating": change("attention")}, warnings={"over-budget.x": change("이월")})
    second = {"indicators": [row(indicator.pk, actual=change(["", "not-known"]))]}
    answer = page.save(
        rows=second, fields={"self_rating": change("on-track")}, warnings={"over-budget.x": change("전용")}
    )
    assert {place: each["stored"] for place, each in answer["conflicts"].items()} == {
        f"indicators:{indicator.pk}:actual": ["1,000", ""],
        "self_rating": "attention",
        "warnings:over-budget.x": "이월",
    }
    assert "관심필요" in answer["conflicts"]["self_rating"]["html"]


def test_one_person_in_two_windows_is_told_so(page, submission) -> None:
    page.save(fields={"results": change("첫 창의 글")})
    told = page.save(fields={"results": change("둘째 창의 글")})["conflicts"]["results"]
    assert "다른 창" in told["html"]


def test_an_answer_that_was_lost_is_no_conflict_with_oneself(page, other, submission) -> None:
    page.save(fields={"results": change("첫")})
    assert page.save(fields={"results": change("첫 글", "", "첫")})["conflicts"] == {}
    other.save(fields={"results": change("동료의 글", "첫 글")})
    assert list(page.save(fields={"results": change("첫 글!", "", "첫", "첫 글")})["conflicts"]) == ["results"]


def test_a_page_that_has_saved_asks_for_the_list_of_steps_alone(page, submission) -> None:
    step = reverse("ministries:submission_write_step", args=[*submission.address, "assessment"])
    page.save(fields={"self_rating": change("on-track")})
    answer = page.client.get(step, headers={"HX-Request": "true"})
    assert (answer.status_code, text_of(answer).startswith("작성 단계")) == (200, True)
    assert "<form" not in answer.content.decode()
    assert [each.gaps for each in answer.context["steps"] if each.step.key == "assessment"] == [0]


# How much it takes


def test_the_number_of_queries_does_not_grow_with_the_rows(page, submission) -> None:
    def counted(number: int) -> int:
        keys = [str(uuid.uuid4()) for _each in range(number)]
        rows = {
            "activities": [row(client_key=each, title=change("교육"), women=change(["3", ""])) for each in keys],
            "budget": [row(client_key=each, programme=change("사업")) for each in keys],
        }
        with CaptureQueriesContext(connection) as queries:
            page.save(rows=rows, fields={"results": change(str(number), "" if number == 1 else "1")})
        return len(queries)

    first, second = counted(1), counted(12)
    assert first == second
