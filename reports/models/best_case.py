"""A best case: a confirmed submission that the coordinator picks for a round's report."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.models import Round, Submission
from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedTextField


class BestCase(models.Model):
    """A pick, with a title and the coordinator's words on why. It stands in the report at its objective."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="best_cases", verbose_name=_("round"))
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="best_cases", verbose_name=_("submission")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    title = LocalizedTextField(verbose_name=_("title"), blank=True)
    text = LocalizedTextField(verbose_name=_("why it was picked"), blank=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picked by"),
    )
    picked_at = models.DateTimeField(_("picked"), default=clock.now)

    class Meta:
        verbose_name = _("best case")
        verbose_name_plural = _("best cases")
        ordering = ["round", "order", "picked_at"]
        constraints = [models.UniqueConstraint(fields=["round", "submission"], name="best_case_unique")]

    def __str__(self) -> str:
        return f"{self.round.year} {self.submission}"
