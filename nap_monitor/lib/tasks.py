"""What the worker does for all floors: sending one e-mail, and trying again where the mail server is away."""

import datetime as dt
import logging
import smtplib
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

logger = logging.getLogger(__name__)

#: How long to wait before the second, third … attempt. After the last one the task fails, and stays in the table.
WAITS = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=10),
    dt.timedelta(hours=1),
    dt.timedelta(hours=6),
)


@task()  # type: ignore[untyped-decorator]
def send_email(function: str, arguments: dict[str, Any], attempt: int = 1) -> str:
    """Write and send the e-mail that ``function`` (dotted path of an e-mail function) makes of ``arguments``.

    The text is written only here, so that a link that lets somebody in never lies in the queue. Tells what became of
    it: ``sent``, ``not needed`` (the function gave nothing) or ``later``.
    """
    write = import_string(function)
    if not getattr(write, "is_email", False):
        raise ValueError(f"{function} is not an e-mail function.")
    message = write(**arguments)
    if message is None:
        return "not needed"
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        if attempt > len(WAITS) or not send_email.get_backend().supports_defer:
            raise
        # The class of the error only: its text may hold the address or what the server was told.
        logger.warning("E-mail %s: attempt %d failed (%s).", function, attempt, type(error).__name__)
        later = timezone.now() + WAITS[attempt - 1]
        send_email.using(run_after=later).enqueue(function=function, arguments=arguments, attempt=attempt + 1)
        return "later"
    return "sent"
