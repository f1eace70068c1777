"""The form of an indicator."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from ministries.enums import Direction
from ministries.figures import Figure
from ministries.forms.fields import ChoiceField, Compared, ComparedForm, FigureField, TextField
from ministries.forms.submission import show_conflicts
from ministries.models import Assignment, Indicator
from ministries.services.indicators import (
    CODE,
    CODE_SENTENCE,
    COMPUTATION_LENGTH,
    NAME_LENGTH,
    UNIT_LENGTH,
    needed_language,
)
from ministries.services.submissions import Change, Conflict, SaveResult
from ministries.workflow import Refused
from objectives.models import ActionPlan

CODE_LENGTH: int = Indicator._meta.get_field("code").max_length or 0
SOURCE_LENGTH: int = Indicator._meta.get_field("source").max_length or 0
PLAIN = ("code", "direction", "baseline", "baseline_year", "source")


class YearField(Compared, forms.IntegerField):
    """A year."""


class IndicatorForm(ComparedForm):
    """What is measured, in which unit, from which baseline, and which bodies report on it."""

    code = TextField(
        label=_("Code"),
        max_length=CODE_LENGTH,
        required=True,
        help_text=_("Short and lasting, such as I1. It stays once a body has reported on it."),
    )
    direction = ChoiceField(label=_("Direction"), choices=Direction.choices, initial=Direction.MORE, required=True)
    baseline = FigureField(label=_("Baseline"), may_be_negative=True)
    baseline_year = YearField(label=_("Year of the baseline"), min_value=1950, max_value=2100)
    source = TextField(label=_("Source"), max_length=SOURCE_LENGTH)
    assignment = ChoiceField(label=_("Bodies that report on it"))

    def __init__(
        self,
        *args: Any,
        action_plan: ActionPlan,
        carriers: Iterable[tuple[str, Any, Assignment]],
        indicator: Indicator | None = None,
        is_for_all: bool = True,
        **kwargs: Any,
    ) -> None:
        """``carriers``: the bodies of whom it may be; ``is_for_all``: it may be of all of them together."""
        carriers = list(carriers)
        self.assignments: Mapping[str, Assignment] = {code: assignment for code, _name, assignment in carriers}
        needed = needed_language(action_plan, settings.LANGUAGE_CODE)
        self.languages = [needed, *(language for language in action_plan.plan.title if language != needed)]
        super().__init__(*args, initial=self._stored(indicator) if indicator else {}, **kwargs)
        for language in self.languages:
            named = {"language": _language_name(language)}
            self.fields[f"name_{language}"] = TextField(
                label=_("Name (%(language)s)") % named, max_length=NAME_LENGTH, required=language == needed
            )
            self.fields[f"unit_{language}"] = TextField(
                label=_("Unit (%(language)s)") % named,
                max_length=UNIT_LENGTH,
                help_text=_("Such as %, persons, cases."),
            )
            self.fields[f"computation_{language}"] = TextField(
                label=_("Way of computing (%(language)s)") % named,
                max_length=COMPUTATION_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.years = list(action_plan.plan.years)
        for year in self.years:
            self.fields[f"target_{year}"] = FigureField(
                label=_("Target %(year)s") % {"year": year}, may_be_negative=True
            )
        for_all = [("", _("All bodies of the action plan"))] if is_for_all else []
        self.fields["assignment"].required = not is_for_all
        self.fields["assignment"].choices = [  # type: ignore[attr-defined]
            *for_all,
            *((code, str(name)) for code, name, _assignment in carriers),
        ]
        self._ask_a_body_less(carriers, is_for_all=is_for_all, is_new=indicator is None)
        texts = [f"{field}_{language}" for field in ("name", "unit") for language in self.languages]
        ways = [f"computation_{language}" for language in self.languages]
        targets = [f"target_{year}" for year in self.years]
        self.order_fields(["code", *texts, "assignment", "direction", *ways, "baseline", "baseline_year", *targets])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What is measured"),
                "code",
                *(f"name_{language}" for language in self.languages),
                Row(*(f"unit_{language}" for language in self.languages)),
                "assignment",
            ),
            Fieldset(_("How it is computed"), "direction", *ways),
            Fieldset(_("Baseline"), Row("baseline", "baseline_year"), "source"),
            Fieldset(_("Targets by year"), Row(*targets)),
        )

    def _ask_a_body_less(self, carriers: list[Any], *, is_for_all: bool, is_new: bool) -> None:
        """A body's own indicator needs no code of the body's making, and is of that body where there is but one."""
        if is_for_all:
            return
        if is_new:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Left empty, it gets the body's code with a number.")
        if len(carriers) == 1:
            self.fields["assignment"].initial = carriers[0][0]
            self.fields["assignment"].widget = forms.HiddenInput()

    @property
    def only_body(self) -> Any:
        """The body whose own it is, where nothing else may be chosen."""
        field = self.fields["assignment"]
        return field.choices[0][1] if field.widget.is_hidden else ""  # type: ignore[attr-defined]

    def _stored(self, indicator: Indicator) -> dict[str, Any]:
        plain = {name: getattr(indicator, name) for name in PLAIN}
        texts = {
            f"{field}_{language}": getattr(indicator, field).get(language, "")
            for field in ("name", "unit", "computation")
            for language in self.languages
        }
        targets = {f"target_{row.year}": row.target for row in indicator.targets.all()}
        only = indicator.assignment.body.code if indicator.assignment else ""
        return {**plain, **texts, **targets, "assignment": only}

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code and not CODE.fullmatch(code):
            raise forms.ValidationError(CODE_SENTENCE)
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        baseline = cleaned.get("baseline", Figure())
        if cleaned.get("baseline_year") and baseline.is_empty and "baseline" not in self.errors:
            self.add_error("baseline", _("Give the baseline of this year, or leave the year empty."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service makes a new indicator of."""
        return {**self.cleaned_data, "assignment": self.assignments.get(self.cleaned_data["assignment"])}

    def changes(self) -> dict[str, Change]:
        """The changed fields, each with the value it started from."""
        values = self.values()
        found = {name: Change(self.base_of(name), values[name]) for name in self.changed_data}
        if "assignment" in found:
            base = self.assignments.get(self.base_of("assignment"))
            found["assignment"] = Change(base, values["assignment"])
        return found

    def refuse(self, error: Refused) -> None:
        """Put what the service says beside the field it is about."""
        self.add_error(error.field if error.field in self.fields else None, str(error.message))

    def show_conflicts(self, result: SaveResult) -> None:
        """Show both values of each field that somebody else changed meanwhile."""
        show_conflicts(self, map(_with_code, result.conflicts), by=result.other, at=result.at)


def _with_code(conflict: Conflict) -> Conflict:
    """The conflict with what the form holds: the body's code instead of the assignment."""
    if conflict.name != "assignment":
        return conflict
    stored, mine = (each.body.code if each else "" for each in (conflict.stored, conflict.mine))
    return replace(conflict, stored=stored, mine=mine)


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
