"""The virus check against the real scanner: held until clean, deleted where infected, tried again where it is away."""

import datetime as dt
import threading
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from ministries.content_evidence import files_named_in
from ministries.enums import Role, ScanState
from ministries.models import EvidenceFile, StoredFile, Submission
from ministries.selectors.evidence import files_of, scan_overview
from ministries.services import evidence, file_store, scanning, transitions
from ministries.tasks import scan_file
from ministries.workflow import Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.environment import Endpoint
from reports.management.commands.run_worker import sweep_until
from tests import files
from tests.evidence import attach, looked_into, sent
from tests.factories import SubmissionFactory, person, submission_in
from tests.pages import text_of
from tests.scanner import LONGEST, SIGNATURE, VIRUS, Scanner

# With transactions that really end, as a file is checked after the one in which it was sent.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]

SignIn = Callable[[User], Client]
INFECTED = b"minutes " + VIRUS


@pytest.fixture(autouse=True)
def store(private_files: Path) -> Path:
    return private_files


@pytest.fixture
def submission(body: Any) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def away(settings: Any) -> None:
    """A scanner is set, but nobody is there."""
    settings.CLAMD = Endpoint(host="127.0.0.1", port=1)


def state_of(file: EvidenceFile) -> str:
    return StoredFile.objects.get(pk=file.stored_id).scan_state


def page_of(submission: Submission) -> str:
    return reverse("ministries:evidence_list", args=submission.address)


def later(**more: float) -> Any:
    return clock.at(clock.now() + dt.timedelta(**more))


def test_a_clean_file_is_checked_as_it_is_sent_and_then_served(
    scanner: Scanner, submission: Submission, focal_point: User, signed_in: SignIn
) -> None:
    (file,) = attach(submission, focal_point)
    assert state_of(file) == ScanState.CLEAN
    assert signed_in(focal_point).get(file.get_absolute_url()).status_code == 200


def test_an_infected_file_is_never_served_and_its_bytes_are_gone(
    scanner: Scanner,
    submission: Submission,
    focal_point: User,
    approver: User,
    signed_in: SignIn,
    store: Path,
    settings: Any,
) -> None:
    answer = signed_in(focal_point).post(page_of(submission), {"file": sent("a.txt", INFECTED)}, follow=True)
    (file,) = EvidenceFile.objects.all()
    assert (state_of(file), [path for path in store.rglob("*") if path.is_file()]) == (ScanState.INFECTED, [])
    # Its sender is told what and why; the others that there is something.
    assert f"a.txt Infected: deleted The virus check found “{SIGNATURE}” in it." in text_of(answer)
    refused = signed_in(focal_point).get(file.get_absolute_url())
    assert refused.status_code == 409
    assert f"The virus check found “{SIGNATURE}” in it." in text_of(refused)
    seen = text_of(signed_in(approver).get(page_of(submission)))
    assert ("Infected: deleted" in seen, "a.txt" in seen.partition("History")[0]) == (True, False)
    assert signed_in(approver).get(file.get_absolute_url()).status_code == 404
    (event,) = Event.objects.filter(kind="infected_file")
    assert (event.object_id, event.actor_id) == (str(submission.pk), "")
    assert event.data["signature"] == SIGNATURE
    # Taking the scanner away lets nothing through.
    settings.CLAMD = None
    assert signed_in(focal_point).get(file.get_absolute_url()).status_code == 409
    # Whoever writes the submission takes it off the list.
    evidence.remove_file(file=file, by=approver)
    assert not EvidenceFile.objects.exists()


def test_an_infected_file_is_known_again_and_not_taken_a_second_time(
    scanner: Scanner, submission: Submission, focal_point: User, settings: Any, store: Path
) -> None:
    (file,) = attach(submission, focal_point, "a.txt", data=INFECTED)
    evidence.remove_file(file=file, by=focal_point)
    with clock.at(clock.now() + 2 * file_store.GRACE):
        evidence.sweep()
    # Also when the scanner was taken out of the settings since.
    settings.CLAMD = None
    result = evidence.add_files(submission=submission, by=focal_point, files=looked_into("b.txt", data=INFECTED))
    assert [(each.name, each.reason) for each in result.refused] == [
        ("b.txt", f"The virus check found “{SIGNATURE}” in it.")
    ]
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_each_submission_that_has_the_infected_content_gets_an_event(
    away: None, real_scanner: Scanner, submission: Submission, focal_point: User, body: Any, settings: Any
) -> None:
    other = SubmissionFactory(body=body)
    for each in (submission, other):
        attach(each, focal_point, "a.txt", data=INFECTED)
    settings.CLAMD = real_scanner.endpoint
    assert scanning.scan(sha256=StoredFile.objects.get().pk) == "infected"
    assert scanning.scan(sha256=StoredFile.objects.get().pk) == "not needed"
    found = Event.objects.filter(kind="infected_file").values_list("object_id", flat=True)
    assert sorted(found) == sorted([str(submission.pk), str(other.pk)])


def test_until_it_is_checked_only_its_sender_sees_what_it_is_and_nobody_gets_it(
    away: None, submission: Submission, focal_point: User, approver: User, signed_in: SignIn, coordinator: User
) -> None:
    (file,) = attach(submission, focal_point, "결과.pdf", description="5월")
    assert state_of(file) == ScanState.WAITING
    (own,), (others,) = files_of(focal_point, submission), files_of(approver, submission)
    assert (own.name, own.state, own.url) == ("결과.pdf", "checking", "")
    assert (str(others.name), str(others.kind), others.size, others.description) == ("File", "", None, "")
    assert (others.state, others.url, others.is_hidden) == ("checking", "", True)
    refused = signed_in(focal_point).get(file.get_absolute_url())
    assert refused.status_code == 409
    assert "This file is being checked for viruses." in text_of(refused)
    assert signed_in(approver).get(file.get_absolute_url()).status_code == 404
    submission_in("confirmed", submission, by=focal_point, approver=approver, coordinator=coordinator)
    for reader in (coordinator, person(Role.PANEL_MEMBER)):
        assert signed_in(reader).get(file.get_absolute_url()).status_code == 404
        said = text_of(signed_in(reader).get(page_of(submission)))
        assert ("Being checked" in said, "결과.pdf" in said) == (True, False)
    assert not Event.objects.filter(kind="download").exists()


def test_a_scanner_that_was_away_is_asked_again_by_the_sweep(
    scanner: Scanner, submission: Submission, focal_point: User, caplog: pytest.LogCaptureFixture
) -> None:
    scanner.stop()
    (clean,) = attach(submission, focal_point)
    (bad,) = attach(submission, focal_point, "a.txt", data=INFECTED)
    assert (state_of(clean), state_of(bad)) == (ScanState.WAITING, ScanState.WAITING)
    with later(minutes=2):
        assert scanning.sweep() == 0
        assert "The virus scanner does not answer: 2 files wait for their check." in caplog.messages
        scanner.start()
        assert scanning.sweep() == 2
        assert (state_of(clean), state_of(bad)) == (ScanState.CLEAN, ScanState.INFECTED)
        assert scanning.sweep() == 0


def test_the_worker_looks_for_such_files_and_for_what_is_kept_too_long(
    scanner: Scanner, submission: Submission, focal_point: User
) -> None:
    scanner.stop()
    (file,) = attach(submission, focal_point)
    (held,) = evidence.hold_files(submission=submission, by=focal_point, files=looked_into("x.pdf")).added
    EvidenceFile.objects.filter(pk=held.pk).update(held_until=clock.now())
    StoredFile.objects.update(scan_after=clock.now())
    scanner.start()
    stop = threading.Event()
    stop.set()
    sweep_until(stop)
    assert state_of(file) == ScanState.CLEAN
    assert list(EvidenceFile.objects.all()) == [file]


def test_a_check_that_was_lost_with_its_worker_is_asked_for_again(
    scanner: Scanner, submission: Submission, focal_point: User
) -> None:
    (file,) = attach(submission, focal_point)
    # The task was taken out of the queue and never did it.
    StoredFile.objects.update(scan_state=ScanState.WAITING, scan_after=clock.now() + scanning.AGAIN)
    assert scanning.sweep() == 0
    with later(minutes=2):
        assert scanning.sweep() == 1
    assert state_of(file) == ScanState.CLEAN


def test_what_was_sent_before_there_was_a_scanner_is_checked_too(
    real_scanner: Scanner, submission: Submission, focal_point: User, signed_in: SignIn, settings: Any
) -> None:
    (file,) = attach(submission, focal_point)
    assert not StoredFile.objects.get().is_held_back
    assert signed_in(focal_point).get(file.get_absolute_url()).status_code == 200
    settings.CLAMD = real_scanner.endpoint
    assert signed_in(focal_point).get(file.get_absolute_url()).status_code == 409
    assert scanning.sweep() == 1
    assert signed_in(focal_point).get(file.get_absolute_url()).status_code == 200


def test_a_file_that_the_scanner_will_not_take_is_held_told_and_tried_again_every_hour(
    scanner: Scanner, submission: Submission, focal_point: User, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    (file,) = attach(submission, focal_point, "a.txt", data=b"x" * (LONGEST + 10))
    assert state_of(file) == ScanState.FAILED
    assert any("could not check evidence/" in message for message in caplog.messages)
    refused = signed_in(focal_point).get(file.get_absolute_url())
    assert "This file could not be checked for viruses. The check is tried again every hour." in text_of(refused)
    with later(minutes=50):
        assert scanning.sweep() == 0
    with later(minutes=70):
        assert scanning.sweep() == 1
    assert state_of(file) == ScanState.FAILED


def test_the_same_content_is_checked_once(
    scanner: Scanner, submission: Submission, focal_point: User, body: Any
) -> None:
    attach(submission, focal_point, data=files.pdf())
    checked = StoredFile.objects.get().scanned_at
    scanner.stop()
    (again,) = attach(SubmissionFactory(body=body), focal_point, data=files.pdf())
    assert (state_of(again), StoredFile.objects.get().scanned_at) == (ScanState.CLEAN, checked)


def test_what_is_kept_aside_is_checked_too(scanner: Scanner, submission: Submission, focal_point: User) -> None:
    submission_in("submitted", submission, by=focal_point)
    good = looked_into("a.txt", data=INFECTED)
    (file,) = evidence.hold_files(submission=submission, by=focal_point, files=good).added
    assert state_of(file) == ScanState.INFECTED
    transitions.return_submission(submission=submission, by=person(Role.COORDINATOR), reason="보완")
    with pytest.raises(Refused, match=SIGNATURE):
        evidence.put_in(file=file, by=focal_point)


def test_an_infected_file_is_in_no_version(scanner: Scanner, submission: Submission, focal_point: User) -> None:
    (clean,) = attach(submission, focal_point)
    attach(submission, focal_point, "a.txt", data=INFECTED)
    submission_in("submitted", submission, by=focal_point)
    assert list(files_named_in(submission.submitted_version.sections)) == [str(clean.pk)]


def test_a_check_of_what_is_gone_is_not_needed(scanner: Scanner, settings: Any) -> None:
    assert scan_file.enqueue(sha256="0" * 64).return_value == "not needed"
    settings.CLAMD = None
    assert scan_file.enqueue(sha256="0" * 64).return_value == "not needed"
    assert scanning.sweep() == 0


def test_the_overview_counts_what_waits_and_since_when(
    scanner: Scanner, submission: Submission, focal_point: User, settings: Any
) -> None:
    attach(submission, focal_point, "a.txt", data=INFECTED)
    attach(submission, focal_point, "b.txt", data=b"y" * (LONGEST + 10))
    scanner.stop()
    with later(minutes=-5):
        waiting = attach(submission, focal_point, "하나.pdf", "둘.pdf")
    found = scan_overview()
    assert (found.is_on, found.waiting, found.failed, found.infected) == (True, 2, 1, 1)
    assert found.oldest == StoredFile.objects.get(pk=waiting[0].stored_id).stored_at
    settings.CLAMD = None
    assert not scan_overview().is_on


def told(*words: str) -> str:
    out = StringIO()
    call_command("scan_evidence", *words, stdout=out)
    return out.getvalue()


def test_the_command_tells_how_the_check_stands_and_checks_what_is_left(
    scanner: Scanner, submission: Submission, focal_point: User, settings: Any
) -> None:
    scanner.stop()
    (oldest,) = attach(submission, focal_point, "a.txt", data=INFECTED)
    sent_at = dt.datetime(2026, 5, 3, 9, 30, tzinfo=dt.UTC)
    StoredFile.objects.filter(pk=oldest.stored_id).update(stored_at=sent_at)
    attach(submission, focal_point, "b.txt", data=b"y" * (LONGEST + 10))
    assert told() == (
        "Not checked yet: 2, the oldest since 2026-05-03 18:30.\nCould not be checked: 0. Infected and deleted: 0.\n"
    )
    with pytest.raises(CommandError, match="The scanner does not answer"):
        told("--now")
    scanner.start()
    assert told("--now") == "Not checked yet: 0.\nCould not be checked: 1. Infected and deleted: 1.\n"
    settings.CLAMD = None
    assert told().startswith("No scanner is set (CLAMD): files are served without a check.\n")
    with pytest.raises(CommandError, match="name its address in CLAMD"):
        told("--now")
