"""Reading rounds for pages."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from ministries import rules
from ministries.enums import State
from ministries.models import Round, Submission
from nap_monitor.lib import clock
from nap_monitor.lib.prepared import prepared
from objectives.models import Plan

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User


@dataclass(frozen=True)
class RoundRow:
    """A round with how many submissions it has and how many of them are confirmed."""

    round: Round
    total: int
    confirmed: int
    can_list: bool


def plans_with_rounds(user: "User") -> list[tuple[Plan, list[RoundRow]]]:
    """All plans, newest first, each with its rounds, newest first. The counts are of all bodies."""
    counts: Counter[tuple[int, bool]] = Counter()
    for row in Submission.objects.order_by().values("round_id", "state").annotate(number=Count("pk")):
        counts[row["round_id"], row["state"] == State.CONFIRMED] += row["number"]
    can_list = rules.allows(user, "ministries.view_confirmed")
    rounds: dict[int, list[RoundRow]] = {}
    for found in Round.objects.select_related("plan").order_by("-year"):
        confirmed, others = counts[found.pk, True], counts[found.pk, False]
        rounds.setdefault(found.plan_id, []).append(RoundRow(found, confirmed + others, confirmed, can_list))
    return [(plan, rounds.get(plan.pk, [])) for plan in Plan.objects.order_by("-number")]


def current_round() -> Round | None:
    """The round at work: the newest that is open, else the newest that has opened, else the next one; or nothing."""
    return _at_work(list(Round.objects.select_related("plan").order_by("-opening_date", "-year")))


def current_address() -> tuple[int, int] | None:
    """Plan and year of :func:`current_round`, for the menu of every page."""
    days = ("year", "opening_date", "closing_date", "closed_at")
    query = prepared(
        "rounds",
        lambda: Round.objects.order_by("-opening_date", "-year").values_list("plan__number", *days),
    )
    # As rounds, so that what is open is decided in one place; they hold no more than is asked of them here.
    rounds = [Round(plan=Plan(number=number), **dict(zip(days, row, strict=True))) for number, *row in query.rows()]
    found = _at_work(rounds)
    return (found.plan.number, found.year) if found else None


def _at_work(rounds: list[Round]) -> Round | None:
    """Of all rounds, the one that was opened last first."""
    opened = [found for found in rounds if found.is_opened()]
    still_open = [found for found in opened if found.is_open()]
    return next(iter(still_open or opened or rounds[::-1]), None)


def next_round() -> Round | None:
    """The round that opens next, after today; or nothing where none is made."""
    coming = Round.objects.select_related("plan").filter(opening_date__gt=clock.today())
    return coming.order_by("opening_date", "year").first()


def last_due_round() -> Round | None:
    """The newest round whose due date has passed, so that what is missing is missing; else the round at work."""
    rounds = Round.objects.select_related("plan").filter(due_date__lt=clock.today()).order_by("-due_date", "-year")
    return rounds.first() or current_round()
