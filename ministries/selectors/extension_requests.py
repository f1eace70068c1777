"""Reading requests for more time: those of a body in a round, and all of a round for who answers them."""

import uuid
from dataclasses import dataclass

from django.db.models import Q

from ministries.enums import RequestAnswer
from ministries.models import ExtensionRequest, ImplementingBody, Round
from nap_monitor.lib.localized import LocalizedText


@dataclass(frozen=True)
class RequestRow:
    """A request as pages show it. ``code`` is empty where it is for all that the body owes. ``is_moot``: it was not
    answered, and what it is about has been handed in since."""

    request: ExtensionRequest
    body: LocalizedText
    body_code: str
    code: str
    url: str
    is_moot: bool

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.request.is_open and not self.is_moot

    @property
    def answer(self) -> RequestAnswer | None:
        """What came of it."""
        return RequestAnswer(self.request.answer) if self.request.answer else None


def requests_of_body(round: Round, body: ImplementingBody) -> list[RequestRow]:
    """What a body asked for in a round: what is open first, then the newest."""
    return _rows(Q(round=round, body=body))


def requests_of_round(round: Round) -> list[RequestRow]:
    """What all bodies asked for: what is open first, then the newest."""
    return _rows(Q(round=round))


def open_request(round: Round, key: str) -> RequestRow | None:
    """The open request of this id in this round; nothing where there is none (any more)."""
    try:
        found = _rows(Q(round=round, pk=uuid.UUID(key)))
    except ValueError:
        return None
    return next((row for row in found if row.is_open), None)


def _rows(which: Q) -> list[RequestRow]:
    found = (
        ExtensionRequest.objects.filter(which)
        .select_related("round__plan", "body", "extension", "submission__assignment__action_plan")
        .select_related("submission__assignment__body", "submission__round__plan")
        .prefetch_related("body__names")
    )
    return sorted((_row(each) for each in found), key=lambda row: not row.is_open)


def _row(request: ExtensionRequest) -> RequestRow:
    submission = request.submission
    return RequestRow(
        request=request,
        body=request.body.name_in(request.round.year),
        body_code=request.body.code,
        code=submission.assignment.action_plan.code if submission else "",
        url=submission.get_absolute_url() if submission else "",
        is_moot=request.is_open and submission is not None and not submission.is_awaited,
    )
