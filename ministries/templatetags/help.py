"""Template tags of the help."""

from typing import Any

from django import template
from django.templatetags.static import static

from ministries.selectors.guides import language

register = template.Library()

#: All pictures of the help have one size, in pixels of the page that they show; ``make pictures`` makes them.
WIDTH, HEIGHT = 1040, 650


@register.inclusion_tag("help/picture.html")
def picture(name: str, alt: str) -> dict[str, Any]:
    """A picture of the program in the reader's language; ``alt`` says what is to be seen on it."""
    return {"src": static(f"help/{language()}/{name}.webp"), "alt": alt, "width": WIDTH, "height": HEIGHT}
