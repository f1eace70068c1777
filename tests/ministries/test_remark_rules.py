"""Who reads which remark: role × visibility × state, as a predicate and as a filter; and whose record says what."""

import pytest
from django.contrib.auth.models import AnonymousUser

from ministries import remark_rules, rules
from ministries.enums import Role, Visibility
from ministries.models import ReviewComment, Submission
from ministries.services import review_remarks
from nap_monitor.lib.audit.models import Event
from tests.factories import AppointmentFactory, SubmissionFactory, UserFactory, person
from tests.ministries.test_rules import READS, submission_for

pytestmark = pytest.mark.django_db

COORDINATORS, BODY, PANEL, INSIDE = Visibility
#: Who reads a remark of this visibility on the version that was submitted last, in every state.
OWN_READ, LEAD_READ = {BODY, PANEL, INSIDE}, {COORDINATORS, BODY, PANEL}
#: The states in which the panel reads what was opened to it.
PANEL_READS = ("confirmed", "reopened")


def people_of(submission: Submission, lead: object) -> dict[str, object]:
    """A person of each sort, by who they are."""
    body = submission.assignment.body
    return {
        "focal": person(Role.FOCAL_POINT, body),
        "approver": person(Role.APPROVER, body),
        "lead": lead,
        "other focal": person(Role.FOCAL_POINT),
        "other approver": person(Role.APPROVER),
        "panel": person(Role.PANEL_MEMBER),
        "committee": person(Role.COMMITTEE_READER),
        "administrator": person(Role.ADMINISTRATOR),
        "nobody": UserFactory(),
        "stranger": AnonymousUser(),
    }


@pytest.mark.parametrize("case", READS)
def test_everybody_reads_the_remarks_that_the_table_says(case, body, coordinator) -> None:
    submission = submission_for(case, body, coordinator)
    for visibility in Visibility:
        ReviewComment.objects.create(
            submission=submission,
            field="results",
            text=visibility,
            author=coordinator,
            visibility=visibility,
            version=submission.submitted_version,
        )
    expected = {
        "focal": OWN_READ,
        "approver": OWN_READ,
        "lead": LEAD_READ,
        "panel": {PANEL} if case in PANEL_READS else set(),
    }
    for who, user in people_of(submission, coordinator).items():
        read = expected.get(who, set())
        assert {each.visibility for each in ReviewComment.objects.visible_to(user)} == read, who
        every = ReviewComment.objects.select_related("submission__assignment", "version")
        assert {each.visibility for each in every if remark_rules.reads_remark(user, each)} == read, who


def test_the_panel_reads_no_remark_on_a_version_after_the_confirmed_one(body, coordinator) -> None:
    submission = submission_for("confirmed", body, coordinator)
    later = submission.versions.create(number=9, kind="submit", schema=2, content=b"{}", sha256="x")
    remark = ReviewComment.objects.create(
        submission=submission, field="results", text="x", author=coordinator, visibility=PANEL, version=later
    )
    user = person(Role.PANEL_MEMBER)
    assert not remark_rules.reads_remark(user, remark)
    assert not ReviewComment.objects.visible_to(user).exists()


def test_who_coordinates_and_reports_reads_both_sides_of_the_own_body_only(lead_body, other_body, coordinator) -> None:
    both = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=both, role=Role.FOCAL_POINT, body=lead_body)
    seen = {}
    for body in (lead_body, other_body):
        submission = submission_for("submitted", body, coordinator)
        for visibility in Visibility:
            submission.comments.create(field="results", text="x", author=coordinator, visibility=visibility)
        found = submission.comments.visible_to(both)
        seen[body] = {each.visibility for each in found}
        assert {each.visibility for each in submission.comments.all() if remark_rules.reads_remark(both, each)} == seen[
            body
        ]
    assert seen == {lead_body: set(Visibility), other_body: LEAD_READ}


def test_the_narrowest_comes_first_and_nobody_remarks_on_what_they_do_not_read(body, coordinator, panel_member) -> None:
    focal, other = person(Role.FOCAL_POINT, body), person(Role.FOCAL_POINT)
    draft, submitted = SubmissionFactory(body=body), submission_for("submitted", body, coordinator)
    secret = submission_for("confirmed, restricted", body, coordinator)

    def choices(submission: Submission) -> dict[str, list[Visibility]]:
        users = {"focal": focal, "other": other, "lead": coordinator, "panel": panel_member}
        found = {who: remark_rules.remark_choices(user, submission) for who, user in users.items()}
        return {who: each for who, each in found.items() if each}

    assert choices(draft) == {"focal": [INSIDE]}
    assert choices(submitted) == {"focal": [INSIDE], "lead": [COORDINATORS, BODY, PANEL]}
    assert choices(secret) == {"focal": [INSIDE], "lead": [COORDINATORS, BODY]}


def test_the_record_tells_each_reader_of_those_remarks_that_they_read(body, coordinator) -> None:
    submission = submission_for("confirmed", body, coordinator)
    people = people_of(submission, coordinator)
    by = {COORDINATORS: coordinator, BODY: coordinator, PANEL: coordinator, INSIDE: people["focal"]}
    for visibility, author in by.items():
        remark = review_remarks.add_remark(
            submission=submission, field="results", text="의견", visibility=visibility, by=author
        )
        review_remarks.resolve_remark(remark=remark, by=author)
        review_remarks.reopen_remark(remark=remark, by=author)
    events = Event.objects.of("ministries.submission", str(submission.pk)).filter(kind__contains="r")
    events = [each for each in events if "comment" in each.data]
    assert len(events) == 12
    for who, user in people.items():
        kinds = Event.objects.filter(rules.visible_steps(user, submission)).filter(object_id=str(submission.pk))
        told = {each.data["visibility"] for each in kinds if "comment" in each.data}
        # The panel reads the remark, and not the record of who dealt with it when.
        expected = {"focal": OWN_READ, "approver": OWN_READ, "lead": LEAD_READ}.get(who, set())
        assert told == expected, who
