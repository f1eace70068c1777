"""The content of an attachment to an approval: which text of which submissions, without clock time, in few queries."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ministries.content import content_of
from ministries.content_parts import fields_in
from ministries.enums import State
from ministries.figures import Figure
from ministries.models import ImplementingBody, IndicatorResult, Round, Submission, Translation
from ministries.models.translation import mark_of_text
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob, Snapshot
from reports.selectors.approval import approval_content
from reports.selectors.documents import documents
from reports.services.snapshots import take_approval_snapshot, take_snapshot
from tests.factories import RoundFactory, SubmissionFactory, fill_in, submission_in
from tests.reports.approvals import Content, whole_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(tmp_path: Path, settings: Any) -> Round:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return RoundFactory(year=2022)


def results(entry: Content) -> str:
    return str(fields_in(entry["sections"])["results"]["value"])


def codes(content: Content) -> list[str]:
    return [entry["code"] for entry in content["submissions"]]


def code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


def test_it_holds_the_bodys_own_in_the_order_of_the_plan(
    round_: Round, body: ImplementingBody, other_body: ImplementingBody
) -> None:
    own = [SubmissionFactory(round=round_, body=body) for _number in range(3)]
    SubmissionFactory(round=round_, body=other_body)
    SubmissionFactory(body=body)  # of another round
    content = approval_content(round_, body)
    assert codes(content) == [code(each) for each in own]
    assert (content["kind"], content["body"], content["bodies"][0]["name"]["en"]) == ("approval", "OWN", "Own Ministry")


@pytest.mark.parametrize(("state", "copy"), [("draft", "draft"), ("signed-off", "signed-off"), ("returned", "draft")])
def test_where_the_body_is_at_work_its_working_copy_is_printed(
    state: str, copy: str, round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    submission = submission_in(state, SubmissionFactory(round=round_, body=body), by=focal_point)
    if state != "signed-off":
        fill_in(submission, focal_point, results="지금 쓰고 있는 글")
    (entry,) = approval_content(round_, body)["submissions"]
    submission.refresh_from_db()
    assert (results(entry), entry["copy"], entry["version"]) == (submission.results, copy, None)


def test_what_was_submitted_or_confirmed_is_printed_from_its_version(
    round_: Round, body: ImplementingBody, coordinator: User
) -> None:
    submission = submission_in("submitted", SubmissionFactory(round=round_, body=body))
    (entry,) = approval_content(round_, body)["submissions"]
    assert (entry["copy"], entry["version"]["sha256"]) == ("", submission.submitted_version.sha256)
    transitions.confirm(submission=submission, by=coordinator, rating="attention", reason="지연")
    submission.refresh_from_db()
    (entry,) = approval_content(round_, body)["submissions"]
    assert entry["version"]["sha256"] == submission.confirmed_version.sha256
    assert fields_in(entry["sections"])["coordinator_rating"]["value"] == "attention"


def test_it_is_narrowed_to_a_state_or_to_an_action_plan(round_: Round, body: ImplementingBody) -> None:
    draft, signed = (
        submission_in(each, SubmissionFactory(round=round_, body=body)) for each in ("draft", "signed-off")
    )
    assert codes(approval_content(round_, body, narrowed_to="signed-off")) == [code(signed)]
    assert codes(approval_content(round_, body, narrowed_to="not-started")) == [code(draft)]
    assert codes(approval_content(round_, body, narrowed_to=code(draft))) == [code(draft)]
    assert codes(approval_content(round_, body, narrowed_to="confirmed")) == []
    with pytest.raises(LookupError):
        take_approval_snapshot(round=round_, body=body, narrowed_to="confirmed")


def test_one_number_of_queries_for_any_number_of_submissions(
    round_: Round, body: ImplementingBody, focal_point: User, approver: User, django_assert_num_queries: Any
) -> None:
    def make() -> None:
        """A working copy with something in everything, and a version."""
        whole_submission(round_, body, focal_point)
        submission_in("submitted", SubmissionFactory(round=round_, body=body), by=focal_point, approver=approver)

    make()
    with CaptureQueriesContext(connection) as one:
        approval_content(round_, body)
    make(), make()
    with django_assert_num_queries(len(one)):
        assert len(approval_content(round_, body)["submissions"]) == 6


def test_the_same_data_is_the_same_snapshot_on_another_day(
    round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    submission = whole_submission(round_, body, focal_point)
    first = take_approval_snapshot(round=round_, body=body)
    with clock.at(clock.today() + dt.timedelta(days=3)):
        assert take_approval_snapshot(round=round_, body=body) == first
    assert (first.kind, first.body_code, first.narrowed_to, first.year) == ("approval", "OWN", "", 2022)
    fill_in(submission, focal_point, results="달라진 글")
    assert take_approval_snapshot(round=round_, body=body) != first
    assert take_approval_snapshot(round=round_, body=body, narrowed_to=code(submission)).narrowed_to == code(submission)


def test_last_years_figures_are_compared_as_on_the_submissions_own_page(
    round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    """A figure that jumped since last year is a point to check, also where many submissions are read at once."""
    submission = whole_submission(round_, body, focal_point)
    indicator = submission.assignment.action_plan.indicators.get()
    before = SubmissionFactory(round=RoundFactory(plan=round_.plan, year=2021), assignment=submission.assignment)
    result = IndicatorResult(submission=before, indicator=indicator)
    result.actual = Figure.of(2)
    result.save()
    (entry,) = approval_content(round_, body)["submissions"]
    found = next(each for each in entry["sections"] if each["key"] == "warnings")
    alone = next(each for each in content_of(Submission.objects.get(pk=submission.pk))["sections"] if each == found)
    assert [row["key"].split(".")[0] for row in alone["rows"]].count("large-change") == 1


def test_a_translation_of_the_very_words_is_there_also_for_a_version(
    round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    submission = submission_in("submitted", SubmissionFactory(round=round_, body=body), by=focal_point)
    Translation.objects.create(
        submission=submission,
        field="results",
        language="en",
        text="Four trainings were held.",
        source_sha=mark_of_text(submission.results),
        author=focal_point,
    )
    (entry,) = approval_content(round_, body)["submissions"]
    assert fields_in(entry["sections"])["results"]["translations"]["en"]["text"] == "Four trainings were held."


def test_reports_and_attachments_are_told_apart(round_: Round, body: ImplementingBody) -> None:
    submission_in(State.CONFIRMED, SubmissionFactory(round=round_, body=body))
    report = RenderJob.objects.create(snapshot=take_snapshot(round=round_), language="ko")
    RenderJob.objects.create(snapshot=take_approval_snapshot(round=round_, body=body), language="ko")
    assert list(documents(plan_number=round_.plan.number)) == [report]
    assert list(documents(plan_number=round_.plan.number, year=2022)) == [report]


@pytest.mark.parametrize("fields", [{"kind": "approval"}, {"body_code": "OWN"}, {"narrowed_to": "draft"}])
def test_the_database_knows_that_an_attachment_has_a_body_and_a_report_none(fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError, match="snapshot_of_an_approval"), transaction.atomic():
        Snapshot.objects.create(plan_number=3, year=2022, schema=1, content=b"{}", sha256="0" * 64, **fields)
