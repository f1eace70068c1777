"""A snapshot: the content of a round's report, or of a body's submissions, at one moment, for ever."""

import json
import uuid
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ministries.enums import StateLabel
from nap_monitor.lib import clock
from nap_monitor.lib.canonical import sha256


class DamagedContentError(ValueError):
    """The kept bytes no longer fit their hash."""


class Snapshot(models.Model):
    """Canonical bytes and their hash. The content holds no clock time, so the same data is the same snapshot.

    ``kind``: the annual report, or what a body attaches to its approval document (``body_code``). The latter may be
    narrowed to one action plan or to the submissions in one state: then ``narrowed_to`` is the number or the state.

    It names its plan and year as numbers: it must outlive everything that it speaks of. A database trigger refuses
    change and removal.
    """

    class Kind(models.TextChoices):
        """What the content is printed as."""

        REPORT = "report", _("Annual report")
        APPROVAL = "approval", _("Attachment to an approval")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan_number = models.PositiveSmallIntegerField(_("number of the plan"))
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.REPORT)
    body_code = models.CharField(_("code of the body"), max_length=20, blank=True)
    narrowed_to = models.CharField(_("narrowed to"), max_length=40, blank=True)
    schema = models.PositiveSmallIntegerField(_("schema"))
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    taken_at = models.DateTimeField(_("taken"), default=clock.now)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-taken_at"]
        indexes = [models.Index(fields=["plan_number", "year", "taken_at"], name="snapshot_by_round")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="report", body_code="", narrowed_to="")
                | (models.Q(kind="approval") & ~models.Q(body_code="")),
                name="snapshot_of_an_approval_has_a_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_number} {self.year} {self.sha256[:12]}"

    def get_absolute_url(self) -> str:
        """The list of the documents of its kind."""
        if self.kind == self.Kind.APPROVAL:
            return reverse("reports:approval_list", args=[self.plan_number, self.year, self.body_code])
        return reverse("reports:document_list", args=[self.plan_number, self.year])

    @property
    def part(self) -> str:
        """To what it is narrowed, in words; empty where it holds all."""
        return str(dict(StateLabel.choices).get(self.narrowed_to, self.narrowed_to))

    def read(self) -> dict[str, Any]:
        """The content. Raises :class:`DamagedContentError` where the bytes no longer fit their hash."""
        content = bytes(self.content)
        if sha256(content) != self.sha256:
            raise DamagedContentError(f"The content of snapshot {self.pk} does not fit its hash.")
        loaded: dict[str, Any] = json.loads(content)
        return loaded
