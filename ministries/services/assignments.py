"""Who carries which action plan, as a plan file has it."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q

from ministries.models import Assignment, ImplementingBody, Indicator
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from objectives.models import ActionPlan, Plan

#: The codes of the bodies that carry an action plan, by its number.
Carriers = Mapping[str, Sequence[str]]


def carriers_of(plan: Plan) -> dict[str, list[str]]:
    """Who carries the plan's action plans today, in printed order."""
    carriers: dict[str, list[str]] = {}
    pairs = Assignment.objects.filter(action_plan__plan=plan).order_by("action_plan__order", "order")
    for action, body in pairs.values_list("action_plan__code", "body__code"):
        carriers.setdefault(action, []).append(body)
    return carriers


def indicators_lost(plan: Plan, wanted: Carriers) -> list[Indicator]:
    """The indicators that would go with the action plans and assignments that ``wanted`` no longer has."""
    gone = [row.pk for row in _assignments(plan) if row.body.code not in wanted.get(row.action_plan.code, ())]
    return list(
        Indicator.objects.filter(action_plan__plan=plan)
        .filter(Q(assignment__in=gone) | ~Q(action_plan__code__in=wanted))
        .select_related("action_plan")
    )


@transaction.atomic
def remove_assignments(*, plan: Plan, wanted: Carriers, by: User | None) -> int:
    """Remove the assignments that ``wanted`` no longer has; how many went. Only for a plan without rounds."""
    before = carriers_of(plan)
    gone = [row.pk for row in _assignments(plan) if row.body.code not in wanted.get(row.action_plan.code, ())]
    Assignment.objects.filter(pk__in=gone).delete()
    if gone:
        data = {"assignments": len(gone), **_carrying(before, carriers_of(plan))}
        record(kind="unassign", subject=plan, by=by, data=data)
    return len(gone)


@transaction.atomic
def save_assignments(*, plan: Plan, wanted: Carriers, by: User | None) -> tuple[int, int]:
    """Add and change assignments to what ``wanted`` says, for all years of the plan. How many are new, and changed."""
    before = carriers_of(plan)
    stored = {(row.action_plan.code, row.body.code): row for row in _assignments(plan)}
    actions = {action.code: action for action in ActionPlan.objects.filter(plan=plan)}
    bodies = {body.code: body for body in ImplementingBody.objects.all()}
    new, changed = [], []
    for action, codes in wanted.items():
        for order, code in enumerate(codes, start=1):
            fields = {"order": order, "start_year": plan.start_year, "end_year": plan.end_year}
            row = stored.get((action, code))
            if row is None:
                new.append(Assignment(action_plan=actions[action], body=bodies[code], **fields))
            elif any(getattr(row, name) != value for name, value in fields.items()):
                for name, value in fields.items():
                    setattr(row, name, value)
                changed.append(row)
    Assignment.objects.bulk_create(new)
    Assignment.objects.bulk_update(changed, ["order", "start_year", "end_year"])
    if new or changed:
        # All that a new plan begins with stands in its file; the counts say enough.
        carrying = _carrying(before, wanted) if before else {}
        record(kind="assign", subject=plan, by=by, data={"added": len(new), "changed": len(changed), **carrying})
    return len(new), len(changed)


def _carrying(before: Carriers, after: Carriers) -> dict[str, dict[str, str]]:
    """The action plans that other bodies carry than before, with those bodies, as the record has it."""
    differing = [
        code for code in dict.fromkeys((*before, *after)) if list(before.get(code, ())) != list(after.get(code, ()))
    ]
    return {
        "before": {code: ", ".join(before.get(code, ())) for code in differing},
        "after": {code: ", ".join(after.get(code, ())) for code in differing},
    }


def _assignments(plan: Plan) -> list[Assignment]:
    return list(Assignment.objects.filter(action_plan__plan=plan).select_related("action_plan", "body"))
