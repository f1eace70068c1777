"""The coordinator's workshop: the outline, the texts place by place, their versions, and the best cases."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from ministries.services.changes import Change
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from reports.models import BestCase, ReportText
from reports.models.report_text import TEXT_LENGTH
from reports.selectors.outline import places
from reports.services.best_cases import drop, pick, write_best_case
from reports.services.texts import write_text
from tests.factories import person
from tests.recording import DETAILS, EVENT, OBJECT, rows_of
from tests.reports.data import Year, empty_year, whole_year
from tests.reports.workshop import composed

pytestmark = pytest.mark.django_db

OTHERS = [Role.PANEL_MEMBER, Role.COMMITTEE_READER, Role.ADMINISTRATOR]
OBJECTIVE = "objective:before/1"


@pytest.fixture
def year(db: None) -> Year:
    """A round in which nobody has reported."""
    return empty_year()


@pytest.fixture
def client(year: Year, signed_in) -> Client:
    """The coordinator's browser."""
    found: Client = signed_in(year.coordinator)
    return found


def page(year: Year, name: str, *more: object) -> str:
    """The Korean address of a page of the round."""
    return reverse(f"reports:{name}", args=[year.round.plan.number, year.round.year, *more])


def written(year: Year, base: str, new: str, language: str = "ko", place: str = "foreword", hours: int = 0) -> None:
    with clock.at(clock.now() + dt.timedelta(hours=hours)):
        write_text(round=year.round, place=place, language=language, change=Change(base, new), by=year.coordinator)


def sent(**texts: str) -> dict[str, str]:
    """A form as a browser sends it: each text, and what it started from."""
    bases = {f"initial-{name}": texts.get(f"was_{name}", "") for name in ("text_ko", "text_en")}
    return {"text_ko": "", "text_en": "", **bases, **{k: v for k, v in texts.items() if not k.startswith("was_")}}


# The outline


def test_the_outline_says_how_far_each_text_is_and_what_is_missing(year, client) -> None:
    written(year, "", "Foreword", language="en")
    written(year, "", "머리말", hours=1)
    answer = client.get(page(year, "workshop"))
    rows = {row.place.key: row for chapter in answer.context["chapters"] for row in chapter.rows}
    assert list(rows) == [place.key for place in places(year.round)]
    assert [text.state for text in rows["foreword"].texts] == ["written", "stale"]
    assert (rows["summary"].is_missing, rows["budget"].is_missing, rows["foreword"].is_missing) == (True, False, False)
    needed = sum(place.required for place in places(year.round))
    progress = {each.language: (each.written, each.stale, each.total) for _name, each in answer.context["progress"]}
    assert progress == {"ko": (1, 0, needed), "en": (1, 1, needed)}
    assert len(answer.context["missing"]) == needed - 1
    assert answer.context["completeness"]["no_report"] == answer.context["completeness"]["total"] == 13


@pytest.mark.parametrize("name", ["workshop", "workshop_place"])
def test_the_pages_take_the_same_queries_for_any_number_of_texts(year, client, name) -> None:
    address = page(year, name, *([OBJECTIVE] if name == "workshop_place" else []))
    numbers = []
    for few in (places(year.round)[:1], places(year.round)[1:4]):
        for place in few:
            written(year, "", "글", place=place.key)
            written(year, "", "Text", language="en", place=place.key)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        numbers.append(len(queries))
    assert ReportText.objects.count() == 8
    assert numbers[0] == numbers[1]


# Who may


def test_nobody_else_finds_the_workshop(year, signed_in) -> None:
    addresses = [
        page(year, "workshop"),
        page(year, "workshop_place", "foreword"),
        page(year, "workshop_versions", "foreword"),
        page(year, "best_case_list"),
    ]
    people = [*(person(role) for role in OTHERS), *year.people["FIRST"]]
    for user in people:
        client = signed_in(user)
        assert [client.get(address).status_code for address in addresses] == [404] * len(addresses), user
        assert client.post(addresses[1], sent(text_ko="글")).status_code == 404
    assert not ReportText.objects.exists()


@pytest.mark.parametrize("place", ["nowhere", "objective:before/9", "area:", "foreword/x"])
def test_a_place_that_the_report_does_not_have_is_not_found(year, client, place) -> None:
    for name in ("workshop_place", "workshop_versions"):
        assert client.get(page(year, name, place)).status_code == 404
    assert client.get(page(year, "workshop_version", "foreword", "ko", 1)).status_code == 404
    assert client.get(page(year, "workshop_version", "foreword", "fr", 1)).status_code == 404


def test_other_methods_are_refused(year, client) -> None:
    assert client.post(page(year, "workshop")).status_code == 405
    assert client.post(page(year, "workshop_versions", "foreword")).status_code == 405
    assert client.put(page(year, "workshop_place", "foreword")).status_code == 405
    assert client.put(page(year, "best_case_list")).status_code == 405


# A text


def test_both_languages_are_saved_and_one_goes_on_to_the_next_place(year, client) -> None:
    answer = client.post(page(year, "workshop_place", OBJECTIVE), sent(text_ko="평가", text_en="Assessed", next="1"))
    after = places(year.round)[[place.key for place in places(year.round)].index(OBJECTIVE) + 1]
    assert answer["Location"] == page(year, "workshop_place", after.key)
    texts = ReportText.objects.order_by("-language").values_list("place", "language", "text", "author_label")
    name = year.coordinator.name
    assert list(texts) == [(OBJECTIVE, "ko", "평가", name), (OBJECTIVE, "en", "Assessed", name)]


def test_a_text_that_is_too_long_stays_in_its_field_and_nothing_is_saved(year, client) -> None:
    long = "가" * (TEXT_LENGTH + 1)
    answer = client.post(page(year, "workshop_place", "foreword"), sent(text_ko=long, text_en="Foreword"))
    assert answer.status_code == 400
    assert long in answer.content.decode()
    assert answer.context["form"]["text_en"].value() == "Foreword"
    assert not ReportText.objects.exists()


def test_what_somebody_else_wrote_meanwhile_is_shown_and_the_other_language_is_saved(year, client) -> None:
    written(year, "", "먼저 쓴 글")
    address = page(year, "workshop_place", "foreword")
    answer = client.post(address, sent(text_ko="나중에 쓴 글", text_en="Foreword"))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert ("먼저 쓴 글" in html, "나중에 쓴 글" in html, f"{year.coordinator.name}" in html) == (True, True, True)
    form = answer.context["form"]
    assert (form["text_ko"].value(), form["text_en"].value()) == ("나중에 쓴 글", "Foreword")
    assert set(ReportText.objects.values_list("language", "text")) == {("ko", "먼저 쓴 글"), ("en", "Foreword")}
    again = sent(text_ko="둘을 합친 글", was_text_ko="먼저 쓴 글", text_en="Foreword", was_text_en="Foreword")
    assert client.post(address, again).status_code == 302
    assert ReportText.objects.current().get(language="ko").text == "둘을 합친 글"


def test_beside_the_text_stands_what_the_data_say(signed_in) -> None:
    year = whole_year()
    client = signed_in(year.coordinator)
    told = client.get(page(year, "workshop_place", OBJECTIVE)).context["beside"]
    bodies = [(action.code, len(entries)) for action, entries in told.actions]
    assert (
        sum(segment["count"] for segment in told.segments) == told.completeness["total"] == sum(n for _c, n in bodies)
    )
    assert [code for code, _number in bodies] == ["1.1.1", "1.1.2", "1.1.3"]
    whole = client.get(page(year, "workshop_place", "summary")).context["beside"]
    assert (whole.completeness["total"], whole.actions) == (13, [])
    missing = client.get(page(year, "workshop_place", "overview")).context["beside"]
    assert sum(len(entries) for _action, entries in missing.actions) == missing.completeness["no_report"]
    budget = client.get(page(year, "workshop_place", "budget")).context["budget"]
    assert budget["budget"] == "1,534.567"


# Versions


def test_every_version_is_read_beside_the_one_before_and_can_be_taken_again(year, client) -> None:
    written(year, "", "처음 쓴 글")
    written(year, "처음 쓴 글", "다시 쓴 글", hours=1)
    listed = client.get(page(year, "workshop_versions", "foreword")).context["by_language"]
    assert [(code, [each.number for each in versions]) for code, _name, versions in listed] == [
        ("ko", [2, 1]),
        ("en", []),
    ]
    second = client.get(page(year, "workshop_version", "foreword", "ko", 2))
    assert [(each.kind, each.text) for each in second.context["pieces"]] == [
        ("removed", "처음"),
        ("added", "다시"),
        ("same", " 쓴 글"),
    ]
    first = page(year, "workshop_version", "foreword", "ko", 1)
    with clock.at(clock.now() + dt.timedelta(hours=1, minutes=1)):
        assert client.post(first, {"seen": "2"}).status_code == 302
    # A version of its own, although the same person wrote a minute ago: the second one is still there.
    assert list(ReportText.objects.order_by("number").values_list("number", "text")) == [
        (1, "처음 쓴 글"),
        (2, "다시 쓴 글"),
        (3, "처음 쓴 글"),
    ]


def test_an_old_version_is_not_taken_over_what_one_has_not_seen(year, client) -> None:
    for hours, base, new in ((0, "", "하나"), (1, "하나", "둘"), (2, "둘", "셋")):
        written(year, base, new, hours=hours)
    first = page(year, "workshop_version", "foreword", "ko", 1)
    assert client.post(first, {"seen": "2"}).status_code == 409
    assert [client.post(first, data).status_code for data in ({}, {"seen": "x"}, {"seen": "9"})] == [404] * 3
    assert ReportText.objects.current().get().text == "셋"


# Best cases


@pytest.fixture
def picked(signed_in) -> tuple[Year, Client, list[str]]:
    """A whole year with its coordinator, and two picks by their ids."""
    year = whole_year()
    cases = [
        pick(round=year.round, submission=year.submissions[name], by=year.coordinator)
        for name in list(year.submissions)[:2]
    ]
    return year, signed_in(year.coordinator), [str(case.pk) for case in cases]


def order(client: Client, year: Year) -> list[str]:
    return [str(case.pk) for case, _printed in client.get(page(year, "best_case_list")).context["cases"]]


def test_a_best_case_is_picked_from_what_is_confirmed_and_not_restricted(picked) -> None:
    year, client, _keys = picked
    address, names = page(year, "best_case_list"), list(year.submissions)
    offered = client.get(address).context["candidates"]
    assert [each.submission for each in offered] == [year.submissions[name] for name in names[2:6]]
    assert offered[0].results == year.text(names[2])
    assert client.get(address, {"body": "SECOND"}).context["page"].paginator.count < len(offered)
    assert client.get(address, {"objective": "after/2", "body": "nobody"}).status_code == 200
    answer = client.post(address, {"pick": year.submissions[names[2]].pk})
    case = BestCase.objects.get(submission=year.submissions[names[2]])
    assert answer["Location"] == page(year, "best_case_change", case.pk)
    # Restricted, and not confirmed: told, and nothing is picked.
    for name in (names[6], names[7]):
        assert client.post(address, {"pick": year.submissions[name].pk})["Location"] == address
    assert BestCase.objects.count() == 3
    assert [client.post(address, {"pick": bad}).status_code for bad in ("x", "99999", "-1", "")] == [404] * 4


def test_picks_change_places(picked) -> None:
    year, client, (first, second) = picked
    address = page(year, "best_case_list")
    for data, expected in (
        ({"down": first}, [second, first]),
        ({"up": first}, [first, second]),
        ({"up": first}, [first, second]),
        ({"down": second}, [first, second]),
    ):
        assert client.post(address, data)["Location"] == address
        assert order(client, year) == expected
    assert [client.post(address, data).status_code for data in ({}, {"up": "x"}, {"up": uuid.uuid4()})] == [404] * 3


def test_title_and_reason_are_written_and_a_conflict_is_shown(picked) -> None:
    year, client, (first, _second) = picked
    address = page(year, "best_case_change", first)
    blank = {
        f"{kind}{name}_{code}": "" for kind in ("", "initial-") for name in ("title", "text") for code in ("ko", "en")
    }
    assert client.get(address).status_code == 200
    assert client.post(address, {**blank, "title_ko": "평화 교육"})["Location"] == page(year, "best_case_list")
    answer = client.post(address, {**blank, "title_ko": "다른 제목", "text_en": "It works."})
    assert (answer.status_code, answer.context["form"].conflicts["title_ko"]["stored"]) == (409, "평화 교육")
    assert client.post(address, {**blank, "title_en": "x" * 201}).status_code == 400
    case = BestCase.objects.get(pk=first)
    assert (case.title, case.text) == ({"ko": "평화 교육"}, {"en": "It works."})
    assert client.get(page(year, "best_case_change", uuid.uuid4())).status_code == 404


def test_a_pick_is_taken_back_after_asking(picked) -> None:
    year, client, (first, second) = picked
    address = page(year, "best_case_remove", first)
    assert client.get(address).status_code == 200
    assert BestCase.objects.count() == 2
    assert client.post(address)["Location"] == page(year, "best_case_list")
    assert order(client, year) == [second]
    assert client.post(address).status_code == 404


# The record, and the ways


def test_coordinators_read_in_the_record_what_was_written_and_picked(signed_in) -> None:
    year = whole_year()
    composed(year.round, year.coordinator)
    case = BestCase.objects.get()
    write_best_case(best_case=case, changes={"title_ko": Change("", "평화 교육")}, by=year.coordinator)
    drop(best_case=case, by=year.coordinator)
    client = signed_in(year.coordinator)
    rows = rows_of(client, "en", kind="write")
    assert [row[EVENT][0] for row in rows] == ["Text of the report written"] * 2
    assert rows[0][OBJECT][0] == "National Action Plan 7, 2022: Foreword (Korean)"
    for kind, label in (("create", "Made"), ("change", "Changed"), ("remove", "Removed")):
        event = Event.objects.get(kind=kind, object_kind="reports.bestcase")
        (row,) = [
            row
            for row in rows_of(client, "en", kind=kind)
            if label in row[EVENT] and event.object_label.split()[3] in row[OBJECT][0]
        ]
        assert (row[EVENT], row[OBJECT][0]) == (
            [label],
            f"National Action Plan 7, 2022: {event.object_label.split()[3]} HEAD",
        )
        assert ("Title (Korean)" in row[DETAILS], "평화 교육" in row[DETAILS]) == (kind != "create", kind != "create")
    administrator = signed_in(person(Role.ADMINISTRATOR))
    events = [row[EVENT][0] for row in rows_of(administrator, "en")]
    assert (events.count("Text of the report written"), events.count("Made")) == (0, 0)


def test_the_report_leads_to_the_workshop_for_who_may_write_it(year, client, signed_in) -> None:
    lists = page(year, "document_list")
    assert page(year, "workshop") in client.get(lists).content.decode()
    assert page(year, "workshop") not in signed_in(person(Role.PANEL_MEMBER)).get(lists).content.decode()
