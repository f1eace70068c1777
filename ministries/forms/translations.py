"""The form of a submission's translations: a field for each text, with the translation and the text it started from."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ministries.forms.fields import ComparedForm, TextField
from ministries.forms.submission import show_conflicts
from ministries.models.translation import TRANSLATION_LENGTH
from ministries.selectors.translations import LANGUAGE, STALE, Item
from ministries.services.changes import Change, Conflict
from ministries.services.translations import Place, Translated, TranslationResult

MARK = re.compile(r"[0-9a-f]{64}")
#: A longer text gets more lines.
LINES, LETTERS_IN_LINE, MOST_LINES = 2, 40, 12


class TranslationsForm(ComparedForm):
    """A text area for each text, and for a stale translation the word that it fits as it is."""

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        self.items = {item.name: item for item in items}
        kwargs["initial"] = {item.name: item.text for item in items}
        super().__init__(*args, **kwargs)
        for name, item in self.items.items():
            self.fields[name] = TextField(
                label=_("English: %(what)s") % {"what": _called(item)},
                max_length=TRANSLATION_LENGTH,
                widget=forms.Textarea(attrs={"rows": _rows(item.original.text), "lang": LANGUAGE}),
            )
            self.fields[f"{name}-source"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=item.mark, max_length=100
            )
            if item.state == STALE:
                self.fields[f"{name}-fits"] = forms.BooleanField(
                    label=_("It still fits the Korean text as it is now"), required=False
                )

    def of_item(self, name: str) -> dict[str, Any]:
        """The fields of one item."""
        fits = f"{name}-fits"
        return {"text": self[name], "source": self[f"{name}-source"], "fits": self[fits] if fits in self.fields else ""}

    def changes(self) -> list[Translated]:
        """The translations that were changed, and those that fit as they are."""
        found = []
        for name, item in self.items.items():
            place = (item.original.field, item.original.row)
            sent = self.cleaned_data.get(f"{name}-source", "")
            source = sent if MARK.fullmatch(sent) else ""
            text = self.cleaned_data[name]
            if name in self.changed_data or self.cleaned_data.get(f"{name}-fits"):
                found.append(Translated(place[0], Change(self.base_of(name), text), place[1], source))
        return found

    def show_result(self, result: TranslationResult, posted: "TranslationsForm") -> None:
        """Both texts where somebody else was faster; and what was refused, as it was typed."""
        names = {(item.original.field, item.original.row): name for name, item in self.items.items()}
        conflicts = [(names.get(_place(each)), each) for each in result.conflicts]
        known = [Conflict(name, each.stored, each.mine) for name, each in conflicts if name]
        show_conflicts(self, known, by=result.other, at=result.at)
        for place, sentence in result.refused.items():
            if name := names.get(place):
                self.initial[name] = posted.cleaned_data[name]
                self.bases[name] = posted.base_of(name)
                self.warnings[name] = sentence


def _place(conflict: Conflict) -> Place:
    return conflict.name, str(conflict.row) if conflict.row else ""


def _called(item: Item) -> str:
    number = f" {item.original.number}" if item.original.number else ""
    return f"{item.original.label}{number}"


def _rows(text: str) -> int:
    lines = sum(len(line) // LETTERS_IN_LINE + 1 for line in text.splitlines())
    return min(max(LINES, lines), MOST_LINES)


def left_over(data: QueryDict, names: Iterable[str]) -> list[str]:
    """What was typed into fields that the page no longer has: the text is gone, or who typed may not translate now."""
    known = set(names)
    typed = [
        str(data.get(key, ""))
        for key in data
        if key not in known and f"initial-{key}" in data and data.get(key) != data.get(f"initial-{key}")
    ]
    return [text for text in typed if text.strip()]
