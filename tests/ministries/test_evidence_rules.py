"""Who may read which file: the table of roles and states, asked of the filter, the predicate and the download."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from ministries import evidence_rules
from ministries.enums import Role
from ministries.models import EvidenceFile, ImplementingBody, Submission
from ministries.services import evidence, transitions
from ministries.services.changes import Change
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.evidence import attach, looked_into
from tests.factories import SubmissionFactory, UserFactory, fill_in, person, submission_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

#: Who reads the file: the own body, other bodies, the coordinator, the panel; nobody else ever does.
OWN, OTHER, LEAD, PANEL = "own", "other", "lead", "panel"
NOBODY: set[str] = set()
BODY = {OWN}
REVIEW = {OWN, LEAD}
ALL = {OWN, OTHER, LEAD, PANEL}

READS = {
    # what became of the file, and of the submission since
    "attached to a draft": BODY,
    "signed off": BODY,
    "submitted": REVIEW,
    "returned": REVIEW,
    "returned, added since": BODY,
    "returned, removed since": REVIEW,
    "submitted again without it": BODY,
    "confirmed": ALL,
    "reopened": ALL,
    "reopened, removed since": ALL,
    "confirmed again without it": BODY,
    "reopened and submitted without it": ALL,
    "removed from a draft": NOBODY,
    "kept aside": NOBODY,
    "confirmed, a restricted file": REVIEW,
    "reopened, restricted since": REVIEW,
    "reopened, open since": REVIEW,
    "confirmed, a restricted submission": REVIEW,
    "reopened, the submission restricted since": REVIEW,
}
RESTRICTED = {"disclosure": "restricted", "disclosure_ground": "정보공개법 제9조"}


class Story:
    """A submission of ``body`` with a file, taken to the situation that a case names."""

    def __init__(self, body: ImplementingBody, coordinator: User) -> None:
        self.writer = person(Role.FOCAL_POINT, body)
        self.approver = person(Role.APPROVER, body)
        self.lead = coordinator
        self.submission = SubmissionFactory(body=body)

    def go(self, state: str, **content: Any) -> None:
        hands = {"by": self.writer, "approver": self.approver, "coordinator": self.lead}
        submission_in(state, self.submission, content=content or None, **hands)

    def reopen(self) -> None:
        transitions.reopen(submission=self.submission, by=self.lead, reason="정정")
        self.submission.refresh_from_db()

    def attach(self, **more: Any) -> EvidenceFile:
        return attach(self.submission, self.writer, **more)[0]

    def remove(self, file: EvidenceFile) -> None:
        evidence.remove_file(file=file, by=self.writer)

    def restrict(self, file: EvidenceFile, is_restricted: bool) -> None:
        change = Change(not is_restricted, is_restricted)
        evidence.change_file(file=file, by=self.writer, changes={"is_restricted": change})

    def tell(self, case: str) -> EvidenceFile:  # noqa: C901 - one branch for each case of the table
        state, _comma, since = case.partition(", ")
        if case == "kept aside":
            return evidence.hold_files(submission=self.submission, by=self.writer, files=looked_into("x.pdf")).added[0]
        if since == "added since":
            self.go("returned")
            return self.attach()
        file = self.attach(is_restricted=since in ("a restricted file", "open since"))
        if state == "removed from a draft":
            self.remove(file)
        elif state in ("signed off", "submitted", "returned", "confirmed"):
            self.go(state.replace(" ", "-"), **(RESTRICTED if since == "a restricted submission" else {}))
        elif state == "submitted again without it":
            self.go("returned")
            self.remove(file)
            self.go("submitted")
        elif state.startswith(("reopened", "confirmed again")):
            self.go("confirmed")
            self.reopen()
        if since == "removed since" or state.endswith("without it"):
            self.remove(file)
        if state in ("confirmed again without it", "reopened and submitted without it"):
            self.go("confirmed" if state.startswith("confirmed") else "submitted")
        if since in ("restricted since", "open since"):
            self.restrict(file, since == "restricted since")
        if since == "the submission restricted since":
            fill_in(self.submission, self.writer, **RESTRICTED)
        return file


@pytest.mark.parametrize("case", READS)
def test_everybody_reads_the_files_that_the_table_says(
    case: str, body: Any, other_body: Any, coordinator: User, signed_in: Callable[..., Client]
) -> None:
    file = Story(body, coordinator).tell(case)
    people: list[tuple[str, Any]] = [
        (OWN, person(Role.FOCAL_POINT, body)),
        (OWN, person(Role.APPROVER, body)),
        (OTHER, person(Role.FOCAL_POINT, other_body)),
        (OTHER, person(Role.APPROVER, other_body)),
        (LEAD, coordinator),
        (PANEL, person(Role.PANEL_MEMBER)),
        ("committee", person(Role.COMMITTEE_READER)),
        ("administrator", person(Role.ADMINISTRATOR)),
        ("nobody", UserFactory()),
        ("anonymous", AnonymousUser()),
    ]
    stored = EvidenceFile.objects.filter(pk=file.pk).first()
    for who, user in people:
        expected = who in READS[case]
        assert EvidenceFile.objects.filter(pk=file.pk).visible_to(user).count() == int(expected), who
        if stored is not None:
            # The filter and the predicate are the same rule, and the download asks it.
            assert evidence_rules.reads_evidence(user, stored) is expected, who
        if user.is_authenticated:
            answer = signed_in(user).get(f"/files/{file.pk}/")
            assert answer.status_code == (200 if expected else 404), who


def test_what_is_kept_aside_is_read_by_its_sender_as_long_as_they_are_of_the_body(body: Any, coordinator: User) -> None:
    story = Story(body, coordinator)
    file = story.tell("kept aside")
    assert evidence_rules.reads_evidence(story.writer, file)
    assert list(EvidenceFile.objects.visible_to(story.writer)) == [file]
    story.writer.appointments.update(end=clock.today() - dt.timedelta(days=1))
    writer = User.objects.get(pk=story.writer.pk)
    assert not evidence_rules.reads_evidence(writer, file)
    assert not EvidenceFile.objects.visible_to(writer).exists()


def test_who_reads_in_two_ways_gets_each_file_once(body: Any, coordinator: User) -> None:
    story = Story(body, coordinator)
    file = story.tell("reopened")
    story.go("confirmed")
    assert file.version_links.count() == 4
    assert list(EvidenceFile.objects.visible_to(coordinator)) == [file]
    assert list(EvidenceFile.objects.visible_to(story.writer)) == [file]


def test_a_file_of_another_submission_is_not_read_with_this_one(body: Any, coordinator: User, store: Path) -> None:
    confirmed, draft = Story(body, coordinator), Story(body, coordinator)
    confirmed.tell("confirmed")
    # The same bytes, but attached to a draft.
    file = draft.tell("attached to a draft")
    assert file.stored_id == Submission.objects.get(pk=confirmed.submission.pk).evidence.get().stored_id
    assert not evidence_rules.reads_evidence(person(Role.PANEL_MEMBER), file)


@pytest.fixture
def store(private_files: Path) -> Path:
    return private_files
