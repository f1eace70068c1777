"""The start pages of those who read: the panel what is confirmed, the Committee how the year stands."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from ministries import rules
from ministries.models import Round
from ministries.selectors import submissions
from ministries.selectors.rounds import last_due_round
from ministries.selectors.submissions import Row
from nap_monitor.lib import clock
from reports.models import RenderJob
from reports.selectors.documents import documents
from reports.selectors.ratings import ratings_page
from reports.selectors.start.parts import Next, Part, opening, task

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: So many documents stand on a start page.
DOCUMENTS = 4


@dataclass(frozen=True)
class ReadingPart(Part):
    """What there is to read for the panel. ``new`` are the addresses of what was confirmed since the last visit."""

    new: frozenset[str] = frozenset()
    since: dt.datetime | None = None
    total: int = 0
    confirmed: int = 0
    documents: tuple[RenderJob, ...] = ()


def reading_part(user: "User", round: Round | None, last_visit: dt.datetime | None) -> ReadingPart:
    """The part for who reads what is confirmed, newest first. ``last_visit``: when the person signed in before."""
    if round is None:
        return ReadingPart("reading", opening(None))
    rows = submissions.listing(user, round, scope=submissions.CONFIRMED).rows
    rows = sorted(rows, key=lambda row: (str(row.confirmed_at), row.code), reverse=True)
    new = [row for row in rows if last_visit and row.confirmed_at and row.confirmed_at > last_visit]
    return ReadingPart(
        "reading",
        _next(rows, new, round),
        list(task("confirmed", rows, "")),
        new=frozenset(row.url for row in new),
        since=last_visit,
        total=round.submissions.count(),
        confirmed=len(rows),
        documents=tuple(documents_to_read(user, round)),
    )


def _next(rows: list[Row], new: list[Row], round: Round) -> Next:
    if new:
        return Next("newly-confirmed", "read", new[0].url, len(new), new[0], round.year)
    if rows:
        return Next("confirmed", "read", rows[0].url, len(rows), rows[0], round.year)
    if not round.is_opened():
        return opening(round)
    return Next("nothing-confirmed", year=round.year, day=round.due_date)


def documents_to_read(user: "User", round: Round) -> list[RenderJob]:
    """The newest finished documents of the plan that this person may read."""
    if not rules.allows(user, "reports.view_draft_report"):
        return []
    return list(documents(plan_number=round.plan.number).filter(state=RenderJob.State.DONE)[:DOCUMENTS])


@dataclass(frozen=True)
class FiguresPart(Part):
    """How the newest round that was due stands: the shares of the ratings, and how complete it is."""

    round: Round | None = None
    segments: tuple[dict[str, Any], ...] = ()
    completeness: dict[str, Any] | None = None


def figures_part() -> FiguresPart:
    """The part for the Committee's readers. A fixed number of queries."""
    round = last_due_round()
    if round is None or not round.is_opened():
        return FiguresPart("figures", opening(round))
    page = ratings_page(round)
    address = reverse("reports:summary", args=[round.plan.number, round.year])
    is_due = round.due_date < clock.today()
    return FiguresPart(
        "figures",
        Next("ratings" if is_due else "ratings-so-far", "ratings", address, year=round.year, day=round.due_date),
        round=round,
        segments=tuple(page["segments"]),
        completeness=page["completeness"],
    )
