"""The forms of evidence: sending files, and what is said of one."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ministries.forms.fields import ComparedForm, FlagField, TextField
from ministries.forms.submission import show_conflicts
from ministries.models import EvidenceFile
from ministries.models.evidence import DESCRIPTION_LENGTH
from ministries.services.changes import Change, SaveResult
from nap_monitor.lib.files.kinds import KINDS
from nap_monitor.lib.forms import FilesField

#: The endings that readers are told; the browser's dialogue shows files with any that these kinds may have. Another
#: one may be sent too: what a file is, its content decides.
ENDINGS = tuple(kind.extensions[0] for kind in KINDS.values())
ALL_ENDINGS = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.extensions)
MEGABYTE = 1024 * 1024


class SentFilesField(FilesField):
    """Files of any kind and size: each is judged on its own afterwards, so that one bad file loses no good one."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": ALL_ENDINGS}

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        sent = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not sent and self.required:
            raise forms.ValidationError(_("Choose at least one file."), code="required")
        return list(sent)


class EvidenceForm(forms.Form):
    """Several files, with one description for all of them."""

    file = SentFilesField(label=_("Files"), endings=ENDINGS)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=DESCRIPTION_LENGTH,
        help_text=_("What the files show, such as “Minutes of the meeting of 3 May”. It can be written later too."),
    )
    is_restricted = forms.BooleanField(
        label=_("Restricted: only the own body and the coordinator may open these files"), required=False
    )

    def __init__(self, *args: Any, room: int, was_left_out: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(SentFilesField, self.fields["file"])
        field.most, field.max_size = room, settings.EVIDENCE_MAX_MEGABYTES * MEGABYTE
        # A file that was over the limit did not come through; that somebody sent none is not what is wrong.
        field.required = not was_left_out
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class FileForm(ComparedForm):
    """What is said of a file, and who may open it."""

    description = TextField(label=_("Description"), max_length=DESCRIPTION_LENGTH)
    is_restricted = FlagField(label=_("Restricted: only the own body and the coordinator may open this file"))

    def __init__(self, *args: Any, file: EvidenceFile, **kwargs: Any) -> None:
        initial = {"description": file.description, "is_restricted": file.is_restricted}
        super().__init__(*args, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def changes(self) -> dict[str, Change]:
        """The changed fields, each with the value it started from."""
        return {name: Change(self.base_of(name), self.cleaned_data[name]) for name in self.changed_data}

    def show_conflicts(self, result: SaveResult) -> None:
        """Show both values of each field that somebody else changed meanwhile."""
        show_conflicts(self, result.conflicts, by=result.other, at=result.at)
