"""What the gallery puts into the components. All of it is invented, and the page says so."""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from nap_monitor.lib.links import Link

#: How many days are left: overdue, due today, soon, some time.
DAYS = (-12, -1, 0, 1, 3, 21)
#: The kinds of a badge in KRDS, each with the icon that goes with it.
KINDS = {
    "gray": "note",
    "primary": "info",
    "secondary": "chart",
    "information": "info",
    "success": "success",
    "warning": "warning",
    "danger": "error",
}


def at(hour: int) -> dt.datetime:
    """A moment that never changes, so that a picture of the page doesn't either."""
    return dt.datetime(2022, 1, 31, hour, 5, tzinfo=dt.UTC)


def remark(when: dt.datetime, resolved_at: dt.datetime | None = None) -> SimpleNamespace:
    """A remark beside a text; a resolved one was answered before."""
    text, person = _("Sample text"), _("Sample person")
    return SimpleNamespace(
        text=text,
        author_label=person,
        at=when,
        visibility=None,
        version=2,
        is_answered=False,
        answers=[SimpleNamespace(text=text, author=person, at=when)] if resolved_at else [],
        resolved_at=resolved_at,
        resolved_by=person if resolved_at else None,
    )


def samples(sort: str) -> dict[str, Any]:
    """The parameters of every specimen; ``sort`` is how the table is sorted now."""
    return {
        "contents": [Link(f"#{place}", label) for place, label in _contents()],
        "days": DAYS,
        "kinds": KINDS,
        "icons": sorted(path.stem for path in (settings.BASE_DIR / "templates/components/icons").glob("*.svg")),
        "steps": [{"label": label, "is_done": number < 1, "is_current": number == 1} for number, label in _stations()],
        "tabs": [Link("#tabs", label, number == 0, 3 * number) for number, label in _stations()[:3]],
        "links": links(),
        "rows": rows(sort),
        "sort": sort,
        "entries": entries(),
        "segments": [
            {"code": code, "label": label, "count": 5 - number}
            for (number, label), code in zip(
                _stations(), ("draft", "signed-off", "submitted", "confirmed"), strict=True
            )
        ],
        "remark": remark(at(11)),
        "resolved": remark(at(9), at(11)),
        "conflict": {
            "stored": _("Sample text"),
            "mine": _("Sample text") + " 2",
            "by": _("Sample person"),
            "at": at(12),
        },
        "files": files(),
        "years": [2021, 2022, 2023],
        "matrix": [(row["name"], [number * row["number"] for number in range(1, 13)]) for row in rows("")],
        "months": range(1, 13),
        **_of_the_floors(),
    }


def _of_the_floors() -> dict[str, Any]:
    """What the floors below show of their own: each may have a module ``gallery`` with a function ``samples``."""
    found: dict[str, Any] = {}
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "gallery"):
            found |= import_module(f"{config.name}.gallery").samples()
    return found


def page_of(number: str | None) -> Page[int]:
    """A page of a long list that there is not."""
    return Paginator(range(120), 10).get_page(number)


def _contents() -> list[tuple[str, str]]:
    return [
        ("frame", _("Frame and navigation")),
        ("badges", _("Badges")),
        ("lists", _("Lists and tables")),
        ("texts", _("Way and history")),
        ("notices", _("Notices")),
        ("actions", _("Buttons and modals")),
        ("forms", _("Forms")),
        ("icons", _("Icons")),
    ]


def _stations() -> list[tuple[int, str]]:
    return list(enumerate((_("First"), _("Second"), _("Third"), _("Fourth"))))


def links() -> list[Link]:
    """A navigation of two levels."""
    inner = [Link("#frame", label, number == 0) for number, label in _stations()]
    return [Link("#frame", label, number == 1, entries=inner if number == 1 else []) for number, label in _stations()]


def rows(sort: str) -> list[dict[str, Any]]:
    """The rows of the sortable table."""
    made = [
        {"name": _("Sample assignment"), "number": 12, "amount": "1,250", "day": at(9).date(), "is_late": True},
        {"name": _("Sample assignment with a name that takes more than one line of its column"), "number": 3},
        {"name": _("Third sample assignment"), "number": 7, "amount": "△80", "day": at(9).date()},
    ]
    if sort.removeprefix("-") == "number":
        made.sort(key=lambda row: int(str(row["number"])), reverse=sort.startswith("-"))
    return made


def entries() -> list[dict[str, Any]]:
    """A history, newest first."""
    person, text = _("Sample person"), _("Sample text")
    return [
        {"label": _("Confirmed"), "at": at(15), "actor": person, "reason": "", "sign": "state-confirmed"},
        {"label": _("Returned"), "at": at(14), "actor": person, "reason": text, "sign": "state-returned"},
        {"label": _("Submitted"), "at": at(13), "actor": person, "reason": "", "sign": "state-submitted"},
        {"label": _("Account made"), "at": at(12), "actor": "", "reason": "", "sign": ""},
    ]


def files() -> list[dict[str, Any]]:
    """Files in every state in which a list shows them."""
    common = {"at": at(14), "sender": _("Sample person"), "description": "", "why": "", "held_until": None}
    whole = {**common, "url": "#files", "name": "sample.pdf", "kind": "PDF", "size": 1_250_000, "state": ""}
    states = {"checking": _("Being checked"), "infected": _("Harmful content"), "failed": _("Not checked yet")}
    others = [
        {
            **common,
            "url": "",
            "name": f"{code}.hwpx",
            "kind": "HWPX",
            "size": 80_000,
            "state": code,
            "state_label": label,
        }
        for code, label in states.items()
    ]
    return [whole, *others]
