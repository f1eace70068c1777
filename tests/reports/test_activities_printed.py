"""Activities as the report prints them: added up as the content has them, and nobody can be counted out of them."""

import copy
from typing import Any

import pytest

from ministries.content_parts import rows_in
from ministries.figures import Figure
from ministries.models import Activity
from reports.selectors.activities_printed import Activities
from reports.selectors.report_content import report_content
from reports.selectors.small_counts import leave_out_small_counts
from reports.selectors.summary import leaves
from reports.selectors.trace import Sources
from reports.words import LEFT_OUT_MARK as HIDDEN
from reports.words import Words
from tests.factories import SubmissionFactory, submission_in

Content = dict[str, Any]
BODIES = [{"code": code, "name": {"en": code}, "short_name": {"en": code}} for code in ("A", "B", "C")]


def _activity(number: int, people: tuple[int, int] | None) -> Content:
    counts = dict(zip(("women", "men", "participants"), (*people, sum(people)) if people else (None,) * 3, strict=True))
    fields = [
        {"key": "kind", "value": "training", "text": {"en": "Training"}},
        {"key": "title", "value": f"Course {number}"},
        {"key": "date", "value": "2022-03-01"},
        *(
            {"key": key, "kind": "figure", "state": "value", "value": None if count is None else str(count)}
            for key, count in counts.items()
        ),
    ]
    return {"key": str(number), "label": {}, "fields": fields}


def _entry(body: str, line: int, *people: tuple[int, int] | None) -> Content:
    rows = [_activity(number, each) for number, each in enumerate(people)]
    return {
        "body": body,
        "line": line,
        "status": "confirmed",
        "rating": "on-track",
        "late": False,
        "restricted": False,
        "money": None,
        "sections": [{"key": "activities", "label": {}, "rows": rows}],
    }


@pytest.fixture
def content() -> Content:
    """A has one small activity, B two, C none."""
    entries = [
        _entry("A", 1, (2, 1), (30, 20)),
        _entry("A", 2, (6, 6), None),
        _entry("B", 3, (1, 1), (2, 0), (50, 40)),
        _entry("C", 4),
    ]
    plan = {"code": "1.1.1", "title": {"en": "Plan"}, "assessment": None, "entries": entries}
    strategies = [{"code": "1.1", "title": {"en": "S"}, "action_plans": [plan]}]
    areas = [{"code": "a", "title": {"en": "A"}, "objectives": [{"code": "1", "title": {}, "strategies": strategies}]}]
    scale = [{"code": "on-track", "label": {"en": "On track"}}]
    return {"areas": areas, "bodies": copy.deepcopy(BODIES), "scale": scale, "year": 2022}


def _people(content: Content) -> list[list[str]]:
    activities = Activities(content, Words(content, "en"))
    entries = content["areas"][0]["objectives"][0]["strategies"][0]["action_plans"][0]["entries"]
    return [[row["people"] for row in activities.of(entry)] for entry in entries]


def test_a_small_count_is_not_printed(content) -> None:
    assert _people(content) == [[HIDDEN, "50"], ["12", "–"], [HIDDEN, HIDDEN, "90"], []]


def test_a_small_count_is_not_in_the_data_either(content) -> None:
    """The data of a published edition are public as they are."""
    entries = content["areas"][0]["objectives"][0]["strategies"][0]["action_plans"][0]["entries"]
    entries[1:] = [_entry("A", 2, (3, 40), (0, 6))]
    leave_out_small_counts(content)
    found = [
        {key: (fields[key]["value"], fields[key]["state"]) for key in ("women", "men", "participants")}
        for entry in entries
        for row in entry["sections"][0]["rows"]
        for fields in [{field["key"]: field for field in row["fields"]}]
    ]
    gone = (None, "left-out")
    assert found == [
        {"women": gone, "men": gone, "participants": gone},
        {"women": ("30", "value"), "men": ("20", "value"), "participants": ("50", "value")},
        {"women": gone, "men": gone, "participants": ("43", "value")},
        {"women": ("0", "value"), "men": ("6", "value"), "participants": ("6", "value")},
    ]


@pytest.mark.django_db
def test_the_content_of_a_report_holds_no_small_count(body, focal_point) -> None:
    submission = SubmissionFactory(body=body)
    activity = Activity(submission=submission, order=1, kind="training", title="상담")
    activity.women, activity.men = Figure.of(2), Figure.of(2)
    activity.save()
    confirmed = submission_in("confirmed", submission, by=focal_point)
    (entry,) = [entry for _plan, entry in leaves(report_content(confirmed.round)) if entry["sections"]]
    (row,) = rows_in(entry["sections"], "activities")
    states = {field["key"]: field["state"] for field in row["fields"]}
    assert {states[key] for key in ("women", "men", "participants")} == {"left-out"}
    assert "left-out" not in str(confirmed.confirmed_version.content)


def test_the_sums_are_those_of_what_is_told(content) -> None:
    words = Words(content, "en")
    before = Activities(content, words).summary(Sources(content, words))
    leave_out_small_counts(content)
    found = Activities(content, words).summary(Sources(content, words))
    assert found == before
    rows = {row["name"]: row for row in (found["all"], *found["bodies"], *found["kinds"])}
    keys = ("count", "counted", "women", "men", "participants", "women_share")
    assert [rows["A"][key] for key in keys] == [4, 2, "36", "26", "62", "58.1"]
    assert [rows["B"][key] for key in keys] == [3, 1, "50", "40", "90", "55.6"]
    assert [rows["C"][key] for key in keys] == [0, 0, "–", "–", "–", "–"]
    assert rows["Training"]["count"] == found["all"]["count"] == 7


def test_their_sources_name_the_lines_by_kind(content) -> None:
    words = Words(content, "en")
    sources = Sources(content, words)
    (source,) = [each for each in sources if each.number == sources.at("activities", "A")]
    assert [(group.label, group.count, [(run.first, run.last) for run in group.runs]) for group in source.groups] == [
        ("Training", 4, [(1, 2)])
    ]
