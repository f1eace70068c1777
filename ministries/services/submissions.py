"""Saving what a body writes. Each change comes with the value it started from, so that nothing is overwritten."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _now

from ministries import rules, workflow
from ministries.enums import Lock, Role
from ministries.fields import BY_NAME
from ministries.figures import LARGEST_AMOUNT
from ministries.models import BudgetLine, Indicator, IndicatorResult, Submission
from ministries.workflow import NotPermitted, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event, EventQuerySet
from nap_monitor.lib.audit.services import record


@dataclass(frozen=True)
class Change:
    """A field's new value, and the value that the writer saw before changing it."""

    base: Any
    new: Any


@dataclass(frozen=True)
class RowChange:
    """Changes of one row. ``key`` is the row's id (a budget line) or its indicator's id; ``None`` for a new line."""

    key: uuid.UUID | None
    changes: Mapping[str, Change] = field(default_factory=dict)
    delete: bool = False


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else saved meanwhile: both values are kept, nothing is overwritten.

    ``row`` is the row's key, for a field of a table; ``stored`` is ``None`` where the row was removed. ``is_removal``:
    the writer wanted to remove the row; ``mine`` is then the value that was seen.
    """

    name: str
    stored: Any
    mine: Any
    row: uuid.UUID | None = None
    is_removal: bool = False


@dataclass
class SaveResult:
    """What was saved, what was not because somebody else was faster, and who that was."""

    saved: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    other: str = ""
    at: dt.datetime | None = None


@transaction.atomic
def save_submission(
    *,
    submission: Submission,
    by: User,
    changes: Mapping[str, Change],
    budget: Sequence[RowChange] = (),
    indicators: Sequence[RowChange] = (),
    token: str = "",
) -> SaveResult:
    """Save the changed fields and rows whose stored value is still the one that the writer started from.

    The others come back as conflicts. ``token`` names the page that was posted: the same page posted again (a double
    click) adds no line twice; another text in it (written after the browser's 'back') is compared as ever.

    Raises ``NotPermitted`` or ``WrongState`` where the submission can't be edited, ``ValidationError`` where a value
    breaks a rule of the model; then nothing is saved.
    """
    locked = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("round__plan", "assignment__body", "assignment__action_plan")
        .get(pk=submission.pk)
    )
    is_repeated = bool(token) and _saves_of(locked).filter(data__token=token).exists()
    lock = workflow.edit_lock(locked, by)
    if lock is Lock.OTHERS:
        raise NotPermitted(lock.label)
    if lock:
        raise WrongState(lock.label)
    result = SaveResult()
    _merge(locked, changes, result)
    for row in budget:
        _save_budget_line(locked, row, result, is_repeated)
    for row in indicators:
        _save_indicator_result(locked, row, result)
    if result.saved:
        _touch(locked, by, result, token)
    if result.conflicts:
        result.other, result.at = _last_save(locked, by)
    return result


def _merge(
    instance: models.Model, changes: Mapping[str, Change], result: SaveResult, row: uuid.UUID | None = None
) -> None:
    for name, change in changes.items():
        stored = getattr(instance, name)
        if _plain(stored) == _plain(change.new):
            continue
        if _plain(stored) != _plain(change.base):
            result.conflicts.append(Conflict(name, stored, change.new, row))
            continue
        setattr(instance, name, change.new)
        result.saved.append(name if row is None else f"{name}:{row}")


def _plain(value: Any) -> Any:
    """Text as a browser sends it back: other line ends and spaces around it are no change."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _touch(submission: Submission, by: User, result: SaveResult, token: str) -> None:
    submission.updated_at = clock.now()
    submission.started_at = submission.started_at or submission.updated_at
    if rules.roles_of(by).in_body(Role.FOCAL_POINT, submission.assignment.body_id):
        # An approver may mend a word without being printed as the focal point.
        submission.written_by = by
    submission.clean_fields(exclude={f.name for f in submission._meta.fields} - set(BY_NAME))
    _check_lengths(submission)
    submission.save()
    record(kind="save", subject=submission, by=by, data={"fields": sorted(result.saved), "token": token})


def _check_lengths(submission: Submission) -> None:
    """Texts too: Django holds their length in forms only, and not all that writes here is a form."""
    for name in BY_NAME:
        limit = getattr(submission._meta.get_field(name), "max_length", None)
        if limit and len(getattr(submission, name)) > limit:
            label = str(BY_NAME[name].label)
            raise ValidationError(
                {name: _now("%(field)s: at most %(limit)s characters.") % {"field": label, "limit": limit}}
            )


def _add_budget_line(submission: Submission, row: RowChange, result: SaveResult, is_repeated: bool) -> None:
    if row.delete or not row.changes:
        return
    lines = list(submission.budget_lines.all())
    line = BudgetLine(submission=submission, order=max((each.order for each in lines), default=0) + 1)
    for name, change in row.changes.items():
        setattr(line, name, change.new)
    if is_repeated and any(_said(line) == _said(each) for each in lines):
        return
    _save_line(line)
    result.saved.append(f"budget:{line.pk}")


def _said(line: BudgetLine) -> list[Any]:
    return [_plain(getattr(line, name)) for name in BudgetLine.FIELDS]


def _save_budget_line(submission: Submission, row: RowChange, result: SaveResult, is_repeated: bool) -> None:
    if row.key is None:
        _add_budget_line(submission, row, result, is_repeated)
        return
    stored = submission.budget_lines.filter(pk=row.key).first()
    if stored is None:
        for name, change in row.changes.items():
            if not row.delete and change.base != change.new:
                result.conflicts.append(Conflict(name, None, change.new, row.key))
        return
    if row.delete:
        _delete_line(stored, row, result)
        return
    before = len(result.saved)
    _merge(stored, row.changes, result, row.key)
    if len(result.saved) > before:
        _save_line(stored)


def _save_line(line: BudgetLine) -> None:
    line.full_clean()
    for name in ("budget", "executed"):
        amount = getattr(line, name).value
        if amount is not None and amount > LARGEST_AMOUNT:
            raise ValidationError(
                _now("This number is too large: at most %(limit)s.") % {"limit": f"{LARGEST_AMOUNT:,}"}
            )
    line.save()


def _delete_line(line: BudgetLine, row: RowChange, result: SaveResult) -> None:
    """A line goes only if it still says what the writer saw when removing it."""
    stored = {name: getattr(line, name) for name in row.changes}
    changed = [(name, change) for name, change in row.changes.items() if _plain(stored[name]) != _plain(change.base)]
    if changed:
        result.conflicts.extend(
            Conflict(name, stored[name], change.base, row.key, is_removal=True) for name, change in changed
        )
        return
    result.saved.append(f"removed:{line.pk}")
    line.delete()


def _save_indicator_result(submission: Submission, row: RowChange, result: SaveResult) -> None:
    if row.key is None or not row.changes:
        return
    indicator = (
        Indicator.objects.filter(action_plan=submission.assignment.action_plan)
        .filter(models.Q(assignment=None) | models.Q(assignment=submission.assignment))
        .filter(pk=row.key)
        .first()
    )
    if indicator is None:
        raise ValidationError(_now("One of the indicators is no longer asked for. Reload the page."))
    stored = submission.indicator_results.filter(indicator=indicator).first() or IndicatorResult(
        submission=submission, indicator=indicator
    )
    before = len(result.saved)
    _merge(stored, row.changes, result, row.key)
    if len(result.saved) > before:
        stored.full_clean()
        stored.save()


def _saves_of(submission: Submission) -> EventQuerySet:
    return Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="save")


def _last_save(submission: Submission, by: User) -> tuple[str, dt.datetime | None]:
    event = _saves_of(submission).exclude(actor_id=str(by.pk)).last()
    return (event.actor_label, event.at) if event else ("", None)
