"""The address of the page that somebody sees, in each language of the interface."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.views.decorators.http import require_POST


def require_post(view: Callable[..., Any]) -> Callable[..., Any]:
    """Django's ``require_POST``, which also notes on the view that its address can't be asked for a page."""
    guarded = require_POST(view)
    guarded.posted_only = True  # type: ignore[attr-defined]
    return guarded


def _root(request: HttpRequest) -> str:
    """What the program is mounted under, without a slash at its end."""
    return str(request.META.get("SCRIPT_NAME", "")).rstrip("/")


def _shown(request: HttpRequest) -> tuple[str, str]:
    """Path and query of the page that this request shows.

    A form that is shown again stands at its own address. What is answered at an address that only takes what is posted
    belongs to the page that the view named as the way back (``back_url``), else to the start page.
    """
    query = str(request.META.get("QUERY_STRING", ""))
    if request.method in ("GET", "HEAD"):
        return request.path_info, query
    match = request.resolver_match
    if match is not None and not getattr(match.func, "posted_only", False):
        return request.path_info, query
    back = str(getattr(request, "back_url", "")) or "/"
    return back.removeprefix(_root(request)), ""


def _path_in(path: str, language: str) -> str:
    """The path, without what the program is mounted under, as it begins in ``language``."""
    codes = [code for code, _name in settings.LANGUAGES]
    first, _slash, rest = path.lstrip("/").partition("/")
    if first in codes and first != settings.LANGUAGE_CODE:
        path = rest
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    # Two slashes, or a slash and a backslash, would begin the name of another host.
    return prefix + escape_uri_path("/" + path.lstrip("/"))


def _query_in(query: str, language: str, root: str) -> str:
    """The query; where it says which page comes after signing in, that one in ``language`` too."""
    # Not Django's own reading, which refuses a query of too many fields: the page that says so has the switch too.
    values = parse_qsl(query, keep_blank_values=True)
    if not any(name == REDIRECT_FIELD_NAME and value.startswith(f"{root}/") for name, value in values):
        return query
    return urlencode(
        [(name, _next_in(value, language, root) if name == REDIRECT_FIELD_NAME else value) for name, value in values],
        safe="/",
    )


def _next_in(address: str, language: str, root: str) -> str:
    path, mark, rest = address.partition("?")
    if not path.startswith(f"{root}/"):
        return address
    return f"{root}{_path_in(unquote(path.removeprefix(root)), language)}{mark}{rest}"


def in_language(request: HttpRequest | None, language: str) -> str:
    """The address of the shown page in ``language``; it also holds for pages that do not exist, and is on this host."""
    path, query = _shown(request) if request else ("/", "")
    root = _root(request) if request else ""
    query = _query_in(query, language, root)
    return f"{root}{_path_in(path, language)}{'?' if query else ''}{query}"
