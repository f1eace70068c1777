"""The form that asks for a document."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DocumentForm(forms.Form):
    """In which language the document is made."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
