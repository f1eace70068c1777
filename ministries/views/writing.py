"""Writing a submission: the steps of the form and how far each is, one step, or the whole form on one page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries import fields, locks, workflow
from ministries.locks import Why
from ministries.models import Submission
from ministries.selectors import submissions as selectors
from ministries.selectors.guidance import guidance_for
from ministries.selectors.last_year import changes_since_submitted, last_year
from ministries.selectors.remarks import remarks_by_field
from ministries.selectors.writing import step_states
from ministries.services.submissions import save_submission
from ministries.views.editor import Editor
from ministries.views.submission_page import entry_of, frame, last_reason
from ministries.workflow import WrongState
from nap_monitor.lib.parts import asks_for_part


@require_safe
def submission_write(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """The steps of the form: what is filled in, what is missing, what was remarked."""
    submission, why = _found(request, plan, year, body, code)
    if why:
        raise WrongState(str(why))
    return render(request, "ministries/submission_write.html", _frame(request, submission, None))


@require_http_methods(["GET", "POST"])
def submission_write_step(request: HttpRequest, plan: int, year: int, body: str, code: str, step: str) -> HttpResponse:
    """One step of the form, saved on its own."""
    if step not in fields.STEP_BY_KEY:
        raise Http404
    return _write(request, _found(request, plan, year, body, code), fields.STEP_BY_KEY[step])


@require_http_methods(["GET", "POST"])
def submission_change(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """All steps on one page."""
    return _write(request, _found(request, plan, year, body, code), None)


def _found(request: HttpRequest, plan: int, year: int, body: str, code: str) -> tuple[Submission, Why | None]:
    """The submission and why it can't be edited. 404 for who may not see it, 403 for who may see it only."""
    submission = selectors.find_submission(request.user, plan, year, body, code)
    request.back_url = submission.get_absolute_url()
    workflow.require_own(request.user, submission)
    return submission, locks.why_locked(submission, request.user)


def _write(request: HttpRequest, found: tuple[Submission, Why | None], step: fields.Step | None) -> HttpResponse:
    """A save tells conflicts and errors beside the fields and keeps everything that was typed."""
    submission, why = found
    if request.method == "GET" and why:
        raise WrongState(str(why))
    if request.method == "GET" and asks_for_part(request):
        return render(request, "ministries/partials/_write_steps.html", _steps(request, submission, step))
    before = last_year(submission)
    if request.method == "GET":
        return _form_page(request, Editor(submission, step=step, last_year=before))
    editor = Editor(submission, request.POST, step=step, last_year=before)
    if why:
        editor.refuse(str(why))
        return _form_page(request, editor, status=409)
    if editor.only_shows:
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
    is_saved = result.saved or request.POST.get("autosaved")
    messages.success(request, _("Saved.") if is_saved else _("Nothing was changed."))
    # The browser forgets what it had kept of this page, in case the session had ended.
    return redirect(f"{_next_page(request, submission, editor.step)}?saved={editor.token}")


def _next_page(request: HttpRequest, submission: Submission, step: fields.Step | None) -> str:
    if "close" in request.POST:
        return submission.get_absolute_url()
    if step is None:
        return reverse("ministries:submission_change", args=submission.address)
    following = _beside(step)[1] if "next" in request.POST else step
    if following is None:
        return reverse("ministries:submission_write", args=submission.address)
    return reverse("ministries:submission_write_step", args=[*submission.address, following.key])


def _beside(step: fields.Step) -> tuple[fields.Step | None, fields.Step | None]:
    """The steps before and after this one."""
    place = fields.STEPS.index(step)
    return (
        fields.STEPS[place - 1] if place else None,
        fields.STEPS[place + 1] if place + 1 < len(fields.STEPS) else None,
    )


def _form_page(request: HttpRequest, editor: Editor, status: int = 200) -> HttpResponse:
    submission = editor.submission
    context = _frame(request, submission, editor.step)
    editor.show_notes(context["remarks"], changes_since_submitted(submission))
    before, after = _beside(editor.step) if editor.step else (None, None)
    context |= {"editor": editor, "before": before, "after": after}
    return render(request, "ministries/submission_form.html", context, status=status)


def _steps(request: HttpRequest, submission: Submission, step: fields.Step | None) -> dict[str, Any]:
    """The list of steps, with what is missing and what was remarked."""
    remarks, gaps = remarks_by_field(request.user, submission), fields.gaps(submission)
    return {
        "step": step,
        "steps": step_states(submission, remarks, gaps),
        "remarks": remarks,
        "gaps": gaps,
        "address": submission.address,
    }


def _frame(request: HttpRequest, submission: Submission, step: fields.Step | None) -> dict[str, Any]:
    """What stands around every step: where one is, what is missing, why it came back."""
    reasons = [entry_of(event) for event in selectors.history(request.user, submission)]
    return {
        "submission": submission,
        **frame(submission),
        "guidance": guidance_for(submission),
        "way": workflow.way_of(submission.label),
        "last_reason": last_reason(submission, reasons),
        **_steps(request, submission, step),
    }
