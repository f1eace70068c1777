"""A version of a submission: what was submitted or confirmed, word for word, for ever."""

import hashlib
import json
import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import VersionKind
from ministries.models.submission import Submission
from nap_monitor.lib import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from nap_monitor.accounts.models import User


class SubmissionVersionQuerySet(models.QuerySet["SubmissionVersion"]):
    """Who may see which versions."""

    def visible_to(self, user: "User | AnonymousUser") -> "SubmissionVersionQuerySet":
        """The versions that this person may read."""
        return self.filter(rules.visible_versions(user))


class SubmissionVersion(models.Model):
    """Immutable content (canonical JSON bytes) with its hash. A database trigger refuses change and removal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="versions", verbose_name=_("submission")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=VersionKind.choices)
    schema = models.PositiveSmallIntegerField(_("schema"))
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    document_number = models.CharField(_("document number"), max_length=100, blank=True)
    document_date = models.DateField(_("document date"), null=True, blank=True)
    written_at = models.DateTimeField(_("written"), default=clock.now)

    objects = SubmissionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a submission")
        verbose_name_plural = _("versions of submissions")
        ordering = ["submission", "number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="version_number_unique")]

    def __str__(self) -> str:
        return f"{self.submission} v{self.number}"

    def get_absolute_url(self) -> str:
        """The permanent page of this version."""
        return reverse("ministries:version_detail", args=[*self.submission.address, self.number])

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The content's sections of fields."""
        sections: list[dict[str, Any]] = self.read()["sections"]
        return sections

    def read(self) -> dict[str, Any]:
        """The content. Raises ``ValueError`` where the bytes no longer fit their hash."""
        content = bytes(self.content)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ValueError(f"The content of version {self.pk} does not fit its hash.")
        loaded: dict[str, Any] = json.loads(content)
        return loaded
