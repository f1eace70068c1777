"""The tables of a version's content: activities, indicators and budget, with what is computed from them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries import computed, fields
from ministries.content_parts import (
    Content,
    choice,
    day,
    figure,
    head,
    million_won,
    persons,
    row,
    text,
    yes_no,
)
from ministries.enums import Account, ActivityKind, Phase, Province
from ministries.figures import Figure
from ministries.models import Activity, BudgetLine, Indicator, IndicatorResult, Submission

PER_CENT = "%"


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
    """The indicators that this submission reports on, each with its result where one was saved."""
    results = {result.indicator_id: result for result in submission.indicator_results.all()}
    return [
        (indicator, results.get(indicator.pk))
        for indicator in submission.assignment.action_plan.indicators.all()
        if indicator.assignment_id in (None, submission.assignment_id)
    ]


def indicators(submission: Submission) -> Content:
    """The indicators with what was reported on each."""
    return {**head("indicators"), "rows": [_indicator(*pair) for pair in pairs(submission)]}


def _indicator(indicator: Indicator, result: IndicatorResult | None) -> Content:
    unit = dict(indicator.unit)
    result = result or IndicatorResult()
    labels = {f.name: f.verbose_name for f in IndicatorResult._meta.get_fields() if hasattr(f, "verbose_name")}
    figures = [figure("baseline", Indicator._meta.get_field("baseline_value").verbose_name, indicator.baseline, unit)]
    for name in ("target", "actual", "numerator", "denominator"):
        of_name = unit if name in ("target", "actual") else ""
        figures.append(figure(name, labels[f"{name}_value"], getattr(result, name), of_name))
    return row(
        indicator.code,
        [
            *figures,
            text("source", labels["source"], result.source or indicator.source),
            text("reason", labels["reason"], result.reason),
        ],
        indicator.name,
    )


def budget(submission: Submission, lines: Sequence[BudgetLine]) -> list[Content]:
    """The budget lines, and whether a budget is needed at all."""
    flag = fields.BY_NAME["no_budget_needed"]
    return [
        {**head("budget"), "rows": [_budget_line(number, line) for number, line in enumerate(lines, start=1)]},
        {**head("budget_summary"), "fields": [yes_no(flag.name, flag.label, submission.no_budget_needed)]},
    ]


def _budget_line(number: int, line: BudgetLine) -> Content:
    unit = million_won()
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
        ],
    )
