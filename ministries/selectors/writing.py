"""How far the writing of a submission is, step by step of the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministries import fields, warnings
from ministries.models import Submission
from ministries.selectors.remarks import RemarkView

#: Where each table's rows are found on a submission.
ROWS = {
    "activities": "activities",
    "indicators": "indicator_results",
    "budget": "budget_lines",
    "evidence": "evidence",
    "body_fields": "own_values",
}
#: Filled in from the start, so that they say nothing about whether somebody has written.
GIVEN = ("disclosure",)


@dataclass(frozen=True)
class StepState:
    """A step of the form: what is missing for the sign-off, open remarks on it, points to check without an answer."""

    step: fields.Step
    gaps: int
    remarks: int
    cautions: int
    is_filled: bool


def step_states(
    submission: Submission, remarks: Mapping[str, Sequence[RemarkView]], gaps: Sequence[fields.Gap]
) -> list[StepState]:
    """The steps in their order. A fixed number of queries."""
    answered = {remark.key for remark in submission.warning_remarks.all()}
    cautions = [each for each in warnings.warnings(submission) if each.key not in answered]
    opened = [name for name, found in remarks.items() if any(each.resolved_at is None for each in found)]
    return [
        StepState(
            step=step,
            gaps=sum(gap.step == step for gap in gaps),
            remarks=sum(fields.step_of(name) == step for name in opened),
            cautions=sum(caution.step == step for caution in cautions),
            is_filled=_is_filled(submission, step),
        )
        for step in fields.STEPS
    ]


def _is_filled(submission: Submission, step: fields.Step) -> bool:
    named = [each for section in step.sections for each in fields.in_section(section) if each.name not in GIVEN]
    if any(getattr(submission, each.name) for each in named):
        return True
    return any(_has_rows(getattr(submission, ROWS[section])) for section in step.sections if section in ROWS)


def _has_rows(rows: Any) -> bool:
    return bool(rows.exists())
