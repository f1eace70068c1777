"""The forms of the coordinator's workshop: a report's texts, and its best cases."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ministries.forms.fields import ComparedForm, TextField
from ministries.forms.submission import show_conflicts
from ministries.services.changes import Change, SaveResult
from nap_monitor.lib.localized import LocalizedText
from reports.models import BestCase
from reports.models.report_text import TEXT_LENGTH
from reports.services import best_cases

TEXTS = {"ko": _("Text (Korean)"), "en": _("Text (English)")}
TITLES = {"ko": _("Title (Korean)"), "en": _("Title (English)")}
REASONS = {"ko": _("Why it was picked (Korean)"), "en": _("Why it was picked (English)")}


class ByLanguageForm(ComparedForm):
    """Texts in every language, each sent with the text that it started from. ``token`` is the page's own name, under
    which a browser keeps what is typed and not saved."""

    @property
    def token(self) -> str:
        """The posted one, else a new one."""
        try:
            return str(uuid.UUID(self.data.get("token", "")))
        except ValueError:
            return str(uuid.uuid4())

    def changes(self) -> dict[str, Change]:
        """The changed texts by the names of their fields."""
        return {name: Change(self.base_of(name), self.cleaned_data[name]) for name in self.changed_data}

    def show_conflicts(self, result: SaveResult) -> None:
        """Show both texts where somebody else was faster."""
        show_conflicts(self, result.conflicts, by=result.other, at=result.at)


def _area(label: Any, language: str, length: int, rows: int) -> TextField:
    return TextField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows, "lang": language}))


class PlaceForm(ByLanguageForm):
    """The text at one place of a report."""

    def __init__(self, *args: Any, texts: Mapping[str, str], **kwargs: Any) -> None:
        kwargs["initial"] = {f"text_{language}": texts.get(language, "") for language, _name in settings.LANGUAGES}
        super().__init__(*args, **kwargs)
        for language, _name in settings.LANGUAGES:
            self.fields[f"text_{language}"] = _area(TEXTS[language], language, TEXT_LENGTH, 16)


class BestCaseForm(ByLanguageForm):
    """What a best case is called in the report, and why it was picked."""

    def __init__(self, *args: Any, case: BestCase, **kwargs: Any) -> None:
        stored: dict[str, LocalizedText] = {"title": case.title, "text": case.text}
        kwargs["initial"] = {
            f"{name}_{language}": text.get(language, "")
            for name, text in stored.items()
            for language, _name in settings.LANGUAGES
        }
        super().__init__(*args, **kwargs)
        for language, _name in settings.LANGUAGES:
            self.fields[f"title_{language}"] = TextField(
                label=TITLES[language],
                max_length=best_cases.TITLE_LENGTH,
                widget=forms.TextInput(attrs={"lang": language}),
            )
        for language, _name in settings.LANGUAGES:
            self.fields[f"text_{language}"] = _area(REASONS[language], language, best_cases.TEXT_LENGTH, 5)


class CandidateFilter(forms.Form):
    """Of which objective and body; a value that is no choice filters nothing."""

    objective = forms.ChoiceField(label=_("Objective"), required=False)
    body = forms.ChoiceField(label=_("Implementing body"), required=False)

    def __init__(
        self, *args: Any, objectives: Iterable[tuple[str, str]], bodies: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objective"].choices = [("", _("All")), *objectives]  # type: ignore[attr-defined]
        self.fields["body"].choices = [("", _("All")), *bodies]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What is asked for."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
