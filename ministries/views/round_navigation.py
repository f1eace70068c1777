"""The side navigation of a round's pages: the years of the plan, and below the year shown the pages it has."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ministries.models import ImplementingBody, Round
from ministries.selectors.signoff import own_bodies
from ministries.selectors.submissions import scopes_for
from nap_monitor.lib.links import Link

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

(
    OVERVIEW,
    SUBMISSIONS,
    REVIEW,
    DESK,
    WORKBOOK,
    RATINGS,
    WORKSHOP,
    DOCUMENTS,
    EDITIONS,
    DATES,
    GUIDANCE,
    EXTENSIONS,
    CLOSING,
    REMINDERS,
) = (
    "ministries:overview",
    "ministries:submission_list",
    "ministries:review_queue",
    "ministries:signoff_desk",
    "ministries:workbook",
    "reports:summary",
    "reports:workshop",
    "reports:document_list",
    "reports:edition_list",
    "ministries:round_change",
    "ministries:guidance_list",
    "ministries:extension_list",
    "ministries:round_close",
    "ministries:reminder_rules",
)

#: A page of a round: the name of its address, the code of the body where it is one body's page, and what it is called.
Page = tuple[str, str, object]


def round_navigation(
    user: "User", shown: Round, here: str, rounds: Iterable[Round] | None = None, *, body: str = ""
) -> list[Link]:
    """The links for the page named ``here`` of the round ``shown``, newest year first; nothing where there is but one.

    Another year leads to the same page of that year (of ``body``, where it is one body's page). ``rounds`` spares the
    query for the plan's rounds.
    """
    pages = _pages(user)
    if rounds is None:
        rounds = Round.objects.filter(plan=shown.plan).select_related("plan")
    years = sorted(rounds, key=lambda found: found.year, reverse=True)
    links = [
        Link(
            url=_address(here, found, body),
            label=str(found.year),
            is_current=found == shown,
            entries=[Link(_address(name, found, of), label, (name, of) == (here, body)) for name, of, label in pages]
            if found == shown
            else [],
        )
        for found in years
    ]
    return links if len(years) > 1 or len(pages) > 1 else []


def _address(name: str, found: Round, body: str) -> str:
    return reverse(name, args=[found.plan.number, found.year, *([body] if body else [])])


def _workbook_of(body: ImplementingBody) -> str:
    return _("Excel: %(body)s") % {"body": body.short_name}


def _pages(user: "User") -> list[Page]:
    """The pages of a round that ``user`` may open."""
    pages: list[Page] = []
    if user.has_perm("ministries.view_overview"):
        pages.append((OVERVIEW, "", pgettext("round", "Overview")))
    if scopes_for(user):
        pages.append((SUBMISSIONS, "", _("Submissions")))
    if user.has_perm("ministries.review_submission"):
        pages.append((REVIEW, "", pgettext("queue", "Review")))
    desks = own_bodies(user)
    pages += [(DESK, own.code, own.short_name if len(desks) > 1 else _("Sign-off and submission")) for own in desks]
    pages += [(WORKBOOK, own.code, _workbook_of(own) if len(desks) > 1 else _("Excel out and in")) for own in desks]
    if user.has_perm("reports.view_figures"):
        pages.append((RATINGS, "", _("Ratings")))
    if user.has_perm("reports.compose_report"):
        pages.append((WORKSHOP, "", _("Write the report")))
    if user.has_perm("reports.view_draft_report"):
        pages.append((DOCUMENTS, "", _("Report")))
    if user.has_perm("reports.view_edition"):
        pages.append((EDITIONS, "", _("Editions")))
    if user.has_perm("ministries.change_round"):
        pages.append((DATES, "", _("Dates and guidance")))
        pages.append((GUIDANCE, "", _("Guidance by action plan")))
        pages.append((EXTENSIONS, "", _("Exceptions")))
        pages.append((CLOSING, "", _("Closing")))
    if user.has_perm("ministries.change_reminders"):
        pages.append((REMINDERS, "", _("Reminders")))
    return pages
