"""The tables of a version's content: activities, indicators and budget, with what is computed from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries import computed, fields
from ministries.content_parts import (
    Content,
    choice,
    day,
    field,
    figure,
    head,
    localized,
    million_won,
    persons,
    row,
    text,
    yes_no,
)
from ministries.enums import Account, ActivityKind, BodyFieldKind, Direction, Phase, Province
from ministries.figures import Figure
from ministries.models import Activity, BodyField, BodyFieldValue, BudgetLine, Indicator, IndicatorResult, Submission

PER_CENT = "%"


@dataclass(frozen=True)
class Rows:
    """The rows of a submission, read once: activities, budget lines, and the indicators with what was reported."""

    activities: list[Activity]
    lines: list[BudgetLine]
    pairs: list[tuple[Indicator, IndicatorResult | None]]

    @classmethod
    def of(cls, submission: Submission) -> "Rows":
        """Those of ``submission``, in a fixed number of queries; in none for what was prefetched."""
        found = submission.budget_lines.all()
        lines = list(found if submission.was_read_with("budget_lines") else found.select_related("passed_on_from"))
        prefetch_related_objects([line for line in lines if line.passed_on_from], "passed_on_from__names")
        return cls(list(submission.activities.all()), lines, pairs(submission))


def activities(rows: Sequence[Activity]) -> list[Content]:
    """The activities, and what they add up to."""
    women = computed.total_given(each.women for each in rows)
    men = computed.total_given(each.men for each in rows)
    people = persons()
    return [
        {**head("activities"), "rows": [_activity(number, each) for number, each in enumerate(rows, start=1)]},
        {
            **head("activities_summary"),
            "fields": [
                figure("activities_count", _("Number of activities"), Figure.of(len(rows))),
                figure("women_total", _("Women taking part"), women, people),
                figure("men_total", _("Men taking part"), men, people),
                figure("participants_total", _("All taking part"), computed.participants(women, men), people),
            ],
        },
    ]


def _activity(number: int, activity: Activity) -> Content:
    people = persons()
    return row(
        str(number),
        [
            choice("kind", _("Kind of activity"), activity.kind, ActivityKind),
            text("title", pgettext_lazy("activity", "Title"), activity.title),
            day("date", _("Date"), activity.date),
            day("end_date", _("Last day"), activity.end_date),
            text("place", _("Place"), activity.place),
            choice("province", _("Province"), activity.province, Province),
            text("partners", _("Partners"), activity.partners),
            figure("women", _("Women"), activity.women, people),
            figure("men", _("Men"), activity.men, people),
            figure("participants", _("Participants"), computed.participants(activity.women, activity.men), people),
            figure("contribution", _("Contribution"), activity.contribution, activity.currency),
            choice("phase", _("Project phase"), activity.phase, Phase),
            text("description", _("Description"), activity.description),
        ],
    )


def pairs(submission: Submission) -> list[tuple[Indicator, IndicatorResult | None]]:
    """The indicators that this submission reports on, each with its result where one was saved.

    A fixed number of queries, also where nothing was read beforehand.
    """
    results = {result.indicator_id: result for result in submission.indicator_results.all()}
    asked = [
        indicator
        for indicator in submission.assignment.action_plan.indicators.all()
        if indicator.assignment_id in (None, submission.assignment_id)
    ]
    prefetch_related_objects(asked, "targets")
    return [(indicator, results.get(indicator.pk)) for indicator in asked]


def target_of(indicator: Indicator, result: IndicatorResult | None, year: int) -> Figure:
    """The target of a year: what the body reports against, else what was defined for the year."""
    if result is None or result.target.is_empty:
        return indicator.target_in(year)
    own: Figure = result.target
    return own


def indicators(asked: Sequence[tuple[Indicator, IndicatorResult | None]], year: int) -> Content:
    """The indicators with what was reported on each."""
    return {**head("indicators"), "rows": [_indicator(*pair, year) for pair in asked]}


def _indicator(indicator: Indicator, result: IndicatorResult | None, year: int) -> Content:
    unit, people = dict(indicator.unit), persons()
    target = target_of(indicator, result, year)
    result = result or IndicatorResult()
    rate = computed.achievement_rate(indicator.direction, target, result.actual)
    return row(
        indicator.code,
        [
            figure("baseline", _("Baseline"), indicator.baseline, unit),
            figure("target", _("Target"), target, unit),
            figure("actual", _("Actual"), result.actual, unit),
            figure("achievement_rate", _("Achievement rate"), computed.rate_figure(rate), PER_CENT),
            figure("numerator", _("Numerator"), result.numerator),
            figure("denominator", _("Denominator"), result.denominator),
            figure("women", _("Women"), result.women, people),
            figure("men", _("Men"), result.men, people),
            text("source", _("Source"), result.source or indicator.source),
            text("reason", _("Reason"), result.reason),
            choice("direction", _("Direction"), indicator.direction, Direction),
            localized("computation", _("Way of computing"), indicator.computation),
        ],
        indicator.name,
    )


def budget(submission: Submission, lines: Sequence[BudgetLine]) -> list[Content]:
    """The budget lines, whether a budget is needed at all, and what the lines add up to."""
    year, unit = submission.round.year, million_won()
    flag = fields.BY_NAME["no_budget_needed"]
    sums = budget_sums(submission, lines)
    rate = computed.execution_rate(sums["total"], sums["executed"])
    summary = [
        yes_no(flag.name, flag.label, submission.no_budget_needed),
        figure("budget_total", _("Budget, all lines"), sums["total"], unit),
        figure("executed_total", _("Executed, all lines"), sums["executed"], unit),
        figure("execution_rate_total", _("Execution rate"), computed.rate_figure(rate), PER_CENT),
        figure("gender_responsive_total", _("Of which gender-responsive"), sums["gender_responsive"], unit),
    ]
    if "passed_on" in sums:
        summary.append(figure("passed_on_total", _("Of which passed on from another body"), sums["passed_on"], unit))
    return [
        {**head("budget"), "rows": [_budget_line(number, line, year) for number, line in enumerate(lines, start=1)]},
        {**head("budget_summary"), "fields": summary},
    ]


def budget_sums(submission: Submission, lines: Iterable[BudgetLine]) -> dict[str, Figure]:
    """The sums of a submission's lines, by :func:`ministries.computed.budget_sums`."""
    money = (
        computed.Money(line.budget, line.executed, line.gender_responsive, line.passed_on_from_id is not None)
        for line in lines
    )
    return computed.budget_sums(money, no_budget_needed=submission.no_budget_needed)


def _budget_line(number: int, line: BudgetLine, year: int) -> Content:
    unit, giver = million_won(), line.passed_on_from
    return row(
        str(number),
        [
            choice("account", _("Account"), line.account, Account),
            text("programme", _("Programme"), line.programme),
            figure("budget", _("Budget"), line.budget, unit),
            figure("executed", _("Executed"), line.executed, unit),
            figure(
                "execution_rate",
                _("Execution rate"),
                computed.rate_figure(computed.execution_rate(line.budget, line.executed)),
                PER_CENT,
            ),
            yes_no("gender_responsive", _("Gender-responsive budget"), line.gender_responsive),
            localized(
                "passed_on_from",
                _("Passed on from"),
                giver.name_in(year) if giver else {},
                giver.code if giver else "",
            ),
        ],
    )


def body_fields(submission: Submission) -> list[Content]:
    """The section of the body's own fields, where it has any; each key begins with ``own.``."""
    found = [_own(asked, answer or BodyFieldValue(field=asked)) for asked, answer in submission.own_answers]
    return [{**head("body_fields"), "fields": found}] if found else []


def _own(asked: BodyField, answer: BodyFieldValue) -> Content:
    key, label = f"own.{asked.key}", asked.label
    if asked.kind == BodyFieldKind.NUMBER:
        return figure(key, label, answer.number)
    if asked.kind == BodyFieldKind.DATE:
        return day(key, label, answer.date)
    if asked.kind == BodyFieldKind.CHOICE:
        return field(key, label, "choice", answer.text, text=dict(asked.label_of(answer.text)))
    return text(key, label, answer.text)
