"""How an event of the record reads: its kind, its object, who acted under which role, and what changed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from ministries.enums import Rating, Role, State
from ministries.fields import BY_NAME
from ministries.models import Submission
from ministries.record_rules import PERSON, SUBMISSION
from ministries.selectors.people import EVENT_LABELS as PERSON_LABELS
from ministries.views.record_names import Names, person_called
from ministries.views.submission_page import EVENT_LABELS as SUBMISSION_LABELS
from ministries.views.submission_page import EVENT_SIGNS
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.wording import Piece, differing_words

#: At the door.
VISITS = {
    "sign_in": _("Signed in"),
    "failed_sign_in": _("Sign-in refused"),
    "sign_out": _("Signed out"),
    "change_password": _("Password changed"),
    "reset_password": _("Password set by link"),
}
#: What is set for everybody.
SETTINGS = {
    "create": pgettext_lazy("event", "Made"),
    "change": pgettext_lazy("event", "Changed"),
    "remove": pgettext_lazy("event", "Removed"),
    "move": pgettext_lazy("event", "Put in another place"),
    "assign": _("Bodies assigned"),
    "unassign": _("Bodies no longer assigned"),
    "close": _("Round closed"),
    "undo_close": _("Closing of the round undone"),
    "change_reminders": _("Rules of reminders changed"),
    "change_escalation": _("Escalation address changed"),
}
#: What coordinators do beside the submissions, and what is taken out.
OTHERS = {
    "assess": _("Joint action plan rated"),
    "grant": _("Extension granted"),
    "end": pgettext_lazy("event", "Ended"),
    "remind": _("Reminder sent"),
    "request": _("Document asked for"),
    "download": _("File downloaded"),
    "export": _("List exported"),
}
WORKBOOKS = {
    "upload_workbook": _("Workbook uploaded"),
    "apply_workbook": _("Workbook applied"),
    "discard_workbook": _("Workbook discarded"),
    "download_workbook": _("Workbook downloaded"),
}
#: What an export holds.
LISTS = {
    "record": pgettext_lazy("events", "Record"),
    "overview": pgettext_lazy("round", "Overview"),
    "submissions": _("Submissions"),
}
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
    "order": _("order"),
    "description": _("Description"),
    "is_restricted": _("restricted"),
    "key": _("Key"),
    "kind": _("Kind"),
    "choices": _("Choices"),
    "is_required": _("Required"),
    "start_year": _("first year"),
    "end_year": _("last year"),
}


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


@dataclass(frozen=True)
class Line:
    """An event as the record shows it."""

    at: dt.datetime
    label: str
    sign: str
    object_kind: str
    object: str
    object_address: str
    url: str
    body: str
    actor: str
    address: str
    role: str
    actor_body: str
    states: tuple[str, str]
    version: int | None
    reason: str
    facts: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def kind_choices(is_coordinator: bool) -> list[tuple[Any, Any]]:
    """The kinds to choose from, in groups; an administrator reads nothing of submissions."""
    groups: list[tuple[Any, Mapping[str, Any]]] = [
        (_("Sign-in"), VISITS),
        (_("Plan and settings"), SETTINGS),
        (_("People"), PERSON_LABELS),
    ]
    if is_coordinator:
        groups = [(_("Submissions"), SUBMISSION_LABELS), *groups, (_("Other"), OTHERS), (_("Workbooks"), WORKBOOKS)]
    # A kind that stands in several groups is one kind: it is offered where it stands first.
    offered, choices = set[str](), []
    for label, kinds in groups:
        choices.append((label, [(kind, words) for kind, words in kinds.items() if kind not in offered]))
        offered.update(kinds)
    return choices


def lines(user: Any, events: Iterable[Event]) -> list[Line]:
    """Events as they read, in a fixed number of queries."""
    events = list(events)
    ids = {event.object_id for event in events if event.object_kind == SUBMISSION and event.object_id.isdecimal()}
    found = Submission.objects.visible_to(user).filter(pk__in=ids).select_related("round__plan")
    found = found.select_related("assignment__body", "assignment__action_plan")
    urls = {(SUBMISSION, str(each.pk)): each.get_absolute_url() for each in found} if ids else {}
    names = Names.of(events)
    return [_line(event, urls, names) for event in events]


def _line(event: Event, urls: Mapping[tuple[str, str], str], names: Names) -> Line:
    actor, what = person_called(event.actor_label), names.object(event)
    url = urls.get((event.object_kind, event.object_id), "")
    if event.object_kind == PERSON and event.object_id in names.people:
        url = reverse("ministries:person_detail", args=[event.object_id])
    return Line(
        at=event.at,
        label=label_of(event),
        sign=EVENT_SIGNS.get(event.kind, ""),
        object_kind=kind_of_object(event.object_kind),
        object=what.name,
        object_address=what.address,
        url=url,
        body=names.body(event),
        actor=actor.name or ("" if event.kind == "failed_sign_in" else _now("By a command of the installation")),
        address=actor.address,
        role=str(Role(event.actor_role).label) if event.actor_role in Role.values else event.actor_role,
        actor_body=event.actor_body,
        states=(_state(event.from_state), _state(event.to_state)),
        version=event.version,
        reason=event.reason,
        facts=list(_facts(event)),
        changes=list(_changes(event.data, label_of(event))),
    )


def label_of(event: Event) -> str:
    """What an event is called: the same word is another thing for a person than for a round."""
    known: Mapping[str, Any] = {**WORKBOOKS, **OTHERS, **SETTINGS, **VISITS}
    if event.object_kind == SUBMISSION:
        known = {**known, **SUBMISSION_LABELS}
    elif event.object_kind == PERSON:
        known = {**known, **PERSON_LABELS}
    return str(known.get(event.kind, event.kind))


def kind_of_object(kind: str) -> str:
    """What the kind of object is called; one that the program no longer knows, by its old name."""
    try:
        return str(capfirst(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):
        return kind


def _state(state: str) -> str:
    return str(State(state).label) if state in State.values else state


def _facts(event: Event) -> Iterator[str]:
    data = event.data
    if event.kind == "export":
        yield f"{LISTS.get(data.get('what', ''), data.get('what', ''))} ({str(data.get('form', '')).upper()})"
    elif event.object_kind == PERSON and data.get("role") in Role.values:
        days = "~".join(_shown(data.get(name, "")) for name in ("start", "end")).strip("~")
        yield ", ".join(each for each in (str(Role(data["role"]).label), str(data.get("body", "")), days) if each)
    elif isinstance(data.get("name"), str) and data["name"] != event.object_label:
        yield data["name"]
    if event.kind in ("hand_over", "revoke_handover"):
        yield " → ".join(str(data.get(f"{who}_label") or data.get(who, "")) for who in ("from", "to"))
    if event.kind == "failed_sign_in" and data.get("typed"):
        yield _now("Address without an account (mark %(mark)s)") % {"mark": data["typed"]}


def _changes(data: Mapping[str, Any], label: str) -> Iterator[Change]:
    before, after = data.get("before"), data.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {}
        for name in dict.fromkeys((*old, *new)):
            yield from _change(_name(name), old.get(name), new.get(name))
    elif isinstance(before, str) and isinstance(after, str):
        yield from _change(label, before, after)
    elif isinstance(before, str) and data.get("rating") in Rating.values:
        ratings = [str(Rating(each).label) if each in Rating.values else "" for each in (before, data["rating"])]
        yield from _change(_now("Coordinator's rating"), *ratings)
    for each in data.get("changes") or ():
        if isinstance(each, dict):
            yield from _change(str(each.get("what", "")), each.get("from"), each.get("to"))


def _change(name: str, before: Any, after: Any) -> Iterator[Change]:
    old, new = _shown(before), _shown(after)
    if old != new:
        yield Change(name, old, new, differing_words(old, new))


def _name(name: str) -> str:
    """What a changed part is called; a text of one language with the language."""
    base, _underscore, suffix = name.rpartition("_")
    if base in NAMES and (suffix in dict(settings.LANGUAGES) or suffix.isdecimal()):
        called = pgettext("definition", "Name") if base == "name" else NAMES[base]
        return f"{capfirst(str(called))} ({_now(str(dict(settings.LANGUAGES).get(suffix, suffix)))})"
    if name in dict(settings.LANGUAGES):
        return str(dict(settings.LANGUAGES)[name])
    known = NAMES.get(name) or (BY_NAME[name].label if name in BY_NAME else name)
    return str(capfirst(str(known)))


def _shown(value: Any) -> str:
    if value is None or value == "None":
        return ""
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if isinstance(value, str) and len(value) == len("2022-01-01"):
        try:
            day = parse_date(value)
        except ValueError:
            day = None
        return date_format(day, "SHORT_DATE_FORMAT") if day else value
    return value if isinstance(value, str) else str(value)
