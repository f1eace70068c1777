"""Template tags of the look: badges, bars, language of text. They know no domain; labels come from outside."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from nap_monitor.lib.addresses import in_language
from nap_monitor.lib.localized import LocalizedText, foreign_language

register = template.Library()

#: Fill colours of ratings and states in charts. As attributes, because page CSS does not reach an SVG in print.
CHART_COLOURS = {
    "completed": "#1c7a3d",
    "continuing": "#0f7b8a",
    "on-track": "#2a63d4",
    "attention": "#e0a100",
    "rethink": "#c4320a",
    "not-started": "#6d7882",
    "not-applicable": "#b1b8be",
    "no-report": "#33363d",
    "draft": "#b1b8be",
    "sent-back": "#b26a00",
    "signed-off": "#7aa5f5",
    "submitted": "#2a63d4",
    "submitted-again": "#083891",
    "returned": "#e0a100",
    "confirmed": "#1c7a3d",
}
OTHER_COLOUR = "#8a949e"


@lru_cache(maxsize=512)
def _badge(component: str, code: str, label: str, language: str | None) -> SafeString:
    return SafeString(render_to_string(f"components/{component}.html", {"code": code, "label": label}).strip())


@register.simple_tag
def rating_badge(code: str, label: object) -> SafeString:
    """The badge of a rating; the same as the component of that name, kept in memory for long lists."""
    return _badge("rating_badge", str(code), str(label), get_language())


@register.simple_tag
def state_badge(code: str, label: object) -> SafeString:
    """The badge of a submission's state; kept in memory for long lists."""
    return _badge("state_badge", str(code), str(label), get_language())


@register.simple_tag
def due_badge(days: int) -> SafeString:
    """The badge of the days left to a due date (negative: overdue); kept in memory for long lists."""
    return _due_badge(days, get_language())


@lru_cache(maxsize=512)
def _due_badge(days: int, language: str | None) -> SafeString:
    return SafeString(render_to_string("components/due_badge.html", {"days": days}).strip())


@register.simple_tag
def badge(label: object, kind: str = "gray", icon: str = "") -> SafeString:
    """A badge of one of KRDS's kinds: gray, primary, secondary, information, success, warning or danger."""
    context = {"label": label, "kind": kind, "icon": icon}
    return SafeString(render_to_string("components/badge.html", context).strip())


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: template.Context, sort: str, key: str, label: object, is_number: bool = False) -> dict[str, Any]:
    """The heading of a column that sorts: a link to this page sorted by ``key``, or the other way round.

    ``sort`` is how the list is sorted now, with a hyphen in front for descending. The filters stay in the link.
    """
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{key}" if sort == key else key
    direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    return {"url": f"?{query.urlencode()}", "label": label, "direction": direction, "is_number": is_number}


@register.simple_tag
def page_numbers(page: "Page[Any]") -> list[int | None]:
    """The pages that a pagination names: first, last, this one and those beside it; nothing stands for a gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.simple_tag
def icon(name: str) -> SafeString:
    """The inline SVG of this name, hidden from screen readers: the text beside it says the same."""
    return _icon(name)


@lru_cache(maxsize=128)
def _icon(name: str) -> SafeString:
    return SafeString(render_to_string(f"components/icons/{name}.svg").strip())


@register.simple_tag
def localized(text: object) -> SafeString:
    """Domain text with its language marked where it is not that of the page (Korean text on an English page)."""
    shown = conditional_escape(text if isinstance(text, SafeString) else str(text))
    if not isinstance(text, LocalizedText):
        return shown
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    if text.has(language) or not shown:
        return shown
    actual = next((code for code, value in text.items() if value == str(text)), "")
    return format_html('<span lang="{}">{}</span>', actual, shown) if actual else shown


@register.simple_tag
def localized_lines(text: LocalizedText) -> SafeString:
    """Domain text of several lines with its paragraphs, its language marked where it is not that of the page."""
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    actual = text.language_shown(language)
    lines = SafeString(linebreaks(text.in_language(language), autoescape=True))
    return lines if actual in ("", language) else format_html('<div lang="{}">{}</div>', actual, lines)


@register.filter
def lang_of(text: object) -> SafeString:
    """The attribute that marks what people wrote in Korean on a page in another language: ``<p{{ text|lang_of }}>``."""
    language = foreign_language(text)
    return format_html(' lang="{}"', language) if language else SafeString("")


@register.simple_tag(takes_context=True)
def address_in_language(context: template.Context, language: str) -> str:
    """The address of this page in ``language``; it also holds on pages that do not exist."""
    return context.get(f"address_{language}") or in_language(context.get("request"), language)


@register.simple_tag(takes_context=True)
def page_languages(context: template.Context) -> list[dict[str, Any]]:
    """The languages of the interface, each with its own name and this page's address in it."""
    names = {"ko": "한국어", "en": "English"}
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "url": address_in_language(context, code),
            "current": code == (get_language() or settings.LANGUAGE_CODE).split("-")[0],
        }
        for code, _label in settings.LANGUAGES
    ]


@register.inclusion_tag("components/stacked_bar.html")
def stacked_bar(segments: Iterable[Mapping[str, Any]], title: object) -> dict[str, Any]:
    """A bar of shares with its legend. A segment has ``code``, ``label`` and ``count``; empty ones are named too."""
    rows = [{**segment, "colour": CHART_COLOURS.get(str(segment["code"]), OTHER_COLOUR)} for segment in segments]
    total = sum(int(row["count"]) for row in rows)
    done = 0
    for row in rows:
        start = done * 1000 // total if total else 0
        done += int(row["count"])
        row["x"] = start
        row["width"] = (done * 1000 // total - start) if total else 0
    return {"segments": rows, "total": total, "title": title}
