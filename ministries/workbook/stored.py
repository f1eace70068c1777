"""The rows of a body's workbook as they are stored: one shape for all sheets, for writing it and for comparing it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ministries import fields
from ministries.content_tables import pairs
from ministries.figures import Figure
from ministries.models import BodyFieldValue, Indicator, IndicatorResult, Submission
from ministries.selectors.workbooks import BodyBook
from ministries.workbook import layout
from ministries.workbook.layout import SheetLayout


@dataclass(frozen=True)
class StoredRow:
    """A row of a sheet: its key, whose it is, the values by column, and (of an indicator) what it is about."""

    sheet: str
    key: str
    submission: Submission
    values: Mapping[str, Any]
    source: Any = None
    unit: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code of its action plan."""
        return self.submission.assignment.action_plan.code


def plan_label(submission: Submission) -> str:
    """What an action plan is called in the workbook: its code and title."""
    action_plan = submission.assignment.action_plan
    return f"{action_plan.code} {action_plan.title}"


def rows_of(book: BodyBook, sheet: SheetLayout) -> list[StoredRow]:
    """The stored rows of a sheet, in the order of the plan. No queries: the book was read with all of them."""
    make = _MAKERS[sheet.key]
    return [row for submission in book.submissions for row in make(sheet, submission)]


def _narrative(sheet: SheetLayout, submission: Submission) -> Iterator[StoredRow]:
    values = {each.name: getattr(submission, each.name) for each in fields.FIELDS}
    yield StoredRow(sheet.key, submission.assignment.action_plan.code, submission, values, submission)


def _activities(sheet: SheetLayout, submission: Submission) -> Iterator[StoredRow]:
    yield from _table(sheet, submission, submission.activities.all())


def _budget(sheet: SheetLayout, submission: Submission) -> Iterator[StoredRow]:
    yield from _table(sheet, submission, submission.budget_lines.all())


def _table(sheet: SheetLayout, submission: Submission, rows: Any) -> Iterator[StoredRow]:
    for row in rows:
        values = {name: getattr(row, name) for name in row.FIELDS}
        yield StoredRow(sheet.key, str(row.pk), submission, values, row)


def _indicators(sheet: SheetLayout, submission: Submission) -> Iterator[StoredRow]:
    for indicator, result in pairs(submission):
        found = result or IndicatorResult(submission=submission, indicator=indicator)
        values = {name: getattr(found, name) for name in IndicatorResult.FIELDS}
        about = _about(indicator, submission.round.year)
        yield StoredRow(sheet.key, str(indicator.pk), submission, values, found, str(indicator.unit), about)


def _about(indicator: Indicator, year: int) -> dict[str, str | Figure]:
    return {
        "indicator": f"{indicator.code} {indicator.name}",
        "unit": str(indicator.unit),
        "baseline": indicator.baseline,
        "defined": indicator.target_in(year),
    }


def _own(sheet: SheetLayout, submission: Submission) -> Iterator[StoredRow]:
    values = {str(asked.pk): (answer or BodyFieldValue(field=asked)).value for asked, answer in submission.own_answers}
    yield StoredRow(sheet.key, submission.assignment.action_plan.code, submission, values)


_MAKERS = {
    layout.NARRATIVE: _narrative,
    layout.ACTIVITIES: _activities,
    layout.INDICATORS: _indicators,
    layout.BUDGET: _budget,
    layout.OWN: _own,
}
