"""The models of a plan's levels: how the rows of a plan are found, and their column for the item above."""

from dataclasses import dataclass

from objectives.enums import Level
from objectives.models.action_plan import ActionPlan
from objectives.models.area import Area
from objectives.models.item import PlanItem
from objectives.models.objective import Objective
from objectives.models.strategy import Strategy


@dataclass(frozen=True)
class LevelModel:
    """``path`` leads from a row to its plan, ``parent`` to the item above it."""

    model: type[PlanItem]
    path: str
    parent: str


LEVELS = {
    Level.AREA: LevelModel(Area, "plan", "plan"),
    Level.OBJECTIVE: LevelModel(Objective, "area__plan", "area"),
    Level.STRATEGY: LevelModel(Strategy, "objective__area__plan", "objective"),
    Level.ACTION_PLAN: LevelModel(ActionPlan, "plan", "strategy"),
}
