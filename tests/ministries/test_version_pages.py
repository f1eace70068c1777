"""The pages of a submission's versions: the list, one in full, and two compared."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from ministries.models import Submission, SubmissionVersion
from ministries.services import transitions
from nap_monitor.accounts.models import User
from tests.factories import SubmissionFactory, UserFactory, fill_in, person, submission_in
from tests.page_walk import Walk
from tests.pages import in_english, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SignIn = Callable[[User], Client]


@pytest.fixture
def submission(body, focal_point, approver, coordinator) -> Submission:
    """Submitted (1), returned, submitted again (2), confirmed (3), reopened and written on."""
    hands = {"by": focal_point, "approver": approver, "coordinator": coordinator}
    found = submission_in("returned", SubmissionFactory(body=body), **hands, content={"shortcomings": "일정이 늦음"})
    fill_in(found, focal_point, results="교육을 다섯 차례 실시하였습니다.")
    transitions.sign_off(submission=found, by=approver)
    transitions.submit(submission=found, by=focal_point, document_number="정책과-12")
    transitions.confirm(submission=found, by=coordinator, rating="on-track")
    transitions.reopen(submission=found, by=coordinator, reason="정정")
    found.refresh_from_db()
    return fill_in(found, focal_point, results="교육을 여섯 차례 실시하였습니다.")


def page(kind: str, submission: Submission, *more: Any, **query: str) -> str:
    address = reverse(f"ministries:version_{kind}", args=[*submission.address, *more])
    return in_english(address) + ("?" + "&".join(f"{key.strip('_')}={value}" for key, value in query.items()))


# The list


def test_the_list_says_of_each_version_what_it_is_and_who_wrote_it(submission, signed_in, coordinator) -> None:
    answer = signed_in(coordinator).get(page("list", submission))
    assert [(row.number, row.kind, row.who, row.document_number) for row in answer.context["rows"]] == [
        (3, "confirm", "Coordinator", "정책과-12"),
        (2, "submit", "Focal Point", "정책과-12"),
        (1, "submit", "Approver", ""),
    ]
    hashes = SubmissionVersion.objects.values_list("sha256", flat=True)
    assert all(each[:16] in text_of(answer) for each in hashes)


@pytest.mark.parametrize(
    ("role", "numbers", "choices"),
    [
        (Role.FOCAL_POINT, [3, 2, 1], ["now", "3", "2", "1"]),
        (Role.COORDINATOR, [3, 2, 1], ["3", "2", "1"]),
        (Role.PANEL_MEMBER, [3], None),
    ],
)
def test_each_reader_sees_and_compares_what_is_theirs(role, numbers, choices, submission, body, signed_in) -> None:
    reader = person(role, body if role is Role.FOCAL_POINT else None)
    answer = signed_in(reader).get(page("list", submission))
    assert [row.number for row in answer.context["rows"]] == numbers
    form = answer.context["form"]
    assert (form and [value for value, _label in form.fields["from"].choices]) == choices


def test_the_list_of_one_and_of_three_asks_the_same_number_of_questions(signed_in, coordinator, submission) -> None:
    other = submission_in("submitted", SubmissionFactory(round=submission.round))
    client = signed_in(coordinator)
    counts = []
    for each in (other, submission):
        client.get(page("list", each))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page("list", each)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_where_nothing_was_submitted_the_list_says_so(body, focal_point, signed_in) -> None:
    answer = signed_in(focal_point).get(page("list", SubmissionFactory(body=body)))
    assert "There is no version yet" in text_of(answer)
    assert answer.context["form"] is None


# One version


def test_a_version_is_shown_in_full_at_its_own_address(submission, signed_in, focal_point) -> None:
    client = signed_in(focal_point)
    first, last = (text_of(client.get(page("detail", submission, number))) for number in (1, 3))
    assert "교육을 네 차례 실시하였습니다." in first
    assert "This is not the newest version." in first
    assert "교육을 다섯 차례 실시하였습니다." in last
    assert submission.versions.get(number=1).sha256 in first


@pytest.mark.parametrize(("number", "status"), [(3, 200), (1, 404), (2, 404), (9, 404), (10**12, 404)])
def test_the_panel_reads_the_confirmed_one_alone(number, status, submission, signed_in, panel_member) -> None:
    assert signed_in(panel_member).get(page("detail", submission, number)).status_code == status


# Two compared


def test_two_versions_are_compared_in_any_order(submission, signed_in, coordinator) -> None:
    client = signed_in(coordinator)
    html = client.get(page("compare", submission, from_="1", to="2")).content.decode()
    assert "[removed:</span>네<" in html
    assert "[added:</span>다섯<" in html
    html = client.get(page("compare", submission, from_="2", to="1")).content.decode()
    assert "[removed:</span>다섯<" in html
    assert "[added:</span>네<" in html


def test_only_what_changed_or_everything_is_shown(submission, signed_in, coordinator) -> None:
    client = signed_in(coordinator)
    some = client.get(page("compare", submission, from_="1", to="2"))
    every = client.get(page("compare", submission, from_="1", to="2", show="all"))
    assert ("일정이 늦음" in text_of(some), "일정이 늦음" in text_of(every)) == (False, True)
    assert some.context["number"] == every.context["number"] == 2  # results and document number
    beside = client.get(page("compare", submission, from_="1", to="2", view="side"))
    assert "compared-side" in beside.content.decode()


def test_two_that_say_the_same_are_said_to(submission, signed_in, focal_point, body) -> None:
    same = submission_in("returned", SubmissionFactory(round=submission.round, body=body))
    answer = signed_in(focal_point).get(page("compare", same, from_="1", to="now"))
    assert "The two say the same" in text_of(answer)


def test_the_working_copy_is_compared_in_the_own_body_alone(submission, signed_in, approver, coordinator) -> None:
    address = page("compare", submission, from_="3", to="now")
    answer = signed_in(approver).get(address)
    assert [each.key for section in answer.context["comparison"].sections for each in section.fields] == ["results"]
    assert signed_in(coordinator).get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ({}, 400, "Choose the two versions to be compared."),
        ({"from_": "1"}, 400, "Choose the two versions to be compared."),
        ({"from_": "1", "to": "1"}, 400, "Choose two different versions."),
        ({"from_": "1", "to": "x"}, 400, "Select a valid choice"),
        ({"from_": "1", "to": "-1"}, 400, "Select a valid choice"),
        ({"from_": "1", "to": "2", "view": "upside-down"}, 400, "Select a valid choice"),
        ({"from_": "1", "to": "9"}, 404, "Page not found"),
    ],
)
def test_what_cannot_be_compared_is_told(query, status, sentence, submission, signed_in, coordinator) -> None:
    answer = signed_in(coordinator).get(page("compare", submission, **query))
    assert answer.status_code == status
    assert sentence in text_of(answer)


def test_who_reads_the_last_version_alone_compares_nothing(submission, signed_in, panel_member, other_body) -> None:
    for user in (panel_member, person(Role.FOCAL_POINT, other_body)):
        assert signed_in(user).get(page("compare", submission, from_="1", to="3")).status_code == 404
        assert signed_in(user).get(page("compare", submission, from_="3", to="now")).status_code == 404


# All pages


PAGES = {"list": [], "detail": [2], "compare": []}


@pytest.mark.parametrize("kind", PAGES)
def test_who_sees_nothing_of_the_submission_sees_no_version(kind, submission, signed_in, committee_reader) -> None:
    address = page(kind, submission, *PAGES[kind], from_="1", to="2")
    assert signed_in(committee_reader).get(address).status_code == 404
    assert signed_in(UserFactory()).get(address).status_code == 404
    assert "/login/?next=" in Client().get(address)["Location"]


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_is_posted_here(kind, submission, signed_in, coordinator) -> None:
    assert signed_in(coordinator).post(page(kind, submission, *PAGES[kind])).status_code == 405


def test_the_comparisons_ask_for_nothing_that_there_is_not_and_write_nothing(submission, focal_point) -> None:
    queries = ({"to": "2"}, {"to": "now"}, {"to": "3", "show": "all"}, {"to": "3", "show": "all", "view": "side"})
    walk = Walk(focal_point, [("compare", page("compare", submission, from_="1", **each)) for each in queries], set())
    assert [(each.status, each.missing, each.wrote) for each in walk.pages] == [(200, set(), [])] * len(queries)


def test_the_submission_leads_to_its_versions(submission, signed_in, focal_point, panel_member) -> None:
    html = signed_in(focal_point).get(in_english(submission.get_absolute_url())).content.decode()
    versions = [page("detail", submission, number).rstrip("?") for number in (1, 2, 3)]
    assert all(f'href="{each}"' in html for each in versions)
    assert f'href="{page("list", submission).rstrip("?")}"' in html
    html = signed_in(panel_member).get(in_english(submission.get_absolute_url())).content.decode()
    assert [f'href="{each}"' in html for each in versions] == [False, False, True]
    assert f'href="{page("list", submission).rstrip("?")}"' not in html
