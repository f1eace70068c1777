"""What still holds of a page that was made before: the browser's copy, and parts of it that the program keeps."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ministries import rules
from ministries.context_processors import bell
from nap_monitor.accounts import sessions
from nap_monitor.lib.parts import asks_for_part

#: A page tells how long the session lasts, and its script reckons with that: it is at most so many seconds old.
STEP = 300
#: Parts of so many characters at most are kept in the program's memory.
LARGEST = 1_000_000


def etag_of(request: HttpRequest, mark: Sequence[str]) -> str:
    """What is another as soon as this person would see another page at this address; nothing where it may not be kept.

    Beside what :func:`key_of` holds: the session with its mark against forged posts, and whether a part is asked for.
    A page with a message for once, one shortly before the session ends, and one without the browser's mark are never
    kept.
    """
    store, forged = sessions.store_of(request), request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    if not forged or len(get_messages(request)) or store.seconds_left <= settings.SESSION_WARNING_SECONDS + STEP:
        return ""
    is_part = asks_for_part(request)
    # The head of a page counts the unread notices; a part has none.
    part = "part" if is_part else f"page, {bell(request)}"
    # The step does not end at the moment of signing in, when many pages are read.
    age = str((store.seconds_left + STEP // 2) // STEP)
    digest = key_of(request, mark, part, str(store.ends_at), age, forged)
    return f'"{digest}"'


def key_of(request: HttpRequest, mark: Sequence[str], *more: str) -> str:
    """The program, the person with the roles of today, the language, the address with its filters, and ``mark``: all
    that the page shows of the round.
    """
    who = [str(request.user.pk), repr(rules.roles_of(request.user).key), get_language() or ""]
    parts = [program(), *who, request.get_full_path(), *more, *mark]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def kept(request: HttpRequest, mark: Sequence[str], template: str, context: Callable[[], Mapping[str, Any]]) -> str:
    """A part of the page as it was made for this person since the last change, else made now from ``context()``.

    The part holds nothing of the session: ``template`` is rendered without the request.
    """
    cache, key = caches["pages"], key_of(request, mark, template)
    found: str | None = cache.get(key)
    if found is None:
        found = render_to_string(template, dict(context()))
        if len(found) <= LARGEST:
            cache.set(key, found)
    return SafeString(found)


@lru_cache(maxsize=1)
def program() -> str:
    """The program as it stands: another one where a file of it, of its texts or of its settings has changed."""
    folders = ("nap_monitor", "objectives", "ministries", "reports", "templates", "locale", "static")
    seen = hashlib.sha256(f"{settings.SAMPLE_INSTALLATION} {settings.OFFICIAL_SITE} {settings.DEBUG}".encode())
    for folder in folders:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            if path.suffix in (".py", ".html", ".svg", ".mo", ".css", ".js"):
                seen.update(f"{path} {path.stat().st_mtime_ns}".encode())
    return seen.hexdigest()
