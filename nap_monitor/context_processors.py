"""What every page may ask of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from nap_monitor.accounts import sessions
from nap_monitor.accounts.keeping import keeping_of
from nap_monitor.lib.parts import page_of


def installation(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a sample installation, and whether it is an official site: every page then says so."""
    return {"sample_installation": settings.SAMPLE_INSTALLATION, "official_site": settings.OFFICIAL_SITE}


def session(request: HttpRequest) -> dict[str, Any]:
    """How long the person stays signed in: ``session_until`` to read, ``session_left`` in seconds; empty for nobody.

    ``session_page`` is where the person comes back to after signing in again; ``session_keeping`` is for what the
    browser keeps of what is typed, ``session_zone`` for the times that it tells.
    """
    user = getattr(request, "user", None)  # there is none where the middleware itself answered
    store = sessions.store_of(request) if user is not None and user.is_authenticated else None
    return {
        "session_until": sessions.until(store.ends_at) if store else "",
        "session_left": store.seconds_left if store else 0,
        "session_warning": settings.SESSION_WARNING_SECONDS,
        "session_page": page_of(request),
        "session_zone": settings.TIME_ZONE,
        "session_keeping": keeping_of(user) if user is not None and store else None,
    }
