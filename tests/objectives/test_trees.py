"""The plan's tree as one value: saving, reading, comparing, cutting down; without any knowledge of bodies."""

from dataclasses import replace

import pytest
from django.db.models import ProtectedError

from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.localized import LocalizedText
from objectives.differences import differences
from objectives.enums import Level
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from objectives.selectors.counts import item_counts
from objectives.selectors.trees import plan_tree
from objectives.services.trees import save_tree
from objectives.tree import ActionItem, AreaItem, ObjectiveItem, PlanTree, StrategyItem
from tests.factories import AssignmentFactory, PlanFactory

MODELS = (Plan, Area, Objective, Strategy, ActionPlan, Event)


def text(word: str) -> LocalizedText:
    return LocalizedText({"en": word, "ko": f"{word}…"})


def action(code: str, *carriers: str) -> ActionItem[str]:
    return ActionItem(code, text(f"action {code}"), carriers=carriers)


TREE = PlanTree(
    number=1,
    title=text("plan"),
    start_year=2021,
    end_year=2023,
    unofficial_languages=("ko",),
    areas=(
        AreaItem(
            "a",
            text("area a"),
            "as printed",
            "mended",
            objectives=(
                ObjectiveItem(
                    "1",
                    text("objective 1"),
                    strategies=(
                        StrategyItem(
                            "1.1", text("strategy 1.1"), actions=(action("1.1.1", "X", "Y"), action("1.1.2", "Y"))
                        ),
                        StrategyItem("1.2", text("strategy 1.2"), actions=(action("1.2.1", "X"),)),
                    ),
                ),
            ),
        ),
        AreaItem(
            "b",
            text("area b"),
            objectives=(
                ObjectiveItem(
                    "2",
                    text("objective 2"),
                    strategies=(StrategyItem("2.1", text("strategy 2.1"), actions=(action("2.1.1", "Z"),)),),
                ),
            ),
        ),
    ),
)
CARRIERS = {item.code: item.carriers for item in TREE.actions()}


def with_areas(*areas: AreaItem[str]) -> PlanTree[str]:
    return replace(TREE, areas=areas)


def all_rows() -> list[list[dict]]:
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS]


@pytest.mark.django_db
def test_what_is_saved_is_what_is_read() -> None:
    saved = save_tree(tree=TREE, by=None)
    assert (saved.is_new, saved.added, saved.changed, saved.removed) == (True, 11, 0, 0)
    assert plan_tree(saved.plan, CARRIERS) == TREE
    assert list(ActionPlan.objects.order_by("order").values_list("code", "order")) == [
        ("1.1.1", 1),
        ("1.1.2", 2),
        ("1.2.1", 3),
        ("2.1.1", 4),
    ]


@pytest.mark.django_db
def test_saving_again_writes_nothing() -> None:
    save_tree(tree=TREE, by=None)
    before = all_rows()
    assert not save_tree(tree=TREE, by=None).is_changed
    assert all_rows() == before


@pytest.mark.django_db
def test_a_tree_is_read_in_four_queries(django_assert_num_queries) -> None:
    plan = save_tree(tree=TREE, by=None).plan
    with django_assert_num_queries(4):
        plan_tree(plan, CARRIERS)


@pytest.mark.django_db
def test_other_plans_are_left_alone() -> None:
    save_tree(tree=TREE, by=None)
    save_tree(tree=replace(TREE, number=2), by=None)
    save_tree(tree=replace(TREE, number=2, areas=TREE.areas[:1]), by=None)
    assert plan_tree(Plan.objects.get(number=1), CARRIERS) == TREE
    counts = {plan.number: item_counts()[plan.pk] for plan in Plan.objects.all()}
    assert counts == {
        1: {Level.AREA: 2, Level.OBJECTIVE: 2, Level.STRATEGY: 3, Level.ACTION_PLAN: 4},
        2: {Level.AREA: 1, Level.OBJECTIVE: 1, Level.STRATEGY: 2, Level.ACTION_PLAN: 3},
    }


@pytest.mark.django_db
def test_a_plan_without_items_counts_nothing() -> None:
    plan = PlanFactory()
    assert item_counts() == {plan.pk: dict.fromkeys(Level, 0)}


@pytest.mark.django_db
def test_an_item_that_somebody_depends_on_does_not_go() -> None:
    plan = save_tree(tree=TREE, by=None).plan
    AssignmentFactory(action_plan=ActionPlan.objects.get(code="2.1.1"))
    before = all_rows()
    with pytest.raises(ProtectedError):
        save_tree(tree=with_areas(TREE.areas[0]), by=None)
    assert all_rows() == before
    assert plan_tree(plan, CARRIERS) == TREE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        with_areas(*reversed(TREE.areas)),
        with_areas(TREE.areas[1]),
        with_areas(replace(TREE.areas[1], objectives=TREE.areas[0].objectives + TREE.areas[1].objectives)),
        with_areas(replace(TREE.areas[0], title=text("other")), TREE.areas[1]),
        with_areas(*TREE.areas, AreaItem("c", text("area c"))),
        replace(TREE, title=text("other"), end_year=2025, unofficial_languages=()),
    ],
)
def test_a_plan_becomes_any_other_tree_and_back_again(wanted) -> None:
    plan = save_tree(tree=TREE, by=None).plan
    for tree in (wanted, TREE):
        assert differences(plan_tree(plan, CARRIERS), tree)
        save_tree(tree=tree, by=None)
        plan = Plan.objects.get()
        assert plan_tree(plan, CARRIERS) == tree
        assert differences(plan_tree(plan, CARRIERS), tree) == []
    assert [event.kind for event in Event.objects.order_by("sequence")] == ["create", "change", "change"]


def test_a_tree_is_cut_down_to_some_actions() -> None:
    cut = TREE.only(lambda item: "Y" in item.carriers)
    assert [item.code for item in cut.actions()] == ["1.1.1", "1.1.2"]
    assert [(row.level.value, row.item.code) for row in cut.rows()] == [
        ("area", "a"),
        ("objective", "1"),
        ("strategy", "1.1"),
        ("action-plan", "1.1.1"),
        ("action-plan", "1.1.2"),
    ]
    assert TREE.only(lambda _item: True) == TREE
    assert TREE.only(lambda _item: False).areas == ()


def test_counts_are_those_of_the_tree() -> None:
    assert TREE.counts() == {Level.AREA: 2, Level.OBJECTIVE: 2, Level.STRATEGY: 3, Level.ACTION_PLAN: 4}
    assert [area.action_count for area in TREE.areas] == [3, 1]
    assert [area.is_mended for area in TREE.areas] == [True, False]
