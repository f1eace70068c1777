"""The forms of the workflow's steps, by the step's name."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.formsets import formset_factory
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ministries import fields
from ministries.enums import Visibility
from ministries.forms.fields import NOTHING_CHOSEN
from ministries.models import ReviewComment, Submission
from ministries.models.submission import REASON_LENGTH
from ministries.services.transitions import DOCUMENT_NUMBER_LENGTH
from ministries.workflow import proposed_due_date
from nap_monitor.lib.forms import AskedRows, DateField


def reason_field(**kwargs: Any) -> forms.CharField:
    """A reason: needed, and not endless."""
    kwargs.setdefault("label", _("Reason"))
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=REASON_LENGTH, **kwargs)


def propose_due_date(form: "StepForm") -> None:
    """A week at least, where the due date has passed or the period closes sooner; the coordinator may type another."""
    if day := proposed_due_date(form.submission):
        form.initial["due_date"] = day


class StepForm(forms.Form):
    """A step without questions. ``step`` is the count of steps that the person is looking at."""

    step = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        kwargs["initial"] = {"step": submission.step, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.submission = submission
        self.formsets: list[AskedRows] = []
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def asks_for_row(self) -> bool:
        """Whether a button sent the form that only adds a row to it."""
        return any(rows.asks_for_row for rows in self.formsets)

    def arguments(self) -> dict[str, Any]:
        """What the step's service is called with."""
        return dict(self.cleaned_data)


class ReasonForm(StepForm):
    """A step that needs a reason."""

    reason = reason_field()


class OfficialDocument(forms.Form):
    """The number and date of the official document, where there is one."""

    document_number = forms.CharField(label=_("Document number"), max_length=DOCUMENT_NUMBER_LENGTH, required=False)
    document_date = DateField(label=_("Document date"), required=False)


class SubmitForm(OfficialDocument, StepForm):
    """Submitting, with the official document."""


class RemarkForm(forms.Form):
    """A remark about one field."""

    field = forms.ChoiceField(label=_("Field"), choices=[NOTHING_CHOSEN, *fields.REMARKABLE.items()], required=False)
    text = forms.CharField(
        label=_("Review comment"), widget=forms.Textarea(attrs={"rows": 2}), max_length=REASON_LENGTH, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("text") and not cleaned.get("field"):
            self.add_error("field", _("Choose the field that this remark is about."))
        if cleaned.get("field") and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write the remark, or choose no field."))
        return cleaned


class RemarkRows(AskedRows):
    """Remarks by field."""

    title = _("Remarks by field")


RemarkFormSet: type[RemarkRows] = formset_factory(  # type: ignore[assignment]
    RemarkForm, formset=RemarkRows, extra=0, max_num=30, absolute_max=30
)


class KeysField(forms.MultipleChoiceField):
    """Boxes to tick, of which some may be gone by the time that they are sent: the service takes what is there."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """Any key."""
        try:
            uuid.UUID(value)
        except ValueError:
            return False
        return True


class ReturnForm(StepForm):
    """Returning: the reason, a new due date where it is late, internal remarks to go along, remarks by field."""

    reason = reason_field()
    due_date = DateField(
        label=_("New due date"),
        required=False,
        help_text=_("Needed where the due date has passed: an exception for this submission only."),
    )
    along = KeysField(
        label=_("Send along remarks of the coordinators"),
        required=False,
        help_text=_("So far only coordinators read them. The body reads those that are ticked, for good."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        propose_due_date(self)
        data = self.data if self.is_bound else None
        internal = self.submission.comments.open().filter(visibility=Visibility.COORDINATORS)
        asked: Any = self.fields["along"]
        asked.choices = [(str(each.pk), _in_short(each)) for each in internal]
        if not asked.choices:
            del self.fields["along"]
        self.remarks = RemarkFormSet(data=data, prefix="remarks")
        self.formsets = [self.remarks]

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.remarks.is_valid()])

    def arguments(self) -> dict[str, Any]:
        """With the remarks; several about one field become one."""
        comments: dict[str, str] = {}
        for form in self.remarks.forms:
            name, text = form.cleaned_data.get("field"), form.cleaned_data.get("text")
            if name and text:
                comments[name] = f"{comments[name]}\n\n{text}" if name in comments else text
        along = [uuid.UUID(key) for key in self.cleaned_data.get("along", ())]
        return {**super().arguments(), "comments": comments, "along": along}


def _in_short(remark: ReviewComment) -> str:
    return f"{fields.REMARKABLE.get(remark.field, remark.field)}: {Truncator(remark.text).chars(160)}"


class ReopenForm(StepForm):
    """Reopening: the reason and, after closing, a new due date."""

    reason = reason_field()
    due_date = DateField(label=_("New due date"), required=False, help_text=_("Needed after the round has closed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        propose_due_date(self)


class ExtendForm(forms.Form):
    """A later due date for one submission."""

    until = DateField(label=_("New due date"))
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


#: Those of the steps that are taken on the submission's own page.
FORMS: dict[str, type[StepForm]] = {
    "sign_off": StepForm,
    "send_back": ReasonForm,
    "take_back": StepForm,
    "submit": SubmitForm,
    "reopen": ReopenForm,
}
