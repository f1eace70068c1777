"""What the gallery shows of this floor: its states, ratings, words of disclosure, its workflow, a version, a figure."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ministries.enums import Disclosure, Rating, StateLabel, Visibility
from ministries.forms.fields import FigureField
from ministries.selectors import guides
from ministries.workflow import way_of
from nap_monitor.lib.wording import differing_words


class FigureForm(forms.Form):
    """A number beside its state: not known, not applicable and zero are three different things."""

    amount = FigureField(label=gettext_lazy("Amount"))


def samples() -> dict[str, Any]:
    """The parameters of the specimens."""
    return {
        "states": list(StateLabel),
        "ratings": [
            *((rating.value, rating.label) for rating in Rating),
            ("no-report", _("No report")),
            ("under-review", _("Under review")),
        ],
        "disclosures": list(Disclosure),
        "visibilities": list(Visibility),
        "ways": [(label.label, way_of(label)) for label in StateLabel],
        "figure_form": FigureForm(),
        "help": next(iter(guides.PAGES["ministries:submission_list"].values())),
        "sections": _sections(),
        "pieces": differing_words("예시 문장 하나입니다.", "예시 문장 둘입니다. 새 문장입니다."),
        "translations": {"en": {"text": "Sample text.", "stale": True, "author": ""}},
    }


def _sections() -> list[dict[str, Any]]:
    """A version of a submission: a text, and a table of figures."""
    text, amount = {"ko": "예시 문장입니다.", "en": "Sample text."}, {"ko": "금액", "en": "Amount"}
    figure = {"key": "amount", "label": amount, "kind": "figure", "unit": {}, "state": "value", "value": "1250"}
    unknown = {**figure, "state": "not-known", "value": None}
    prose = {
        "key": "results",
        "label": {"ko": "추진실적", "en": "Results"},
        "kind": "text",
        "unit": {},
        "state": "value",
    }
    return [
        {"key": "narrative", "label": {"ko": "서술", "en": "Narrative"}, "fields": [{**prose, "value": text["ko"]}]},
        {
            "key": "budget",
            "label": {"ko": "예산", "en": "Budget"},
            "rows": [{"label": {"ko": "예시 사업", "en": "Sample programme"}, "fields": [figure, unknown]}],
        },
    ]
