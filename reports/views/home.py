"""Where a person begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ministries import rules
from ministries.selectors.rounds import current_round, last_due_round
from ministries.selectors.submissions import scopes_for
from reports.selectors.start import COLUMNS, start_page

#: What the groups of waiting submissions are called.
TASKS = {
    "overdue": _("Overdue"),
    "elsewhere": _("Still awaited from other years"),
    "to-review": _("To be reviewed"),
    "returned": _("Returned: to be completed"),
    "to-submit": _("Signed off: to be submitted"),
    "to-write": _("To be written or signed off"),
    "confirmed": _("Confirmed last"),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The start page of those who report, review or read; others go to what their role is about."""
    round = current_round()
    if scopes_for(request.user) and round:
        context = {"parts": start_page(request.user, round), "round": round, "columns": COLUMNS, "tasks": TASKS}
        return render(request, "reports/home.html", context)
    if rules.allows(request.user, "reports.view_figures") and (due := last_due_round()):
        return redirect("reports:summary", due.plan.number, due.year)
    if rules.allows(request.user, "ministries.view_people"):
        return redirect("ministries:person_list")
    if rules.allows(request.user, "objectives.view_plan"):
        return redirect("ministries:round_list")
    return render(request, "ministries/no_role.html")
