"""What every page may ask of the installation."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest

from nap_monitor.accounts import sessions
from nap_monitor.accounts.keeping import keeping_of
from nap_monitor.lib.addresses import in_language
from nap_monitor.lib.parts import page_of


def installation(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a sample installation, and whether it is an official site: every page then says so.

    ``address_ko`` and ``address_en`` are this page's addresses in the languages of the interface.
    """
    return {
        "sample_installation": settings.SAMPLE_INSTALLATION,
        "official_site": settings.OFFICIAL_SITE,
        **{f"address_{code}": in_language(request, code) for code, _name in settings.LANGUAGES},
    }


def session(request: HttpRequest) -> dict[str, Any]:
    """How long the person stays signed in: ``session_until`` to read, ``session_left`` in seconds; empty for nobody.

    ``session_page`` is where the person comes back to after signing in again, ``session_next`` the same as the sign-in
    is asked for it; ``session_owner`` and ``session_key`` are for what the browser keeps of what is typed,
    ``session_zone`` for the times that it tells. ``person_name`` and ``person_email`` are empty for nobody.
    """
    user = getattr(request, "user", None)  # there is none where the middleware itself answered
    page = page_of(request)
    found: dict[str, Any] = {
        "session_until": "",
        "session_left": 0,
        "session_runs": False,
        "session_page": page,
        "session_next": quote(page, safe="/"),
        "person_name": "",
        "person_email": "",
    }
    if user is None or not user.is_authenticated:
        return found
    store, keeping = sessions.store_of(request), keeping_of(user)
    left = store.seconds_left
    return found | {
        "session_until": sessions.until(store.ends_at),
        "session_left": left,
        "session_runs": left > 0,
        "session_warning": settings.SESSION_WARNING_SECONDS,
        "session_zone": settings.TIME_ZONE,
        "session_person": str(user.pk),
        "session_owner": keeping.owner,
        "session_key": keeping.key,
        "person_name": str(user),
        "person_email": user.email,
    }
