"""What opening a round will make: submissions by body, what they begin with, guidance to copy, dates proposed."""

import datetime as dt
from dataclasses import dataclass

from ministries.models import Assignment, Guidance, ImplementingBody, Round, Submission
from nap_monitor.lib.localized import LocalizedText
from objectives.models import Plan

#: The section and field of a version that a new year's plan is taken from.
NEXT = "next_year_plan"


@dataclass(frozen=True)
class BodyOpening:
    """What a body gets: how many submissions, and how many of them begin with its own plan of last year."""

    code: str
    name: LocalizedText
    submissions: int
    prefilled: int


@dataclass(frozen=True)
class Opening:
    """What opening this year of a plan will make. ``last`` is the round of the year before, where there is one."""

    year: int
    bodies: list[BodyOpening]
    guidance: int
    last: Round | None

    @property
    def submissions(self) -> int:
        """How many submissions are made: one for each duty of the year."""
        return sum(body.submissions for body in self.bodies)

    @property
    def prefilled(self) -> int:
        """How many of them begin with what their body planned."""
        return sum(body.prefilled for body in self.bodies)


def opening_of(plan: Plan, year: int) -> Opening:
    """What opening this year will make, in a fixed number of queries."""
    duties = list(Assignment.objects.filter(action_plan__plan=plan).in_year(year))
    plans = plans_for(plan, year)
    bodies = ImplementingBody.objects.filter(pk__in={duty.body_id for duty in duties}).prefetch_related("names")
    rows = []
    for body in bodies.order_by("order", "code"):
        own = [duty for duty in duties if duty.body_id == body.pk]
        prefilled = sum(duty.pk in plans for duty in own)
        rows.append(BodyOpening(body.code, body.name_in(year), len(own), prefilled))
    asked = {duty.action_plan_id for duty in duties}
    before = Guidance.objects.filter(round__plan=plan, round__year=year - 1, action_plan__in=asked)
    return Opening(year, rows, before.count(), Round.objects.filter(plan=plan, year=year - 1).first())


@dataclass(frozen=True)
class Made:
    """What opening a round has made."""

    submissions: int
    bodies: int
    prefilled: int
    guidance: int


def made_in(round: Round) -> Made:
    """What stands in a round that has just been made."""
    made = list(round.submissions.values_list("assignment__body_id", "this_year_plan"))
    return Made(
        submissions=len(made),
        bodies=len({body for body, _plan in made}),
        prefilled=sum(bool(plan) for _body, plan in made),
        guidance=round.guidance_of_action_plans.count(),
    )


def plans_for(plan: Plan, year: int) -> dict[int, str]:
    """By assignment, what its body planned for this year in its report on the year before, where it planned something.

    What was confirmed last counts, else what was submitted last, else what the body has written so far: others have
    read the first two, and a body that was late shall not begin with nothing.
    """
    before = Submission.objects.filter(round__plan=plan, round__year=year - 1)
    before = before.select_related("confirmed_version", "submitted_version")
    found = {each.assignment_id: _planned(each) for each in before}
    return {assignment: text for assignment, text in found.items() if text}


def _planned(submission: Submission) -> str:
    version = submission.confirmed_version or submission.submitted_version
    if version is None:
        return submission.next_year_plan
    for section in version.sections:
        for field in section.get("fields", ()):
            if field["key"] == NEXT:
                return str(field["value"] or "")
    return ""


def years_to_open(plan: Plan) -> list[int]:
    """The years of the plan that have no round yet, the earliest first."""
    taken = set(plan.rounds.values_list("year", flat=True))
    return [year for year in plan.years if year not in taken]


def dates_like(last: Round | None) -> dict[str, dt.date]:
    """The dates of a round a year later; nothing where there is none."""
    if last is None:
        return {}
    return {name: _a_year_later(getattr(last, name)) for name in ("opening_date", "due_date", "closing_date")}


def _a_year_later(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return dt.date(day.year + 1, 2, 28)
