"""A plan as one value: what a file says, what the database holds, and what a page shows have the same form.

Who carries an action plan is opaque on this floor: ``carriers`` holds whatever the floor below puts there (codes of
bodies in a file, names on a page).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from nap_monitor.lib.localized import LocalizedText
from objectives.enums import Level

C = TypeVar("C")


@dataclass(frozen=True)
class Item:
    """What every item has: its number, its title by language, and how its text differs from the source document."""

    code: str
    title: LocalizedText
    source_text: str = ""
    mend_note: str = ""

    @property
    def is_mended(self) -> bool:
        """Whether the text differs from, or needs a word about, what the source document prints."""
        return bool(self.source_text or self.mend_note)


@dataclass(frozen=True)
class ActionItem(Item, Generic[C]):
    """An action plan and who carries it, in printed order."""

    carriers: tuple[C, ...] = ()


@dataclass(frozen=True)
class StrategyItem(Item, Generic[C]):
    """A strategy with its action plans."""

    actions: tuple[ActionItem[C], ...] = ()


@dataclass(frozen=True)
class ObjectiveItem(Item, Generic[C]):
    """An objective with its strategies."""

    strategies: tuple[StrategyItem[C], ...] = ()


@dataclass(frozen=True)
class AreaItem(Item, Generic[C]):
    """An area with its objectives."""

    objectives: tuple[ObjectiveItem[C], ...] = ()

    @property
    def action_count(self) -> int:
        """How many action plans the area has."""
        return sum(len(strategy.actions) for objective in self.objectives for strategy in objective.strategies)


@dataclass(frozen=True)
class Row:
    """An item with its place: the level, and the number of the item above it (empty for an area)."""

    level: Level
    parent: str
    item: Item


@dataclass(frozen=True)
class PlanTree(Generic[C]):
    """A plan with everything in it, in printed order."""

    number: int
    title: LocalizedText
    start_year: int
    end_year: int
    unofficial_languages: tuple[str, ...] = ()
    areas: tuple[AreaItem[C], ...] = ()

    def rows(self) -> Iterator[Row]:
        """Every item with its place, in printed order."""
        for area in self.areas:
            yield Row(Level.AREA, "", area)
            for objective in area.objectives:
                yield Row(Level.OBJECTIVE, area.code, objective)
                for strategy in objective.strategies:
                    yield Row(Level.STRATEGY, objective.code, strategy)
                    for action in strategy.actions:
                        yield Row(Level.ACTION_PLAN, strategy.code, action)

    def at(self, level: Level) -> list[Row]:
        """The items of one level, in printed order."""
        return [row for row in self.rows() if row.level is level]

    def actions(self) -> Iterator[ActionItem[C]]:
        """Every action plan, in printed order."""
        for area in self.areas:
            for objective in area.objectives:
                for strategy in objective.strategies:
                    yield from strategy.actions

    def counts(self) -> dict[Level, int]:
        """How many items each level has."""
        rows = list(self.rows())
        return {level: sum(row.level is level for row in rows) for level in Level}

    def only(self, keep: Callable[[ActionItem[C]], bool]) -> "PlanTree[C]":
        """The same plan with the action plans for which ``keep`` holds, and what stands above them."""
        return replace(
            self, areas=tuple(area for area in (_only(area, keep) for area in self.areas) if area.objectives)
        )


def _only(area: AreaItem[C], keep: Callable[[ActionItem[C]], bool]) -> AreaItem[C]:
    objectives = []
    for objective in area.objectives:
        strategies = []
        for strategy in objective.strategies:
            actions = tuple(action for action in strategy.actions if keep(action))
            if actions:
                strategies.append(replace(strategy, actions=actions))
        if strategies:
            objectives.append(replace(objective, strategies=tuple(strategies)))
    return replace(area, objectives=tuple(objectives))
