"""The sign-off desk of a body: signing off many, submitting many with one document, taking back one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from ministries import workflow
from ministries.forms.signoff import BulkForm, BulkSubmitForm, DeskFilter
from ministries.models import Round
from ministries.selectors import signoff as selectors
from ministries.selectors.signoff import Desk, DeskRow
from ministries.services import bulk
from ministries.views import bulk_report
from ministries.views.round_navigation import DESK, round_navigation
from ministries.views.submissions import state_counts

#: What the groups are called.
GROUPS = {
    selectors.TO_SIGN_OFF: _("Complete: to be signed off"),
    selectors.TO_SUBMIT: _("Signed off: to be submitted"),
    selectors.INCOMPLETE: _("Not complete yet"),
    selectors.IN_REVIEW: _("With the coordinator"),
    selectors.CONFIRMED: _("Confirmed"),
}
#: The columns, as each cell names them on a phone.
COLUMNS = {
    "choose": pgettext_lazy("column", "Choose"),
    "state": _("State"),
    "self": _("Self-rating"),
    "coordinator": _("Coordinator's rating"),
    "changed": _("Last change"),
    "document": _("Document"),
}


@require_http_methods(["GET", "POST"])
def signoff_desk(request: HttpRequest, plan: int, year: int, body: str) -> HttpResponse:
    """All submissions of the own body in a round: what is complete is signed off here, what is signed off taken back.

    A bulk step is told on the page that follows: how many were done, and which were not, with why.
    """
    desk = _desk(request, plan, year, body)
    if request.method == "GET":
        return _desk_page(request, desk, ticked=request.GET.getlist("row"))
    step = "take_back" if "take_back" in request.POST else "sign_off"
    if not request.user.has_perm(workflow.TRANSITIONS[step].permission, desk.body):
        raise PermissionDenied
    data = request.POST.copy()
    if step == "take_back":
        data.setlist("row", data.getlist("take_back"))
    form = BulkForm(data, rows=desk.rows)
    if not form.is_valid():
        return _desk_page(request, desk, ticked=request.POST.getlist("row"), refusal=form.refusal)
    return _told(request, desk, bulk.take(step, form.seen, by=request.user))


@require_http_methods(["GET", "POST"])
def signoff_submit(request: HttpRequest, plan: int, year: int, body: str) -> HttpResponse:
    """What is about to be submitted, once more, with the official document of all of it; then the submitting itself."""
    desk = _desk(request, plan, year, body)
    if request.method == "GET":
        asked = BulkForm(request.GET, rows=desk.rows)
        if not asked.is_valid():
            return _desk_page(request, desk, ticked=request.GET.getlist("row"), refusal=asked.refusal)
        form = BulkSubmitForm(rows=desk.rows, initial={"row": request.GET.getlist("row")})
        return _submit_page(request, desk, asked.read, form)
    form = BulkSubmitForm(request.POST, rows=desk.rows)
    if not form.is_valid():
        if form.has_error("row"):
            return _desk_page(request, desk, ticked=request.POST.getlist("row"), refusal=form.refusal)
        return _submit_page(request, desk, form.read, form, status=400)
    document = {name: form.cleaned_data[name] for name in ("document_number", "document_date")}
    report = bulk.take("submit", form.seen, by=request.user, **document)
    if report.done:
        return _told(request, desk, report, **document)
    # Nothing was done: what was typed stays, beside the present state of each row and why it was refused.
    fresh = _desk(request, plan, year, body)
    rows = [fresh.rows[row.code] for row in form.read]
    again = BulkSubmitForm(rows=fresh.rows, initial={"row": [row.seen for row in rows], **document})
    why = {skipped.submission.pk: skipped.why for skipped in report.skipped}
    return _submit_page(request, fresh, rows, again, why=why, status=409)


def _desk(request: HttpRequest, plan: int, year: int, code: str) -> Desk:
    body = selectors.find_body(request.user, code)
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    return selectors.desk(request.user, found, body, state=DeskFilter.state_of(request.GET))


def _frame(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    return {
        "desk": desk,
        "round": desk.round,
        "desk_url": reverse(DESK, args=_place(desk)),
        "submit_url": reverse("ministries:signoff_submit", args=_place(desk)),
        "may_ask": desk.total > 0 and request.user.has_perm("ministries.ask_extension", desk.body),
        "may_name_office": request.user.has_perm("ministries.change_escalation", desk.body),
        "body_name": desk.body.name_in(desk.round.year),
        "labels": COLUMNS,
        "side": round_navigation(request.user, desk.round, DESK, body=desk.body.code),
    }


def _desk_page(request: HttpRequest, desk: Desk, *, ticked: list[str], refusal: str = "") -> HttpResponse:
    report = bulk_report.of(request)
    context = {
        **_frame(request, desk),
        "groups": [(group, GROUPS[group.code]) for group in desk.groups],
        "counts": state_counts(desk.counts),
        "state": DeskFilter.state_of(request.GET),
        "filter": DeskFilter(request.GET),
        "ticked": ticked,
        "refusal": refusal,
        "why": desk.why,
        "report": report,
        "skipped": [(desk.rows[code], why) for code, why in report.skipped if code in desk.rows] if report else [],
    }
    return render(request, "ministries/signoff_desk.html", context, status=400 if refusal else 200)


def _submit_page(
    request: HttpRequest,
    desk: Desk,
    rows: list[DeskRow],
    form: BulkSubmitForm,
    *,
    why: Mapping[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    told = [(row, (why or {}).get(row.submission.pk) or selectors.why_not(request.user, row, "submit")) for row in rows]
    context = {
        **_frame(request, desk),
        "form": form,
        "rows": told,
        "number": sum(not reason for _row, reason in told),
        "was_refused": bool(why),
        "ticked": urlencode({"row": [row.seen for row in rows]}, doseq=True),
    }
    return render(request, "ministries/signoff_submit.html", context, status=status)


def _told(
    request: HttpRequest,
    desk: Desk,
    report: bulk.Report,
    *,
    document_number: str = "",
    document_date: dt.date | None = None,
) -> HttpResponse:
    """Back to the desk, which tells what was done."""
    kept = bulk_report.keep(request, report, document_number=document_number, document_date=document_date)
    return redirect(f"{reverse(DESK, args=_place(desk))}?report={kept}")


def _place(desk: Desk) -> list[Any]:
    return [desk.round.plan.number, desk.round.year, desk.body.code]
