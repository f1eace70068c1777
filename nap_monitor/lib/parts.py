"""Parts of pages, for htmx: whether a part is asked for, and which page it belongs to."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails


def asks_for_part(request: HttpRequest) -> bool:
    """Whether a script asks for a part of a page. Going back in history asks for a whole one."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def render_part(request: HttpRequest, page: str, part: str, context: Mapping[str, Any], **more: Any) -> HttpResponse:
    """The template ``part`` where that is asked for, else ``page``, which includes it. ``more`` goes to ``render``."""
    return render(request, part if asks_for_part(request) else page, context, **more)


def page_of(request: HttpRequest) -> str:
    """The path, with its query, of the page from which a request came: where one goes back to after signing in.

    A page that is read is its own; what is posted, or asked for by a script, came from the page that the browser names.
    """
    if request.method in ("GET", "HEAD") and not asks_for_part(request):
        return request.get_full_path()
    named = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if named and url_has_allowed_host_and_scheme(named, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(named)._replace(scheme="", netloc="", fragment="").geturl()
    return "/"
