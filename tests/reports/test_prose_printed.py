"""The coordinator's prose in print: in its place, in the reader's language, and counted where it is not."""

import pytest

from ministries.services.assessments import assess
from ministries.services.changes import Change
from objectives.models import ActionPlan
from reports.selectors.document import document
from reports.selectors.report_content import report_content
from reports.selectors.summary import snapshot
from reports.services.best_cases import pick, write_best_case
from reports.services.rendering import summary_html
from reports.services.texts import write_text
from tests.reports.data import Year, whole_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(db: None) -> Year:
    """A round with everything in it."""
    return whole_year()


def _write(year: Year, place: str, text: str, language: str = "ko") -> None:
    write_text(round=year.round, place=place, language=language, change=Change("", text), by=year.coordinator)


def _printed(year: Year, language: str, edition: dict | None = None) -> dict:
    content = report_content(year.round, edition=edition)
    return document(content, language, snapshot(content)[1])


def _lines(found: list) -> list[str]:
    return [line.text for line in found]


def test_each_text_stands_at_its_place(year) -> None:
    _write(year, "foreword", "머리말의 글")
    _write(year, "area:before", "예방 분야의 글")
    _write(year, "objective:after/2", "회복 목표의 글")
    printed = _printed(year, "ko")
    assert _lines(printed["prose"]["foreword"]) == ["머리말의 글"]
    assert [(_lines(each["area_text"]), _lines(each["text"])) for each in printed["objectives"]] == [
        (["예방 분야의 글"], []),
        ([], ["회복 목표의 글"]),
    ]


def test_a_text_without_a_translation_is_printed_in_korean_and_counted(year) -> None:
    before = next(note for note in _printed(year, "en")["notes"] if "Korean only" in note)
    _write(year, "foreword", "머리말의 글")
    _write(year, "summary", "총평의 글")
    _write(year, "summary", "Overall", language="en")
    printed = _printed(year, "en")
    assert _lines(printed["prose"]["foreword"]) == ["머리말의 글"]
    assert _lines(printed["prose"]["summary"]) == ["Overall"]
    after = next(note for note in printed["notes"] if "Korean only" in note)
    assert _count(after) == _count(before) + 1


def _count(note: str) -> int:
    return int("".join(character for character in note if character.isdigit()))


def test_a_best_case_stands_at_its_objective(year) -> None:
    name = next(iter(year.submissions))
    case = pick(round=year.round, submission=year.submissions[name], by=year.coordinator)
    write_best_case(best_case=case, changes={"title_ko": Change("", "좋은 사례")}, by=year.coordinator)
    cases = [[each["title"] for each in objective["best_cases"]] for objective in _printed(year, "ko")["objectives"]]
    assert cases == [["좋은 사례"], []]


def test_the_mark_of_a_joint_action_plan_is_printed_with_its_reason(year) -> None:
    action_plan = ActionPlan.objects.get(code="1.1.1")
    assess(round=year.round, action_plan=action_plan, by=year.coordinator, rating="attention", reason="더딘 편")
    html = summary_html(content=report_content(year.round), language="ko")
    assert html.count("더딘 편") == 1


def test_an_edition_says_so_and_a_draft_says_that_it_is_one(year) -> None:
    edition = {
        "number": 2,
        "issued_on": "2023-03-02",
        "issuer": {"ko": "발행부", "en": "Issuing Ministry"},
        "agenda_number": "제7호",
        "committee_date": "",
        "errata": {"ko": "표 3을 바로잡음"},
        "replaces": 1,
    }
    draft, issued = _printed(year, "ko"), _printed(year, "ko", edition)
    assert (draft["edition"], issued["edition"]["number"], issued["issuer"]) == (None, 2, "발행부")
    marks = [[note for note in each["notes"] if "초안" in note] for each in (draft, issued)]
    assert [len(found) for found in marks] == [1, 0]
    html = summary_html(content=report_content(year.round, edition=edition), language="ko")
    for said in ("제7호", "표 3을 바로잡음", "2023"):
        assert said in html
    assert "초안" not in html


def test_a_content_from_before_there_was_prose_is_still_printed(year) -> None:
    content = report_content(year.round)
    for key in ("prose", "best_cases", "history", "edition", "meetings", "opinions", "recommendations"):
        del content[key]
    for area in content["areas"]:
        for objective in area["objectives"]:
            for strategy in objective["strategies"]:
                for action_plan in strategy["action_plans"]:
                    del action_plan["assessment"]
    content["schema"] = 2
    assert year.text(next(iter(year.submissions))) in summary_html(content=content, language="ko")
