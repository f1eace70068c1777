"""The list of fields: each stands in one step of the form, and what is missing names the step where it is mended."""

import pytest
from django.db import models

from ministries import fields
from ministries.fields import FIELDS, STEPS, TABLES, Gap, Kind, gaps, step_of
from ministries.models import Submission

#: Sections that nobody writes in the form: they are computed, or the coordinator's.
NOT_WRITTEN = {"warnings", "review"}


def test_each_section_that_a_body_writes_stands_in_one_step() -> None:
    placed = [section for step in STEPS for section in step.sections]
    assert sorted(placed) == sorted(set(fields.SECTIONS) - NOT_WRITTEN)
    assert {field.section for field in FIELDS} <= set(placed)
    assert len({step.key for step in STEPS}) == len(STEPS)


def test_each_field_is_a_column_of_its_kind() -> None:
    kinds = {field.name: type(Submission._meta.get_field(field.name)) for field in FIELDS}
    expected = {
        Kind.PROSE: models.TextField,
        Kind.FLAG: models.BooleanField,
        Kind.LINE: models.CharField,
        Kind.CHOICE: models.CharField,
    }
    assert kinds == {field.name: expected[field.kind] for field in FIELDS}
    assert {field.name for field in FIELDS if Submission._meta.get_field(field.name).choices} == {
        field.name for field in FIELDS if field.kind is Kind.CHOICE
    }


def test_a_field_and_a_table_know_their_step() -> None:
    assert [step_of(name).key for name in ("this_year_plan", "improvement_measures", "department")] == [
        "plan",
        "next",
        "handling",
    ]
    assert [step_of(table).key for table in TABLES] == ["activities", "indicators", "budget", "evidence", "handling"]
    with pytest.raises(KeyError):
        step_of("no-such-field")


# Complete: what the house's table asks for, and nothing else


COMPLETE = {"results": "글", "self_rating": "on-track", "next_year_plan": "글"}


def missing(**content: str) -> list[tuple[str, str]]:
    return [(gap.field, gap.step.key) for gap in gaps(Submission(**content))]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({}, [("self_rating", "assessment"), ("results", "results"), ("next_year_plan", "next")]),
        (COMPLETE, []),
        ({**COMPLETE, "results": " \n"}, [("results", "results")]),
        (
            {**COMPLETE, "self_rating": "attention"},
            [("self_rating_reason", "assessment"), ("improvement_measures", "next")],
        ),
        ({"self_rating": "not-applicable"}, [("self_rating_reason", "assessment")]),
        ({"self_rating": "not-applicable", "self_rating_reason": "글"}, []),
        ({**COMPLETE, "disclosure": "partly"}, [("disclosure_ground", "handling")]),
    ],
)
def test_what_is_missing_is_named_with_its_step(content: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert missing(**content) == expected


def test_what_is_optional_is_never_missing() -> None:
    asked = {"results", "self_rating", "self_rating_reason", "next_year_plan", "improvement_measures"}
    asked |= {"disclosure_ground"}
    for rating in ("", "completed", "continuing", "on-track", "attention", "rethink", "not-started", "not-applicable"):
        for disclosure in ("open", "partly", "restricted"):
            found: list[Gap] = gaps(Submission(self_rating=rating, disclosure=disclosure))
            assert {gap.field for gap in found} <= asked
