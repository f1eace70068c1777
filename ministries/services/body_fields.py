"""The fields of a body's own: its focal points and approvers define them.

A field is changed by the names of its fields: ``key``, ``label_<language>``, ``help_<language>``, ``kind``, ``choices``
(for a choice; see :func:`choices_of_rows`), ``is_required``, ``start_year``, ``end_year``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import BodyFieldKind
from ministries.models import BodyField, BodyFieldValue, ImplementingBody
from ministries.services.changes import Change, SaveResult
from ministries.services.definitions import Definition, compare, last_change, told
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record

PERMISSION = "ministries.change_body_field"
KEY = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
LABEL_LENGTH = 100
HELP_LENGTH = 300
CHOICE_LENGTH = 100
MOST_CHOICES = 50
#: More fields than any form should have.
MOST_FIELDS = 30
DEFINITION = Definition(
    {"label": LABEL_LENGTH, "help": HELP_LENGTH},
    ("key", "kind", "choices", "is_required", "start_year", "end_year"),
)
#: What stays once somebody has answered.
FROZEN = ("key", "kind")


@transaction.atomic
def create_body_field(*, body: ImplementingBody, values: Mapping[str, Any], by: User) -> BodyField:
    """A new field in all submissions of a body. Without a key it gets one. Raises ``NotPermitted`` or ``Refused``."""
    _may_change(by, body)
    last = body.own_fields.aggregate(last=Max("order"))["last"] or 0
    field = BodyField(body=body, order=last + 1)
    for name, value in values.items():
        DEFINITION.put(field, name, value)
    taken = set(body.own_fields.values_list("key", flat=True))
    if len(taken) >= MOST_FIELDS:
        raise Refused(_now("At most %(limit)s fields of the body's own.") % {"limit": MOST_FIELDS})
    field.key = field.key or next(key for number in count(1) if (key := f"field-{number}") not in taken)
    _save(field)
    record(
        kind="create",
        subject=field,
        by=by,
        label=_label(field),
        data={"fields": sorted(values), "after": _said(field, values)},
    )
    return field


@transaction.atomic
def change_body_field(*, field: BodyField, changes: Mapping[str, Change], by: User) -> SaveResult:
    """Save the changed parts whose stored value is still the one that the writer started from; the others come back as
    conflicts. Raises ``NotPermitted``, and ``Refused`` where what is changed stays once somebody has answered."""
    locked = _locked(field, by)
    result = SaveResult()
    before = {}
    for name, change in changes.items():
        stored = DEFINITION.read(locked, name)
        if compare(stored, name, change, result):
            before[name] = told(stored)
            DEFINITION.put(locked, name, change.new)
            result.saved.append(name)
    answers = BodyFieldValue.objects.filter(field=locked)
    for name in FROZEN:
        if name in result.saved and answers.exists():
            raise Refused(_("This field has been answered already, so its key and kind stay."), field=name)
    if "choices" in result.saved and answers.exclude(text="").exclude(text__in=_codes(locked)).exists():
        raise Refused(_("One of the choices that you took away has been chosen already."), field="choices")
    if result.saved:
        _check_years(locked)
        _save(locked)
        record(
            kind="change",
            subject=locked,
            by=by,
            label=_label(locked),
            data={"before": before, "after": _said(locked, before)},
        )
    if result.conflicts:
        result.other, result.at = last_change("ministries.bodyfield", locked.pk, by)
    return result


@transaction.atomic
def remove_body_field(*, field: BodyField, by: User) -> None:
    """Remove a field that nobody has answered. Raises ``Refused`` otherwise: it is given a last year instead."""
    locked = _locked(field, by)
    if locked.values.exists():
        raise Refused(_("This field has been answered already. Give it a last year instead."))
    facts = {"label": locked.label, "before": _all_said(locked)}
    record(kind="remove", subject=locked, by=by, label=_label(locked), data=facts)
    locked.delete()


@transaction.atomic
def move_body_field(*, field: BodyField, to: int, by: User) -> None:
    """Put a field at a place among those of its body, counted from 0; the others move up. The same twice is once.

    Raises ``NotPermitted``.
    """
    ImplementingBody.objects.select_for_update().get(pk=field.body_id)  # one after the other, of whichever field
    locked = _locked(field, by)
    others = [each for each in locked.body.own_fields.all() if each.pk != locked.pk]
    place = max(0, min(to, len(others)))
    ordered = [*others[:place], locked, *others[place:]]
    before = locked.order
    moved = [(number, each) for number, each in enumerate(ordered, start=1) if each.order != number]
    for number, each in moved:
        BodyField.objects.filter(pk=each.pk).update(order=number)
    if moved:
        order = next(number for number, each in enumerate(ordered, start=1) if each.pk == locked.pk)
        data = {"before": {"order": str(before)}, "after": {"order": str(order)}}
        record(kind="move", subject=locked, by=by, label=_label(locked), data=data)


def choices_of_rows(
    rows: Sequence[tuple[str, Mapping[str, str]]], before: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Choices as a field keeps them, of rows of a code and a label by language. ``before``: those that it has.

    A row with a code that the field does not have is a new choice; it gets the next free number.
    """
    known = {each["code"] for each in before}
    free = (str(number) for number in count(1) if str(number) not in known)
    return [{"code": code if code in known else next(free), "label": dict(label)} for code, label in rows]


def _said(field: BodyField, names: Iterable[str]) -> dict[str, Any]:
    """What stands in these parts of a field, as the record has it."""
    return {name: told(DEFINITION.read(field, name)) for name in names}


def _all_said(field: BodyField) -> dict[str, Any]:
    """All of a field that says something, before it is gone."""
    names = [f"{part}_{language}" for part in DEFINITION.localized for language in getattr(field, part)]
    return {name: value for name, value in _said(field, [*names, *DEFINITION.plain]).items() if value}


def _codes(field: BodyField) -> list[str]:
    return [each["code"] for each in field.choices]


def _may_change(by: User, obj: ImplementingBody | BodyField) -> None:
    if not rules.allows(by, PERMISSION, obj):
        raise NotPermitted(_now("Only the body's own focal points and approvers define its own fields."))


def _locked(field: BodyField, by: User) -> BodyField:
    found: BodyField = BodyField.objects.select_for_update(of=("self",)).select_related("body").get(pk=field.pk)
    _may_change(by, found)
    return found


def _save(field: BodyField) -> None:
    if not KEY.fullmatch(field.key):
        raise Refused(_("Use small letters, digits and hyphens in the key."), field="key")
    if BodyField.objects.filter(body=field.body_id, key=field.key).exclude(pk=field.pk).exists():
        raise Refused(_("There is a field with this key already."), field="key")
    if not field.label:
        raise Refused(_("Give the field a label."), field="label")
    if field.start_year and field.end_year and field.end_year < field.start_year:
        raise Refused(_("The last year may not lie before the first."), field="end_year")
    DEFINITION.check_lengths(field)
    _check_choices(field)
    try:
        field.clean_fields(exclude=["body"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=name) from None
    field.save()


def _check_years(field: BodyField) -> None:
    """Raise ``Refused`` where an answer would lie in a year in which it is no longer asked for."""
    years = BodyFieldValue.objects.filter(field=field).aggregate(
        first=Min("submission__round__year"), last=Max("submission__round__year")
    )
    if field.start_year and years["first"] and years["first"] < field.start_year:
        sentence = _now("It has been answered in %(year)s already, so it can't begin later.")
        raise Refused(sentence % {"year": years["first"]}, field="start_year")
    if field.end_year and years["last"] and years["last"] > field.end_year:
        sentence = _now("It has been answered in %(year)s, so it can't end before that year.")
        raise Refused(sentence % {"year": years["last"]}, field="end_year")


def _check_choices(field: BodyField) -> None:
    if field.kind != BodyFieldKind.CHOICE:
        field.choices = []
        return
    if not 2 <= len(field.choices) <= MOST_CHOICES:
        raise Refused(_now("Give 2 to %(limit)s choices.") % {"limit": MOST_CHOICES}, field="choices")
    if len(set(_codes(field))) < len(field.choices):
        raise Refused(_("Two choices have the same code."), field="choices")
    for each in field.choices:
        texts = list(each["label"].values())
        if not any(texts) or max(map(len, texts)) > CHOICE_LENGTH:
            raise Refused(_now("A choice has 1 to %(limit)s characters.") % {"limit": CHOICE_LENGTH}, field="choices")


def _label(field: BodyField) -> str:
    return f"{field.body.code} {field.key}"
