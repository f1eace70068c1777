"""Sessions that end at a time of their own: so many hours after signing in, or after the person asked to stay.

Nothing else moves the end, neither reading nor saving nor what a page asks by itself, so a page that was left open is
signed out however busy its script is. ``settings.SESSION_ENGINE`` names this module.
"""

import datetime as dt
import math
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from nap_monitor.lib import clock

ENDS_AT = "ends_at"


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with an end that saving the session does not move."""

    @property
    def ends_at(self) -> dt.datetime | None:
        """When it ends, in the project's time zone; ``None`` where nobody has signed in."""
        moment = self.get(ENDS_AT)
        return dt.datetime.fromisoformat(moment) if moment else None

    @property
    def seconds_left(self) -> int:
        """Until it ends, a begun one counted whole; 0 where it has ended or nobody has signed in."""
        return max(math.ceil((self.ends_at - clock.now()).total_seconds()), 0) if self.ends_at else 0

    def hold(self) -> None:
        """Let it last for the full time from now on."""
        self[ENDS_AT] = (clock.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)).isoformat()

    def get_expiry_date(self, **kwargs: Any) -> dt.datetime:
        return self.ends_at or super().get_expiry_date(**kwargs)

    def get_expiry_age(self, **kwargs: Any) -> int:
        return self.seconds_left if self.ends_at else super().get_expiry_age(**kwargs)

    def _get_session_from_db(self) -> Any:
        """The row, by the project's own 'now'; Django's would ask the machine's clock."""
        found = self.model.objects.filter(session_key=self.session_key, expire_date__gt=clock.now()).first()
        if found is None:
            self._session_key = None
        return found


def store_of(request: HttpRequest) -> SessionStore:
    """The session of a request. Raises ``TypeError`` where the settings name another kind of session."""
    if not isinstance(request.session, SessionStore):
        raise TypeError(f"SESSION_ENGINE must be {__name__}")
    return request.session


def until(ends_at: dt.datetime | None) -> str:
    """When a session ends, as one says it: the time, with the day where that is not today; empty for no session."""
    if ends_at is None:
        return ""
    local = timezone.localtime(ends_at)
    return date_format(local, "TIME_FORMAT" if local.date() == clock.today() else "SHORT_DATETIME_FORMAT")


def hold_from_signing_in(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """The signal of signing in starts the time."""
    store_of(request).hold()


user_logged_in.connect(hold_from_signing_in, dispatch_uid="session-hold")
