"""What the form computes from the figures in it; the page computes the same while somebody types."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ministries import computed
from ministries.enums import FigureState
from ministries.figures import Figure, shown_text
from ministries.models import IndicatorResult
from ministries.selectors.last_year import LastYear


def show_sums(tables: Mapping[str, Any], last_year: LastYear | None) -> None:
    """Put rates and totals of the rows' first values beside the rows, and last year's figures beside indicators."""
    if "activities" in tables:
        formset = tables["activities"]
        women = computed.total_given(_figure(form, "women") for form in formset.forms)
        men = computed.total_given(_figure(form, "men") for form in formset.forms)
        formset.sums = {"women": text(women), "men": text(men), "all": text(computed.participants(women, men))}
    if "indicators" in tables:
        for form in tables["indicators"].forms:
            _show_rate(form, last_year)
    if "budget" in tables:
        formset = tables["budget"]
        budget = computed.total_given(_figure(form, "budget") for form in formset.forms)
        executed = computed.total_given(_figure(form, "executed") for form in formset.forms)
        rate = computed.execution_rate(budget, executed)
        formset.sums = {"total": text(budget), "executed": text(executed), "rate": _rate(rate)}


def _show_rate(form: Any, last_year: LastYear | None) -> None:
    if form.indicator is None:
        return
    rate = computed.achievement_rate(form.indicator.direction, _figure(form, "target"), _figure(form, "actual"))
    form.rate = _rate(rate)
    before = last_year.indicators.get(form.indicator.code) if last_year else None
    if before is not None and last_year is not None:
        form.last_year = [
            (form.fields[name].label, said, name in before.FIGURES)
            for name in before.FIELDS
            if (said := _of_last_year(before, name, last_year.targets.get(form.indicator.code, Figure())))
        ]


def _of_last_year(result: IndicatorResult, name: str, target: Figure) -> str:
    """What was reported on a column, as it is read; the target may be the one that was defined for the year."""
    found = target if name == "target" else getattr(result, name)
    return text(found) if isinstance(found, Figure) else str(found)


def text(figure: Figure) -> str:
    """A figure as it is read: a number, or why there is none; empty where nothing was given."""
    if figure.value is not None:
        return shown_text(figure.value)
    return str(FigureState(figure.state).label) if figure.state else ""


def _rate(rate: Decimal | None) -> str:
    return shown_text(rate) if rate is not None else ""


def _figure(form: Any, name: str) -> Figure:
    found = form.initial.get(name)
    return found if isinstance(found, Figure) else Figure()
