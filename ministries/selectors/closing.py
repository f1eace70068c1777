"""What closing a round would leave: what is not reported, by body; exceptions in force; what waits for review."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ministries import rules
from ministries.enums import AWAITED, State, StateLabel
from ministries.models import Round, RoundClosing, Submission
from ministries.selectors.extensions import ExtensionRow, extensions_of_round
from nap_monitor.lib.localized import LocalizedText

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User


@dataclass(frozen=True)
class Owed:
    """A submission that is not reported, in the state that a coordinator may know of."""

    url: str
    code: str
    title: LocalizedText
    state: StateLabel


@dataclass(frozen=True)
class BodyOwed:
    """What a body has not reported, and how many submissions it has."""

    name: LocalizedText
    rows: list[Owed]
    total: int


@dataclass(frozen=True)
class Closing:
    """A round before or after its closing. ``current`` is the closing in force; ``earlier`` are those undone."""

    bodies: list[BodyOwed]
    total: int
    unreported: int
    in_review: int
    confirmed: int
    extensions: list[ExtensionRow]
    current: RoundClosing | None
    earlier: list[RoundClosing]


def closing_of(user: "User", round: Round) -> Closing:
    """All that the page of a round's closing shows, in a fixed number of queries."""
    named = Submission.objects.filter(round=round).select_related(
        "round__plan", "assignment__body", "assignment__action_plan"
    )
    found = list(
        named.prefetch_related("assignment__body__names").order_by(
            "assignment__body__order", "assignment__body__code", "assignment__action_plan__order"
        )
    )
    totals = Counter(each.assignment.body_id for each in found)
    owed: dict[int, list[Submission]] = {}
    for each in found:
        if each.state in AWAITED:
            owed.setdefault(each.assignment.body_id, []).append(each)
    closings = list(RoundClosing.objects.filter(round=round))
    return Closing(
        bodies=[
            BodyOwed(rows[0].assignment.body.name_in(round.year), [_owed(user, each) for each in rows], totals[body])
            for body, rows in owed.items()
        ],
        total=len(found),
        unreported=sum(len(rows) for rows in owed.values()),
        in_review=sum(each.state == State.SUBMITTED for each in found),
        confirmed=sum(each.state == State.CONFIRMED for each in found),
        extensions=[row for row in extensions_of_round(round) if row.is_in_force],
        current=next((each for each in closings if each.undone_at is None), None),
        earlier=[each for each in closings if each.undone_at],
    )


def _owed(user: "User", submission: Submission) -> Owed:
    action_plan = submission.assignment.action_plan
    state = rules.label_for(user, submission)
    return Owed(submission.get_absolute_url(), action_plan.code, action_plan.title, state)
