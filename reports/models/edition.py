"""Issued editions of a round's report: what they say, their files, and what was done with them afterwards.

Rows are only ever added: the database refuses to change or remove one. They hold no key to anything that can change.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedTextField
from reports.models.render_job import RenderJob, extension_of
from reports.models.snapshot import Snapshot


class CommitteeOutcome(models.TextChoices):
    """What the Committee made of the report."""

    ADOPTED = "adopted", pgettext_lazy("Committee", "Adopted as submitted")
    AMENDED = "amended", pgettext_lazy("Committee", "Adopted with changes")
    NOTED = "noted", pgettext_lazy("Committee", "Received as a report")
    DEFERRED = "deferred", pgettext_lazy("Committee", "Deferred")


class Edition(models.Model):
    """A snapshot that was issued, under a number that counts up within the plan's year.

    What the edition says of itself (number, issuer, day, agenda) is also inside the snapshot, so that it is under its
    hash and in print. ``errata`` says what a later edition puts right in the one before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan_number = models.PositiveSmallIntegerField(_("number of the plan"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number of the edition"))
    snapshot = models.OneToOneField(
        Snapshot, on_delete=models.PROTECT, related_name="edition", verbose_name=_("snapshot")
    )
    issuer = LocalizedTextField(verbose_name=_("issuer"))
    issued_on = models.DateField(_("day of issue"))
    issued_at = models.DateTimeField(_("issued"), default=clock.now)
    issued_by = models.CharField(_("issued by"), max_length=200)
    agenda_number = models.CharField(_("agenda number"), max_length=60, blank=True)
    committee_date = models.DateField(_("date of the Committee"), null=True, blank=True)
    errata = LocalizedTextField(verbose_name=_("errata"), blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan_number", "year", "number"], name="edition_unique"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="edition_number_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_number} {self.year} ({self.number})"


class EditionFile(models.Model):
    """An issued file: its hash, and what rendered it. There is one an edition, language and form.

    Data are in all languages at once: their language is empty, and nothing rendered them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files", verbose_name=_("edition"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    form = models.CharField(_("form"), max_length=10, choices=RenderJob.Form.choices)
    name = models.CharField(_("file in the private storage"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    pages = models.PositiveIntegerField(_("pages"), default=0)
    renderer = models.CharField(_("renderer"), max_length=120, blank=True)
    made_at = models.DateTimeField(_("made"), default=clock.now)

    class Meta:
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        ordering = ["edition", "language", "form"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "language", "form"], name="edition_file_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.language} {self.form}"

    @property
    def extension(self) -> str:
        """How the file's name ends."""
        return extension_of(self.form)

    @property
    def download_name(self) -> str:
        """What the file is called where it is downloaded."""
        edition, form = self.edition, "" if self.form == RenderJob.Form.PDF else self.form
        what = [str(edition.year), f"edition{edition.number}", form, self.language]
        return f"nap{edition.plan_number}-{'-'.join(part for part in what if part)}.{self.extension}"


class EditionAct(models.Model):
    """Something that was done with an edition after it was issued: a dated act, by somebody, that stays."""

    class Kind(models.TextChoices):
        """What was done."""

        PUBLISHED = "published", _("Published")
        COMMITTEE = "committee", _("Dealt with by the Committee")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="acts", verbose_name=_("edition"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("day"))
    agenda_number = models.CharField(_("agenda number"), max_length=60, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CommitteeOutcome.choices, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    by = models.CharField(_("by"), max_length=200)
    at = models.DateTimeField(_("time"), default=clock.now)

    class Meta:
        verbose_name = _("act on an edition")
        verbose_name_plural = _("acts on editions")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(kind="published"), name="edition_published_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="committee") ^ models.Q(outcome=""),
                name="edition_committee_act_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.kind} {self.on}"
