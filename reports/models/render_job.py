"""A render job: one document made from one snapshot, in the background."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nap_monitor.lib import clock
from reports.models.snapshot import Snapshot

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "hwpx": "application/hwp+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def extension_of(form: str) -> str:
    """How the name of a file of this form ends."""
    return "pdf" if form in (RenderJob.Form.PDF, RenderJob.Form.SUMMARY) else form


def content_type_of(form: str) -> str:
    """As what a file of this form is sent."""
    return CONTENT_TYPES[extension_of(form)]


class RenderJob(models.Model):
    """The row of a long job: who asked, how far it is, what went wrong, and the file in the private storage.

    There is one a snapshot, language and form. ``pages`` is how many the file has, and while it is made how many it
    will have, once that is known. The task library does not take up a task whose worker was killed; this
    row has a lease that the working process renews, and a sweep starts jobs again whose lease has run out.
    """

    class State(models.TextChoices):
        """How far a job is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", pgettext_lazy("job", "Finished")
        FAILED = "failed", pgettext_lazy("job", "Failed")

    class Fault(models.TextChoices):
        """Why a job failed, in words for who asked; ``error`` has the details for the administrator."""

        TIME_LIMIT = "time-limit", _("It took longer than a document may take, and was stopped.")
        STOPPED = "stopped", _("The program that made it was stopped several times before the end.")
        RENDERER = "renderer", _("The pages could not be laid out.")
        CONTENT = "content", _("The kept content is damaged: it does not fit its hash.")
        STORAGE = "storage", _("The finished file could not be stored.")
        OTHER = "other", _("The program met an error.")

    class Form(models.TextChoices):
        """What is made."""

        PDF = "pdf", _("Full report (PDF)")
        SUMMARY = "summary", _("Summary (PDF)")
        HWPX = "hwpx", _("Full report (HWPX, editable)")
        DOCX = "docx", _("Full report (Word, editable)")
        JSON = "json", _("Data (JSON)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("snapshot"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    form = models.CharField(_("form"), max_length=10, choices=Form.choices, default=Form.PDF)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(_("progress in per cent"), default=0)
    page = models.PositiveIntegerField(_("page that is laid out"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    fault = models.CharField(_("why it failed"), max_length=10, choices=Fault.choices, blank=True)
    error = models.TextField(_("error"), blank=True)
    requested_by = models.CharField(_("requested by"), max_length=200, blank=True)
    requested_at = models.DateTimeField(_("requested"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    file_name = models.CharField(_("file in the private storage"), max_length=200, blank=True)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    file_size = models.PositiveIntegerField(_("size of the file in bytes"), default=0)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    renderer = models.CharField(_("renderer"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("render job")
        verbose_name_plural = _("render jobs")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "language", "form"], name="render_job_unique"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | (~models.Q(file_name="") & models.Q(finished_at__isnull=False)),
                name="render_job_done_has_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(lease_until__isnull=False),
                name="render_job_running_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.language} {self.form}"

    @property
    def record_body(self) -> str:
        """The code of the body whose matter it is; empty for the annual report."""
        return self.snapshot.body_code

    @property
    def is_under_way(self) -> bool:
        """Whether a file is still to come."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def reason(self) -> str:
        """Why it failed, in the reader's language."""
        return str(self.Fault(self.fault or self.Fault.OTHER).label)

    @property
    def page_told(self) -> str:
        """Which page is laid out, and of how many, once that is known; nothing before the first one."""
        if not self.page:
            return ""
        if not self.pages:
            return _now("page %(page)s") % {"page": self.page}
        return _now("page %(page)s of %(pages)s") % {"page": self.page, "pages": self.pages}

    @property
    def extension(self) -> str:
        """How the name of its file ends."""
        return extension_of(self.form)

    @property
    def download_name(self) -> str:
        """What the file is called where it is downloaded."""
        snapshot = self.snapshot
        form = "" if self.form == self.Form.PDF else self.form
        what = [str(snapshot.year), snapshot.body_code, snapshot.narrowed_to, form, self.language, snapshot.sha256[:8]]
        return f"nap{snapshot.plan_number}-{'-'.join(part for part in what if part)}.{self.extension}"


class DocumentAsker(models.Model):
    """Somebody who has asked for a document and is told by e-mail when it is there; then the row is removed."""

    job = models.ForeignKey(RenderJob, on_delete=models.CASCADE, related_name="askers", verbose_name=_("render job"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("who waits for a document")
        verbose_name_plural = _("who waits for documents")
        constraints = [models.UniqueConstraint(fields=["job", "user"], name="document_asker_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.user}"
