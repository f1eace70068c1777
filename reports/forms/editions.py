"""The forms with which an edition is issued, and with which the Committee's outcome is put on record."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib.forms import DateField
from reports.models import CommitteeOutcome, Edition
from reports.services.editions import AGENDA_LENGTH, ERRATA_LENGTH


class IssueForm(forms.Form):
    """What an edition says of itself. ``last`` is the edition before, whose mistakes the errata name."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    agenda_number = forms.CharField(
        label=_("Agenda number"),
        max_length=AGENDA_LENGTH,
        required=False,
        help_text=_("As the Committee numbers its papers, where it is known already. It stands on the cover."),
    )
    committee_date = DateField(label=_("Date of the Committee"), required=False)

    def __init__(self, *args: Any, last: Edition | None, is_missing: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": last.number if last else 0, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if last:
            for code, name in settings.LANGUAGES:
                self.fields[f"errata_{code}"] = forms.CharField(
                    label=_("Errata (%(language)s)") % {"language": name},
                    required=code == settings.LANGUAGE_CODE,
                    max_length=ERRATA_LENGTH,
                    widget=forms.Textarea(attrs={"rows": 5}),
                    help_text=_("What this edition puts right in edition %(number)s.") % {"number": last.number},
                )
        if is_missing:
            self.fields["accept_missing"] = forms.BooleanField(
                label=_("Issue it although texts are missing"), required=False
            )

    def facts(self) -> dict[str, Any]:
        """What the service is given."""
        data = self.cleaned_data
        day = data["committee_date"]
        return {
            "seen": data["seen"],
            "agenda_number": data["agenda_number"],
            "committee_date": day.isoformat() if day else "",
            "errata": {code: data.get(f"errata_{code}", "") for code, _name in settings.LANGUAGES},
            "accept_missing": data.get("accept_missing", False),
        }


class OutcomeForm(forms.Form):
    """What the Committee made of an edition, and when."""

    on = DateField(label=_("Date of the Committee"))
    agenda_number = forms.CharField(label=_("Agenda number"), max_length=AGENDA_LENGTH, required=False)
    outcome = forms.ChoiceField(label=_("What the Committee decided"), choices=[("", "–"), *CommitteeOutcome.choices])
    note = forms.CharField(
        label=_("Remarks"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def facts(self) -> dict[str, Any]:
        """What the service is given."""
        return {**self.cleaned_data, "on": self.cleaned_data["on"].isoformat()}
