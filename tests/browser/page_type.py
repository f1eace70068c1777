"""What a type of page is: which named address it shows, who sees it, and how one gets there."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from tests.browser import page_ways as ways
from tests.browser.page_world import World


@dataclass(frozen=True, kw_only=True)
class PageType:
    """A page as one kind of reader sees it in one situation. ``then`` is what they do there before it is looked at."""

    key: str
    name: str
    who: str
    arguments: ways.Arguments = field(default=lambda world: [])
    query: str = ""
    then: ways.Step | None = None
    #: What the program answers for this page.
    status: int = 200
    #: The part that is looked at, where something opened covers the rest.
    within: str = "html"

    def address(self, world: World, language: str) -> str:
        """Where it begins, in Korean (``ko``) or English (``en``)."""
        if self.name.startswith("/"):
            path = self.name
        else:
            with override("ko"):
                path = reverse(self.name, args=self.arguments(world))
        return ("/en" if language == "en" else "") + path + self.query


def P(key: str, name: str, viewer: str, arguments: ways.Arguments | None = None, **more: Any) -> PageType:  # noqa: N802
    return PageType(key=key, name=name, who=viewer, **({"arguments": arguments} if arguments else {}), **more)
