"""Closing a round by an act, before or after its closing date, and undoing just that."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import AWAITED, Ending
from ministries.models import Extension, Round, RoundClosing, Submission
from ministries.models.round_closing import NOTE_LENGTH
from ministries.services.extensions import check_reason, end, label_of, settle
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record

PERMISSION = "ministries.change_round"
#: What an exception needs to be named.
NAMED = ("body", "round", "submission__round", "submission__assignment__body", "submission__assignment__action_plan")


@transaction.atomic
def close_round(
    *, round: Round, by: User, note: str = "", end_extensions: bool = False, seen: int | None = None
) -> RoundClosing:
    """Close a round now: nothing can be written or submitted in it any more, save under an exception.

    ``end_extensions`` ends the exceptions that are in force too. ``seen`` is how many submissions its person saw as not
    reported: where it is another number now, ``WrongState`` is raised and nothing is done. Raises ``NotPermitted``,
    ``Refused``, or ``WrongState`` where it is closed by a coordinator already, or has not opened yet.
    """
    _may(by)
    if len(note) > NOTE_LENGTH:
        raise Refused(_("The reason is too long."), field="note")
    round = _locked(round)
    if round.closed_at:
        raise WrongState(_now("This round has been closed by a coordinator already."))
    if not round.is_opened():
        raise WrongState(_now("This round has not opened yet. Change its dates instead."))
    owed = _owed(round)
    if seen is not None and seen != len(owed):
        raise WrongState(_now("What is awaited has changed meanwhile. Look at the list again, and close it then."))
    now = clock.now()
    closing = RoundClosing.objects.create(
        round=round, at=now, closed_by=by, closed_by_label=label_of(by), note=note.strip(), unreported=len(owed)
    )
    round.closed_at = now
    round.save(update_fields=["closed_at"])
    ended = _end_all(round, closing, by) if end_extensions else []
    settle(owed)
    facts = {
        "closing": str(closing.pk),
        "unreported": [f"{each.assignment.body.code} {each.assignment.action_plan.code}" for each in owed],
        "ended": [str(each.pk) for each in ended],
        "before": {_whose(each): each.until.isoformat() for each in ended},
        "after": dict.fromkeys(map(_whose, ended), ""),
    }
    record(kind="close", subject=round, by=by, reason=note.strip(), data=facts)
    return closing


@dataclass(frozen=True)
class Undone:
    """What an undoing brought back: whether the period is open again, and how many exceptions hold again."""

    is_open: bool
    restored: int


@transaction.atomic
def undo_closing(*, closing: RoundClosing, reason: str, by: User) -> Undone:
    """Take back the closing and the exceptions that it ended, nothing else: the round's dates decide again.

    An exception that was granted since stays; one that has run out meanwhile, or has one of its kind in its place, is
    not brought back. Raises ``NotPermitted``, ``Refused``, or ``WrongState`` where it is undone already, or where
    undoing would bring nothing back: the closing date has passed, and no exception that it ended would still hold.
    """
    _may(by)
    check_reason(reason)
    round = _locked(closing.round)
    closing = RoundClosing.objects.select_for_update(of=("self",)).get(pk=closing.pk)
    if closing.undone_at:
        raise WrongState(_now("This closing has been undone already."))
    back = restorable(closing)
    if round.closing_date < clock.today() and not back:
        raise WrongState(
            _now(
                "Undoing would open nothing: the closing date has passed meanwhile, and no exception that the closing "
                "ended would still hold. Set a later closing date first, or grant an exception."
            )
        )
    owed = _owed(round)
    for each in back:
        each.ended_at = each.ended_by = each.closing = None
        each.ended_how = each.ended_by_label = each.ended_reason = ""
        each.save(update_fields=["ended_at", "ended_how", "ended_by", "ended_by_label", "ended_reason", "closing"])
    closing.undone_at, closing.undone_by, closing.undone_by_label = clock.now(), by, label_of(by)
    closing.undone_reason = reason.strip()
    closing.save(update_fields=["undone_at", "undone_by", "undone_by_label", "undone_reason"])
    round.closed_at = None
    round.save(update_fields=["closed_at"])
    settle(owed)
    facts = {
        "closing": str(closing.pk),
        "restored": [str(each.pk) for each in back],
        "before": dict.fromkeys(map(_whose, back), ""),
        "after": {_whose(each): each.until.isoformat() for each in back},
    }
    record(kind="undo_close", subject=round, by=by, reason=reason.strip(), data=facts)
    return Undone(round.is_open(), len(back))


def _whose(extension: Extension) -> str:
    """Whose exception it is, as the record calls it: a body's, or that of one submission."""
    return str(extension.submission or f"{extension.body.code} {extension.round.year}")


def restorable(closing: RoundClosing) -> list[Extension]:
    """The exceptions that a closing ended and that would hold again: not run out, and nothing in their place since."""
    found = Extension.objects.filter(closing=closing, until__gte=clock.today()).select_related(*NAMED)
    now = Extension.objects.filter(round=closing.round_id, ended_at=None)
    taken = set(now.values_list("body_id", "submission_id"))
    return [each for each in found if (each.body_id, each.submission_id) not in taken]


def _end_all(round: Round, closing: RoundClosing, by: User) -> list[Extension]:
    found = Extension.objects.select_for_update(of=("self",)).filter(
        until__gte=clock.today(), round=round, ended_at=None
    )
    ended = list(found.select_related(*NAMED))
    for each in ended:
        end(each, Ending.CLOSING, by, "", closing)
    return ended


def _owed(round: Round) -> list[Submission]:
    """What is awaited in a round, locked: who is saving or submitting just now comes first, or is refused after."""
    ids = list(
        Submission.objects.select_for_update()
        .filter(round=round, state__in=AWAITED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    named = Submission.objects.select_related("assignment__body", "assignment__action_plan")
    return list(named.filter(pk__in=ids, state__in=AWAITED).order_by("assignment__body__order", "assignment__order"))


def _locked(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round.pk)


def _may(by: User) -> None:
    if not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator closes a round."))
