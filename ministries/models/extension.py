"""An exception (예외 허용): until when a body may write and submit although the round's dates say otherwise."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import Ending
from ministries.models.body import ImplementingBody
from ministries.models.round import Round
from ministries.models.round_closing import RoundClosing
from ministries.models.submission import REASON_LENGTH, Submission
from nap_monitor.lib import clock


class Extension(models.Model):
    """More time for one submission, or for all that a body still owes in a round (``submission`` is then empty).

    The row stays, whatever becomes of it and of the people in it. Over is what has run out (computed) or was ended.
    What it does to a submission stands in ``Submission.extended_until``, which `services.extensions` keeps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("round"))
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("implementing body")
    )
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        related_name="extensions",
        null=True,
        blank=True,
        verbose_name=_("submission"),
    )
    until = models.DateField(_("exception until"))
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("granted by"),
    )
    # The names outlive the accounts.
    granted_by_label = models.CharField(_("granted by, by name"), max_length=200, blank=True)
    at = models.DateTimeField(_("granted"), default=clock.now)

    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_how = models.CharField(_("how it ended"), max_length=10, choices=Ending.choices, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("ended by"),
    )
    ended_by_label = models.CharField(_("ended by, by name"), max_length=200, blank=True)
    ended_reason = models.TextField(_("reason of the end"), max_length=REASON_LENGTH, blank=True)
    closing = models.ForeignKey(
        RoundClosing,
        on_delete=models.PROTECT,
        related_name="ended_extensions",
        null=True,
        blank=True,
        verbose_name=_("closing that ended it"),
    )

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(ended_at=None, submission__isnull=False),
                name="extension_one_of_submission",
            ),
            models.UniqueConstraint(
                fields=["round", "body"],
                condition=models.Q(ended_at=None, submission=None),
                name="extension_one_of_body",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ended_at=None, ended_how="", ended_by=None, ended_by_label="", ended_reason="", closing=None
                )
                | models.Q(ended_at__isnull=False, ended_how__in=[Ending.REVOKED, Ending.REPLACED], closing=None)
                | models.Q(ended_at__isnull=False, ended_how=Ending.CLOSING, closing__isnull=False),
                name="extension_ended_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body.code} {self.round.year} ~ {self.until.isoformat()}"

    def is_in_force(self, day: dt.date | None = None) -> bool:
        """Whether it gives time on ``day`` (today by default)."""
        return self.ended_at is None and self.until >= (day or clock.today())
