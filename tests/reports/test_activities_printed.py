"""Activities as the report prints them: added up as the content has them, and nobody can be counted out of them."""

import copy
from typing import Any

import pytest

from reports.selectors.activities_printed import HIDDEN, Activities
from reports.selectors.trace import Sources
from reports.words import Words

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


def test_a_small_count_is_not_printed_and_one_alone_takes_the_next_larger_along(content) -> None:
    assert _people(content) == [[HIDDEN, "50"], [HIDDEN, "–"], [HIDDEN, HIDDEN, "90"], []]


def test_the_sums_are_those_of_the_content(content) -> None:
    words = Words(content, "en")
    found = Activities(content, words).summary(Sources(content, words))
    rows = {row["name"]: row for row in (found["all"], *found["bodies"], *found["kinds"])}
    keys = ("count", "counted", "women", "men", "participants", "women_share")
    assert [rows["A"][key] for key in keys] == [4, 3, "38", "27", "65", "58.5"]
    assert [rows["B"][key] for key in keys] == [3, 3, "53", "41", "94", "56.4"]
    assert [rows["C"][key] for key in keys] == [0, 0, "–", "–", "–", "–"]
    assert rows["Training"]["count"] == found["all"]["count"] == 7


def test_a_body_whose_sum_is_small_has_no_sum(content) -> None:
    content["areas"][0]["objectives"][0]["strategies"][0]["action_plans"][0]["entries"] = [_entry("A", 1, (3, 1))]
    words = Words(content, "en")
    row = Activities(content, words).summary(Sources(content, words))["bodies"][0]
    assert {row[key] for key in ("women", "men", "participants", "women_share")} == {HIDDEN}


def test_their_sources_name_the_lines_by_kind(content) -> None:
    words = Words(content, "en")
    sources = Sources(content, words)
    (source,) = [each for each in sources if each.number == sources.at("activities", "A")]
    assert [(group.label, group.count, [(run.first, run.last) for run in group.runs]) for group in source.groups] == [
        ("Training", 4, [(1, 2)])
    ]
