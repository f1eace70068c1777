"""Telling who asked for a document, by e-mail, that it is there or could not be made."""

from nap_monitor.lib import mail
from reports import emails
from reports.models import DocumentAsker, RenderJob


def tell_askers(job: RenderJob) -> None:
    """Tell everybody who waits for a document that has come to its end, once; part of the caller's transaction.

    Of an edition's files it is told in one e-mail, when none of them is still being made.
    """
    jobs = RenderJob.objects.filter(snapshot=job.snapshot_id)
    edition = getattr(job.snapshot, "edition", None)
    if edition is None:
        jobs = jobs.filter(pk=job.pk)
    elif jobs.filter(state__in=(RenderJob.State.WAITING, RenderJob.State.RUNNING)).exists():
        return
    waiting = DocumentAsker.objects.filter(job__in=jobs)
    people = list(waiting.order_by("user").values_list("user", flat=True).distinct())
    waiting.delete()
    for user in people:
        if edition is None:
            mail.queue(emails.document, job_id=str(job.pk), user_id=str(user))
        else:
            mail.queue(emails.edition_files, edition_id=str(edition.pk), user_id=str(user))
