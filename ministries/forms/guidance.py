"""The form of the guidance for one action plan."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from ministries.forms.fields import ComparedForm, TextField
from ministries.forms.submission import show_conflicts
from ministries.services.changes import Change, SaveResult
from ministries.services.guidance import TEXT_LENGTH
from nap_monitor.lib.localized import LocalizedText

LABELS = {"ko": _("Guidance (Korean)"), "en": _("Guidance (English)")}


def _text(language: str) -> TextField:
    return TextField(
        label=LABELS[language], max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 5, "lang": language})
    )


class GuidanceForm(ComparedForm):
    """What is asked of the bodies of one action plan, beside what was asked a year before."""

    text_ko = _text("ko")
    text_en = _text("en")

    def __init__(self, *args: Any, text: LocalizedText, before: LocalizedText, **kwargs: Any) -> None:
        kwargs["initial"] = {f"text_{language}": text.get(language, "") for language in LABELS}
        super().__init__(*args, **kwargs)
        self.previous = {f"text_{language}": before[language] for language in LABELS if before.get(language)}
        self.takes_previous = set(self.previous)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    def changes(self) -> dict[str, Change]:
        """The changed languages, each with the text it started from."""
        return {name: Change(self.base_of(name), self.cleaned_data[name]) for name in self.changed_data}

    def show_conflicts(self, result: SaveResult) -> None:
        """Show both texts of each language that somebody else changed meanwhile."""
        show_conflicts(self, result.conflicts, by=result.other, at=result.at)
