"""Template tags of the start page."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def lookup(words: Mapping[str, Any], code: str) -> Any:
    """The word for a code."""
    return words[code]
