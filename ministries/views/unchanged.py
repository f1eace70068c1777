"""When the page that a browser has still holds: the mark by which a page of a round is answered with 'unchanged'."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.translation import get_language

from ministries import rules
from ministries.models import Round
from ministries.selectors.recent import mark_of
from nap_monitor.accounts import sessions
from nap_monitor.lib.parts import asks_for_part

#: A page tells how long the session lasts, and its script reckons with that: it is at most so many seconds old.
STEP = 300


def etag_of(request: HttpRequest, round: Round) -> str:
    """What is another as soon as this person would see another page at this address; nothing where it may not be kept.

    It holds the person, the roles of today, the language, the address with its filters, the session with its mark
    against forged posts, the program itself, and all that the page shows of the round. A page with a message for once,
    one shortly before the session ends, and one without the browser's mark are never kept.
    """
    store, mark = sessions.store_of(request), request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    if not mark or len(get_messages(request)) or store.seconds_left <= settings.SESSION_WARNING_SECONDS + STEP:
        return ""
    roles = rules.roles_of(request.user)
    parts = [
        program(),
        str(request.user.pk),
        repr(sorted((role.value, sorted(ids)) for role, ids in roles.bodies.items())),
        get_language() or "",
        request.get_full_path(),
        str(asks_for_part(request)),
        str(store.ends_at),
        str((store.seconds_left + STEP // 2) // STEP),  # not at the moment of signing in, when many pages are read
        mark,
        *mark_of(round),
    ]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f'"{digest}"'


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
