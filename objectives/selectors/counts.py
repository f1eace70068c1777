"""How large plans are."""

from django.db.models import Count

from objectives.enums import Level
from objectives.models import Plan
from objectives.models.levels import LEVELS


def item_counts() -> dict[int, dict[Level, int]]:
    """How many items each plan has on each level, by the plan's key; one query a level."""
    counts: dict[int, dict[Level, int]] = {
        pk: dict.fromkeys(Level, 0) for pk in Plan.objects.values_list("pk", flat=True)
    }
    for level, found in LEVELS.items():
        rows = found.model._default_manager.order_by().values_list(found.path).annotate(number=Count("pk"))
        for plan, number in rows:
            counts[plan][level] = number
    return counts
