"""Making and changing rounds."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from ministries import rules
from ministries.models import Assignment, Round, Submission
from ministries.selectors.opening import plans_for
from ministries.services.guidance import copy_guidance
from ministries.services.reminder_rules import make_rules
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.canonical import canonical_bytes, sha256
from nap_monitor.lib.localized import LocalizedText
from objectives.models import Plan


@transaction.atomic
def create_round(
    *,
    plan: Plan,
    year: int,
    opening_date: dt.date,
    due_date: dt.date,
    closing_date: dt.date,
    by: User | None,
    guidance: LocalizedText | None = None,
    copies_guidance: bool = False,
    is_sample: bool = False,
) -> Round:
    """A round with a submission for each assignment of its year, so that 'not reported' is a row.

    What a body planned last year for the next one stands in the new submission as this year's plan
    (`selectors.opening.plans_for` says which text). ``copies_guidance``: with last year's guidance by action plan.
    Raises ``RoundExistsError`` where the plan has the year already (a ``ValidationError``, as where the year or the
    dates are wrong).
    """
    _may_change(by)
    # Two who make the same round wait for each other: the second one is then told.
    Plan.objects.select_for_update().get(pk=plan.pk)
    if Round.objects.filter(plan=plan, year=year).exists():
        raise RoundExistsError(year)
    new = Round(
        plan=plan,
        year=year,
        opening_date=opening_date,
        due_date=due_date,
        closing_date=closing_date,
        guidance=guidance or LocalizedText(),
        is_sample=is_sample,
    )
    new.full_clean()
    new.save()
    make_rules(new)
    last_year = plans_for(plan, year)
    assignments = Assignment.objects.filter(action_plan__plan=plan).in_year(year)
    Submission.objects.bulk_create(
        Submission(round=new, assignment=assignment, this_year_plan=last_year.get(assignment.pk, ""))
        for assignment in assignments
    )
    facts = {"submissions": len(assignments), **_dates(new), "after": _said(new)}
    record(kind="create", subject=new, by=by, data=facts)
    if copies_guidance:
        copy_guidance(round=new, by=by)
    return new


@transaction.atomic
def change_round(
    *,
    round: Round,
    opening_date: dt.date,
    due_date: dt.date,
    closing_date: dt.date,
    by: User,
    guidance: LocalizedText | None = None,
    seen: str = "",
) -> Round:
    """Other dates or guidance for a round. Raises ``ValidationError`` where the dates are out of order.

    ``seen`` is the :func:`mark_of` the round that the writer saw; ``ChangedMeanwhileError`` is raised where it is
    another one now, and nothing is overwritten.
    """
    _may_change(by)
    round = Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round.pk)
    if seen and seen != mark_of(round):
        raise ChangedMeanwhileError(round)
    before = _said(round)
    round.opening_date, round.due_date, round.closing_date = opening_date, due_date, closing_date
    if guidance is not None:
        round.guidance = guidance
    round.full_clean()
    round.save()
    record(
        kind="change",
        subject=round,
        by=by,
        data={"before": before, "after": _said(round), **_dates(round)},
    )
    return round


class RoundExistsError(ValidationError):
    """The plan has a round of this year already, made by somebody else a moment ago or long since."""

    def __init__(self, year: int) -> None:
        super().__init__(_now("The round %(year)s has been made by somebody else meanwhile.") % {"year": year})


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the round since the writer saw it. ``stored`` is the round as it is now."""

    def __init__(self, stored: Round) -> None:
        super().__init__(str(stored))
        self.stored = stored


def mark_of(round: Round) -> str:
    """What tells one state of a round from another: a hash of its dates and guidance."""
    return sha256(canonical_bytes({**_dates(round), "guidance": dict(round.guidance)}))


def _may_change(by: User | None) -> None:
    """Commands act for nobody; a person needs the permission."""
    if by is not None and not rules.allows(by, "ministries.change_round"):
        raise NotPermitted(_now("Only a coordinator makes and changes rounds."))


def _said(round: Round) -> dict[str, str]:
    return {**_dates(round), **{f"guidance_{language}": text for language, text in round.guidance.items()}}


def _dates(round: Round) -> dict[str, str]:
    return {
        "opening_date": round.opening_date.isoformat(),
        "due_date": round.due_date.isoformat(),
        "closing_date": round.closing_date.isoformat(),
    }
