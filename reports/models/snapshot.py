"""A snapshot: the content of a round's report at one moment, for ever."""

import json
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib import clock
from nap_monitor.lib.canonical import sha256


class Snapshot(models.Model):
    """Canonical bytes and their hash. The content holds no clock time, so the same data is the same snapshot.

    It names its plan and year as numbers: it must outlive everything that it speaks of. A database trigger refuses
    change and removal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan_number = models.PositiveSmallIntegerField(_("number of the plan"))
    year = models.PositiveSmallIntegerField(_("year"))
    schema = models.PositiveSmallIntegerField(_("schema"))
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    taken_at = models.DateTimeField(_("taken"), default=clock.now)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-taken_at"]
        indexes = [models.Index(fields=["plan_number", "year", "taken_at"], name="snapshot_by_round")]

    def __str__(self) -> str:
        return f"{self.plan_number} {self.year} {self.sha256[:12]}"

    def read(self) -> dict[str, Any]:
        """The content. Raises ``ValueError`` where the bytes no longer fit their hash."""
        content = bytes(self.content)
        if sha256(content) != self.sha256:
            raise ValueError(f"The content of snapshot {self.pk} does not fit its hash.")
        loaded: dict[str, Any] = json.loads(content)
        return loaded
