"""Reading the ``bodies`` of a reference or plan file. ``docs/plan-file.md`` describes the format."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, ScalarNode

from ministries.enums import BodyKind
from ministries.models import ImplementingBody
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.yaml_values import LANGUAGE, Mapping, Value

CODE_LENGTH: int = ImplementingBody._meta.get_field("code").max_length or 0
#: Longest name and short name, in characters, in each language.
NAME_LENGTH = 200
SHORT_NAME_LENGTH = 50
SHORT = "_short"
#: The kinds of bodies as a file writes them.
KINDS = {kind.value.replace("-", " "): kind for kind in BodyKind}


@dataclass(frozen=True)
class NameEntry:
    """A name that holds from a day on; the first one has no day."""

    valid_from: dt.date | None
    name: LocalizedText
    short_name: LocalizedText
    day_to_confirm: bool = False


@dataclass(frozen=True)
class BodyEntry:
    """A body as a file has it."""

    code: str
    kind: BodyKind
    is_lead: bool
    names: tuple[NameEntry, ...]


def read_bodies(value: Value, languages: Collection[str] = ()) -> list[BodyEntry]:
    """The bodies of the list ``value``, in its order. Faults are noted; a list with faults is thrown away.

    Every name must be there in each of ``languages``; without them, in those that most bodies of the list have.
    """
    values = value.items()
    languages = languages or _languages(values)
    seen: dict[str, Value] = {}
    return [_body(entry, languages, seen) for entry in values]


def codes_in(value: Value | None) -> set[str]:
    """Every code that stands in the list, also in entries with faults: what an action plan may name."""
    if value is None or not isinstance(value.node.value, list):
        return set()
    return {
        text.value
        for entry in value.node.value
        if isinstance(entry, MappingNode)
        for key, text in entry.value
        if isinstance(key, ScalarNode) and key.value == "code" and isinstance(text, ScalarNode)
    }


def _languages(values: list[Value]) -> list[str]:
    """The languages in which most of the bodies have a name."""
    found: Counter[str] = Counter()
    bodies = [value.node for value in values if isinstance(value.node, MappingNode)]
    for node in bodies:
        found.update(list(dict.fromkeys(key.value for key, _text in node.value if isinstance(key, ScalarNode))))
    return [key for key, count in found.items() if LANGUAGE.fullmatch(key) and count * 2 > len(bodies)]


def _body(value: Value, languages: Collection[str], seen: dict[str, Value]) -> BodyEntry:
    entries = value.mapping(
        required=("code", "kind", *languages), optional=("lead", "renamed", *(f"{code}{SHORT}" for code in languages))
    )
    code, kind, lead = entries.get("code"), entries.get("kind"), entries.get("lead")
    read_code = _code(code, seen) if code else ""
    first = _name(entries, languages, None)
    return BodyEntry(
        code=read_code,
        kind=KINDS.get((kind and kind.choice(KINDS)) or "", BodyKind.MINISTRY),
        is_lead=bool(lead and lead.flag()),
        names=(first, *_renamed(entries, languages)),
    )


def _code(value: Value, seen: dict[str, Value]) -> str:
    code = value.code(longest=CODE_LENGTH)
    if code is None:
        return ""
    first = seen.setdefault(code.casefold(), value)
    if first is not value:
        reason = _("The body “%(code)s” stands twice; the first time in line %(line)s.")
        value.fault(reason % {"code": code, "line": first.line})
    return code


def _renamed(entries: Mapping, languages: Collection[str]) -> list[NameEntry]:
    """The later names, each with its day; the days must follow each other."""
    renamed = entries.get("renamed")
    names: list[NameEntry] = []
    for value in renamed.items() if renamed else ():
        later = value.mapping(
            required=("from", *languages), optional=("day_to_confirm", *(f"{code}{SHORT}" for code in languages))
        )
        from_value = later.get("from")
        day = from_value.day() if from_value else None
        if from_value and day and names and names[-1].valid_from and day <= names[-1].valid_from:
            from_value.fault(_("This day must be later than that of the name before it."))
        names.append(_name(later, languages, day))
    return names


def _name(entries: Mapping, languages: Collection[str], day: dt.date | None) -> NameEntry:
    names, shorts = {}, {}
    for code in languages:
        name, short = entries.get(code), entries.get(f"{code}{SHORT}")
        names[code] = name.text(longest=NAME_LENGTH) if name else None
        shorts[code] = short.text(longest=SHORT_NAME_LENGTH) if short else None
    confirm = entries.get("day_to_confirm")
    return NameEntry(
        valid_from=day,
        name=LocalizedText({code: text for code, text in names.items() if text}),
        short_name=LocalizedText({code: text for code, text in shorts.items() if text}),
        day_to_confirm=bool(confirm and confirm.flag()),
    )
