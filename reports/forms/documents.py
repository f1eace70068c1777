"""The forms that ask for a document."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reports.selectors.editions import DOCUMENTS


class DocumentForm(forms.Form):
    """In which language the document is made."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class ReportForm(DocumentForm):
    """In which language, and whether the full report or its summary."""

    form = forms.ChoiceField(label=_("Document"), choices=[(form.value, form.label) for form in DOCUMENTS])

    field_order = ("form", "language")


class ApprovalForm(DocumentForm):
    """In which language, and of which submissions: all, those in one state, or one; ``parts`` names them by code."""

    narrowed_to = forms.ChoiceField(label=_("Submissions"), required=False)

    field_order = ("narrowed_to", "language")

    def __init__(self, *args: Any, parts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["narrowed_to"].choices = list(parts.items())  # type: ignore[attr-defined]
