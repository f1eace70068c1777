"""Evidence from two people at once: each content once, no file lost, and nothing attached that was signed off."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from ministries.models import EvidenceFile, ImplementingBody, StoredFile, Submission
from ministries.services import evidence, file_store, transitions
from ministries.services.evidence import AddResult
from ministries.workflow import WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests import files
from tests.evidence import attach, looked_into
from tests.factories import SubmissionFactory, fill_in
from tests.ministries.test_concurrency import Desks, desks  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("private_files")]

OpenDesks = Callable[[], Desks]


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


def sending(submission: Submission, by: User, name: str, data: bytes | None = None) -> Callable[[], AddResult]:
    return lambda: evidence.add_files(submission=submission, by=by, files=looked_into(name, data=data))


def test_two_who_send_the_same_file_to_one_submission_attach_it_once(
    desks: OpenDesks,  # noqa: F811
    submission: Submission,
    focal_point: User,
    approver: User,
) -> None:
    at = desks()
    results = at.first_then(
        sending(submission, focal_point, "하나.pdf", files.pdf()), sending(submission, approver, "둘.pdf", files.pdf())
    )
    assert [[file.name for file in result.added] for result in results] == [["하나.pdf"], []]
    # A thread of its own speaks the default language.
    assert "하나.pdf" in results[1].refused[0].reason
    assert at.alone(lambda: (EvidenceFile.objects.count(), StoredFile.objects.count())) == (1, 1)


def test_two_who_send_the_same_file_to_two_submissions_store_it_once(
    desks: OpenDesks,  # noqa: F811
    body: ImplementingBody,
    focal_point: User,
    approver: User,
) -> None:
    one, two = SubmissionFactory(body=body), SubmissionFactory(body=body)
    at = desks()
    results = at.at_once(sending(one, focal_point, "a.pdf", files.pdf()), sending(two, approver, "a.pdf", files.pdf()))
    assert [len(result.added) for result in results] == [1, 1]
    assert at.alone(lambda: (EvidenceFile.objects.count(), StoredFile.objects.count())) == (2, 1)


def test_a_file_that_comes_while_it_is_signed_off_is_not_attached(
    desks: OpenDesks,  # noqa: F811
    submission: Submission,
    focal_point: User,
    approver: User,
) -> None:
    fill_in(submission, focal_point)
    at = desks()
    _signed, sent = at.first_then(
        lambda: transitions.sign_off(submission=submission, by=approver), sending(submission, focal_point, "늦음.pdf")
    )
    assert sent is WrongState
    assert at.alone(EvidenceFile.objects.count) == 0


@pytest.mark.parametrize("first", ["removing", "sending"])
def test_who_sends_what_somebody_else_removes_at_the_same_moment_keeps_it(
    first: str,
    desks: OpenDesks,  # noqa: F811
    submission: Submission,
    body: ImplementingBody,
    focal_point: User,
    approver: User,
    private_files: Path,
) -> None:
    (file,) = attach(submission, focal_point, data=files.pdf())
    other = SubmissionFactory(body=body)
    # It was sent long ago, so that its bytes go with the last reference.
    StoredFile.objects.update(stored_at=clock.now() - 2 * file_store.GRACE)
    at = desks()
    acts: list[Callable[[], Any]] = [
        lambda: evidence.remove_file(file=file, by=focal_point),
        sending(other, approver, "a.pdf", files.pdf()),
    ]
    at.first_then(*(acts if first == "removing" else reversed(acts)))
    stored = at.alone(lambda: EvidenceFile.objects.get().stored)
    with storages["private"].open(stored.path) as kept:
        assert kept.read() == files.pdf()
