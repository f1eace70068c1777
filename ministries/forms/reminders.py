"""The forms of the reminders: their stages, the address of a body, and what a coordinator sends by hand."""

import uuid
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.enums import Delivery, Occasion, ReminderTo
from ministries.forms.fields import NOTHING_CHOSEN
from ministries.forms.people import ServiceForm
from ministries.models.reminder import SUBJECT_LENGTH, TEXT_LENGTH
from ministries.services.reminder_rules import MOST_DAYS, MOST_RULES, Stage, mark_of
from nap_monitor.lib.forms import AskedRows

BEFORE, AFTER = "before", "after"


class RuleForm(forms.Form):
    """A stage of the reminders."""

    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=MOST_DAYS)
    when = forms.ChoiceField(
        label=pgettext_lazy("of a reminder", "When"),
        choices=[(BEFORE, _("before the due date")), (AFTER, _("after the due date"))],
        initial=BEFORE,
    )
    recipient = forms.ChoiceField(label=_("Recipient"), choices=[NOTHING_CHOSEN, *ReminderTo.choices])

    @property
    def stage(self) -> Stage:
        """The days after the due date (negative: before it), and to whom."""
        days = self.cleaned_data["days"]
        return (-days if self.cleaned_data["when"] == BEFORE else days, self.cleaned_data["recipient"])


class RuleRows(AskedRows):
    """The stages of a round."""

    title = _("Stages")

    def clean(self) -> None:
        """No stage twice."""
        stages = self.stages() if not any(self.errors) else []
        if len(set(stages)) != len(stages):
            raise ValidationError(_("The same stage stands there twice."))

    def stages(self) -> list[Stage]:
        """What was sent: rows without anything in them, and removed ones, left out."""
        filled = [form for form in self.forms if form.has_changed() or form.initial]
        return [form.stage for form in filled if form not in self.deleted_forms and "days" in form.cleaned_data]


RuleFormSet: type[RuleRows] = formset_factory(  # type: ignore[assignment]
    RuleForm, formset=RuleRows, extra=1, can_delete=True, max_num=MOST_RULES, absolute_max=MOST_RULES + 10
)


class RulesForm(forms.Form):
    """The stages with the mark of those that the writer saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, stages: list[Stage], **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": mark_of(stages)}
        super().__init__(*args, **kwargs)
        initial = [
            {"days": abs(days), "when": BEFORE if days < 0 else AFTER, "recipient": recipient}
            for days, recipient in stages
        ]
        self.rows = RuleFormSet(self.data if self.is_bound else None, prefix="stages", initial=initial)
        self.formsets = [self.rows]

    def is_valid(self) -> bool:
        """With the rows."""
        return all([super().is_valid(), self.rows.is_valid()])


class EscalationForm(ServiceForm):
    """The office of a body that is told of what stays late."""

    address = forms.EmailField(
        label=_("Escalation address"),
        required=False,
        help_text=_("Of an office, not of a person, such as that of the department. Left empty, nobody is told."),
    )


class LogFilterForm(forms.Form):
    """The filters above the log; a value that is no choice filters nothing."""

    body = forms.ChoiceField(label=_("Implementing body"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Delivery.choices])

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("All")), *((code, str(name)) for code, name in bodies)]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """What was asked for, as the selector takes it."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("body", "state")}


class SendForm(ServiceForm):
    """What a coordinator sends by hand: a reminder of what is awaited, or a message of the coordinator's own."""

    what = forms.ChoiceField(
        label=_("What is sent"),
        choices=[
            (Occasion.MANUAL.value, _("Reminder with the submissions awaited")),
            (Occasion.MESSAGE.value, _("Message of your own")),
        ],
        initial=Occasion.MANUAL.value,
        widget=forms.RadioSelect,
    )
    recipient = forms.MultipleChoiceField(
        label=pgettext_lazy("of an e-mail", "To"),
        choices=ReminderTo.choices,
        initial=[ReminderTo.FOCAL_POINT.value],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one recipient.")},
    )
    body = forms.MultipleChoiceField(
        label=_("Bodies"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one body.")},
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=SUBJECT_LENGTH, required=False, help_text=_("For a message of your own.")
    )
    text = forms.CharField(
        label=_("Text"), max_length=TEXT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    batch = forms.UUIDField(widget=forms.HiddenInput)
    submission = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(
        self, *args: Any, bodies: Iterable[tuple[str, Any]], submissions: Iterable[str], **kwargs: Any
    ) -> None:
        """``submissions``: those that may be chosen, as ``body:action plan``."""
        kwargs["initial"] = {"batch": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [(code, str(name)) for code, name in bodies]  # type: ignore[attr-defined]
        self.fields["submission"].choices = [(each, each) for each in submissions]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == Occasion.MESSAGE:
            for name, sentence in (("subject", _("Give a subject.")), ("text", _("Write a text."))):
                if not cleaned.get(name, "").strip() and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned

    @property
    def is_message(self) -> bool:
        """Whether it is a message of the coordinator's own."""
        return bool(self.cleaned_data["what"] == Occasion.MESSAGE)
