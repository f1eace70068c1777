"""Closing a round, and undoing that. For coordinators."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ministries.forms.extensions import CloseForm, UndoForm
from ministries.models import Round
from ministries.selectors.closing import closing_of
from ministries.services import closing as services
from ministries.views.round_navigation import CLOSING, round_navigation
from ministries.workflow import WrongState
from nap_monitor.lib.addresses import require_post


@require_http_methods(["GET", "POST"])
def round_close(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """What will be closed unreported, who still has an exception, what waits for review; and the closing itself."""
    found = _round(request, plan, year)
    if request.method == "GET":
        return _page(request, found)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        services.close_round(round=found, by=request.user, **form.cleaned_data)
    except WrongState as error:
        # What is awaited has changed, or it is closed by now: it is shown as it is, with what was typed.
        found.refresh_from_db()
        form.data = {**request.POST.dict(), "seen": closing_of(request.user, found).unreported}
        form.add_error(None, str(error))
        return _page(request, found, form, status=409)
    messages.success(request, _("The round was closed."))
    return redirect(CLOSING, plan, year)


@require_post
def round_reopen(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Undo the closing that is in force."""
    found = _round(request, plan, year)
    request.back_url = reverse(CLOSING, args=[plan, year])
    closing = found.closings.filter(undone_at=None).first()
    if closing is None:
        raise WrongState(_("This closing has been undone already."))
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page(request, found, undo=form, status=400)
    try:
        undone = services.undo_closing(closing=closing, by=request.user, **form.cleaned_data)
    except WrongState as error:
        form.add_error(None, str(error))
        return _page(request, found, undo=form, status=409)
    said = _("The closing was undone.") if undone.is_open else _("The closing was undone; its date keeps it closed.")
    more = ngettext("%(number)s exception holds again.", "%(number)s exceptions hold again.", undone.restored)
    messages.success(request, f"{said} {more % {'number': undone.restored}}" if undone.restored else said)
    return redirect(CLOSING, plan, year)


def _round(request: HttpRequest, plan: int, year: int) -> Round:
    """The round. 404 where there is none, and for who closes no rounds: what is owed is not theirs to see."""
    if not request.user.has_perm(services.PERMISSION):
        raise Http404
    return get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)


def _page(
    request: HttpRequest,
    found: Round,
    form: CloseForm | None = None,
    *,
    undo: UndoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    closing = closing_of(request.user, found)
    context = {
        "round": found,
        "closing": closing,
        "form": form or CloseForm(initial={"seen": closing.unreported}),
        "undo": undo or UndoForm(),
        "side": round_navigation(request.user, found, CLOSING),
    }
    return render(request, "ministries/round_close.html", context, status=status)
