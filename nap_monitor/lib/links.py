"""Links of a navigation: what tabs and side navigations are made of."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    """A page that one can go to. ``entries`` are the pages below it, ``note`` is said beside it (a number)."""

    url: str
    label: object
    is_current: bool = False
    note: object = None
    entries: list["Link"] = field(default_factory=list)
