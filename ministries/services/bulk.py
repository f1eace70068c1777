"""The same step on many submissions: row by row, each with its own event; what can't be done is said, with why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ministries.models import Submission
from ministries.services import ratings, transitions
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User

#: The steps that are taken in bulk.
STEPS: dict[str, Callable[..., Submission]] = {
    "sign_off": transitions.sign_off,
    "take_back": transitions.take_back,
    "submit": transitions.submit,
    "confirm": ratings.confirm_saved,
}


@dataclass(frozen=True)
class Skipped:
    """A submission on which the step was not taken, and the sentence that says why."""

    submission: Submission
    why: str


@dataclass
class Report:
    """What became of a bulk step."""

    step: str
    done: list[Submission] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def take(
    step: str,
    submissions: Iterable[tuple[Submission, int | None]],
    *,
    by: User,
    own: Mapping[int, Mapping[str, Any]] | None = None,
    **arguments: Any,
) -> Report:
    """Take ``step`` on each submission; the number beside it counts the steps that the person was looking at.

    ``arguments`` hold for all; ``own`` are those of single submissions, by their primary key. One that is refused stops
    no other. Raises ``KeyError`` for a step that is not taken in bulk.
    """
    service, report = STEPS[step], Report(step)
    for submission, seen in submissions:
        more = {**arguments, **(own or {}).get(submission.pk, {})}
        try:
            report.done.append(service(submission=submission, by=by, step=seen, **more))
        except Refused as refused:
            report.skipped.append(Skipped(submission, str(refused.message)))
        except (NotPermitted, WrongState) as stopped:
            report.skipped.append(Skipped(submission, str(stopped)))
    return report
