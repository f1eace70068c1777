"""Guidance for one action plan (작성지침) in a round."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.models.round import Round
from nap_monitor.lib.localized import LocalizedTextField
from objectives.models import ActionPlan


class Guidance(models.Model):
    """What the coordinator asks the bodies of one action plan to write in a round, beside the guidance for all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="guidance_of_action_plans", verbose_name=_("round")
    )
    action_plan = models.ForeignKey(
        ActionPlan, on_delete=models.CASCADE, related_name="guidance", verbose_name=_("action plan")
    )
    text = LocalizedTextField(_("guidance"))

    class Meta:
        verbose_name = _("guidance for an action plan")
        verbose_name_plural = _("guidance for action plans")
        ordering = ["round", "action_plan__order"]
        constraints = [models.UniqueConstraint(fields=["round", "action_plan"], name="guidance_unique")]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def record_label(self) -> str:
        """What it is called in the record: the round and the action plan's number."""
        return f"{self.round.record_label} {self.action_plan.code}"
