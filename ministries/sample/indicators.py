"""The sample's indicators: invented ones, and the example figures of the reference file with their source."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ministries.enums import FigureState
from ministries.figures import Figure
from ministries.models import Assignment, Indicator, IndicatorTarget
from ministries.sample.texts import Texts, published_figures
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.localized import LocalizedText
from objectives.models import Plan


def make_indicators(plan: Plan, assignments: Sequence[Assignment], texts: Texts) -> None:
    """Define the indicators that the texts have for the plan's action plans."""
    carried = {(row.action_plan.code, row.body.code): row for row in assignments}
    for action in plan.action_plans.all():
        for order, spec in enumerate(texts.action(action.code).get("indicators", ()), start=1):
            indicator = Indicator(action_plan=action, code=spec["code"], order=order, is_sample=True)
            if "body" in spec:
                indicator.assignment = carried[action.code, spec["body"]]
            if "published" in spec:
                _describe_published(indicator, spec["published"], texts)
            else:
                _describe(indicator, spec, plan, texts)
            indicator.full_clean()
            indicator.save()
            if "published" not in spec:
                IndicatorTarget.objects.bulk_create(
                    _target(indicator, spec, year, plan.start_year) for year in plan.years
                )
            record(kind="create", subject=indicator, by=None, label=indicator.code)


def _describe(indicator: Indicator, spec: Mapping[str, Any], plan: Plan, texts: Texts) -> None:
    indicator.name, indicator.unit = LocalizedText(spec["name"]), LocalizedText(spec["unit"])
    indicator.baseline, indicator.baseline_year = Figure.of(str(spec["baseline"])), plan.start_year - 1
    if "share_of" in spec:
        indicator.computation = LocalizedText(texts.general["computation_of_shares"])


def target_value(spec: Mapping[str, Any], year: int, start_year: int) -> Decimal:
    """The target of an invented indicator for a year of the plan."""
    places = Decimal("0.1") if "share_of" in spec else Decimal(1)
    target = Decimal(str(spec["baseline"])) + Decimal(str(spec["step"])) * (year - start_year + 1)
    return target.quantize(places, ROUND_HALF_UP)


def _target(indicator: Indicator, spec: Mapping[str, Any], year: int, start_year: int) -> IndicatorTarget:
    row = IndicatorTarget(indicator=indicator, year=year)
    row.target = Figure.of(target_value(spec, year, start_year))
    return row


def _describe_published(indicator: Indicator, name: str, texts: Texts) -> None:
    figure = published_figures()[name]
    unit = figure["unit"]
    indicator.name = LocalizedText({"ko": figure["ko"], "en": figure["en"]})
    indicator.unit = LocalizedText({"ko": unit, "en": unit})
    indicator.source = texts.published_source(figure["as_of"])
    indicator.baseline = Figure(None, FigureState.NOT_KNOWN)
    for key, value in figure.items():
        if key.startswith("baseline_"):
            indicator.baseline_year = int(key.removeprefix("baseline_"))
            indicator.baseline = Figure.of(str(value))
