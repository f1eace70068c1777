"""The form of a submission: its texts, and its remarks on warnings, with what each started from."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from ministries import fields
from ministries.enums import Disclosure, FigureState, Rating
from ministries.figures import Figure, shown_text
from ministries.forms.fields import NOTHING_CHOSEN, ChoiceField, ComparedForm, FlagField, TextField
from ministries.models import Submission
from ministries.models.warning_remark import REMARK_LENGTH
from ministries.services.submissions import Change
from ministries.warnings import Caution
from nap_monitor.lib.forms import typed_date

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

    def __init__(
        self, *args: Any, submission: Submission, sections: Collection[str] = fields.SECTIONS, **kwargs: Any
    ) -> None:
        stored = {field.name: getattr(submission, field.name) for field in fields.FIELDS}
        kwargs["initial"] = {**stored, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.previous: dict[str, str] = {}
        self.remarks: dict[str, list[Any]] = {}
        self.changed: dict[str, Any] = {}
        for field in fields.FIELDS:
            if field.section not in sections:
                del self.fields[field.name]
        for name in NEEDED:
            if name in self.fields:
                self.fields[name].needed = True  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Change]:
        """The changed fields, each with the value it started from."""
        return {name: Change(self.base_of(name), self.cleaned_data[name]) for name in self.changed_data}

    def section(self, key: str) -> FormHelper:
        """How the fields of a section are laid out: the page shows the form in parts, with the tables between them."""
        helper = FormHelper()
        helper.form_tag = False
        helper.form_show_errors = False  # the page itself says so once
        helper.disable_csrf = True
        helper.layout = Layout(*(field.name for field in fields.in_section(key) if field.name in self.fields))
        return helper


class RemarksForm(ComparedForm):
    """The body's remarks on the warnings of a step, a field for each."""

    def __init__(self, *args: Any, cautions: Sequence[Caution], stored: Mapping[str, str], **kwargs: Any) -> None:
        self.keys = {f"remark-{number}": caution.key for number, caution in enumerate(cautions)}
        kwargs["initial"] = {name: stored.get(key, "") for name, key in self.keys.items()}
        super().__init__(*args, **kwargs)
        for name, caution in zip(self.keys, cautions, strict=True):
            self.fields[name] = TextField(
                label=_("Remark on: %(what)s") % {"what": caution.label},
                max_length=REMARK_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            # A warning may come or go between the reading and the sending: its remark is named by its key.
            self.fields[f"{name}-key"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=caution.key)

    def changes(self) -> dict[str, Change]:
        """The changed remarks by the key of their warning."""
        return {
            self.cleaned_data.get(f"{name}-key") or key: Change(self.base_of(name), self.cleaned_data[name])
            for name, key in self.keys.items()
            if name in self.changed_data
        }


def show_conflicts(form: ComparedForm, conflicts: Iterable[Any], *, by: str = "", at: Any = None) -> None:
    """Show both values of each field in conflict: the writer's in the field, the stored one beside it.

    Where one of the two removed the row, that stands in the place of a value; the writer's own removal stays ticked.
    ``by`` and ``at`` are for conflicts that do not say themselves who saved the stored value.
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
            "by": conflict.by or by,
            "at": conflict.at or at,
            "is_own": conflict.is_own,
        }


def shown(form: ComparedForm, name: str, value: Any) -> Any:
    """A field's value as a reader sees it."""
    if isinstance(value, Figure):
        if value.value is not None:
            return shown_text(value.value)
        return FigureState(value.state).label
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return typed_date(value)
    choices = dict(getattr(form.fields[name], "choices", []))
    return choices.get(value, value)
