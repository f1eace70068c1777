"""What stands in a cell of the workbook for a value of the work, and what a cell says; both ways, in any language."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ministries.enums import FigureState
from ministries.figures import Figure, decimal_text, shown_text
from ministries.forms.fields import TextField
from ministries.models import ImplementingBody
from ministries.workbook.layout import NO, YES, Column, Kind, word
from nap_monitor.lib.forms import typed_date
from nap_monitor.lib.tabular.cells import Cell, Value, fits, plain_number, writable

_TEXT = TextField()
PER_CENT = "%"


def plain_text(text: str) -> str:
    """A text as the form takes it: with plain line breaks, without what cannot be printed and spaces around it."""
    return _TEXT.to_python(writable(text))


def said(column: Column, value: Any) -> str:
    """A value in the one way in which it is compared: the same text for the same value, empty for none."""
    if isinstance(value, Figure):
        return decimal_text(value.value) if value.value is not None else str(value.state)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, ImplementingBody):
        return value.code
    if value is None:
        return NO if column.kind is Kind.FLAG else ""
    return plain_text(str(value)) if column.kind in (Kind.PROSE, Kind.LINE) else str(value)


def shown(column: Column, value: Any) -> str:
    """A value as a reader sees it on a page."""
    if isinstance(value, Figure):
        return shown_text(value.value) if value.value is not None else _word_for(column, str(value.state))
    if isinstance(value, dt.date):
        return typed_date(value)
    text = said(column, value)
    return _word_for(column, text) if column.kind in (Kind.CHOICE, Kind.FLAG) else text


def written(column: Column, value: Any) -> Value:
    """A value as it is written into its cell. Raises ``ValueError`` for a text that no cell holds."""
    if isinstance(value, Figure) and value.value is not None:
        return Decimal(decimal_text(value.value))
    if isinstance(value, dt.date):
        return value
    text = said(column, value)
    if column.kind in (Kind.CHOICE, Kind.FLAG, Kind.FIGURE):
        return _word_for(column, text)
    if not fits(text):
        raise ValueError(text[:50])
    return text


def _word_for(column: Column, code: str) -> str:
    return column.choices.get(code, code)


def is_blank(cell: Cell | None) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell.value, str) and not cell.value.strip() and not cell.is_formula)


def quick(column: Column, cell: Cell | None) -> str | None:
    """What a cell says, to be compared with :func:`said`; nothing where only the form can judge it."""
    if is_blank(cell) or cell is None:
        return column.default
    if cell.is_formula or cell.is_error:
        return None
    if column.kind in (Kind.PROSE, Kind.LINE):
        return plain_text(cell.text)
    if column.kind is Kind.DATE:
        value = cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value
        return value.isoformat() if isinstance(value, dt.date) else None
    if column.kind is Kind.FIGURE and isinstance(cell.value, Decimal) and not cell.is_percent:
        return plain_number(cell.value)
    return column.words.get(word(cell.text))


def typed(column: Column, cell: Cell | None, *, unit: str = "") -> str:
    """What a cell says, as it would be typed into the form's field; words that stand for a code become the code.

    ``unit`` is that of a figure: where it is per cent, '85%' and a number shown in per cent are that number.
    """
    if is_blank(cell) or cell is None:
        return column.default
    if column.kind in (Kind.PROSE, Kind.LINE):
        return writable(cell.text)
    if column.kind is Kind.DATE and isinstance(cell.value, dt.datetime):
        return cell.value.date().isoformat()
    text = cell.text.strip()
    if column.kind is Kind.FIGURE and PER_CENT in unit and text.endswith(PER_CENT):
        return text.removesuffix(PER_CENT)
    return column.words.get(word(text), text)


def form_data(column: Column, name: str, text: str) -> Mapping[str, str]:
    """What a browser would send of the field ``name`` where somebody typed ``text`` into it."""
    if column.kind is not Kind.FIGURE:
        return {name: {YES: "on", NO: ""}.get(text, text) if column.kind is Kind.FLAG else text}
    is_state = text in (FigureState.NOT_KNOWN, FigureState.NOT_APPLICABLE)
    return {f"{name}_value": "" if is_state else text, f"{name}_state": text if is_state else ""}
