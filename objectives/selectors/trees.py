"""Reading a plan as one value."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from objectives.models.item import PlanItem
from objectives.tree import ActionItem, AreaItem, ObjectiveItem, PlanTree, StrategyItem

C = TypeVar("C")


def plan_tree(plan: Plan, carriers: Mapping[str, Sequence[C]]) -> PlanTree[C]:
    """The whole plan in printed order, in four queries. ``carriers`` says who carries an action plan, by its number."""
    actions = _by_parent(ActionPlan.objects.filter(plan=plan).order_by("order"), "strategy_id")
    strategies = _by_parent(Strategy.objects.filter(objective__area__plan=plan).order_by("order"), "objective_id")
    objectives = _by_parent(Objective.objects.filter(area__plan=plan).order_by("order"), "area_id")
    areas = Area.objects.filter(plan=plan).order_by("order")

    def action_item(row: PlanItem) -> ActionItem[C]:
        return ActionItem(**_fields(row), carriers=tuple(carriers.get(row.code, ())))

    def strategy_item(row: PlanItem) -> StrategyItem[C]:
        return StrategyItem(**_fields(row), actions=tuple(action_item(child) for child in actions[row.pk]))

    def objective_item(row: PlanItem) -> ObjectiveItem[C]:
        return ObjectiveItem(**_fields(row), strategies=tuple(strategy_item(child) for child in strategies[row.pk]))

    def area_item(row: PlanItem) -> AreaItem[C]:
        return AreaItem(**_fields(row), objectives=tuple(objective_item(child) for child in objectives[row.pk]))

    return PlanTree(
        number=plan.number,
        title=plan.title,
        start_year=plan.start_year,
        end_year=plan.end_year,
        unofficial_languages=tuple(plan.unofficial_languages),
        areas=tuple(area_item(area) for area in areas),
    )


def _by_parent(rows: Iterable[PlanItem], parent: str) -> Mapping[int, list[PlanItem]]:
    children: defaultdict[int, list[PlanItem]] = defaultdict(list)
    for row in rows:
        children[getattr(row, parent)].append(row)
    return children


def _fields(row: PlanItem) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "source_text": row.source_text,
        "mend_note": row.mend_note,
    }
