"""Keeping the files of an issued edition: each once, under its hash, never changed."""

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.canonical import sha256
from reports.models import Edition, EditionFile, RenderJob


def keep_data(*, edition: Edition) -> EditionFile:
    """Keep the snapshot's own bytes as the edition's data."""
    return _keep_file(edition, data=bytes(edition.snapshot.content), language="", form=RenderJob.Form.JSON)


def keep_document(*, job: RenderJob, data: bytes, pages: int, renderer: str) -> EditionFile | None:
    """Keep what a job has made of an edition's snapshot among the edition's files, once; of a draft nothing is kept."""
    edition = Edition.objects.filter(snapshot=job.snapshot_id).first()
    if edition is None or edition.files.filter(language=job.language, form=job.form).exists():
        return None
    return _keep_file(edition, data=data, language=job.language, form=job.form, pages=pages, renderer=renderer)


def _keep_file(
    edition: Edition, *, data: bytes, language: str, form: str, pages: int = 0, renderer: str = ""
) -> EditionFile:
    """Store under a name that holds the content's hash: never another content under the same one."""
    digest = sha256(data)
    file = EditionFile(
        edition=edition,
        language=language,
        form=form,
        sha256=digest,
        size=len(data),
        pages=pages,
        renderer=renderer,
        made_at=clock.now(),
    )
    storage = storages["private"]
    name = f"editions/{edition.plan_number}-{edition.year}-{edition.number}/{digest}.{file.extension}"
    file.name = name if storage.exists(name) else str(storage.save(name, ContentFile(data)))
    file.save(force_insert=True)
    return file


def record_download(*, file: EditionFile, by: User) -> Event:
    """Put on record that ``by`` has taken an edition's file out."""
    facts = {"sha256": file.sha256, "language": file.language, "form": file.form, "name": file.download_name}
    return record(kind="download", subject=file.edition, by=by, label=file.download_name, data=facts)
