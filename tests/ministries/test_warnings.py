"""Warnings: when one holds and when not, answering it with a remark, and what a version keeps of both."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ministries.content import content_of
from ministries.content_parts import rows_in
from ministries.enums import Rating
from ministries.figures import Figure
from ministries.models import Activity, BudgetLine, Indicator, IndicatorResult, IndicatorTarget, Submission
from ministries.selectors.contents import read_with_figures
from ministries.services.submissions import Change, RowChange, SaveResult, save_submission
from ministries.warnings import (
    LARGE_CHANGE,
    LARGE_JUMP,
    LOW_ACHIEVEMENT,
    LOW_EXECUTION,
    LOW_RATE,
    OVER_BUDGET,
    SMALL,
    SMALL_COUNT,
    Caution,
    warnings,
)
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from tests.factories import IndicatorFactory, RoundFactory, SubmissionFactory, both, submission_in

pytestmark = pytest.mark.django_db

NOT_KNOWN = Figure(None, "not-known")


@pytest.fixture
def submission(body) -> Submission:
    return SubmissionFactory(body=body, round=RoundFactory(year=2022), self_rating="on-track")


@pytest.fixture
def indicator(submission) -> Indicator:
    return IndicatorFactory(
        action_plan=submission.assignment.action_plan, code="I1", name=both("교육 이수율", "Trained")
    )


def report(submission: Submission, indicator: Indicator, **figures: Figure | int) -> IndicatorResult:
    row = submission.indicator_results.filter(indicator=indicator).first() or IndicatorResult(
        submission=submission, indicator=indicator
    )
    for name, figure in figures.items():
        setattr(row, name, figure if isinstance(figure, Figure) else Figure.of(figure))
    row.save()
    return row


def spend(submission: Submission, budget: Figure | int, executed: Figure | int, programme: str = "사업") -> BudgetLine:
    line = BudgetLine(submission=submission, order=submission.budget_lines.count() + 1, programme=programme)
    line.budget, line.executed = (each if isinstance(each, Figure) else Figure.of(each) for each in (budget, executed))
    line.save()
    return line


def found(submission: Submission) -> list[Caution]:
    return warnings(Submission.objects.get(pk=submission.pk))


def kinds(submission: Submission) -> list[str]:
    return [each.kind for each in found(submission)]


def test_the_sentences_say_what_the_constants_are() -> None:
    # 'Half' stands in words.
    assert LOW_RATE == LARGE_CHANGE == Decimal(50)
    assert Decimal(4) == SMALL_COUNT


@pytest.mark.parametrize("rating", ["", *Rating.values])
def test_low_figures_are_asked_about_only_where_the_rating_says_that_all_is_well(rating, submission, indicator) -> None:
    report(submission, indicator, target=100, actual=49)
    spend(submission, 100, 49)
    Submission.objects.update(self_rating=rating)
    expected = [LOW_ACHIEVEMENT, LOW_EXECUTION] if rating in ("completed", "continuing", "on-track") else []
    assert kinds(submission) == expected


@pytest.mark.parametrize(
    ("direction", "actual", "expected"),
    [("more", 50, []), ("more", 49, [LOW_ACHIEVEMENT]), ("less", 150, []), ("less", 151, [LOW_ACHIEVEMENT])],
)
def test_low_is_below_half_of_the_target_in_the_indicators_direction(
    direction, actual, expected, submission, indicator
) -> None:
    Indicator.objects.update(direction=direction)
    report(submission, indicator, target=100, actual=actual)
    assert kinds(submission) == expected


def test_the_target_defined_for_the_year_counts_where_the_body_gave_none(submission, indicator) -> None:
    row = IndicatorTarget(indicator=indicator, year=2022)
    row.target = Figure.of(100)
    row.save()
    report(submission, indicator, actual=10)
    assert kinds(submission) == [LOW_ACHIEVEMENT]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(100, 50)], []),
        ([(100, 100), (100, 0)], []),
        ([(100, 100), (101, 0)], [LOW_EXECUTION]),
        ([(0, 0)], []),
        ([(100, NOT_KNOWN)], []),
        ([(100, 100)], []),
        ([(100, 101)], [OVER_BUDGET]),
        ([(0, 1)], [OVER_BUDGET]),
    ],
)
def test_execution_is_asked_about_in_all_and_above_the_budget_line_by_line(lines, expected, submission) -> None:
    for budget, executed in lines:
        spend(submission, budget, executed)
    assert kinds(submission) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (100, 150, []),
        (100, 151, [LARGE_JUMP]),
        (100, 50, []),
        (100, 49, [LARGE_JUMP]),
        (0, 1000, []),
        (NOT_KNOWN, 1000, []),
        (100, NOT_KNOWN, []),
    ],
)
def test_a_jump_is_more_than_half_of_what_the_same_body_reported_last_year(
    before, now, expected, submission, indicator, other_body
) -> None:
    plan = submission.round.plan
    last_year = RoundFactory(plan=plan, year=2021)
    report(SubmissionFactory(round=last_year, assignment=submission.assignment), indicator, actual=before)
    report(SubmissionFactory(round=last_year, body=other_body), indicator, actual=1)
    older = RoundFactory(plan=plan, year=2020)
    report(SubmissionFactory(round=older, assignment=submission.assignment), indicator, actual=1)
    report(submission, indicator, actual=now)
    assert kinds(submission) == expected


@pytest.mark.parametrize(
    ("before", "now", "columns"),
    [
        ((100, 80), (151, 80), ["total"]),
        ((100, 80), (150, 120), []),
        ((100, 80), (49, 39), ["total", "executed"]),
        ((100, NOT_KNOWN), (100, 300), []),
        ((0, 0), (500, 500), []),
    ],
)
def test_a_jump_of_the_budget_in_all_is_asked_about_too(before, now, columns, submission) -> None:
    last_year = RoundFactory(plan=submission.round.plan, year=2021)
    earlier = SubmissionFactory(round=last_year, assignment=submission.assignment)
    spend(earlier, *before)
    spend(submission, *now)
    Submission.objects.filter(pk=submission.pk).update(self_rating="")
    jumps = [each for each in found(submission) if each.kind == LARGE_JUMP]
    assert [(each.field, each.column, each.key) for each in jumps] == [
        ("budget", column, f"large-change.{column}") for column in columns
    ]
    (read,) = read_with_figures(Submission.objects.filter(pk=submission.pk).select_related("round"))
    assert [each.key for each in warnings(read) if each.kind == LARGE_JUMP] == [each.key for each in jumps]


@pytest.mark.parametrize(
    ("women", "men", "columns"),
    [(1, 4, ["women", "men"]), (0, 5, []), (3, 100, ["women"]), (NOT_KNOWN, Figure(), [])],
)
def test_small_counts_of_people_are_asked_about_wherever_they_stand(women, men, columns, submission, indicator) -> None:
    activity = Activity(submission=submission, order=1, title="상담")
    activity.women, activity.men = (each if isinstance(each, Figure) else Figure.of(each) for each in (women, men))
    activity.save()
    report(submission, indicator, women=women, men=men, actual=2, target=2)
    assert [(each.kind, each.field, each.column) for each in found(submission)] == [
        *((SMALL, "activities", column) for column in columns),
        *((SMALL, "indicators", column) for column in columns),
    ]


def test_a_warning_says_where_it_is(submission, indicator, english) -> None:
    activity = Activity(submission=submission, order=1, title="상담")
    activity.women = Figure.of(2)
    activity.save()
    report(submission, indicator, target=100, actual=1)
    line = spend(submission, 100, 40, programme="평화 교육")
    spend(submission, 1, 2, programme="")
    cautions = found(submission)
    assert [(each.key, each.step.key, each.label) for each in cautions] == [
        (f"small-count.{activity.pk}.women", "activities", "상담 · Women"),
        (f"low-achievement.{indicator.pk}", "indicators", "Trained"),
        ("low-execution", "budget", "Budget and execution (million won)"),
        (f"over-budget.{submission.budget_lines.last().pk}", "budget", "Budget and execution (million won)"),
    ]
    assert all(len(each.key) <= 100 and str(each.message) for each in cautions)
    assert line.pk != submission.budget_lines.last().pk


def test_the_queries_do_not_grow_with_the_rows(submission, django_assert_max_num_queries) -> None:
    def counted() -> int:
        with django_assert_max_num_queries(30) as captured:
            found(submission)
        return len(captured)

    def add() -> None:
        indicator = IndicatorFactory(action_plan=submission.assignment.action_plan)
        report(submission, indicator, target=100, actual=1, women=1)
        spend(submission, 1, 2)
        Activity.objects.create(submission=submission, women_value=1, women_state="value")

    add()
    few = counted()
    add()
    add()
    assert counted() == few
    assert len(found(submission)) == 12


# Remarks


def remark(submission: Submission, by: User, key: str, base: str, new: str, **more: Any) -> SaveResult:
    return save_submission(submission=submission, by=by, changes={}, remarks={key: Change(base, new)}, **more)


def test_a_remark_answers_a_warning_and_is_changed_and_taken_away(submission, focal_point) -> None:
    spend(submission, 100, 0)
    assert remark(submission, focal_point, "low-execution", "", "하반기 집행 예정").saved == ["remark:low-execution"]
    stored = submission.warning_remarks.get()
    assert (stored.text, stored.author) == ("하반기 집행 예정", focal_point)
    remark(submission, focal_point, "low-execution", "하반기 집행 예정", "4분기 집행 예정")
    assert submission.warning_remarks.get().text == "4분기 집행 예정"
    remark(submission, focal_point, "low-execution", "4분기 집행 예정", " ")
    assert not submission.warning_remarks.exists()


def test_a_colleagues_remark_is_not_overwritten(submission, focal_point, approver) -> None:
    spend(submission, 100, 0)
    remark(submission, approver, "low-execution", "", "동료의 글")
    [conflict] = remark(submission, focal_point, "low-execution", "", "나의 글").conflicts
    assert (conflict.table, conflict.name, conflict.stored, conflict.mine) == (
        "warnings",
        "low-execution",
        "동료의 글",
        "나의 글",
    )
    assert submission.warning_remarks.get().text == "동료의 글"


def test_a_remark_is_kept_where_the_same_save_mends_the_figure(submission, focal_point) -> None:
    line = spend(submission, 100, 0)
    row = RowChange(line.pk, {"executed": Change(Figure.of(0), Figure.of(90))})
    remark(submission, focal_point, "low-execution", "", "집행 예정", budget=[row])
    assert (kinds(submission), submission.warning_remarks.count()) == ([], 1)
    assert rows_in(content_of(submission)["sections"], "warnings") == []


@pytest.mark.parametrize(
    ("key", "text"),
    [("no-such-kind", "글"), ("", "글"), (f"low-execution.{'x' * 100}", "글"), ("low-execution", "가" * 1_001)],
)
def test_what_can_be_no_remark_is_refused(key, text, submission, focal_point) -> None:
    with pytest.raises(ValidationError):
        remark(submission, focal_point, key, "", text)
    assert not submission.warning_remarks.exists()


def test_others_answer_nothing(submission, coordinator) -> None:
    with pytest.raises(NotPermitted):
        remark(submission, coordinator, "low-execution", "", "글")


def test_a_warning_keeps_nobody_from_submitting_and_stands_in_the_version_with_its_remark(
    submission, indicator, focal_point
) -> None:
    report(submission, indicator, target=100, actual=1)
    spend(submission, 100, 0)
    remark(submission, focal_point, "low-execution", "", "하반기 집행 예정")
    submission_in("submitted", submission, by=focal_point)
    rows = rows_in(submission.submitted_version.sections, "warnings")
    assert [(row["key"], row["label"]["en"], *(field["value"] for field in row["fields"])) for row in rows] == [
        ("low-achievement.I1", "Trained", "low-achievement", None),
        ("low-execution", "Budget and execution (million won)", "low-execution", "하반기 집행 예정"),
    ]
    assert "less than half of the target" in rows[0]["fields"][0]["text"]["en"]


def test_a_version_without_warnings_has_no_section_of_them(submission) -> None:
    assert "warnings" not in [section["key"] for section in content_of(submission)["sections"]]
