"""Abbreviations that a report may use, with what they stand for; a report lists those that stand in its texts."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.words import Words

Content = dict[str, Any]

#: Words of the plan, of the program and of its units. Bodies bring their own.
TERMS = {
    "COVID-19": _("coronavirus disease 2019"),
    "GBV": _("gender-based violence"),
    "NAP": _("national action plan"),
    "PKO": _("peacekeeping operations"),
    "SHA-256": _("secure hash algorithm with 256 bits: the same value means the same data"),
    "UN": _("United Nations"),
    "USD": _("United States dollar"),
    "WPS": _("women, peace and security"),
}
#: What the report prints in any case: in its data notes.
ALWAYS = ("SHA-256",)


def abbreviations(content: Content, words: Words) -> list[Content]:
    """The abbreviations of bodies, and the terms that occur in the content's texts, each by the alphabet."""
    bodies = [{"short": short, "long": words.body(code)} for code in words.bodies for short in _of_body(code, words)]
    everything = "\n".join(_texts(content))
    found = {term for term in TERMS if _occurs(term, everything)}
    terms = [{"short": term, "long": str(TERMS[term])} for term in TERMS if term in found or term in ALWAYS]
    return [*sorted(bodies, key=lambda row: row["short"]), *terms]


def _of_body(code: str, words: Words) -> Iterator[str]:
    """The code of a body, and its short name where that is another one than its name."""
    yield code
    short = words.short_body(code)
    if short not in (code, words.body(code)):
        yield short


def _occurs(term: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z]){re.escape(term)}(?![A-Za-z])", text) is not None


def _texts(node: Any) -> Iterator[str]:
    """Every text of a content."""
    if isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
    elif isinstance(node, str):
        yield node
