"""The workbook of a body: downloading it, sending it back, seeing what it would change, applying it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries.forms.workbooks import ClashForm, WorkbookForm
from ministries.models import ImplementingBody, Round, WorkbookUpload
from ministries.selectors.signoff import find_body
from ministries.selectors.workbooks import BodyBook, body_book, uploads_of
from ministries.services import workbooks as services
from ministries.views.round_navigation import WORKBOOK, round_navigation
from ministries.workbook.download import file_name, workbook_for
from ministries.workbook.dry_run import dry_run, examine
from ministries.workbook.findings import DryRun
from ministries.workflow import WrongState
from nap_monitor.lib import clock
from nap_monitor.lib.addresses import require_post
from nap_monitor.lib.files.kinds import XLSX, Unaccepted
from nap_monitor.lib.files.uploads import left_out

#: So many bad cells and changed values are shown; what is beyond is counted.
SHOWN = 1_000


@require_http_methods(["GET", "POST"])
def workbook(request: HttpRequest, plan: int, year: int, body: str) -> HttpResponse:
    """Excel out and in: the download, and the form that takes a filled-in workbook to its dry run."""
    round_, own = _place(request, plan, year, body)
    if request.method == "GET":
        return _page(request, round_, own, WorkbookForm())
    form = WorkbookForm(request.POST, request.FILES, was_left_out=bool(left_out(request)))
    if form.is_valid():
        sent = form.cleaned_data["file"]
        content = sent.read()
        try:
            examine(body_book(round_, own), content)
        except Unaccepted as error:
            form.add_error("file", str(error))
        else:
            kept = services.keep_upload(round=round_, body=own, by=request.user, name=sent.name, content=content)
            return redirect(kept)
    return _page(request, round_, own, form, status=400)


@require_safe
def workbook_download(request: HttpRequest, plan: int, year: int, body: str) -> HttpResponse:
    """The workbook with what is stored now. Each download is on record."""
    round_, own = _place(request, plan, year, body)
    book, at = body_book(round_, own), clock.now()
    if not book.submissions:
        raise Http404
    content = workbook_for(book, request.user, at)
    if request.method == "GET":
        services.record_download(round=round_, body=own, by=request.user, content=content)
    response = HttpResponse(content, content_type=XLSX.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file_name(book, at))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def workbook_upload(request: HttpRequest, plan: int, year: int, body: str, upload: uuid.UUID) -> HttpResponse:
    """What a workbook would change, and applying it; once it is applied, what it has changed."""
    round_, own = _place(request, plan, year, body)
    found: WorkbookUpload = get_object_or_404(uploads_of(request.user, round_, own).defer(None), pk=upload)
    if found.applied_at:
        return redirect(found) if request.method == "POST" else _result(request, found)
    if request.method == "GET":
        return _dry_run_page(request, found)
    choices = {name: value for name, value in request.POST.items() if name.startswith("clash-")}
    book = body_book(round_, own)
    run = _run(request, book, found, choices)
    if run is None or not run.can_apply or run.undecided:
        return _dry_run_page(request, found, run=run, choices=choices, status=409 if run and run.undecided else 400)
    try:
        services.apply_upload(upload=found, by=request.user, saves=run.saves)
    except (services.Overtaken, WrongState) as error:
        refusal = str(error) or _("Somebody else has saved meanwhile. Nothing was applied: look at it again.")
        return _dry_run_page(request, found, choices=choices, refusal=refusal, status=409)
    except ValidationError as error:
        return _dry_run_page(request, found, choices=choices, refusal=" ".join(error.messages), status=400)
    return redirect(found)


@require_post
def workbook_discard(request: HttpRequest, plan: int, year: int, body: str, upload: uuid.UUID) -> HttpResponse:
    """Throw away a workbook that was not applied."""
    round_, own = _place(request, plan, year, body)
    found = get_object_or_404(uploads_of(request.user, round_, own), pk=upload)
    services.discard_upload(upload=found, by=request.user)
    messages.success(request, _("The uploaded workbook was discarded. Nothing was changed."))
    return redirect(WORKBOOK, plan, year, body)


def _place(request: HttpRequest, plan: int, year: int, body: str) -> tuple[Round, ImplementingBody]:
    """The round, and the body for which this person writes."""
    own = find_body(request.user, body)
    return get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year), own


def _frame(request: HttpRequest, round_: Round, own: ImplementingBody) -> dict[str, Any]:
    return {
        "round": round_,
        "body": own,
        "body_name": own.name_in(round_.year),
        "workbook_url": reverse(WORKBOOK, args=[round_.plan.number, round_.year, own.code]),
        "side": round_navigation(request.user, round_, WORKBOOK, body=own.code),
    }


def _page(
    request: HttpRequest, round_: Round, own: ImplementingBody, form: WorkbookForm, status: int = 200
) -> HttpResponse:
    context = {
        **_frame(request, round_, own),
        "form": form,
        "waiting": uploads_of(request.user, round_, own).filter(applied_at=None).first(),
        "number": round_.submissions.filter(assignment__body=own).count(),
    }
    return render(request, "ministries/workbook.html", context, status=status)


def _run(request: HttpRequest, book: BodyBook, upload: WorkbookUpload, choices: Mapping[str, str]) -> DryRun | None:
    """The dry run; nothing where the file as a whole can't be taken any more, since the program itself has changed."""
    try:
        return dry_run(book, bytes(upload.content), request.user, choices)
    except Unaccepted:
        return None


def _dry_run_page(
    request: HttpRequest,
    upload: WorkbookUpload,
    *,
    run: DryRun | None = None,
    choices: Mapping[str, str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    run = run or _run(request, body_book(upload.round, upload.body), upload, choices or {})
    form = ClashForm(choices, clashes=run.clashes if run else [])
    groups = [(group, [(clash, form[clash.name]) for clash in group.clashes]) for group in run.groups] if run else []
    context = {
        **_frame(request, upload.round, upload.body),
        "upload": upload,
        "run": run,
        "groups": groups,
        "form": form,
        "faults": run.faults[:SHOWN] if run else [],
        "more_faults": max(0, len(run.faults) - SHOWN) if run else 0,
        "refusal": refusal,
    }
    return render(request, "ministries/workbook_upload.html", context, status=status)


def _result(request: HttpRequest, upload: WorkbookUpload) -> HttpResponse:
    book = body_book(upload.round, upload.body)
    rows = [(book.by_code.get(code), code, number) for code, number in upload.result.items() if number]
    context = {
        **_frame(request, upload.round, upload.body),
        "upload": upload,
        "rows": rows,
        "total": sum(upload.result.values()),
    }
    return render(request, "ministries/workbook_result.html", context)
