"""What the coordinator writes into a report: its texts with their versions, its best cases, and how they reach it."""

import datetime as dt

import pytest

from ministries.services.changes import Change
from ministries.workflow import NotPermitted, Refused
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from reports.models import BestCase, ReportText
from reports.models.report_text import TEXT_LENGTH
from reports.selectors.outline import places
from reports.selectors.report_content import report_content
from reports.services.best_cases import drop, order_best_cases, pick, write_best_case
from reports.services.texts import write_text
from tests.reports.data import Year, empty_year, whole_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(db: None) -> Year:
    """A round in which nobody has reported."""
    return empty_year()


def _write(
    year: Year, base: str, new: str, *, place: str = "foreword", language: str = "ko", by: object = None
) -> object:
    return write_text(
        round=year.round, place=place, language=language, change=Change(base, new), by=by or year.coordinator
    )


def test_the_places_follow_the_plans_own_tree(year) -> None:
    keys = [place.key for place in places(year.round)]
    assert keys[:3] == ["foreword", "overview", "summary"]
    assert [key for key in keys if ":" in key] == [
        "area:before",
        "objective:before/1",
        "area:after",
        "objective:after/2",
    ]
    assert len(keys) == len(set(keys))


def test_what_one_person_types_in_a_stretch_is_one_version(year) -> None:
    start = clock.now()
    with clock.at(start):
        _write(year, "", "머리")
    with clock.at(start + dt.timedelta(minutes=9)):
        _write(year, "머리", "머리말")
    assert [(row.number, row.text) for row in ReportText.objects.all()] == [(1, "머리말")]
    with clock.at(start + dt.timedelta(minutes=20)):
        _write(year, "머리말", "머리말입니다")
    rows = ReportText.objects.order_by("number").values_list("number", "text")
    assert list(rows) == [(1, "머리말"), (2, "머리말입니다")]
    assert Event.objects.filter(object_kind="reports.reporttext", kind="write").count() == 2


def test_somebody_elses_text_is_never_overwritten_in_silence(year) -> None:
    _write(year, "", "먼저 쓴 글")
    result = _write(year, "", "나중에 쓴 글")
    assert [(each.stored, each.mine) for each in result.conflicts] == [("먼저 쓴 글", "나중에 쓴 글")]
    assert result.other == year.coordinator.name
    assert ReportText.objects.get().text == "먼저 쓴 글"


def test_a_text_reaches_the_report_in_its_last_version_and_an_empty_one_does_not(year) -> None:
    _write(year, "", "머리말", language="ko")
    _write(year, "", "Foreword", language="en")
    _write(year, "", "총평", place="summary")
    with clock.at(clock.now() + dt.timedelta(hours=1)):
        _write(year, "총평", "", place="summary")
    assert report_content(year.round)["prose"] == {"foreword": {"ko": "머리말", "en": "Foreword"}}
    assert ReportText.objects.filter(place="summary").count() == 2


@pytest.mark.parametrize(("place", "language"), [("nowhere", "ko"), ("foreword", "fr"), ("objective:before/9", "ko")])
def test_there_is_no_text_outside_the_outline(year, place, language) -> None:
    with pytest.raises(LookupError):
        _write(year, "", "글", place=place, language=language)


def test_a_text_that_is_too_long_is_refused_and_others_may_not_write(year) -> None:
    with pytest.raises(Refused, match=str(TEXT_LENGTH)):
        _write(year, "", "가" * (TEXT_LENGTH + 1))
    for person in year.people["FIRST"]:
        with pytest.raises(NotPermitted):
            _write(year, "", "글", by=person)
    assert not ReportText.objects.exists()


def test_a_best_case_is_a_confirmed_submission_that_may_be_printed() -> None:
    year = whole_year()
    names = list(year.submissions)
    for name, why in ((names[6], "비공개"), (names[7], "확정된"), (names[12], "확정된")):
        with pytest.raises(Refused, match=why):
            pick(round=year.round, submission=year.submissions[name], by=year.coordinator)
    with pytest.raises(NotPermitted):
        pick(round=year.round, submission=year.submissions[names[0]], by=year.people["FIRST"][0])
    first = pick(round=year.round, submission=year.submissions[names[0]], by=year.coordinator)
    second = pick(round=year.round, submission=year.submissions[names[1]], by=year.coordinator)
    assert pick(round=year.round, submission=year.submissions[names[0]], by=year.coordinator) == first
    write_best_case(best_case=first, changes={"title_ko": Change("", "평화 교육")}, by=year.coordinator)
    result = write_best_case(best_case=first, changes={"title_ko": Change("", "다른 제목")}, by=year.coordinator)
    assert [each.stored for each in result.conflicts] == ["평화 교육"]
    order_best_cases(round=year.round, keys=[str(second.pk), str(first.pk)], by=year.coordinator)
    printed = report_content(year.round)["best_cases"]
    assert [(f"{each['body']} {each['action_plan']}", each["title"]) for each in printed] == [
        (names[1], {}),
        (names[0], {"ko": "평화 교육"}),
    ]
    drop(best_case=first, by=year.coordinator)
    assert [row.pk for row in BestCase.objects.all()] == [second.pk]
    assert Event.objects.get(kind="remove").data["before"]["title"] == {"ko": "평화 교육"}
