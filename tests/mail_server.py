"""A real mail server for tests, on a free port: it takes e-mails in, refuses some, and tells of each."""

import email
import email.policy
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller


class MailServer:
    """What it took in, and how it answers. ``taken`` is called with each e-mail that was taken, before the answer."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.answer = "250 OK"
        self.taken: Callable[[EmailMessage], None] = lambda message: None
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address in self.refused:
            return "550 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.messages.append(message)
            self.taken(message)
        return self.answer

    @property
    def to(self) -> list[str]:
        """To whom e-mails were taken, in order."""
        return [str(message["To"]) for message in self.messages]

    def texts(self, number: int = -1) -> tuple[str, str]:
        """One e-mail as plain text and as HTML."""
        message = self.messages[number]
        assert message.get_content_type() == "multipart/alternative"
        plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
        return plain, html


@contextmanager
def serving() -> Iterator[MailServer]:
    """A server that answers on a free port of this machine."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # else it tells each line that it hears
    handler = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """The real backend speaks to it."""
    with serving() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        yield server
