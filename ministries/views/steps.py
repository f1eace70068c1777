"""Taking a step of the workflow, extending: what the buttons of a submission's page post to."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ministries.forms.steps import FORMS, ExtendForm
from ministries.models import Submission
from ministries.selectors.submissions import find_submission
from ministries.services import extensions, transitions
from ministries.views.review import moved
from ministries.views.submission_page import submission_page
from ministries.workflow import REVIEWED, TRANSITIONS, Refused, WrongState
from nap_monitor.lib.addresses import require_post

SERVICES = {
    "sign_off": transitions.sign_off,
    "send_back": transitions.send_back,
    "take_back": transitions.take_back,
    "submit": transitions.submit,
    "reopen": transitions.reopen,
}


def submission_step(request: HttpRequest, plan: int, year: int, body: str, code: str, name: str) -> HttpResponse:
    """Take the step ``name``. Those that are decided on the page of the review lead there."""
    if name in REVIEWED:
        return moved(request, plan, year, body, code, name)
    return _taken(request, plan, year, body, code, name)


@require_post
def _taken(request: HttpRequest, plan: int, year: int, body: str, code: str, name: str) -> HttpResponse:
    """What was typed stays on the page where the step is refused."""
    if name not in SERVICES:
        raise Http404
    submission = find_submission(request.user, plan, year, body, code)
    request.back_url = submission.get_absolute_url()
    if not request.user.has_perm(TRANSITIONS[name].permission, submission):
        raise PermissionDenied
    form = FORMS[name](request.POST, submission=submission)
    if not form.is_valid():
        return _page(request, submission, name, form)
    try:
        SERVICES[name](submission=submission, by=request.user, **form.arguments())
    except (Refused, WrongState) as error:
        return _refused(request, submission, name, form, error)
    messages.success(request, _("Done: %(step)s.") % {"step": TRANSITIONS[name].label})
    return redirect(submission)


submission_step.posted_only = True  # type: ignore[attr-defined]


@require_post
def submission_extend(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """Give this submission a later due date."""
    submission = find_submission(request.user, plan, year, body, code)
    request.back_url = submission.get_absolute_url()
    if not request.user.has_perm("ministries.extend_submission", submission):
        raise PermissionDenied
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _page(request, submission, "extend", form)
    try:
        extensions.extend(submission=submission, by=request.user, **form.cleaned_data)
    except (Refused, WrongState) as error:
        return _refused(request, submission, "extend", form, error)
    messages.success(request, _("The due date was extended."))
    return redirect(submission)


def _refused(
    request: HttpRequest, submission: Submission, name: str, form: Form, error: Refused | WrongState
) -> HttpResponse:
    """Why it was not done, above what was typed. After a wrong state (409) the page shows the present one."""
    if isinstance(error, Refused):
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _page(request, submission, name, form)
    form.add_error(None, str(error))
    return _page(request, find_submission(request.user, *submission.address), name, form, status=409)


def _page(request: HttpRequest, submission: Submission, name: str, form: Form, status: int = 400) -> HttpResponse:
    context = submission_page(request.user, submission, bound={name: form})
    return render(request, "ministries/submission_detail.html", context, status=status)
