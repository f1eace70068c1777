"""Which cells of a row were changed, and what the form says of them: the same rules and sentences as on the page."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from ministries.services.changes import InvalidRowError
from ministries.services.rows import check_row
from ministries.workbook import guide, marks
from ministries.workbook.findings import Comparing
from ministries.workbook.layout import NO, PLAN, REMOVE, YES, Column, Kind, word
from ministries.workbook.reading import SentRow, SentSheet
from ministries.workbook.stored import StoredRow
from ministries.workbook.values import form_data, is_blank, quick, said, typed

#: The figures of an indicator that are in its own unit.
IN_UNIT = ("target", "actual")


def changed_columns(
    comparing: Comparing, sheet: SentSheet, row: SentRow, base: Mapping[str, str], *, are_new: bool = False
) -> list[Column]:
    """The columns of a row whose cell says something else than what was downloaded (``base``: its marks).

    Errors of Excel, and what is written over a text that is left to the form, become faults; formulas are that already.
    """
    found = []
    for column in sheet.layout.columns:
        if column.key == REMOVE or column.key not in sheet.places:
            continue
        cell = row.cells.get(column.key)
        if cell is not None and cell.is_formula:
            continue
        if cell is not None and cell.is_error:
            comparing.faults.append(
                sheet.fault(row, column.key, _("This is an error of the spreadsheet, not a value."))
            )
            continue
        if base.get(column.key) == marks.LEFT_TO_FORM:
            if not is_blank(cell) and word(cell.text if cell else "") not in _left_to_form():
                comparing.faults.append(sheet.fault(row, column.key, str(guide.LEFT_TO_FORM)))
            continue
        now = quick(column, cell)
        if are_new or now is None or marks.mark(now) != base.get(column.key):
            found.append(column)
    return found


def _left_to_form() -> set[str]:
    words = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            words.add(word(guide.LEFT_TO_FORM))
    return words


def is_marked(sheet: SentSheet, row: SentRow) -> bool:
    """Whether the row is to be taken away."""
    cell = row.cells.get(REMOVE)
    return cell is not None and word(cell.text) in sheet.layout.column(REMOVE).words


def judge_remove(comparing: Comparing, sheet: SentSheet, row: SentRow) -> None:
    """Tell a word in the column for taking away that is not the one."""
    cell = row.cells.get(REMOVE)
    if cell is not None and not cell.is_formula and not is_marked(sheet, row):
        column = sheet.layout.column(REMOVE)
        (choice,) = column.choices.values()
        why = _("Choose “%(word)s”, or leave the cell empty.") % {"word": choice}
        comparing.faults.append(sheet.fault(row, REMOVE, why))


def data_of(
    sheet: SentSheet,
    row: SentRow,
    columns: Iterable[Column],
    stored: StoredRow | None,
    names: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What a browser would send of this row: of ``columns`` what the cells say, of the others what is stored."""
    changed = {column.key for column in columns}
    data: dict[str, str] = {}
    for column in sheet.layout.columns:
        if column.key == REMOVE:
            continue
        if column.key in changed or stored is None:
            unit = stored.unit if stored is not None and column.key in IN_UNIT else ""
            text = typed(column, row.cells.get(column.key), unit=unit)
        else:
            text = said(column, stored.values.get(column.key))
        data |= form_data(column, (names or {}).get(column.key, column.key), text)
    return data


def unknown_flags(comparing: Comparing, sheet: SentSheet, row: SentRow, columns: Iterable[Column]) -> set[str]:
    """The columns of yes or no that say something else; each becomes a fault, since any word would read as yes."""
    found = set()
    for column in columns:
        if column.kind is Kind.FLAG and typed(column, row.cells.get(column.key)) not in (YES, NO):
            yes, no = column.choices.values()
            why = _("Choose “%(yes)s” or “%(no)s”.") % {"yes": yes, "no": no}
            comparing.faults.append(sheet.fault(row, column.key, why))
            found.add(column.key)
    return found


def tell_errors(
    comparing: Comparing,
    sheet: SentSheet,
    row: SentRow,
    errors: Mapping[str, Iterable[Any]],
    only: Iterable[str] | None = None,
) -> set[str]:
    """Make a fault of each error of the form, at its cell; gives the columns in which there are any."""
    wanted = None if only is None else set(only)
    found = set()
    for name, sentences in errors.items():
        if wanted is None or name in wanted:
            place = name if name in sheet.places else PLAN
            comparing.faults += [sheet.fault(row, place, str(sentence)) for sentence in sentences]
            found.add(name)
    return found


def tell_model_errors(
    comparing: Comparing, sheet: SentSheet, row: SentRow, table: str, source: Any, values: Mapping[str, Any]
) -> bool:
    """Whether the row, with these values, breaks no rule of its model; each that it breaks becomes a fault."""
    tried = copy.copy(source)
    for name, value in values.items():
        setattr(tried, name, value)
    try:
        check_row(table, tried)
    except InvalidRowError as error:
        tell_errors(comparing, sheet, row, error.message_dict)
        return False
    except ValidationError as error:
        tell_errors(comparing, sheet, row, {PLAN: error.messages})
        return False
    return True


def check_plan(comparing: Comparing, sheet: SentSheet, row: SentRow, code: str, words: Mapping[str, str]) -> bool:
    """Whether the action plan of a row is still the one that its key belongs to; a fault where not."""
    cell = row.cells.get(PLAN)
    if cell is None or words.get(word(cell.text)) == code:
        return True
    if not cell.is_formula:
        why = _("This row belongs to action plan %(code)s, and stays with it.") % {"code": code}
        comparing.faults.append(sheet.fault(row, PLAN, why))
    return False


def plan_words(comparing: Comparing) -> dict[str, str]:
    """What an action plan may be called in a cell, in any language, by its code."""
    words = {}
    for code, submission in comparing.book.by_code.items():
        words[word(code)] = code
        for title in submission.assignment.action_plan.title.values():
            words[word(f"{code} {title}")] = code
    return words
