"""Exceptions of a round: who asks for one, who has which, granting one, ending one early. For coordinators."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ministries.forms.extensions import EndForm, GrantForm
from ministries.models import Extension, Round
from ministries.selectors.extension_requests import open_request, requests_of_round
from ministries.selectors.extensions import extensions_of_round, row_of
from ministries.services import extensions as services
from ministries.views.round_navigation import EXTENSIONS, round_navigation
from ministries.workflow import Refused, WrongState


@require_http_methods(["GET", "POST"])
def extension_list(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """What bodies ask for, and all exceptions of a round, those in force first; the form below grants one more.

    ``request`` names what was asked for, which then stands in the form.
    """
    found = _round(request, plan, year)
    if request.method == "GET":
        return _page(request, found, GrantForm(round=found, initial=_wished(found, request.GET.get("request", ""))))
    form = GrantForm(request.POST, round=found)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        _grant(request, found, form)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _page(request, found, form, status=400)
    except WrongState as error:
        form.add_error(None, str(error))
        return _page(request, found, form, status=409)
    messages.success(request, _("The due date was extended."))
    return redirect(EXTENSIONS, plan, year)


@require_http_methods(["GET", "POST"])
def extension_end(request: HttpRequest, plan: int, year: int, extension: uuid.UUID) -> HttpResponse:
    """Ask why an exception shall end early, and end it."""
    round_ = _round(request, plan, year)
    request.back_url = reverse(EXTENSIONS, args=[plan, year])
    named = Extension.objects.select_related("round__plan", "body", "submission__assignment__action_plan")
    named = named.select_related("submission__assignment__body", "submission__round__plan")
    found = get_object_or_404(named.prefetch_related("body__names"), pk=extension, round=round_)
    row = row_of(found)
    if not row.is_in_force:
        raise WrongState(_("This exception is over already."))
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.end_extension(extension=found, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The exception was ended."))
        return redirect(EXTENSIONS, plan, year)
    context = {"round": round_, "row": row, "form": form}
    status = 400 if request.method == "POST" else 200
    return render(request, "ministries/extension_end.html", context, status=status)


def _wished(round: Round, key: str) -> dict[str, object]:
    """What the form holds for an open request. The reason stays empty: it is the coordinator's own."""
    row = open_request(round, key) if key else None
    return {"body": row.body_code, "code": row.code, "until": row.request.until} if row else {}


def _grant(request: HttpRequest, round: Round, form: GrantForm) -> None:
    until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
    if form.submission:
        services.extend(submission=form.submission, until=until, reason=reason, by=request.user)
    else:
        body = form.bodies[form.cleaned_data["body"]]
        services.extend_body(round=round, body=body, until=until, reason=reason, by=request.user)


def _round(request: HttpRequest, plan: int, year: int) -> Round:
    """The round. 404 where there is none, and for who grants no exceptions: they see none either."""
    if not request.user.has_perm(services.PERMISSION):
        raise Http404
    return get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)


def _page(request: HttpRequest, found: Round, form: GrantForm, status: int = 200) -> HttpResponse:
    rows = extensions_of_round(found)
    context = {
        "round": found,
        "requests": requests_of_round(found),
        "rows": rows,
        "in_force": sum(row.is_in_force for row in rows),
        "form": form,
        "side": round_navigation(request.user, found, EXTENSIONS),
    }
    return render(request, "ministries/extension_list.html", context, status=status)
