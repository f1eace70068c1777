"""A round as a year leaves it: every rating, every gap and every mark, in two areas and three bodies."""

import datetime as dt
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal

from ministries.enums import Rating, Role
from ministries.figures import Figure
from ministries.models import Assignment, ImplementingBody, Round, Submission
from ministries.services import transitions
from ministries.services.submissions import Change, RowChange, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from objectives.models import ActionPlan, Plan
from tests.factories import (
    ActionPlanFactory,
    AreaFactory,
    AssignmentFactory,
    ImplementingBodyFactory,
    IndicatorFactory,
    ObjectiveFactory,
    PlanFactory,
    RoundFactory,
    StrategyFactory,
    SubmissionFactory,
    both,
    fill_in,
    person,
)


@dataclass
class Year:
    """The round, who works in it, and its submissions by a name that says what became of them."""

    round: Round
    bodies: list[ImplementingBody]
    people: dict[str, tuple[User, User]]
    coordinator: User
    submissions: dict[str, Submission] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What the submission of this name says as its results; no other one says it."""
        return f"{name} 과제의 결과를 적은 글입니다."

    def report(self, name: str, *, late: bool = False, **content: str) -> Submission:
        """Write, sign off and submit."""
        submission = self.submissions[name]
        writer, approver = self.people[submission.assignment.body.code]
        with ExitStack() as stack:
            if late:
                stack.enter_context(clock.at(self.round.due_date + dt.timedelta(days=1)))
            fill_in(submission, writer, **{"results": self.text(name), **content})
            transitions.sign_off(submission=submission, by=approver)
            submission.refresh_from_db()
            transitions.submit(submission=submission, by=approver)
        submission.refresh_from_db()
        return submission

    def confirm(self, name: str, rating: str = "on-track", reason: str = "") -> Submission:
        """The coordinator confirms."""
        submission = self.submissions[name]
        transitions.confirm(submission=submission, by=self.coordinator, rating=rating, reason=reason)
        submission.refresh_from_db()
        return submission

    def spend(self, name: str, lines: Iterable[tuple[str, Figure, Figure, bool]]) -> None:
        """Save budget lines: programme, budget, executed, gender-responsive."""
        submission = self.submissions[name]
        save_submission(
            submission=submission,
            by=self.people[submission.assignment.body.code][0],
            changes={},
            budget=[
                RowChange(
                    None,
                    {
                        "programme": Change("", programme),
                        "budget": Change(Figure(), budget),
                        "executed": Change(Figure(), executed),
                        "gender_responsive": Change(False, responsive),
                    },
                )
                for programme, budget, executed, responsive in lines
            ],
        )


def empty_year(actions: int = 6, **round_fields: object) -> Year:
    """A round of a plan with two areas and ``actions`` action plans, in which nobody has reported."""
    bodies = [
        ImplementingBodyFactory(code="HEAD", is_lead=True, names__name=both("총괄부", "Lead Ministry")),
        ImplementingBodyFactory(code="FIRST", names__name=both("제일부", "First Ministry")),
        ImplementingBodyFactory(code="SECOND", names__name=both("제이부", "Second Ministry")),
    ]
    plan = PlanFactory(number=7)
    year = Year(
        round=RoundFactory(plan=plan, year=2022, **round_fields),
        bodies=bodies,
        people={body.code: (person(Role.FOCAL_POINT, body), person(Role.APPROVER, body)) for body in bodies},
        coordinator=person(Role.COORDINATOR, bodies[0]),
    )
    for number, action_plan in enumerate(_action_plans(plan, actions)):
        for body in bodies if number == 0 else bodies[1:]:
            assignment = AssignmentFactory(action_plan=action_plan, body=body)
            _add(year, assignment)
    return year


def _action_plans(plan: Plan, actions: int) -> list[ActionPlan]:
    strategies = [
        StrategyFactory(
            code=f"{number}.1",
            objective=ObjectiveFactory(
                code=str(number),
                area=AreaFactory(plan=plan, code=code, title=both(ko, en)),
                title=both(f"{ko} 목표", f"{en} all"),
            ),
        )
        for number, (code, ko, en) in enumerate([("before", "예방", "Before"), ("after", "회복", "After")], start=1)
    ]
    return [
        ActionPlanFactory(
            strategy=strategies[number % 2],
            code=f"{number % 2 + 1}.1.{number // 2 + 1}",
            title=both(f"실행과제 {number} 추진", f"Carry out action {number}"),
        )
        for number in range(actions)
    ]


def _add(year: Year, assignment: Assignment) -> None:
    name = f"{assignment.body.code} {assignment.action_plan.code}"
    year.submissions[name] = SubmissionFactory(round=year.round, assignment=assignment)


def whole_year() -> Year:
    """Thirteen assignments: one of each rating (one late, one reopened, one restricted), two under review (one of them
    returned), the others without a report."""
    year = empty_year()
    names = list(year.submissions)
    first, late, third = names[:3]
    IndicatorFactory(
        action_plan=year.submissions[first].assignment.action_plan,
        code="I-1",
        name=both("교육 이수율", "Training completed"),
    )
    year.spend(
        first,
        [("평화 교육", Figure.of(200), Figure.of("150.5"), True), ("연구", Figure.of(100), Figure.of(100), False)],
    )
    year.spend(third, [("홍보", Figure.of("1234.567"), Figure(None, "not-known"), False)])
    save_submission(
        submission=year.submissions[late],
        by=year.people["FIRST"][0],
        changes={"no_budget_needed": Change(False, True)},
    )
    for name, rating in zip(names, Rating.values, strict=False):
        year.report(
            name,
            late=name == late,
            self_rating=rating,
            self_rating_reason=f"{name} 자체평가의 사유",
            shortcomings=f"{name} 미흡한 점",
            improvement_measures=f"{name} 개선할 점",
            next_year_plan=f"{name} 다음 해의 계획",
            **({"disclosure": "restricted", "disclosure_ground": "법률"} if name == names[6] else {}),
        )
        year.confirm(name, rating, reason=f"{name} 총괄부처의 사유")
    transitions.reopen(submission=year.submissions[third], by=year.coordinator, reason="수치 정정")
    writer = year.people[year.submissions[third].assignment.body.code][0]
    fill_in(year.submissions[third], writer, results="다시 쓰고 있는 글입니다.")
    year.report(names[7])
    year.report(names[8])
    transitions.return_submission(submission=year.submissions[names[8]], by=year.coordinator, reason="보완")
    fill_in(
        year.submissions[names[9]],
        year.people[year.submissions[names[9]].assignment.body.code][0],
        results="쓰다 만 글",
    )
    return year


#: The seven of :func:`whole_year` that are confirmed, and what the sums of their budgets are.
CONFIRMED = 7
BUDGET, EXECUTED, RESPONSIVE = Decimal("1534.567"), Decimal("250.5"), Decimal(200)
