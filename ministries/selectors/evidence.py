"""Reading evidence: the files of a submission as each reader may see them, and how the virus check stands."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Min, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import ScanState
from ministries.models import EvidenceFile, EvidenceInVersion, StoredFile, Submission
from ministries.rules import Reading

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: What is said instead of the name, where somebody may know of a file but not what it is.
RESTRICTED = _("Restricted file")
HELD_BACK = _("File")


@dataclass(frozen=True)
class FileRow:
    """A file as a list shows it. Without ``url`` it cannot be downloaded; ``state`` says why not.

    ``state``: empty, ``checking``, ``infected``, ``failed`` or ``restricted``. ``size`` is in bytes.
    """

    id: uuid.UUID
    name: str | Promise
    kind: str | Promise
    size: int | None
    description: str
    is_restricted: bool
    sender: str
    at: dt.datetime
    state: str
    state_label: str | Promise
    why: str
    url: str
    held_until: dt.datetime | None
    #: Whether nothing but the state is shown, so that nothing but removing can be done.
    is_hidden: bool


STATES: dict[str, tuple[str, str | Promise]] = {
    ScanState.WAITING: ("checking", ScanState.WAITING.label),
    ScanState.FAILED: ("failed", ScanState.FAILED.label),
    ScanState.INFECTED: ("infected", _("Infected: deleted")),
}


def files_of(user: "User", submission: Submission) -> list[FileRow]:
    """The files of what ``user`` reads of the submission: of the working copy, or of the version.

    Restricted files stand in it for everybody, without what they are for those who may not read them.
    """
    reading = rules.reading_of(user, submission)
    if reading is Reading.WORKING_COPY:
        return [_row(user, file, is_closed=False) for file in submission.evidence.attached().for_list()]
    version = {
        Reading.LAST_SUBMITTED: submission.submitted_version_id,
        Reading.LAST_CONFIRMED: submission.confirmed_version_id,
    }.get(reading)
    links = EvidenceInVersion.objects.filter(version=version).select_related("file__stored", "file__uploaded_by")
    outside = reading is Reading.LAST_CONFIRMED
    return [
        _row(user, link.file, is_closed=outside and (link.is_restricted or link.file.is_restricted))
        for link in links.order_by("file__uploaded_at", "file__name")
    ]


def held_for(user: "User", submission: Submission) -> list[FileRow]:
    """The files that are kept aside for ``user``, who sent them when the submission could not be edited."""
    held = submission.evidence.held().filter(uploaded_by=user)
    return [_row(user, file, is_closed=False) for file in held.for_list()]


def _row(user: "User", file: EvidenceFile, *, is_closed: bool) -> FileRow:
    state, label = _state(file, is_closed)
    is_hidden = is_closed or (bool(state) and file.uploaded_by_id != user.pk)
    return FileRow(
        id=file.pk,
        name=(RESTRICTED if is_closed else HELD_BACK) if is_hidden else file.name,
        kind="" if is_hidden else file.kind_of_file.label,
        size=None if is_hidden else file.stored.size,
        description="" if is_hidden else file.description,
        is_restricted=file.is_restricted,
        sender="" if is_closed else str(file.uploaded_by),
        at=file.uploaded_at,
        state=state,
        state_label=label,
        why=file.stored.finding if state == "infected" and not is_hidden else "",
        url="" if state else reverse("ministries:file_download", args=[file.pk]),
        held_until=file.held_until,
        is_hidden=is_hidden,
    )


def _state(file: EvidenceFile, is_closed: bool) -> tuple[str, str | Promise]:
    if is_closed:
        return "restricted", _("Not for outside readers")
    return STATES[file.stored.scan_state] if file.stored.is_held_back else ("", "")


def find_file(user: "User", file: uuid.UUID | str) -> EvidenceFile:
    """The file of this id. Raises ``Http404`` where ``user`` may not read it, or may not know what it is yet."""
    found: EvidenceFile = get_object_or_404(
        EvidenceFile.objects.visible_to(user).select_related(
            "stored", "submission__round__plan", "submission__assignment__body", "submission__assignment__action_plan"
        ),
        pk=file,
    )
    if found.stored.is_held_back and found.uploaded_by_id != user.pk:
        raise Http404
    return found


@dataclass(frozen=True)
class ScanOverview:
    """How many stored files stand where in the virus check, and since when the oldest waits for it."""

    is_on: bool
    waiting: int
    failed: int
    infected: int
    oldest: dt.datetime | None


def scan_overview() -> ScanOverview:
    """How the virus check stands, for whoever looks after the installation."""
    counted = StoredFile.objects.aggregate(
        waiting=Count("pk", filter=Q(scan_state=ScanState.WAITING)),
        failed=Count("pk", filter=Q(scan_state=ScanState.FAILED)),
        infected=Count("pk", filter=Q(scan_state=ScanState.INFECTED)),
        oldest=Min("stored_at", filter=Q(scan_state=ScanState.WAITING)),
    )
    return ScanOverview(is_on=settings.CLAMD is not None, **counted)
