"""The form of a round."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ministries.models import Round
from ministries.selectors.opening import Opening, dates_like
from ministries.services.rounds import mark_of
from nap_monitor.lib.forms import DateField
from nap_monitor.lib.localized import LocalizedText
from objectives.models import Plan


class RoundForm(forms.Form):
    """The year of a round, its dates (all inclusive) and the guidance for those who write."""

    year = forms.IntegerField(label=_("Year"))
    opening_date = DateField(label=_("Opening date"))
    due_date = DateField(label=_("Due date"))
    closing_date = DateField(label=_("Closing date"))
    guidance_ko = forms.CharField(
        label=_("Guidance (Korean)"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000, required=False
    )
    guidance_en = forms.CharField(
        label=_("Guidance (English)"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000, required=False
    )

    copies_guidance = forms.BooleanField(label=_("Copy last year's guidance by action plan"), required=False)

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    #: The year for which the page shows what will be made.
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, plan: Plan, round: Round | None = None, opening: Opening | None = None, **kwargs: Any
    ) -> None:
        """``round``: the one that is changed; ``opening``: what a new one will make, with the dates it may have."""
        if opening is not None:
            first = {"year": opening.year, "shown": opening.year, "copies_guidance": bool(opening.guidance)}
            kwargs["initial"] = {**first, **dates_like(opening.last)}
        if round is not None:
            kwargs["initial"] = {
                "seen": mark_of(round),
                "opening_date": round.opening_date,
                "due_date": round.due_date,
                "closing_date": round.closing_date,
                "guidance_ko": round.guidance.get("ko", ""),
                "guidance_en": round.guidance.get("en", ""),
            }
        super().__init__(*args, **kwargs)
        self.conflicts: dict[str, Any] = {}
        self.plan = plan
        if round is not None:
            for name in ("year", "copies_guidance", "shown"):
                del self.fields[name]
        else:
            del self.fields["seen"]
            self._ask_for_guidance(opening)
            self.fields["year"].help_text = _("A year of the plan: %(years)s.") % {
                "years": f"{plan.start_year}~{plan.end_year}"
            }
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)

    def _ask_for_guidance(self, opening: Opening | None) -> None:
        """Copying is offered where there is something to copy, or where that is not known yet."""
        number = opening.guidance if opening else 0
        if opening and not number:
            del self.fields["copies_guidance"]
            return
        self.fields["copies_guidance"].help_text = ngettext(
            "%(number)s text; it can be changed afterwards.",
            "%(number)s texts; they can be changed afterwards.",
            number,
        ) % {"number": number}

    @property
    def asks_for_other_year(self) -> bool:
        """Whether the page showed what another year will make than the one that was typed."""
        shown = self.cleaned_data.get("shown")
        return shown is not None and shown != self.cleaned_data.get("year")

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year not in self.plan.years:
            raise forms.ValidationError(_("The plan does not cover this year."))
        if self.plan.rounds.filter(year=year).exists():
            raise forms.ValidationError(_("This year has a round already."))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opening, due, closing = (cleaned.get(name) for name in ("opening_date", "due_date", "closing_date"))
        if opening and due and due < opening:
            self.add_error("due_date", _("The due date may not lie before the opening date."))
        if due and closing and closing < due:
            self.add_error("closing_date", _("The closing date may not lie before the due date."))
        return cleaned

    def show_conflict(self, stored: Round) -> None:
        """Show what somebody else has stored, beside what was typed; saving again replaces it knowingly."""
        self.data = {**{name: self.data[name] for name in self.data}, "seen": mark_of(stored)}
        for name in ("opening_date", "due_date", "closing_date"):
            self._tell(name, getattr(stored, name), date_format(getattr(stored, name), "DATE_FORMAT"))
        for code in ("ko", "en"):
            text = stored.guidance.get(code, "")
            self._tell(f"guidance_{code}", text, text)
        self.add_error(
            None,
            _(
                "Somebody else has changed this round meanwhile. Nothing was overwritten: "
                "check the marked fields, and save again."
            ),
        )

    def _tell(self, name: str, stored: Any, shown: str) -> None:
        mine = self.cleaned_data[name]
        if stored != mine:
            typed = date_format(mine, "DATE_FORMAT") if isinstance(mine, dt.date) else mine
            self.conflicts[name] = {"stored": shown, "mine": typed, "by": "", "at": None}

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "shown"}
        guidance = {"ko": values.pop("guidance_ko"), "en": values.pop("guidance_en")}
        return {**values, "guidance": LocalizedText({code: text for code, text in guidance.items() if text})}
