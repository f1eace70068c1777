"""Showing the content of a version: texts by language, and values by their kind and state."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ministries.enums import FigureState
from ministries.figures import Figure, shown_text
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.templatetags.look import lang_of, rating_badge

register = template.Library()


@register.simple_tag
def text(value: Mapping[str, str]) -> str:
    """A text by language, in the reader's."""
    return str(LocalizedText(value))


@register.filter
def figure(value: Decimal) -> str:
    """A number of the domain for a reader: thousands separated, no idle zeros, a decrease with △."""
    return shown_text(value)


@register.simple_tag(name="speaks_korean")
def _speaks_korean() -> bool:
    return (get_language() or "ko").startswith("ko")


@register.simple_tag
def value(field: Mapping[str, Any] | None) -> SafeString:
    """The value of a field of a version: number with unit, word, text with its line breaks, or why there is none.

    A field that the version does not have says nothing.
    """
    return _value(field) if field is not None else _not_given()


def _value(field: Mapping[str, Any]) -> SafeString:
    stored, kind = field["value"], field["kind"]
    if kind == "flag":
        return conditional_escape(_("Yes") if stored == "yes" else _("No"))
    if field["state"] == FigureState.NOT_KNOWN:
        return format_html('<span class="muted">{}</span>', _("Not known"))
    if field["state"] == FigureState.NOT_APPLICABLE:
        return format_html('<span class="muted">{}</span>', _("Not applicable"))
    if stored is None:
        return _not_given()
    if kind == "figure":
        unit = LocalizedText(field["unit"]) if isinstance(field["unit"], dict) else field["unit"]
        shown = shown_text(Decimal(stored))
        if not str(unit):
            return conditional_escape(shown)
        # Korean sets a unit close to its number; English only the per cent sign.
        is_close = _speaks_korean() or str(unit) == "%"
        return format_html('{}{}<span class="unit"{}>{}</span>', shown, "" if is_close else " ", lang_of(unit), unit)
    if kind == "localized":
        return _spoken(str(LocalizedText(field["text"])))
    if kind == "choice":
        label = str(LocalizedText(field.get("text", {}))) or stored
        return rating_badge(stored, label) if field["key"].endswith("_rating") else _spoken(label)
    if kind == "date":
        return conditional_escape(date_format(dt.date.fromisoformat(stored), "DATE_FORMAT"))
    written = SafeString(linebreaks(stored, autoescape=True))
    # What ministries write is Korean, whatever the language of the page around it.
    return written if _speaks_korean() else format_html('<div lang="ko">{}</div>', written)


def _spoken(said: str) -> SafeString:
    """A line of text, marked where it is in another language than the page."""
    language = lang_of(said)
    return format_html("<span{}>{}</span>", language, said) if language else conditional_escape(said)


def _not_given() -> SafeString:
    return format_html('<span class="muted" aria-label="{}">–</span>', pgettext("value", "Not given"))


@register.simple_tag
def figure_text(of: Figure) -> str:
    """A figure as it is read: a number, 'not known', 'not applicable', or a dash where nothing was given."""
    if of.value is not None:
        return shown_text(of.value)
    return str(FigureState(of.state).label) if of.state else "–"
