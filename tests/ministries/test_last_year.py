"""What stands beside the form: last year's report of the same body, and what changed since the last submit."""

from typing import Any

import pytest

from ministries.content import content_of
from ministries.content_compare import changed_names, differences
from ministries.figures import Figure
from ministries.models import Activity, BodyFieldValue, BudgetLine, IndicatorResult, IndicatorTarget, Submission
from ministries.selectors.last_year import changes_since_submitted, last_year
from ministries.selectors.submissions import history, previous_texts
from ministries.services import transitions
from ministries.services.changes import Change, RowChange
from ministries.services.submissions import save_submission
from nap_monitor.lib.audit.models import Event
from tests.factories import (
    BodyFieldFactory,
    IndicatorFactory,
    PlanFactory,
    RoundFactory,
    SubmissionFactory,
    fill_in,
    submission_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def years(body) -> dict[int, Submission]:
    """The same assignment in three years."""
    plan = PlanFactory()
    first = SubmissionFactory(round=RoundFactory(plan=plan, year=2021), body=body)
    others = [
        SubmissionFactory(round=RoundFactory(plan=plan, year=year), assignment=first.assignment)
        for year in (2022, 2023)
    ]
    return {each.round.year: each for each in (first, *others)}


def test_all_that_the_body_wrote_a_year_ago_stands_there(years, focal_point) -> None:
    before = fill_in(years[2022], focal_point, consultation="여성단체와 두 차례 협의", department="정책과")
    Activity.objects.create(submission=before, order=2, title="회의")
    Activity.objects.create(submission=before, order=1, title="교육")
    line = BudgetLine.objects.create(submission=before, programme="평화 교육", passed_on_from=None)
    indicator = IndicatorFactory(action_plan=before.assignment.action_plan, code="I1")
    result = IndicatorResult(submission=before, indicator=indicator)
    result.actual = Figure.of(7)
    result.save()
    target = IndicatorTarget(indicator=indicator, year=2022)
    target.target = Figure.of(9)
    target.save()
    found = last_year(years[2023])
    assert found is not None
    assert (found.year, found.url) == (2022, before.get_absolute_url())
    assert found.texts == {
        "results": before.results,
        "next_year_plan": before.next_year_plan,
        "consultation": "여성단체와 두 차례 협의",
        "department": "정책과",
    }
    assert [each.title for each in found.activities] == ["교육", "회의"]
    assert found.budget == [line]
    assert (found.indicators["I1"].actual, found.targets) == (Figure.of(7), {"I1": Figure.of(9)})
    assert previous_texts(years[2023]) == found.texts


def test_only_the_year_before_of_the_same_body_counts(years, focal_point, other_body) -> None:
    fill_in(years[2021], focal_point)
    SubmissionFactory(round=years[2022].round, body=other_body, results="다른 부처의 글")
    found = last_year(years[2023])
    assert found is not None
    assert (found.texts, found.activities, found.indicators, found.budget) == ({}, [], {}, [])
    assert last_year(years[2021]) is None
    assert previous_texts(years[2021]) == {}


def test_reading_it_takes_as_many_queries_for_many_rows_as_for_few(years, django_assert_max_num_queries) -> None:
    def counted() -> int:
        with django_assert_max_num_queries(20) as captured:
            last_year(years[2023])
        return len(captured)

    def add(order: int) -> None:
        Activity.objects.create(submission=years[2022], order=order)
        BudgetLine.objects.create(submission=years[2022], order=order)
        indicator = IndicatorFactory(action_plan=years[2022].assignment.action_plan)
        IndicatorResult.objects.create(submission=years[2022], indicator=indicator)

    add(1)
    few = counted()
    add(2)
    add(3)
    assert counted() == few


# What changed


def sections(submission: Submission) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = content_of(Submission.objects.get(pk=submission.pk))["sections"]
    return found


def test_what_changed_since_it_was_submitted_is_named_by_field_row_and_column(body, focal_point, coordinator) -> None:
    submission = SubmissionFactory(body=body)
    own = BodyFieldFactory(body=body, key="number")
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan, code="I1")
    for order, title in enumerate(("교육", "회의"), start=1):
        Activity.objects.create(submission=submission, order=order, title=title)
    line = BudgetLine.objects.create(submission=submission, order=1, programme="사업")
    submission_in("returned", submission, by=focal_point, coordinator=coordinator)
    assert changes_since_submitted(submission) == []
    last = submission.activities.last()
    save_submission(
        submission=submission,
        by=focal_point,
        changes={"results": Change(submission.results, "다시 쓴 글"), "shortcomings": Change("", "인력 부족")},
        activities=[RowChange(last.pk, {"title": Change("회의", "회의")}, delete=True)],
        indicators=[RowChange(indicator.pk, {"actual": Change(Figure(), Figure.of(3))})],
        budget=[
            RowChange(line.pk, {"executed": Change(Figure(), Figure.of(0))}),
            RowChange(None, {"programme": Change("", "새 사업")}),
        ],
        body_fields=[RowChange(own.pk, {"value": Change("", "제1호")})],
    )
    submission.refresh_from_db()
    found = changes_since_submitted(submission)
    assert [(each.name, each.row, each.column) for each in found] == [
        ("results", "", ""),
        ("shortcomings", "", ""),
        ("activities", "2", ""),
        ("indicators", "I1", "actual"),
        ("budget", "1", "executed"),
        ("budget", "2", ""),
        ("body_fields", "own.number", "value"),
    ]
    assert [(each.before or {}).get("value") for each in found[:2]] == ["교육을 네 차례 실시하였습니다.", None]
    assert [(each.after or {}).get("value") for each in found[:2]] == ["다시 쓴 글", "인력 부족"]
    old = submission.submitted_version.sections
    assert changed_names(old, sections(submission)) == [
        "results",
        "shortcomings",
        "activities",
        "indicators",
        "budget",
        "body_fields",
    ]


def test_nothing_changed_where_nothing_was_submitted(body, focal_point) -> None:
    assert changes_since_submitted(fill_in(SubmissionFactory(body=body), focal_point)) == []


def test_a_better_word_for_a_field_is_no_change(body, focal_point) -> None:
    submission = fill_in(SubmissionFactory(body=body), focal_point)
    BodyFieldValue.objects.create(submission=submission, field=BodyFieldFactory(body=body), text="글")
    before, after = sections(submission), sections(submission)
    for section in after:
        section["label"] = {"ko": "다른 이름"}
        for field in section.get("fields", ()):
            field["label"] = {"ko": "다른 이름"}
    assert differences(before, after) == []


def test_a_coordinator_compares_two_versions(body, focal_point, approver, coordinator) -> None:
    people = {"by": focal_point, "approver": approver, "coordinator": coordinator}
    submission = submission_in("returned", SubmissionFactory(body=body), **people)
    first = submission.submitted_version
    fill_in(submission, focal_point, next_year_plan="더 나은 계획")
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=Submission.objects.get(pk=submission.pk), by=approver)
    second = Submission.objects.get(pk=submission.pk).submitted_version
    assert changed_names(first.sections, second.sections) == ["next_year_plan"]


def test_saves_of_one_person_on_end_are_one_line_of_the_history(body, focal_point, approver) -> None:
    submission = SubmissionFactory(body=body)
    for who, texts in ((focal_point, "가나다"), (approver, "라마"), (focal_point, "바")):
        for text in texts:
            fill_in(submission, who, results=f"{text} 글")
    transitions.sign_off(submission=submission, by=approver)
    told = history(focal_point, submission)
    assert [(each.kind, each.actor_id) for each in told] == [
        ("sign_off", str(approver.pk)),
        ("save", str(focal_point.pk)),
        ("save", str(approver.pk)),
        ("save", str(focal_point.pk)),
    ]
    assert Event.objects.filter(kind="save").count() == 6
    assert told[3].at == Event.objects.filter(kind="save", actor_id=str(focal_point.pk)).order_by("at")[2].at
