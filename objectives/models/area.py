"""An area of a plan (분야)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.models.item import PlanItem
from objectives.models.plan import Plan


class Area(PlanItem):
    """The widest division of a plan: prevention, participation, …"""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="areas", verbose_name=_("plan"))

    class Meta(PlanItem.Meta):
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="area_code_unique_in_plan")]

    def __str__(self) -> str:
        return str(self.title)
