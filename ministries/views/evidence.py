"""Evidence: the files of a submission, sending and removing them, and the download."""

import logging
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ministries import locks, rules, workflow
from ministries.content_evidence import KEY as EVIDENCE
from ministries.enums import Lock
from ministries.forms.evidence import EvidenceForm, FileForm
from ministries.models import EvidenceFile, Submission
from ministries.rules import Reading
from ministries.selectors import evidence as selectors
from ministries.selectors.remarks import open_remarks_on
from ministries.selectors.submissions import find_submission
from ministries.services import evidence as services
from ministries.services.file_store import RefusedFile, examine, too_large
from ministries.views.submission_page import frame
from ministries.workflow import Refused, WrongState
from nap_monitor.lib.addresses import require_post
from nap_monitor.lib.files.names import shown_name
from nap_monitor.lib.files.uploads import left_out

logger = logging.getLogger(__name__)

#: Nothing in a file runs, whatever a browser makes of it.
LOCKED_UP = "default-src 'none'; sandbox; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"


@require_http_methods(["GET", "POST"])
def evidence_list(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """The files of a submission; who may write it sends more from here."""
    submission = find_submission(request.user, plan, year, body, code)
    request.back_url = submission.get_absolute_url()
    if rules.reading_of(request.user, submission) in (Reading.NOTHING, Reading.STATE_ONLY):
        raise Http404
    if request.method == "GET":
        return _page(request, submission)
    workflow.require_own(request.user, submission)
    return _sent(request, submission)


def _sent(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Take the good files, tell each other one, and keep all aside where the submission can't be edited (any more)."""
    over = _left_out(request)
    form = EvidenceForm(request.POST, request.FILES, room=_room(submission), was_left_out=bool(over))
    form.is_valid()
    if "file" in form.errors:
        return _page(request, submission, form, status=400)
    said: dict[str, Any] = {
        "description": form.cleaned_data.get("description", ""),
        "is_restricted": form.cleaned_data["is_restricted"],
    }
    good, refused = examine(form.cleaned_data["file"])
    try:
        result = services.add_files(submission=submission, by=request.user, files=good, **said)
        lock = ""
    except WrongState as error:
        result = services.hold_files(submission=submission, by=request.user, files=good, **said)
        lock = str(error)
    refused = [*over, *refused, *result.refused]
    _tell(request, result.added, is_held=bool(lock), renamed=[each for each in good if each.renamed_from])
    if not (lock or refused or form.errors):
        return redirect("ministries:evidence_list", *submission.address)
    # Good files are kept by now, so the form begins anew; what was typed beside them stays.
    again = EvidenceForm(
        initial={"description": request.POST.get("description", "")} if form.errors else {}, room=_room(submission)
    )
    problems = {"refused": refused, "errors": form.errors.get("description", []), "lock_met": lock}
    return _page(request, submission, again, status=409 if lock else 400, **problems)


def _left_out(request: HttpRequest) -> list[RefusedFile]:
    together = _("Too much was sent at once. Send this file on its own.")
    return [RefusedFile(shown_name(name), too_large() if alone else together) for name, alone in left_out(request)]


def _room(submission: Submission) -> int:
    return max(0, settings.EVIDENCE_MAX_FILES - submission.evidence.attached().count())


def _tell(request: HttpRequest, added: list[EvidenceFile], *, is_held: bool, renamed: list[Any]) -> None:
    if added and not is_held:
        count = len(added)
        messages.success(
            request, ngettext("%(count)d file was added.", "%(count)d files were added.", count) % {"count": count}
        )
    names = {file.name for file in added}
    for each in renamed:
        if each.name in names:
            facts = {"sent": each.renamed_from, "kind": each.kind.label, "name": each.name}
            messages.info(request, _("By its content “%(sent)s” is: %(kind)s. It is called “%(name)s” here.") % facts)


def _page(
    request: HttpRequest, submission: Submission, form: EvidenceForm | None = None, status: int = 200, **problems: Any
) -> HttpResponse:
    why = locks.why_locked(submission, request.user)
    context = {
        **frame(submission),
        "submission": submission,
        "files": selectors.files_of(request.user, submission),
        "held": selectors.held_for(request.user, submission),
        "can_change": why is None,
        "why": why if why and why.lock is not Lock.OTHERS else None,
        "remarks": open_remarks_on(request.user, submission, EVIDENCE),
        "form": form or EvidenceForm(room=_room(submission)),
        "room": _room(submission),
        "refused": [],
        "errors": [],
        "lock_met": "",
        **problems,
    }
    return render(request, "ministries/evidence_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def evidence_change(request: HttpRequest, plan: int, year: int, body: str, code: str, file: uuid.UUID) -> HttpResponse:
    """The description of a file, and whether it is restricted."""
    submission, found = _find(request, plan, year, body, code, file)
    if found.is_held or found.removed_at:
        raise Http404
    _require_unlocked(request, submission)
    form = FileForm(request.POST or None, file=found)
    status = 200
    if request.method == "POST" and form.is_valid():
        result = services.change_file(file=found, by=request.user, changes=form.changes())
        if not result.conflicts:
            messages.success(request, _("Saved.") if result.saved else _("Nothing was changed."))
            return redirect("ministries:evidence_list", *submission.address)
        found.refresh_from_db()
        form, status = FileForm(file=found), 409
        form.show_conflicts(result)
    context = {**frame(submission), "submission": submission, "file": found, "form": form}
    return render(request, "ministries/evidence_change.html", context, status=400 if form.errors else status)


@require_http_methods(["GET", "POST"])
def evidence_remove(request: HttpRequest, plan: int, year: int, body: str, code: str, file: uuid.UUID) -> HttpResponse:
    """Ask whether a file shall go, and remove it."""
    submission, found = _find(request, plan, year, body, code, file)
    if found.removed_at:
        raise Http404
    if not found.is_held:
        _require_unlocked(request, submission)
    if request.method == "POST":
        services.remove_file(file=found, by=request.user)
        messages.success(request, _("The file was removed."))
        return redirect("ministries:evidence_list", *submission.address)
    context = {
        **frame(submission),
        "submission": submission,
        "file": found,
        "is_hidden": found.stored.is_held_back and found.uploaded_by_id != request.user.pk,
        "is_named": found.version_links.exists(),
    }
    return render(request, "ministries/evidence_remove.html", context)


@require_post
def evidence_put_in(request: HttpRequest, plan: int, year: int, body: str, code: str, file: uuid.UUID) -> HttpResponse:
    """Attach a file that was kept aside."""
    submission, found = _find(request, plan, year, body, code, file)
    try:
        services.put_in(file=found, by=request.user)
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("“%(name)s” was added.") % {"name": found.name})
    return redirect("ministries:evidence_list", *submission.address)


@require_safe
def file_download(request: HttpRequest, file: uuid.UUID) -> HttpResponse:
    """The file, if this person may read it now. Each download is on record."""
    found = selectors.find_file(request.user, file)
    request.back_url = reverse("ministries:evidence_list", args=found.submission.address)
    if found.stored.is_held_back:
        raise WrongState(_held_back(found))
    storage = storages["private"]
    if not storage.exists(found.stored.path):
        logger.error("The stored file %s is missing.", found.stored.path)
        raise Http404(_("The file is no longer there."))
    content = storage.open(found.stored.path)
    if request.method == "GET":
        services.record_download(file=found, by=request.user)
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["Content-Length"] = found.stored.size
    response["Content-Security-Policy"] = LOCKED_UP
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _held_back(file: EvidenceFile) -> str:
    if file.stored.scan_state == "infected":
        then = _("It was deleted. Remove it from the list, and send a clean file.")
        return f"{file.stored.finding} {then}"
    if file.stored.scan_state == "failed":
        return _("This file could not be checked for viruses. The check is tried again every hour.")
    return _("This file is being checked for viruses. It can be downloaded when the check is done.")


def _find(
    request: HttpRequest, plan: int, year: int, body: str, code: str, file: uuid.UUID
) -> tuple[Submission, EvidenceFile]:
    """The submission, and the file of it that this person may read and work on."""
    submission = find_submission(request.user, plan, year, body, code)
    request.back_url = reverse("ministries:evidence_list", args=submission.address)
    visible = EvidenceFile.objects.visible_to(request.user).select_related("stored", "uploaded_by")
    found = get_object_or_404(visible, pk=file, submission=submission)
    found.submission = submission
    workflow.require_own(request.user, submission)
    return submission, found


def _require_unlocked(request: HttpRequest, submission: Submission) -> None:
    workflow.require_editable(submission, request.user)
