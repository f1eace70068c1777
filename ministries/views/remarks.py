"""Review remarks: the page on which one is written, that of an answer, and the buttons beside each."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ministries import fields, remark_rules
from ministries.enums import Visibility
from ministries.forms.remarks import AnswerForm, WriteRemarkForm
from ministries.forms.review import carried_of, query_of
from ministries.models import ReviewComment, Submission
from ministries.selectors.remarks import find_remark, open_remarks_on, view_of
from ministries.selectors.submissions import find_submission
from ministries.services import review_remarks as services
from ministries.views.submission_page import frame, part_about, version_shown
from ministries.workflow import Refused, WrongState
from nap_monitor.lib.addresses import require_post
from nap_monitor.lib.parts import asks_for_part


@require_http_methods(["GET", "POST"])
def comment_add(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """Write a remark on a field, beside what the field says. 403 for who reads the submission and may not remark."""
    submission = find_submission(request.user, plan, year, body, code)
    choices = remark_rules.remark_choices(request.user, submission)
    if not choices:
        raise PermissionDenied
    if request.method == "GET":
        version = version_shown(request.user, submission)
        initial = {"field": request.GET.get("field", ""), "version": version.number if version else None}
        return _add_page(request, submission, WriteRemarkForm(choices=choices, initial=initial))
    form = WriteRemarkForm(request.POST, choices=choices)
    if not form.is_valid():
        return _add_page(request, submission, form, status=400)
    asked = dict(form.cleaned_data)
    version = submission.versions.filter(number=asked.pop("version")).first()
    try:
        remark = services.add_remark(submission=submission, by=request.user, version=version, **asked)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _add_page(request, submission, form, status=400)
    messages.success(request, _("The remark is written."))
    return _back_to(request, submission, remark)


@require_http_methods(["GET", "POST"])
def comment_answer(
    request: HttpRequest, plan: int, year: int, body: str, code: str, comment: uuid.UUID
) -> HttpResponse:
    """The body answers a remark of the coordinators."""
    submission = find_submission(request.user, plan, year, body, code)
    remark = find_remark(request.user, submission, comment)
    if not remark_rules.answers_remark(request.user, remark):
        raise PermissionDenied
    form = AnswerForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _answer_page(request, remark, form, status=200 if request.method == "GET" else 400)
    try:
        services.answer_remark(remark=remark, by=request.user, **form.cleaned_data)
    except Refused as error:
        form.add_error(error.field, str(error.message))
        return _answer_page(request, remark, form, status=400)
    except WrongState as error:
        form.add_error(None, str(error))
        return _answer_page(request, find_remark(request.user, submission, comment), form, status=409)
    messages.success(request, _("The remark is answered."))
    return _back_to(request, submission, remark)


@require_post
def comment_resolve(
    request: HttpRequest, plan: int, year: int, body: str, code: str, comment: uuid.UUID
) -> HttpResponse:
    """Mark a remark as dealt with."""
    remark = find_remark(request.user, find_submission(request.user, plan, year, body, code), comment)
    services.resolve_remark(remark=remark, by=request.user)
    return _done(request, remark, _("The remark is resolved."))


@require_post
def comment_open(request: HttpRequest, plan: int, year: int, body: str, code: str, comment: uuid.UUID) -> HttpResponse:
    """Open a resolved remark again."""
    remark = find_remark(request.user, find_submission(request.user, plan, year, body, code), comment)
    services.reopen_remark(remark=remark, by=request.user)
    return _done(request, remark, _("The remark is open again."))


@require_post
def comment_widen(request: HttpRequest, plan: int, year: int, body: str, code: str, comment: uuid.UUID) -> HttpResponse:
    """Open a remark to more readers."""
    submission = find_submission(request.user, plan, year, body, code)
    remark = find_remark(request.user, submission, comment)
    asked = request.POST.get("visibility", "")
    if asked not in Visibility.values:
        raise BadRequest
    request.back_url = submission.get_absolute_url()
    try:
        services.widen_remark(remark=remark, visibility=asked, by=request.user)
    except Refused as error:
        raise WrongState(str(error.message)) from error
    return _done(request, remark, _("The remark was opened to more readers."))


def _done(request: HttpRequest, remark: ReviewComment, sentence: str) -> HttpResponse:
    """The remark as it is now: alone where a script asks for it, else on the page of its submission."""
    submission = remark.submission
    if not asks_for_part(request):
        messages.success(request, sentence)
        return _back_to(request, submission, remark)
    context = {
        "back": _from_review(request),
        "remark": view_of(request.user, find_remark(request.user, submission, remark.pk)),
        "address": submission.address,
        "said": sentence,
    }
    return render(request, "ministries/partials/_remark.html", context)


def _back_to(request: HttpRequest, submission: Submission, remark: ReviewComment) -> HttpResponse:
    """The page from which the remark was written or settled: that of the submission, or of its review."""
    return redirect(f"{_page_before(request, submission)}#remark-{remark.pk}")


def _page_before(request: HttpRequest, submission: Submission) -> str:
    if _from_review(request):
        return reverse("ministries:review", args=submission.address) + query_of(carried_of(request.GET))
    return submission.get_absolute_url()


def _from_review(request: HttpRequest) -> str:
    """What the address says of the review from which somebody came, with their choice of the queue; else nothing."""
    is_named = request.GET.get("from") == "review" and request.user.has_perm("ministries.review_submission")
    return query_of({"from": "review", **carried_of(request.GET)}) if is_named else ""


def _add_page(request: HttpRequest, submission: Submission, form: WriteRemarkForm, status: int = 200) -> HttpResponse:
    field = str(form["field"].value() or "")
    context: dict[str, Any] = {
        **frame(submission),
        "submission": submission,
        "form": form,
        "cancel_url": _page_before(request, submission),
        "remarks": open_remarks_on(request.user, submission, field) if field in fields.REMARKABLE else [],
        "sections": part_about(request.user, submission, field) if field in fields.REMARKABLE else [],
    }
    return render(request, "ministries/remark_form.html", context, status=status)


def _answer_page(request: HttpRequest, remark: ReviewComment, form: AnswerForm, status: int) -> HttpResponse:
    submission = remark.submission
    context = {
        **frame(submission),
        "submission": submission,
        "form": form,
        "remark": view_of(request.user, remark),
        "sections": part_about(request.user, submission, remark.field),
    }
    return render(request, "ministries/remark_answer.html", context, status=status)
