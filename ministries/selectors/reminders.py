"""Whom to remind of what: stages that were passed and not sent yet, put together to one digest a person.

What is due is asked for the day that :mod:`nap_monitor.lib.clock` has. The number of queries does not grow.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, prefetch_related_objects

from ministries import workflow
from ministries.enums import AWAITED, Delivery, ReminderTo, Role
from ministries.models import (
    Appointment,
    ImplementingBody,
    Reminder,
    ReminderMail,
    ReminderRule,
    Round,
    Submission,
)
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.prepared import prepared

#: The roles of a body whose people a stage may be for.
ROLES = {Role.FOCAL_POINT.value: ReminderTo.FOCAL_POINT, Role.APPROVER.value: ReminderTo.APPROVER}
#: After so many attempts it is left alone, until the next stage takes it over.
MOST_ATTEMPTS = 10
#: What a list needs of a submission is short: what bodies write is not read along.
LONG = [each.name for each in Submission._meta.fields if isinstance(each, models.TextField)]


@dataclass(frozen=True)
class Addressee:
    """A person, or the office that a body names (``user`` is nothing)."""

    address: str
    language: str
    user: User | None = None

    @property
    def key(self) -> Any:
        """What tells one addressee from another."""
        return self.user.pk if self.user else self.address


@dataclass(frozen=True, order=True)
class Stage:
    """A stage that concerns an addressee: the submissions of one body that are due on one day, in a round."""

    round_id: int
    body_id: int
    recipient: str
    days: int
    due_date: dt.date


@dataclass(frozen=True)
class Digest:
    """What one addressee is sent in one e-mail. ``stages`` are recorded with it, the latest passed one of each due date
    among them; ``again`` is the e-mail that is tried again, ``takes_over`` are unsent ones that this one replaces."""

    to: Addressee
    stages: tuple[Stage, ...]
    submissions: tuple[Submission, ...]
    again: ReminderMail | None = None
    takes_over: tuple[ReminderMail, ...] = ()


@dataclass(frozen=True)
class Missing:
    """A body that its round's reminders do not reach: for these recipients there is nobody."""

    body: ImplementingBody
    recipients: tuple[ReminderTo, ...]


@dataclass
class Plan:
    """What is due: the digests, and how many addressees another process is sending to at this moment."""

    digests: list[Digest] = field(default_factory=list)
    missing: dict[int, list[Missing]] = field(default_factory=dict)
    under_way: int = 0


def awaited(rounds: Iterable[Round | int] | None = None, bodies: Collection[int] | None = None) -> list[Submission]:
    """The submissions that bodies may still submit today, in the order of the plan: of all rounds, or of these.

    A round that is not open yet, or closed, reminds of nothing but of what has an exception that still runs.
    """
    today = clock.today()
    open_round = Q(round__opening_date__lte=today, round__closing_date__gte=today)
    found = Submission.objects.filter(Q(extended_until__gte=today) | open_round, state__in=AWAITED)
    if rounds is not None:
        found = found.filter(round__in=rounds)
    if bodies is not None:
        found = found.filter(assignment__body__in=bodies)
    found = (
        found.select_related("round__plan", "assignment__body", "assignment__action_plan")
        .prefetch_related("assignment__body__names")
        .defer(*LONG)
        .order_by("round__year", "assignment__body__order", "assignment__action_plan__order", "pk")
    )
    return [each for each in found if workflow.period_lock(each) is None]


def addressees(bodies: Iterable[ImplementingBody]) -> dict[tuple[int, str], list[Addressee]]:
    """By body and recipient, who is there today; without an entry nobody is."""
    by_id = {body.pk: body for body in bodies}
    found: dict[tuple[int, str], list[Addressee]] = defaultdict(list)
    held = (
        Appointment.objects.holding()
        .filter(body__in=by_id, role__in=ROLES, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    for appointment in held:
        to = Addressee(appointment.user.email, appointment.user.language, appointment.user)
        listed = found[appointment.body_id or 0, ROLES[appointment.role].value]
        if to not in listed:
            listed.append(to)
    for body in by_id.values():
        if body.escalation_address:
            office = Addressee(body.escalation_address.lower(), settings.LANGUAGE_CODE)
            found[body.pk, ReminderTo.ESCALATION.value].append(office)
    return dict(found)


def bodies_without_recipient(round: Round) -> list[Missing]:
    """The bodies that still have to submit in this round, and that its rules do not reach: nobody is appointed, or no
    address is named for escalation."""
    wanted = {row[0] for row in prepared(("reminded", round.pk), lambda: _wanted(round)).rows()}
    ids = _awaited_bodies(round) if wanted else frozenset()
    if not ids:
        return []
    bodies = {body.pk: body for body in ImplementingBody.objects.filter(pk__in=ids)}
    missing = _missing(bodies, wanted, _recipients(bodies.values()))
    prefetch_related_objects([each.body for each in missing], "names")
    return missing


def _wanted(round: Round) -> models.QuerySet[Any, Any]:
    return round.reminder_rules.order_by().values_list("recipient")


def _awaited_bodies(round: Round) -> frozenset[int]:
    """The bodies of what :func:`awaited` finds in this round."""
    today, is_open = clock.today(), round.is_open()

    def found() -> models.QuerySet[Any, Any]:
        rows = Submission.objects.filter(round=round, state__in=AWAITED)
        rows = rows if is_open else rows.filter(extended_until__gte=today)
        return rows.order_by().values_list("assignment__body_id").distinct()

    return frozenset(row[0] for row in prepared(("awaited-bodies", round.pk, today, is_open), found).rows())


def _recipients(bodies: Iterable[ImplementingBody]) -> set[tuple[int, str]]:
    """The bodies and recipients for which :func:`addressees` finds anybody."""
    today = clock.today()
    held = prepared(
        ("recipients", today),
        lambda: (
            Appointment.objects.holding(today)
            .filter(role__in=ROLES, user__is_active=True)
            .order_by()
            .values_list("body_id", "role")
            .distinct()
        ),
    )
    found = {(body_id, ROLES[role].value) for body_id, role in held.rows()}
    return found | {(body.pk, ReminderTo.ESCALATION.value) for body in bodies if body.escalation_address}


def by_recipient(missing: Iterable[Missing]) -> list[tuple[ReminderTo, list[ImplementingBody]]]:
    """The same, told by recipient."""
    missing = list(missing)
    found = [(to, [each.body for each in missing if to in each.recipients]) for to in ReminderTo]
    return [(to, bodies) for to, bodies in found if bodies]


def _missing(
    bodies: Mapping[int, ImplementingBody], wanted: Collection[str], there: Container[tuple[int, str]]
) -> list[Missing]:
    found = []
    for body in sorted(bodies.values(), key=lambda each: (each.order, each.code)):
        lacking = tuple(each for each in ReminderTo if each.value in wanted and (body.pk, each.value) not in there)
        if lacking:
            found.append(Missing(body, lacking))
    return found


def plan() -> Plan:
    """What is due today, for all rounds together."""
    submissions = awaited()
    rounds = {each.round_id for each in submissions}
    bodies = {each.assignment.body_id: each.assignment.body for each in submissions}
    there = addressees(bodies.values())
    rules: dict[int, list[ReminderRule]] = defaultdict(list)
    for rule in ReminderRule.objects.filter(round__in=rounds):
        rules[rule.round_id].append(rule)
    mine: dict[Any, _Collected] = {}
    for submission in submissions:
        for rule in rules[submission.round_id]:
            if submission.due_date + dt.timedelta(days=rule.days) > clock.today():
                continue
            body_id = submission.assignment.body_id
            stage = Stage(submission.round_id, body_id, rule.recipient, rule.days, submission.due_date)
            for to in there.get((body_id, rule.recipient), ()):
                mine.setdefault(to.key, _Collected(to)).add(stage, submission)
    return _put_together(mine, _History.of(rounds), _missing_by_round(submissions, rules, there))


def _missing_by_round(
    submissions: Iterable[Submission],
    rules: Mapping[int, list[ReminderRule]],
    there: Mapping[tuple[int, str], list[Addressee]],
) -> dict[int, list[Missing]]:
    bodies: dict[int, dict[int, ImplementingBody]] = defaultdict(dict)
    for each in submissions:
        bodies[each.round_id][each.assignment.body_id] = each.assignment.body
    found = {pk: _missing(own, {rule.recipient for rule in rules[pk]}, there) for pk, own in bodies.items()}
    return {pk: missing for pk, missing in found.items() if missing}


@dataclass
class _Collected:
    """Passed stages of one addressee, sent or not, and the submissions they are about, each once."""

    to: Addressee
    stages: set[Stage] = field(default_factory=set)
    submissions: dict[int, Submission] = field(default_factory=dict)

    def add(self, stage: Stage, submission: Submission) -> None:
        self.stages.add(stage)
        self.submissions[submission.pk] = submission


@dataclass
class _History:
    """What the log says of these rounds, by addressee: stages with their e-mail."""

    rows: dict[Any, dict[Stage, ReminderMail]]

    @classmethod
    def of(cls, rounds: Collection[int]) -> "_History":
        rows: dict[Any, dict[Stage, ReminderMail]] = defaultdict(dict)
        found = Reminder.objects.filter(round__in=rounds, days__isnull=False).select_related("mail")
        for row in found.defer("mail__text"):
            if row.days is not None and row.due_date is not None:
                stage = Stage(row.round_id, row.body_id, row.recipient, row.days, row.due_date)
                rows[row.user_id or row.address][stage] = row.mail
        return cls(rows)


def _put_together(mine: Mapping[Any, _Collected], history: _History, missing: dict[int, list[Missing]]) -> Plan:
    found = Plan(missing=missing)
    for key, collected in mine.items():
        known = history.rows.get(key, {})
        wanted = _unsent(collected.stages, known)
        if not wanted:
            continue
        unsent = {known[stage].pk: known[stage] for stage in wanted if stage in known}
        if any(_is_under_way(mail) for mail in unsent.values()):
            found.under_way += 1
            continue
        # What was tried before is tried again as it is; where a stage has come since, one e-mail takes it all over.
        again = next(iter(unsent.values())) if len(unsent) == 1 and all(stage in known for stage in wanted) else None
        if again and again.attempts >= MOST_ATTEMPTS:
            continue
        submissions = tuple(collected.submissions.values())
        over = () if again else tuple(unsent.values())
        found.digests.append(Digest(collected.to, tuple(sorted(wanted)), submissions, again, over))
    return found


def _unsent(stages: Iterable[Stage], known: Mapping[Stage, ReminderMail]) -> set[Stage]:
    """The passed stages that are worth an e-mail: not sent, and none later than them was for the same due date."""
    last: dict[tuple[Any, ...], int] = {}
    for stage, mail in known.items():
        if mail.state == Delivery.SENT:
            about = (stage.round_id, stage.body_id, stage.recipient, stage.due_date)
            last[about] = max(stage.days, last.get(about, stage.days))
    return {
        stage
        for stage in stages
        if stage.days > last.get((stage.round_id, stage.body_id, stage.recipient, stage.due_date), -1_000)
    }


def _is_under_way(mail: ReminderMail) -> bool:
    return mail.state == Delivery.CLAIMED and mail.lease_until is not None and mail.lease_until > clock.real_now()
