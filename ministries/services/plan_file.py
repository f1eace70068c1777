"""Loading a plan file: the plan's tree, its bodies where the file brings them, and the assignments, in one step."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from ministries.models import Assignment, ImplementingBody, Indicator, Round
from ministries.services.assignments import carriers_of, indicators_lost, remove_assignments, save_assignments
from ministries.services.bodies import SavedBodies, save_bodies
from ministries.services.body_file import BodyEntry, codes_in, read_bodies
from nap_monitor.accounts.models import User
from nap_monitor.lib.yaml_values import read_yaml
from objectives.differences import Difference, differences
from objectives.models import Plan
from objectives.selectors.trees import plan_tree
from objectives.services.plan_file import read_areas, read_head
from objectives.services.trees import save_tree
from objectives.tree import PlanTree


class PlanHasRoundsError(Exception):
    """The file differs from a plan that has rounds already. Nothing was written."""

    def __init__(self, plan: Plan, found: list[Difference]) -> None:
        super().__init__(str(plan))
        self.plan = plan
        self.differences = found


class IndicatorsInTheWayError(Exception):
    """The file drops action plans or assignments for which indicators are defined. Nothing was written."""

    def __init__(self, indicators: list[Indicator]) -> None:
        super().__init__(str(len(indicators)))
        self.indicators = indicators


@dataclass
class LoadedPlan:
    """What loading a plan file did. ``differences`` is empty where the plan stood already, and for a new plan."""

    plan: Plan
    is_new: bool
    tree: PlanTree[str]
    assignments: int
    differences: list[Difference] = field(default_factory=list)
    bodies: SavedBodies = field(default_factory=SavedBodies)


def load_plan(*, path: str | Path, by: User | None = None) -> LoadedPlan:
    """Load a plan file.

    Raises ``FaultyFileError`` with every fault, ``PlanHasRoundsError`` where the plan stands otherwise and is already
    reported on, and ``IndicatorsInTheWayError``; then nothing is written.
    """
    bodies, tree = read_plan_file(path, known=ImplementingBody.objects.values_list("code", flat=True))
    return save_plan(tree=tree, bodies=bodies, by=by)


def read_plan_file(path: str | Path, known: Collection[str]) -> tuple[list[BodyEntry], PlanTree[str]]:
    """The bodies and the plan of a plan file. ``known`` are the bodies that exist beside those of the file.

    Raises ``FaultyFileError`` with every fault of the file.
    """
    root = read_yaml(path)
    entries = root.mapping(required=("plan", "areas"), optional=("bodies",))
    head, bodies_value, areas = read_head(entries.get("plan")), entries.get("bodies"), entries.get("areas")
    bodies = read_bodies(bodies_value, list(head.title)) if bodies_value else []
    carriers = {*known, *codes_in(bodies_value)}
    if areas and not carriers:
        root.fault(_("No implementing body is known. Load them first (load_bodies), or list them here under “bodies”."))
    tree = read_areas(areas, head, carriers) if areas else head
    root.faults.refuse()
    return bodies, tree


@transaction.atomic
def save_plan(*, tree: PlanTree[str], bodies: list[BodyEntry], by: User | None = None) -> LoadedPlan:
    """Bring plan, assignments and the given bodies to what a file says; see :func:`load_plan`."""
    # A round cannot be made meanwhile: it points at this row.
    plan = Plan.objects.select_for_update().filter(number=tree.number).first()
    wanted = {action.code: action.carriers for action in tree.actions()}
    found = differences(plan_tree(plan, carriers_of(plan)), tree) if plan else []
    if plan and found:
        if Round.objects.filter(plan=plan).exists():
            raise PlanHasRoundsError(plan, found)
        lost = indicators_lost(plan, wanted)
        if lost:
            raise IndicatorsInTheWayError(lost)
    saved_bodies = save_bodies(entries=bodies, by=by)
    if plan and not found:
        return _loaded(plan, False, tree, found, saved_bodies)
    if plan:
        remove_assignments(plan=plan, wanted=wanted, by=by)
    saved = save_tree(tree=tree, by=by)
    save_assignments(plan=saved.plan, wanted=wanted, by=by)
    return _loaded(saved.plan, saved.is_new, tree, found, saved_bodies)


def _loaded(plan: Plan, is_new: bool, tree: PlanTree[str], found: list[Difference], bodies: SavedBodies) -> LoadedPlan:
    count = Assignment.objects.filter(action_plan__plan=plan).count()
    return LoadedPlan(plan, is_new, tree, count, found, bodies)
