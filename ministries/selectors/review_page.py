"""What a coordinator reads of one submission before deciding: what holds against it, and all that was said before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ministries import fields, workflow
from ministries.content_parts import Content, rows_in
from ministries.enums import VersionKind
from ministries.models import SavedRating, Submission, SubmissionVersion
from ministries.selectors.submissions import at_address
from nap_monitor.lib.audit.models import Event

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: Steps by which a submission goes back to its body.
BACK = ("return", "reopen")


@dataclass(frozen=True)
class Said:
    """A return (or a reopening): its reason and its remarks by field, as they were written then, for ever."""

    kind: str
    at: dt.datetime
    actor: str
    reason: str
    due_date: dt.date | None
    remarks: list[tuple[Any, str]] = field(default_factory=list)


def find_submission(user: "User", plan: int, year: int, body: str, code: str) -> Submission:
    """The submission at this address, with what its review reads of it: the version, nothing of the working copy.

    Raises ``Http404`` where there is none that ``user`` may see.
    """
    found = Submission.objects.visible_to(user).prefetch_related("assignment__body__names")
    read = found.select_related("round__plan", "assignment__body", "assignment__action_plan", "submitted_version")
    return at_address(read, plan, year, body, code)


def saved_rating(submission: Submission) -> SavedRating | None:
    """What the coordinators saved of it, on whatever version."""
    found = SavedRating.objects.filter(submission=submission).select_related("by", "version")
    return found.defer("version__content").first()


def version_before(submission: Submission) -> SubmissionVersion | None:
    """What the body had submitted before the version that lies here now."""
    now = submission.submitted_version
    if now is None:
        return None
    found = submission.versions.filter(kind=VersionKind.SUBMIT, number__lt=now.number)
    return found.order_by("-number").first()


def returns(submission: Submission, history: Sequence[Event]) -> list[Said]:
    """Every time that it went back, as its ``history`` has it, the newest first: none is overwritten by a later one."""
    events = [event for event in history if event.kind in BACK]
    keys = {key for event in events for key in event.data.get("along", ())}
    sent_along = {str(each.pk): each for each in submission.comments.filter(pk__in=keys)} if keys else {}
    return [
        Said(
            kind=event.kind,
            at=event.at,
            actor=event.actor_name,
            reason=event.reason,
            due_date=dt.date.fromisoformat(event.data["due_date"]) if event.data.get("due_date") else None,
            remarks=[
                (fields.REMARKABLE.get(name, name), text)
                for name, text in (
                    *event.data.get("remarks", {}).items(),
                    *((sent_along[key].field, sent_along[key].text) for key in event.data.get("along", ())),
                )
            ],
        )
        for event in events
    ]


def meanwhile(submission: Submission, *, step: int, seen: int | None) -> list[Event]:
    """What happened after the count of steps (and that of the rating's savings) that somebody was looking at."""
    kinds = [*workflow.TRANSITIONS, "rate"]
    events = list(Event.objects.of("ministries.submission", str(submission.pk)).filter(kind__in=kinds))
    savings = [event.pk for event in events if event.kind == "rate"]
    new = set(savings[seen:]) if seen is not None else set()
    return [
        event for event in events if event.pk in new or (event.kind != "rate" and event.data.get("step", -1) >= step)
    ]


def points_of(sections: Sequence[Content]) -> list[tuple[Content, Content, Content]]:
    """The points to check of a version: what each is about, its sentence, the body's remark (which may be empty)."""
    found = []
    for row in rows_in(sections, "warnings"):
        by_key = {each["key"]: each for each in row["fields"]}
        found.append((row["label"], by_key["warning"], by_key["remark"]))
    return found
