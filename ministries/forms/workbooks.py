"""The forms of a workbook: sending it, and choosing where somebody else changed the same value."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib.files.kinds import XLSX

MEGABYTE = 1024 * 1024


class WorkbookForm(forms.Form):
    """One workbook. What it is, its content decides; ``was_left_out``: it was too large to come through at all."""

    file = forms.FileField(
        label=_("Filled-in workbook (.xlsx)"),
        widget=forms.FileInput(attrs={"accept": f".{XLSX.extensions[0]}"}),
        error_messages={"empty": _("The file is empty.")},
    )

    def __init__(self, *args: Any, was_left_out: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_left_out = was_left_out
        self.fields["file"].required = not was_left_out
        self.fields["file"].max_size = _limit()  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if self.was_left_out or (file and file.size > _limit()):
            limit = {"limit": filesizeformat(_limit())}
            self.add_error("file", _("The file is too large: at most %(limit)s.") % limit)
        return cleaned


def _limit() -> int:
    return int(settings.WORKBOOK_MAX_MEGABYTES) * MEGABYTE


def _what(clash: Any) -> str:
    return " · ".join(part for part in (clash.item.row, clash.item.label) if part)


class ClashForm(forms.Form):
    """For each value that somebody else changed too: keep the stored one, or take that of the workbook."""

    def __init__(self, *args: Any, clashes: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for clash in clashes:
            self.fields[clash.name] = forms.ChoiceField(
                label=_("Value to stand: %(what)s") % {"what": _what(clash)},
                choices=[(clash.keep, _("Keep what is stored")), (clash.take, _("Take that of the workbook"))],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose which of the two values is to stand."),
                    "invalid_choice": _("The stored value was changed again meanwhile. Look at both and choose anew."),
                },
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
