"""The report's documents: asking for one, watching it being made, downloading it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries.models import Round
from ministries.views.round_navigation import DOCUMENTS, round_navigation
from nap_monitor.lib import clock
from nap_monitor.lib.parts import asks_for_part
from reports.forms.documents import ReportForm
from reports.models import RenderJob
from reports.models.render_job import content_type_of
from reports.selectors import documents as selectors
from reports.services import jobs

#: So many documents stand on a page.
PAGE_SIZE = 20


@require_http_methods(["GET", "POST"])
def document_list(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """The documents of a round's report; a coordinator asks for a new one here."""
    _require_reader(request)
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    may_make = request.user.has_perm("reports.make_report")
    form = ReportForm(request.POST or None)
    if request.method == "POST":
        if not may_make:
            raise PermissionDenied
        if form.is_valid():
            asked_at = clock.now()
            job = jobs.request_document(round=found, by=request.user, **form.cleaned_data)
            if job.state == RenderJob.State.DONE and job.finished_at < asked_at:
                messages.info(request, _("Nothing has changed since this document was made: here it is."))
            return redirect("reports:document_list", plan, year)
    page = Paginator(selectors.documents(plan_number=plan, year=year), PAGE_SIZE).get_page(request.GET.get("page"))
    documents = list(page)
    context = {
        "round": found,
        "side": round_navigation(request.user, found, DOCUMENTS),
        "page": page,
        "documents": documents,
        "form": form,
        "may_make": may_make,
        "may_write": request.user.has_perm("reports.compose_report"),
        "is_waiting": any(document.is_under_way for document in documents),
    }
    return render(request, "reports/document_list.html", context, status=400 if form.errors else 200)


@require_safe
def document_status(request: HttpRequest, document: str) -> HttpResponse:
    """A document's line in the list, for the page that waits for it; a browser is led to the list."""
    job = selectors.find_document(request.user, document)
    if not asks_for_part(request):
        return redirect(job.snapshot.get_absolute_url())
    return render(request, "reports/partials/_document.html", {"document": job, "is_part": True})


@require_safe
def document_download(request: HttpRequest, document: str) -> FileResponse:
    """The file, if this person may read it now: the right is asked again at each download, and each is on record."""
    job = selectors.find_document(request.user, document)
    storage = storages["private"]
    if job.state != RenderJob.State.DONE or not storage.exists(job.file_name):
        raise Http404(_("The file is no longer there."))
    content = storage.open(job.file_name)
    if request.method == "GET":
        jobs.record_download(job=job, by=request.user)
    response = FileResponse(
        content,
        as_attachment="inline" not in request.GET,
        filename=job.download_name,
        content_type=content_type_of(job.form),
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _require_reader(request: HttpRequest) -> None:
    """What one may not see, one cannot find."""
    if not request.user.has_perm("reports.view_draft_report"):
        raise Http404
