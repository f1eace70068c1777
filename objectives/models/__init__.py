"""The plan's tree."""

from objectives.models.action_plan import ActionPlan
from objectives.models.area import Area
from objectives.models.objective import Objective
from objectives.models.plan import Plan
from objectives.models.strategy import Strategy

__all__ = ["ActionPlan", "Area", "Objective", "Plan", "Strategy"]
