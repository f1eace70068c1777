"""Taking snapshots."""

from django.db import IntegrityError, transaction

from ministries.models import Round
from reports.models import Snapshot
from reports.selectors.summary import snapshot, summary_content


def take_snapshot(*, round: Round) -> Snapshot:
    """The snapshot of what the round's report says now; the one that is there already where nothing has changed."""
    content = summary_content(round)
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
            )
    except IntegrityError:
        # Somebody else took the same one at the same moment.
        return Snapshot.objects.get(sha256=digest)
