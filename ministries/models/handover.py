"""A handover: one person's appointment in a body ends and the successor's begins."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import Role
from ministries.models.appointment import Appointment
from ministries.models.body import ImplementingBody
from nap_monitor.lib import clock

NOTE_LENGTH = 5_000


class Handover(models.Model):
    """Proposed in the body, true from its day on; a coordinator may revoke it, which puts back what was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("implementing body")
    )
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="given", verbose_name=_("predecessor")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="received", verbose_name=_("successor")
    )
    # An appointment that had no whole day is removed; the record keeps it.
    ended = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("appointment that ended")
    )
    begun = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("appointment that began")
    )
    previous_end = models.DateField(_("last day before the handover"), null=True, blank=True)
    on = models.DateField(_("first day of the successor"))
    note = models.TextField(_("note to the successor"), max_length=NOTE_LENGTH, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    made_at = models.DateTimeField(_("made"), default=clock.now)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("revoked by"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoke_reason = models.TextField(_("reason of the revocation"), max_length=2_000, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="handover_revoked_by_somebody",
            ),
            models.CheckConstraint(condition=~models.Q(giver=models.F("receiver")), name="handover_to_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"
