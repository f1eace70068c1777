"""Reading exceptions: those of one submission, those of a body, all of a round."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from ministries.enums import Ending
from ministries.models import Extension, ImplementingBody, Round, Submission
from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedText

#: What has become of an exception.
IN_FORCE, RUN_OUT = "in-force", "run-out"


@dataclass(frozen=True)
class ExtensionRow:
    """An exception as pages show it. ``code`` is empty where it holds for all that the body owes."""

    extension: Extension
    body_code: str
    body: LocalizedText
    code: str
    url: str
    status: str
    ending: Ending | None
    ended_on: dt.date | None

    @property
    def is_in_force(self) -> bool:
        """Whether it gives time today."""
        return self.status == IN_FORCE


def extensions_of(submission: Submission) -> list[ExtensionRow]:
    """The exceptions that hold or held for this submission, newest first."""
    of_body = Q(round=submission.round_id, body=submission.assignment.body_id, submission=None)
    return _rows(Q(submission=submission.pk) | of_body)


def extensions_in_force(round: Round, body: ImplementingBody) -> list[ExtensionRow]:
    """What a body has in force in a round, newest first."""
    return [row for row in _rows(Q(round=round, body=body, ended_at=None)) if row.is_in_force]


def extensions_of_round(round: Round) -> list[ExtensionRow]:
    """All exceptions of a round: those in force first, then the newest."""
    return sorted(_rows(Q(round=round)), key=lambda row: not row.is_in_force)


def _rows(which: Q) -> list[ExtensionRow]:
    found = (
        Extension.objects.filter(which)
        .select_related("round__plan", "body", "submission__assignment__action_plan")
        .select_related("submission__assignment__body", "submission__round__plan")
        .prefetch_related("body__names")
    )
    return [row_of(each) for each in found]


def row_of(extension: Extension) -> ExtensionRow:
    """An exception as pages show it."""
    submission, ended = extension.submission, extension.ended_at
    last = min(clock.today(), ended.astimezone(clock.now().tzinfo).date()) if ended else clock.today()
    status = RUN_OUT if extension.until < last else extension.ended_how or IN_FORCE
    return ExtensionRow(
        extension=extension,
        body_code=extension.body.code,
        body=extension.body.name_in(extension.round.year),
        code=submission.assignment.action_plan.code if submission else "",
        url=submission.get_absolute_url() if submission else "",
        status=status,
        ending=Ending(extension.ended_how) if status in Ending.values else None,
        ended_on=ended.astimezone(clock.now().tzinfo).date() if ended and status != RUN_OUT else None,
    )
