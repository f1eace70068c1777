"""What the gallery shows of this floor: its states, ratings, words of disclosure, its workflow, a version, a figure."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ministries.comparison import Comparison, compare
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
        "comparison": _comparison(),
        "translations": {"en": {"text": "Sample text.", "stale": True, "author": ""}},
    }


def _comparison() -> Comparison:
    """Two versions: a text and a figure that changed, a row that came, one that went, with last year beside them."""
    before, after = (
        _sections("교육을 네 차례 실시함.", "1250", "앞 사업"),
        _sections("교육이 다섯 차례 열림.", "1300", "새 사업"),
    )
    return compare(before, after, beside=_sections("교육을 준비함.", "900", "지난해 사업"))


def _sections(said: str = "예시 문장입니다.", total: str = "1250", other: str = "") -> list[dict[str, Any]]:
    """A version of a submission: a text, and a table of figures."""
    amount = {"ko": "금액", "en": "Amount"}
    figure = {"key": "amount", "label": amount, "kind": "figure", "unit": {}, "state": "value", "value": total}
    unknown = {**figure, "key": "spent", "state": "not-known", "value": None}
    prose = {
        "key": "results",
        "label": {"ko": "추진실적", "en": "Results"},
        "kind": "text",
        "unit": {},
        "state": "value",
    }
    rows = [{"key": "1", "label": {"ko": "예시 사업", "en": "Sample programme"}, "fields": [figure, unknown]}]
    if other:
        rows.append({"key": "2", "label": {"ko": other}, "fields": [unknown]})
    return [
        {"key": "narrative", "label": {"ko": "서술", "en": "Narrative"}, "fields": [{**prose, "value": said}]},
        {"key": "budget", "label": {"ko": "예산", "en": "Budget"}, "rows": rows},
    ]
