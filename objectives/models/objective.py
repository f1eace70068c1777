"""An objective of an area (목표)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.models.area import Area
from objectives.models.item import PlanItem


class Objective(PlanItem):
    """What an area wants to reach."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="objectives", verbose_name=_("area"))

    class Meta(PlanItem.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [models.UniqueConstraint(fields=["area", "code"], name="objective_code_unique_in_area")]
