"""The closing of a round by a coordinator, before or after its closing date; and the undoing of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.models.round import Round
from nap_monitor.lib import clock

NOTE_LENGTH = 2_000


class RoundClosing(models.Model):
    """Who closed a round, when, and how many submissions were not reported then. An undone one stays as a row.

    While one is in force, ``Round.closed_at`` says the same; its dates stay as they are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="closings", verbose_name=_("round"))
    at = models.DateTimeField(_("closed"), default=clock.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("closed by"),
    )
    closed_by_label = models.CharField(_("closed by, by name"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    unreported = models.PositiveIntegerField(_("not reported"), default=0)

    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("undone by"),
    )
    undone_by_label = models.CharField(_("undone by, by name"), max_length=200, blank=True)
    undone_reason = models.TextField(_("reason of the undoing"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = _("closing of a round")
        verbose_name_plural = _("closings of rounds")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["round"], condition=models.Q(undone_at=None), name="closing_one_in_force"),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=False)
                | models.Q(undone_at=None, undone_by=None, undone_by_label="", undone_reason=""),
                name="closing_undone_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.at:%Y-%m-%d}"
