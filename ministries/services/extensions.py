"""Granting exceptions and ending them. The rows are the truth; ``Submission.extended_until`` is kept to say the same.

A row holds for one submission, or for a body in a round: then for all that it owes on that day, and for what comes back
to it later (returned, reopened). What it has handed in keeps the exception that it was handed in under.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import AWAITED, Ending, RequestAnswer
from ministries.models import Extension, ExtensionRequest, ImplementingBody, Round, RoundClosing, Submission
from ministries.models.submission import REASON_LENGTH
from ministries.workflow import NotPermitted, Refused, WrongState, check_exception
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record

PERMISSION = "ministries.extend_submission"


@transaction.atomic
def extend(*, submission: Submission, until: dt.date, reason: str, by: User) -> Submission:
    """Let the body write and submit one submission until ``until`` (inclusive), whatever the round's dates say
    (제출기한 연장). It takes the place of an earlier exception of this submission.

    The same day again (a double click) changes nothing and leaves no second event. Raises ``NotPermitted``,
    ``Refused``, or ``WrongState`` where the submission is not awaited.
    """
    _check(by, submission, submission.round, until, reason)
    Submission.objects.select_for_update().values_list("pk").get(pk=submission.pk)
    found = Submission.objects.select_related("round", "assignment__body").get(pk=submission.pk)
    if found.state not in AWAITED:
        raise WrongState(_now("The due date can only be extended while the submission is awaited."))
    given = {"round": found.round, "body": found.assignment.body, "submission": found}
    extension, _before = _grant(given, until=until, reason=reason, by=by)
    changed = settle([found])
    if extension:
        data = {"due_date": until.isoformat(), **changed[found.pk]}
        record(kind="extend", subject=submission, by=by, reason=reason.strip(), data=data)
    submission.extended_until = found.extended_until
    return submission


@transaction.atomic
def extend_body(*, round: Round, body: ImplementingBody, until: dt.date, reason: str, by: User) -> Extension | None:
    """Let a body write and submit all that it owes in a round until ``until``, and what comes back to it until then.

    The new row; nothing where the same day holds already. Raises ``NotPermitted``, or ``Refused`` where nothing of the
    body is awaited.
    """
    _check(by, body, round, until, reason)
    owed = _owed(round, body)
    if not owed:
        raise Refused(_("Nothing of this body is awaited in this round."), field="body")
    extension, before = _grant({"round": round, "body": body}, until=until, reason=reason, by=by)
    if extension is None:
        return None
    data: dict[str, Any] = {"due_date": until.isoformat(), **_told(before, until)}
    record(kind="grant", subject=extension, by=by, reason=reason.strip(), data=data)
    changed = settle(owed)
    for each in owed:
        data = {"due_date": until.isoformat(), "body": body.code, **changed[each.pk]}
        record(kind="extend", subject=each, by=by, reason=reason.strip(), data=data)
    return extension


@transaction.atomic
def end_extension(*, extension: Extension, reason: str, by: User) -> Extension:
    """End an exception early. Raises ``NotPermitted``, ``Refused``, or ``WrongState`` where it is over."""
    if not rules.allows(by, PERMISSION, extension.body):
        raise NotPermitted(_now("Only a coordinator ends an exception."))
    check_reason(reason)
    extension = (
        Extension.objects.select_for_update(of=("self",)).select_related("round__plan", "body").get(pk=extension.pk)
    )
    if not extension.is_in_force():
        raise WrongState(_now("This exception is over already."))
    owed = _covered(extension)
    end(extension, Ending.REVOKED, by, reason.strip())
    changed = settle(owed)
    due = {"due_date": extension.until.isoformat()}
    told = {**due, **_told(extension.until, None)}
    record(kind="end", subject=extension, by=by, reason=reason.strip(), data=told)
    for each in owed:
        record(kind="end_extension", subject=each, by=by, reason=reason.strip(), data={**due, **changed[each.pk]})
    return extension


@dataclass(frozen=True)
class GivenTime:
    """Until when a submission's exceptions last after a step, and what the record says of that."""

    until: dt.date | None
    told: dict[str, Any]


def given_with_step(submission: Submission, until: dt.date | None, reason: str, by: User) -> GivenTime:
    """What a return or a reopening changes of the exceptions: the new due date becomes one of this submission.

    Without one the exceptions that are there hold. Call it in the step's transaction.
    """
    given = {"round": submission.round, "body": submission.assignment.body, "submission": submission}
    if until:
        _grant(given, until=until, reason=reason, by=by)
    now = _last_days(submission.round_id, [submission]).get(submission.pk)
    return GivenTime(now, {"due_date": until.isoformat() if until else "", **_told(submission.extended_until, now)})


def settle(submissions: Iterable[Submission]) -> dict[int, dict[str, Any]]:
    """Let ``extended_until`` of these submissions of one round say what their exceptions say. For awaited ones.

    Gives what the record says of the change, by the submission's key.
    """
    owed = list(submissions)
    if not owed:
        return {}
    changed = {}
    last = _last_days(owed[0].round_id, owed)
    by_day: dict[dt.date | None, list[int]] = defaultdict(list)
    for each in owed:
        changed[each.pk] = _told(each.extended_until, last.get(each.pk))
        each.extended_until = last.get(each.pk)
        by_day[each.extended_until].append(each.pk)
    for day, ids in by_day.items():
        Submission.objects.filter(pk__in=ids).update(extended_until=day)
    return changed


def end(extension: Extension, how: Ending, by: User | None, reason: str, closing: RoundClosing | None = None) -> None:
    """Mark a row as ended. The submissions are settled afterwards."""
    extension.ended_at, extension.ended_how, extension.ended_by = clock.now(), how, by
    extension.ended_by_label, extension.ended_reason, extension.closing = label_of(by), reason, closing
    extension.save(update_fields=["ended_at", "ended_how", "ended_by", "ended_by_label", "ended_reason", "closing"])


def label_of(by: User | None) -> str:
    """The name by which a person stays known when the account is gone."""
    return str(by)[:200] if by else ""


def check_reason(reason: str) -> None:
    """Raise ``Refused`` without a reason, or with an endless one."""
    if not reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(_("The reason is too long."), field="reason")


def _check(by: User, obj: Submission | ImplementingBody, round: Round, until: dt.date, reason: str) -> None:
    if not rules.allows(by, PERMISSION, obj):
        raise NotPermitted(_now("Only a coordinator extends a due date."))
    check_reason(reason)
    check_exception(round, until, field="until")


def _told(before: dt.date | None, after: dt.date | None) -> dict[str, dict[str, str]]:
    """Another last day, as the record has it; nothing where it is the same."""
    if before == after:
        return {}
    days = {"before": before, "after": after}
    return {when: {"extended_until": day.isoformat() if day else ""} for when, day in days.items()}


def _grant(given: dict[str, Any], *, until: dt.date, reason: str, by: User) -> tuple[Extension | None, dt.date | None]:
    """A new row in the place of the one that was in force for the same, with that one's last day. No new one where that
    gives the same day. What a body has asked for is answered with it, on whatever page it was granted."""
    whose = {"submission": None, **given}
    now = Extension.objects.select_for_update(of=("self",)).filter(ended_at=None, **whose).first()
    before = now.until if now else None
    if now and before == until:
        _answer(now, by)
        return None, before
    if now:
        end(now, Ending.REPLACED, by, "")
    made = Extension.objects.create(
        **given, until=until, reason=reason.strip(), granted_by=by, granted_by_label=label_of(by), at=clock.now()
    )
    _answer(made, by)
    return made, before


def _answer(extension: Extension, by: User) -> None:
    """The open requests that an exception covers: that of its submission, or all of its body."""
    asked = ExtensionRequest.objects.filter(round=extension.round_id, body=extension.body_id, answered_at=None)
    if extension.submission_id:
        asked = asked.filter(submission=extension.submission_id)
    asked.update(
        answer=RequestAnswer.GRANTED,
        answered_at=clock.now(),
        answered_by=by,
        answered_by_label=label_of(by),
        extension=extension,
    )


def _covered(extension: Extension) -> list[Submission]:
    """What is awaited under an exception, locked."""
    if extension.submission_id is None:
        return _owed(extension.round, extension.body)
    owed = Submission.objects.select_for_update().filter(pk=extension.submission_id, state__in=AWAITED)
    return list(owed)


def _owed(round: Round, body: ImplementingBody) -> list[Submission]:
    """What a body owes in a round, locked, always in one order so that two who lock do not wait for each other."""
    ids = (
        Submission.objects.select_for_update()
        .filter(round=round, assignment__in=body.assignments.all(), state__in=AWAITED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    named = Submission.objects.select_related("round__plan", "assignment__body", "assignment__action_plan")
    return list(named.filter(pk__in=list(ids), state__in=AWAITED).order_by("pk"))


def _last_days(round_id: int, owed: Iterable[Submission]) -> dict[int, dt.date]:
    """The last day that the exceptions give each submission: its own, or its body's where that is later."""
    bodies: dict[int, dt.date] = {}
    own: dict[int, dt.date] = {}
    rows = Extension.objects.filter(round=round_id, ended_at=None)
    for body_id, submission_id, until in rows.values_list("body_id", "submission_id", "until"):
        if submission_id:
            own[submission_id] = until
        else:
            bodies[body_id] = until
    found: dict[int, dt.date] = {}
    for each in owed:
        days = [day for day in (own.get(each.pk), bodies.get(each.assignment.body_id)) if day]
        if days:
            found[each.pk] = max(days)
    return found
