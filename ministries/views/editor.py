"""The parts of a submission's form as one thing: texts, tables, remarks on warnings; of one step or of all."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ministries import fields, warnings
from ministries.content_compare import Difference
from ministries.content_tables import pairs
from ministries.figures import Figure
from ministries.forms import rows
from ministries.forms.submission import RemarksForm, SubmissionForm, show_conflicts
from ministries.forms.sums import show_sums
from ministries.models import ImplementingBody, Submission
from ministries.selectors.last_year import LastYear
from ministries.selectors.remarks import RemarkView
from ministries.services.submissions import Conflict, SaveResult
from ministries.views.beside import TableChange, show_last_year, table_changes, take
from nap_monitor.lib.forms import unjudged
from nap_monitor.lib.localized import LocalizedText

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Block:
    """A section of the form as the page shows it: its fields' layout, its table, the remarks on the table."""

    key: str
    label: Any
    helper: Any
    table: Any
    remarks: list[RemarkView]
    changes: list[TableChange]

    @property
    def step(self) -> fields.Step:
        """The step of the form to which it belongs."""
        return fields.step_of(self.key)


@dataclass(frozen=True)
class Former:
    """What a field said in the last submitted version."""

    text: str


class Editor:
    """Form and tables of a submission, fresh or as they were posted. ``step`` is nothing for all of them."""

    def __init__(
        self,
        submission: Submission,
        data: QueryDict | None = None,
        *,
        step: fields.Step | None = None,
        stored: Rows | None = None,
        last_year: LastYear | None = None,
    ) -> None:
        self.submission, self.step, self.last_year = submission, step, last_year
        self.sections = step.sections if step else tuple(key for each in fields.STEPS for key in each.sections)
        self.refusal = ""
        self.has_conflicts = False
        self.token = _token(data)
        self.taken = ""
        if data is not None:
            data, self.taken = take(data, self.sections, last_year)
        self.remarks: dict[str, list[RemarkView]] = {}
        self.changed: dict[str, list[Difference]] = {}
        self.form = SubmissionForm(data, submission=submission, sections=self.sections)
        self.tables = self._tables(data, stored or {})
        self.cautions = [each for each in warnings.warnings(submission) if step is None or each.step == step]
        known = {remark.key: remark.text for remark in submission.warning_remarks.all()}
        self.answers = RemarksForm(data, prefix="warnings", cautions=self.cautions, stored=known)
        if data is None:
            self._warn()
            show_sums(self.tables, self.last_year)
        elif self.asks_for_row or self.taken:
            unjudged(*self.parts)

    def _tables(self, data: QueryDict | None, stored: Rows) -> dict[str, Any]:
        submission, found = self.submission, {}
        if "activities" in self.sections:
            initial = stored.get("activities") or rows.activity_rows(submission)
            found["activities"] = rows.ActivityFormSet(data, prefix="activities", initial=initial)
            found["activities"].title = _("Activities")
        if "indicators" in self.sections:
            initial = stored.get("indicators") or rows.indicator_rows(submission)
            found["indicators"] = rows.IndicatorFormSet(data, prefix="indicators", initial=initial)
            rows.name_indicators(found["indicators"], {each.pk: each for each, _result in pairs(submission)})
        if "budget" in self.sections:
            initial = stored.get("budget") or rows.budget_rows(submission)
            bodies = [each for each in _bodies() if each.pk != submission.assignment.body_id]
            asked = {"bodies": bodies}
            found["budget"] = rows.BudgetFormSet(data, prefix="budget", initial=initial, form_kwargs=asked)
            found["budget"].title = _("Budget lines")
        if "body_fields" in self.sections:
            initial = stored.get("body_fields") or rows.own_answer_rows(submission)
            asked = {"asked": {str(each.pk): each for each, _answer in submission.own_answers}}
            found["body_fields"] = rows.OwnAnswerFormSet(
                data, prefix=rows.OWN_PREFIX, initial=initial, form_kwargs=asked
            )
        return found

    @classmethod
    def after_conflict(cls, submission: Submission, result: SaveResult, posted: "Editor") -> "Editor":
        """What is stored now, with the writer's own values where somebody else was faster.

        A row that somebody else removed comes back whole as a new one, since the writer has just worked on it.
        """
        fresh = cls(submission, step=posted.step, last_year=posted.last_year)
        again: dict[str, list[uuid.UUID]] = {}
        stored: Rows = {}
        for name in ("activities", "budget"):
            if name not in fresh.tables:
                continue
            stored[name] = list(fresh.tables[name].initial)
            known = {row["key"] for row in stored[name]}
            gone = dict.fromkeys(each.row for each in _of_table(result.conflicts, name) if each.row not in known)
            again[name] = [key for key in gone if key]
            stored[name] += [posted.row(name, key) for key in again[name]]
        editor = cls(submission, step=posted.step, stored=stored, last_year=posted.last_year)
        editor.has_conflicts = True
        show_conflicts(editor.form, _of_table(result.conflicts, ""))
        for name, table in editor.tables.items():
            for form in table.forms:
                if key := form.initial.get("key"):
                    show_conflicts(form, _of_row(_of_table(result.conflicts, name), key))
            back = again.get(name, [])
            first = len(table.initial) - len(back)
            for key, form in zip(back, table.forms[first:], strict=False):
                show_conflicts(form, _of_row(_of_table(result.conflicts, name), key))
                form.bases = dict.fromkeys(form.names)
        editor._show_remark_conflicts(_of_table(result.conflicts, "warnings"))
        editor._warn()
        show_sums(editor.tables, editor.last_year)
        return editor

    def _show_remark_conflicts(self, conflicts: list[Conflict]) -> None:
        names = {key: name for name, key in self.answers.keys.items()}
        show_conflicts(self.answers, [replace(each, name=names[each.name]) for each in conflicts if each.name in names])

    def row(self, table: str, key: Any) -> dict[str, Any]:
        """The posted row of this key, as a new one."""
        form = next(form for form in self.tables[table].forms if form.cleaned_data.get("key") == key)
        return {"key": None, **{name: form.cleaned_data.get(name) for name in form.names}}

    def _warn(self) -> None:
        for form in self.tables["budget"].forms if "budget" in self.tables else ():
            budget, executed = (form.initial.get(name) or Figure() for name in ("budget", "executed"))
            if warning := rows.over_budget(budget, executed):
                form.warnings["executed"] = warning

    @property
    def blocks(self) -> list[Block]:
        """The sections in the order of the form."""
        return [
            Block(
                key,
                fields.SECTIONS[key],
                self.form.section(key)
                if any(each.name in self.form.fields for each in fields.in_section(key))
                else None,
                self.tables.get(key),
                self.remarks.get(key, []) if key in fields.TABLES else [],
                table_changes(self.changed.get(key, ())) if key in fields.TABLES else [],
            )
            for key in self.sections
            if key != "activities_summary"
        ]

    @property
    def points(self) -> list[tuple[Any, Any]]:
        """The warnings of this step, each with the field for the body's remark."""
        return [(caution, self.answers[name]) for name, caution in zip(self.answers.keys, self.cautions, strict=True)]

    @property
    def parts(self) -> list[Any]:
        """All forms and form sets."""
        return [self.form, *self.tables.values(), self.answers]

    def is_valid(self) -> bool:
        """Whether all parts are; each is asked, so that every error is shown at once."""
        return all([part.is_valid() for part in self.parts])

    def changes(self) -> dict[str, Any]:
        """What the service saves."""
        return {
            "changes": self.form.changes(),
            "remarks": self.answers.changes(),
            "token": self.token,
            **{name: table.row_changes() for name, table in self.tables.items()},
        }

    def refuse(self, sentence: Any) -> None:
        """Say why nothing was saved, above the form that still holds what was typed."""
        self.refusal = str(sentence)

    def show_notes(self, remarks: Mapping[str, list[RemarkView]], changed: Iterable[Difference]) -> None:
        """Put open remarks, last year's answers and what changed since the return beside fields and tables."""
        opened = {name: [item for item in found if item.resolved_at is None] for name, found in remarks.items()}
        self.remarks = {name: found for name, found in opened.items() if found}
        self.form.remarks = self.remarks
        show_last_year(self.form, self.tables, self.last_year)
        self.changed = {}
        for each in changed:
            self.changed.setdefault(each.name, []).append(each)
        self.form.changed = {
            name: Former(_said(found[0].before)) for name, found in self.changed.items() if name in fields.BY_NAME
        }

    @cached_property
    def asks_for_row(self) -> bool:
        """Whether a button sent the form that only adds a row to it."""
        return any(table.asks_for_row for table in self.tables.values())

    @property
    def takes_rows(self) -> bool:
        """Whether last year's rows were put into a table."""
        return self.taken in self.tables

    @property
    def only_shows(self) -> bool:
        """Whether what was posted asks for a change of the page, and not yet to be saved."""
        return self.asks_for_row or bool(self.taken)


def _said(field: Mapping[str, Any] | None) -> str:
    """A field of a version as a text to read."""
    if not field:
        return ""
    texts = field.get("text")
    return str(LocalizedText(texts)) if texts else str(field["value"] or "")


def _bodies() -> list[ImplementingBody]:
    return list(ImplementingBody.objects.prefetch_related("names"))


def _of_table(conflicts: list[Conflict], table: str) -> list[Conflict]:
    return [conflict for conflict in conflicts if conflict.table == table]


def _of_row(conflicts: list[Conflict], key: Any) -> list[Conflict]:
    return [conflict for conflict in conflicts if conflict.row == key]


def _token(data: QueryDict | None) -> str:
    """The page's own name: the posted one, else a new one."""
    try:
        return str(uuid.UUID((data or {}).get("token", "")))
    except ValueError:
        return str(uuid.uuid4())
