"""What a body attaches to its approval document: the page that is printed, and the PDF that is asked for."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries.enums import StateLabel
from ministries.models import ImplementingBody, Round
from ministries.selectors import signoff
from ministries.selectors.signoff import Desk
from ministries.views.round_navigation import DESK, round_navigation
from nap_monitor.lib import clock
from reports.forms.documents import ApprovalForm
from reports.models import RenderJob
from reports.selectors import documents as selectors
from reports.selectors.approval import approval_content
from reports.selectors.approval_document import approval_document
from reports.selectors.summary import snapshot
from reports.services import jobs
from reports.views.documents import PAGE_SIZE


@require_safe
def approval_print(request: HttpRequest, plan: int, year: int, body: str) -> HttpResponse:
    """All submissions of the own body, or those in one state (``?state=``), each on a sheet of its own."""
    round, own = _place(request, plan, year, body)
    state = request.GET.get("state", "")
    return _paper(request, round, own, state if state in StateLabel.values else "")


@require_safe
def submission_print(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """One submission of the own body."""
    round, own = _place(request, plan, year, body)
    return _paper(request, round, own, code)


@require_http_methods(["GET", "POST"])
def approval_list(request: HttpRequest, plan: int, year: int, body: str) -> HttpResponse:
    """The PDFs that were made of the own body's submissions; its people ask for a new one here."""
    round, own = _place(request, plan, year, body)
    desk = signoff.desk(request.user, round, own)
    form = ApprovalForm(
        request.POST if request.method == "POST" else None,
        parts=_parts(desk),
        initial={"narrowed_to": request.GET.get("of", ""), "language": get_language()},
    )
    if form.is_bound and form.is_valid():
        return _ask(request, round, own, form)
    page = Paginator(selectors.approvals(round, own), PAGE_SIZE).get_page(request.GET.get("page"))
    documents = list(page)
    context = {
        "round": round,
        "body_name": own.name_in(year),
        "desk_url": reverse(DESK, args=[plan, year, body]),
        "side": round_navigation(request.user, round, DESK, body=body),
        "page": page,
        "documents": documents,
        "form": form if desk.total else None,
        "is_waiting": any(document.is_under_way for document in documents),
    }
    return render(request, "reports/approval_list.html", context, status=400 if form.errors else 200)


def _place(request: HttpRequest, plan: int, year: int, code: str) -> tuple[Round, ImplementingBody]:
    """The round and the body, for its own people; for others there is nothing here."""
    body = signoff.find_body(request.user, code)
    if not request.user.has_perm("reports.view_approval", body):
        raise Http404
    return get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year), body


def _paper(request: HttpRequest, round: Round, body: ImplementingBody, narrowed_to: str) -> HttpResponse:
    content = approval_content(round, body, narrowed_to=narrowed_to)
    if not content["submissions"]:
        raise Http404(_("There is nothing to print."))
    language = get_language() or ""
    made_at = date_format(timezone.localtime(clock.now()), "SHORT_DATETIME_FORMAT")
    place = [round.plan.number, round.year, body.code]
    context: dict[str, Any] = {
        "paper": approval_document(content, language, sha256=snapshot(content)[1], made_at=made_at),
        "narrowed_to": "" if narrowed_to in StateLabel.values else narrowed_to,
        "desk_url": reverse(DESK, args=place),
        "pdf_url": f"{reverse('reports:approval_list', args=place)}?of={narrowed_to}",
    }
    return render(request, "reports/approval_print.html", context)


def _parts(desk: Desk) -> dict[str, str]:
    """Of what a PDF can be made: of all, of each state that occurs, of each submission."""
    states = {label.value: label.label for label in StateLabel if desk.counts.get(label.value)}
    return {
        "": _("All (%(number)s)") % {"number": desk.total},
        **{code: f"{label} ({desk.counts[code]})" for code, label in states.items()},
        **{code: f"{code} {row.title}" for code, row in desk.rows.items()},
    }


def _ask(request: HttpRequest, round: Round, body: ImplementingBody, form: ApprovalForm) -> HttpResponse:
    asked_at = clock.now()
    try:
        job = jobs.request_approval(round=round, body=body, by=request.user, **form.cleaned_data)
    except LookupError:
        # Its last submission left this state since the page was shown.
        messages.error(request, _("There is nothing to print."))
        return redirect("reports:approval_list", round.plan.number, round.year, body.code)
    if job.state == RenderJob.State.DONE and job.finished_at < asked_at:
        messages.info(request, _("Nothing has changed since this document was made: here it is."))
    return redirect(job.snapshot.get_absolute_url())
