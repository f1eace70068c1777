"""The page on which a coordinator reads one submission and decides, with the way to the one before and the next."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ministries import remark_rules
from ministries.forms.remarks import FieldRemarkForm
from ministries.forms.review import RatingForm, carried_of, choices_of, query_of
from ministries.forms.steps import ExtendForm, ReturnForm
from ministries.forms.versions import CHANGED
from ministries.models import Submission
from ministries.selectors.review import Place, place_of
from ministries.selectors.review_page import find_submission, saved_rating
from ministries.services import extensions, ratings, review_remarks, transitions
from ministries.views.field_remarks import FieldRemarks
from ministries.views.review_page import REMARK, review_page
from ministries.views.round_navigation import REVIEW
from ministries.workflow import Refused, WrongState
from nap_monitor.lib.forms import unjudged
from nap_monitor.lib.links import Link

PERMISSION = "ministries.review_submission"
#: What can be decided, by the name of the button: who may, and what is called.
DECISIONS = {
    "rate": ("ministries.rate_submission", ratings.save_rating),
    "confirm": ("ministries.confirm_submission", ratings.confirm_with),
    "return": ("ministries.return_submission", transitions.return_submission),
    "extend": ("ministries.extend_submission", extensions.extend),
    REMARK: ("ministries.comment_submission", review_remarks.add_remark),
}
DONE = {
    "rate": _("The rating of %(name)s is saved."),
    "confirm": _("%(name)s is confirmed."),
    "return": _("%(name)s is returned."),
    "extend": _("The due date of %(name)s was extended."),
    REMARK: _("The remark is written."),
}
#: After these the submission waits no longer: the next one comes.
LEADS_ON = ("confirm", "return")


@require_http_methods(["GET", "POST"])
def submission_review(request: HttpRequest, plan: int, year: int, body: str, code: str) -> HttpResponse:
    """This version beside those before it, with all that was said; rating, confirming, returning, extending."""
    submission = find_submission(request.user, plan, year, body, code)
    if not request.user.has_perm(PERMISSION):
        raise Http404
    if submission.submitted_version_id is None:
        return redirect(submission)
    place = place_of(request.user, submission, choices_of(request.GET))
    if request.method == "GET":
        return _page(request, submission, place)
    return _decided(request, submission, place)


@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: HttpRequest, plan: int, year: int, body: str, code: str, name: str) -> HttpResponse:
    """The address where a submission's own page once returned and confirmed it: it leads to the page of the review.

    Nothing is decided here. What a page from before posts stands there in its form, to be sent once more.
    """
    submission = find_submission(request.user, plan, year, body, code)
    if request.method == "POST" and not request.user.has_perm(DECISIONS[name][0], submission):
        raise PermissionDenied
    if not request.user.has_perm(PERMISSION):
        return redirect(submission)
    if request.method != "POST" or submission.submitted_version_id is None:
        return redirect("ministries:review", *submission.address)
    request.back_url = reverse("ministries:review", args=submission.address)
    data, saved = request.POST.copy(), saved_rating(submission)
    data["seen"] = str(saved.count if saved else 0)  # what this answer shows
    form = _form(request, name, submission, data)
    unjudged(form, *form.formsets)
    why = _now("Nothing was done yet: submissions are returned and confirmed on this page now.")
    place = place_of(request.user, submission, {})
    return _page(request, submission, place, bound={name: form}, refusal=why, status=409)


def _decided(request: HttpRequest, submission: Submission, place: Place) -> HttpResponse:
    name = request.POST.get("decide", "return" if "return-step" in request.POST else "")
    if name not in DECISIONS:
        return _page(request, submission, place, refusal=_now("Choose what is to be done."), status=400)
    permission, service = DECISIONS[name]
    if not request.user.has_perm(permission, submission):
        raise PermissionDenied
    form = _form(request, name, submission, request.POST)
    if getattr(form, "asks_for_row", False):
        unjudged(form, *form.formsets)
        return _page(request, submission, place, bound={name: form})
    if not form.is_valid():
        # About a field that is none, there is no place where the form could stand.
        nowhere = _now("A remark must be about a field of the submission.") if form.has_error("field") else ""
        return _page(request, submission, place, bound={name: form}, refusal=nowhere, status=400)
    arguments = _arguments(form, submission)
    try:
        service(submission=submission, by=request.user, **arguments)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _page(request, submission, place, bound={name: form}, status=400)
    except WrongState as error:
        return _too_late(request, submission, name, str(error))
    messages.success(request, str(DONE[name]) % {"name": _called(submission)})
    address = _after(submission, place, name, query_of(carried_of(request.GET)))
    return redirect(f"{address}#on-{arguments['field']}" if name == REMARK else address)


def _form(request: HttpRequest, name: str, submission: Submission, data: QueryDict) -> Any:
    if name == REMARK:
        choices = remark_rules.remark_choices(request.user, submission)
        return FieldRemarkForm(data, choices=choices, place=data.get("field", ""))
    if name in ("rate", "confirm"):
        return RatingForm(data, submission=submission, saved=saved_rating(submission), auto_id="id_rate_%s")
    if name == "return":
        return ReturnForm(data, submission=submission, auto_id="id_return_%s")
    return ExtendForm(data, auto_id="id_extend_%s")


def _arguments(form: Any, submission: Submission) -> dict[str, Any]:
    """What the service of a decision is called with."""
    if isinstance(form, RatingForm | ReturnForm):
        return form.arguments()
    given = dict(form.cleaned_data)
    if "version" in given:
        given["version"] = submission.versions.filter(number=given["version"]).first()
    return given


def _too_late(request: HttpRequest, submission: Submission, name: str, why: str) -> HttpResponse:
    """Somebody was faster (409): who did what, above what was typed, which can be sent again where that still fits."""
    fresh = find_submission(request.user, *submission.address)
    data, saved = request.POST.copy(), saved_rating(fresh)
    looked_at = {key: _count(data.get(key)) for key in ("step", "seen")}
    data["step"], data["seen"] = str(fresh.step), str(saved.count if saved else 0)
    form = _form(request, name, fresh, data)
    place = place_of(request.user, fresh, choices_of(request.GET))
    return _page(request, fresh, place, bound={name: form}, refusal=why, looked_at=looked_at, status=409)


def _writing(
    request: HttpRequest, shown: dict[str, Any], query: str, posted: FieldRemarkForm | None
) -> FieldRemarks | None:
    """Remarks at the fields; nothing for who writes none."""
    choices = remark_rules.remark_choices(request.user, shown["submission"])
    if not choices:
        return None
    waiting: dict[str, list[uuid.UUID]] = {}
    for remark in shown["remarks"]:
        if remark.resolved_at is None:
            waiting.setdefault(remark.field, []).append(remark.pk)
    return FieldRemarks(
        address=shown["review_url"] + query,
        csrf_token=get_token(request),
        version=shown["version"].number,
        choices=choices,
        open=waiting,
        posted=posted,
    )


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None


def _called(submission: Submission) -> str:
    return f"{submission.assignment.body.name_in(submission.round.year)} {submission.assignment.action_plan.code}"


def _after(submission: Submission, place: Place, name: str, query: str) -> str:
    """After a decision the next of the queue, else the one before, else the queue; after anything else this page."""
    if name not in LEADS_ON:
        return reverse("ministries:review", args=submission.address) + query
    following = place.after or place.before
    return (following.url if following else reverse(REVIEW, args=submission.address[:2])) + query


def _page(
    request: HttpRequest,
    submission: Submission,
    place: Place,
    *,
    bound: dict[str, Any] | None = None,
    refusal: str = "",
    looked_at: dict[str, int | None] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen, carried = choices_of(request.GET), carried_of(request.GET)
    back = query_of({"from": "review", **carried})
    shown = review_page(request.user, submission, bound or {}, looked_at)
    comparison = shown["comparison"]
    only_changed = carried != chosen and bool(comparison.number)
    context = {
        **shown,
        "comparison": comparison.only_changed if only_changed else comparison,
        "tabs": [
            Link(shown["review_url"] + query_of(chosen), _("Everything"), not only_changed),
            Link(shown["review_url"] + query_of({**chosen, "show": CHANGED}), _("Only what changed"), only_changed),
        ]
        if comparison.number
        else [],
        "place": place,
        "query": query_of(carried),
        "back": back,
        "writing": _writing(request, shown, query_of(carried), (bound or {}).get(REMARK)),
        "refusal": refusal,
    }
    return render(request, "ministries/review.html", context, status=status)
