"""The forms of exceptions and of closing a round."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from ministries.enums import AWAITED
from ministries.forms.fields import NOTHING_CHOSEN
from ministries.forms.steps import reason_field
from ministries.models import ImplementingBody, Round, Submission
from nap_monitor.lib.forms import DateField


class _Plain(forms.Form):
    """A form inside a page's own form tag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class GrantForm(_Plain):
    """More time for a body: for all that it owes in the round, or for one submission."""

    body = forms.ChoiceField(label=_("Implementing body"))
    code = forms.CharField(
        label=_("Number of the action plan"),
        required=False,
        max_length=20,
        help_text=_("Leave it empty for all that the body still has to submit, and for what is returned to it later."),
    )
    until = DateField(label=_("New due date"))
    reason = reason_field()

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        self.submission: Submission | None = None
        found = ImplementingBody.objects.filter(pk__in=round.submissions.values("assignment__body"))
        self.bodies = {each.code: each for each in found.order_by("order", "code").prefetch_related("names")}
        names = [(code, str(body.name_in(round.year))) for code, body in self.bodies.items()]
        self.fields["body"].choices = [NOTHING_CHOSEN, *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The one submission that is meant, where one is."""
        cleaned = super().clean() or self.cleaned_data
        code, body = (cleaned.get("code") or "").strip(), self.bodies.get(cleaned.get("body", ""))
        if code and body:
            found = self.round.submissions.filter(assignment__body=body, assignment__action_plan__code=code)
            self.submission = found.select_related("round__plan", "assignment__body", "assignment__action_plan").first()
            if self.submission is None:
                self.add_error("code", _("This body has no submission of this number in the round."))
        return cleaned


class AskForm(_Plain):
    """What a body asks: until when, and why; for one submission that it still owes, or for all of them."""

    code = forms.ChoiceField(label=_("For which submissions"), required=False)
    until = DateField(label=_("Wished due date"))
    reason = reason_field(help_text=_("The coordinators read it. It stays in the record."))

    def __init__(self, *args: Any, round: Round, body: ImplementingBody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owed = Submission.objects.filter(round=round, assignment__body=body, state__in=AWAITED)
        owed = owed.select_related("round__plan", "assignment__body", "assignment__action_plan")
        found = {each.assignment.action_plan.code: each for each in owed.order_by("assignment__action_plan__order")}
        self.owed = found
        self.submission: Submission | None = None
        titles = [(code, f"{code} {each.assignment.action_plan.title}") for code, each in found.items()]
        field: Any = self.fields["code"]
        field.choices = [("", _("All that is awaited")), *titles]

    @property
    def has_choice(self) -> bool:
        """Whether anything is awaited for which more time could be asked."""
        return bool(self.owed)

    def clean_code(self) -> str:
        """The submission that is meant, where it is one."""
        code = str(self.cleaned_data["code"])
        self.submission = self.owed.get(code)
        return code


class EndForm(_Plain):
    """Ending an exception early, or declining a request: why."""

    reason = reason_field()


class CloseForm(_Plain):
    """Closing a round. ``seen`` is how many submissions the page showed as not reported."""

    end_extensions = forms.BooleanField(
        label=_("End the exceptions that are in force too"),
        required=False,
        help_text=_("Without it, who has an exception can write and submit until its last day."),
    )
    note = reason_field(label=_("Note"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class UndoForm(_Plain):
    """Undoing a closing."""

    reason = reason_field()
