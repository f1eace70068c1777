"""Pages of submissions: the list, one submission, its form."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ministries import fields, workflow
from ministries.enums import Lock, StateLabel
from ministries.forms.filters import SubmissionFilter
from ministries.models import Round, Submission
from ministries.selectors import submissions as selectors
from ministries.services.submissions import save_submission
from ministries.views.editor import Editor
from ministries.views.round_navigation import SUBMISSIONS, round_navigation
from ministries.views.submission_page import entry_of, frame, last_reason, submission_page
from ministries.workflow import WrongState
from nap_monitor.lib.links import Link
from nap_monitor.lib.parts import render_part

#: The list's columns, as each cell names them on a phone.
COLUMNS = {
    "body": gettext_lazy("Implementing body"),
    "state": gettext_lazy("State"),
    "due": gettext_lazy("Due date"),
    "self": gettext_lazy("Self-rating"),
    "coordinator": gettext_lazy("Coordinator's rating"),
    "changed": gettext_lazy("Date"),
}
#: What the lists are called.
SCOPES = {
    selectors.OWN: gettext_lazy("Own body"),
    selectors.ALL: gettext_lazy("All bodies"),
    selectors.CONFIRMED: gettext_lazy("Confirmed, all bodies"),
}


def state_counts(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many are in each state that occurs, the late ones first."""
    items = [("overdue", gettext_lazy("Overdue")), *StateLabel.choices]
    return [{"code": code, "label": label, "number": counts[code]} for code, label in items if counts.get(code)]


@require_safe
def submission_list(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """The submissions of a round that this person sees."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    scopes = selectors.scopes_for(request.user)
    if not scopes:
        raise Http404
    scope = request.GET.get("scope", "")
    scope = scope if scope in scopes else scopes[0]
    chosen = SubmissionFilter.choices_of(request.GET)
    listing = selectors.listing(request.user, found, scope=scope, **chosen)
    context = {
        "round": found,
        "scope": scope,
        "is_usual": scope == scopes[0],
        "listing": listing,
        "unconfirmable": selectors.unconfirmable(found) if scope == selectors.ALL else [],
        "counts": state_counts(listing.counts),
        "labels": COLUMNS,
        "show_body": scope != selectors.OWN or len(listing.bodies) > 1,
        "reset_url": "?" if scope == scopes[0] else f"?scope={scope}",
        "filter": SubmissionFilter(request.GET, bodies=listing.bodies, scope=scope),
        "is_filtered": any(value for name, value in chosen.items() if name != "sort"),
        "state": chosen["state"],
        "side": round_navigation(request.user, found, SUBMISSIONS),
        "tabs": [Link(f"?scope={name}", SCOPES[name], name == scope) for name in scopes] if len(scopes) > 1 else [],
    }
    return render_part(request, "ministries/submission_list.html", "ministries/partials/_submissions.html", context)


@require_safe
def submission_detail(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """One submission, as far as this person reads it, with its history and the steps that they may take."""
    submission = selectors.find_submission(request.user, plan, year, body, code)
    return render(request, "ministries/submission_detail.html", submission_page(request.user, submission))


@require_http_methods(["GET", "POST"])
def submission_change(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """The form. A save tells conflicts and errors beside the fields and keeps everything that was typed."""
    submission = selectors.find_submission(request.user, plan, year, body, code)
    request.back_url = submission.get_absolute_url()
    lock = workflow.edit_lock(submission, request.user)
    if lock is Lock.OTHERS:
        raise PermissionDenied(lock.label)
    if request.method == "GET":
        if lock:
            raise WrongState(lock.label)
        return _form_page(request, Editor(submission))
    editor = Editor(submission, request.POST)
    if lock:
        editor.refuse(lock.label)
        return _form_page(request, editor, status=409)
    if editor.asks_for_row:
        return _form_page(request, editor)
    if not editor.is_valid():
        return _form_page(request, editor, status=400)
    return _save(request, submission, editor)


def _save(request: HttpRequest, submission: Submission, editor: Editor) -> HttpResponse:
    try:
        result = save_submission(submission=submission, by=request.user, **editor.changes())
    except (WrongState, ValidationError) as error:
        is_state = isinstance(error, WrongState)
        editor.refuse(str(error) if is_state else " ".join(error.messages))
        return _form_page(request, editor, status=409 if is_state else 400)
    if result.conflicts:
        fresh = Submission.objects.select_related("round__plan", "assignment__body", "assignment__action_plan").get(
            pk=submission.pk
        )
        return _form_page(request, Editor.after_conflict(fresh, result, editor), status=409)
    messages.success(request, _("Saved.") if result.saved else _("Nothing was changed."))
    target = "submission_detail" if "close" in request.POST else "submission_change"
    # The browser forgets what it had kept of this page, in case the session had ended.
    return redirect(f"{reverse(f'ministries:{target}', args=submission.address)}?saved={editor.token}")


def _form_page(request: HttpRequest, editor: Editor, status: int = 200) -> HttpResponse:
    submission = editor.submission
    editor.show_notes(selectors.remarks_by_field(submission), selectors.previous_texts(submission))
    reasons = [entry_of(event) for event in selectors.history(request.user, submission)]
    context: dict[str, Any] = {
        "submission": submission,
        "editor": editor,
        **frame(submission),
        "last_reason": last_reason(submission, reasons),
        "gaps": fields.gaps(submission),
        "sections": fields.SECTIONS,
    }
    return render(request, "ministries/submission_form.html", context, status=status)
