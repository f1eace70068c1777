"""Asking for more time, as a body; declining it, as a coordinator."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ministries.forms.extensions import AskForm, EndForm
from ministries.models import ExtensionRequest, ImplementingBody, Round
from ministries.selectors.extension_requests import open_request, requests_of_body
from ministries.selectors.extensions import extensions_in_force
from ministries.selectors.signoff import find_body
from ministries.services import extension_requests as services
from ministries.services.extensions import PERMISSION as TO_ANSWER
from ministries.views.round_navigation import DESK, EXTENSIONS, round_navigation
from ministries.workflow import Refused, WrongState
from nap_monitor.lib.addresses import require_post

ASK = "ministries:extension_ask"


@require_http_methods(["GET", "POST"])
def extension_ask(request: HttpRequest, plan: int, year: int, body: str) -> HttpResponse:
    """What the body asked for in this round, and the form that asks for more. ``of`` names a submission beforehand."""
    own, found = find_body(request.user, body), _round(plan, year)
    if request.method == "GET":
        return _page(request, found, own, AskForm(round=found, body=own, initial={"code": request.GET.get("of", "")}))
    form = AskForm(request.POST, round=found, body=own)
    if not form.is_valid():
        return _page(request, found, own, form, status=400)
    asked = {"until": form.cleaned_data["until"], "reason": form.cleaned_data["reason"]}
    try:
        services.ask(round=found, body=own, submission=form.submission, by=request.user, **asked)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _page(request, found, own, form, status=400)
    except WrongState as error:
        form.add_error(None, str(error))
        return _page(request, found, own, form, status=409)
    messages.success(request, _("The coordinators were asked. You get a notice of the answer."))
    return redirect(ASK, plan, year, body)


@require_post
def extension_withdraw(request: HttpRequest, plan: int, year: int, body: str, asked: uuid.UUID) -> HttpResponse:
    """Take a request of the own body back."""
    own = find_body(request.user, body)
    request.back_url = reverse(ASK, args=[plan, year, body])
    found = get_object_or_404(ExtensionRequest, pk=asked, body=own, round__plan__number=plan, round__year=year)
    services.withdraw(request=found, by=request.user)
    messages.success(request, _("The request was taken back."))
    return redirect(request.back_url)


@require_http_methods(["GET", "POST"])
def extension_decline(request: HttpRequest, plan: int, year: int, asked: uuid.UUID) -> HttpResponse:
    """Ask why a request is declined, and decline it. 404 for who grants no exceptions."""
    if not request.user.has_perm(TO_ANSWER):
        raise Http404
    round_ = _round(plan, year)
    request.back_url = reverse(EXTENSIONS, args=[plan, year])
    found = get_object_or_404(ExtensionRequest, pk=asked, round=round_)
    row = open_request(round_, str(asked))
    if row is None:
        raise WrongState(_("This request has been answered already."))
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.decline(request=found, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The request was declined."))
        return redirect(EXTENSIONS, plan, year)
    context = {"round": round_, "row": row, "form": form}
    status = 400 if request.method == "POST" else 200
    return render(request, "ministries/extension_decline.html", context, status=status)


def _round(plan: int, year: int) -> Round:
    return get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)


def _page(request: HttpRequest, found: Round, body: ImplementingBody, form: AskForm, status: int = 200) -> HttpResponse:
    context = {
        "round": found,
        "body": body,
        "body_name": body.name_in(found.year),
        "rows": requests_of_body(found, body),
        "extensions": extensions_in_force(found, body),
        "form": form,
        "may_ask": found.is_opened() and form.has_choice,
        "desk_url": reverse(DESK, args=[found.plan.number, found.year, body.code]),
        "side": round_navigation(request.user, found, DESK, body=body.code),
    }
    return render(request, "ministries/extension_ask.html", context, status=status)
