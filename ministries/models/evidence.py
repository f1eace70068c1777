"""Evidence (증빙자료): a file that a body attaches to a submission."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ministries import evidence_rules
from ministries.enums import ScanState
from ministries.models.stored_file import StoredFile
from ministries.models.submission import Submission
from ministries.models.version import SubmissionVersion
from nap_monitor.lib import clock
from nap_monitor.lib.files.kinds import KINDS, TEXT, Kind
from nap_monitor.lib.files.names import LONGEST

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from nap_monitor.accounts.models import User

DESCRIPTION_LENGTH = 500


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    """Who may read which files, and which belong to a submission as it stands."""

    def visible_to(self, user: "User | AnonymousUser") -> "EvidenceFileQuerySet":
        """The files that this person may read, as far as the virus check lets anybody."""
        return self.filter(evidence_rules.visible_evidence(user))

    def attached(self) -> "EvidenceFileQuerySet":
        """Those that belong to the working copy: neither removed nor kept aside."""
        return self.filter(removed_at=None, held_until=None)

    def in_content(self) -> "EvidenceFileQuerySet":
        """Those that a version names: attached, and not found infected."""
        return self.attached().exclude(stored__scan_state=ScanState.INFECTED).for_list()

    def held(self) -> "EvidenceFileQuerySet":
        """Those that are kept aside for the person who sent them."""
        return self.filter(held_until__isnull=False)

    def for_list(self) -> "EvidenceFileQuerySet":
        """With all that a row of a list shows, oldest first."""
        return self.select_related("stored", "uploaded_by").order_by("uploaded_at", "name")


class EvidenceFile(models.Model):
    """A file of a submission, under the name that it was sent with. Its bytes are a :class:`StoredFile`.

    A file that a version names stays readable with that version after it was removed. A file that was sent when the
    submission could not be edited is kept aside for its sender until ``held_until``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("submission")
    )
    stored = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="files", verbose_name=_("stored file")
    )
    original_name = models.CharField(_("name as it was sent"), max_length=LONGEST)
    name = models.CharField(_("name"), max_length=LONGEST)
    kind = models.CharField(_("kind"), max_length=10)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    uploaded_at = models.DateTimeField(_("sent"), default=clock.now)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("removed by"),
    )
    held_until = models.DateTimeField(_("kept aside until"), null=True, blank=True)
    versions = models.ManyToManyField(SubmissionVersion, through="EvidenceInVersion", related_name="evidence")

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "stored"],
                condition=models.Q(removed_at=None, held_until=None),
                name="evidence_once_in_a_submission",
            ),
            models.UniqueConstraint(
                fields=["submission", "stored", "uploaded_by"],
                condition=models.Q(held_until__isnull=False),
                name="evidence_held_once_for_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False, held_until__isnull=True),
                name="evidence_removed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The download."""
        return reverse("ministries:file_download", args=[self.pk])

    @property
    def kind_of_file(self) -> Kind:
        """What it is by its content; a text is a table where its name says so."""
        return KINDS[self.kind]

    @property
    def content_type(self) -> str:
        """The type that it is served with: decided by content, never by name."""
        kind = KINDS[self.kind]
        is_text = self.stored.kind == TEXT.code
        return f"{kind.content_type}; charset={self.stored.charset}" if is_text else kind.content_type

    @property
    def is_held(self) -> bool:
        """Whether it is kept aside for its sender."""
        return self.held_until is not None


class EvidenceInVersion(models.Model):
    """That a version names a file. The version's content says it too; this is the index by which it is asked."""

    version = models.ForeignKey(
        SubmissionVersion, on_delete=models.PROTECT, related_name="evidence_links", verbose_name=_("version")
    )
    file = models.ForeignKey(
        EvidenceFile, on_delete=models.PROTECT, related_name="version_links", verbose_name=_("evidence file")
    )
    # As it was when the version was written: of that and what holds now, the stricter counts.
    is_restricted = models.BooleanField(_("restricted"), default=False)

    class Meta:
        verbose_name = _("evidence file of a version")
        verbose_name_plural = _("evidence files of versions")
        constraints = [models.UniqueConstraint(fields=["version", "file"], name="evidence_in_version_unique")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.file_id}"
