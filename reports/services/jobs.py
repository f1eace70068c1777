"""Long jobs: asking for a document, making it in the background, taking up what a killed worker left behind."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from functools import partial

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
from nap_monitor.lib.pdf import Pdf
from reports.models import RenderJob, Snapshot
from reports.renderer import renderer
from reports.services.edition_files import keep_document
from reports.services.rendering import render_snapshot
from reports.services.snapshots import take_approval_snapshot, take_snapshot

logger = logging.getLogger(__name__)

#: A working process says every BEAT seconds that it lives; after LEASE without a word the job is taken up again.
LEASE = dt.timedelta(seconds=60)
BEAT = 10.0
#: After so many attempts that ended without a word the job has failed.
MOST_ATTEMPTS = 3


def request_document(*, round: Round, language: str, by: User, form: str = RenderJob.Form.PDF) -> RenderJob:
    """Ask for the PDF of the round's report as it is now. It is made once, however often it is asked for.

    Raises ``NotPermitted`` unless ``by`` may make reports. A job that failed is started again.
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


def _request(snapshot: Snapshot, language: str, by: User, form: str = RenderJob.Form.PDF) -> RenderJob:
    with transaction.atomic():
        job, is_new = RenderJob.objects.get_or_create(
            snapshot=snapshot,
            language=language,
            form=form,
            defaults={"requested_by": f"{by.name} <{by.email}>" if by.name else by.email},
        )
        failed = RenderJob.objects.filter(pk=job.pk, state=RenderJob.State.FAILED)
        again = failed.update(state=RenderJob.State.WAITING, attempts=0, error="", progress=0)
        if is_new or again:
            record(kind="request", subject=job, by=by, data={"sha256": snapshot.sha256, "language": language})
            _enqueue(job)
    job.refresh_from_db()
    return job


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
        pdf = render_snapshot(kept=claimed.snapshot, language=claimed.language, progress=_reporter(claimed))
        name = _keep(claimed, pdf.data)
    except LostLeaseError:
        return "not mine"
    except Exception as error:
        logger.exception("Job %s failed.", job_id)
        _mine(claimed).update(
            state=RenderJob.State.FAILED,
            error=f"{type(error).__name__}: {error}"[:2000],
            lease_until=None,
            finished_at=clock.now(),
        )
        return "failed"
    return "done" if _finish(claimed, pdf, name) else "not mine"


@transaction.atomic
def _finish(job: RenderJob, pdf: Pdf, name: str) -> bool:
    """Write down that the job is done, and keep the file of an edition; whether the job was still this attempt's."""
    done = _mine(job).update(
        state=RenderJob.State.DONE,
        progress=100,
        lease_until=None,
        finished_at=clock.now(),
        file_name=name,
        file_sha256=sha256(pdf.data),
        file_size=len(pdf.data),
        pages=pdf.pages,
        renderer=renderer(),
    )
    if done:
        keep_document(job=job, data=pdf.data, pages=pdf.pages, renderer=renderer())
    return bool(done)


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
            mine.update(
                state=RenderJob.State.FAILED,
                lease_until=None,
                finished_at=now,
                error=f"It was begun {job.attempts} times and never came to an end.",
            )
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
        progress=0,
        error="",
    )
    return RenderJob.objects.select_related("snapshot").get(pk=job_id) if won else None


def _mine(job: RenderJob) -> "models.QuerySet[RenderJob]":
    """The row, as long as this attempt still owns it."""
    return RenderJob.objects.filter(pk=job.pk, state=RenderJob.State.RUNNING, attempts=job.attempts)


class LostLeaseError(Exception):
    """Another process has taken the job over; this one stops."""


def _reporter(job: RenderJob) -> Callable[[int], None]:
    """What the renderer calls, a few times a second, with its progress in per cent: it renews the lease."""
    told = {"percent": -1, "at": 0.0}

    def report(percent: int) -> None:
        if percent == told["percent"] and time.monotonic() - told["at"] < BEAT:
            return
        told.update(percent=percent, at=time.monotonic())
        if not _mine(job).update(progress=min(percent, 99), lease_until=clock.now() + LEASE):
            raise LostLeaseError

    return report


def _keep(job: RenderJob, data: bytes) -> str:
    """Put the file into the private storage, under a name that says its snapshot and language."""
    storage = storages["private"]
    name = f"{job.snapshot.kind}s/{job.snapshot.sha256}-{job.language}-{job.form}.{job.extension}"
    if storage.exists(name):
        storage.delete(name)
    return str(storage.save(name, ContentFile(data)))
