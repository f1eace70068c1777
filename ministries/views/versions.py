"""Pages of the versions of a submission: which there are, one in full, and two compared."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ministries.content_evidence import KEY as EVIDENCE
from ministries.forms.versions import EVERYTHING, SIDE, CompareForm
from ministries.models import Submission
from ministries.selectors import versions as selectors
from ministries.selectors.submissions import find_submission
from ministries.views.submission_page import frame

#: The list's columns, as each cell names them on a phone.
COLUMNS = {
    "kind": gettext_lazy("Kind"),
    "time": gettext_lazy("Time"),
    "who": gettext_lazy("By"),
    "document": gettext_lazy("Document number (date)"),
    "hash": gettext_lazy("SHA-256"),
}
#: What the number of a version, or of the working copy, looks like in an address.
NUMBER = re.compile(r"[0-9]{1,9}|now")


@require_safe
def version_list(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """The versions that this person reads, and the choice of two of them."""
    submission = find_submission(request.user, plan, year, body, code)
    rows = selectors.versions_of(request.user, submission)
    return _list(request, submission, rows, _form(request, submission, rows))


@require_safe
def version_detail(request: HttpRequest, plan: int, year: int, body: str, code: str, number: int) -> HttpResponse:
    """One version in full, as it was written, whatever was renamed or removed since."""
    submission = find_submission(request.user, plan, year, body, code)
    version = selectors.find_version(request.user, submission, number)
    rows = selectors.versions_of(request.user, submission)
    content = selectors.content_for(request.user, version)
    numbers = sorted(row.number for row in rows)
    place = numbers.index(number)
    context = {
        **frame(submission),
        "submission": submission,
        "version": version,
        "row": next(row for row in rows if row.number == number),
        "content": content,
        "sections": [section for section in content["sections"] if section["key"] != EVIDENCE],
        "files": selectors.files_in(request.user, version, content["sections"]),
        "before": numbers[place - 1] if place else None,
        "after": numbers[place + 1] if place + 1 < len(numbers) else None,
    }
    return render(request, "ministries/version_detail.html", context)


@require_safe
def version_compare(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """Two versions, or one and the working copy, field by field. For the own body and coordinators."""
    submission = find_submission(request.user, plan, year, body, code)
    if not request.user.has_perm("ministries.view_submitted", submission):
        raise Http404
    rows = selectors.versions_of(request.user, submission)
    form = _form(request, submission, rows, request.GET)
    if not form.is_valid():
        if _asks_for_another(form):
            raise Http404
        return _list(request, submission, rows, form, status=400)
    sides = [selectors.side(request.user, submission, form.cleaned_data[name]) for name in ("from", "to")]
    found = selectors.compared(*sides)
    is_whole = form.cleaned_data["show"] == EVERYTHING
    context = {
        **frame(submission),
        "submission": submission,
        "form": form,
        "before": sides[0],
        "after": sides[1],
        "number": found.number,
        "comparison": found if is_whole else found.only_changed,
        "is_whole": is_whole,
        "is_side": form.cleaned_data["view"] == SIDE,
    }
    return render(request, "ministries/version_compare.html", context)


def _form(
    request: HttpRequest, submission: Submission, rows: list[selectors.VersionRow], data: Any = None
) -> CompareForm:
    has_working_copy = request.user.has_perm("ministries.view_draft", submission)
    return CompareForm(data, numbers=[row.number for row in rows], has_working_copy=has_working_copy, auto_id="id_%s")


def _asks_for_another(form: CompareForm) -> bool:
    """Whether a version is asked for that there is not, or that this person may not see."""
    unknown = [
        name for name, errors in form.errors.as_data().items() if any(each.code == "invalid_choice" for each in errors)
    ]
    return any(NUMBER.fullmatch(form.data[name]) for name in unknown if name in ("from", "to"))


def _list(
    request: HttpRequest, submission: Submission, rows: list[selectors.VersionRow], form: CompareForm, status: int = 200
) -> HttpResponse:
    may_compare = request.user.has_perm("ministries.view_submitted", submission)
    context = {
        **frame(submission),
        "submission": submission,
        "rows": rows,
        "labels": COLUMNS,
        "form": form if may_compare and len(form.fields["from"].choices) > 1 else None,
    }
    return render(request, "ministries/version_list.html", context, status=status)
