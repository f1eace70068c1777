"""A strategy of an objective (세부과제)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.models.item import PlanItem
from objectives.models.objective import Objective


class Strategy(PlanItem):
    """How an objective is approached."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="strategies", verbose_name=_("objective")
    )

    class Meta(PlanItem.Meta):
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        constraints = [models.UniqueConstraint(fields=["objective", "code"], name="strategy_code_unique_in_objective")]
