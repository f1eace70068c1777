"""``manage.py run_worker``: the background worker, which also takes up what a killed worker left behind."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from ministries.services import evidence, scanning, workbooks
from reports.services import jobs

logger = logging.getLogger(__name__)

#: How often it is looked for work that nobody does any more, in seconds.
SWEEP_EVERY = 15.0
#: What is looked for, by what is said of what was found.
SWEEPS: dict[str, Callable[[], int]] = {
    "%d jobs were left behind and are taken up again.": jobs.sweep,
    "%d files are checked for viruses again.": scanning.sweep,
    "%d files were kept aside or stored without need for long enough and are gone.": evidence.sweep,
    "%d uploaded workbooks were kept long enough and are gone.": workbooks.sweep,
}


class Command(BaseCommand):
    """The task library's worker, with a sweep beside it. Any number of them may run, on any number of machines."""

    help = "Do background tasks, and take up those that a killed worker left behind."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped."""
        stop = threading.Event()
        sweeper = threading.Thread(target=sweep_until, args=[stop], name="sweep", daemon=True)
        sweeper.start()
        try:
            ways = ("--queue-name", "*", "--no-startup-delay", "--no-reload")
            call_command("db_worker", *ways, verbosity=options["verbosity"])
        finally:
            stop.set()
            sweeper.join(timeout=5)


def sweep_until(stop: threading.Event) -> None:
    """Sweep now and every :data:`SWEEP_EVERY` seconds; an error is told and does not end it."""
    while True:
        for sentence, sweep in SWEEPS.items():
            try:
                close_old_connections()
                if found := sweep():
                    logger.warning(sentence, found)
            except Exception:
                logger.exception("The sweep failed; it tries again.")
        if stop.wait(SWEEP_EVERY):
            connection.close()
            return
