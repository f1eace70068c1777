"""Reading and writing what is defined for reporting (indicators, own fields) by the names of a form's fields.

Text of the domain goes by language: ``name_ko`` is the Korean text in the field ``name``.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from ministries.figures import Figure, decimal_text
from ministries.models import Assignment
from ministries.services.changes import Change, Conflict, SaveResult, plain
from ministries.workflow import Refused
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.localized import LocalizedText


class Definition:
    """How one model is written. ``localized``: the longest text of each field by language; ``plain``: other fields."""

    def __init__(self, localized: Mapping[str, int], plain: Collection[str]) -> None:
        self.localized, self.plain = localized, plain

    def part(self, name: str) -> tuple[str, str]:
        """The field of a name, and the language in it."""
        field, _underscore, language = name.partition("_")
        return (field, language) if field in self.localized and language else (name, "")

    def read(self, instance: models.Model, name: str) -> Any:
        """The stored value behind a name."""
        field, language = self.part(name)
        value = getattr(instance, field)
        return value.get(language, "") if language else value

    def put(self, instance: models.Model, name: str, value: Any) -> None:
        """Set the value behind a name. Raises ``ValueError`` for a field that is not written in this way."""
        field, language = self.part(name)
        if field not in self.localized and field not in self.plain:
            raise ValueError(f"{instance._meta.model_name} has no field {name!r} to be written.")
        if language:
            others = {code: text for code, text in getattr(instance, field).items() if code != language}
            value = LocalizedText({**others, **({language: value} if value else {})})
        setattr(instance, field, value)

    def check_lengths(self, instance: models.Model) -> None:
        """Raise ``Refused`` where a text is too long in any language."""
        for field, longest in self.localized.items():
            for language, text in getattr(instance, field).items():
                if len(text) > longest:
                    raise Refused(_("At most %(limit)s characters.") % {"limit": longest}, field=f"{field}_{language}")


def told(value: Any) -> Any:
    """A value as the record keeps it, in no language where it has one: it outlives rows and words."""
    if isinstance(value, Figure):
        return decimal_text(value.value) if value.value is not None else str(value.state)
    if isinstance(value, Assignment):
        return value.body.code
    if isinstance(value, list):
        return "\n".join(" / ".join(dict.fromkeys(each["label"].values())) for each in value)
    return value if isinstance(value, bool) else "" if value is None else str(value)


def compare(stored: Any, name: str, change: Change, result: SaveResult) -> bool:
    """Whether a change is to be written: it says something new, and nobody was faster. Else it may be a conflict."""
    if plain(stored) == plain(change.new):
        return False
    if not change.knows(stored):
        result.conflicts.append(Conflict(name, stored, change.new))
        return False
    return True


def last_change(kind: str, pk: Any, by: Any) -> tuple[str, Any]:
    """Who else changed an object last, and when."""
    event = Event.objects.of(kind, str(pk)).exclude(actor_id=str(by.pk)).last()
    return (event.actor_name, event.at) if event else ("", None)
