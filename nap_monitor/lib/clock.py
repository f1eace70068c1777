"""The one source of 'now'. Everything that asks for the time or for today asks here."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_travelled: ContextVar[dt.datetime | None] = ContextVar("travelled", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in the project's time zone (Asia/Seoul)."""
    return (_travelled.get() or timezone.now()).astimezone(timezone.get_default_timezone())


def real_now() -> dt.datetime:
    """The moment on the machine's clock, whatever it was let be: for leases, and for when something was really done."""
    return timezone.localtime()


def today() -> dt.date:
    """Today's date in the project's time zone. A due date includes its whole day there."""
    return now().date()


@contextmanager
def at(moment: dt.datetime | dt.date) -> Iterator[None]:
    """Let it be ``moment`` (noon, for a date) in this thread: for sample data of past years, and for tests."""
    if not isinstance(moment, dt.datetime):
        moment = timezone.make_aware(dt.datetime.combine(moment, dt.time(12)))
    token = _travelled.set(moment)
    try:
        yield
    finally:
        _travelled.reset(token)
