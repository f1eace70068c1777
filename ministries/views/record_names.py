"""What objects and people of the record are called. The stored names stay; how they read is the reader's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ministries.models import ImplementingBody
from ministries.record_rules import BODY, PERSON
from ministries.words import round_words
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event, person_in

#: A round by plan and year, guidance by these and the action plan; an exception by body, year and last day.
OF_ROUND = re.compile(r"(?P<plan>\d+) (?P<year>\d{4})(?P<rest>| \S+)")
#: A text of a report by plan, year, place and language; a best case by plan, year, body and action plan.
OF_TEXT = re.compile(r"(?P<plan>\d+) (?P<year>\d{4}) (?P<place>\S+) (?P<language>\S+)")
OF_CASE = re.compile(r"(?P<plan>\d+) (?P<year>\d{4}) (?P<body>\S+) (?P<code>\S+)")
OF_EXTENSION = re.compile(r"(?P<whose>.+ \d{4}) ~ (?P<day>\d{4}-\d\d-\d\d)")
#: What the places of a report are called. Those of one area or objective name it (``area:code``, ``objective:area/1``).
PLACES = {
    "foreword": _lazy("Foreword"),
    "overview": _lazy("Remarks on the returns"),
    "summary": _lazy("Overall assessment"),
    "area": _lazy("Assessment of the area"),
    "objective": _lazy("Assessment of the objective"),
    "budget": _lazy("Assessment of the budget"),
    "meetings": _lazy("Meetings held"),
    "opinions": _lazy("The panel's opinions and the answers"),
    "recommendations": _lazy("Earlier recommendations"),
    "measures": _lazy("Improvement measures"),
    "next_year": _lazy("Plan for next year"),
}

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Called:
    """A name, and the address that stands beside it where it is a person's."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Names:
    """What was looked up for some events: bodies by code, and the names of people by id."""

    bodies: dict[str, ImplementingBody] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Names":
        """What these events need, in two queries at most."""
        events = list(events)
        codes = {each.object_body for each in events} | {each.object_label for each in events if _is_body(each)}
        codes.discard("")
        ids = {each.object_id for each in events if each.object_kind == PERSON}
        bodies = ImplementingBody.objects.filter(code__in=codes).prefetch_related("names") if codes else []
        keys = {each for each in ids if UUID.fullmatch(each)}
        people = User.objects.filter(pk__in=keys).values_list("pk", "name") if keys else []
        return cls({body.code: body for body in bodies}, {str(key): name for key, name in people})

    def object(self, event: Event) -> Called:
        """What an event's object is called. A name that is not understood stays as it was written."""
        label = event.object_label
        if event.object_kind == PERSON and label:
            return person_called(label, self.people.get(event.object_id, ""))
        if _is_body(event) and label in self.bodies:
            return Called(f"{self.bodies[label]} ({label})")
        if event.object_kind in ("ministries.round", "ministries.guidance") and (found := OF_ROUND.fullmatch(label)):
            return Called(round_words(found["plan"], found["year"]) + found["rest"])
        if event.object_kind == "reports.reporttext" and (found := OF_TEXT.fullmatch(label)):
            return Called(_text_called(found))
        if event.object_kind == "reports.bestcase" and (found := OF_CASE.fullmatch(label)):
            return Called(f"{round_words(found['plan'], found['year'])}: {found['code']} {found['body']}")
        if event.object_kind == "ministries.extension" and (found := OF_EXTENSION.fullmatch(label)):
            day = parse_date(found["day"])
            return Called(f"{found['whose']} ~ {date_format(day, 'SHORT_DATE_FORMAT')}" if day else label)
        return Called(label or _("unknown"))

    def body(self, event: Event) -> str:
        """The short name of the body whose matter an event was; nothing where that is its object."""
        if event.object_kind == BODY:
            return ""
        known = self.bodies.get(event.object_body)
        return str(known.short_name) if known else event.object_body


def _text_called(found: re.Match[str]) -> str:
    """A text of a report by its round, its place (an objective by its number), and its language."""
    kind, _colon, which = found["place"].partition(":")
    place = f"{PLACES.get(kind, kind)} {which.rpartition('/')[2]}".strip()
    language = _(str(dict(settings.LANGUAGES).get(found["language"], found["language"])))
    return f"{round_words(found['plan'], found['year'])}: {place} ({language})"


def person_called(label: str, known: str = "") -> Called:
    """A person as the record has them: ``name <address>``, or the address alone, which the name ``known`` is put to."""
    name, address = person_in(label)
    name = name or known
    return Called(name, address) if name else Called(address)


def _is_body(event: Event) -> bool:
    """Whether the object is a body that its code names; one with its workbooks is named by code and year."""
    return event.object_kind == BODY and " " not in event.object_label
