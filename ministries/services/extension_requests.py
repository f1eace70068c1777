"""Asking for more time, declining that, and taking it back. It is granted by :mod:`ministries.services.extensions`."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import AWAITED, RequestAnswer
from ministries.models import ExtensionRequest, ImplementingBody, Round, Submission
from ministries.services.extensions import PERMISSION as TO_ANSWER
from ministries.services.extensions import check_reason, label_of
from ministries.workflow import NotPermitted, Refused, WrongState, check_exception
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record

PERMISSION = "ministries.ask_extension"


@transaction.atomic
def ask(
    *,
    round: Round,
    body: ImplementingBody,
    until: dt.date,
    reason: str,
    by: User,
    submission: Submission | None = None,
) -> ExtensionRequest:
    """Ask the coordinators for more time, for one submission or for all that the body owes in the round.

    The same again (a double click) is the request that is there. Raises ``NotPermitted``, ``Refused``, or
    ``WrongState`` where nothing of this is awaited, the round has not opened, or another request is open.
    """
    if not rules.allows(by, PERMISSION, submission or body):
        raise NotPermitted(_now("Only a focal point or an approver of the body asks for more time."))
    check_reason(reason)
    _check_day(round, until, submission)
    _check_state(round, body, submission)
    given: dict[str, Any] = {"round": round, "body": body, "submission": submission}
    there = ExtensionRequest.objects.filter(**given, answered_at=None).first()
    if there and (there.until, there.reason) == (until, reason.strip()):
        return there
    try:
        with transaction.atomic():
            made = ExtensionRequest.objects.create(
                **given, until=until, reason=reason.strip(), asked_by=by, asked_by_label=label_of(by), at=clock.now()
            )
    except IntegrityError:
        raise WrongState(_now("More time has been asked for already, and the answer is awaited.")) from None
    _record("ask_extension", made, by, made.reason)
    return made


@transaction.atomic
def decline(*, request: ExtensionRequest, reason: str, by: User) -> ExtensionRequest:
    """Leave it at the due date, with a reason. Raises ``NotPermitted``, ``Refused``, or ``WrongState`` where it is
    answered already."""
    if not rules.allows(by, TO_ANSWER, request.body):
        raise NotPermitted(_now("Only a coordinator answers a request for more time."))
    check_reason(reason)
    found = _close(request, RequestAnswer.DECLINED, by, reason.strip())
    _record("decline_extension", found, by, found.answer_reason)
    return found


@transaction.atomic
def withdraw(*, request: ExtensionRequest, by: User) -> ExtensionRequest:
    """Take it back, by anybody who may ask for this body. Raises ``NotPermitted``, or ``WrongState`` as above."""
    if not rules.allows(by, PERMISSION, request.body):
        raise NotPermitted(_now("Only a focal point or an approver of the body asks for more time."))
    found = _close(request, RequestAnswer.WITHDRAWN, by, "")
    _record("withdraw_request", found, by, "")
    return found


def _check_day(round: Round, until: dt.date, submission: Submission | None) -> None:
    check_exception(round, until, field="until")
    there = submission.extended_until if submission else None
    if there and until <= there and there >= clock.today():
        raise Refused(_("The wished day must be later than that of the exception in force."), field="until")


def _check_state(round: Round, body: ImplementingBody, submission: Submission | None) -> None:
    if not round.is_opened():
        raise WrongState(_now("This round has not opened yet."))
    owed = Submission.objects.filter(round=round, assignment__body=body, state__in=AWAITED)
    if submission:
        owed = owed.filter(pk=submission.pk)
    if not owed.exists():
        raise WrongState(_now("Nothing of this is awaited from the body at present, so that no more time is needed."))


def _close(request: ExtensionRequest, answer: RequestAnswer, by: User, reason: str) -> ExtensionRequest:
    """Of two who answer one wins; the other gets ``WrongState``."""
    answered = {
        "answer": answer,
        "answered_at": clock.now(),
        "answered_by": by,
        "answered_by_label": label_of(by),
        "answer_reason": reason,
    }
    if not ExtensionRequest.objects.filter(pk=request.pk, answered_at=None).update(**answered):
        raise WrongState(_now("This request has been answered already."))
    named = ExtensionRequest.objects.select_related("round__plan", "body", "submission__round__plan")
    return named.select_related("submission__assignment__body", "submission__assignment__action_plan").get(
        pk=request.pk
    )


def _record(kind: str, request: ExtensionRequest, by: User, reason: str) -> None:
    """In the history of the submission where it is about one, else as an event of the request."""
    data = {"request": str(request.pk), "due_date": request.until.isoformat()}
    record(kind=kind, subject=request.submission or request, by=by, reason=reason, data=data)
