"""The queue of what waits for a decision, and confirming many of it at once, each with its saved rating."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ministries.forms.review import PROGRESS, BulkConfirmForm, QueueFilter, choices_of, query_of
from ministries.models import Round, Submission
from ministries.selectors import review as selectors
from ministries.selectors.review import QueueRow
from ministries.selectors.submissions import unconfirmable
from ministries.services import bulk
from ministries.views import bulk_report
from ministries.views.round_navigation import REVIEW, round_navigation

#: The columns, as each cell names them on a phone.
COLUMNS = {
    "choose": pgettext_lazy("column", "Choose"),
    "state": _("State"),
    "submitted": _("Submitted"),
    "self": _("Self-rating"),
    "saved": _("Saved rating"),
    "hints": _("To be noted"),
}
PERMISSION = "ministries.review_submission"


@require_safe
def review_queue(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """What the bodies have submitted and nobody has decided yet."""
    return _queue_page(request, find_round(request, plan, year), ticked=request.GET.getlist("row"))


@require_http_methods(["GET", "POST"])
def review_confirm(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """What is about to be confirmed, once more, each with its rating, and what will be left alone; then confirming."""
    found = find_round(request, plan, year)
    sent = request.POST if request.method == "POST" else request.GET
    rows = selectors.rows_of(request.user, found, [text.rsplit(":", 2)[0] for text in sent.getlist("row")])
    form = BulkConfirmForm(sent, rows=rows)
    if not form.is_valid():
        return _queue_page(request, found, ticked=sent.getlist("row"), refusal=form.refusal)
    if request.method == "GET":
        return _confirm_page(request, found, form)
    report = bulk.take("confirm", form.seen, by=request.user, own=form.own)
    kept = bulk_report.keep(request, report, name_of=key_of)
    choices = choices_of(request.GET)
    return redirect(f"{_address(found)}{query_of({**choices, 'report': kept})}")


def find_round(request: HttpRequest, plan: int, year: int) -> Round:
    """The round, for who reviews. Raises ``Http404`` where there is none, and for everybody else."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    if not request.user.has_perm(PERMISSION):
        raise Http404
    return found


def key_of(submission: Submission) -> str:
    """How the report of a bulk confirm names a submission: body and action plan."""
    return f"{submission.assignment.body.code}/{submission.assignment.action_plan.code}"


def _address(round: Round) -> str:
    return reverse(REVIEW, args=[round.plan.number, round.year])


def _frame(request: HttpRequest, round: Round) -> dict[str, Any]:
    return {
        "round": round,
        "labels": COLUMNS,
        "queue_url": _address(round),
        "confirm_url": reverse("ministries:review_confirm", args=[round.plan.number, round.year]),
        "query": query_of(choices_of(request.GET)),
        "side": round_navigation(request.user, round, REVIEW),
    }


def _queue_page(request: HttpRequest, round: Round, *, ticked: list[str], refusal: str = "") -> HttpResponse:
    choices = choices_of(request.GET)
    queue = selectors.queue(request.user, round, choices)
    context = {
        **_frame(request, round),
        "queue": queue,
        "filter": QueueFilter(request.GET, bodies=queue.bodies, areas=queue.areas),
        "choices": choices,
        "is_filtered": bool(choices.keys() - {"sort"}),
        "counts": [
            {"code": code, "label": label, "number": queue.counts[code]}
            for code, label in PROGRESS.items()
            if queue.counts[code]
        ],
        "ticked": ticked,
        "refusal": refusal,
        "unconfirmable": unconfirmable(round) if queue.total else [],
        "report": _told(request, round),
    }
    return render(request, "ministries/review_queue.html", context, status=400 if refusal else 200)


def _told(request: HttpRequest, round: Round) -> dict[str, Any] | None:
    """What became of the bulk confirm before: rows by name, and those that were left alone with why."""
    told = bulk_report.of(request)
    if told is None or told.step != "confirm":
        return None
    rows: Mapping[str, QueueRow] = selectors.rows_of(
        request.user, round, [*told.done, *(key for key, _why in told.skipped)]
    )
    return {
        "done": [rows[key] for key in told.done if key in rows],
        "skipped": [(rows[key], why) for key, why in told.skipped if key in rows],
    }


def _confirm_page(request: HttpRequest, round: Round, form: BulkConfirmForm) -> HttpResponse:
    rows = [
        (row, selectors.why_not_confirmed(row, step, count), sent)
        for (row, step, count), sent in zip(form.chosen, dict.fromkeys(request.GET.getlist("row")), strict=True)
    ]
    context = {
        **_frame(request, round),
        "rows": rows,
        "number": sum(not why for _row, why, _sent in rows),
        "ticked": "&".join(f"row={row.seen}" for row, _why, _sent in rows),
    }
    return render(request, "ministries/review_confirm.html", context)
