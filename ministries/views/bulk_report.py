"""What became of a bulk step, kept in the session: the page that tells it can be read again and reloaded."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from ministries.models import Submission
from ministries.services import bulk

KEY = "bulk_reports"
#: So many reports are kept; an older one is no longer told.
KEPT = 5


@dataclass(frozen=True)
class Told:
    """The report of a bulk step as a page tells it: what it was done for, by name, and others with why not."""

    step: str
    done: list[str]
    skipped: list[tuple[str, str]]
    document_number: str
    document_date: dt.date | None


def action_plan_of(submission: Submission) -> str:
    """How a submission is named among those of one body."""
    return submission.assignment.action_plan.code


def keep(
    request: HttpRequest,
    report: bulk.Report,
    *,
    name_of: Callable[[Submission], str] = action_plan_of,
    document_number: str = "",
    document_date: dt.date | None = None,
) -> str:
    """Keep ``report``, each row by its name; gives that by which the page that follows asks for it (``?report=``)."""
    name = secrets.token_urlsafe(6)
    kept = dict(request.session.get(KEY, {}))
    kept[name] = {
        "step": report.step,
        "done": [name_of(submission) for submission in report.done],
        "skipped": [[name_of(skipped.submission), skipped.why] for skipped in report.skipped],
        "document_number": document_number,
        "document_date": document_date.isoformat() if document_date else "",
    }
    request.session[KEY] = dict(list(kept.items())[-KEPT:])
    return name


def of(request: HttpRequest) -> Told | None:
    """The report that the address asks for, where this session still has it."""
    found = request.session.get(KEY, {}).get(request.GET.get("report", ""))
    if found is None:
        return None
    day = found["document_date"]
    return Told(
        step=found["step"],
        done=found["done"],
        skipped=[(code, why) for code, why in found["skipped"]],
        document_number=found["document_number"],
        document_date=dt.date.fromisoformat(day) if day else None,
    )
