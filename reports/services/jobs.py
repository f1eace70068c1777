"""Long jobs: asking for a document, making it in the background, taking up what a killed worker left behind."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.utils.translation import gettext as _now

from ministries import rules
from ministries.models import ImplementingBody, Round
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.canonical import sha256
from nap_monitor.lib.pdf import Pdf, PdfError, PdfTimeoutError, Progress
from reports.models import DamagedContentError, DocumentAsker, Edition, RenderJob, Snapshot
from reports.renderer import renderer
from reports.services.document_mail import tell_askers
from reports.services.edition_files import keep_document
from reports.services.rendering import render_snapshot
from reports.services.snapshots import take_approval_snapshot, take_snapshot

logger = logging.getLogger(__name__)

#: A working process says every BEAT seconds that it lives; after LEASE without a word the job is taken up again.
LEASE = dt.timedelta(seconds=60)
BEAT = 10.0
#: After so many attempts that ended without a word the job has failed.
MOST_ATTEMPTS = 3
#: How far a job is that begins.
NO_PROGRESS = {"progress": 0, "page": 0, "pages": 0}


def request_document(*, round: Round, language: str, by: User, form: str = RenderJob.Form.PDF) -> RenderJob:
    """Ask for the PDF of the round's report as it is now, or of its summary. It is made once, however often it is asked
    for.

    Raises ``NotPermitted`` unless ``by`` may make reports. What failed or was made by another renderer is made again.
    """
    if not rules.allows(by, "reports.make_report"):
        raise NotPermitted(_now("Only a coordinator has reports made."))
    return _request(take_snapshot(round=round), language, by, form)


def request_approval(
    *, round: Round, body: ImplementingBody, language: str, by: User, narrowed_to: str = ""
) -> RenderJob:
    """Ask for the PDF of what ``body`` attaches to an approval, as it is now: all, or narrowed to a state or an action
    plan. It is made once, however often it is asked for.

    Raises ``NotPermitted`` unless ``by`` reports for the body, ``LookupError`` where there is nothing to print.
    """
    if not rules.allows(by, "reports.view_approval", body):
        raise NotPermitted(_now("Only the people of the body have this made."))
    return _request(take_approval_snapshot(round=round, body=body, narrowed_to=narrowed_to), language, by)


def request_of_edition(*, snapshot: Snapshot, language: str, form: str, by: User) -> RenderJob:
    """Have a document of an issued edition made. Who may issue has asked for it already."""
    return _request(snapshot, language, by, form)


def request_missing(*, edition: Edition, by: User) -> list[RenderJob]:
    """Have the documents of an issued edition made that could not be made before. Raises ``NotPermitted``."""
    if not rules.allows(by, "reports.issue_edition"):
        raise NotPermitted(_now("Only a coordinator issues the report."))
    failed = edition.snapshot.jobs.filter(state=RenderJob.State.FAILED)
    return [_request(edition.snapshot, job.language, by, job.form) for job in failed.order_by("form", "language")]


def _request(snapshot: Snapshot, language: str, by: User, form: str = RenderJob.Form.PDF) -> RenderJob:
    asked = {"requested_by": by.record_label, "requested_at": clock.now()}
    with transaction.atomic():
        job, is_new = RenderJob.objects.get_or_create(snapshot=snapshot, language=language, form=form, defaults=asked)
        again = not is_new and _to_be_made_again(job).update(
            state=RenderJob.State.WAITING, finished_at=None, attempts=0, fault="", error="", **NO_PROGRESS, **asked
        )
        if is_new or again:
            record(kind="request", subject=job, by=by, data={"sha256": snapshot.sha256, "language": language})
            _enqueue(job)
        job.refresh_from_db()
        if job.is_under_way:
            DocumentAsker.objects.get_or_create(job=job, user=by)
    job.refresh_from_db()
    return job


def _to_be_made_again(job: RenderJob) -> "models.QuerySet[RenderJob]":
    """The row, if what it has is no longer what would be made today: it failed, another renderer made it, or its file
    is gone. What was issued is only made again where it failed: its files never change."""
    states = models.Q(state=RenderJob.State.FAILED)
    if not Edition.objects.filter(snapshot=job.snapshot_id).exists():
        kept = bool(job.file_name) and storages["private"].exists(job.file_name)
        done = models.Q(state=RenderJob.State.DONE)
        states |= done & ~models.Q(renderer=renderer(job.form)) if kept else done
    return RenderJob.objects.filter(states, pk=job.pk)


def record_download(*, job: RenderJob, by: User) -> Event:
    """Put on record that ``by`` has taken the document out."""
    facts = {"sha256": job.file_sha256, "language": job.language, "name": job.download_name}
    return record(kind="download", subject=job, by=by, label=job.download_name, data=facts)


def run_job(*, job_id: str) -> str:
    """Make the document of a job, unless another process is at it. Tells what became of it."""
    claimed = _claim(job_id)
    if claimed is None:
        return "not mine"
    try:
        pdf = render_snapshot(
            kept=claimed.snapshot, language=claimed.language, form=claimed.form, progress=_reporter(claimed)
        )
        name = _keep(claimed, pdf.data)
    except LostLeaseError:
        return "not mine"
    except Exception as error:
        logger.exception("Job %s failed.", job_id)
        _fail(_mine(claimed), claimed, _fault_of(error), f"{type(error).__name__}: {error}")
        return "failed"
    return "done" if _finish(claimed, pdf, name) else "not mine"


def _fault_of(error: Exception) -> RenderJob.Fault:
    """What is told of an error to who asked."""
    kinds: tuple[tuple[type[Exception], RenderJob.Fault], ...] = (
        (PdfTimeoutError, RenderJob.Fault.TIME_LIMIT),
        (PdfError, RenderJob.Fault.RENDERER),
        (DamagedContentError, RenderJob.Fault.CONTENT),
        (OSError, RenderJob.Fault.STORAGE),
    )
    return next((fault for kind, fault in kinds if isinstance(error, kind)), RenderJob.Fault.OTHER)


@transaction.atomic
def _fail(rows: "models.QuerySet[RenderJob]", job: RenderJob, fault: RenderJob.Fault, details: str) -> None:
    """Write down that the job has failed, if it is still among ``rows``, and tell who asked."""
    values = {"fault": fault, "error": details[:2000], "lease_until": None, "finished_at": clock.now()}
    _settle(job)
    if rows.update(state=RenderJob.State.FAILED, **values):
        tell_askers(job)


@transaction.atomic
def _finish(job: RenderJob, pdf: Pdf, name: str) -> bool:
    """Write down that the job is done, keep the file of an edition, and tell who asked; whether the job was still this
    attempt's."""
    _settle(job)
    done = _mine(job).update(
        state=RenderJob.State.DONE,
        progress=100,
        page=0,
        lease_until=None,
        finished_at=clock.now(),
        file_name=name,
        file_sha256=sha256(pdf.data),
        file_size=len(pdf.data),
        pages=pdf.pages,
        renderer=renderer(job.form),
    )
    if done:
        keep_document(job=job, data=pdf.data, pages=pdf.pages, renderer=renderer(job.form))
        tell_askers(job)
        if job.file_name not in ("", name):
            transaction.on_commit(partial(storages["private"].delete, job.file_name))
    return bool(done)


def _settle(job: RenderJob) -> None:
    """Let the jobs of a snapshot end one after another: the last one tells of all (:func:`tell_askers`)."""
    Snapshot.objects.select_for_update().only("pk").get(pk=job.snapshot_id)


def sweep() -> int:
    """Take up what nobody works on any more: leases that ran out, and jobs whose task was lost. Gives how many.

    A job that was begun ``MOST_ATTEMPTS`` times without an end has failed.
    """
    now = clock.now()
    lost = RenderJob.objects.filter(
        models.Q(state=RenderJob.State.RUNNING, lease_until__lt=now)
        | models.Q(state=RenderJob.State.WAITING, requested_at__lt=now - LEASE, lease_until=None)
        | models.Q(state=RenderJob.State.WAITING, lease_until__lt=now)
    )
    taken_up = 0
    for job in lost:
        mine = RenderJob.objects.filter(pk=job.pk, state=job.state, lease_until=job.lease_until, attempts=job.attempts)
        if job.attempts >= MOST_ATTEMPTS:
            never = f"It was begun {job.attempts} times and never came to an end."
            _fail(mine, job, RenderJob.Fault.STOPPED, never)
            continue
        with transaction.atomic():
            # The lease of a waiting job says until when its task is expected to begin.
            if mine.update(state=RenderJob.State.WAITING, lease_until=now + LEASE):
                _enqueue(job)
                taken_up += 1
    return taken_up


def _enqueue(job: RenderJob) -> None:
    from reports.tasks import render_document

    transaction.on_commit(partial(render_document.enqueue, job_id=str(job.pk)))


def _claim(job_id: str) -> RenderJob | None:
    """Take the job: only one process can win, and not while another one's lease holds."""
    now = clock.now()
    free = models.Q(state=RenderJob.State.WAITING) | models.Q(state=RenderJob.State.RUNNING, lease_until__lt=now)
    won = RenderJob.objects.filter(free, pk=job_id).update(
        state=RenderJob.State.RUNNING,
        lease_until=now + LEASE,
        attempts=models.F("attempts") + 1,
        error="",
        **NO_PROGRESS,
    )
    return RenderJob.objects.select_related("snapshot").get(pk=job_id) if won else None


def _mine(job: RenderJob) -> "models.QuerySet[RenderJob]":
    """The row, as long as this attempt still owns it."""
    return RenderJob.objects.filter(pk=job.pk, state=RenderJob.State.RUNNING, attempts=job.attempts)


class LostLeaseError(Exception):
    """Another process has taken the job over; this one stops."""


def _reporter(job: RenderJob) -> Callable[[Progress], None]:
    """What the renderer calls, a few times a second, with its progress: it is written down, and renews the lease."""
    told: dict[str, Any] = {"progress": None, "at": 0.0}

    def report(progress: Progress) -> None:
        if progress == told["progress"] and time.monotonic() - told["at"] < BEAT:
            return
        told.update(progress=progress, at=time.monotonic())
        far = {"progress": min(progress.percent, 99), "page": progress.page, "pages": progress.pages}
        if not _mine(job).update(lease_until=clock.now() + LEASE, **far):
            raise LostLeaseError

    return report


def _keep(job: RenderJob, data: bytes) -> str:
    """Put the file into the private storage, under a name that says its snapshot, language and form, and what made it.

    So what another renderer makes of the same does not take its place before it is done.
    """
    storage = storages["private"]
    made_by = sha256(renderer(job.form).encode())[:8]
    name = f"{job.snapshot.kind}s/{job.snapshot.sha256}-{job.language}-{job.form}-{made_by}.{job.extension}"
    if storage.exists(name):
        storage.delete(name)
    return str(storage.save(name, ContentFile(data)))
