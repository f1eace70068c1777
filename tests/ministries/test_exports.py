"""Files of what a page shows: its rows and columns and no more, as data alone, each download on record."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from ministries.enums import Role
from ministries.models import ImplementingBody, Round, Submission
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import RoundFactory, SubmissionFactory, UserFactory, both, fill_in, person, submission_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def filled(round_: Round, body: ImplementingBody, other_body: ImplementingBody, coordinator: User) -> list[Submission]:
    """A draft with a rating nobody is told, a confirmed one, one of another body."""
    focal = person(Role.FOCAL_POINT, body)
    draft = fill_in(SubmissionFactory(round=round_, body=body), focal, self_rating="completed")
    confirmed = submission_in(
        "confirmed", SubmissionFactory(round=round_, body=body), coordinator=coordinator, rating="attention"
    )
    returned = submission_in("submitted", SubmissionFactory(round=round_, body=other_body))
    transitions.return_submission(submission=returned, by=coordinator, reason="보완", comments={"results": "수치"})
    return [draft, confirmed, returned]


def file(user: User, signed_in: Callable[[User], Client], page: str, round: Round, form: str, query: str = "") -> Any:
    address = reverse(f"ministries:{page}_export", args=[round.plan.number, round.year, form])
    return signed_in(user).get(address + query)


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_the_overview_has_a_line_for_each_submission_and_first_and_last_day_apart(
    filled, round_, signed_in, coordinator
) -> None:
    rows = rows_of(file(coordinator, signed_in, "overview", round_, "csv"))
    assert [row["Number"] for row in rows] == [each.assignment.action_plan.code for each in filled]
    assert [row["State"] for row in rows] == ["Draft", "Confirmed", "Returned"]
    # Of a draft, and of what is being rewritten, no rating is told.
    assert [row["Self-rating"] for row in rows] == ["", "On track", ""]
    assert [row["Coordinator's rating"] for row in rows] == ["", "Attention", ""]
    first = f"{filled[1].first_submitted_at:%Y-%m-%d}"
    assert [bool(row["First submitted"]) for row in rows] == [False, True, True]
    assert {"First submitted", "Last submitted", "Confirmed", "Exception until"} <= rows[0].keys()
    assert rows[2]["Open remarks"] == "1"
    assert len(first) == 10


def test_the_workbook_has_the_lines_and_the_matrix(filled, round_, signed_in, coordinator) -> None:
    answer = file(coordinator, signed_in, "overview", round_, "xlsx", "?body=OWN")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    lines, matrix = book.worksheets
    assert [len(list(sheet.values)) for sheet in (lines, matrix)] == [3, 3]
    assert [cell.value for cell in matrix[1]][6:] == ["OWN"]
    assert matrix["G3"].value == "Confirmed\nCoordinator's rating: Attention"


@pytest.mark.parametrize("page", ["overview", "submission"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_looks_like_a_formula_stays_text(page, form, filled, round_, signed_in, coordinator) -> None:
    action_plan = filled[0].assignment.action_plan
    type(action_plan).objects.filter(pk=action_plan.pk).update(title=both('=HYPERLINK("http://x")'))
    answer = file(coordinator, signed_in, page, round_, form)
    if form == "csv":
        assert "'=HYPERLINK" in rows_of(answer)[0]["Action plan"]
        return
    cells = [cell for row in openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0] for cell in row]
    found = next(cell for cell in cells if str(cell.value).startswith("=HYPERLINK"))
    assert (found.data_type, found.quotePrefix) == ("s", True)


def test_the_file_holds_what_the_filter_leaves(filled, round_, signed_in, coordinator) -> None:
    for page in ("overview", "submission"):
        rows = rows_of(file(coordinator, signed_in, page, round_, "csv", "?state=confirmed"))
        assert [row["Number"] for row in rows] == [filled[1].assignment.action_plan.code]


def test_a_body_gets_its_own_list_and_a_reader_what_is_confirmed(filled, round_, body, signed_in, panel_member) -> None:
    own = rows_of(file(person(Role.FOCAL_POINT, body), signed_in, "submission", round_, "csv"))
    assert [(row["State"], row["Self-rating"]) for row in own] == [("Draft", "Completed"), ("Confirmed", "On track")]
    assert "Implementing body" not in own[0]
    (public,) = rows_of(file(panel_member, signed_in, "submission", round_, "csv"))
    assert set(public) == {
        "Number", "Action plan", "Implementing body", "State", "Under revision", "Coordinator's rating",
    }  # fmt: skip
    asked = rows_of(file(panel_member, signed_in, "submission", round_, "csv", "?scope=all"))
    assert len(asked) == 1


def test_the_file_is_sorted_as_the_list(filled, round_, signed_in, coordinator) -> None:
    rows = rows_of(file(coordinator, signed_in, "submission", round_, "csv", "?sort=-code"))
    assert [row["Number"] for row in rows] == [each.assignment.action_plan.code for each in reversed(filled)]


def test_who_sees_no_page_gets_no_file(filled, round_, signed_in, focal_point, committee_reader) -> None:
    for user in (focal_point, committee_reader, UserFactory()):
        assert file(user, signed_in, "overview", round_, "csv").status_code == 404
    assert file(committee_reader, signed_in, "submission", round_, "csv").status_code == 404
    for page in ("overview", "submission"):
        address = reverse(f"ministries:{page}_export", args=[round_.plan.number, round_.year, "csv"])
        assert Client().get(address).status_code == 302
    assert not Event.objects.filter(kind="export").exists()


def test_other_forms_and_methods_there_are_not(round_, signed_in, coordinator) -> None:
    for page in ("overview", "submission"):
        assert file(coordinator, signed_in, page, round_, "pdf").status_code == 404
        address = reverse(f"ministries:{page}_export", args=[round_.plan.number, round_.year, "csv"])
        assert signed_in(coordinator).post(address).status_code == 405
        assert signed_in(coordinator).head(address).status_code == 200
    assert not Event.objects.filter(kind="export").exists()


def test_each_download_is_on_record(filled, round_, signed_in, coordinator) -> None:
    answer = file(coordinator, signed_in, "overview", round_, "xlsx", "?body=OWN")
    assert answer["Cache-Control"] == "private, no-store"
    assert 'filename="' in answer["Content-Disposition"]
    event = Event.objects.get(kind="export")
    assert (event.object_kind, event.actor_id) == ("ministries.round", str(coordinator.pk))
    assert {name: event.data[name] for name in ("what", "form", "chosen", "rows")} == {
        "what": "overview",
        "form": "xlsx",
        "chosen": {"body": "OWN"},
        "rows": 2,
    }
