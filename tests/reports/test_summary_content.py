"""The content of a round's report: what stands in it, what never does, and that it is the same each time."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ministries.enums import Rating
from ministries.figures import Figure
from ministries.models import BodyName, BudgetLine
from ministries.services import transitions
from ministries.services.changes import Change
from ministries.services.translations import save_translation
from nap_monitor.lib import clock
from objectives.models import ActionPlan
from reports.selectors.document import document
from reports.selectors.summary import SCHEMA, leaves, snapshot, summary_content
from tests.factories import AssignmentFactory, RoundFactory, SubmissionFactory, both, fill_in
from tests.reports.data import BUDGET, CONFIRMED, EXECUTED, RESPONSIVE, Year, empty_year, whole_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(db: None) -> Year:
    """A round with everything in it."""
    return whole_year()


def entries(content: dict) -> dict[str, dict]:
    """The entries by body and action plan."""
    return {f"{entry['body']} {action_plan['code']}": entry for action_plan, entry in leaves(content)}


def whole_text(content: dict) -> str:
    return snapshot(content)[0].decode("utf-8")


def test_every_assignment_stands_in_the_tree_once(year) -> None:
    content = summary_content(year.round)
    assert sorted(entries(content)) == sorted(year.submissions)
    assert len(list(leaves(content))) == len(year.submissions)


def test_counts_add_up_to_the_assignments_by_area_by_objective_and_by_body(year) -> None:
    figures = summary_content(year.round)["figures"]
    for rows in (figures["by_area"], figures["by_objective"], figures["by_body"], [figures["all"]]):
        assert sum(row["total"] for row in rows) == len(year.submissions)
        assert all(sum(row["counts"].values()) == row["total"] for row in rows)
    for row in figures["by_body"]:
        own = [name for name in year.submissions if name.startswith(f"{row['body']} ")]
        assert row["total"] == row["completeness"]["total"] == len(own)


def test_each_rating_is_counted_as_the_coordinator_gave_it(year) -> None:
    counted = summary_content(year.round)["figures"]["all"]["counts"]
    assert {code: counted[code] for code in Rating.values} == dict.fromkeys(Rating.values, 1)
    assert counted["under-review"] == 2
    assert counted["no-report"] == len(year.submissions) - CONFIRMED - 2


def test_only_confirmed_texts_are_in_it(year) -> None:
    text = whole_text(summary_content(year.round))
    shown = [name for name in year.submissions if year.text(name) in text]
    assert shown == [name for name in list(year.submissions)[:6]]  # the seventh is restricted
    assert "다시 쓰고 있는 글" not in text
    assert "쓰다 만 글" not in text


def test_a_restricted_submission_is_counted_and_nothing_else(year) -> None:
    name = list(year.submissions)[6]
    content = summary_content(year.round)
    found = entries(content)[name]
    assert (found["restricted"], found["rating"], found["sections"], found["money"]) == (
        True,
        "not-applicable",
        [],
        None,
    )
    for text in (year.text(name), f"{name} 자체평가의 사유", f"{name} 총괄부처의 사유", f"{name} 다음 해의 계획"):
        assert text not in whole_text(content)


def test_a_submission_restricted_after_it_was_confirmed_is_restricted(year) -> None:
    name = next(iter(year.submissions))
    submission = year.submissions[name]
    transitions.reopen(submission=submission, by=year.coordinator, reason="공개구분 정정")
    writer = year.people[submission.assignment.body.code][0]
    fill_in(submission, writer, disclosure="restricted", disclosure_ground="법률")
    content = summary_content(year.round)
    assert entries(content)[name]["restricted"]
    assert year.text(name) not in whole_text(content)


def test_a_reopened_submission_keeps_its_last_confirmed_version_and_is_marked(year) -> None:
    name = list(year.submissions)[2]
    found = entries(summary_content(year.round))[name]
    assert (found["status"], found["under_revision"], found["rating"]) == ("confirmed", True, "on-track")
    assert year.text(name) in json.dumps(found["sections"], ensure_ascii=False)


def test_under_review_and_returned_are_told_apart_and_both_are_not_printed(year) -> None:
    found = entries(summary_content(year.round))
    review, returned, draft = (found[name] for name in list(year.submissions)[7:10])
    assert [(row["status"], row["returned"]) for row in (review, returned, draft)] == [
        ("under-review", False),
        ("under-review", True),
        ("no-report", False),
    ]
    assert [row["sections"] for row in (review, returned, draft)] == [[], [], []]


def test_what_came_after_the_due_date_is_late_for_ever(year) -> None:
    name = list(year.submissions)[1]
    submission = year.submissions[name]
    assert [key for key, row in entries(summary_content(year.round)).items() if row["late"]] == [name]
    with clock.at(year.round.due_date + dt.timedelta(days=2)):
        transitions.reopen(submission=submission, by=year.coordinator, reason="정정")
    found = entries(summary_content(year.round))[name]
    assert found["late"]
    assert found["first_submitted_on"] == (year.round.due_date + dt.timedelta(days=1)).isoformat()


def test_budgets_are_sums_of_confirmed_figures_by_body(year) -> None:
    budget = summary_content(year.round)["figures"]["budget"]
    assert (budget["all"]["budget"], budget["all"]["executed"]) == (str(BUDGET), str(EXECUTED))
    assert budget["all"]["gender_responsive"] == str(RESPONSIVE)
    assert budget["all"]["rate"] == "83.5"
    assert budget["all"]["no_budget_needed"] == 1
    assert sum(row["confirmed"] for row in budget["by_body"]) == CONFIRMED


def test_money_that_is_passed_on_stands_with_both_bodies_and_is_added_once() -> None:
    year = empty_year(actions=1)
    giver, receiver = "FIRST 1.1.1", "SECOND 1.1.1"
    year.spend(giver, [("기여금", Figure.of(500), Figure.of(400), True)])
    year.spend(
        receiver, [("자체", Figure.of(100), Figure.of(50), False), ("위탁", Figure.of(300), Figure.of(300), True)]
    )
    passed = BudgetLine.objects.get(programme="위탁")
    passed.passed_on_from = year.submissions[giver].assignment.body
    passed.save()
    for name in (giver, receiver):
        year.report(name)
        year.confirm(name)
    content = summary_content(year.round)
    figures = content["figures"]["budget"]

    def sums(row: dict) -> tuple:
        return tuple(row[key] for key in ("budget", "executed", "gender_responsive", "rate", "passed_on"))

    by_body = {row["body"]: sums(row) for row in figures["by_body"]}
    assert by_body["FIRST"] == ("500", "400", "500", "80.0", None)
    assert by_body["SECOND"] == ("400", "350", "300", "87.5", "300")
    assert sums(figures["all"]) == ("600", "450", "500", "75.0", "300")
    printed = document(content, "en", "0" * 64)
    assert (printed["budget"]["all"]["budget"], printed["budget"]["passed_on"]) == ("600", "300")
    [line] = [row for row in lines_of(printed) if row["passed_on_from"]]
    assert (line["programme"], line["passed_on_from"]) == ("위탁", "First Ministry")


def lines_of(printed: dict) -> list[dict]:
    return [
        row
        for objective in printed["objectives"]
        for strategy in objective["strategies"]
        for action_plan in strategy["action_plans"]
        for entry in action_plan["entries"]
        for row in entry["budget"]
    ]


def test_a_translation_that_fits_is_printed_and_marked_in_its_language_only(year) -> None:
    first, second = list(year.submissions)[:2]
    for name, source in ((first, None), (second, "이전의 글")):
        submission = year.submissions[name]
        save_translation(
            submission=submission,
            field="results",
            change=Change("", f"Results of {name}"),
            by=year.coordinator,
            source=source,
        )
    content = summary_content(year.round)
    assert year.coordinator.name not in whole_text(content)
    english, korean = (document(content, language, "0" * 64) for language in ("en", "ko"))
    assert texts_of(english)[f"Results of {first}"] is True
    assert texts_of(english)[year.text(second)] is False
    assert f"Results of {first}" not in texts_of(korean)
    [note] = [note for note in english["notes"] if "Unofficial translations" in note]
    assert note.endswith(": 1. The Korean text holds.")


def texts_of(printed: dict) -> dict[str, bool]:
    """Every line of text that is printed, and whether it is a translation."""
    return {
        line.text: text["is_translated"]
        for objective in printed["objectives"]
        for strategy in objective["strategies"]
        for action_plan in strategy["action_plans"]
        for entry in action_plan["entries"]
        for text in entry["texts"]
        for line in text["lines"]
    }


def test_people_are_not_named(year) -> None:
    text = whole_text(summary_content(year.round))
    for writer, approver in year.people.values():
        assert writer.name not in text
        assert approver.name not in text


def test_bodies_have_the_names_of_the_last_day_of_the_year(year) -> None:
    body = year.bodies[1]
    for day, name in ((dt.date(2022, 12, 31), "십이월부"), (dt.date(2023, 1, 1), "일월부")):
        BodyName.objects.create(body=body, valid_from=day, name=both(name), day_to_confirm=True)
    found = {row["code"]: row for row in summary_content(year.round)["bodies"]}
    assert found["FIRST"]["name"]["ko"] == "십이월부"
    assert found["FIRST"]["name_to_confirm"]


def test_mends_are_listed_in_the_order_of_the_plan(year) -> None:
    first, second = ActionPlan.objects.order_by("order")[:2]
    ActionPlan.objects.filter(pk=second.pk).update(mend_note="보정 사유")
    type(first.strategy).objects.filter(pk=first.strategy_id).update(source_text="원문 글자")
    found = summary_content(year.round)["mends"]
    assert [(mend["level"], mend["code"]) for mend in found] == [("strategy", "1.1"), ("action-plan", second.code)]


@pytest.mark.parametrize(("round_is", "installation_is", "marked"), [(1, 0, 1), (0, 1, 1), (1, 1, 1), (0, 0, 0)])
def test_sample_data_is_marked(settings, round_is, installation_is, marked) -> None:
    settings.SAMPLE_INSTALLATION = bool(installation_is)
    assert summary_content(empty_year(1, is_sample=bool(round_is)).round)["is_sample"] is bool(marked)


def test_another_countrys_plan_has_no_legal_basis_of_ours(year) -> None:
    assert summary_content(year.round)["basis"] == {"committee": {}, "lines": []}


def test_the_legal_basis_is_that_of_the_lead_body(year) -> None:
    type(year.bodies[0]).objects.filter(code="HEAD").update(code="MOGEF")
    basis = summary_content(year.round)["basis"]
    assert basis["committee"]["ko"] == "양성평등위원회"
    assert any("제41조제3항" in line["ko"] for line in basis["lines"])


def test_the_same_data_gives_the_same_bytes_at_any_time(year) -> None:
    now = snapshot(summary_content(year.round))
    with clock.at(dt.date(2031, 5, 5)):
        assert snapshot(summary_content(year.round)) == now
    assert json.loads(now[0])["schema"] == SCHEMA


def test_the_content_is_plain_and_comes_back_from_its_bytes_as_it_was(year) -> None:
    content = summary_content(year.round)
    assert json.loads(snapshot(content)[0]) == content


def test_another_confirmation_gives_another_hash(year) -> None:
    before = snapshot(summary_content(year.round))[1]
    name = list(year.submissions)[7]
    year.confirm(name, "completed")
    assert snapshot(summary_content(year.round))[1] != before


def test_the_queries_do_not_grow_with_the_submissions() -> None:
    year = empty_year(1)
    with CaptureQueriesContext(connection) as few:
        summary_content(year.round)
    for number in range(8):
        assignment = AssignmentFactory(plan=year.round.plan, body=year.bodies[number % 3])
        year.submissions[f"more {number}"] = SubmissionFactory(round=year.round, assignment=assignment)
        year.report(f"more {number}")
        year.confirm(f"more {number}")
    with CaptureQueriesContext(connection) as many:
        summary_content(year.round)
    assert len(many) == len(few)
    assert len(many) <= 5


def test_a_round_without_submissions_has_a_content(year) -> None:
    content = summary_content(RoundFactory())
    assert content["figures"]["all"]["total"] == 0
    assert content["bodies"] == []
