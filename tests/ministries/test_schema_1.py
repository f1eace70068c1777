"""A version of schema 1, as the first release wrote it, is still confirmed, shown, compared and printed."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from ministries.content import content_of
from ministries.content_compare import changed_names
from ministries.content_parts import fields_in, rows_in
from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import ConfirmedFigure, Submission, SubmissionVersion
from ministries.services import transitions
from nap_monitor.lib.canonical import canonical_bytes, sha256
from reports.selectors.document import document
from reports.selectors.summary import summary_content
from tests.factories import SubmissionFactory, person, submission_in
from tests.pages import text_of

pytestmark = pytest.mark.django_db

CONTENT: dict[str, Any] = json.loads((Path(__file__).parent / "version_schema_1.json").read_text(encoding="utf-8"))


@pytest.fixture
def submission(body, focal_point) -> Submission:
    """Submitted under schema 1, and not looked at since."""
    submission = submission_in("submitted", SubmissionFactory(body=body), by=focal_point)
    data = canonical_bytes(CONTENT)
    version = SubmissionVersion.objects.create(
        submission=submission, number=2, kind="submit", schema=1, content=data, sha256=sha256(data)
    )
    Submission.objects.update(submitted_version=version)
    return Submission.objects.get(pk=submission.pk)


@pytest.fixture
def confirmed(submission, coordinator) -> Submission:
    transitions.confirm(submission=submission, by=coordinator, rating="attention")
    return Submission.objects.get(pk=submission.pk)


def test_it_is_confirmed_word_for_word_with_its_figures(confirmed) -> None:
    version = confirmed.confirmed_version
    assert (version.schema, version.read()["schema"]) == (1, 1)
    assert version.sections[:-1] == CONTENT["sections"]
    figures = {row.key: row.figure for row in ConfirmedFigure.objects.all()}
    assert figures["budget.total"] == Figure.of("1334.5")
    assert figures["budget.executed"] == Figure(None, "not-known")
    assert figures["indicator.1.1.1-1.actual"] == Figure.of("-3.25")
    assert [key for key in figures if key.startswith(("activit", "own", "budget.own", "budget.passed"))] == []


def test_it_is_shown(confirmed, signed_in) -> None:
    page = text_of(signed_in(person(Role.PANEL_MEMBER)).get(confirmed.get_absolute_url()))
    for text in ("국제협력과", "교육을 4회 실시하였습니다.", "평화 교육", "1,234.5"):
        assert text in page


def test_it_is_printed_with_the_rates_that_it_had(confirmed) -> None:
    with override("en"):
        printed = document(summary_content(confirmed.round), "en", "0" * 64)
    [entry] = [
        entry
        for objective in printed["objectives"]
        for strategy in objective["strategies"]
        for action_plan in strategy["action_plans"]
        for entry in action_plan["entries"]
    ]
    assert [text["lines"][0].text for text in entry["texts"]] == ["교육을 4회 실시하였습니다.", "일정 지연"]
    assert [(row["programme"], row["rate"]) for row in entry["budget"]] == [("평화 교육", "0"), ("국제 회의", "–")]
    assert [row["rate"] for row in entry["indicators"]] == ["△2.7", "–"]


def test_it_is_compared_with_a_newer_one_field_by_field(submission) -> None:
    assert rows_in(CONTENT["sections"], "activities") == []
    assert fields_in(CONTENT["sections"])["self_rating"]["value"] == "attention"
    names = changed_names(CONTENT["sections"], content_of(submission)["sections"])
    assert {"results", "self_rating", "budget", "indicators", "department"} <= set(names)
    assert {"consultation", "related", "activities", "body_fields"}.isdisjoint(names)
