"""The parts of a submission's form as one thing: texts, budget lines, indicator results."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from ministries.content import pairs
from ministries.forms.submission import (
    BudgetFormSet,
    IndicatorFormSet,
    SubmissionForm,
    budget_rows,
    indicator_rows,
    name_indicators,
    over_budget,
    show_conflicts,
)
from ministries.models import ReviewComment, Submission
from ministries.services.submissions import Conflict, SaveResult

ROW_FIELDS = {"budget", "executed", "programme", "account", "gender_responsive"}


class Editor:
    """Form and tables of a submission, fresh or as they were posted."""

    def __init__(
        self,
        submission: Submission,
        data: QueryDict | None = None,
        *,
        lines: list[dict[str, Any]] | None = None,
        results: list[dict[str, Any]] | None = None,
    ) -> None:
        self.submission = submission
        self.refusal = ""
        self.has_conflicts = False
        self.token = _token(data)
        self.remarks: dict[str, list[ReviewComment]] = {}
        self.form = SubmissionForm(data, submission=submission)
        self.budget = BudgetFormSet(data, prefix="budget", initial=lines or budget_rows(submission))
        self.indicators = IndicatorFormSet(data, prefix="indicators", initial=results or indicator_rows(submission))
        name_indicators(self.indicators, {indicator.pk: indicator for indicator, _result in pairs(submission)})
        if data is None:
            for form in self.budget.forms:
                if warning := over_budget(form["budget"].value() or _none(), form["executed"].value() or _none()):
                    form.warnings["executed"] = warning

    @classmethod
    def after_conflict(cls, submission: Submission, result: SaveResult) -> "Editor":
        """What is stored now, with the writer's own values where somebody else was faster."""
        lines, results = budget_rows(submission), indicator_rows(submission)
        known = {row["key"] for row in (*lines, *results)}
        gone: dict[Any, dict[str, Any]] = {}
        for conflict in result.conflicts:
            if conflict.row is not None and conflict.row not in known:
                gone.setdefault(conflict.row, {"key": None})[conflict.name] = conflict.mine
        editor = cls(submission, lines=[*lines, *gone.values()], results=results)
        editor.has_conflicts = True
        told = {"by": result.other, "at": result.at}
        show_conflicts(editor.form, [found for found in result.conflicts if found.row is None], **told)
        for form in (*editor.budget.forms, *editor.indicators.forms):
            show_conflicts(form, _of_row(result.conflicts, form.initial.get("key")), **told)
        for form in editor.budget.forms[len(lines) : len(lines) + len(gone)]:
            form.empty_permitted = True
            form.was_removed = True
        return editor

    def is_valid(self) -> bool:
        """Whether all parts are; each is asked, so that every error is shown at once."""
        return all([self.form.is_valid(), self.budget.is_valid(), self.indicators.is_valid()])

    def changes(self) -> dict[str, Any]:
        """What the service saves."""
        return {
            "changes": self.form.changes(),
            "budget": self.budget.row_changes(),
            "indicators": self.indicators.row_changes(),
            "token": self.token,
        }

    def refuse(self, sentence: Any) -> None:
        """Say why nothing was saved, above the form that still holds what was typed."""
        self.refusal = str(sentence)

    def show_notes(self, remarks: Mapping[str, list[ReviewComment]], previous: Mapping[str, str]) -> None:
        """Put open remarks and last year's text beside the fields."""
        opened = {name: [item for item in found if item.resolved_at is None] for name, found in remarks.items()}
        self.remarks = {name: found for name, found in opened.items() if found}
        self.form.remarks = self.remarks
        self.form.previous = dict(previous)

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong in any part."""
        return bool(self.form.errors or self.budget.total_error_count() or self.indicators.total_error_count())


def _of_row(conflicts: list[Conflict], key: Any) -> list[Conflict]:
    return [conflict for conflict in conflicts if key is not None and conflict.row == key]


def _token(data: QueryDict | None) -> str:
    """The page's own name: the posted one, else a new one."""
    try:
        return str(uuid.UUID((data or {}).get("token", "")))
    except ValueError:
        return str(uuid.uuid4())


def _none() -> Any:
    from ministries.figures import Figure

    return Figure()
