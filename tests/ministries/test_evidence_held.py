"""Files that were sent when the submission could not be edited: kept aside for their sender, never lost."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ministries.content_evidence import files_named_in
from ministries.models import EvidenceFile, Submission
from ministries.services import evidence, transitions
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests import files
from tests.evidence import attach, events, held, looked_into, names, on_disk
from tests.factories import SubmissionFactory, fill_in, submission_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def store(private_files: Path) -> Path:
    """The folder of the stored files."""
    return private_files


@pytest.fixture
def submission(body: Any) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def by(focal_point: User) -> User:
    return focal_point


def test_what_was_sent_when_it_could_not_be_edited_is_kept_aside_and_put_in_later(submission, by, coordinator) -> None:
    submission_in("submitted", submission, by=by)
    result = evidence.hold_files(submission=submission, by=by, files=looked_into("늦음.pdf"), description="나중")
    (file,) = result.added
    assert (names(submission), held(submission, by)) == ([], ["늦음.pdf"])
    with pytest.raises(WrongState):
        evidence.put_in(file=file, by=by)
    transitions.return_submission(submission=submission, by=coordinator, reason="보완")
    evidence.put_in(file=file, by=by)
    file.refresh_from_db()
    assert (names(submission), held(submission, by), file.description) == (["늦음.pdf"], [], "나중")
    assert events(submission, "hold_file", "add_file") == [("hold_file", "늦음.pdf"), ("add_file", "늦음.pdf")]
    with pytest.raises(WrongState):
        evidence.put_in(file=file, by=by)


def test_what_is_kept_aside_is_its_senders_alone(submission, by, approver) -> None:
    submission_in("submitted", submission, by=by)
    (file,) = evidence.hold_files(submission=submission, by=by, files=looked_into("늦음.pdf")).added
    assert held(submission, approver) == []
    with pytest.raises(WrongState):
        evidence.put_in(file=file, by=approver)
    with pytest.raises(NotPermitted):
        evidence.remove_file(file=file, by=approver)
    # Each of two keeps the same file for themselves.
    evidence.hold_files(submission=submission, by=approver, files=looked_into("늦음.pdf"))
    assert held(submission, approver) == held(submission, by) == ["늦음.pdf"]


def test_what_is_kept_aside_is_not_part_of_what_is_submitted(submission, by) -> None:
    attach(submission, by, "안.pdf")
    fill_in(submission, by)
    evidence.hold_files(submission=submission, by=by, files=looked_into("밖.pdf"))
    submission_in("submitted", submission, by=by)
    named = files_named_in(submission.submitted_version.sections)
    assert [EvidenceFile.objects.get(pk=pk).name for pk in named] == ["안.pdf"]


def test_what_is_there_already_stays_aside(submission, by, settings: Any) -> None:
    (file,) = evidence.hold_files(submission=submission, by=by, files=looked_into("x.pdf", data=files.pdf())).added
    attach(submission, by, "y.pdf", data=files.pdf())
    with pytest.raises(Refused, match="there already as “y"):
        evidence.put_in(file=file, by=by)
    (other,) = evidence.hold_files(submission=submission, by=by, files=looked_into("z.pdf")).added
    settings.EVIDENCE_MAX_FILES = 1
    with pytest.raises(Refused, match="at most 1 files"):
        evidence.put_in(file=other, by=by)
    assert held(submission, by) == ["x.pdf", "z.pdf"]


def test_what_is_kept_aside_can_be_discarded_and_goes_by_itself_in_the_end(submission, by, store) -> None:
    submission_in("submitted", submission, by=by)
    one, _two = evidence.hold_files(submission=submission, by=by, files=looked_into("a.pdf", "b.pdf")).added
    evidence.remove_file(file=one, by=by)
    with clock.at(clock.now() + evidence.HELD - dt.timedelta(days=1)):
        evidence.sweep()
        assert held(submission, by) == ["b.pdf"]
    with clock.at(clock.now() + evidence.HELD + dt.timedelta(days=1)):
        evidence.sweep()
    assert (held(submission, by), on_disk(store)) == ([], [])
    assert events(submission, "discard_file") == [("discard_file", "a.pdf"), ("discard_file", "b.pdf")]
