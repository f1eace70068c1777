"""The form of a field of a body's own, with its choices as rows."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.forms.formsets import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.enums import BodyFieldKind
from ministries.forms.fields import ChoiceField, ComparedForm, FlagField, TextField
from ministries.forms.indicators import YearField
from ministries.forms.submission import show_conflicts
from ministries.models import BodyField
from ministries.services.body_fields import CHOICE_LENGTH, HELP_LENGTH, LABEL_LENGTH, MOST_CHOICES, choices_of_rows
from ministries.services.changes import Change, SaveResult
from ministries.workflow import Refused
from nap_monitor.lib.forms import AskedRows

#: The languages of a field, the needed one first.
LANGUAGES = ("ko", "en")
PLAIN = ("kind", "is_required", "start_year", "end_year")

Choices = Sequence[Mapping[str, Any]]


class ChoiceForm(forms.Form):
    """A choice: its code, which it keeps, and what it is called."""

    code = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    ko = TextField(label=_("Choice (Korean)"), max_length=CHOICE_LENGTH, show_hidden_initial=False)
    en = TextField(label=_("Choice (English)"), max_length=CHOICE_LENGTH, show_hidden_initial=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("en") and not cleaned.get("ko") and not self.errors and not cleaned.get("DELETE"):
            self.add_error("ko", _("Give the choice in Korean too."))
        return cleaned


class ChoiceRows(AskedRows):
    """The choices of a field."""

    title = pgettext_lazy("of a field", "Choices")

    def rows(self) -> list[tuple[str, dict[str, str]]]:
        """Code and texts of each choice that stays; a row without a text counts for nothing."""
        found = []
        for form in self.forms:
            texts = {language: text for language in LANGUAGES if (text := form.cleaned_data.get(language))}
            if texts and not form.cleaned_data.get("DELETE"):
                found.append((form.cleaned_data.get("code", ""), texts))
        return found


ChoiceFormSet: type[ChoiceRows] = formset_factory(  # type: ignore[assignment]
    ChoiceForm, formset=ChoiceRows, extra=2, can_delete=True, max_num=MOST_CHOICES, absolute_max=MOST_CHOICES + 50
)


class BodyFieldForm(ComparedForm):
    """What a body asks of itself, of which kind the answer is, and in which years."""

    label_ko = TextField(label=_("Label (Korean)"), max_length=LABEL_LENGTH, required=True)
    label_en = TextField(label=_("Label (English)"), max_length=LABEL_LENGTH)
    help_ko = TextField(
        label=_("Help (Korean)"), max_length=HELP_LENGTH, help_text=_("A sentence that stands below the field.")
    )
    help_en = TextField(label=_("Help (English)"), max_length=HELP_LENGTH)
    kind = ChoiceField(
        label=_("Kind of answer"),
        choices=BodyFieldKind.choices,
        initial=BodyFieldKind.TEXT,
        required=True,
        widget=forms.RadioSelect,
        help_text=_("It stays once the field has been answered."),
    )
    is_required = FlagField(
        label=_("Needed for the sign-off"), help_text=_("A submission without an answer can't be signed off.")
    )
    start_year = YearField(label=_("First year"), min_value=1950, max_value=2100)
    end_year = YearField(
        label=pgettext_lazy("of a field", "Last year"),
        min_value=1950,
        max_value=2100,
        help_text=_("After this year it is no longer asked for. Left empty, it goes on."),
    )
    #: The choices that the writer saw.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        field: BodyField | None = None,
        is_fixed: bool = False,
        year: int | None = None,
        choices: Choices | None = None,
        **kwargs: Any,
    ) -> None:
        """``is_fixed``: its kind stays; ``year``: the first one of a new field; ``choices``: other ones to be shown."""
        stored: Choices = field.choices if field else []
        kwargs["initial"] = {"seen": json.dumps(stored), "start_year": year, **(_stored(field) if field else {})}
        super().__init__(*args, **kwargs)
        self.is_fixed = is_fixed
        if is_fixed:
            del self.fields["kind"]
        self.stored_kind = field.kind if field else ""
        shown = stored if choices is None else choices
        data = self.data if self.is_bound else None
        self.choices = ChoiceFormSet(data, prefix="choices", initial=[{"code": c["code"], **c["label"]} for c in shown])
        self.formsets = [self.choices]

    def _helper(self, *parts: Any) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.form_show_errors = False  # the page itself says so once
        helper.disable_csrf = True
        helper.layout = Layout(*parts)
        return helper

    @property
    def about(self) -> FormHelper:
        """The part above the choices."""
        kind = ["kind"] if "kind" in self.fields else []
        texts = (Row("label_ko", "label_en"), Row("help_ko", "help_en"))
        return self._helper("seen", Fieldset(_("What is asked"), *texts, *kind))

    @property
    def years(self) -> FormHelper:
        """The part below them."""
        return self._helper(Fieldset(_("When it is asked"), "is_required", Row("start_year", "end_year")))

    @property
    def has_choices(self) -> bool:
        """Whether choices may be asked for: not where the kind is fixed to another one."""
        return "kind" in self.fields or self.stored_kind == BodyFieldKind.CHOICE

    @property
    def is_choice(self) -> bool:
        """Whether the answer is one of choices, as the form was sent."""
        return bool(self.cleaned_data.get("kind", self.stored_kind) == BodyFieldKind.CHOICE)

    def is_valid(self) -> bool:
        """With the choices, where there are any to be judged."""
        valid: bool = super().is_valid()
        # What was typed into choices counts for nothing where the answer is of another kind.
        self.formsets = [self.choices] if self.is_choice else []
        return all([valid, *(rows.is_valid() for rows in self.formsets)])

    def values(self) -> dict[str, Any]:
        """What the service makes a new field of."""
        given = {name: self.cleaned_data[name] for name in self.fields if name != "seen"}
        return {**given, **({"choices": choices_of_rows(self.choices.rows())} if self.is_choice else {})}

    def changes(self) -> dict[str, Change]:
        """The changed parts, each with the value it started from; the choices as one."""
        names = [name for name in self.changed_data if name != "seen"]
        found = {name: Change(self.base_of(name), self.cleaned_data[name]) for name in names}
        if self.is_choice:
            seen = self.seen_choices()
            new = choices_of_rows(self.choices.rows(), seen)
            if new != seen:
                found["choices"] = Change(seen, new)
        return found

    def seen_choices(self) -> list[Any]:
        """The choices from which the writer started."""
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "[]")
        except ValueError:
            return []
        is_list = isinstance(seen, list) and all(
            isinstance(each, dict) and isinstance(each.get("code"), str) for each in seen
        )
        return seen if is_list else []

    def refuse(self, error: Refused) -> None:
        """Put what the service says beside the field it is about."""
        names = (error.field, f"{error.field}_{LANGUAGES[0]}")
        self.add_error(next((name for name in names if name in self.fields), None), str(error.message))

    def show_conflicts(self, result: SaveResult) -> None:
        """Show both values of each part that somebody else changed meanwhile."""
        told: dict[str, Any] = {"by": result.other, "at": result.at}
        show_conflicts(self, [each for each in result.conflicts if each.name != "choices"], **told)
        for each in result.conflicts:
            if each.name == "choices":
                self.conflicts["choices"] = {"stored": _lines(each.stored), "mine": _lines(each.mine), **told}


def _stored(field: BodyField) -> dict[str, Any]:
    texts = {f"{name}_{code}": getattr(field, name).get(code, "") for name in ("label", "help") for code in LANGUAGES}
    return {**texts, **{name: getattr(field, name) for name in PLAIN}}


def _lines(choices: Choices) -> str:
    return "\n".join(" / ".join(each["label"].values()) for each in choices)
