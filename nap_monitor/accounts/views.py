"""How long somebody stays signed in: told, and extended as often as asked (WCAG 2.2.1)."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nap_monitor.accounts.sessions import store_of, until
from nap_monitor.lib.addresses import require_post


@require_safe
@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """A page of its own: where a browser without script lands after extending, in a window beside the work."""
    return render(request, "accounts/session.html")


@login_not_required
@require_safe
@never_cache
def session_status(request: HttpRequest) -> JsonResponse:
    """What an open page asks before it warns: somebody may have stayed, signed out or changed in another window."""
    return JsonResponse(_state(request))


@require_post
def session_extend(request: HttpRequest) -> HttpResponse:
    """Stay signed in for the full time from now on."""
    store_of(request).hold()
    if request.accepts("text/html"):
        return redirect("session")
    return JsonResponse(_state(request))


def _state(request: HttpRequest) -> dict[str, Any]:
    """``left`` is in seconds and 0 for nobody; ``person`` tells a page whether it still belongs to who is signed in."""
    if not request.user.is_authenticated:
        return {"left": 0, "until": "", "person": ""}
    store = store_of(request)
    return {"left": store.seconds_left, "until": until(store.ends_at), "person": str(request.user.pk)}
