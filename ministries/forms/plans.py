"""The filter of a plan's page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PlanFilter(forms.Form):
    """One implementing body; a value that is no choice filters nothing."""

    body = forms.ChoiceField(label=_("Implementing body"), required=False)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("All")), *((code, str(name)) for code, name in bodies)]  # type: ignore[attr-defined]

    def chosen(self) -> str:
        """The code of the body that was chosen; empty for all."""
        return self.cleaned_data["body"] if self.is_valid() else ""
