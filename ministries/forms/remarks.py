"""The forms of review remarks: writing one, answering one."""

import uuid
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from ministries import fields
from ministries.enums import Visibility
from ministries.forms.fields import NOTHING_CHOSEN
from ministries.models.submission import REASON_LENGTH

#: Who reads it, in the words of the choice.
EXPLAINED = {
    Visibility.COORDINATORS: _("Coordinators only: no body learns of it"),
    Visibility.BODY: _("Body and coordinators: it has to be resolved before the confirmation"),
    Visibility.PANEL: _("Panel members too: as soon as they read the confirmed version"),
    Visibility.INSIDE: _("Inside the body only: nobody outside learns of it, coordinators neither"),
}


class _Form(forms.Form):
    """``key`` is the page's own name for what is written, so that a double click writes it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class WriteRemarkForm(_Form):
    """A remark on a field, for the readers chosen: of ``choices`` the first, which is the narrowest, where none is.

    ``version`` is the number of the version that the page showed.
    """

    field = forms.ChoiceField(label=_("Field"), choices=[NOTHING_CHOSEN, *fields.REMARKABLE.items()])
    text = forms.CharField(
        label=_("Review comment"), widget=forms.Textarea(attrs={"rows": 5}), max_length=REASON_LENGTH
    )
    visibility = forms.ChoiceField(label=_("Who reads it"), widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, choices: Iterable[Visibility], **kwargs: Any) -> None:
        choices = list(choices)
        kwargs["initial"] = {"visibility": choices[0], **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["visibility"]
        asked.choices = [(each.value, EXPLAINED[each]) for each in choices]


class FieldRemarkForm(WriteRemarkForm):
    """A remark on the field beside which the form stands, on a page of many such forms."""

    def __init__(self, *args: Any, place: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_remark_{place}_%s", **kwargs)
        self.fields["field"].widget = forms.HiddenInput()
        self.fields["text"].widget.attrs["rows"] = 3


class AnswerForm(_Form):
    """What the body answers to a remark."""

    text = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}), max_length=REASON_LENGTH)
