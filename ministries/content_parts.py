"""The parts of a version's content: sections and fields ``{key, label, kind, unit, state, value}`` with their words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ministries import fields
from ministries.enums import FigureState
from ministries.figures import Figure, decimal_text
from nap_monitor.lib.localized import LocalizedText

Content = dict[str, Any]


Label = str | Promise | LocalizedText


def in_all_languages(text: Label) -> dict[str, str]:
    """An interface text in every language of the interface; text of the domain in the languages that it has."""
    if isinstance(text, LocalizedText):
        return dict(text)
    languages = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            languages[code] = str(text)
    return languages


def million_won() -> dict[str, str]:
    """The unit of money."""
    return in_all_languages(_("million won"))


def persons() -> dict[str, str]:
    """The unit of counts of people."""
    return in_all_languages(_("persons"))


def head(key: str) -> Content:
    """Key and label of a section."""
    return {"key": key, "label": in_all_languages(fields.SECTIONS[key])}


def row(key: str, row_fields: list[Content], label: Mapping[str, str] | None = None) -> Content:
    """A row of a table: its key (a code, or its number in the table) and what it is called, if anything."""
    return {"key": key, "label": dict(label or {}), "fields": row_fields}


def field(key: str, label: Label, kind: str, value: str, **more: Any) -> Content:
    """A field with text as its value; nothing where the text is empty."""
    return {
        "key": key,
        "label": in_all_languages(label),
        "kind": kind,
        "unit": more.pop("unit", ""),
        "state": FigureState.VALUE.value if value else FigureState.EMPTY.value,
        "value": value or None,
        **more,
    }


def text(key: str, label: Label, value: str, **more: Any) -> Content:
    """What somebody wrote."""
    return field(key, label, "text", value, **more)


def localized(key: str, label: Label, texts: Mapping[str, str], code: str = "") -> Content:
    """Text of the domain, in its languages; the value is the code of what is named, else the first text."""
    return field(key, label, "localized", code or next(iter(texts.values()), ""), text=dict(texts))


def day(key: str, label: Label, value: dt.date | None) -> Content:
    """A date."""
    return field(key, label, "date", value.isoformat() if value else "")


def choice(key: str, label: Label, value: str, choices: Any) -> Content:
    """One of fixed words: its code, and the word itself in all languages."""
    words = in_all_languages(choices(value).label) if value else {}
    return field(key, label, "choice", value, text=words)


def figure(key: str, label: Label, value: Figure, unit: Any = "") -> Content:
    """A number as text, or the state that says why there is none."""
    return {
        "key": key,
        "label": in_all_languages(label),
        "kind": "figure",
        "unit": unit,
        "state": str(value.state),
        "value": decimal_text(value.value) if value.value is not None else None,
    }


def yes_no(key: str, label: Label, answer: bool) -> Content:
    """A flag."""
    return field(key, label, "flag", "yes" if answer else "no")


def figure_of(part: Content) -> Figure:
    """A field of a version as the figure that it was made of."""
    return Figure.of(part["value"]) if part["state"] == FigureState.VALUE else Figure(None, part["state"])


def fields_in(sections: Iterable[Content]) -> dict[str, Content]:
    """The fields of a version's sections by their key; rows of tables are not among them."""
    return {each["key"]: each for section in sections for each in section.get("fields", ())}


def rows_in(sections: Iterable[Content], key: str) -> list[Content]:
    """The rows of a table of a version; none where its schema did not have the table."""
    return next((section["rows"] for section in sections if section["key"] == key and "rows" in section), [])
