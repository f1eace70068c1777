"""E-mails: written when they are sent, sent after the commit, tried again where the server is away."""

import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as outbox_of
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from nap_monitor.accounts import emails
from nap_monitor.lib import mail, tasks
from nap_monitor.lib.environment import Environment
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


class Inbox:
    """What a mail server took in, and whether it takes in anything at all."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.recipients += envelope.rcpt_tos
            self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return self.answer


@pytest.fixture
def inbox(settings) -> Iterator[Inbox]:
    """A real mail server on a free port, to which the real backend of the settings speaks."""
    handler = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


@pytest.fixture
def database_tasks(settings) -> None:
    """The queue as it is in a real installation."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def work() -> None:
    """Let a worker do what is in the queue."""
    call_command("db_worker", batch=True, interval=0.001, startup_delay=False)


@mail.email
def two_lines(to: str) -> mail.Mail | None:
    """An e-mail function of this test; nothing for nobody."""
    return mail.Mail(to=to, subject="Subject", body="One\nTwo\n") if to else None


def test_an_email_goes_out_after_the_commit_only(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail.queue(two_lines, to="to@example.org")
        assert outbox_of.outbox == []
    (sent,) = outbox_of.outbox
    assert (sent.to, sent.subject, sent.body) == (["to@example.org"], "Subject", "One\nTwo\n")
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}


@pytest.mark.django_db(transaction=True)
def test_no_email_goes_out_where_the_change_is_undone() -> None:
    with transaction.atomic():
        mail.queue(two_lines, to="to@example.org")
        transaction.set_rollback(True)
    assert outbox_of.outbox == []


def test_an_email_that_is_no_longer_due_is_not_sent(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail.queue(two_lines, to="")
    assert outbox_of.outbox == []


def test_only_email_functions_are_called() -> None:
    with pytest.raises(ValueError, match="not an e-mail function"):
        tasks.send_email.call(function="os.getcwd", arguments={})


@pytest.mark.parametrize(
    ("language", "subject", "start"),
    [("ko", None, "/accounts/"), ("en", "Set your password", "/en/accounts/")],
)
def test_an_email_is_in_the_language_of_its_reader(settings, language, subject, start) -> None:
    settings.SITE_URL = "https://nap.example.org"
    written = emails.password_reset(str(UserFactory(language=language).pk))
    assert subject is None or written.subject == subject
    assert f"https://nap.example.org{start}password/reset/key/" in written.body
    assert "&#" not in written.body
    assert "&amp;" not in written.body


def test_every_email_of_a_sample_installation_says_so(settings) -> None:
    user = UserFactory(language="en")
    sentence = "This is a sample installation"
    assert sentence in emails.password_reset(str(user.pk)).body
    settings.SAMPLE_INSTALLATION = False
    assert sentence not in emails.password_reset(str(user.pk)).body


def test_a_real_mail_server_gets_it(inbox, django_capture_on_commit_callbacks, settings) -> None:
    user = UserFactory(email="reader@example.org", language="ko")
    with django_capture_on_commit_callbacks(execute=True):
        mail.queue(emails.password_reset, user_id=str(user.pk))
    (message,) = inbox.messages
    assert inbox.recipients == ["reader@example.org"]
    assert message["To"] == "reader@example.org"
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert message.get_content_type() == "text/plain"
    assert settings.SITE_URL + "/accounts/password/reset/key/" in message.get_content()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("database_tasks")
def test_the_queue_keeps_no_link_and_the_worker_writes_it(inbox) -> None:
    user = UserFactory()
    mail.queue(emails.password_reset, user_id=str(user.pk))
    (row,) = DBTaskResult.objects.all()
    assert row.args_kwargs["kwargs"] == {
        "function": "nap_monitor.accounts.emails.password_reset",
        "arguments": {"user_id": str(user.pk)},
    }
    work()
    assert "/password/reset/key/" in inbox.messages[0].get_content()
    row.refresh_from_db()
    assert (row.status, row.return_value) == (TaskResultStatus.SUCCESSFUL, "sent")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("database_tasks")
def test_a_server_that_is_away_is_tried_again_later(inbox) -> None:
    inbox.answer = "451 Try again later"
    mail.queue(two_lines, to="to@example.org")
    begun = timezone.now()
    work()
    waiting = DBTaskResult.objects.get(status=TaskResultStatus.READY)
    assert waiting.run_after - begun >= tasks.WAITS[0]
    assert waiting.args_kwargs["kwargs"]["attempt"] == 2
    inbox.answer = "250 OK"
    DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=begun)
    work()
    assert inbox.recipients == ["to@example.org"]
    assert not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("database_tasks")
def test_after_the_last_attempt_the_task_has_failed(inbox) -> None:
    inbox.answer = "451 Try again later"
    attempt = len(tasks.WAITS) + 1
    tasks.send_email.enqueue(function=f"{__name__}.two_lines", arguments={"to": "to@example.org"}, attempt=attempt)
    work()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", "http://127.0.0.1:8000"),
        ("https://nap.example.org", "https://nap.example.org"),
        ("https://nap.example.org/", "https://nap.example.org"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_the_site_address_is_read(monkeypatch, value, read) -> None:
    monkeypatch.setenv("SITE_URL", value)
    assert Environment().origin("SITE_URL", default="http://127.0.0.1:8000") == read


@pytest.mark.parametrize(
    "value",
    [
        "nap.example.org",
        "ftp://nap.example.org",
        "https://",
        "https://nap.example.org/path",
        "https://nap.example.org?x=1",
        "https://me@nap.example.org",
        "https://nap.example.org:99999",
        "https://[::1",
    ],
)
def test_a_faulty_site_address_stops_the_start(monkeypatch, value) -> None:
    monkeypatch.setenv("SITE_URL", value)
    with pytest.raises(ImproperlyConfigured, match=r"SITE_URL is .* It must be an address such as"):
        Environment().origin("SITE_URL", default="http://127.0.0.1:8000")
