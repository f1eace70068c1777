"""Searching the record: every event once, newest first, whatever the pages are cut from."""

import datetime as dt
import uuid

import pytest

from ministries.selectors import record as selectors
from ministries.selectors.record import Place, RecordSearch, all_events, count_events, find_events
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from tests.factories import SubmissionFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 3, 1)


def paged(user, search: RecordSearch, size: int) -> list[Event]:
    """All pages of a search put together."""
    events, place = [], None
    for _ in range(200):
        found = find_events(user, search, place, size)
        assert len(found.events) <= size
        events += found.events
        place = found.next
        if place is None:
            return events
    raise AssertionError("there is no end")


@pytest.fixture
def history(body, coordinator):
    """Many events on three days, many of them of the same moment, half of them hidden from a coordinator."""
    submission = SubmissionFactory(body=body)
    for number in range(3):
        with clock.at(DAY + dt.timedelta(days=number)):
            for _ in range(4):
                record(kind="submit", subject=submission, by=coordinator, reason=f"사유 {number}")
                record(kind="save", subject=submission, by=coordinator)
                record(kind="details", subject=coordinator, by=coordinator)
    return submission


@pytest.mark.parametrize("window", [2, 5, 20_000])
@pytest.mark.parametrize("size", [1, 4, 100])
@pytest.mark.parametrize("by", ["nothing", "person", "body", "submission", "kind"])
def test_the_pages_hold_every_event_once(history, coordinator, monkeypatch, by: str, size: int, window: int) -> None:
    searches = {
        "nothing": RecordSearch(),
        "person": RecordSearch(person=coordinator),
        "body": RecordSearch(body="OWN"),
        "submission": RecordSearch(submission=history),
        "kind": RecordSearch(kind="submit"),
    }
    whole = find_events(coordinator, searches[by], size=100).events
    assert len(whole) >= 12
    assert [(each.at, each.sequence) for each in whole] == sorted(
        ((each.at, each.sequence) for each in whole), reverse=True
    )
    monkeypatch.setattr(selectors, "WINDOW", window)
    assert [each.pk for each in paged(coordinator, searches[by], size)] == [each.pk for each in whole]
    assert [each.pk for each in all_events(coordinator, searches[by], 1_000, chunk=size)] == [each.pk for each in whole]
    assert not {each.kind for each in whole} & {"save"}


def test_conditions_narrow_each_other_and_days_are_included(history, coordinator) -> None:
    search = RecordSearch(body="OWN", kind="submit", start=DAY, end=DAY + dt.timedelta(days=1), words="사유")
    assert {each.reason for each in paged(coordinator, search, 3)} == {"사유 0", "사유 1"}
    one_day = RecordSearch(submission=history, person=coordinator, start=DAY, end=DAY)
    assert len(paged(coordinator, one_day, 3)) == 4
    assert paged(coordinator, RecordSearch(person=UserFactory()), 3) == []


def test_what_was_done_to_somebody_is_found_with_what_they_did(coordinator, administrator) -> None:
    record(kind="deactivate", subject=coordinator, by=administrator)
    record(kind="details", subject=coordinator, by=coordinator)
    found = find_events(administrator, RecordSearch(person=coordinator)).events
    assert [each.kind for each in found][:2] == ["details", "deactivate"]


def test_the_count_says_where_it_stops(history, coordinator, monkeypatch) -> None:
    search = RecordSearch(body="OWN")
    first = find_events(coordinator, search, size=2)
    assert count_events(coordinator, search, first) == (12, False)
    monkeypatch.setattr(selectors, "COUNTED", 5)
    assert count_events(coordinator, search, first) == (5, True)
    monkeypatch.setattr(selectors, "COUNTED", 200)
    monkeypatch.setattr(selectors, "WINDOW", 2)
    assert count_events(coordinator, search, find_events(coordinator, search))[1] is True


def test_an_export_is_cut_where_it_is_told_to_be(history, coordinator) -> None:
    assert len(list(all_events(coordinator, RecordSearch(body="OWN"), 7, chunk=3))) == 7


def test_a_place_is_read_back_and_nothing_else_is(history, coordinator) -> None:
    event = find_events(coordinator, RecordSearch()).events[3]
    assert Place.read(str(Place.of(event))) == Place.of(event)
    tampered = [
        "",
        "x",
        "2022-03-01_0_" + uuid.uuid4().hex,
        f"2022-03-01T00:00:00.000000+00:00_{2**40}_{uuid.uuid4().hex}",
        f"2022-03-01T00:00:00.000000+00:00_-7_{uuid.uuid4().hex}",
        str(Place.of(event)) + "'",
        str(Place.of(event)).upper(),
        "_".join([str(Place.of(event))] * 2),
        "٢022-03-01T00:00:00.000000+00:00_0_" + uuid.uuid4().hex,
        f"9999-12-31T23:59:59.999999-23:59_0_{uuid.uuid4().hex}",
    ]
    for text in tampered:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
            Place.read(text)


@pytest.mark.parametrize("by", ["nothing", "person", "body", "submission"])
def test_a_page_takes_the_same_queries_however_much_there_is(
    history, coordinator, django_assert_num_queries, by: str
) -> None:
    search = {
        "nothing": RecordSearch(),
        "person": RecordSearch(person=coordinator),
        "body": RecordSearch(body="OWN"),
        "submission": RecordSearch(submission=history),
    }[by]
    coordinator.has_perm("ministries.view_record")  # the roles are read once for a request
    place = None
    for size in (1, 3, 5):
        with django_assert_num_queries(4 if by == "person" else 2):
            place = find_events(coordinator, search, place, size).next
