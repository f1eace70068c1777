"""Which two versions are compared, and how the comparison is shown."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.selectors.versions import NOW, WORKING_COPY, label_of

CHANGED, EVERYTHING = "changed", "all"
MARKS, SIDE = "marks", "side"
SHOWN = [(CHANGED, _("Only what changed")), (EVERYTHING, _("Everything"))]
VIEWS = [(MARKS, _("Marked in one text")), (SIDE, _("Side by side"))]


class CompareForm(forms.Form):
    """Two of the versions (``now`` is the working copy), what is shown, and how. It is sent by GET."""

    def __init__(self, *args: Any, numbers: Iterable[int], has_working_copy: bool, **kwargs: Any) -> None:
        """``numbers``: the versions that the reader sees, the newest first."""
        super().__init__(*args, **kwargs)
        choices = [(str(number), label_of(number)) for number in numbers]
        if has_working_copy:
            choices.insert(0, (NOW, str(WORKING_COPY)))
        missing = {"required": _("Choose the two versions to be compared.")}
        for name, label, place in (
            ("from", pgettext_lazy("comparison", "Before"), 1),
            ("to", pgettext_lazy("comparison", "After"), 0),
        ):
            usual = choices[min(place, len(choices) - 1)][0] if choices else ""
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, initial=usual, error_messages=missing)
        self.fields["show"] = forms.ChoiceField(
            label=pgettext_lazy("comparison", "Show"), choices=SHOWN, required=False
        )
        self.fields["view"] = forms.ChoiceField(
            label=pgettext_lazy("comparison", "View"), choices=VIEWS, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Two of them, not the same one twice."""
        given = super().clean() or {}
        if given.get("from") and given.get("from") == given.get("to"):
            self.add_error("to", _("Choose two different versions."))
        return given
