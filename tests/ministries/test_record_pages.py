"""The page of the record and its files: who gets them, what they show, what is refused."""

import csv
import io
import json

import pytest
from django.test import Client
from openpyxl import load_workbook

from ministries.enums import Role, State
from ministries.services.rounds import change_round
from ministries.views import record as views
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from tests.factories import RoundFactory, SubmissionFactory, UserFactory, person, submission_in

pytestmark = pytest.mark.django_db
PAGE = "/record/"
FILES = ("/record/export/xlsx/", "/record/export/csv/")


def csv_rows(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def submission(body, focal_point, approver, coordinator):
    made = SubmissionFactory(body=body, round__year=2022)
    return submission_in(State.CONFIRMED, made, by=focal_point, approver=approver, coordinator=coordinator)


# Who gets it


@pytest.mark.parametrize("path", [PAGE, *FILES])
def test_coordinators_and_administrators_get_it(path, coordinator, administrator, signed_in) -> None:
    for user in (coordinator, administrator):
        assert signed_in(user).get(path).status_code == 200


@pytest.mark.parametrize("path", [PAGE, *FILES])
@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.APPROVER, Role.PANEL_MEMBER, Role.COMMITTEE_READER, None])
def test_for_everybody_else_there_is_none(path, role, body, signed_in) -> None:
    in_body = role in (Role.FOCAL_POINT, Role.APPROVER)
    user = person(role, body if in_body else None) if role else UserFactory()
    answer = signed_in(user).get(path, {"person": user.email})
    assert answer.status_code == 404
    assert not Event.objects.filter(kind="export").exists()
    assert b"/record/" not in signed_in(user).get("/").content


@pytest.mark.parametrize("path", [PAGE, *FILES])
def test_a_stranger_is_led_to_the_sign_in(path) -> None:
    assert "/login/?next=" in Client().get(path)["Location"]


@pytest.mark.parametrize("path", [PAGE, *FILES])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(path, method, coordinator, signed_in) -> None:
    assert getattr(signed_in(coordinator), method)(path).status_code == 405


# What it shows


def test_an_event_says_who_under_which_role_from_where_to_where_and_why(submission, coordinator, signed_in) -> None:
    html = signed_in(coordinator).get(f"/en{PAGE}", {"submission": str(submission), "kind": "confirm"}).content.decode()
    for words in (
        "Confirmed",
        str(submission),
        "Coordinator",
        "(LEAD)",
        "Submitted → Confirmed",
        "Version 2",
        "1 event",
    ):
        assert words in html, words
    assert "Signed off" not in html.partition("<tbody")[2]


def test_what_stood_before_and_after_is_shown_as_a_difference(coordinator, signed_in) -> None:
    import datetime as dt

    round_ = RoundFactory()
    dates = {"opening_date": round_.opening_date, "closing_date": round_.closing_date}
    change_round(round=round_, by=coordinator, due_date=round_.due_date - dt.timedelta(days=1), **dates)
    html = signed_in(coordinator).get(f"/en{PAGE}", {"kind": "change"}).content.decode()
    assert "1 change<" in html
    assert "<del>" in html
    assert "<ins>" in html
    assert "Due date" in html
    assert "Opening date" not in html.partition("<tbody")[2]


def test_korean_that_is_gone_is_still_read_out_as_korean(coordinator, signed_in) -> None:
    data = {"before": {"guidance": "옛 안내"}, "after": {"guidance": ""}}
    record(kind="change", subject=RoundFactory(), by=coordinator, label="계획", data=data)
    html = signed_in(coordinator).get(f"/en{PAGE}", {"kind": "change"}).content.decode()
    assert '<span lang="ko">계획</span>' in html
    assert '<dd lang="ko"><p class="difference"><del>' in html


def test_an_administrator_is_shown_no_submission_whatever_is_asked(submission, administrator, signed_in) -> None:
    client = signed_in(administrator)
    for query in (
        {},
        {"body": "OWN"},
        {"q": str(submission)},
        {"kind": "confirm"},
        {"person": "coordinator@example.org"},
    ):
        assert str(submission) not in client.get(PAGE, query).content.decode().partition("<tbody")[2]
    assert client.get(PAGE, {"submission": str(submission)}).status_code == 400
    rows = csv_rows(client.get(FILES[1]))
    assert not any(str(submission) in cell for row in rows for cell in row)


def test_markup_in_what_people_wrote_stays_text(coordinator, signed_in) -> None:
    hostile = "<script>alert(1)</script>"
    data = {"before": {"name_ko": "옛 이름"}, "after": {"name_ko": hostile}, "name": hostile}
    record(kind="change", subject=RoundFactory(), by=coordinator, reason=hostile, label=hostile, data=data)
    html = signed_in(coordinator).get(PAGE, {"q": "script"}).content.decode()
    assert html.count("&lt;script&gt;") == 3
    assert "<script>alert" not in html


def test_events_of_what_is_gone_or_unknown_are_still_read(coordinator, signed_in) -> None:
    for kind, identity in (("ministries.round", "0"), ("ministries.submission", "999999"), ("accounts.user", "")):
        data = {"before": None, "changes": ["x", {"what": "y"}], "name": 3, "role": "no-role"}
        Event.objects.create(kind="submit", object_kind=kind, object_id=identity, object_label="gone", data=data)
    answer = signed_in(coordinator).get(PAGE, {"q": "gone"})
    assert (answer.status_code, answer.content.decode().count('<th scope="row"')) == (200, 3)


def test_a_person_is_found_by_name_and_one_of_several_is_chosen(coordinator, signed_in) -> None:
    one = UserFactory(name="김하나", email="one@example.org")
    other = UserFactory(name="김하나", email="other@example.org")
    record(kind="details", subject=one, by=one)
    client = signed_in(coordinator)
    answer = client.get(f"/en{PAGE}", {"person": "김하나", "kind": "details"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert f"?kind=details&amp;person={one.pk}" in html
    assert f"person={other.pk}" in html
    assert "1 event<" in client.get(f"/en{PAGE}", {"person": str(one.pk), "kind": "details"}).content.decode()
    assert "1 event<" in client.get(f"/en{PAGE}", {"person": "ONE@example.org", "kind": "details"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"person": "nobody at all"},
        {"submission": "2022 OWN 99.99"},
        {"submission": "x"},
        {"body": "NONE"},
        {"kind": "x" * 60},
        {"start": "2022-13-01"},
        {"start": "2022-02-02", "end": "2022-02-01"},
        {"q": "x" * 101},
    ],
)
def test_what_is_not_understood_is_said_beside_its_field_and_nothing_typed_is_lost(
    query, coordinator, signed_in
) -> None:
    client = signed_in(coordinator)
    answer = client.get(PAGE, query)
    html = answer.content.decode()
    assert (answer.status_code, "form-hint-invalid" in html) == (400, True)
    if "person" in query or "submission" in query or "start" in query:
        assert next(iter(query.values())) in html
    assert "<tbody" not in html
    assert client.get(FILES[0], query)["Location"].startswith(PAGE)
    assert not Event.objects.filter(kind="export").exists()


def test_older_events_stand_on_the_next_page_with_the_same_filters(coordinator, signed_in) -> None:
    round_ = RoundFactory()
    for number in range(60):
        record(kind="change", subject=round_, by=coordinator, reason=f"no. {number:02}")
    client = signed_in(coordinator)
    first = client.get(f"/en{PAGE}", {"kind": "change"}).content.decode()
    address = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(f"/en{PAGE}{address}").content.decode()
    numbers = [int(each[:2]) for page in (first, second) for each in page.split("no. ")[1:]]
    assert numbers == list(range(59, -1, -1))
    assert "60 events" in first
    assert "60 events" not in second
    assert 'rel="next"' not in second


def test_a_tampered_place_shows_the_newest_with_a_sentence(coordinator, signed_in) -> None:
    record(kind="change", subject=RoundFactory(), by=coordinator, reason="visible")
    for place in ("x", "2022_1_1", "' or 1=1 --", "9" * 500):
        answer = signed_in(coordinator).get(f"/en{PAGE}", {"after": place})
        html = answer.content.decode()
        assert answer.status_code == 400
        assert "This place in the record does not exist" in html
        assert "visible" in html


def test_a_page_takes_the_same_queries_with_one_row_and_with_three(
    submission, coordinator, signed_in, django_assert_max_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in(coordinator), []
    for number in (1, 3):
        for _ in range(number):
            record(kind="submit", subject=SubmissionFactory(body=submission.assignment.body), by=coordinator)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(PAGE, {"kind": "submit"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# What is taken out


def test_a_file_holds_all_pages_and_leaves_an_event(coordinator, signed_in) -> None:
    round_ = RoundFactory()
    for number in range(60):
        record(kind="change", subject=round_, by=coordinator, reason=f"no. {number}")
    client = signed_in(coordinator)
    rows = csv_rows(client.get(FILES[1], {"kind": "change"}))
    assert [row[12] for row in rows[1:]] == [f"no. {number}" for number in range(59, -1, -1)]
    answer = client.get(f"/en{FILES[0]}", {"kind": "change", "q": "no. 1"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert (sheet.max_row, sheet["B2"].value, sheet["M2"].value) == (12, "Changed", "no. 19")
    events = Event.objects.filter(kind="export").order_by("at")
    assert [(each.actor_id, each.data) for each in events] == [
        (str(coordinator.pk), {"what": "record", "form": "csv", "filters": {"kind": "change"}}),
        (str(coordinator.pk), {"what": "record", "form": "xlsx", "filters": {"kind": "change", "q": "no. 1"}}),
    ]


def test_asking_for_the_head_of_a_file_leaves_no_event(coordinator, signed_in) -> None:
    assert signed_in(coordinator).head(FILES[1]).status_code == 200
    assert not Event.objects.filter(kind="export").exists()
    assert signed_in(coordinator).get("/record/export/exe/").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_that_is_cut_says_so_in_its_last_row(form, coordinator, signed_in, monkeypatch) -> None:
    for _ in range(4):
        record(kind="change", subject=RoundFactory(), by=coordinator)
    monkeypatch.setattr(views, "MOST", {"csv": 3, "xlsx": 3})
    answer = signed_in(coordinator).get(f"/en/record/export/{form}/", {"kind": "change"})
    if form == "csv":
        rows = [row[:2] for row in csv_rows(answer)]
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        rows = [[cell.value for cell in row[:2]] for row in sheet.rows]
    assert len(rows) == 5
    assert "at most 3 events" in rows[-1][1]


def test_what_a_program_would_take_for_a_formula_is_text(coordinator, signed_in) -> None:
    record(kind="change", subject=RoundFactory(), by=coordinator, reason="=HYPERLINK(1)", label="+1")
    rows = csv_rows(signed_in(coordinator).get(FILES[1], {"kind": "change"}))
    assert (rows[1][12], rows[1][3]) == ("'=HYPERLINK(1)", "'+1")
    assert json.dumps(rows)
