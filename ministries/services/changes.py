"""What a writer sends: each change with the value it started from, so that nothing is overwritten in silence."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Change:
    """A field's new value, and the value that the writer saw before changing it.

    ``sent``: values of the writer's own that were sent since and are not answered yet (a page that saves by itself lost
    the line). Any of them may be stored already; that is no conflict with oneself.
    """

    base: Any
    new: Any
    sent: tuple[Any, ...] = ()

    def knows(self, stored: Any) -> bool:
        """Whether what is stored is what the writer saw, or has sent before."""
        return plain(stored) in [plain(each) for each in (self.base, *self.sent)]


@dataclass(frozen=True)
class RowChange:
    """Changes of one row of a table.

    ``key``: the row's id, or the id of what is asked (an indicator, an own field); ``None`` for a new row. A new row
    may carry a ``client_key``, which the page made: it becomes the row's id, so that the same row sent again (the
    answer to the first time was lost) is found and not added twice.
    """

    key: uuid.UUID | None
    changes: Mapping[str, Change] = field(default_factory=dict)
    delete: bool = False
    client_key: uuid.UUID | None = None


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else saved meanwhile: both values are kept, nothing is overwritten.

    ``table`` and ``row`` (the row's key) are for a field of a table; ``stored`` is ``None`` where the row was removed.
    ``is_removal``: the writer wanted to remove the row; ``mine`` is then the value that was seen. ``by`` saved the
    stored value ``at`` that time; ``is_own`` where that was the writer, in another window.
    """

    name: str
    stored: Any
    mine: Any
    row: uuid.UUID | None = None
    is_removal: bool = False
    table: str = ""
    by: str = ""
    at: dt.datetime | None = None
    is_own: bool = False

    @property
    def marks(self) -> set[str]:
        """What the record of a save calls this field, or the whole row."""
        if self.table == "warnings":
            return {f"remark:{self.name}"}
        if self.row is None:
            return {self.name}
        return {f"{self.name}:{self.row}", f"{self.table}:{self.row}", f"removed:{self.row}"}


@dataclass
class SaveResult:
    """What was saved, what was not because somebody else was faster, and who that was."""

    saved: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    other: str = ""
    at: dt.datetime | None = None


class InvalidRowError(ValidationError):
    """A row breaks a rule of its model: which row of which table, and what is wrong by field."""

    def __init__(self, table: str, row: uuid.UUID, error: ValidationError) -> None:
        # The two columns of a figure are one field to who writes it.
        found: dict[str, list[ValidationError]] = {}
        for name, errors in (
            error.error_dict.items() if hasattr(error, "error_dict") else {"": error.error_list}.items()
        ):
            found.setdefault(name.removesuffix("_value").removesuffix("_state"), []).extend(errors)
        super().__init__(found)
        self.table = table
        self.row = row


def merge(
    instance: models.Model,
    changes: Mapping[str, Change],
    result: SaveResult,
    *,
    allowed: Collection[str],
    table: str = "",
    row: uuid.UUID | None = None,
) -> bool:
    """Set the changed fields whose stored value is still the one that the writer started from; the others become
    conflicts. Whether anything was set. Raises ``ValidationError`` for a field that is not ``allowed``."""
    check_names(changes, allowed)
    before = len(result.saved)
    for name, change in changes.items():
        stored = getattr(instance, name)
        if plain(stored) == plain(change.new):
            continue
        if not change.knows(stored):
            result.conflicts.append(Conflict(name, stored, change.new, row, table=table))
            continue
        setattr(instance, name, change.new)
        result.saved.append(name if row is None else f"{name}:{row}")
    return len(result.saved) > before


def check_names(changes: Mapping[str, Any], allowed: Collection[str]) -> None:
    """Raise ``ValidationError`` where a change names a field that may not be written in this way."""
    for name in changes:
        if name not in allowed:
            raise ValidationError(_("There is no field “%(name)s” to be written here.") % {"name": name})


def check_lengths(instance: models.Model, labels: Mapping[str, str | Promise]) -> None:
    """Raise ``ValidationError`` where a text is too long: Django holds the length of long texts in forms only, and not
    all that writes here is a form. ``labels`` says which fields, and what they are called."""
    for name, label in labels.items():
        limit = getattr(instance._meta.get_field(name), "max_length", None)
        if limit and len(getattr(instance, name)) > limit:
            raise ValidationError(
                {name: _("%(field)s: at most %(limit)s characters.") % {"field": label, "limit": limit}}
            )


def plain(value: Any) -> Any:
    """Text as a browser sends it back: other line ends and spaces around it are no change."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
