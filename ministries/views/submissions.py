"""Pages of submissions: the list, and one submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ministries.enums import StateLabel
from ministries.forms.filters import SubmissionFilter
from ministries.models import Round
from ministries.selectors import submissions as selectors
from ministries.selectors.signoff import own_bodies
from ministries.selectors.submissions import Listing
from ministries.views.round_navigation import SUBMISSIONS, round_navigation
from ministries.views.submission_page import submission_page
from nap_monitor.lib.links import Link
from nap_monitor.lib.parts import render_part

#: The list's columns, as each cell names them on a phone.
COLUMNS = {
    "body": gettext_lazy("Implementing body"),
    "state": gettext_lazy("State"),
    "due": gettext_lazy("Due date"),
    "self": gettext_lazy("Self-rating"),
    "coordinator": gettext_lazy("Coordinator's rating"),
    "changed": gettext_lazy("Date"),
}
#: What the lists are called.
SCOPES = {
    selectors.OWN: gettext_lazy("Own body"),
    selectors.ALL: gettext_lazy("All bodies"),
    selectors.CONFIRMED: gettext_lazy("Confirmed, all bodies"),
}


def state_counts(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many are in each state that occurs, the late ones first."""
    items = [("overdue", gettext_lazy("Overdue")), *StateLabel.choices]
    return [{"code": code, "label": label, "number": counts[code]} for code, label in items if counts.get(code)]


@dataclass(frozen=True)
class AskedList:
    """The list that somebody asked for: of which round, in which scope of those they may open, and what is chosen."""

    round: Round
    scopes: list[str]
    scope: str
    chosen: dict[str, str]
    listing: Listing

    @property
    def show_body(self) -> bool:
        """Whether the list has a column for bodies."""
        return self.scope != selectors.OWN or len(self.listing.bodies) > 1


def asked_list(request: HttpRequest, plan: int, year: int) -> AskedList:
    """The submissions of a round that this person sees. Raises ``Http404`` for who sees no list."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    scopes = selectors.scopes_for(request.user)
    if not scopes:
        raise Http404
    scope = request.GET.get("scope", "")
    scope = scope if scope in scopes else scopes[0]
    chosen = SubmissionFilter.choices_of(request.GET)
    return AskedList(found, scopes, scope, chosen, selectors.listing(request.user, found, scope=scope, **chosen))


@require_safe
def submission_list(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """The submissions of a round that this person sees."""
    asked = asked_list(request, plan, year)
    found, scopes, scope, listing, chosen = asked.round, asked.scopes, asked.scope, asked.listing, asked.chosen
    context = {
        "round": found,
        "scope": scope,
        "is_usual": scope == scopes[0],
        "field_bodies": own_bodies(request.user) if scope == selectors.OWN else [],
        "listing": listing,
        "unconfirmable": selectors.unconfirmable(found) if scope == selectors.ALL else [],
        "counts": state_counts(listing.counts),
        "labels": COLUMNS,
        "show_body": asked.show_body,
        "query": request.GET.urlencode(),
        "reset_url": "?" if scope == scopes[0] else f"?scope={scope}",
        "filter": SubmissionFilter(request.GET, bodies=listing.bodies, scope=scope),
        "is_filtered": any(value for name, value in chosen.items() if name != "sort"),
        "state": chosen["state"],
        "remind_url": _remind_url(request, found, chosen) if scope == selectors.ALL and listing.awaited else "",
        "side": round_navigation(request.user, found, SUBMISSIONS),
        "tabs": [Link(f"?scope={name}", SCOPES[name], name == scope) for name in scopes] if len(scopes) > 1 else [],
    }
    return render_part(request, "ministries/submission_list.html", "ministries/partials/_submissions.html", context)


def _remind_url(request: HttpRequest, round: Round, chosen: Mapping[str, str]) -> str:
    """Where a coordinator reminds of what the list shows."""
    if not request.user.has_perm("ministries.change_reminders"):
        return ""
    names = {"search": "q"}
    given = {names.get(name, name): value for name, value in chosen.items() if value and name != "sort"}
    send = reverse("ministries:reminder_send", args=[round.plan.number, round.year])
    return f"{send}?{urlencode({'listed': 1, **given})}"


@require_safe
def submission_detail(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """One submission, as far as this person reads it, with its history and the steps that they may take."""
    submission = selectors.find_submission(request.user, plan, year, body, code)
    return render(request, "ministries/submission_detail.html", submission_page(request.user, submission))
