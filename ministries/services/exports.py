"""Putting exports on record: who took which rows away, in which form."""

from typing import Any

from django.db import transaction

from ministries.models import Round
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.canonical import sha256


@transaction.atomic
def record_export(
    *, round: Round, by: User, page: str, form: str, chosen: dict[str, Any], rows: int, content: bytes
) -> Event:
    """Put an export of a round's submissions on record. ``chosen`` are the filters, without what was left empty."""
    facts = {
        "page": page,
        "form": form,
        "chosen": {name: value for name, value in chosen.items() if value},
        "rows": rows,
        "sha256": sha256(content),
    }
    return record(kind="export", subject=round, by=by, label=f"{round.plan.number} {round.year}", data=facts)
