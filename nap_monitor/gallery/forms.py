"""A form with every control of the crispy pack, and all that can stand beside one. It saves nothing."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.forms.formsets import formset_factory
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from nap_monitor.gallery.samples import at, remark
from nap_monitor.lib.forms import AskedRows, DateField, FilesField, InlineRadioSelect

KINDS = [("one", _("First choice")), ("two", _("Second choice")), ("three", _("A choice with a longer text to it"))]


class SampleForm(forms.Form):
    """One field of each sort. Remarks, a conflict, a warning and last year's text stand beside the first ones."""

    line = forms.CharField(label=_("One line"), max_length=20, help_text=_("At most twenty characters."))
    text = forms.CharField(label=_("Several lines"), widget=forms.Textarea(attrs={"rows": 4}), max_length=200)
    day = DateField(label=_("Date"))
    people = forms.IntegerField(label=_("Whole number"), required=False)
    share = forms.DecimalField(label=_("Share"), required=False)
    choice = forms.ChoiceField(label=_("List"), choices=[("", _("Choose")), *KINDS])
    single = forms.ChoiceField(label=_("One of several"), choices=KINDS, widget=forms.RadioSelect)
    answer = forms.ChoiceField(label=_("One of two"), choices=KINDS[:2], widget=InlineRadioSelect)
    several = forms.MultipleChoiceField(
        label=_("Several of several"), choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label=_("One box to tick"))
    documents = FilesField(label=_("Files"), required=False, most=3, max_size=1024 * 1024, endings=("pdf", "hwpx"))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, required=False)
    fixed = forms.CharField(label=_("Not to be changed"), disabled=True, initial=_("Sample text"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {"share": "%", "people": _now("persons")}
        sample, author = _now("Sample text"), _now("Sample person")
        self.remarks = {
            "line": [
                remark(at(11)),
                remark(at(10), at(11)),
            ]
        }
        self.previous = {"text": sample}
        self.conflicts = {"text": {"stored": sample, "mine": f"{sample} 2", "by": author, "at": at(12)}}
        self.warnings = {"share": _now("The sum is larger than the whole.")}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(_now("Texts"), "line", "text", "day"),
            Fieldset(_now("Numbers"), Row("people", "share")),
            Fieldset(_now("Choices"), "choice", "single", "answer", "several", "sure"),
            Fieldset(_now("Others"), "documents", "password", "fixed"),
        )


class SampleFilter(forms.Form):
    """A filter above a list; on a desk the heads of the table sort instead of ``sort``."""

    choice = forms.ChoiceField(label=_("List"), choices=[("", _("All")), *KINDS], required=False)
    q = forms.CharField(label=_("Number or words"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[("", _("Order of the plan")), ("number", _("Number")), ("-number", _("Number, largest first"))],
        required=False,
    )


class SampleRow(forms.Form):
    """A row of a table that is filled in."""

    name = forms.CharField(label=_("Name"), max_length=20)
    number = forms.IntegerField(label=_("Number"), required=False)


class _SampleRows(AskedRows):
    title = _("Rows")


SampleRows = formset_factory(SampleRow, formset=_SampleRows, extra=1, can_delete=True, max_num=5)
