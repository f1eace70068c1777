"""Saving rows of a submission: those that a body adds and removes itself, and the answers to what it is asked.

Both take a fixed number of statements, however many rows are sent.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries.models import (
    Activity,
    BodyField,
    BodyFieldValue,
    BudgetLine,
    Indicator,
    IndicatorResult,
    Submission,
)
from ministries.services.changes import (
    Conflict,
    InvalidRowError,
    RowChange,
    SaveResult,
    check_lengths,
    check_names,
    merge,
    plain,
)

Row = Any


@dataclass(frozen=True)
class Table:
    """A table to which a body adds rows. Its model names the fields to write (``FIELDS``) and has an ``order``."""

    name: str
    model: type[models.Model]
    #: More rows than anybody has; a larger number is told, never cut.
    most: int
    related: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that a body fills in."""
        names: tuple[str, ...] = self.model.FIELDS  # type: ignore[attr-defined]
        return names

    def rows_of(self, submission: Submission) -> list[Row]:
        """The stored rows in their order."""
        rows = self.model._default_manager.filter(submission=submission)
        found = list(rows.select_related(*self.related) if self.related else rows)
        for row in found:
            row.submission = submission  # type: ignore[attr-defined]
        return found


ACTIVITIES = Table("activities", Activity, most=200)
BUDGET = Table("budget", BudgetLine, most=50, related=("passed_on_from",))


def save_rows(
    table: Table, submission: Submission, rows: Sequence[RowChange], result: SaveResult, *, is_repeated: bool = False
) -> None:
    """Add, change and remove rows; what somebody else changed meanwhile becomes a conflict.

    ``is_repeated``: the same page was sent before, so a new row without a ``client_key`` that says what a stored one
    says is that one. Raises ``InvalidRowError`` where a row breaks a rule of its model, and for the last new one where
    there would be too many of them.
    """
    if not rows:
        return
    batch = _Batch(table, submission, result)
    for row in rows:
        check_names(row.changes, table.fields)
        if row.key is None and row.client_key in batch.stored:
            row = replace(row, key=row.client_key)
        if row.key is None:
            batch.add(row, is_repeated=is_repeated)
        elif row.key not in batch.stored:
            batch.miss(row)
        elif row.delete:
            batch.remove(row)
        else:
            batch.change(row)
    batch.write()


class _Batch:
    """What is to be written of one table."""

    def __init__(self, table: Table, submission: Submission, result: SaveResult) -> None:
        self.table, self.submission, self.result = table, submission, result
        self.stored: dict[uuid.UUID, Row] = {row.pk: row for row in table.rows_of(submission)}
        self.before = [self._said(row) for row in self.stored.values()]
        self.last = max((row.order for row in self.stored.values()), default=0)
        self.added: dict[uuid.UUID, Row] = {}
        self.changed: dict[uuid.UUID, Row] = {}
        self.removed: list[uuid.UUID] = []

    def _said(self, row: Row) -> list[Any]:
        return [plain(getattr(row, name)) for name in self.table.fields]

    def add(self, row: RowChange, *, is_repeated: bool) -> None:
        if row.delete or not row.changes:
            return
        new = self.table.model(
            pk=row.client_key or uuid.uuid4(), submission=self.submission, order=self.last + len(self.added) + 1
        )
        for name, change in row.changes.items():
            setattr(new, name, change.new)
        if is_repeated and row.client_key is None and self._said(new) in self.before:
            return
        self.added[new.pk] = self.stored[new.pk] = new
        self.result.saved.append(f"{self.table.name}:{new.pk}")

    def miss(self, row: RowChange) -> None:
        """Somebody removed the row meanwhile: what the writer changed in it is not lost."""
        if row.delete:
            return
        self.result.conflicts.extend(
            Conflict(name, None, change.new, row.key, table=self.table.name)
            for name, change in row.changes.items()
            if change.base != change.new
        )

    def remove(self, row: RowChange) -> None:
        """A row goes only if it still says what the writer saw when removing it."""
        stored = self.stored[row.key]  # type: ignore[index]
        changed = [(name, change) for name, change in row.changes.items() if not change.knows(getattr(stored, name))]
        if changed:
            self.result.conflicts.extend(
                Conflict(name, getattr(stored, name), change.base, row.key, is_removal=True, table=self.table.name)
                for name, change in changed
            )
            return
        self.result.saved.append(f"removed:{stored.pk}")
        self.removed.append(stored.pk)

    def change(self, row: RowChange) -> None:
        stored = self.stored[row.key]  # type: ignore[index]
        if merge(stored, row.changes, self.result, allowed=self.table.fields, table=self.table.name, row=stored.pk):
            self.changed[stored.pk] = stored

    def write(self) -> None:
        for row in (self.added | self.changed).values():
            check_row(self.table.name, row)
        if self.added and len(self.stored) - len(self.removed) > self.table.most:
            self._refuse(list(self.added)[-1], _now("At most %(limit)s rows.") % {"limit": self.table.most})
        manager = self.table.model._default_manager
        if taken := manager.filter(pk__in=self.added).first():
            self._refuse(taken.pk, _now("A new row has a key that is taken. Reload the page."))
        manager.bulk_create(self.added.values())
        update(self.table.model, [row for key, row in self.changed.items() if key not in self.added])
        if self.removed:
            manager.filter(pk__in=self.removed).delete()

    def _refuse(self, row: uuid.UUID, sentence: str) -> NoReturn:
        raise InvalidRowError(self.table.name, row, ValidationError(sentence))


@dataclass(frozen=True)
class Sheet:
    """A table whose rows are given: one answer to each thing that is asked, such as an indicator's result."""

    name: str
    model: type[models.Model]
    #: The name of the model's key to what is asked.
    asked_by: str
    asked_of: Callable[[Submission], Mapping[uuid.UUID, models.Model]]
    no_longer_asked: str | Promise
    fields: tuple[str, ...] = field(default=())


def indicators_asked(submission: Submission) -> dict[uuid.UUID, Indicator]:
    """The indicators on which a submission reports, by id: those of its action plan, and its assignment's own."""
    found = Indicator.objects.filter(action_plan=submission.assignment.action_plan_id).filter(
        models.Q(assignment=None) | models.Q(assignment=submission.assignment_id)
    )
    return {indicator.pk: indicator for indicator in found}


INDICATORS = Sheet(
    "indicators",
    IndicatorResult,
    "indicator",
    indicators_asked,
    _("One of the indicators is no longer asked for. Reload the page."),
    IndicatorResult.FIELDS,
)


def own_fields_asked(submission: Submission) -> dict[uuid.UUID, BodyField]:
    """The fields of the body's own that are asked in this year, by id."""
    found = BodyField.objects.filter(body=submission.assignment.body_id).asked_in(submission.round.year)
    return {each.pk: each for each in found}


BODY_FIELDS = Sheet(
    "body_fields",
    BodyFieldValue,
    "field",
    own_fields_asked,
    _("One of the body's own fields is no longer asked for. Reload the page."),
    BodyFieldValue.FIELDS,
)


def save_answers(sheet: Sheet, submission: Submission, rows: Sequence[RowChange], result: SaveResult) -> None:
    """Save answers, each keyed by what is asked. Raises ``InvalidRowError`` for what this submission is not asked, and
    where an answer breaks a rule of its model."""
    rows = [row for row in rows if row.key is not None and row.changes]
    if not rows:
        return
    asked = sheet.asked_of(submission)
    stored = {
        getattr(row, f"{sheet.asked_by}_id"): row
        for row in sheet.model._default_manager.filter(submission=submission).select_related(sheet.asked_by)
    }
    added: list[Row] = []
    changed: list[Row] = []
    for row in rows:
        key: Any = row.key
        if key not in asked:
            raise InvalidRowError(sheet.name, key, ValidationError(str(sheet.no_longer_asked)))
        answer = stored.get(key) or sheet.model(submission=submission, **{sheet.asked_by: asked[key]})
        if merge(answer, row.changes, result, allowed=sheet.fields, table=sheet.name, row=key):
            (changed if key in stored else added).append(answer)
            check_row(sheet.name, answer, key)
    sheet.model._default_manager.bulk_create(added)
    update(sheet.model, changed)


def check_row(table: str, row: Row, key: uuid.UUID | None = None) -> None:
    """Raise ``InvalidRowError`` where a row breaks a rule of its model. Takes no query."""
    keys = [each.name for each in row._meta.fields if each.is_relation]
    texts = [each for each in row._meta.fields if isinstance(each, models.TextField)]
    try:
        row.clean_fields(exclude=keys)
        check_lengths(row, {each.name: each.verbose_name for each in texts})
        row.clean()
    except ValidationError as error:
        raise InvalidRowError(table, key or row.pk, error) from None


def update(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Write all columns of these rows at once."""
    if rows:
        columns = [each.name for each in model._meta.fields if not each.primary_key and each.name != "submission"]
        model._default_manager.bulk_update(rows, columns)
