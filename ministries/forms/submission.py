"""The form of a submission: its texts, its budget lines and its indicator results, with what each started from."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ministries import fields, warnings
from ministries.content_tables import pairs
from ministries.enums import Account, Disclosure, FigureState, Rating
from ministries.figures import LARGEST_AMOUNT, Figure, shown_text
from ministries.forms.fields import NOTHING_CHOSEN, ChoiceField, ComparedForm, FigureField, FlagField, TextField
from ministries.models import BudgetLine, Indicator, IndicatorResult, Submission
from ministries.services.rows import BUDGET
from ministries.services.submissions import Change, RowChange
from nap_monitor.lib.forms import AskedRows

NEEDED = ("results", "self_rating", "next_year_plan")


def _limit(name: str) -> int | None:
    limit: int | None = getattr(Submission._meta.get_field(name), "max_length", None)
    return limit


def _text_area(name: str, rows: int) -> TextField:
    field = fields.BY_NAME[name]
    limit = _limit(name)
    return TextField(
        label=field.label, help_text=field.help, max_length=limit, widget=forms.Textarea(attrs={"rows": rows})
    )


def _line(name: str) -> TextField:
    field = fields.BY_NAME[name]
    limit = _limit(name)
    return TextField(label=field.label, help_text=field.help, max_length=limit)


class SubmissionForm(ComparedForm):
    """What a body writes in words. Nothing is required to save; what signing off needs is told beside the field."""

    department = _line("department")
    disclosure = ChoiceField(
        label=fields.BY_NAME["disclosure"].label,
        help_text=fields.BY_NAME["disclosure"].help,
        choices=Disclosure.choices,
        required=True,
    )
    disclosure_ground = _line("disclosure_ground")
    this_year_plan = _text_area("this_year_plan", 4)
    results = _text_area("results", 10)
    self_rating = ChoiceField(label=fields.BY_NAME["self_rating"].label, choices=[NOTHING_CHOSEN, *Rating.choices])
    self_rating_reason = _text_area("self_rating_reason", 3)
    shortcomings = _text_area("shortcomings", 5)
    improvement_measures = _text_area("improvement_measures", 5)
    next_year_plan = _text_area("next_year_plan", 5)
    consultation = _text_area("consultation", 4)
    consultation_outcome = _text_area("consultation_outcome", 3)
    recommendations_action = _text_area("recommendations_action", 4)
    related = _text_area("related", 3)
    gender_impact_assessment = _text_area("gender_impact_assessment", 3)
    no_budget_needed = FlagField(label=fields.BY_NAME["no_budget_needed"].label)

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        stored = {field.name: getattr(submission, field.name) for field in fields.FIELDS}
        kwargs["initial"] = {**stored, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.previous: dict[str, str] = {}
        self.remarks: dict[str, list[Any]] = {}
        for name in NEEDED:
            self.fields[name].needed = True  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Change]:
        """The changed fields, each with the value it started from."""
        return {name: Change(self.base_of(name), self.cleaned_data[name]) for name in self.changed_data}

    @staticmethod
    def part(*names: str) -> FormHelper:
        """How these fields are laid out: the page shows the form in parts, with the tables between them."""
        helper = FormHelper()
        helper.form_tag = False
        helper.form_show_errors = False  # the page itself says so once
        helper.disable_csrf = True
        helper.layout = Layout(*names)
        return helper

    @property
    def handling(self) -> FormHelper:
        """Department and disclosure."""
        return self._section("handling")

    @property
    def narrative(self) -> FormHelper:
        """This year's plan and results."""
        return self._section("plan", "results")

    @property
    def assessment(self) -> FormHelper:
        """Self-rating and shortcomings."""
        return self._section("assessment")

    @property
    def next_year(self) -> FormHelper:
        """Improvement measures, the plan for next year, and what else there is to say."""
        return self._section("next", "consultation", "recommendations", "links")

    def _section(self, *sections: str) -> FormHelper:
        helper = self.part()
        helper.layout = Layout(
            *(
                Fieldset(str(fields.SECTIONS[section]), *(field.name for field in fields.in_section(section)))
                for section in sections
            )
        )
        return helper


class RowForm(ComparedForm):
    """A row of a table; ``key`` says which stored row it is, nothing for a new one."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    #: The model's fields that the row shows.
    names: tuple[str, ...] = ()

    def row_changes(self) -> dict[str, Change]:
        """The changed fields of the row; for a removed row all of them, so that it goes only unchanged.

        What else was typed into a removed row counts for nothing, right or wrong.
        """
        removed = self.cleaned_data.get("DELETE", False)
        wanted = self.names if removed else [name for name in self.names if name in self.changed_data]
        return {name: Change(self.base_of(name), self.cleaned_data.get(name)) for name in wanted}


class BudgetLineForm(RowForm):
    """A programme with its budget and what was executed, in million won."""

    names = tuple(name for name in BudgetLine.FIELDS if name != "passed_on_from")

    account = ChoiceField(label=_("Account"), choices=Account.choices, initial=Account.GENERAL)
    programme = TextField(label=_("Programme"), max_length=200)
    budget = FigureField(label=_("Budget (million won)"), largest=LARGEST_AMOUNT)
    executed = FigureField(label=_("Executed (million won)"), largest=LARGEST_AMOUNT)
    gender_responsive = FlagField(label=_("Gender-responsive budget"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        budget, executed = cleaned.get("budget", Figure()), cleaned.get("executed", Figure())
        given = not budget.is_empty or not executed.is_empty
        if given and not cleaned.get("programme") and "programme" not in self.errors and not cleaned.get("DELETE"):
            self.add_error("programme", _("Name the programme of this amount."))
        if warning := over_budget(budget, executed):
            self.warnings["executed"] = warning
        return cleaned


def over_budget(budget: Figure, executed: Figure) -> str | Promise:
    """The warning (not an error) where more was executed than budgeted; empty otherwise."""
    return warnings.SENTENCES[warnings.OVER_BUDGET] if warnings.is_over_budget(budget, executed) else ""


class IndicatorResultForm(RowForm):
    """What a body reports on one indicator."""

    names = IndicatorResult.FIELDS

    target = FigureField(label=_("Target"), may_be_negative=True)
    actual = FigureField(label=_("Actual"), may_be_negative=True)
    numerator = FigureField(label=_("Numerator"), may_be_negative=True)
    denominator = FigureField(label=_("Denominator"), may_be_negative=True)
    source = TextField(label=_("Source"), max_length=300)
    reason = TextField(label=_("Reason (if not known)"), max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        actual = cleaned.get("actual", Figure())
        if actual.state == "not-known" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why the figure is not known."))
        return cleaned


class RowFormSet(AskedRows):
    """Rows of a table; an untouched new row counts for nothing."""

    def row_changes(self) -> list[RowChange]:
        """The changes of all rows that were touched."""
        found = []
        for form in self.forms:
            changes = form.row_changes() if form.has_changed() else {}
            removed = form.cleaned_data.get("DELETE", False)
            key: uuid.UUID | None = form.cleaned_data.get("key")
            if changes and not (removed and key is None):
                found.append(RowChange(key=key, changes=changes, delete=removed))
        return found


BudgetFormSet = formset_factory(
    BudgetLineForm,
    formset=RowFormSet,
    extra=1,
    can_delete=True,
    max_num=BUDGET.most,
    absolute_max=BUDGET.most + 50,
    validate_max=True,
)
IndicatorFormSet = formset_factory(IndicatorResultForm, formset=RowFormSet, extra=0, max_num=200, absolute_max=200)


def budget_rows(submission: Submission) -> list[dict[str, Any]]:
    """The stored budget lines as rows of the form."""
    return [
        {"key": line.pk, **{name: getattr(line, name) for name in BudgetLine.FIELDS}}
        for line in submission.budget_lines.all()
    ]


def indicator_rows(submission: Submission) -> list[dict[str, Any]]:
    """A row for each indicator that is asked for, with what is stored."""
    return [
        {"key": indicator.pk, **{name: getattr(result or IndicatorResult(), name) for name in IndicatorResult.FIELDS}}
        for indicator, result in pairs(submission)
    ]


def name_indicators(formset: BaseFormSet, indicators: Mapping[uuid.UUID, Indicator]) -> None:  # type: ignore[type-arg]
    """Tell each row which indicator it is about."""
    for form in formset.forms:
        value = form["key"].value()
        try:
            form.indicator = indicators.get(uuid.UUID(str(value)))
        except ValueError:
            form.indicator = None
        form.row_name = str(form.indicator.name) if form.indicator else ""


def show_conflicts(form: ComparedForm, conflicts: Iterable[Any], *, by: str, at: Any) -> None:
    """Show both values of each field in conflict: the writer's in the field, the stored one beside it.

    Where one of the two removed the row, that stands in the place of a value; the writer's own removal stays ticked.
    """
    for conflict in conflicts:
        if conflict.is_removal:
            form.initial["DELETE"] = True
        else:
            form.initial[conflict.name] = conflict.mine
        form.bases[conflict.name] = conflict.stored
        form.conflicts[conflict.name] = {
            "stored": _("Delete") if conflict.stored is None else shown(form, conflict.name, conflict.stored),
            "mine": _("Delete") if conflict.is_removal else shown(form, conflict.name, conflict.mine),
            "by": by,
            "at": at,
        }


def shown(form: ComparedForm, name: str, value: Any) -> Any:
    """A field's value as a reader sees it."""
    if isinstance(value, Figure):
        if value.value is not None:
            return shown_text(value.value)
        return FigureState(value.state).label
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(getattr(form.fields[name], "choices", []))
    return choices.get(value, value)
