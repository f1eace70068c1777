"""Defining indicators: those of an action plan by the coordinator, those of one assignment by its body too.

An indicator is changed by the names of its fields: ``code``, ``name_<language>``, ``unit_<language>``,
``computation_<language>``, ``direction``, ``baseline`` (a figure), ``baseline_year``, ``source``, ``assignment`` (only
that body reports on it), and ``target_<year>`` (a figure; an empty one takes the target of that year away).
"""

import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import FigureState
from ministries.figures import Figure
from ministries.models import Assignment, Indicator, IndicatorResult, IndicatorTarget
from ministries.services.changes import Change, SaveResult
from ministries.services.definitions import Definition, compare, last_change, told
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from objectives.models import ActionPlan

#: A code stands in addresses, as the numbers of the plan do.
CODE = re.compile(r"[^\W_]([\w.-]*[^\W_])?")
CODE_SENTENCE = _("Use letters and digits in the code, with points, hyphens or underscores between them.")
PERMISSION = "ministries.change_indicator"
#: Longest name and unit, in characters, in each language.
NAME_LENGTH = 200
UNIT_LENGTH = 40
COMPUTATION_LENGTH = 500
DEFINITION = Definition(
    {"name": NAME_LENGTH, "unit": UNIT_LENGTH, "computation": COMPUTATION_LENGTH},
    ("code", "direction", "baseline", "baseline_year", "source", "assignment"),
)
#: What stays as it is once figures are reported: another definition would make them say something else.
FROZEN = ("unit", "direction", "computation", "baseline", "baseline_year")
_TARGETS = "_targets_to_save"
FROZEN_SENTENCE = _(
    "Figures have been reported on this indicator already, so its unit, direction, way of computing and baseline stay."
    " Define a new indicator instead."
)


@transaction.atomic
def create_indicator(*, action_plan: ActionPlan, values: Mapping[str, Any], by: User) -> Indicator:
    """A new indicator of an action plan. Without a code, one of a single body gets its body's code with a number.

    Raises ``NotPermitted``, and ``Refused`` where the values will not do, saying why.
    """
    last = action_plan.indicators.aggregate(last=Max("order"))["last"] or 0
    indicator = Indicator(action_plan=action_plan, order=last + 1)
    for name, value in values.items():
        _put(indicator, name, value)
    _may_change(by, indicator)
    if not indicator.code and indicator.assignment:
        indicator.code = _next_code(indicator)
    _save(indicator)
    record(
        kind="create",
        subject=indicator,
        by=by,
        label=_label(indicator),
        data={"fields": sorted(values), "after": _said(indicator, values)},
    )
    return indicator


@transaction.atomic
def change_indicator(*, indicator: Indicator, changes: Mapping[str, Change], by: User) -> SaveResult:
    """Save the changed fields whose stored value is still the one that the writer started from.

    The others come back as conflicts. Raises ``NotPermitted``, and ``Refused`` where a value will not do or what is
    changed stays once bodies have reported.
    """
    locked = _locked(indicator, by)
    result = SaveResult()
    before = {}
    for name, change in changes.items():
        stored = _read(locked, name)
        if not compare(stored, name, change, result):
            continue
        before.update(_said(locked, [name]))
        _check_frozen(locked, name)
        _put(locked, name, change.new)
        result.saved.append(name)
    if "code" in result.saved and locked.results.exists():
        raise Refused(_("Bodies have reported on this indicator already, so its code stays."), field="code")
    if "assignment" in result.saved and _reported_by_others(locked):
        raise Refused(_("Other bodies have reported on this indicator already."), field="assignment")
    if result.saved:
        _may_change(by, locked)  # a body may not make its own indicator everybody's
        _save(locked)
        record(
            kind="change",
            subject=locked,
            by=by,
            label=_label(locked),
            data={"before": before, "after": _said(locked, before)},
        )
    if result.conflicts:
        result.other, result.at = last_change("ministries.indicator", locked.pk, by)
    return result


@transaction.atomic
def remove_indicator(*, indicator: Indicator, by: User) -> None:
    """Remove an indicator on which nobody has reported. Raises ``Refused`` otherwise."""
    locked = _locked(indicator, by)
    if locked.results.exists():
        raise Refused(_("Bodies have reported on this indicator already, so it stays."))
    facts = {"name": locked.name, "before": _all_said(locked)}
    record(kind="remove", subject=locked, by=by, label=_label(locked), data=facts)
    locked.delete()


def needed_language(action_plan: ActionPlan, default: str) -> str:
    """The language in which an indicator must have a name: the installation's, else the first one of the plan."""
    languages = list(action_plan.plan.title)
    return default if default in languages or not languages else languages[0]


def figures_reported(indicator: Indicator) -> bool:
    """Whether any body has reported a figure on it, 'not known' included."""
    nothing = models.Q(**{f"{name}_state": FigureState.EMPTY for name in IndicatorResult.FIGURES})
    return indicator.results.exclude(nothing).exists()


def _may_change(by: User, indicator: Indicator) -> None:
    if not rules.allows(by, PERMISSION, indicator):
        raise NotPermitted(
            _now("A coordinator defines the indicators of an action plan, a body those of its own assignments.")
        )


def _locked(indicator: Indicator, by: User) -> Indicator:
    found: Indicator = (
        Indicator.objects.select_for_update(of=("self",))
        .select_related("action_plan__plan", "assignment__body")
        .get(pk=indicator.pk)
    )
    _may_change(by, found)
    return found


def _next_code(indicator: Indicator) -> str:
    taken = {code.casefold() for code in indicator.action_plan.indicators.values_list("code", flat=True)}
    prefix = indicator.assignment.body.code if indicator.assignment else indicator.action_plan.code
    return next(code for number in count(1) if (code := f"{prefix}-{number}").casefold() not in taken)


def _check_frozen(indicator: Indicator, name: str) -> None:
    """A text may still be translated: given in a language in which it is not given yet."""
    field, language = DEFINITION.part(name)
    if field not in FROZEN:
        return
    is_translation = language and getattr(indicator, field) and not getattr(indicator, field).get(language)
    if not is_translation and figures_reported(indicator):
        raise Refused(FROZEN_SENTENCE, field=name)


def _target_year(name: str) -> int | None:
    """The year in the name of a yearly target."""
    kind, _underscore, year = name.partition("_")
    return int(year) if kind == "target" and year.isdecimal() else None


def _read(indicator: Indicator, name: str) -> Any:
    year = _target_year(name)
    return DEFINITION.read(indicator, name) if year is None else indicator.target_in(year)


def _said(indicator: Indicator, names: Iterable[str]) -> dict[str, Any]:
    """What stands behind these names, as the record has it."""
    return {name: told(_read(indicator, name)) for name in names}


def _all_said(indicator: Indicator) -> dict[str, Any]:
    """All of an indicator that says something, before it is gone."""
    names = [f"{field}_{language}" for field in DEFINITION.localized for language in getattr(indicator, field)]
    years = [f"target_{year}" for year in indicator.targets.values_list("year", flat=True)]
    return {name: value for name, value in _said(indicator, [*names, *DEFINITION.plain, *years]).items() if value}


def _put(indicator: Indicator, name: str, value: Any) -> None:
    year = _target_year(name)
    if year is None:
        DEFINITION.put(indicator, name, value)
    else:
        # Written with the indicator, which may not have a row yet.
        indicator.__dict__.setdefault(_TARGETS, {})[year] = value or Figure()


def _save(indicator: Indicator) -> None:
    _check(indicator)
    try:
        with transaction.atomic():
            indicator.save()
    except IntegrityError:
        raise Refused(_code_taken(indicator), field="code") from None
    for year, target in indicator.__dict__.pop(_TARGETS, {}).items():
        _save_target(indicator, year, target)


def _save_target(indicator: Indicator, year: int, target: Figure) -> None:
    rows = indicator.targets.filter(year=year)
    if target.is_empty:
        rows.delete()
        return
    row = rows.first() or IndicatorTarget(indicator=indicator, year=year)
    row.target = target
    row.full_clean()
    row.save()


def _check(indicator: Indicator) -> None:
    if not CODE.fullmatch(indicator.code):
        raise Refused(CODE_SENTENCE, field="code")
    others = Indicator.objects.filter(action_plan=indicator.action_plan_id, code__iexact=indicator.code)
    if others.exclude(pk=indicator.pk).exists():
        raise Refused(_code_taken(indicator), field="code")
    if not indicator.name:
        raise Refused(_("Give the indicator a name."), field="name")
    DEFINITION.check_lengths(indicator)
    assignment: Assignment | None = indicator.assignment
    if assignment is not None and assignment.action_plan_id != indicator.action_plan_id:
        raise Refused(_("This body does not carry the action plan."), field="assignment")
    indicator.clean_fields()


def _code_taken(indicator: Indicator) -> str:
    return _now("This action plan has an indicator with the code “%(code)s” already.") % {"code": indicator.code}


def _reported_by_others(indicator: Indicator) -> bool:
    if indicator.assignment is None:
        return False
    return indicator.results.exclude(submission__assignment=indicator.assignment).exists()


def _label(indicator: Indicator) -> str:
    return f"{indicator.action_plan.code} {indicator.code}"
