"""What changed by an event of the record: each thing with what it said before and after, in the reader's words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from ministries.enums import BodyFieldKind, Direction, FigureState, Rating, ReminderTo
from ministries.fields import BY_NAME
from ministries.words import stage_words
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.wording import Piece, differing_words

#: What can change, beside the fields of a submission.
NAMES = {
    "opening_date": _("Opening date"),
    "due_date": _("Due date"),
    "closing_date": _("Closing date"),
    "guidance": _("Guidance"),
    "start": _("From"),
    "end": _("To"),
    "name": _("Name"),
    "language": _("Language of e-mails"),
    "code": _("Code"),
    "unit": _("Unit"),
    "direction": _("Direction"),
    "baseline": _("Baseline"),
    "baseline_year": _("Year of the baseline"),
    "computation": _("Way of computing"),
    "source": _("Source"),
    "target": _("Target"),
    "label": _("Label"),
    "help": _("Help"),
    "title": _("Title"),
    "text": _("why it was picked"),
    "order": _("order"),
    "description": _("Description"),
    "is_restricted": _("restricted"),
    "key": _("Key"),
    "kind": _("Kind"),
    "choices": _("Choices"),
    "is_required": _("Required"),
    "start_year": _("first year"),
    "end_year": _("last year"),
    "is_active": _("active"),
    "rating": _("Coordinator's rating"),
    "reason": _("Reason"),
    "coordinator_rating": _("Coordinator's rating"),
    "coordinator_reason": _("Reason"),
    "extended_until": _("Exception until"),
    "assignment": _("Implementing body"),
    "escalation_address": _("Escalation address"),
    "reminders": _("Reminders"),
}
#: What is stored as a code, by the name of what it is.
WORDS: dict[str, Mapping[str, Any]] = {
    "language": {code: _(name) for code, name in settings.LANGUAGES},
    "rating": dict(Rating.choices),
    "coordinator_rating": dict(Rating.choices),
    "direction": dict(Direction.choices),
    "kind": dict(BodyFieldKind.choices),
    "baseline": dict(FigureState.choices),
    "target": dict(FigureState.choices),
}
#: Kinds of event that keep one thing alone, and what that is.
SINGLE = {"change_escalation": "escalation_address", "change_reminders": "reminders", "assess": "rating"}


@dataclass(frozen=True)
class Change:
    """One thing that differs: what it is, and both texts in one, in pieces."""

    name: str
    before: str
    after: str
    pieces: list[Piece]

    @property
    def said(self) -> str:
        """What it says as text, with what it said."""
        return f"{self.before}\n{self.after}"


def changes_of(event: Event, label: str) -> Iterator[Change]:
    """What an event says has changed. ``label`` names a single thing that the event does not name itself."""
    data = event.data
    before, after = data.get("before"), data.get("after")
    if event.kind == "assess" and isinstance(before, str):
        after = data.get("rating")  # as it was written before reasons were kept as well
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = _flat(before), _flat(after)
        for name in dict.fromkeys((*old, *new)):
            yield from _change(name_of(name), old.get(name), new.get(name), name)
    elif type(before) is type(after) and isinstance(before, str | list):
        name = SINGLE.get(event.kind, "")
        yield from _change(name_of(name) if name else label, before, after, name)
    for each in data.get("changes") or ():
        if isinstance(each, dict):
            yield from _change(str(each.get("what", "")), each.get("from"), each.get("to"))


def _flat(values: Any) -> dict[str, Any]:
    """Values by name; texts by language under ``title_ko`` and the like."""
    found: dict[str, Any] = {}
    for name, value in (values if isinstance(values, dict) else {}).items():
        found |= {f"{name}_{code}": text for code, text in value.items()} if isinstance(value, dict) else {name: value}
    return found


def _change(called: str, before: Any, after: Any, name: str = "") -> Iterator[Change]:
    old, new = (shown(_word(name, value)) for value in (before, after))
    if old == new:
        return
    # Days and words for codes are told whole: no part of one is the same as a part of another.
    is_whole = any(isinstance(was, str) and was != text for was, text in ((before, old), (after, new)))
    yield Change(called, old, new, _whole(old, new) if is_whole else differing_words(old, new))


def _whole(old: str, new: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("removed", old), ("added", new)) if text]


def _word(name: str, value: Any) -> Any:
    """The word for a value that is stored as a code; any other value as it is."""
    if isinstance(value, list):
        return _stages(value)
    base = name.partition("_")[0] if name.startswith("target_") else name
    known = WORDS.get(base, {}).get(value) if isinstance(value, str) and value else None
    return value if known is None else str(known)


def _stages(stages: Iterable[Any]) -> str:
    """The stages of the reminders, one a line; what is none is left as it is."""
    return "\n".join(
        f"{ReminderTo(each[1]).label}: {stage_words(each[0])}"
        if isinstance(each, list) and len(each) == 2 and isinstance(each[0], int) and each[1] in ReminderTo.values
        else str(each)
        for each in stages
    )


def name_of(name: str) -> str:
    """What a changed part is called; a text of one language with the language."""
    base, _underscore, suffix = name.rpartition("_")
    if base in NAMES and (suffix in dict(settings.LANGUAGES) or suffix.isdecimal()):
        called = pgettext("definition", "Name") if base == "name" else NAMES[base]
        return f"{capfirst(str(called))} ({_now(str(dict(settings.LANGUAGES).get(suffix, suffix)))})"
    if name in dict(settings.LANGUAGES):
        return str(dict(settings.LANGUAGES)[name])
    known = NAMES.get(name) or (BY_NAME[name].label if name in BY_NAME else name)
    return str(capfirst(str(known)))


def shown(value: Any) -> str:
    """A value as text: days as days, yes and no as words."""
    if value is None or value == "None":
        return ""
    if isinstance(value, bool) or value in ("True", "False"):
        return _now("yes") if value in (True, "True") else _now("no")
    if isinstance(value, str) and len(value) == len("2022-01-01"):
        try:
            day = parse_date(value)
        except ValueError:
            day = None
        return date_format(day, "SHORT_DATE_FORMAT") if day else value
    return value if isinstance(value, str) else str(value)
