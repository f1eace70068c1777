"""E-mails: a function writes one, a template words it, the task queue sends it after the transaction."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from nap_monitor.lib import tasks


@dataclass(frozen=True)
class Mail:
    """One plain-text e-mail to one address."""

    to: str
    subject: str
    body: str

    def send(self) -> None:
        """Hand it to the mail server of the settings. Raises ``SMTPException`` or ``OSError`` where that fails."""
        EmailMessage(
            subject=self.subject,
            body=self.body,
            to=[self.to],
            # Out-of-office answers to a machine help nobody (RFC 3834).
            headers={"Auto-Submitted": "auto-generated"},
        ).send()


EmailFunction = Callable[..., Mail | None]


def email(function: EmailFunction) -> EmailFunction:
    """Mark a module's function as one that writes an e-mail; its arguments must be plain JSON values.

    It is called by the worker at the time of sending, and gives nothing where the e-mail is no longer due.
    """
    function.is_email = True  # type: ignore[attr-defined]
    return function


def queue(function: EmailFunction, **arguments: Any) -> None:
    """Send the e-mail that ``function`` writes, as soon as the present transaction is committed."""
    path = f"{function.__module__}.{function.__qualname__}"
    transaction.on_commit(partial(tasks.send_email.enqueue, function=path, arguments=arguments))


def write(template: str, *, to: str, language: str, context: dict[str, Any]) -> Mail:
    """The e-mail of ``templates/emails/<template>.txt`` in ``language``: its first line is the subject."""
    with translation.override(language):
        text = render_to_string(
            f"emails/{template}.txt",
            {**context, "site_url": settings.SITE_URL, "sample_installation": settings.SAMPLE_INSTALLATION},
        )
    subject, _line_break, body = text.strip().partition("\n")
    # Tags on lines of their own leave empty lines behind.
    return Mail(to=to, subject=" ".join(subject.split()), body=re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n")


def absolute_url(name: str, *args: Any, language: str, **kwargs: Any) -> str:
    """The full address of a page in ``language``: commands and the worker know no request."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=args or None, kwargs=kwargs or None)
