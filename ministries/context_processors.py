"""What every page shows of the work: the main menu, the roles beside the person's name, whom to ask, and its help."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ministries import rules
from ministries.selectors import guides, people
from ministries.selectors.notices import unread_number
from ministries.selectors.rounds import current_address

SUBMISSION_PAGES = (
    "ministries:overview",
    "ministries:submission_",
    "ministries:signoff_",
    "reports:submission_",
    "reports:approval_",
)
PLAN_PAGES = ("ministries:plan_", "ministries:action_plan_", "ministries:indicator_")


@dataclass(frozen=True)
class NavigationItem:
    """An item of the main menu. ``current``: the page that is shown belongs to it."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True)
class Bell:
    """The link to the notices: how many are unread, and how that is written."""

    unread: int

    @property
    def shown(self) -> str:
        """The number; from a hundred on it is only said that there are more."""
        return str(self.unread) if self.unread < 100 else "99+"


def bell(request: HttpRequest) -> Bell | None:
    """The bell of who is signed in; nothing for who is never told anything. Read once for each request."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    kept = vars(request)
    if "unread_notices" not in kept:
        kept["unread_notices"] = unread_number(user)
    return None if kept["unread_notices"] is None else Bell(kept["unread_notices"])


def navigation(request: HttpRequest) -> dict[str, Any]:
    """``nav_items``, ``may_hand_over``, ``user_roles``, ``bell``, ``page_help`` of who is signed in, ``lead_ministry``
    for all; lazily."""
    return {
        "bell": SimpleLazyObject(lambda: bell(request)),
        "nav_items": SimpleLazyObject(lambda: list(_items(request))),
        "may_hand_over": SimpleLazyObject(lambda: _may_hand_over(request)),
        "user_roles": SimpleLazyObject(lambda: _roles(request)),
        "page_help": SimpleLazyObject(lambda: _page_help(request)),
        "lead_ministry": SimpleLazyObject(lambda: ", ".join(str(body) for body in people.lead_bodies())),
    }


def _items(request: HttpRequest) -> Iterator[NavigationItem]:
    user = getattr(request, "user", None)  # there is none where the middleware itself answered
    if user is None or not user.is_authenticated:
        return
    here = request.resolver_match.view_name if request.resolver_match else ""

    def item(name: str, label: str, *pages: str, args: list[Any] | None = None) -> NavigationItem:
        return NavigationItem(url=reverse(name, args=args), label=label, current=here.startswith(pages))

    address = list(current_address() or ())
    if address and (user.has_perm("ministries.view_state") or user.has_perm("ministries.view_confirmed")):
        yield item("ministries:submission_list", _("Submissions"), *SUBMISSION_PAGES, args=address)
    if user.has_perm("ministries.change_round"):
        yield item("ministries:round_list", _("Rounds"), "ministries:round_")
    if user.has_perm("objectives.view_plan"):
        yield item("ministries:plan_list", _("Plan"), *PLAN_PAGES)
    if address and user.has_perm("reports.view_figures"):
        yield item("reports:summary", _("Ratings"), "reports:summary", "reports:document_", args=address)
    if user.has_perm("ministries.view_people"):
        yield item("ministries:person_list", _("People"), "ministries:person_", "ministries:appointment_")
    if user.has_perm("ministries.view_record"):
        yield item("ministries:record_list", pgettext("events", "Record"), "ministries:record_")


def _may_hand_over(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and rules.allows(user, "ministries.change_submission")


def _page_help(request: HttpRequest) -> guides.Help | None:
    user, match = getattr(request, "user", None), request.resolver_match
    return guides.for_page(user, match.view_name) if user is not None and match else None


def _roles(request: HttpRequest) -> list[str]:
    user = getattr(request, "user", None)
    if user is None:
        return []
    return [f"{role.label} ({body.short_name})" if body else str(role.label) for role, body in people.held_roles(user)]
