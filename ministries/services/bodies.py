"""Implementing bodies and their names, as a file has them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from ministries.models import BodyName, ImplementingBody
from ministries.services.body_file import BodyEntry, NameEntry, read_bodies
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.yaml_values import ANY_KEY, read_yaml
from objectives.differences import NOTHING, Difference, text_differences


@dataclass
class SavedBodies:
    """What saving bodies did: the codes of the new ones, and every difference to what stood before."""

    added: list[str] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)

    @property
    def is_unchanged(self) -> bool:
        """Whether everything stood already."""
        return not self.added and not self.changed


def load_bodies(*, path: str | Path, by: User | None = None) -> SavedBodies:
    """Load the ``bodies`` of a reference or plan file; its other keys are left alone.

    Raises ``FaultyFileError`` with every fault; then nothing is written.
    """
    root = read_yaml(path)
    entries = root.mapping(required=("bodies",), open_to=ANY_KEY)
    value = entries.get("bodies")
    bodies = read_bodies(value) if value else []
    root.faults.refuse()
    return save_bodies(entries=bodies, by=by)


@transaction.atomic
def save_bodies(*, entries: Sequence[BodyEntry], by: User | None = None) -> SavedBodies:
    """Bring these bodies to what ``entries`` say: names too, which may change at any time. No body is ever removed."""
    saved = SavedBodies()
    stored = {body.code: body for body in ImplementingBody.objects.prefetch_related("names")}
    for entry in entries:
        body = stored.get(entry.code)
        if body is None:
            stored[entry.code] = _create(entry, order=len(stored), by=by)
            saved.added.append(entry.code)
        else:
            saved.changed += _change(body, entry, by)
    _put_in_order([entry.code for entry in entries], stored, by)
    return saved


def _create(entry: BodyEntry, *, order: int, by: User | None) -> ImplementingBody:
    body = ImplementingBody.objects.create(code=entry.code, kind=entry.kind, is_lead=entry.is_lead, order=order)
    BodyName.objects.bulk_create(_row(body, name) for name in entry.names)
    named = {"names": [_text(name) for name in entry.names]}
    record(kind="create", subject=body, by=by, label=entry.code, data={**named, "changes": _told(_news(entry))})
    return body


def _change(body: ImplementingBody, entry: BodyEntry, by: User | None) -> list[Difference]:
    stored = {name.valid_from: name for name in body.names.all()}
    found = [*_differences(body, entry), *_name_differences(body.code, stored.values(), entry.names)]
    if not found:
        return []
    body.kind, body.is_lead = entry.kind, entry.is_lead
    body.save(update_fields=["kind", "is_lead"])
    for name in entry.names:
        row = _row(body, name)
        if name.valid_from in stored:
            row.pk = stored.pop(name.valid_from).pk
        row.save()
    BodyName.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()
    record(kind="change", subject=body, by=by, label=body.code, data={"changes": _told(found)})
    return found


def _put_in_order(codes: list[str], stored: dict[str, ImplementingBody], by: User | None) -> None:
    """Let these bodies follow each other as in the file. Where they do already, nothing moves."""
    bodies = sorted(stored.values(), key=lambda body: (body.order, body.code))
    if [body.code for body in bodies if body.code in codes] == codes:
        return
    rest = [body for body in bodies if body.code not in codes]
    moved = []
    for order, body in enumerate([*(stored[code] for code in codes), *rest]):
        if body.order != order:
            data = {"before": {"order": str(body.order)}, "after": {"order": str(order)}}
            record(kind="move", subject=body, by=by, label=body.code, data=data)
            body.order = order
            moved.append(body)
    ImplementingBody.objects.bulk_update(moved, ["order"])


def _row(body: ImplementingBody, name: NameEntry) -> BodyName:
    return BodyName(
        body=body,
        valid_from=name.valid_from,
        name=name.name,
        short_name=name.short_name,
        day_to_confirm=name.day_to_confirm,
    )


def _text(name: NameEntry) -> dict[str, object]:
    return {"from": name.valid_from.isoformat() if name.valid_from else "", "name": name.name}


def _told(found: Iterable[Difference]) -> list[dict[str, str]]:
    return [{"what": each.what, "from": each.stands, "to": each.wanted} for each in found]


def _news(entry: BodyEntry) -> Iterator[Difference]:
    """What a body begins with: its names, by language."""
    for name in entry.names:
        yield from text_differences(entry.code, _what(name.valid_from), LocalizedText(), name.name)


def _differences(body: ImplementingBody, entry: BodyEntry) -> Iterator[Difference]:
    if body.kind != entry.kind:
        yield Difference(body.code, _("kind"), str(body.kind), str(entry.kind))
    if body.is_lead != entry.is_lead:
        words = {True: _("yes"), False: _("no")}
        yield Difference(body.code, _("lead ministry"), words[body.is_lead], words[entry.is_lead])


def _name_differences(code: str, stored: Iterable[BodyName], wanted: Iterable[NameEntry]) -> Iterator[Difference]:
    before = {name.valid_from: name for name in stored}
    after = {name.valid_from: name for name in wanted}
    for day, name in after.items():
        what = _what(day)
        if day not in before:
            yield Difference(code, what, NOTHING, str(name.name))
            continue
        yield from text_differences(code, what, before[day].name, name.name)
        yield from text_differences(code, _short(what), before[day].short_name, name.short_name)
        if before[day].day_to_confirm != name.day_to_confirm:
            words = {True: _("yes"), False: _("no")}
            confirm = f"{what}, " + _("day to be confirmed")
            yield Difference(code, confirm, words[before[day].day_to_confirm], words[name.day_to_confirm])
    for day, row in before.items():
        if day not in after:
            yield Difference(code, _what(day), str(row.name), NOTHING)


def _what(day: dt.date | None) -> str:
    return _("name from %(day)s") % {"day": day.isoformat()} if day else _("first name")


def _short(what: str) -> str:
    return f"{what}, " + _("short name")
