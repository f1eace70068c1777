"""The one source of 'now'. Everything that asks for the time or for today asks here."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The present moment, aware, in the project's time zone (Asia/Seoul)."""
    return timezone.localtime(timezone.now())


def today() -> dt.date:
    """Today's date in the project's time zone. A due date includes its whole day there."""
    return now().date()
