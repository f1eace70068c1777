"""What is refused before any page looks at it, and how an answer fits what asked for it."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from nap_monitor.lib.parts import asks_for_part, page_of


class NullCharacterMiddleware:
    """An address with a null character names nothing here: 404, where PostgreSQL would fail on the look-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)


class HeadersMiddleware:
    """Headers beside those of Django and its policy: features that are off, and no embedding by other sites."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages and nothing else, as docs/decisions/0010-behaviour.md says; files keep their length."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


class PartMiddleware:
    """Lets no whole page land inside a part of one: a redirect leads the browser on, and a lost session is told.

    A script whose person has been signed out gets 401 and, where it asked for a part, the event ``signed-out``.
    Somebody who posts and has been signed out comes back to the page, not to the address of the post.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # What the templates of refusals stand in.
        request.frame = "layouts/part.html" if asks_for_part(request) else "base.html"  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        if not isinstance(response, HttpResponseRedirect):
            return response
        if _leads_to_sign_in(response.url):
            return _signed_out(request, response)
        if asks_for_part(request):
            # The same answer, with the messages that it carries for the next page.
            response["HX-Redirect"] = response.url
            response.status_code = 200
            del response["Location"]
        return response


def _leads_to_sign_in(address: str) -> bool:
    """Whether this is the sign-in that somebody is sent to, to come back afterwards."""
    parts = urlsplit(address)
    return parts.path == resolve_url(settings.LOGIN_URL) and REDIRECT_FIELD_NAME in parse_qs(parts.query)


def _signed_out(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    sentence = _("You have been signed out. Sign in again to go on.")
    if asks_for_part(request):
        return trigger_client_event(HttpResponse(sentence, status=401), "signed-out")
    if not request.accepts("text/html"):
        return JsonResponse({"detail": sentence}, status=401)
    return response if request.method in ("GET", "HEAD") else redirect_to_login(page_of(request))
