"""When a round's reminders go out, and to whom in a body; and the address that a body names for escalation."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import ReminderTo
from ministries.models import ImplementingBody, ReminderRule, Round
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.canonical import canonical_bytes, sha256

PERMISSION = "ministries.change_reminders"
ESCALATION = "ministries.change_escalation"
#: Days after the due date (negative: before it), and to whom.
Stage = tuple[int, str]
DEFAULTS: tuple[Stage, ...] = (
    (-14, ReminderTo.FOCAL_POINT.value),
    (-3, ReminderTo.FOCAL_POINT.value),
    (1, ReminderTo.FOCAL_POINT.value),
    (4, ReminderTo.APPROVER.value),
    (8, ReminderTo.ESCALATION.value),
)
#: So far from the due date a stage may lie, in days, and so many there may be.
MOST_DAYS = 90
MOST_RULES = 12


class RulesChangedError(Exception):
    """Somebody else has changed the rules since the writer saw them. ``stored`` are those of now."""

    def __init__(self, stored: list[Stage]) -> None:
        super().__init__(str(stored))
        self.stored = stored


def make_rules(round: Round) -> None:
    """The rules that a new round begins with. Called in the transaction that makes it."""
    ReminderRule.objects.bulk_create(
        ReminderRule(round=round, days=days, recipient=recipient) for days, recipient in DEFAULTS
    )


def stages_of(round: Round) -> list[Stage]:
    """The rules as days and recipient, in order of time."""
    return sorted(ReminderRule.objects.filter(round=round).values_list("days", "recipient"))


def mark_of(stages: Iterable[Stage]) -> str:
    """What tells one set of rules from another."""
    return sha256(canonical_bytes([list(each) for each in sorted(stages)]))


@transaction.atomic
def change_rules(*, round: Round, stages: Iterable[Stage], by: User, seen: str = "") -> bool:
    """Let these be the round's rules; whether anything changed. What was sent stays sent.

    Raises ``NotPermitted``, ``Refused``, or ``RulesChangedError`` where they are no longer those that ``seen``
    (:func:`mark_of`) names.
    """
    if not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator changes the reminders."))
    new = sorted(stages)
    _check(new)
    # Two who change them wait for each other.
    Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    before = stages_of(round)
    if seen and seen != mark_of(before):
        raise RulesChangedError(before)
    if new == before:
        return False
    for days, recipient in set(before) - set(new):
        ReminderRule.objects.filter(round=round, days=days, recipient=recipient).delete()
    ReminderRule.objects.bulk_create(
        ReminderRule(round=round, days=days, recipient=recipient) for days, recipient in set(new) - set(before)
    )
    data = {"before": [list(each) for each in before], "after": [list(each) for each in new]}
    record(kind="change_reminders", subject=round, by=by, data=data)
    return True


def _check(stages: list[Stage]) -> None:
    if len(stages) > MOST_RULES:
        raise Refused(_("There are too many stages."))
    if len(set(stages)) != len(stages):
        raise Refused(_("The same stage stands there twice."))
    for days, recipient in stages:
        if abs(days) > MOST_DAYS or recipient not in ReminderTo.values:
            raise Refused(_("A stage lies too far from the due date, or is for nobody."))


@transaction.atomic
def change_escalation_address(*, body: ImplementingBody, address: str, by: User) -> bool:
    """Name the office that is told of what stays late (nothing: none); whether anything changed.

    Raises ``NotPermitted``; ``Refused`` where it is no address, or that of a person with an account.
    """
    if not rules.allows(by, ESCALATION, body):
        raise NotPermitted(_now("Only a coordinator or the body's approver names this address."))
    new = address.strip().lower()
    if new:
        try:
            validate_email(new)
        except ValidationError:
            raise Refused(_("Give a valid e-mail address."), field="address") from None
        if User.objects.filter(email__iexact=new).exists():
            raise Refused(_("This is the address of a person. Name that of an office."), field="address")
    locked = ImplementingBody.objects.select_for_update().get(pk=body.pk)
    if locked.escalation_address == new:
        return False
    before, locked.escalation_address = locked.escalation_address, new
    locked.save(update_fields=["escalation_address"])
    record(kind="change_escalation", subject=body, by=by, label=body.code, data={"before": before, "after": new})
    return True
