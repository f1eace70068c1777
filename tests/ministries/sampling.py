"""Helpers of the tests that load the sample."""

import datetime as dt
import io

from django.core.management import call_command
from django.utils.translation import override

from nap_monitor.lib import clock

#: The day on which the tests load it.
TODAY = dt.date(2026, 5, 20)


def load(*args: str, day: dt.date = TODAY) -> str:
    """What the command prints in English when it is run on ``day``."""
    out = io.StringIO()
    with override("en"), clock.at(day):
        call_command("load_sample", *args, stdout=out)
    return out.getvalue()
