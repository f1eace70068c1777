"""The overview of a round: one screen for who is late, what waits and what has changed; below it, all of the round."""

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ministries import rules
from ministries.forms.overview import OverviewFilter
from ministries.models import Round
from ministries.selectors.overview import Figures, Overview, overview
from ministries.selectors.recent import mark_of, recent_changes
from ministries.selectors.reminders import bodies_without_recipient, by_recipient
from ministries.selectors.schedule import schedule_state
from ministries.selectors.staffing import vacancies
from ministries.selectors.submissions import unconfirmable
from ministries.selectors.timeliness import Counts
from ministries.views.overview_matrix import Places, counts_by_body, lines
from ministries.views.round_navigation import OVERVIEW, round_navigation
from ministries.views.submission_page import EVENT_LABELS, EVENT_SIGNS
from ministries.views.unchanged import etag_of, kept
from nap_monitor.lib.parts import asks_for_part
from nap_monitor.lib.stencils import remembered

#: The two parts of the page: what is the case now, and the whole round. A script asks for the second alone.
NOW, MATRIX = "ministries/partials/_overview_now.html", "ministries/partials/_overview_matrix.html"
#: So many of what waits stand on the page; the list has them all.
WAITING = 6
#: What is counted of a round, in the order of the way.
MEASURES = {
    "reported": _("Reported"),
    "on_time": _("Reported on time"),
    "confirmed": _("Confirmed"),
    "overdue": _("Overdue"),
}


@require_safe
def round_overview(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Bodies × action plans with state, rating and lateness, for coordinators. Unchanged, it is answered with 304."""
    refuse_others(request)
    stands = mark_of(plan, year)
    if stands is None:
        raise Http404
    mark = stands.words
    etag = etag_of(request, mark)
    unchanged = get_conditional_response(request, etag=etag) if etag else None
    if unchanged is not None:
        return unchanged
    rounds = list(Round.objects.filter(plan__number=plan).select_related("plan"))
    found = next(each for each in rounds if each.year == year)
    shown = cache(lambda: overview(request.user, found, OverviewFilter.choice_of(request.GET), rounds))
    below = kept(request, mark, MATRIX, lambda: matrix(request.GET, found, shown()))
    if asks_for_part(request):
        response = HttpResponse(below)
    else:
        context = {
            "round": found,
            "side": round_navigation(request.user, found, OVERVIEW, rounds),
            "now": kept(request, mark, NOW, lambda: now(found, shown(), stands.is_late)),
            "matrix": below,
        }
        response = render(request, "ministries/overview.html", context)
    if etag:
        # Kept by the browser, and asked about each time before it is shown again.
        response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


def find_round(request: HttpRequest, plan: int, year: int) -> Round:
    """The round, for those who may see all of it. Raises ``Http404`` for everybody else."""
    refuse_others(request)
    found: Round = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    return found


def refuse_others(request: HttpRequest) -> None:
    """Raise ``Http404`` for who may not see all of a round."""
    if not rules.allows(request.user, "ministries.view_overview"):
        raise Http404


def now(round: Round, shown: Overview, is_late: bool) -> dict[str, Any]:
    """Who is late, what waits, what is wrong, and what has changed since yesterday: of the whole round."""
    places = Places(round)
    waiting = shown.waiting()
    recent = recent_changes(shown.places)
    late = shown.late_bodies()
    return {
        "round": round,
        "late_bodies": [(each, places.remind_bodies([each.body])) for each in late],
        "remind_late": places.remind_bodies([each.body for each in late]),
        "schedule": schedule_state() if is_late else None,
        "unreached": by_recipient(bodies_without_recipient(round)),
        "waiting": [(places.review(cell), cell) for cell in waiting[:WAITING]],
        "waiting_total": len(waiting),
        "queue": reverse("ministries:review_queue", args=[round.plan.number, round.year]),
        "unconfirmable": unconfirmable(round),
        "vacancies": vacancies(round),
        "since": recent.since,
        "changes": [
            {"label": EVENT_LABELS.get(kind, kind), "icon": EVENT_SIGNS.get(kind, "edit"), "number": number}
            for kind, number in recent.counts.most_common()
        ],
        "newest": [
            {
                "label": EVENT_LABELS.get(change.kind, change.kind),
                "icon": EVENT_SIGNS.get(change.kind, "edit"),
                "at": change.at,
                "actor": change.actor,
                "item": shown.places[change.submission][0],
                "body": shown.places[change.submission][1],
                "url": places.of(*shown.places[change.submission]),
            }
            for change in recent.newest
        ],
    }


def matrix(asked: QueryDict, round: Round, shown: Overview) -> dict[str, Any]:
    """The filter, the counts of what it leaves, the matrix, and the same counts by body."""
    items = {cell.item.pk: cell.item for cell in shown.cells}
    bodies, shows_last = shown.bodies, OverviewFilter.shows_last(asked)
    return {
        "round": round,
        "filter": _filter_bar(asked, OverviewFilter.offered(items.values(), shown.all_bodies)),
        "is_filtered": len(shown.chosen) < len(shown.cells),
        "query": asked.urlencode(),
        "remind": Places(round).remind(shown.awaited),
        "last_year": round.year - 1 if shown.before is not None else None,
        "chosen": len(shown.chosen),
        "total": len(shown.cells),
        "figures": _figures(shown.total),
        "by_body": counts_by_body(
            ((body, _figures(figures)) for body, figures in shown.by_body()), has_last=shown.before is not None
        ),
        "bodies": bodies,
        "lines": lines(round, shown, shows_last=shows_last),
    }


def _filter_bar(asked: QueryDict, offered: dict[str, list[tuple[str, str]]]) -> str:
    """The filter with what was asked for in it, kept by that and by what there is to choose."""
    given = {"filter": "overview", "asked": [list(each) for each in asked.lists()], "offered": offered}
    return remembered(
        "components/filter_bar.html",
        given,
        lambda: {"form": OverviewFilter(asked, offered=offered), "reset_url": "?"},
    )


def _figures(figures: Figures) -> list[dict[str, Any]]:
    return [
        {
            "code": name,
            "label": label,
            "now": share_of(figures.now, name),
            "before": share_of(figures.before, name) if figures.before else "",
        }
        for name, label in MEASURES.items()
    ]


def share_of(counts: Counts, name: str) -> str:
    """A count with its denominator: how many of those expected."""
    return f"{getattr(counts, name)} / {counts.expected}"
