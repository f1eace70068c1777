"""The forms of the sign-off desk: which submissions a step is taken on, and the official document of all of them."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from ministries.enums import StateLabel
from ministries.forms.steps import OfficialDocument
from ministries.models import Submission
from ministries.selectors.signoff import DeskRow
from ministries.selectors.submissions import OVERDUE

#: More digits than a count of steps ever has.
LONGEST_STEP = 9


class SeenField(forms.Field):
    """The ticked boxes of a desk: action plan and count of steps seen (``2.1.3:4``), cleaned into such pairs.

    ``rows`` are those of the desk by their action plan. What is not among them was not offered by the page.
    """

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "required": _("Choose at least one submission."),
        "invalid": _("What was chosen is not among the submissions of this page. Choose again."),
    }
    rows: Mapping[str, DeskRow] = {}

    def to_python(self, value: Any) -> list[tuple[DeskRow, int]]:
        return [self._read(text) for text in dict.fromkeys(value or ())]

    def _read(self, text: str) -> tuple[DeskRow, int]:
        code, _colon, step = text.rpartition(":")
        if code not in self.rows or not (step.isascii() and step.isdecimal() and len(step) <= LONGEST_STEP):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return self.rows[code], int(step)


class BulkForm(forms.Form):
    """A step on all that is ticked."""

    row = SeenField(label=_("Submissions"))

    def __init__(self, *args: Any, rows: Mapping[str, DeskRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].rows = rows  # type: ignore[attr-defined]

    @property
    def read(self) -> list[DeskRow]:
        """What was chosen."""
        return [row for row, _step in self.cleaned_data["row"]]

    @property
    def seen(self) -> list[tuple[Submission, int]]:
        """What was chosen, each with the count of steps that its person was looking at."""
        return [(row.submission, step) for row, step in self.cleaned_data["row"]]

    @property
    def refusal(self) -> str:
        """Why nothing could be done."""
        return " ".join(str(error) for error in self.errors.get("row", ()))


class BulkSubmitForm(OfficialDocument, BulkForm):
    """Submitting all that is ticked, with one official document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class DeskFilter(forms.Form):
    """Which state the desk shows; a value that is no choice filters nothing."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *StateLabel.choices, (OVERDUE, _("Overdue"))]
    )

    @staticmethod
    def state_of(data: Mapping[str, str]) -> str:
        """The state that was asked for, as the selector takes it."""
        asked = data.get("state", "")
        return asked if asked in {*StateLabel.values, OVERDUE} else ""
