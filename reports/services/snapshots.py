"""Taking snapshots."""

from typing import Any

from django.db import IntegrityError, transaction

from ministries.models import ImplementingBody, Round
from reports.models import Snapshot
from reports.selectors.approval import approval_content
from reports.selectors.report_content import report_content
from reports.selectors.summary import snapshot


def take_snapshot(*, round: Round) -> Snapshot:
    """The snapshot of what the round's report says now; the one that is there already where nothing has changed."""
    return keep_report(content=report_content(round), round=round)


def keep_report(*, content: dict[str, Any], round: Round) -> Snapshot:
    """The snapshot of a report's content; the one that is there already where it is the same."""
    return _keep(content, round)


def take_approval_snapshot(*, round: Round, body: ImplementingBody, narrowed_to: str = "") -> Snapshot:
    """The snapshot of what ``body`` would attach to an approval now, all or narrowed to a state or an action plan.

    Raises ``LookupError`` where there is no such submission.
    """
    content = approval_content(round, body, narrowed_to=narrowed_to)
    if not content["submissions"]:
        raise LookupError(f"{body.code} has nothing of {narrowed_to!r} in {round.year}.")
    return _keep(content, round, kind=Snapshot.Kind.APPROVAL, body_code=body.code, narrowed_to=narrowed_to)


def _keep(content: dict[str, Any], round: Round, **more: str) -> Snapshot:
    data, digest = snapshot(content)
    found = Snapshot.objects.filter(sha256=digest).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Snapshot.objects.create(
                plan_number=round.plan.number,
                year=round.year,
                schema=content["schema"],
                content=data,
                sha256=digest,
                **more,
            )
    except IntegrityError:
        # Somebody else took the same one at the same moment.
        return Snapshot.objects.get(sha256=digest)
