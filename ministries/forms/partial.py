"""What a page sends by itself while somebody types: single fields and rows, judged by the forms of the whole page.

A value is sent as the page's control holds it: a text, or number and state of a figure. Each comes with the value it
started from (``base``), and with values that were sent before and not answered yet (``sent``).
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ministries.forms import rows
from ministries.forms.fields import ComparedForm, FigureField, FlagField, TextField, split_figure
from ministries.forms.submission import SubmissionForm, show_conflicts
from ministries.models import ImplementingBody, Submission
from ministries.models.warning_remark import REMARK_LENGTH
from ministries.services.changes import Change, Conflict, InvalidRowError, RowChange
from nap_monitor.lib.forms import typed_date

Raw = str | list[str]
#: More rows than all tables of a submission together have.
MOST_ROWS = 700

STORED: dict[str, Callable[[Submission], list[dict[str, Any]]]] = {
    "activities": rows.activity_rows,
    "budget": rows.budget_rows,
    "indicators": rows.indicator_rows,
    "body_fields": rows.own_answer_rows,
}
#: The tables to which the body adds rows.
GROWING = ("activities", "budget")
#: Where the model finds fault with a field that was not sent, these may be the cause.
CAUSES = {"end_date": ("date",)}


class UnreadableError(Exception):
    """What was sent is nothing that the page of this release sends."""


class RemarkForm(ComparedForm):
    """The body's remark on one warning."""

    text = TextField(label=_("Remark"), max_length=REMARK_LENGTH)


@dataclass(frozen=True)
class Sent:
    """A field as it was sent."""

    value: Raw
    base: Raw
    sent: tuple[Raw, ...] = ()


@dataclass
class Part:
    """The form of one row, of one remark, or of the texts; ``name`` is what the page calls it."""

    table: str
    name: str
    form: ComparedForm
    sent: dict[str, Sent]
    key: uuid.UUID | None = None
    client_key: uuid.UUID | None = None
    delete: bool = False
    is_gone: bool = False
    #: What the model refused beside what the form did: sentences by field, and what cannot be saved for it.
    refused: dict[str, list[str]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def place(self, name: str) -> str:
        """What the page calls this field."""
        if self.table == "warnings" or not name:
            return self.name
        return f"{self.name}:{name}" if self.table else name

    @property
    def row(self) -> uuid.UUID | None:
        """The key under which the row is stored, or will be."""
        return self.key or self.client_key

    def faults(self) -> dict[str, list[str]]:
        """What is to be mended, by field; what stands in a row that goes is nobody's concern."""
        if self.delete:
            return dict(self.refused)
        found = {name: [str(each) for each in errors] for name, errors in self.form.errors.items()}
        if self.is_gone:
            found = {name: errors for name, errors in found.items() if name in self.sent}
        return {"" if name == "__all__" else name: errors for name, errors in {**found, **self.refused}.items()}

    def changes(self) -> dict[str, Change]:
        """The fields that can be saved."""
        names = [name for name in self.sent if name not in self.held]
        if self.delete:
            return {name: self._change(name, self._base(name)) for name in names}
        good = [name for name in names if name not in self.form.errors]  # asking for the errors cleans the form
        return {name: self._change(name, self.form.cleaned_data[name]) for name in good}

    def refuse(self, said: dict[str, list[str]]) -> None:
        """Hold back the fields that the model refused; all of them where it does not name any that was sent."""
        self.refused |= said
        names = {name for each in said for name in (each, *CAUSES.get(each, ()))}
        self.held |= (names & set(self.changes())) or set(self.sent)

    def _change(self, name: str, new: Any) -> Change:
        sent = self.sent[name].sent
        return Change(self._base(name), new, tuple(read(self.form.fields[name], each) for each in sent))

    def _base(self, name: str) -> Any:
        return read(self.form.fields[name], self.sent[name].base)


class Partial:
    """What one request of a page sends, part by part: what can be saved of it, and what the page is told."""

    parts: list[Part]

    def faults(self) -> dict[str, list[str]]:
        """What is to be mended, by the page's name of the field or row."""
        return {part.place(name): said for part in self.parts for name, said in part.faults().items()}

    def conflicts(self, found: Iterable[Conflict]) -> dict[str, dict[str, Any]]:
        """Both values of each field in conflict, by the page's name of the field: as the control holds the stored one
        (nothing where the row was removed), and what a reader is shown."""
        told = {}
        for conflict in found:
            part = self._part_of(conflict)
            name = "text" if conflict.table == "warnings" else conflict.name
            show_conflicts(part.form, [replace(conflict, name=name)])
            stored = None if conflict.stored is None else raw(part.form, name, conflict.stored)
            told[part.place(name)] = {"stored": stored, "shown": part.form.conflicts[name]}
        return told

    def _part_of(self, conflict: Conflict) -> Part:
        if conflict.table == "warnings":
            return next(part for part in self._of("warnings") if part.name == f"warnings:{conflict.name}")
        return next(part for part in self._of(conflict.table) if part.row == conflict.row)

    def saved(self, conflicts: Mapping[str, Any]) -> dict[str, Raw]:
        """The fields that stand in the database as they were sent, each with the value that a later change starts from.
        ``conflicts`` are those of :meth:`conflicts`."""
        return {
            place: raw(part.form, name, change.new)
            for part in self.parts
            if not part.delete
            for name, change in part.changes().items()
            if (place := part.place(name)) not in conflicts
        }

    def rows(self, conflicts: Mapping[str, Any]) -> dict[str, str]:
        """What became of new and of removed rows, by the page's name of the row: ``added`` or ``removed``."""
        found = {}
        for part in self.parts:
            if part.table in GROWING and part.changes():
                if not part.delete and part.key is None:
                    found[part.name] = "added"
                if part.delete and not any(part.place(name) in conflicts for name in part.sent):
                    found[part.name] = "removed"
        return found

    def _of(self, table: str) -> list[Part]:
        return [part for part in self.parts if part.table == table]


class PartialForm(Partial):
    """What a page with one form sends: ``form`` is bound to nothing, and filled here. Raises :class:`UnreadableError`
    for what no page of ours sends."""

    def __init__(self, form: ComparedForm, payload: Any) -> None:
        self.parts = list(_texts(form, _mapping(payload, "fields")))

    def changes(self) -> dict[str, Change]:
        """The fields that can be saved."""
        return {name: change for part in self.parts for name, change in part.changes().items()}


class PartialSubmission(Partial):
    """All that one request of a submission's page sends. Raises as :class:`PartialForm` does."""

    def __init__(self, submission: Submission, payload: Any) -> None:
        self.submission = submission
        self.parts = [
            *_texts(SubmissionForm({}, submission=submission), _mapping(payload, "fields")),
            *(part for table in STORED for part in self._rows(table, _mapping(payload, "rows").get(table, []))),
            *(self._remark(key, sent) for key, sent in _mapping(payload, "warnings").items()),
        ]
        if len(self.parts) > MOST_ROWS:
            raise UnreadableError

    def _rows(self, table: str, sent: Any) -> Iterable[Part]:
        if not isinstance(sent, list):
            raise UnreadableError
        if not sent:
            return
        make, stored = self._maker(table), {row["key"]: row for row in STORED[table](self.submission)}
        for row in sent:
            key, client_key = _key(row, "key"), _key(row, "client_key")
            if not (key or (client_key and table in GROWING)):
                raise UnreadableError
            found = {name: _sent(each) for name, each in _mapping(row, "fields").items()}
            form = make({"key": str(key or "")})
            _known(found, form.names)
            before = stored.get(key or client_key, {})
            values = {name: raw(form, name, before.get(name, form.fields[name].initial)) for name in form.names}
            _fill(form, {**values, **{name: each.value for name, each in found.items()}})
            delete = table in GROWING and bool(row.get("delete"))
            is_gone = key is not None and not before
            yield Part(table, f"{table}:{key or client_key}", form, found, key, client_key, delete, is_gone)

    def _maker(self, table: str) -> Callable[[dict[str, str]], Any]:
        if table == "activities":
            return rows.ActivityForm
        if table == "indicators":
            return rows.IndicatorResultForm
        if table == "body_fields":
            asked = {str(each.pk): each for each, _answer in self.submission.own_answers}
            return lambda data: rows.OwnAnswerForm(data, asked=asked)
        own = self.submission.assignment.body_id
        bodies = [each for each in ImplementingBody.objects.prefetch_related("names") if each.pk != own]
        return lambda data: rows.BudgetLineForm(data, bodies=bodies)

    @staticmethod
    def _remark(key: str, sent: Any) -> Part:
        if not key.isprintable():
            raise UnreadableError
        form = RemarkForm({})
        found = _sent(sent)
        _fill(form, {"text": found.value})
        return Part("warnings", f"warnings:{key}", form, {"text": found})

    def changes(self) -> dict[str, Any]:
        """What can be saved, as the service takes it."""
        remarks = {part.name.partition(":")[2]: part.changes().get("text") for part in self._of("warnings")}
        return {
            "changes": {name: change for part in self._of("") for name, change in part.changes().items()},
            "remarks": {key: change for key, change in remarks.items() if change},
            **{
                table: [
                    RowChange(part.key, part.changes(), delete=part.delete, client_key=part.client_key)
                    for part in self._of(table)
                    if part.changes()
                ]
                for table in STORED
            },
        }

    def refuse(self, error: InvalidRowError) -> bool:
        """Leave out what the model refused of a row, with its sentences; whether there was any such thing."""
        part = next((each for each in self._of(error.table) if each.row == error.row), None)
        if part is None or not part.changes():
            return False
        part.refuse({name: [str(each) for each in errors] for name, errors in error.message_dict.items()})
        return True


def _texts(form: ComparedForm, sent: Mapping[str, Any]) -> Iterable[Part]:
    """The part of the fields that stand in no table; what was not sent is taken out of the form."""
    if not sent:
        return
    found = {name: _sent(each) for name, each in sent.items()}
    form.fields = {name: form.fields[name] for name in _known(found, form.fields)}
    _fill(form, {name: each.value for name, each in found.items()})
    yield Part("", "", form, found)


def raw(form: ComparedForm, name: str, value: Any) -> Raw:
    """A value as the page's control holds it."""
    asked = form.fields[name]
    value = asked.prepare_value(value)
    if isinstance(asked, FigureField):
        return split_figure(value)
    if isinstance(asked, FlagField):
        return "on" if value else ""
    if isinstance(value, dt.date):
        return typed_date(value)
    return "" if value is None else str(value)


def read(asked: forms.Field, sent: Raw) -> Any:
    """What a control held, as a value of the model; nothing where it is none."""
    try:
        return asked.to_python(sent)
    except ValidationError:
        return None


def _fill(form: ComparedForm, values: Mapping[str, Raw]) -> None:
    """Put the values into the data of a bound form that was made with none."""
    data: dict[str, str] = form.data  # type: ignore[assignment]
    for name, value in values.items():
        if isinstance(form.fields[name], FigureField) is not isinstance(value, list):
            raise UnreadableError
        data |= {f"{name}_value": value[0], f"{name}_state": value[1]} if isinstance(value, list) else {name: value}


def _known(sent: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    if set(sent) - set(names):
        raise UnreadableError
    return list(sent)


def _mapping(payload: Any, name: str) -> Mapping[str, Any]:
    found = payload.get(name, {}) if isinstance(payload, Mapping) else None
    if not isinstance(found, Mapping):
        raise UnreadableError
    return found


def _key(row: Any, name: str) -> uuid.UUID | None:
    found = row.get(name) if isinstance(row, Mapping) else ""
    if found is None:
        return None
    try:
        return uuid.UUID(found)
    except (ValueError, AttributeError, TypeError):
        raise UnreadableError from None


def _sent(found: Any) -> Sent:
    if not isinstance(found, Mapping):
        raise UnreadableError
    before = found.get("sent", [])
    values = [found.get("value"), found.get("base"), *(before if isinstance(before, list) else [None])]
    if not all(map(_is_raw, values)) or len({isinstance(each, list) for each in values}) > 1:
        raise UnreadableError
    value, base, *sent = map(_whole, values)
    return Sent(value, base, tuple(sent))


def _whole(value: Any) -> Any:
    """Without halves of characters, which JSON can hold and no database takes."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return value.encode(errors="replace").decode()


def _is_raw(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) == 2 and all(isinstance(each, str) for each in value)
    return isinstance(value, str)
