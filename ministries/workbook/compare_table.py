"""Comparing the sheets to which a body adds rows: activities and budget lines."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ministries.forms.rows import ActivityForm, BudgetLineForm, RowForm
from ministries.models import Submission
from ministries.services.changes import Change, RowChange
from ministries.services.rows import ACTIVITIES, BUDGET
from ministries.workbook import layout, marks
from ministries.workbook.cells import (
    changed_columns,
    check_plan,
    data_of,
    is_marked,
    judge_remove,
    plan_words,
    tell_errors,
    tell_model_errors,
    unknown_flags,
)
from ministries.workbook.compare_given import judged, note_missing, tell_all
from ministries.workbook.findings import TAKE, Comparing, Item
from ministries.workbook.layout import PLAN, REMOVE, Column, SheetLayout, word
from ministries.workbook.reading import SentRow, SentSheet
from ministries.workbook.stored import StoredRow
from ministries.workbook.values import quick, said, shown
from nap_monitor.lib.tabular.cells import address

TABLES = {layout.ACTIVITIES: ACTIVITIES, layout.BUDGET: BUDGET}
#: What a row is called by.
NAMED_BY = {layout.ACTIVITIES: "title", layout.BUDGET: "programme"}
#: Keys of new rows are made from the workbook's name, so that the same workbook sent twice adds nothing twice.
SPACE = uuid.UUID("6f0a7a0e-3a3e-5d8a-9b39-51b0c9f1a5d4")


def compare_table(comparing: Comparing, sheet: SentSheet) -> None:
    """What changes in a sheet to which rows are added."""
    _Table(comparing, sheet).compare()


class _Table:
    """A sheet being compared."""

    def __init__(self, comparing: Comparing, sheet: SentSheet) -> None:
        self.comparing, self.sheet = comparing, sheet
        self.layout: SheetLayout = sheet.layout
        self.table = TABLES[sheet.layout.key]
        self.stored = comparing.stored(sheet.layout)
        self.words = plan_words(comparing)
        self.columns = [column for column in sheet.layout.columns if column.key != REMOVE]
        # Rows that came into the program after the download, by this workbook or by a colleague.
        downloaded = comparing.sent.origin.rows.get(sheet.layout.key, {})
        self.added_since = {key: row for key, row in self.stored.items() if key not in downloaded}
        self.counts: dict[int, int] = {}
        for row in self.stored.values():
            self.counts[row.submission.pk] = self.counts.get(row.submission.pk, 0) + 1

    def compare(self) -> None:
        """Rows that were downloaded first: what they take away makes room for new ones."""
        note_missing(self.comparing, self.sheet)
        new = []
        for row in self.sheet.rows:
            judge_remove(self.comparing, self.sheet, row)
            if row.key:
                self._known(row)
            elif any(column.key in row.cells for column in self.columns):
                new.append(row)
        placed = [(row, submission) for row in new if (submission := self._place(row)) is not None]
        left = [(row, submission) for row, submission in placed if not self._is_there(row, submission)]
        for row, submission in left:
            self._new(row, submission)

    # Rows that were downloaded

    def _known(self, row: SentRow) -> None:
        noted = self.comparing.sent.origin.marks_of(self.layout.key, row.key)
        if noted is None:
            why = _(
                "This row does not belong to this workbook: it is of another body, another year or another download."
            )
            self.comparing.faults.append(self.sheet.fault(row, PLAN, why))
            return
        code, base = noted
        submission = self.comparing.book.by_code.get(code)
        columns = changed_columns(self.comparing, self.sheet, row, base)
        goes = is_marked(self.sheet, row) or (bool(columns) and self._is_cleared(row, base))
        if not check_plan(self.comparing, self.sheet, row, code, self.words) or not (columns or goes):
            return
        shown_at = columns or [self.layout.column(REMOVE)]
        if submission is None:
            why = _("This is no longer asked for. Download the workbook anew.")
            tell_all(self.comparing, self.sheet, row, shown_at, why)
        elif why := self.comparing.why_locked(submission):
            tell_all(self.comparing, self.sheet, row, shown_at, why)
        elif goes:
            self._remove(row, base)
        elif row.key in self.stored:
            self._change(row, self.stored[row.key], columns, base)
        else:
            self._gone(row, submission)

    def _is_cleared(self, row: SentRow, base: Mapping[str, str]) -> bool:
        """Whether somebody emptied a whole row in which something stood: the usual way to take it away."""
        told = [column for column in self.columns if not column.default]
        return any(base.get(column.key) for column in told) and not any(column.key in row.cells for column in told)

    def _change(self, row: SentRow, now: StoredRow, columns: list[Column], base: Mapping[str, str]) -> None:
        form = self._checked(row, now.submission, columns, now)
        if form is None:
            return
        label = self._name(row, now.values)
        changes = judged(self.comparing, self.sheet, row, now, columns, base, form.cleaned_data, label)
        self._save_change(row, now, changes)

    def _save_change(self, row: SentRow, now: StoredRow, changes: Mapping[str, Change]) -> None:
        values = {name: change.new for name, change in changes.items()}
        if changes and tell_model_errors(self.comparing, self.sheet, row, self.table.name, now.source, values):
            self._save(now.submission, RowChange(uuid.UUID(now.key), changes))

    def _remove(self, row: SentRow, base: Mapping[str, str]) -> None:
        """Take a row away, where it still says what was downloaded, or where that was chosen knowing both."""
        now = self.stored.get(row.key)
        if now is None:
            return
        stands = {column.key: said(column, now.values.get(column.key)) for column in self.columns}
        at = address(row.number, self.sheet.places.get(REMOVE, 1))
        name = self._name(row, now.values)
        item = Item(self.sheet.title, at, name, _("Row"), self._summary(now.values), _("Removed"))
        theirs = [key for key, text in stands.items() if marks.mark(text) != base.get(key)]
        if not theirs:
            self.comparing.change(now, item)
        elif self.comparing.clash(now, item, REMOVE, "\n".join(stands.values()), field=theirs[0]) != TAKE:
            return
        seen = {name: Change(now.values[name], now.values[name]) for name in self.table.fields}
        self.counts[now.submission.pk] -= 1
        self._save(now.submission, RowChange(uuid.UUID(row.key), seen, delete=True))

    def _gone(self, row: SentRow, submission: Submission) -> None:
        """A row that was changed here and removed by somebody else: it may come back as a new one."""
        form = self._checked(row, submission, self.columns, None)
        if form is None:
            return
        absent = StoredRow(self.layout.key, row.key, submission, {})
        at = address(row.number, self.sheet.places.get(PLAN, 1))
        after = self._summary(form.cleaned_data)
        item = Item(self.sheet.title, at, self._name(row, form.cleaned_data), _("Row"), _("Removed"), after)
        if self.comparing.clash(absent, item, PLAN, "") == TAKE:
            self._add(row, submission, form.cleaned_data, uuid.uuid5(SPACE, f"again:{row.key}"))

    # New rows

    def _place(self, row: SentRow) -> Submission | None:
        """The submission of a new row; a fault where it names none, or one that can't be edited."""
        cell = row.cells.get(PLAN)
        code = self.words.get(word(cell.text)) if cell is not None and not cell.is_formula else None
        submission = self.comparing.book.by_code.get(code or "")
        if submission is not None and not (why := self.comparing.why_locked(submission)):
            return submission
        if cell is None:
            why = _("Choose the action plan of this row.")
        elif submission is None:
            why = _("This is no action plan of your body in this year. Choose from the list.")
        self.comparing.faults.append(self.sheet.fault(row, PLAN, why))
        return None

    def _is_there(self, row: SentRow, submission: Submission) -> bool:
        """Whether a row says exactly what one says that was added since the download: the workbook was sent before."""
        says = {column.key: quick(column, row.cells.get(column.key)) for column in self.columns}
        for key, now in self.added_since.items():
            same = now.submission.pk == submission.pk and all(
                said(column, now.values.get(column.key)) == says[column.key] for column in self.columns
            )
            if same:
                del self.added_since[key]
                return True
        return False

    def _new(self, row: SentRow, submission: Submission) -> None:
        given = changed_columns(self.comparing, self.sheet, row, {}, are_new=True)
        form = self._checked(row, submission, given, None)
        if form is None:
            return
        code = submission.assignment.action_plan.code
        key = uuid.uuid5(SPACE, f"{self.comparing.sent.origin.name}:{self.layout.key}:{code}:{row.number}")
        earlier = self.added_since.get(str(key))
        if earlier is not None:
            # The same row of the same workbook, sent before and written anew since: every difference is asked about.
            base = {column.key: "?" for column in self.columns}
            label = self._name(row, earlier.values)
            changes = judged(self.comparing, self.sheet, row, earlier, self.columns, base, form.cleaned_data, label)
            self._save_change(row, earlier, changes)
            return
        self.counts[submission.pk] = self.counts.get(submission.pk, 0) + 1
        if self.counts[submission.pk] > self.table.most:
            why = _("At most %(limit)s rows.") % {"limit": self.table.most}
            self.comparing.faults.append(self.sheet.fault(row, PLAN, why))
            return
        self._add(row, submission, form.cleaned_data, key, is_told=True)

    def _add(
        self, row: SentRow, submission: Submission, cleaned: Mapping[str, Any], key: uuid.UUID, *, is_told: bool = False
    ) -> None:
        values = {column.key: cleaned.get(column.key) for column in self.columns}
        source = self.table.model(submission=submission)
        if not tell_model_errors(self.comparing, self.sheet, row, self.table.name, source, values):
            return
        if is_told:
            absent = StoredRow(self.layout.key, str(key), submission, {})
            label = _("New: %(name)s") % {"name": self._name(row, values)}
            for column in self.columns:
                if column.key in row.cells and (after := shown(column, values[column.key])):
                    at = address(row.number, self.sheet.places[column.key])
                    item = Item(self.sheet.title, at, label, str(column.label), "", after)
                    self.comparing.change(absent, item)
        changes = {name: Change(getattr(source, name), value) for name, value in values.items()}
        self._save(submission, RowChange(None, changes, client_key=key))

    # What both have in common

    def _checked(
        self, row: SentRow, submission: Submission, columns: list[Column], now: StoredRow | None
    ) -> RowForm | None:
        """The form of a row, found good; nothing where it is not, and its errors became faults."""
        before = len(self.comparing.faults)
        unknown_flags(self.comparing, self.sheet, row, columns)
        form = self._form(data_of(self.sheet, row, columns, now))
        if not form.is_valid():
            tell_errors(self.comparing, self.sheet, row, form.errors)
        return form if len(self.comparing.faults) == before else None

    def _form(self, data: Mapping[str, Any]) -> RowForm:
        if self.layout.key == layout.BUDGET:
            return BudgetLineForm(data, bodies=self.comparing.book.bodies)
        return ActivityForm(data)

    def _save(self, submission: Submission, change: RowChange) -> None:
        self.comparing.saves[submission.pk].add_row(self.table.name, change)

    def _name(self, row: SentRow, values: Mapping[str, Any]) -> str:
        return str(values.get(NAMED_BY[self.layout.key]) or "") or _("row %(number)d") % {"number": row.number}

    def _summary(self, values: Mapping[str, Any]) -> str:
        """A row in a few words: all that stands in it."""
        told = [shown(column, values.get(column.key)) for column in self.columns if not column.default]
        return " · ".join(text for text in told if text)
