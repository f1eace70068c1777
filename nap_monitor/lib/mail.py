"""E-mails: a function writes one, a template words it, the task queue sends it after the transaction."""

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from nap_monitor.lib import tasks


@dataclass(frozen=True)
class Mail:
    """One e-mail to one address: plain text, and the same as HTML where there is that.

    ``message_id``: where the same e-mail may be sent twice (nobody knows whether the first one arrived), the identity
    by which its reader gets it once. Without one the mail gets a new one whenever it is sent.
    """

    to: str
    subject: str
    body: str
    html: str = ""
    message_id: str = ""

    def send(self, connection: Any = None) -> None:
        """Hand it to the mail server of the settings (over this connection where one is given); once this returns, the
        server has taken it. Raises ``SMTPException`` or ``OSError`` where that fails."""
        # Out-of-office answers to a machine help nobody (RFC 3834).
        headers = {"Auto-Submitted": "auto-generated"}
        if self.message_id:
            headers["Message-ID"] = self.message_id
        message = EmailMultiAlternatives(
            subject=self.subject, body=self.body, to=[self.to], headers=headers, connection=connection
        )
        if self.html:
            message.attach_alternative(self.html, "text/html")
        message.send()

    def to_address(self, address: str) -> "Mail":
        """The same e-mail to another address, as another message."""
        return replace(self, to=address, message_id="")


def message_id(name: str) -> str:
    """The Message-ID of what is called ``name`` in this installation (letters, digits, dots and hyphens)."""
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"


class MailServerAwayError(Exception):
    """The mail server can't be reached, or does not let us in: no e-mail can be sent at present."""


class Outgoing:
    """One connection for many e-mails, opened again where the server has closed it.

    ``with Outgoing() as outgoing: outgoing.send(mail)``. Raises :class:`MailServerAwayError` where there is no way to
    the server, which is no fault of the e-mail.
    """

    def __enter__(self) -> "Outgoing":
        self._connection = get_connection()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def open(self) -> None:
        """Reach the server, where that is not done yet."""
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerAwayError(type(error).__name__) from None

    def send(self, mail: Mail) -> None:
        """Send one. What the server answers to this e-mail is raised as ``Mail.send`` raises it."""
        self.open()
        try:
            mail.send(self._connection)
        except (smtplib.SMTPException, OSError):
            # After some answers the server hangs up: the next e-mail gets a connection of its own.
            self._close()
            raise

    def _close(self) -> None:
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError):
            self._connection = get_connection()


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


def write(
    template: str, *, to: str, language: str, context: dict[str, Any], with_html: bool = False, message_id: str = ""
) -> Mail:
    """The e-mail of ``templates/emails/<template>.txt`` in ``language``: its first line is the subject.

    ``with_html``: and of ``<template>.html``, which says the same.
    """
    context = {**context, "site_url": settings.SITE_URL, "sample_installation": settings.SAMPLE_INSTALLATION}
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", context)
        subject, _line_break, body = text.strip().partition("\n")
        subject = " ".join(subject.split())
        html = ""
        if with_html:
            html = render_to_string(f"emails/{template}.html", {**context, "language": language, "subject": subject})
    # Tags on lines of their own leave empty lines behind.
    body = re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
    return Mail(to=to, subject=subject, body=body, html=html, message_id=message_id)


def absolute_url(name: str, *args: Any, language: str, **kwargs: Any) -> str:
    """The full address of a page in ``language``: commands and the worker know no request."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=args or None, kwargs=kwargs or None)
