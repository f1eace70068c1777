"""The page on which a submission is translated, by its body or, once it was submitted, by a coordinator."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ministries import rules
from ministries.forms.translations import TranslationsForm, left_over
from ministries.locks import why_not_translated
from ministries.models import Submission
from ministries.rules import Reading
from ministries.selectors import translations as selectors
from ministries.selectors.submissions import find_submission
from ministries.selectors.translations import Item
from ministries.services.translations import PERMISSION, TranslationResult, save_translations
from ministries.views.submission_page import frame


@require_http_methods(["GET", "POST"])
def submission_translation(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """Every text beside its translation. Each changed one is saved on its own; nothing that was typed is lost."""
    submission = find_submission(request.user, plan, year, body, code)
    request.back_url = submission.get_absolute_url()
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if not request.user.has_perm(PERMISSION, submission):
        return _not_now(request, submission)
    items = _items(request, submission)
    if request.method == "GET":
        return _page(request, submission, TranslationsForm(items=items))
    form = TranslationsForm(request.POST, items=items)
    lost = left_over(request.POST, form.fields)
    if not form.is_valid():
        return _page(request, submission, form, lost=lost, status=400)
    result = save_translations(submission=submission, texts=form.changes(), by=request.user)
    if result.conflicts or result.refused or lost:
        return _after_conflict(request, submission, form, result, lost)
    number = len(result.saved)
    said = ngettext("%(number)s translation was saved.", "%(number)s translations were saved.", number)
    messages.success(request, said % {"number": number} if number else _("Nothing was changed."))
    # The browser forgets what it had kept of this page, in case the session had ended.
    return redirect(f"{address(submission)}?saved={_token(request)}")


def address(submission: Submission) -> str:
    """Where a submission is translated."""
    return reverse("ministries:submission_translation", args=submission.address)


def _items(request: HttpRequest, submission: Submission) -> list[Item]:
    is_own = rules.reading_of(request.user, submission) is Reading.WORKING_COPY
    return selectors.items_of(submission, is_own=is_own)


def _not_now(request: HttpRequest, submission: Submission) -> HttpResponse:
    """A coordinator while the body is writing: the text is not theirs to read. What they typed before is shown."""
    lost = left_over(request.POST, ())
    if not lost:
        raise PermissionDenied(why_not_translated(submission, request.user))
    form = TranslationsForm(items=[])
    return _page(request, submission, form, lost=lost, status=409)


def _after_conflict(
    request: HttpRequest, submission: Submission, posted: TranslationsForm, result: TranslationResult, lost: list[str]
) -> HttpResponse:
    """What is stored now, with the writer's own words where they could not be saved."""
    fresh = find_submission(request.user, *submission.address)
    form = TranslationsForm(items=_items(request, fresh))
    form.show_result(result, posted)
    gone = [
        posted.cleaned_data[item.name]
        for item in posted.items.values()
        if (item.original.field, item.original.row) in result.refused and item.name not in form.fields
    ]
    return _page(request, fresh, form, refused=list(result.refused.values()), lost=[*lost, *gone], status=409)


def _page(
    request: HttpRequest, submission: Submission, form: TranslationsForm, status: int = 200, **more: Any
) -> HttpResponse:
    items = list(form.items.values())
    counts = {state: sum(item.state == state for item in items) for state in (selectors.FITS, selectors.STALE)}
    context = {
        **frame(submission),
        "submission": submission,
        "form": form,
        "groups": [
            (group, [(item, form.of_item(item.name)) for item in group.items]) for group in selectors.grouped(items)
        ],
        "is_own": rules.reading_of(request.user, submission) is Reading.WORKING_COPY,
        "total": len(items),
        "fitting": counts[selectors.FITS],
        "stale": counts[selectors.STALE],
        "token": _token(request),
        "refused": more.get("refused", []),
        "lost": more.get("lost", []),
    }
    return render(request, "ministries/submission_translation.html", context, status=status)


def _token(request: HttpRequest) -> str:
    """The page's own name: the posted one, else a new one."""
    try:
        return str(uuid.UUID(request.POST.get("token", "")))
    except ValueError:
        return str(uuid.uuid4())
