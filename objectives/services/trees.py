"""Writing a plan's tree."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from objectives.differences import differences
from objectives.enums import Level
from objectives.models import Plan
from objectives.models.levels import LEVELS
from objectives.selectors.trees import plan_tree
from objectives.tree import PlanTree, Row

TEXTS = ("title", "source_text", "mend_note")


@dataclass
class SavedTree:
    """The plan as it was saved: whether it is new, and how many items were added, changed and removed."""

    plan: Plan
    is_new: bool = False
    is_changed: bool = False
    added: int = 0
    changed: int = 0
    removed: int = 0


@transaction.atomic
def save_tree(*, tree: PlanTree[Any], by: User | None) -> SavedTree:
    """Bring the plan of this number to what ``tree`` says: items are added, changed, moved and removed.

    An item is the same item as long as its number is the same. Whoever depends on items that go must be gone before
    (``ProtectedError`` otherwise). Saving what stands already writes nothing.
    """
    stored = Plan.objects.select_for_update().filter(number=tree.number).first()
    # Who carries an action plan is not written here, so it is no difference.
    carriers: dict[str, Any] = {action.code: action.carriers for action in tree.actions()}
    found = differences(plan_tree(stored, carriers), tree) if stored else []
    saved = _save_plan(tree)
    parents: dict[str, Any] = {"": saved.plan}
    stale: list[tuple[Level, list[int]]] = []
    for level in Level:
        parents, gone = _save_level(level, tree.at(level), parents, saved)
        stale.append((level, gone))
    for level, gone in reversed(stale):
        LEVELS[level].model._default_manager.filter(pk__in=gone).delete()
        saved.removed += len(gone)
    if saved.is_new or saved.is_changed or saved.added or saved.changed or saved.removed:
        record(
            kind="create" if saved.is_new else "change",
            subject=saved.plan,
            by=by,
            data={
                **{str(level): count for level, count in tree.counts().items()},
                "added": saved.added,
                "changed": saved.changed,
                "removed": saved.removed,
                **(
                    {"changes": [{"what": each.named, "from": each.stands, "to": each.wanted} for each in found]}
                    if found
                    else {}
                ),
            },
        )
    return saved


def _save_plan(tree: PlanTree[Any]) -> SavedTree:
    wanted = {
        "title": tree.title,
        "start_year": tree.start_year,
        "end_year": tree.end_year,
        "unofficial_languages": list(tree.unofficial_languages),
    }
    plan = Plan.objects.select_for_update().filter(number=tree.number).first()
    if plan is None:
        return SavedTree(Plan.objects.create(number=tree.number, **wanted), is_new=True)
    saved = SavedTree(plan, is_changed=_assign(plan, wanted))
    if saved.is_changed:
        plan.save()
    return saved


def _save_level(
    level: Level, rows: Iterable[Row], parents: dict[str, Any], saved: SavedTree
) -> tuple[dict[str, Any], list[int]]:
    """Save the items of one level. Gives them by number, and the keys of those that are no longer in the tree."""
    model, parent = LEVELS[level].model, LEVELS[level].parent
    stored = {item.code: item for item in model._default_manager.filter(**{LEVELS[level].path: saved.plan})}
    items: dict[str, Any] = {}
    new, changed = [], []
    for order, row in enumerate(rows, start=1):
        wanted = {"order": order, **{name: getattr(row.item, name) for name in TEXTS}}
        wanted[f"{parent}_id"] = parents[row.parent].pk
        item: Any = stored.pop(row.item.code, None)
        if item is None:
            item = model(code=row.item.code, **({"plan": saved.plan} if level is Level.ACTION_PLAN else {}))
            _assign(item, wanted)
            new.append(item)
        elif _assign(item, wanted):
            changed.append(item)
        items[row.item.code] = item
    model._default_manager.bulk_create(new)
    model._default_manager.bulk_update(changed, ["order", parent, *TEXTS])
    saved.added += len(new)
    saved.changed += len(changed)
    return items, [item.pk for item in stored.values()]


def _assign(instance: Any, wanted: dict[str, Any]) -> bool:
    """Set these fields; whether any of them had another value."""
    different = {name: value for name, value in wanted.items() if getattr(instance, name) != value}
    for name, value in different.items():
        setattr(instance, name, value)
    return bool(different)
