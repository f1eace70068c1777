"""Comparing the sheets whose rows are given: the narrative, the indicators, the body's own questions."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ministries.forms.rows import IndicatorResultForm, OwnAnswerForm
from ministries.forms.submission import SubmissionForm
from ministries.models import BodyFieldValue
from ministries.services.changes import Change, RowChange
from ministries.workbook import layout, marks
from ministries.workbook.cells import (
    changed_columns,
    check_plan,
    data_of,
    plan_words,
    tell_errors,
    tell_model_errors,
    unknown_flags,
)
from ministries.workbook.findings import TAKE, Comparing, Item
from ministries.workbook.layout import PLAN, Column
from ministries.workbook.reading import SentRow, SentSheet
from ministries.workbook.stored import StoredRow
from ministries.workbook.values import said, shown
from nap_monitor.lib.tabular.cells import address


def compare_given(comparing: Comparing, sheet: SentSheet) -> None:
    """What changes in a sheet with a row for each thing that is asked."""
    stored, words = comparing.stored(sheet.layout), plan_words(comparing)
    note_missing(comparing, sheet)
    for row in sheet.rows:
        noted = comparing.sent.origin.marks_of(sheet.layout.key, row.key) if row.key else None
        if noted is None:
            _tell_stranger(comparing, sheet, row)
            continue
        code, base = noted
        columns = changed_columns(comparing, sheet, row, base)
        if not check_plan(comparing, sheet, row, code, words) or not columns:
            continue
        now = stored.get(row.key)
        if now is None:
            tell_all(comparing, sheet, row, columns, _("This is no longer asked for. Download the workbook anew."))
        elif why := comparing.why_locked(now.submission):
            tell_all(comparing, sheet, row, columns, why)
        else:
            _COMPARE[sheet.layout.key](comparing, sheet, row, now, columns, base)


def tell_all(comparing: Comparing, sheet: SentSheet, row: SentRow, columns: list[Column], why: str) -> None:
    """The same fault for each changed cell of a row."""
    comparing.faults += [sheet.fault(row, column.key, why) for column in columns]


def _tell_stranger(comparing: Comparing, sheet: SentSheet, row: SentRow) -> None:
    """A row that was not downloaded: of another body or year, or added where rows are given."""
    inputs = [column.key for column in sheet.layout.columns if column.key in row.cells]
    if row.key:
        why = _("This row does not belong to this workbook: it is of another body, another year or another download.")
        comparing.faults.append(sheet.fault(row, PLAN, why))
    elif inputs:
        why = _("In this sheet no rows can be added. Write into the row of the action plan, and delete this one.")
        comparing.faults.append(sheet.fault(row, inputs[0], why))


def note_missing(comparing: Comparing, sheet: SentSheet) -> None:
    """Say how many rows are no longer in the sheet: they stay as they are stored."""
    sent = {row.key for row in sheet.rows}
    missing = len(set(comparing.sent.origin.rows.get(sheet.layout.key, ())) - sent)
    if missing:
        comparing.notes.append(
            ngettext(
                "In the sheet “%(title)s” %(number)d row is missing: what is stored of it stays as it is.",
                "In the sheet “%(title)s” %(number)d rows are missing: what is stored of them stays as it is.",
                missing,
            )
            % {"title": sheet.title, "number": missing}
        )


def judged(
    comparing: Comparing,
    sheet: SentSheet,
    row: SentRow,
    now: StoredRow,
    columns: list[Column],
    base: Mapping[str, str],
    cleaned: Mapping[str, Any],
    label: str = "",
) -> dict[str, Change]:
    """The changes to be saved, of those columns that the form found good; each is noted, or shown as a conflict."""
    changes = {}
    for column in columns:
        if column.key not in cleaned:
            continue
        new, before = cleaned[column.key], now.values.get(column.key)
        says, stands = said(column, new), said(column, before)
        if marks.mark(says) == base.get(column.key) or says == stands:
            continue
        at = address(row.number, sheet.places[column.key])
        item = Item(sheet.title, at, label, str(column.label), shown(column, before), shown(column, new))
        if marks.mark(stands) == base.get(column.key):
            comparing.change(now, item)
        elif comparing.clash(now, item, column.key, stands) != TAKE:
            continue
        changes[column.key] = Change(before, new)
    return changes


def _narrative(
    comparing: Comparing,
    sheet: SentSheet,
    row: SentRow,
    now: StoredRow,
    columns: list[Column],
    base: Mapping[str, str],
) -> None:
    form = SubmissionForm(data_of(sheet, row, columns, now), submission=now.submission)
    form.is_valid()
    bad = unknown_flags(comparing, sheet, row, columns)
    bad |= tell_errors(comparing, sheet, row, form.errors, only=[column.key for column in columns])
    good = {name: value for name, value in form.cleaned_data.items() if name not in bad}
    changes = judged(comparing, sheet, row, now, columns, base, good)
    comparing.saves[now.submission.pk].changes.update(changes)


def _indicator(
    comparing: Comparing,
    sheet: SentSheet,
    row: SentRow,
    now: StoredRow,
    columns: list[Column],
    base: Mapping[str, str],
) -> None:
    form = IndicatorResultForm(data_of(sheet, row, columns, now))
    if not form.is_valid():
        tell_errors(comparing, sheet, row, form.errors)
        return
    label = str(now.about["indicator"])
    changes = judged(comparing, sheet, row, now, columns, base, form.cleaned_data, label)
    values = {name: change.new for name, change in changes.items()}
    if changes and tell_model_errors(comparing, sheet, row, "indicators", now.source, values):
        comparing.saves[now.submission.pk].add_row("indicators", RowChange(uuid.UUID(row.key), changes))


def _own(
    comparing: Comparing,
    sheet: SentSheet,
    row: SentRow,
    now: StoredRow,
    columns: list[Column],
    base: Mapping[str, str],
) -> None:
    """Each question is answered on its own: a form for each."""
    asked = {str(each.pk): each for each, _answer in now.submission.own_answers}
    for column in columns:
        if column.key not in asked:
            tell_all(comparing, sheet, row, [column], _("This is no longer asked for. Download the workbook anew."))
            continue
        data = data_of(sheet, row, [column], now, names={column.key: "value"})
        form = OwnAnswerForm({**data, "key": column.key}, asked=asked)
        if not form.is_valid():
            tell_errors(comparing, sheet, row, {column.key: form.errors.get("value", [])})
            continue
        good = {column.key: form.cleaned_data["value"]}
        changes = judged(comparing, sheet, row, now, [column], base, good)
        if not changes:
            continue
        answer = BodyFieldValue(field=asked[column.key], submission=now.submission)
        change = changes[column.key]
        if tell_model_errors(comparing, sheet, row, "body_fields", answer, {"value": change.new}):
            saved = RowChange(uuid.UUID(column.key), {"value": change})
            comparing.saves[now.submission.pk].add_row("body_fields", saved)


_COMPARE = {layout.NARRATIVE: _narrative, layout.INDICATORS: _indicator, layout.OWN: _own}
