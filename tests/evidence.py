"""Evidence files for tests, attached through the real services."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from ministries.models import EvidenceFile, Submission
from ministries.services import evidence
from ministries.services.file_store import Examined, examine
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests import files


def sent(name: str = "결과.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, files.pdf() if data is None else data)


def looked_into(*names: str, data: bytes | None = None) -> list[Examined]:
    """Files that were looked into and found good; each has a content of its own unless ``data`` is given."""
    good, refused = examine([sent(name, files.pdf(name) if data is None else data) for name in names])
    assert not refused, refused
    return good


def attach(submission: Submission, by: User, *names: str, data: bytes | None = None, **more: Any) -> list[EvidenceFile]:
    """Files of a submission, sent by one of its body."""
    good = looked_into(*(names or ("결과.pdf",)), data=data)
    result = evidence.add_files(submission=submission, by=by, files=good, **more)
    assert not result.refused, result.refused
    return result.added


def names(submission: Submission) -> list[str]:
    """The files of the working copy."""
    return [file.name for file in submission.evidence.attached().for_list()]


def held(submission: Submission, by: User) -> list[str]:
    """The files that are kept aside for this person."""
    return [file.name for file in submission.evidence.held().filter(uploaded_by=by).for_list()]


def on_disk(store: Path) -> list[str]:
    """The names of all that lies in the store."""
    return sorted(path.name for path in store.rglob("*") if path.is_file())


def events(submission: Submission, *kinds: str) -> list[tuple[str, str]]:
    """The record of a submission: the kind of each event, and the file that it is about."""
    found = Event.objects.of("ministries.submission", str(submission.pk))
    return [(event.kind, event.data.get("name", "")) for event in (found.filter(kind__in=kinds) if kinds else found)]
