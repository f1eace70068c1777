"""The tables of a submission's form: activities, indicators, budget lines, and what a body asks itself."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries import currencies, warnings
from ministries.content_tables import pairs
from ministries.enums import Account, ActivityKind, BodyFieldKind, Phase, Province
from ministries.figures import LARGEST_AMOUNT, Figure
from ministries.forms.fields import (
    NOTHING_CHOSEN,
    ONE_OF_THE_GIVEN,
    ChoiceField,
    Compared,
    ComparedForm,
    DateField,
    FigureField,
    FlagField,
    TextField,
)
from ministries.models import Activity, BodyField, BudgetLine, ImplementingBody, Indicator, IndicatorResult, Submission
from ministries.models.activity import DESCRIPTION_LENGTH
from ministries.models.submission import REASON_LENGTH
from ministries.services.changes import Change, RowChange
from ministries.services.rows import ACTIVITIES, BUDGET
from nap_monitor.lib.forms import AskedRows, typed_date
from nap_monitor.lib.localized import LocalizedText

#: How the fields of the answers to a body's own questions begin.
OWN_PREFIX = "own"
#: The usual ones first; all others by their code.
CURRENCIES = [(code, code) for code in (*currencies.USUAL, *sorted(currencies.CODES - {*currencies.USUAL}))]


class BodyChoiceField(Compared, forms.ChoiceField):
    """Another body, or none. The value is the body itself, as the model has it."""

    default_error_messages = ONE_OF_THE_GIVEN

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bodies: dict[str, ImplementingBody] = {}

    def offer(self, bodies: Sequence[ImplementingBody]) -> None:
        """Let these bodies be chosen."""
        self.bodies = {body.code: body for body in bodies}
        self.choices = [("", _("None")), *((code, str(body)) for code, body in self.bodies.items())]

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, ImplementingBody) else value

    def to_python(self, value: Any) -> Any:
        code = value.code if isinstance(value, ImplementingBody) else super().to_python(value)
        return self.bodies.get(code) if code else None

    def validate(self, value: Any) -> None:
        """What is no body among those offered was refused on the way to it."""

    def clean(self, value: Any) -> Any:
        if value and value not in self.bodies:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


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


class AddedRowForm(RowForm):
    """A row that the body adds itself. The page's script gives a new one its key, under which it is then stored."""

    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class BudgetLineForm(AddedRowForm):
    """A programme with its budget and what was executed, in million won."""

    names = BudgetLine.FIELDS

    account = ChoiceField(label=_("Account"), choices=Account.choices, initial=Account.GENERAL)
    programme = TextField(label=_("Programme"), max_length=200)
    budget = FigureField(label=_("Budget (million won)"), largest=LARGEST_AMOUNT)
    executed = FigureField(label=_("Executed (million won)"), largest=LARGEST_AMOUNT)
    gender_responsive = FlagField(label=_("Gender-responsive budget"))
    passed_on_from = BodyChoiceField(
        label=_("Passed on from"), help_text=_("The body that has this money in its own budget. It is not added twice.")
    )

    def __init__(self, *args: Any, bodies: Sequence[ImplementingBody] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passed_on_from"].offer(bodies)  # type: ignore[attr-defined]

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
    women = FigureField(label=_("Women"), unit=_("persons"))
    men = FigureField(label=_("Men"), unit=_("persons"))
    source = TextField(label=_("Source"), max_length=300)
    reason = TextField(label=_("Reason (if not known)"), max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        actual = cleaned.get("actual", Figure())
        if actual.state == "not-known" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why the figure is not known."))
        return cleaned


class ActivityForm(AddedRowForm):
    """What was done, when, where, with whom and for how many."""

    names = Activity.FIELDS

    kind = ChoiceField(label=_("Kind of activity"), choices=[NOTHING_CHOSEN, *ActivityKind.choices])
    title = TextField(label=pgettext_lazy("activity", "Title"), max_length=200)
    date = DateField(label=_("Date"))
    end_date = DateField(label=_("Last day"))
    place = TextField(label=_("Place"), max_length=200)
    province = ChoiceField(label=_("Province"), choices=[NOTHING_CHOSEN, *Province.choices])
    partners = TextField(label=_("Partners"), max_length=500)
    women = FigureField(label=_("Women"), unit=_("persons"))
    men = FigureField(label=_("Men"), unit=_("persons"))
    contribution = FigureField(label=_("Contribution"))
    currency = ChoiceField(label=_("Currency"), choices=CURRENCIES, initial=currencies.DEFAULT)
    phase = ChoiceField(label=_("Project phase"), choices=[NOTHING_CHOSEN, *Phase.choices])
    description = TextField(
        label=_("Description"), max_length=DESCRIPTION_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = any(self[name].data for name in ("date", "description", "place", "partners"))
        if given and not cleaned.get("title") and "title" not in self.errors and not cleaned.get("DELETE"):
            self.add_error("title", _("Name the activity."))
        return cleaned

    @property
    def row_name(self) -> str:
        """What the folded row is called: its day and title as they stand in the form."""
        day, title = self["date"].value(), self["title"].value()
        if isinstance(day, dt.date):
            day = typed_date(day)
        return " · ".join(str(part) for part in (day, title) if part)


class OwnAnswerForm(RowForm):
    """The answer to a field of the body's own, of the kind that the field asks for."""

    names = ("value",)

    def __init__(self, *args: Any, asked: Mapping[str, BodyField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = asked.get(str(self["key"].value() or ""))
        self.fields["value"] = own_field(about)
        if about is not None and about.is_required:
            self.fields["value"].needed = True  # type: ignore[attr-defined]


def own_field(asked: BodyField | None) -> forms.Field:
    """The form field for a question of the body's own. One that is no longer asked is refused when it is saved."""
    if asked is None:
        return TextField(label=_("Answer"), max_length=REASON_LENGTH)
    about: dict[str, Any] = {"label": str(asked.label), "help_text": str(asked.help)}
    if asked.kind == BodyFieldKind.NUMBER:
        return FigureField(**about, may_be_negative=True)
    if asked.kind == BodyFieldKind.DATE:
        return DateField(**about)
    if asked.kind == BodyFieldKind.CHOICE:
        choices = [(each["code"], str(LocalizedText(each["label"]))) for each in asked.choices]
        return ChoiceField(**about, choices=[NOTHING_CHOSEN, *choices])
    return TextField(**about, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}))


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
                client_key = form.cleaned_data.get("client_key")
                found.append(RowChange(key=key, changes=changes, delete=removed, client_key=client_key))
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
ActivityFormSet = formset_factory(
    ActivityForm,
    formset=RowFormSet,
    extra=0,
    can_delete=True,
    max_num=ACTIVITIES.most,
    absolute_max=ACTIVITIES.most + 50,
    validate_max=True,
)
OwnAnswerFormSet = formset_factory(OwnAnswerForm, formset=RowFormSet, extra=0, max_num=200, absolute_max=200)
IndicatorFormSet = formset_factory(IndicatorResultForm, formset=RowFormSet, extra=0, max_num=200, absolute_max=200)


def budget_rows(submission: Submission) -> list[dict[str, Any]]:
    """The stored budget lines as rows of the form."""
    return [
        {"key": line.pk, **{name: getattr(line, name) for name in BudgetLine.FIELDS}}
        for line in submission.budget_lines.select_related("passed_on_from")
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


def activity_rows(submission: Submission) -> list[dict[str, Any]]:
    """The stored activities as rows of the form."""
    return [
        {"key": each.pk, **{name: getattr(each, name) for name in Activity.FIELDS}}
        for each in submission.activities.all()
    ]


def own_answer_rows(submission: Submission) -> list[dict[str, Any]]:
    """A row for each field of the body's own that is asked for, with what is stored."""
    return [{"key": asked.pk, "value": answer.value if answer else None} for asked, answer in submission.own_answers]
