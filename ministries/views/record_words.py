"""How an event of the record reads: its kind, its object, who acted under which role, and what changed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.enums import Role, State
from ministries.models import Submission
from ministries.record_rules import PERSON, SUBMISSION
from ministries.selectors.people import EVENT_LABELS as PERSON_LABELS
from ministries.views.record_changes import Change, changes_of, shown
from ministries.views.record_names import Names, person_called
from ministries.views.submission_page import EVENT_LABELS as SUBMISSION_LABELS
from ministries.views.submission_page import EVENT_SIGNS
from nap_monitor.lib.audit.models import Event

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
    "write": _("Text of the report written"),
    "grant": _("Extension granted"),
    "end": pgettext_lazy("event", "Ended"),
    "remind": _("Reminder sent"),
    "request": _("Document asked for"),
    "issue": _("Edition issued"),
    "publish": _("Edition published"),
    "committee": _("Decision of the Committee put on record"),
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
        changes=list(changes_of(event, label_of(event))),
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
        days = "~".join(shown(data.get(name, "")) for name in ("start", "end")).strip("~")
        yield ", ".join(each for each in (str(Role(data["role"]).label), str(data.get("body", "")), days) if each)
    elif isinstance(data.get("name"), str) and data["name"] != event.object_label:
        yield data["name"]
    if event.kind in ("hand_over", "revoke_handover"):
        yield " → ".join(str(data.get(f"{who}_label") or data.get(who, "")) for who in ("from", "to"))
    if event.kind == "remind" and isinstance(data.get("bodies"), list):
        yield ", ".join(map(str, data["bodies"]))
    if event.kind == "close" and isinstance(data.get("unreported"), list):
        yield _now("Not reported: %(number)s") % {"number": len(data["unreported"])}
    if event.kind == "failed_sign_in" and data.get("typed"):
        yield _now("Address without an account (mark %(mark)s)") % {"mark": data["typed"]}
