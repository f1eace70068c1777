"""E-mails of the reading. Each is written when it is sent, in the language of the person it goes to."""

from django.conf import settings
from django.utils.translation import override

from nap_monitor.accounts.models import User
from nap_monitor.lib.mail import Mail, absolute_url, email, write
from reports.models import Edition, RenderJob
from reports.selectors.documents import may_read
from reports.selectors.editions import visible_editions


@email
def document(job_id: str, user_id: str) -> Mail | None:
    """To who asked for it: that a document is there, or why not, with a link to its page; nothing where the person may
    not read it any more, or it is being made again."""
    job = RenderJob.objects.select_related("snapshot").filter(pk=job_id).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if job is None or user is None or job.is_under_way or not may_read(user, job.snapshot):
        return None
    with override(user.language):
        link = settings.SITE_URL + job.snapshot.get_absolute_url()
    context = {"user": user, "job": job, "is_done": job.state == RenderJob.State.DONE, "link": link}
    return write("document", to=user.email, language=user.language, context=context)


@email
def edition_files(edition_id: str, user_id: str) -> Mail | None:
    """To who issued an edition: that all its files are there, or which could not be made, with a link to its page."""
    edition = Edition.objects.select_related("snapshot").filter(pk=edition_id).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if edition is None or user is None:
        return None
    place = (edition.plan_number, edition.year, edition.number)
    if not visible_editions(user, plan_number=edition.plan_number, year=edition.year).filter(pk=edition.pk).exists():
        return None
    jobs = list(edition.snapshot.jobs.order_by("form", "language"))
    if any(job.is_under_way for job in jobs):
        return None
    failed = [job for job in jobs if job.state == RenderJob.State.FAILED]
    link = absolute_url("reports:edition_detail", *place, language=user.language)
    context = {"user": user, "edition": edition, "failed": failed, "link": link}
    return write("edition_files", to=user.email, language=user.language, context=context)
