"""Workbooks: keeping what was sent until it is applied, applying all of it or nothing, and putting it on record."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _now

from ministries import workflow
from ministries.models import ImplementingBody, Round, Submission, WorkbookUpload
from ministries.services.changes import Change, RowChange
from ministries.services.submissions import save_submission
from ministries.workflow import NotPermitted, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.canonical import sha256
from nap_monitor.lib.files.names import LONGEST, shown_name

#: So long a workbook that was not applied is kept, and the word of what one that was applied has changed.
KEPT = dt.timedelta(days=7)


@dataclass
class Save:
    """What is to be saved in one submission: texts by field, and rows by table (as ``save_submission`` takes them)."""

    submission: Submission
    changes: dict[str, Change] = field(default_factory=dict)
    rows: dict[str, list[RowChange]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be saved."""
        return not self.changes and not any(self.rows.values())

    def add_row(self, table: str, row: RowChange) -> None:
        """Add a row's change to a table."""
        self.rows.setdefault(table, []).append(row)


class Overtaken(Exception):  # noqa: N818 - what happened
    """Somebody else saved one of the values between the dry run and the applying; nothing was saved."""


@transaction.atomic
def keep_upload(*, round: Round, body: ImplementingBody, by: User, name: str, content: bytes) -> WorkbookUpload:
    """Keep a workbook until it is applied. An earlier one of the same person for the same body and round goes.

    Raises ``NotPermitted`` for people who do not write for this body.
    """
    _check(by, body)
    WorkbookUpload.objects.filter(round=round, body=body, by=by, applied_at=None).delete()
    upload = WorkbookUpload.objects.create(
        round=round,
        body=body,
        by=by,
        name=shown_name(name)[:LONGEST],
        size=len(content),
        sha256=sha256(content),
        content=content,
        uploaded_at=clock.now(),
    )
    _record("upload_workbook", upload)
    return upload


@transaction.atomic
def apply_upload(*, upload: WorkbookUpload, by: User, saves: Iterable[Save]) -> WorkbookUpload:
    """Save all that a workbook changes, as drafts, or nothing at all. One that was applied before is left as it is.

    Raises ``Overtaken`` where somebody else was faster, ``NotPermitted`` or ``WrongState`` where a submission can't be
    edited any more, ``ValidationError`` where a value breaks a rule of its model.
    """
    locked = (
        WorkbookUpload.objects.select_for_update(of=("self",)).select_related("round__plan", "body").get(pk=upload.pk)
    )
    if locked.applied_at:
        return locked
    if locked.by_id != by.pk:
        raise NotPermitted(_now("Somebody else sent this workbook."))
    _check(by, locked.body)
    saved: dict[str, int] = {}
    # Always in the same order, so that two who apply at once do not wait for each other.
    for save in sorted(saves, key=lambda save: save.submission.pk):
        if save.submission.round_id != locked.round_id or save.submission.assignment.body_id != locked.body_id:
            raise WrongState(_now("This submission is none of this workbook."))
        result = save_submission(
            submission=save.submission,
            by=by,
            changes=save.changes,
            activities=save.rows.get("activities", ()),
            budget=save.rows.get("budget", ()),
            indicators=save.rows.get("indicators", ()),
            body_fields=save.rows.get("body_fields", ()),
            token=str(locked.pk),
        )
        if result.conflicts:
            raise Overtaken
        saved[save.submission.assignment.action_plan.code] = len(result.saved)
    locked.applied_at, locked.result, locked.content = clock.now(), saved, b""
    locked.save(update_fields=["applied_at", "result", "content"])
    _record("apply_workbook", locked, saved=saved)
    return locked


@transaction.atomic
def discard_upload(*, upload: WorkbookUpload, by: User) -> None:
    """Throw away a workbook that was not applied."""
    if upload.by_id != by.pk:
        raise NotPermitted(_now("Somebody else sent this workbook."))
    if WorkbookUpload.objects.filter(pk=upload.pk, applied_at=None).delete()[0]:
        _record("discard_workbook", upload)


def record_download(*, round: Round, body: ImplementingBody, by: User, content: bytes) -> Event:
    """Put a download on record."""
    facts = {"round": str(round), "plan": round.plan.number, "sha256": sha256(content)}
    return record(kind="download_workbook", subject=body, by=by, label=f"{body.code} {round.year}", data=facts)


def sweep() -> int:
    """Take away workbooks that were kept long enough; gives how many."""
    return WorkbookUpload.objects.filter(uploaded_at__lt=clock.now() - KEPT).delete()[0]


def _check(by: User, body: ImplementingBody) -> None:
    workflow.require_own(by, body)


def _record(kind: str, upload: WorkbookUpload, **more: object) -> None:
    facts = {
        "round": str(upload.round),
        "plan": upload.round.plan.number,
        "upload": str(upload.pk),
        "name": upload.name,
        "sha256": upload.sha256,
        **more,
    }
    label = f"{upload.body.code} {upload.round.year}"
    record(kind=kind, subject=upload.body, by=upload.by, label=label, data=facts)
