"""The sheets and columns of a body's workbook. They follow the forms, so that a new field is a new column."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext, pgettext_lazy

from ministries import fields
from ministries.enums import FigureState
from ministries.fields import Text
from ministries.forms.fields import ChoiceField, DateField, FigureField, FlagField
from ministries.forms.rows import ActivityForm, BodyChoiceField, BudgetLineForm, IndicatorResultForm, own_field
from ministries.forms.submission import SubmissionForm
from ministries.models import BodyField, ImplementingBody
from ministries.selectors.workbooks import BodyBook
from nap_monitor.lib.localized import LocalizedText

#: Raise this when sheets or columns come to mean something else: older workbooks are then refused.
LAYOUT = 1
#: What stands before the key of a sheet in its hidden first row.
SHEET_MARK = "nap:"
#: The sheets that nobody needs to see: where the workbook comes from, and the lists to choose from.
ABOUT, LISTS = "_about", "_lists"
NARRATIVE, ACTIVITIES, INDICATORS, BUDGET, OWN = "narrative", "activities", "indicators", "budget", "own"
#: The key of the first sheet, which is only read.
GUIDE = "guide"
#: The column that names the action plan.
PLAN = "plan"
#: Other columns that are only read.
STATE, GUIDANCE = "state", "guidance"
#: The column that marks a row to be taken away.
REMOVE = "remove"
#: What stands in the column of keys beside the hints and the head.
HINT_ROW, HEAD_ROW = "hint", "head"


class Kind(enum.Enum):
    """What a column holds."""

    PROSE = "prose"
    LINE = "line"
    CHOICE = "choice"
    FLAG = "flag"
    FIGURE = "figure"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A column to be filled in. ``words`` leads from each word that stands for a code, in any language, to the code;
    ``choices`` are the words to choose from in the present language, by code."""

    key: str
    label: Text
    kind: Kind
    help: Text = ""
    most: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    #: What an empty cell means, where that is not nothing.
    default: str = ""
    is_needed: bool = False


@dataclass(frozen=True)
class SheetLayout:
    """A sheet: its key, its title, what is shown beside the keys (label by key), the columns to be filled in."""

    key: str
    title: str
    about: Mapping[str, Text]
    columns: tuple[Column, ...]
    #: Whether rows may be added and taken away.
    takes_rows: bool = False

    def column(self, key: str) -> Column:
        """The column of this key. Raises ``KeyError`` where there is none."""
        return next(each for each in self.columns if each.key == key)


def word(text: object) -> str:
    """A word as it is looked up: without regard to capitals and spaces."""
    return "".join(str(text).split()).casefold()


def sheets_for(book: BodyBook) -> list[SheetLayout]:
    """The sheets of a body's workbook in the present language."""
    about: dict[str, Text] = {PLAN: gettext_lazy("Action plan")}
    asked_for = {GUIDANCE: gettext_lazy("Guidance")} if _has_guidance(book) else {}
    narrative = [_column(each.name, SubmissionForm.base_fields[each.name]) for each in _in_steps()]
    lines = [
        _bodies_column(name, found, book.bodies) if isinstance(found, BodyChoiceField) else _column(name, found)
        for name, found in _fields_of(BudgetLineForm)
    ]
    indicator = {
        "indicator": gettext_lazy("Indicator"),
        "unit": gettext_lazy("Unit"),
        "baseline": gettext_lazy("Baseline"),
        "defined": gettext_lazy("Target as defined"),
    }
    found = [
        SheetLayout(
            NARRATIVE,
            pgettext("sheet", "Narrative"),
            {**about, STATE: gettext_lazy("State"), **asked_for},
            tuple(narrative),
        ),
        SheetLayout(ACTIVITIES, _("Activities"), about, (*_of_form(ActivityForm), _remove()), takes_rows=True),
        SheetLayout(INDICATORS, _("Indicators"), {**about, **indicator}, tuple(_of_form(IndicatorResultForm))),
        SheetLayout(BUDGET, pgettext("step", "Budget"), about, (*lines, _remove()), takes_rows=True),
    ]
    asked = [_own_column(each) for each in book.own_fields]
    if asked:
        found.append(SheetLayout(OWN, _("Own fields"), about, tuple(asked)))
    return found


def _has_guidance(book: BodyBook) -> bool:
    """Whether anything is asked of one of the body's action plans, beside what is asked of all."""
    return any(each.assignment.action_plan_id in book.guidance for each in book.submissions)


def _in_steps() -> list[fields.Field]:
    """The fields of a submission in the order of the form."""
    return [each for step in fields.STEPS for section in step.sections for each in fields.in_section(section)]


def _fields_of(form: type[Any]) -> list[tuple[str, forms.Field]]:
    return [(name, form.base_fields[name]) for name in form.names]


def _of_form(form: type[Any]) -> list[Column]:
    return [_column(name, found) for name, found in _fields_of(form)]


def _column(key: str, found: Any) -> Column:
    kind = _kind_of(found)
    about: dict[str, Any] = {
        "label": found.label,
        "help": found.help_text,
        "most": getattr(found, "max_length", None),
        "is_needed": getattr(found, "needed", False) or key in NEEDED,
    }
    if kind is Kind.CHOICE:
        choices = [(code, label) for code, label in found.choices if code]
        return Column(key, kind=kind, **about, **_words(choices), default=str(found.initial or ""))
    if kind is Kind.FLAG:
        return Column(key, kind=kind, **about, **_words(YES_OR_NO), default=NO)
    if kind is Kind.FIGURE:
        return Column(key, kind=kind, **about, **_words(NO_NUMBER))
    return Column(key, kind=kind, **about)


NEEDED = ("results", "self_rating", "next_year_plan")
YES, NO = "yes", "no"
YES_OR_NO = [(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))]
NO_NUMBER = [(state.value, state.label) for state in (FigureState.NOT_KNOWN, FigureState.NOT_APPLICABLE)]
#: Other ways in which people say yes and no.
SAID_OTHERWISE = {
    YES: ("true", "y", "o", "○", "v", "예", "해당"),
    NO: ("false", "n", "x", "×", "아니오", "아니요", "미해당"),
}


def _kind_of(found: forms.Field) -> Kind:
    kinds = ((FigureField, Kind.FIGURE), (DateField, Kind.DATE), (FlagField, Kind.FLAG))
    for sort, kind in kinds:
        if isinstance(found, sort):
            return kind
    if isinstance(found, (ChoiceField, BodyChoiceField)):
        return Kind.CHOICE
    return Kind.PROSE if isinstance(found.widget, forms.Textarea) else Kind.LINE


def _words(choices: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The choices in the present language, and each word for each of them in every language."""
    choices = list(choices)
    words: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words |= {word(label): code for code, label in choices}
    for code, _label in choices:
        words[word(code)] = code
        words |= {word(other): code for other in SAID_OTHERWISE.get(code, ())}
    return {"choices": {code: str(label) for code, label in choices}, "words": words}


def _bodies_column(key: str, found: Any, bodies: Sequence[ImplementingBody]) -> Column:
    words = {word(body.code): body.code for body in bodies}
    for body in bodies:
        for name in body.names.all():
            words |= {word(text): body.code for text in (*name.name.values(), *name.short_name.values()) if text}
    choices = {body.code: str(body) for body in bodies}
    return Column(key, found.label, Kind.CHOICE, found.help_text, choices=choices, words=words)


def _own_column(asked: BodyField) -> Column:
    found = own_field(asked)
    made = _column(str(asked.pk), found)
    if made.kind is not Kind.CHOICE:
        return made
    words = {word(each["code"]): each["code"] for each in asked.choices}
    for each in asked.choices:
        words |= {word(text): each["code"] for text in LocalizedText(each["label"]).values() if text}
    return Column(made.key, made.label, made.kind, made.help, choices=made.choices, words=words)


def _remove() -> Column:
    choice = [(REMOVE, pgettext_lazy("row", "Remove"))]
    help_text = _("Choose “Remove” to take the row away when the workbook is uploaded.")
    return Column(REMOVE, pgettext_lazy("row", "Remove"), Kind.CHOICE, help_text, **_words(choice))
