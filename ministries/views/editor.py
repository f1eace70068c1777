"""The parts of a submission's form as one thing: texts, budget lines, indicator results."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from ministries.content_tables import pairs
from ministries.figures import Figure
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
from nap_monitor.lib.forms import unjudged


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
        self.budget.title = _("Budget lines")
        name_indicators(self.indicators, {indicator.pk: indicator for indicator, _result in pairs(submission)})
        if data is None:
            self._warn()
        elif self.asks_for_row:
            unjudged(self.form, self.budget, self.indicators)

    @classmethod
    def after_conflict(cls, submission: Submission, result: SaveResult, posted: "Editor") -> "Editor":
        """What is stored now, with the writer's own values where somebody else was faster.

        A line that somebody else removed comes back whole as a new one, since the writer has just worked on it.
        """
        lines, results = budget_rows(submission), indicator_rows(submission)
        known = {None, *(row["key"] for row in (*lines, *results))}
        gone = list(dict.fromkeys(found.row for found in result.conflicts if found.row not in known))
        again = [posted.line(key) for key in gone]
        editor = cls(submission, lines=[*lines, *again], results=results)
        editor.has_conflicts = True
        told = {"by": result.other, "at": result.at}
        show_conflicts(editor.form, _of_row(result.conflicts, None), **told)
        for form in (*editor.budget.forms, *editor.indicators.forms):
            if key := form.initial.get("key"):
                show_conflicts(form, _of_row(result.conflicts, key), **told)
        for key, form in zip(gone, editor.budget.forms[len(lines) :], strict=False):
            show_conflicts(form, _of_row(result.conflicts, key), **told)
            form.bases = dict.fromkeys(form.names)
        editor._warn()
        return editor

    def line(self, key: Any) -> dict[str, Any]:
        """The posted budget line of this key, as a new one."""
        form = next(form for form in self.budget.forms if form.cleaned_data.get("key") == key)
        return {"key": None, **{name: form.cleaned_data.get(name) for name in form.names}}

    def _warn(self) -> None:
        for form in self.budget.forms:
            budget, executed = (form.initial.get(name) or Figure() for name in ("budget", "executed"))
            if warning := over_budget(budget, executed):
                form.warnings["executed"] = warning

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
    def asks_for_row(self) -> bool:
        """Whether a button sent the form that only adds a row to it."""
        return self.budget.asks_for_row

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong in any part."""
        return bool(self.form.errors or self.budget.total_error_count() or self.indicators.total_error_count())


def _of_row(conflicts: list[Conflict], key: Any) -> list[Conflict]:
    return [conflict for conflict in conflicts if conflict.row == key]


def _token(data: QueryDict | None) -> str:
    """The page's own name: the posted one, else a new one."""
    try:
        return str(uuid.UUID((data or {}).get("token", "")))
    except ValueError:
        return str(uuid.uuid4())
