"""An action plan of a strategy (실행과제)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.models.item import PlanItem
from objectives.models.plan import Plan
from objectives.models.strategy import Strategy


class ActionPlan(PlanItem):
    """What is to be done; implementing bodies are assigned to it (``ministries.Assignment``)."""

    # The plan once more, so that the database itself keeps the number unique in the plan.
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="action_plans", verbose_name=_("plan"))
    strategy = models.ForeignKey(
        Strategy, on_delete=models.CASCADE, related_name="action_plans", verbose_name=_("strategy")
    )

    class Meta(PlanItem.Meta):
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="action_plan_code_unique_in_plan")]
