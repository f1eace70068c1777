"""Where a person begins."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ministries.selectors.rounds import current_round, next_round
from ministries.selectors.staffing import contacts
from nap_monitor.accounts.adapter import LAST_VISIT
from reports.selectors.start import COLUMNS, start_page
from reports.views.home_words import TASKS, card


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The start page: a part for each role of the person; without a role, why nothing is here and whom to ask."""
    round = current_round()
    last_visit = request.session.get(LAST_VISIT)
    parts = start_page(request.user, round, dt.datetime.fromisoformat(last_visit) if last_visit else None)
    if not parts:
        return render(request, "ministries/no_role.html", _without_role(request))
    context = {
        "parts": [{"part": part, "card": card(part.next)} for part in parts],
        "round": round,
        "coming": next_round(),
        "columns": COLUMNS,
        "tasks": TASKS,
    }
    return render(request, "reports/home.html", context)


def _without_role(request: HttpRequest) -> dict[str, object]:
    """The roles that the person has had or will have, and whom to ask."""
    appointments = list(request.user.appointments.select_related("body").prefetch_related("body__names"))
    return {
        "ended": [each for each in appointments if each.has_ended()],
        "coming": [each for each in appointments if not each.has_ended()],
        "contacts": contacts(),
    }
