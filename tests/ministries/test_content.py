"""What a version says: everything with its label and name inside, in one form on every database."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils.translation import override

from ministries import fields
from ministries.content import content_of
from ministries.content_parts import Content
from ministries.enums import FigureState, Role
from ministries.figures import Figure
from ministries.models import (
    Activity,
    BodyName,
    BudgetLine,
    ImplementingBody,
    Indicator,
    IndicatorResult,
    IndicatorTarget,
    Submission,
)
from ministries.templatetags.content import value
from nap_monitor.lib.canonical import canonical_bytes, sha256
from tests.factories import (
    ActionPlanFactory,
    AreaFactory,
    AssignmentFactory,
    BodyNameFactory,
    ImplementingBodyFactory,
    IndicatorFactory,
    ObjectiveFactory,
    PlanFactory,
    RoundFactory,
    StrategyFactory,
    SubmissionFactory,
    both,
    person,
)

pytestmark = pytest.mark.django_db

#: The hash of the fixed data below, on SQLite and on PostgreSQL. Another hash means that the content of versions has
#: changed (a label is enough): that wants a new number of ``content.SCHEMA`` once versions of the old one are kept.
EXPECTED = "ebbd9e70dc2c9862267db02e493653bb91ae3b1f63e747baa76faa18ed3db0d4"

UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)


@pytest.fixture
def body() -> ImplementingBody:
    """A ministry with a name until October 2025 and another one since."""
    body = ImplementingBodyFactory(code="MOGEF", names=None)
    BodyNameFactory(body=body, name=both("여성가족부", "Ministry of Gender Equality and Family"))
    BodyNameFactory(body=body, name=both("성평등가족부", "Ministry of Gender Equality"), valid_from="2025-10-01")
    return body


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    """A submission of 2022 with every kind of field filled."""
    plan = PlanFactory(number=3, title=both("제3기 국가행동계획", "Third National Action Plan"))
    area = AreaFactory(plan=plan, code="I", title=both("예방", "Prevention"))
    objective = ObjectiveFactory(area=area, code="1", title=both("목표", "Objective"))
    strategy = StrategyFactory(objective=objective, code="1.1", title=both("세부과제", "Strategy"))
    action_plan = ActionPlanFactory(strategy=strategy, code="1.1.1", title=both("실행과제", "Action plan"))
    assignment = AssignmentFactory(action_plan=action_plan, body=body)
    submission = SubmissionFactory(assignment=assignment, round=RoundFactory(plan=plan, year=2022))
    submission.department = "국제협력과"
    submission.results = "교육을 4회 실시하였습니다.\n회의 <2회> & 간담회"
    submission.self_rating = "attention"
    submission.self_rating_reason = "일정 지연"
    submission.disclosure, submission.disclosure_ground = "partly", "정보공개법 제9조"
    submission.written_by = person(Role.FOCAL_POINT, body, name="김담당")
    submission.signed_off_by = person(Role.APPROVER, body, name="박승인")
    submission.save()
    activity = Activity(submission=submission, order=1, kind="training", title="파병부대 교육", province="KR-30")
    activity.date, activity.partners, activity.phase = dt.date(2022, 5, 2), "여성단체", "evaluation"
    activity.women, activity.men = Figure.of(12), Figure.of(3)
    activity.contribution, activity.currency = Figure.of("1500.5"), "USD"
    activity.save()
    Activity.objects.create(submission=submission, order=2, kind="legislation", title="훈령 개정")
    for order, (programme, budget, executed) in enumerate(
        [
            ("평화 교육", Figure.of("1234.5"), Figure.of(0)),
            ("국제 회의", Figure.of(100), Figure(None, FigureState.NOT_KNOWN)),
        ],
        start=1,
    ):
        line = BudgetLine(submission=submission, order=order, programme=programme, gender_responsive=order == 1)
        line.budget, line.executed = budget, executed
        line.save()
    indicator = IndicatorFactory(action_plan=action_plan, code="1.1.1-1", name=both("교육 인원", "Trained"), order=1)
    indicator.baseline = Figure.of(50)
    indicator.save()
    IndicatorFactory(action_plan=action_plan, code="1.1.1-2", name=both("만족도", "Content"), unit=both("%"), order=2)
    result = IndicatorResult(submission=submission, indicator=indicator, source="자체 통계")
    result.target, result.actual = Figure.of(120), Figure.of("-3.250")
    result.women, result.men = Figure.of(7), Figure(None, FigureState.NOT_KNOWN)
    result.save()
    return Submission.objects.get(pk=submission.pk)


def section(content: Content, key: str) -> dict[str, Any]:
    return next(each for each in content["sections"] if each["key"] == key)


def field(parts: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in parts["fields"] if each["key"] == key)


def test_the_same_data_has_this_hash_on_every_database(submission: Submission, settings: LazySettings) -> None:
    # One language without a catalogue, so that a better translation does not count as another content.
    settings.LANGUAGES = [("en", "English")]
    content = content_of(submission, document_number="정책과-12", document_date="2023-01-30", with_review=True)
    assert sha256(canonical_bytes(content)) == EXPECTED


def test_the_reader_changes_nothing_in_it(submission: Submission) -> None:
    with override("ko"):
        korean = canonical_bytes(content_of(submission))
    with override("en"):
        english = canonical_bytes(content_of(submission))
    assert korean == english


def test_it_names_the_place_in_the_plan_and_the_body_of_the_year(submission: Submission) -> None:
    content = content_of(submission)
    assert {
        key: content[key] for key in ("schema", "plan", "year", "area", "objective", "strategy", "action_plan")
    } == {
        "schema": 2,
        "plan": {"number": 3, "title": {"ko": "제3기 국가행동계획", "en": "Third National Action Plan"}},
        "year": 2022,
        "area": {"code": "I", "title": {"ko": "예방", "en": "Prevention"}},
        "objective": {"code": "1", "title": {"ko": "목표", "en": "Objective"}},
        "strategy": {"code": "1.1", "title": {"ko": "세부과제", "en": "Strategy"}},
        "action_plan": {"code": "1.1.1", "title": {"ko": "실행과제", "en": "Action plan"}},
    }
    assert (content["body"]["code"], content["body"]["name"]["ko"]) == ("MOGEF", "여성가족부")


@pytest.mark.parametrize(
    ("year", "name"), [(2022, "여성가족부"), (2024, "여성가족부"), (2025, "성평등가족부"), (2026, "성평등가족부")]
)
def test_the_name_is_that_of_the_last_day_of_the_year(year: int, name: str, submission: Submission) -> None:
    submission.round.year = year
    assert content_of(submission)["body"]["name"]["ko"] == name


def test_it_has_each_section_and_each_field_once_in_order(submission: Submission) -> None:
    content = content_of(submission, with_review=True)
    assert [part["key"] for part in content["sections"]] == [
        "handling",
        "plan",
        "results",
        "activities",
        "activities_summary",
        "indicators",
        "budget",
        "budget_summary",
        "assessment",
        "next",
        "consultation",
        "recommendations",
        "links",
        "evidence",
        "warnings",
        "review",
    ]
    keys = [entry["key"] for part in content["sections"] for entry in part.get("fields", [])]
    assert len(keys) == len(set(keys))
    assert {each.name for each in fields.FIELDS} <= set(keys)
    labels = [entry["label"] for part in content["sections"] for entry in part.get("fields", [])]
    assert all(label["ko"] and label["en"] for label in labels)


def test_texts_choices_and_flags_carry_their_words(submission: Submission) -> None:
    content = content_of(submission, document_number="정책과-12", document_date="2023-01-30")
    handling = section(content, "handling")
    assert [
        field(handling, key)["value"] for key in ("focal_point", "approver", "document_number", "document_date")
    ] == [
        "김담당",
        "박승인",
        "정책과-12",
        "2023-01-30",
    ]
    assert field(section(content, "assessment"), "self_rating")["text"]["en"] == "Attention"
    assert field(section(content, "budget_summary"), "no_budget_needed")["value"] == "no"
    empty = field(section(content, "next"), "next_year_plan")
    assert (empty["state"], empty["value"]) == ("", None)


def test_figures_are_text_with_their_state(submission: Submission) -> None:
    content = content_of(submission)
    first, second = section(content, "budget")["rows"]
    said = [
        (field(row, key)["value"], field(row, key)["state"])
        for row in (first, second)
        for key in ("budget", "executed")
    ]
    assert said == [("1234.5", "value"), ("0", "value"), ("100", "value"), (None, "not-known")]
    reported, unreported = section(content, "indicators")["rows"]
    assert (reported["key"], reported["label"]["en"]) == ("1.1.1-1", "Trained")
    assert [field(reported, key)["value"] for key in ("baseline", "target", "actual", "numerator")] == [
        "50",
        "120",
        "-3.25",
        None,
    ]
    assert field(unreported, "actual")["state"] == ""
    assert [(field(reported, key)["value"], field(reported, key)["state"]) for key in ("women", "men")] == [
        ("7", "value"),
        (None, "not-known"),
    ]


def test_rates_stand_in_it_as_computed_by_the_direction(submission: Submission) -> None:
    def rates() -> list[str | None]:
        content = content_of(Submission.objects.get(pk=submission.pk))
        return [field(row, "achievement_rate")["value"] for row in section(content, "indicators")["rows"]]

    first, second = Indicator.objects.order_by("order")
    IndicatorResult.objects.update(target_value=120, actual_value=150)
    assert rates() == ["125", None]
    first.direction = "less"
    first.computation = both("연말 기준 실인원", "Persons at the end of the year")
    first.save()
    assert rates() == ["75", None]
    row = section(content_of(Submission.objects.get(pk=submission.pk)), "indicators")["rows"][0]
    assert (field(row, "direction")["value"], field(row, "direction")["text"]["en"]) == ("less", "The less the better")
    assert field(row, "computation")["text"] == {"ko": "연말 기준 실인원", "en": "Persons at the end of the year"}
    assert [field(line, "execution_rate")["value"] for line in section(content_of(submission), "budget")["rows"]] == [
        "0",
        None,
    ]
    # The target that was defined for the year stands where the body gave none; its own one goes first.
    for indicator, target in ((first, 999), (second, 80)):
        row = IndicatorTarget(indicator=indicator, year=2022)
        row.target = Figure.of(target)
        row.save()
    answer = IndicatorResult(submission=submission, indicator=second)
    answer.actual = Figure.of(60)
    answer.save()
    assert rates() == ["75", "75"]
    rows = section(content_of(Submission.objects.get(pk=submission.pk)), "indicators")["rows"]
    assert [field(row, "target")["value"] for row in rows] == ["120", "80"]


def test_reading_it_takes_as_many_queries_for_many_rows_as_for_few(
    submission: Submission, django_assert_max_num_queries: Any
) -> None:
    def counted() -> int:
        with django_assert_max_num_queries(60) as found:
            content_of(Submission.objects.get(pk=submission.pk))
        return len(found)

    few = counted()
    for number in range(5):
        Activity.objects.create(submission=submission, order=number + 3, title=str(number))
        BudgetLine.objects.create(submission=submission, order=number + 3, programme=str(number))
        indicator = IndicatorFactory(action_plan=submission.assignment.action_plan, code=f"more-{number}")
        IndicatorTarget.objects.create(indicator=indicator, year=2022)
        IndicatorResult.objects.create(submission=submission, indicator=indicator)
    assert counted() == few


def test_activities_stand_with_their_numbers_and_what_they_add_up_to(submission: Submission) -> None:
    content = content_of(submission)
    training, rule = section(content, "activities")["rows"]
    assert [training["key"], rule["key"]] == ["1", "2"]
    assert {each["key"]: each["value"] for each in training["fields"]} == {
        "kind": "training",
        "title": "파병부대 교육",
        "date": "2022-05-02",
        "end_date": None,
        "place": None,
        "province": "KR-30",
        "partners": "여성단체",
        "women": "12",
        "men": "3",
        "participants": "15",
        "contribution": "1500.5",
        "phase": "evaluation",
        "description": None,
    }
    assert (field(training, "contribution")["unit"], field(training, "province")["text"]["en"]) == ("USD", "Daejeon")
    sums = section(content, "activities_summary")["fields"]
    assert {each["key"]: each["value"] for each in sums} == {
        "activities_count": "2",
        "women_total": "12",
        "men_total": "3",
        "participants_total": "15",
    }


def test_the_budget_says_what_it_adds_up_to_and_who_passed_on_what(submission: Submission) -> None:
    giver = ImplementingBodyFactory(code="MOFA", names__name=both("외교부", "Ministry of Foreign Affairs"))
    BudgetLine.objects.filter(order=2).update(passed_on_from=giver, executed_state="value", executed_value=65.5)
    content = content_of(Submission.objects.get(pk=submission.pk))
    own, passed_on = section(content, "budget")["rows"]
    assert (field(own, "passed_on_from")["value"], field(own, "passed_on_from")["text"]) == (None, {})
    assert (field(passed_on, "passed_on_from")["value"], field(passed_on, "passed_on_from")["text"]) == (
        "MOFA",
        {"ko": "외교부", "en": "Ministry of Foreign Affairs"},
    )
    assert {each["key"]: each["value"] for each in section(content, "budget_summary")["fields"]} == {
        "no_budget_needed": "no",
        "budget_total": "1334.5",
        "executed_total": "65.5",
        "execution_rate_total": "4.9",
        "gender_responsive_total": "1234.5",
        "passed_on_total": "100",
    }


def test_an_indicator_of_another_body_does_not_stand_in_it(submission: Submission) -> None:
    action_plan = submission.assignment.action_plan
    other = AssignmentFactory(action_plan=action_plan)
    IndicatorFactory(action_plan=action_plan, assignment=other, code="other")
    IndicatorFactory(action_plan=action_plan, assignment=submission.assignment, code="mine")
    again = Submission.objects.get(pk=submission.pk)
    assert [row["key"] for row in section(content_of(again), "indicators")["rows"]] == ["1.1.1-1", "1.1.1-2", "mine"]


def test_it_holds_no_key_of_any_row(submission: Submission) -> None:
    content = content_of(submission, with_review=True)
    text = canonical_bytes(content).decode()
    assert not UUID.search(text)
    assert not [key for key in _keys(content) if key in ("id", "pk") or key.endswith("_id")]
    # Numbers are the schema, the plan's number and the year; everything else is text.
    assert sorted(_numbers(content)) == [2, 3, 2022]
    assert json.loads(text) == content


def _keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for each in value.values() for key in _keys(each))]
    return [key for each in value for key in _keys(each)] if isinstance(value, list) else []


def _numbers(value: Any) -> list[int]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [number for each in inner for number in _numbers(each)]
    assert value is None or isinstance(value, str | int)
    return [value] if isinstance(value, int) else []


def test_a_body_without_an_older_name_keeps_its_first(submission: Submission) -> None:
    BodyName.objects.filter(valid_from=None).delete()
    again = Submission.objects.get(pk=submission.pk)
    assert content_of(again)["body"]["name"]["ko"] == "성평등가족부"


# How a reader sees a value


def shown(kind: str, stored: str | None, state: str = "value", **more: Any) -> str:
    with override("en"):
        return str(value({"key": "x", "kind": kind, "value": stored, "state": state, "unit": "", **more}))


def test_text_is_escaped_and_keeps_its_lines() -> None:
    assert shown("text", "<script>alert(1)</script>\n둘째 & 셋째") == (
        '<div lang="ko"><p>&lt;script&gt;alert(1)&lt;/script&gt;<br>둘째 &amp; 셋째</p></div>'
    )
    assert "<b>" not in shown("choice", "<b>", text={"ko": "<b>"})
    assert "<b>" not in shown("figure", "1", unit={"ko": "<b>"})


def test_names_and_units_in_another_language_than_the_page_are_marked() -> None:
    assert shown("choice", "a", text={"ko": "<가>"}) == '<span lang="ko">&lt;가&gt;</span>'
    assert shown("localized", "x", text={"ko": "계획"}) == '<span lang="ko">계획</span>'
    assert shown("localized", "x", text={"ko": "계획", "en": "Plan"}) == "Plan"
    assert shown("figure", "3", unit={"ko": "명"}) == '3 <span class="unit" lang="ko">명</span>'


def test_the_states_of_a_figure_read_differently() -> None:
    texts = {
        shown("figure", "0"),
        shown("figure", None, ""),
        shown("figure", None, "not-known"),
        shown("figure", None, "not-applicable"),
    }
    assert len(texts) == 4
    assert shown("figure", "-1234.5", unit={"en": "persons"}) == '△1,234.5 <span class="unit">persons</span>'
