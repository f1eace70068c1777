"""The filter above the list of submissions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ministries.enums import StateLabel


class SubmissionFilter(forms.Form):
    """State, body and words; a value that is no choice filters nothing."""

    state = forms.ChoiceField(label=_("State"), required=False)
    body = forms.ChoiceField(label=_("Implementing body"), required=False)
    q = forms.CharField(label=_("Number or words"), required=False, max_length=100)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, Any]], scope: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            *everything,
            *StateLabel.choices,
            ("overdue", _("Overdue")),
        ]
        self.fields["body"].choices = [*everything, *((code, str(name)) for code, name in bodies)]  # type: ignore[attr-defined]
        if scope == "confirmed":
            del self.fields["state"]
        if len(list(bodies)) < 2:
            del self.fields["body"]
        if "scope" in self.data:
            self.fields["scope"] = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def choices_of(data: Mapping[str, str]) -> dict[str, str]:
        """What was asked for, as the selector takes it."""
        state = data.get("state", "")
        known = {*StateLabel.values, "overdue"}
        return {
            "state": state if state in known else "",
            "body": data.get("body", "")[:40],
            "search": data.get("q", "")[:100],
        }
