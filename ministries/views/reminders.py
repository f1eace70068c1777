"""Pages of the reminders: their stages, who gets them, what was sent; the address that a body names."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ministries.enums import Delivery
from ministries.forms.reminders import EscalationForm, LogFilterForm, RulesForm
from ministries.models import ImplementingBody, Reminder, ReminderMail, Round
from ministries.selectors.reminder_pages import body_rows, mails_of
from ministries.selectors.reminders import bodies_without_recipient, by_recipient
from ministries.selectors.reminders_by_hand import reporting_bodies
from ministries.selectors.rounds import current_round
from ministries.selectors.schedule import schedule_state
from ministries.services import reminder_rules as services
from ministries.views.round_navigation import REMINDERS, round_navigation
from ministries.words import stage_words
from ministries.workflow import Refused
from nap_monitor.lib.forms import unjudged
from nap_monitor.lib.parts import render_part

PAGE_SIZE = 50
#: The log's columns, as each cell names them on a phone.
COLUMNS = {
    "to": gettext_lazy("Recipient"),
    "about": gettext_lazy("About"),
    "occasion": gettext_lazy("Occasion"),
    "state": gettext_lazy("State"),
}
#: Kind of badge and icon of a state.
BADGES = {
    Delivery.WAITING: ("information", "clock"),
    Delivery.CLAIMED: ("information", "clock"),
    Delivery.SENT: ("success", "check"),
    Delivery.FAILED: ("danger", "error"),
    Delivery.REPLACED: ("gray", "revision"),
    Delivery.DROPPED: ("gray", "close"),
}


@require_http_methods(["GET", "POST"])
def reminder_rules(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """The stages of a round's reminders, and who in each body gets them."""
    found = find_round(request, plan, year)
    form = RulesForm(request.POST or None, stages=services.stages_of(found))
    if form.rows.asks_for_row:
        unjudged(form, form.rows)
        return _rules_page(request, found, form)
    if request.method == "GET":
        return _rules_page(request, found, form)
    if not form.is_valid():
        return _rules_page(request, found, form, status=400)
    given = {"stages": form.rows.stages(), "seen": form.cleaned_data["seen"]}
    try:
        changed = services.change_rules(round=found, by=request.user, **given)
    except Refused as error:
        form.add_error(None, str(error.message))
        return _rules_page(request, found, form, status=400)
    except services.RulesChangedError as error:
        form.data = {**{name: form.data[name] for name in form.data}, "seen": services.mark_of(error.stored)}
        stored = [(stage_words(days), services.ReminderTo(to).label) for days, to in error.stored]
        return _rules_page(request, found, form, status=409, stored=stored)
    messages.success(request, _("The reminders were changed.") if changed else _("Nothing was changed."))
    return redirect("ministries:reminder_rules", plan, year)


@require_safe
def reminder_log(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Who was reminded of this round, when, at which stage, and what could not be sent, with the reason."""
    found = find_round(request, plan, year)
    form = LogFilterForm(request.GET, bodies=[(body.code, body.name_in(year)) for body in reporting_bodies(found)])
    wanted = form.wanted()
    page = Paginator(mails_of(found, **wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "round": found,
        "page": page,
        "rows": [_log_row(mail) for mail in page],
        "labels": COLUMNS,
        "filter": form,
        "is_filtered": any(wanted.values()),
        "side": round_navigation(request.user, found, REMINDERS),
    }
    return render_part(request, "ministries/reminder_log.html", "ministries/partials/_reminder_log.html", context)


@require_http_methods(["GET", "POST"])
def escalation_change(request: HttpRequest, body: str) -> HttpResponse:
    """The address of the office that a body names for what stays late: by a coordinator or the body's approver."""
    found = get_object_or_404(ImplementingBody.objects.prefetch_related("names"), code=body)
    if not request.user.has_perm(services.ESCALATION, found):
        # Who reports for the body knows of it; to others there is no such page.
        if request.user.has_perm("ministries.view_draft", found):
            raise PermissionDenied
        raise Http404
    form = EscalationForm(request.POST or None, initial={"address": found.escalation_address})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_escalation_address(body=found, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The escalation address was saved."))
            return redirect(_after_escalation(request))
    context = {"form": form, "body": found, "back": _after_escalation(request)}
    return render(request, "ministries/escalation_form.html", context, status=400 if form.errors else 200)


def _after_escalation(request: HttpRequest) -> str:
    """Where one goes on: a coordinator to the reminders of the round at work, an approver to the start page."""
    round = current_round() if request.user.has_perm(services.PERMISSION) else None
    return reverse(REMINDERS, args=[round.plan.number, round.year]) if round else reverse("home")


def find_round(request: HttpRequest, plan: int, year: int) -> Round:
    """The round. 404 where there is none, and for who sends no reminders."""
    if not request.user.has_perm(services.PERMISSION):
        raise Http404
    return get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)


def _rules_page(
    request: HttpRequest, round: Round, form: RulesForm, status: int = 200, stored: list[Any] | None = None
) -> HttpResponse:
    context = {
        "round": round,
        "form": form,
        "stored": stored,
        "rows": body_rows(round),
        "missing": by_recipient(bodies_without_recipient(round)),
        "schedule": schedule_state(),
        "side": round_navigation(request.user, round, REMINDERS),
    }
    return render(request, "ministries/reminder_rules.html", context, status=status)


def _log_row(mail: ReminderMail) -> dict[str, Any]:
    kind, icon = BADGES[Delivery(mail.state)]
    about: dict[int, dict[str, Any]] = {}
    for row in mail.reminders.all():
        entry = about.setdefault(row.body_id, {"name": row.body.name, "stages": []})
        entry["stages"].append(_stage(row))
    return {"mail": mail, "kind": kind, "icon": icon, "about": about.values()}


def _stage(row: Reminder) -> dict[str, Any]:
    words = stage_words(row.days) if row.days is not None else ""
    return {"recipient": row.get_recipient_display(), "due_date": row.due_date, "words": words}
