"""Attaching evidence to a submission: adding, keeping aside, describing, removing; and the record of each download."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules, workflow
from ministries.enums import Role, ScanState
from ministries.models import EvidenceFile, EvidenceInVersion, StoredFile, Submission, SubmissionVersion
from ministries.models.evidence import DESCRIPTION_LENGTH
from ministries.services import file_store, scanning
from ministries.services.changes import Change, SaveResult, merge
from ministries.services.file_store import Examined, RefusedFile
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.files.kinds import Unaccepted

#: So long a file that was sent too late or too early is kept aside for its sender.
HELD = dt.timedelta(days=90)
#: What can be changed of a file.
CHANGEABLE = ("description", "is_restricted")


@dataclass
class AddResult:
    """What became of the files that were sent: those that were taken, and those that were not, with the reason."""

    added: list[EvidenceFile] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)


def add_files(
    *,
    submission: Submission,
    by: User,
    files: Iterable[Examined],
    description: str = "",
    is_restricted: bool = False,
) -> AddResult:
    """Attach files. Each good one is taken, each other one told: too many, there already, infected.

    Raises ``NotPermitted`` for other bodies' people and ``WrongState`` where the submission can't be edited now; then
    nothing is taken, and :func:`hold_files` keeps the files aside.
    """
    _check_description(description)
    workflow.require_editable(submission, by)
    kept = _keep(files)
    with transaction.atomic():
        locked = _locked(submission)
        workflow.require_editable(locked, by)
        there = {file.stored_id: file for file in locked.evidence.attached()}
        result = _attach(locked, by, kept, there, description=description.strip(), is_restricted=is_restricted)
        for file in result.added:
            _record(file, "add_file", by, size=file.stored.size, sha256=file.stored_id)
        if result.added:
            _touch(locked, by)
    return result


def hold_files(
    *,
    submission: Submission,
    by: User,
    files: Iterable[Examined],
    description: str = "",
    is_restricted: bool = False,
) -> AddResult:
    """Keep files aside for ``by`` alone, who sent them when the submission could not be edited.

    Raises ``NotPermitted`` for people who never may edit it.
    """
    _check_description(description)
    workflow.require_own(by, submission)
    kept = _keep(files)
    with transaction.atomic():
        locked = _locked(submission)
        there = {file.stored_id: file for file in locked.evidence.held().filter(uploaded_by=by)}
        more = {"is_restricted": is_restricted, "held_until": clock.now() + HELD}
        result = _attach(locked, by, kept, there, description=description.strip(), **more)
        for file in result.added:
            _record(file, "hold_file", by, sha256=file.stored_id)
    return result


def put_in(*, file: EvidenceFile, by: User) -> EvidenceFile:
    """Attach a file that was kept aside, now that the submission can be edited.

    Raises ``NotPermitted``, ``WrongState`` or ``Refused`` (too many, there already); it then stays aside.
    """
    with transaction.atomic():
        submission, held = _locked_with(file)
        if not held.is_held or held.uploaded_by_id != by.pk:
            raise WrongState(_now("This file is no longer kept aside."))
        workflow.require_editable(submission, by)
        if held.stored.scan_state == ScanState.INFECTED:
            raise Refused(held.stored.finding)
        there = {each.stored_id: each for each in submission.evidence.attached()}
        if held.stored_id in there:
            raise Refused(_already_there(there[held.stored_id]))
        if len(there) >= settings.EVIDENCE_MAX_FILES:
            raise Refused(_too_many())
        held.held_until = None
        held.uploaded_at = clock.now()
        held.save(update_fields=["held_until", "uploaded_at"])
        _record(held, "add_file", by, size=held.stored.size, sha256=held.stored_id)
        _touch(submission, by)
    return held


def change_file(*, file: EvidenceFile, by: User, changes: Mapping[str, Change]) -> SaveResult:
    """Change the description of a file, or whether it is restricted.

    A value that somebody else changed meanwhile comes back as a conflict. Raises ``NotPermitted`` or ``WrongState``.
    """
    result = SaveResult()
    with transaction.atomic():
        submission, stored = _locked_with(file)
        workflow.require_editable(submission, by)
        if stored.removed_at or stored.is_held:
            raise WrongState(_now("This file was removed meanwhile."))
        before = {name: getattr(stored, name) for name in CHANGEABLE}
        merge(stored, changes, result, allowed=CHANGEABLE)
        _check_description(stored.description)
        if result.saved:
            stored.save(update_fields=result.saved)
            after = {name: getattr(stored, name) for name in result.saved}
            _record(stored, "change_file", by, before={name: before[name] for name in result.saved}, after=after)
            _touch(submission, by)
    if result.conflicts:
        result.other, result.at = _last_change(submission, stored, by)
    return result


def remove_file(*, file: EvidenceFile, by: User) -> None:
    """Remove a file, or discard one that was kept aside. Removing it again changes nothing.

    A file that a version names stays readable with that version; any other is gone, with its bytes where nothing else
    refers to them. Raises ``NotPermitted`` or ``WrongState``.
    """
    with transaction.atomic():
        submission = _locked(file.submission)
        stored = EvidenceFile.objects.select_related("submission", "stored").filter(pk=file.pk).first()
        if stored is None or stored.removed_at:
            return
        if not stored.is_held:
            workflow.require_editable(submission, by)
        elif stored.uploaded_by_id != by.pk:
            raise NotPermitted(_now("Only its sender discards a file that was kept aside."))
        _record(stored, "discard_file" if stored.is_held else "remove_file", by, sha256=stored.stored_id)
        if not stored.is_held:
            _touch(submission, by)
        if stored.version_links.exists():
            stored.removed_at, stored.removed_by = clock.now(), by
            stored.save(update_fields=["removed_at", "removed_by"])
        else:
            _erase(stored)


def forget_held() -> int:
    """Take away what was kept aside longer than it is promised; gives how many files."""
    late = EvidenceFile.objects.held().filter(held_until__lt=clock.now())
    forgotten = 0
    for file in late.select_related("submission", "stored"):
        with transaction.atomic():
            if not EvidenceFile.objects.select_for_update(of=("self",)).filter(pk=file.pk, held_until__lt=clock.now()):
                continue
            _record(file, "discard_file", None, sha256=file.stored_id)
            _erase(file)
            forgotten += 1
    return forgotten


def sweep() -> int:
    """Take away what is kept longer than promised, and contents that nothing refers to; gives how many."""
    return forget_held() + file_store.release_all()


def name_in_version(*, version: SubmissionVersion, files: Mapping[str, bool]) -> None:
    """Note which files a version names, so that whoever reads the version may read them.

    ``files``: by the file's id, whether it is restricted in that version.
    """
    EvidenceInVersion.objects.bulk_create(
        EvidenceInVersion(version=version, file_id=file, is_restricted=is_restricted)
        for file, is_restricted in files.items()
    )


def record_download(*, file: EvidenceFile, by: User) -> Event:
    """Put a download on record, with the submission: who looks for what happened to one finds it there."""
    facts = {"file": str(file.pk), "name": file.name, "sha256": file.stored_id}
    return record(kind="download", subject=file.submission, by=by, data=facts)


def _keep(files: Iterable[Examined]) -> list[tuple[Examined, StoredFile | RefusedFile]]:
    """The bytes go to the storage before anything is locked: that may take a while."""
    kept: list[tuple[Examined, StoredFile | RefusedFile]] = []
    for file in files:
        try:
            kept.append((file, file_store.keep(file)))
        except Unaccepted as error:
            kept.append((file, RefusedFile(file.name, str(error))))
    return kept


def _attach(
    submission: Submission,
    by: User,
    kept: Iterable[tuple[Examined, StoredFile | RefusedFile]],
    there: dict[str, EvidenceFile],
    **more: Any,
) -> AddResult:
    result, room = AddResult(), settings.EVIDENCE_MAX_FILES - len(there)
    for file, stored in kept:
        if isinstance(stored, RefusedFile):
            result.refused.append(stored)
        elif stored.pk in there:
            result.refused.append(RefusedFile(file.name, str(_already_there(there[stored.pk]))))
        elif len(result.added) >= room:
            result.refused.append(RefusedFile(file.name, str(_too_many())))
        else:
            made = EvidenceFile.objects.create(
                submission=submission,
                stored=stored,
                original_name=file.original_name,
                name=file.name,
                kind=file.kind.code,
                uploaded_by=by,
                uploaded_at=clock.now(),
                **more,
            )
            there[stored.pk] = made
            result.added.append(made)
            scanning.request(stored)
    return result


def _already_there(file: EvidenceFile) -> str:
    return _now("The same file is there already as “%(name)s”.") % {"name": file.name}


def _too_many() -> str:
    return _now("A submission has at most %(limit)d files.") % {"limit": settings.EVIDENCE_MAX_FILES}


def _check_description(text: str) -> None:
    if len(text.strip()) > DESCRIPTION_LENGTH:
        raise Refused(_("The description is too long."), field="description")


def _locked(submission: Submission) -> Submission:
    # First the lock, then the reading: who waited for a closing of the round must see it closed.
    Submission.objects.select_for_update().values_list("pk").get(pk=submission.pk)
    return Submission.objects.select_related("round__plan", "assignment__body", "assignment__action_plan").get(
        pk=submission.pk
    )


def _locked_with(file: EvidenceFile) -> tuple[Submission, EvidenceFile]:
    """The submission, locked, and the file as it is stored now. Raises ``WrongState`` where it is gone."""
    submission = _locked(file.submission)
    stored = EvidenceFile.objects.select_related("stored").filter(pk=file.pk).first()
    if stored is None:
        raise WrongState(_now("This file was removed meanwhile."))
    stored.submission = submission
    return submission, stored


def _touch(submission: Submission, by: User) -> None:
    """Attaching is writing: the submission counts as begun, and the focal point as its writer."""
    now = clock.now()
    changes: dict[str, Any] = {"updated_at": now, "started_at": Coalesce("started_at", now)}
    if rules.roles_of(by).in_body(Role.FOCAL_POINT, submission.assignment.body_id):
        changes["written_by"] = by
    Submission.objects.filter(pk=submission.pk).update(**changes)


def _erase(file: EvidenceFile) -> None:
    sha256 = file.stored_id
    file.delete()
    transaction.on_commit(lambda: file_store.release(sha256))


def _record(file: EvidenceFile, kind: str, by: User | None, **facts: Any) -> None:
    record(kind=kind, subject=file.submission, by=by, data={"file": str(file.pk), "name": file.name, **facts})


def _last_change(submission: Submission, file: EvidenceFile, by: User) -> tuple[str, dt.datetime | None]:
    events = Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="change_file")
    found = [each for each in events.exclude(actor_id=str(by.pk)) if each.data.get("file") == str(file.pk)]
    return (found[-1].actor_name, found[-1].at) if found else ("", None)
