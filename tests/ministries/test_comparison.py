"""Two contents compared: every section, field and row, what came, what went, and what says something else."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ministries.comparison import NOT_YET, Comparison, compare, frame
from ministries.content import content_of
from ministries.content_compare import differences
from ministries.figures import Figure
from ministries.models import Activity, BudgetLine, Submission
from tests.factories import BodyFieldFactory, SubmissionFactory, submission_in

OLD: dict[str, Any] = json.loads((Path(__file__).parent / "version_schema_1.json").read_text(encoding="utf-8"))
Sections = list[dict[str, Any]]


def part(key: str, said: str | None, kind: str = "text", **more: Any) -> dict[str, Any]:
    state = "value" if said else ""
    return {"key": key, "label": {"ko": key}, "kind": kind, "unit": "", "state": state, "value": said or None, **more}


def table(key: str, *rows: tuple[str, dict[str, str | None]]) -> Sections:
    """A section of rows, each given by its key and what its cells say."""
    found = [
        {"key": number, "label": {}, "fields": [part(name, said) for name, said in cells.items()]}
        for number, cells in rows
    ]
    return [{"key": key, "label": {"ko": key}, "rows": found}]


def fields(key: str, **said: str | None) -> Sections:
    return [{"key": key, "label": {"ko": key}, "fields": [part(name, each) for name, each in said.items()]}]


def changes(found: Comparison) -> dict[str, str]:
    """The changes by field, or by table and the name of the row."""
    return {
        each.key if hasattr(each, "pieces") else f"{section.key}: {each.label}": each.change
        for section in found.sections
        for each in (*section.fields, *section.rows)
    }


# Fields


def test_a_field_came_went_changed_or_is_the_same() -> None:
    before = fields("results", results="네 차례", consultation=None, related="가", shortcomings="나")
    after = fields("results", results="다섯 차례", consultation="협의", related=None, shortcomings="나")
    found = compare(before, after)
    expected = {"results": "changed", "consultation": "added", "related": "removed", "shortcomings": "same"}
    assert changes(found) == expected
    assert found.number == 3
    assert changes(found.only_changed) == {key: change for key, change in expected.items() if change != "same"}
    [results] = [each for each in found.sections[0].fields if each.key == "results"]
    assert [(piece.kind, piece.text) for piece in results.pieces] == [
        ("removed", "네"),
        ("added", "다섯"),
        ("same", " 차례"),
    ]
    assert "".join(piece.text for piece in results.pieces_before) == "네 차례"
    assert "".join(piece.text for piece in results.pieces_after) == "다섯 차례"


def test_not_known_not_applicable_zero_and_nothing_are_four_things() -> None:
    states = [part("actual", "0", "figure"), part("actual", None, "figure")]
    states += [{**states[1], "state": state} for state in ("not-known", "not-applicable")]
    for one in states:
        for other in states:
            contents = ([{"key": "x", "label": {}, "fields": [each]}] for each in (one, other))
            assert bool(compare(*contents).number) is (one is not other)


def test_the_sections_stand_in_the_order_of_the_form_and_what_is_not_in_it_after_them() -> None:
    keys = ["review", "warnings", "handling", "evidence", "results", "plan"]
    contents = [section for key in keys for section in fields(key, **{f"x_{key}": "가"})]
    found = compare(contents, contents)
    assert [each.key for each in found.sections] == ["plan", "results", "evidence", "handling", "warnings", "review"]
    assert found.only_changed.sections == []


def test_labels_stand_in_the_language_of_the_reader_as_the_contents_have_them() -> None:
    section = {"key": "results", "label": {"ko": "실적", "en": "Results then"}, "fields": []}
    section["fields"] = [{**part("results", "가"), "label": {"ko": "추진실적", "en": "What was done"}}]
    with override("en"):
        [found] = compare([section], [section]).sections
    assert (found.label, found.fields[0].label) == ("Results then", "What was done")


def test_what_the_working_copy_cannot_say_yet_is_left_out() -> None:
    before = [*fields("handling", department="과", approver="박승인", document_number="1", document_date="2022-01-01")]
    before += fields("review", coordinator_rating="on-track")
    after = fields("handling", department="과", approver=None, document_number=None, document_date=None)
    assert compare(before, after, without=NOT_YET).number == 0
    assert compare(before, after).number == 4


# Rows


def test_rows_of_a_table_with_keys_are_matched_by_them() -> None:
    before = table("indicators", ("I1", {"actual": "3"}), ("I2", {"actual": "4"}))
    after = table("indicators", ("I3", {"actual": "4"}), ("I1", {"actual": "5"}))
    found = compare(before, after).sections[0]
    assert [(row.key, row.change) for row in found.rows] == [("I3", "added"), ("I1", "changed"), ("I2", "removed")]


def test_a_row_before_the_others_leaves_them_as_they_were() -> None:
    rows = [{"title": "교육", "place": "서울"}, {"title": "회의", "place": "부산"}]
    before = table("activities", *((str(at), row) for at, row in enumerate(rows, 1)))
    after = table(
        "activities", *((str(at), row) for at, row in enumerate([{"title": "홍보", "place": "대전"}, *rows], 1))
    )
    assert changes(compare(before, after)) == {
        "activities: 홍보": "added",
        "activities: 교육": "same",
        "activities: 회의": "same",
    }
    assert [(each.column, each.called) for each in differences(before, after)] == [("", "홍보")]


def test_a_row_with_another_name_is_the_one_that_says_the_same_else() -> None:
    before = table("activities", ("1", {"title": "평화 교육", "place": "서울", "partners": "군 부대"}))
    after = table(
        "activities",
        ("1", {"title": "새 회의", "place": "부산", "partners": None}),
        ("2", {"title": "평화 강좌", "place": "서울", "partners": "군 부대"}),
    )
    found = compare(before, after)
    assert changes(found) == {"activities: 새 회의": "added", "activities: 평화 강좌": "changed"}
    [_new, changed] = found.only_changed.sections[0].rows
    assert [(cell.key, cell.change) for cell in changed.cells] == [("title", "changed")]


def test_more_renamed_rows_than_can_be_held_against_each_other_keep_their_places() -> None:
    before = table("activities", *((str(at), {"title": f"가{at}", "place": "x"}) for at in range(200)))
    after = table("activities", *((str(at), {"title": f"나{at}", "place": "x"}) for at in range(200)))
    assert {row.change for row in compare(before, after).sections[0].rows} == {"changed"}


# A third content


def test_last_year_stands_beside_field_by_field_and_its_rows_as_they_are() -> None:
    last = [*fields("results", results="지난해"), *table("activities", ("1", {"title": "지난해 활동"}))]
    last += table("indicators", ("I1", {"actual": "1"}))
    now = [*fields("results", results="올해"), *table("activities", ("1", {"title": "올해 활동"}))]
    now += table("indicators", ("I1", {"actual": "2"}))
    found = compare(now, now, beside=last)
    results, activities, indicators = found.sections
    assert (found.has_beside, found.number) == (True, 0)
    assert results.fields[0].beside["value"] == "지난해"
    assert [row["fields"][0]["value"] for row in activities.beside] == ["지난해 활동"]
    assert indicators.rows[0].cells[0].beside["value"] == "1"
    assert indicators.beside == []


# Real contents


@pytest.mark.django_db
def test_all_that_a_submission_holds_is_compared_with_itself_and_nothing_differs(body) -> None:
    submission = whole(body)
    sections = content_of(submission)["sections"]
    found = compare(sections, json.loads(json.dumps(sections)))
    assert found.number == 0
    assert {each.key for each in found.sections} == {each["key"] for each in sections}
    shown = [each.key for section in found.sections for each in section.fields]
    assert sorted(shown) == sorted(each["key"] for section in sections for each in section.get("fields", ()))
    assert [len(section.rows) for section in found.sections if section.key in ("activities", "budget")] == [1, 1]


@pytest.mark.django_db
def test_a_content_of_schema_1_is_compared_with_a_new_one_both_ways(body) -> None:
    new = content_of(whole(body))["sections"]
    found = compare(OLD["sections"], new)
    there = changes(found)
    assert there["results"] == "changed"
    assert there["own.field"] == "added"
    # Sums and rates that schema 1 did not compute are nobody's change.
    assert {there[key] for key in ("activities_count", "budget_total")} == {"same"}
    back = changes(compare(new, OLD["sections"]))
    assert back["own.field"] == "removed"
    assert len(back) == len(there)
    assert [each.key for each in found.sections if each.key == "narrative"] == []


@pytest.mark.django_db
def test_names_that_changed_are_told_beside_what_was_written(body) -> None:
    content = content_of(submission_in("submitted", SubmissionFactory(body=body)))
    renamed = {**content, "body": {**content["body"], "name": {"ko": "바뀐 부", "en": content["body"]["name"]["en"]}}}
    found = compare([frame(content)], [frame(renamed)])
    assert {each.key: each.change for each in found.sections[0].fields} == {
        **dict.fromkeys(("plan", "area", "objective", "strategy", "action_plan"), "same"),
        "body": "changed",
    }


def whole(body: Any) -> Submission:
    """A submission with a row of each kind."""
    BodyFieldFactory(body=body, key="field")
    submission = SubmissionFactory(body=body)
    Activity.objects.create(submission=submission, order=1, title="교육")
    line = BudgetLine(submission=submission, order=1, programme="평화 교육")
    line.budget = Figure.of(100)
    line.save()
    submission.results = "두 번째 글"
    submission.save()
    own = submission.assignment.body.own_fields.get()
    own.values.create(submission=submission, text="답")
    return Submission.objects.get(pk=submission.pk)


TEXT = st.text(alphabet="가나 다.", max_size=20)


@given(st.dictionaries(st.sampled_from("abcde"), TEXT), st.dictionaries(st.sampled_from("abcde"), TEXT))
def test_pieces_are_the_texts_again_and_nothing_is_left_out(before: dict[str, str], after: dict[str, str]) -> None:
    found = compare(fields("results", **before), fields("results", **after))
    told = {each.key: each for section in found.sections for each in section.fields}
    assert set(told) == {*before, *after}
    for key, each in told.items():
        assert each.is_changed is ((before.get(key) or "") != (after.get(key) or ""))
        if each.is_changed:
            assert "".join(piece.text for piece in each.pieces_before) == before.get(key, "")
            assert "".join(piece.text for piece in each.pieces_after) == after.get(key, "")
