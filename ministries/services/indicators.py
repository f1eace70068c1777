"""Defining indicators of an action plan."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.models import Assignment, Indicator
from ministries.services.submissions import Change, Conflict, SaveResult
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.localized import LocalizedText
from objectives.models import ActionPlan

#: A code stands in addresses, as the numbers of the plan do.
CODE = re.compile(r"[^\W_]([\w.-]*[^\W_])?")
CODE_SENTENCE = _("Use letters and digits in the code, with points, hyphens or underscores between them.")
PERMISSION = "ministries.change_indicator"
#: Longest name and unit, in characters, in each language.
NAME_LENGTH = 200
UNIT_LENGTH = 40
LOCALIZED = {"name": NAME_LENGTH, "unit": UNIT_LENGTH}


@transaction.atomic
def create_indicator(*, action_plan: ActionPlan, values: Mapping[str, Any], by: User) -> Indicator:
    """A new indicator of an action plan.

    ``values``: ``code``, ``name_<language>``, ``unit_<language>``, ``baseline`` (a figure), ``baseline_year``,
    ``source``, ``assignment`` (only that body reports on it). Raises ``Refused`` where they will not do, saying why.
    """
    _may_change(by)
    last = action_plan.indicators.aggregate(last=Max("order"))["last"] or 0
    indicator = Indicator(action_plan=action_plan, order=last + 1)
    for name, value in values.items():
        _put(indicator, name, value)
    _save(indicator)
    record(kind="create", subject=indicator, by=by, label=_label(indicator), data={"fields": sorted(values)})
    return indicator


@transaction.atomic
def change_indicator(*, indicator: Indicator, changes: Mapping[str, Change], by: User) -> SaveResult:
    """Save the changed fields whose stored value is still the one that the writer started from; see
    :func:`create_indicator` for their names. The others come back as conflicts."""
    _may_change(by)
    locked = Indicator.objects.select_for_update(of=("self",)).select_related("action_plan__plan").get(pk=indicator.pk)
    result = SaveResult()
    before = {}
    for name, change in changes.items():
        stored = _read(locked, name)
        if stored == change.new:
            continue
        if stored != change.base:
            result.conflicts.append(Conflict(name, stored, change.new))
            continue
        before[name] = str(stored)
        _put(locked, name, change.new)
        result.saved.append(name)
    if "code" in result.saved and locked.results.exists():
        raise Refused(_("Bodies have reported on this indicator already, so its code stays."), field="code")
    if "assignment" in result.saved and _reported_by_others(locked):
        raise Refused(_("Other bodies have reported on this indicator already."), field="assignment")
    if result.saved:
        _save(locked)
        record(kind="change", subject=locked, by=by, label=_label(locked), data={"before": before})
    if result.conflicts:
        result.other, result.at = _last_change(locked, by)
    return result


@transaction.atomic
def remove_indicator(*, indicator: Indicator, by: User) -> None:
    """Remove an indicator on which nobody has reported. Raises ``Refused`` otherwise."""
    _may_change(by)
    locked = Indicator.objects.select_for_update(of=("self",)).select_related("action_plan").get(pk=indicator.pk)
    if locked.results.exists():
        raise Refused(_("Bodies have reported on this indicator already, so it stays."))
    record(kind="remove", subject=locked, by=by, label=_label(locked), data={"name": locked.name})
    locked.delete()


def needed_language(action_plan: ActionPlan, default: str) -> str:
    """The language in which an indicator must have a name: the installation's, else the first one of the plan."""
    languages = list(action_plan.plan.title)
    return default if default in languages or not languages else languages[0]


def _may_change(by: User) -> None:
    if not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator defines indicators."))


def _localized(name: str) -> tuple[str, str]:
    kind, _underscore, language = name.partition("_")
    return (kind, language) if kind in LOCALIZED and language else (name, "")


def _read(indicator: Indicator, name: str) -> Any:
    field, language = _localized(name)
    value = getattr(indicator, field)
    return value.get(language, "") if language else value


def _put(indicator: Indicator, name: str, value: Any) -> None:
    field, language = _localized(name)
    if language:
        others = {code: text for code, text in getattr(indicator, field).items() if code != language}
        value = LocalizedText({**others, **({language: value} if value else {})})
    setattr(indicator, field, value)


def _save(indicator: Indicator) -> None:
    _check(indicator)
    try:
        with transaction.atomic():
            indicator.save()
    except IntegrityError:
        raise Refused(_code_taken(indicator), field="code") from None


def _check(indicator: Indicator) -> None:
    if not CODE.fullmatch(indicator.code):
        raise Refused(CODE_SENTENCE, field="code")
    others = Indicator.objects.filter(action_plan=indicator.action_plan_id, code__iexact=indicator.code)
    if others.exclude(pk=indicator.pk).exists():
        raise Refused(_code_taken(indicator), field="code")
    if not indicator.name:
        raise Refused(_("Give the indicator a name."), field="name")
    for field, longest in LOCALIZED.items():
        for language, text in getattr(indicator, field).items():
            if len(text) > longest:
                raise Refused(_now("At most %(limit)s characters.") % {"limit": longest}, field=f"{field}_{language}")
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


def _last_change(indicator: Indicator, by: User) -> tuple[str, Any]:
    """Who else changed it last, and when."""
    others = Event.objects.of("ministries.indicator", str(indicator.pk)).exclude(actor_id=str(by.pk))
    event = others.last()
    return (event.actor_label.partition(" <")[0], event.at) if event else ("", None)


def _label(indicator: Indicator) -> str:
    return f"{indicator.action_plan.code} {indicator.code}"
