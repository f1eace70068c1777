"""Who reads which event of the record: the filter against what the page of a submission tells the same person."""

import pytest

from ministries import rules
from ministries.enums import Role, State
from ministries.record_rules import PERSON, visible_events
from ministries.services.evidence import record_download
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record, record_export
from tests.evidence import attach
from tests.factories import (
    AppointmentFactory,
    BodyFieldFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    person,
    submission_in,
)

pytestmark = pytest.mark.django_db


def read_by(user) -> set[tuple[str, str, str]]:
    return {(event.object_kind, event.object_id, event.kind) for event in Event.objects.filter(visible_events(user))}


@pytest.fixture
def submissions(lead_body, body, focal_point, approver, coordinator):
    """One in each state, in a body and in the lead ministry, with events of every kind besides."""
    made = []
    for owner in (body, lead_body):
        for state in State.values:
            submission = SubmissionFactory(body=owner)
            hands = {"by": focal_point, "approver": approver, "coordinator": coordinator}
            if owner is lead_body:
                hands["by"] = hands["approver"] = person(Role.FOCAL_POINT, lead_body)
            made.append(submission_in(state, submission, **hands))
            for kind in (*rules.REVIEW_STEPS, *rules.INTERNAL_STEPS, "add_inside_remark", "save", "translate"):
                record(kind=kind, subject=submission, by=None)
    return made


@pytest.mark.parametrize("reports_too", [False, True])
def test_a_coordinator_reads_of_a_submission_what_its_own_page_tells(
    submissions, lead_body, coordinator, reports_too: bool
) -> None:
    if reports_too:
        AppointmentFactory(user=coordinator, role=Role.FOCAL_POINT, body=lead_body)
        coordinator.__dict__.pop("_roles", None)
    seen = read_by(coordinator)
    told = set()
    for submission in submissions:
        events = Event.objects.of("ministries.submission", str(submission.pk))
        told |= {
            (each.object_kind, each.object_id, each.kind)
            for each in events.filter(rules.visible_steps(coordinator, submission))
        }
    assert {each for each in seen if each[0] == "ministries.submission"} == told
    inside = {each[1] for each in seen if each[2] in ("save", "add_inside_remark")}
    own = {str(each.pk) for each in submissions if each.assignment.body_id == lead_body.pk}
    assert inside == (own if reports_too else set())


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.APPROVER, Role.PANEL_MEMBER, Role.COMMITTEE_READER, None])
def test_who_has_no_word_in_it_reads_nothing_of_the_record(submissions, body, role) -> None:
    in_body = role in (Role.FOCAL_POINT, Role.APPROVER)
    user = person(role, body if in_body else None) if role else UserFactory()
    record(kind="details", subject=user, by=user)
    assert read_by(user) == set()


def test_an_administrator_reads_of_people_and_settings_and_of_no_submission(
    submissions, administrator, coordinator, body, lead_body
) -> None:
    round_, field = RoundFactory(), BodyFieldFactory(body=body)
    for subject in (coordinator, round_, field, body):
        record(kind="change", subject=subject, by=coordinator)
    record(kind="upload_workbook", subject=body, by=None)
    record_export(subject=round_, by=coordinator, what="overview", form="xlsx")
    record_export(subject=coordinator, by=coordinator, what="record", form="csv", data={"filters": {"q": "secret"}})
    record_export(subject=administrator, by=administrator, what="record", form="csv")
    seen = read_by(administrator)
    assert {kind for kind, _id, _event in seen} == {
        PERSON,
        "ministries.round",
        "ministries.bodyfield",
        "ministries.implementingbody",
    }
    assert {event for _kind, _id, event in seen if event not in ("create", "appoint")} == {"change", "export"}
    assert [each for each in seen if each[2] == "export"] == [(PERSON, str(administrator.pk), "export")]


def test_what_a_body_does_before_it_submits_stays_its_own(body, focal_point, coordinator) -> None:
    for kind in ("upload_workbook", "apply_workbook", "discard_workbook", "download_workbook"):
        record(kind=kind, subject=body, by=focal_point)
    assert {each for each in read_by(coordinator) if each[0] == "ministries.implementingbody"} == set()


def test_a_coordinator_reads_who_from_outside_took_the_files_of_a_body(
    body, other_body, focal_point, coordinator, panel_member, private_files
) -> None:
    submission = SubmissionFactory(body=body)
    (file,) = attach(submission, focal_point)
    for by in (focal_point, coordinator, panel_member, person(Role.FOCAL_POINT, other_body)):
        record_download(file=file, by=by)
    events = Event.objects.filter(visible_events(coordinator), kind="download").order_by("at")
    assert [(each.actor_role, each.actor_body) for each in events] == [
        ("coordinator", "LEAD"),
        ("panel-member", ""),
        ("focal-point", "OTHER"),
    ]


def test_a_kind_of_object_that_nobody_has_thought_about_is_read_by_nobody(coordinator, administrator) -> None:
    event = record(kind="create", subject=coordinator, by=None)
    Event.objects.create(kind="create", object_kind="ministries.somethingnew", object_id="1", object_label="x")
    for user in (coordinator, administrator):
        assert set(Event.objects.filter(visible_events(user)).values_list("pk", flat=True)) == {event.pk}
