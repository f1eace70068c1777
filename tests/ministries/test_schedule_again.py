"""``run_schedule --every``: the schedule beside a web server, again and again until it is asked to stop."""

import datetime as dt
import io
import os
import signal
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command

from ministries.enums import Role
from ministries.management.commands import run_schedule
from ministries.models import ScheduleRun
from ministries.services.reminder_rules import make_rules
from nap_monitor.lib import clock
from tests.factories import RoundFactory, SubmissionFactory, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    """What the command listens to is given back to the tests."""
    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_again_whatever_failed_until_it_is_stopped(number, body, english, mail_server, monkeypatch) -> None:
    monkeypatch.setattr(run_schedule, "MINUTE", 0.01)
    round_ = RoundFactory(due_date=clock.today() + dt.timedelta(days=2))
    make_rules(round_)
    SubmissionFactory(round=round_, body=body)
    for name in ("first@example.org", "second@example.org"):
        person(Role.FOCAL_POINT, body, email=name, name=name)
    mail_server.refused = {"second@example.org"}

    class Errors(io.StringIO):
        """Once the first run has told what it could not send, the server takes it."""

        def write(self, text: str) -> int:
            mail_server.refused = set()
            return super().write(text)

    def stop(message: EmailMessage) -> None:
        if message["To"] == "second@example.org":
            os.kill(os.getpid(), number)

    mail_server.taken, errors = stop, Errors()
    call_command("run_schedule", "--every", "1", stdout=io.StringIO(), stderr=errors)
    assert mail_server.to == ["first@example.org", "second@example.org"]
    assert "Some e-mails were not sent. The next run tries them again." in errors.getvalue()
    found = list(ScheduleRun.objects.order_by("started_at").values_list("sent", "failed"))
    assert found == [(1, 1), (1, 0)], "the run in which it was asked to stop came to its end"
    assert not ScheduleRun.objects.filter(finished_at=None).exists()


@pytest.mark.parametrize(
    "words",
    [
        ("0",),
        ("1441",),
        ("soon",),
        ("-1",),
        ("1.5",),
        ("5", "--dry-run"),
        ("5", "--to", "a@b.kr"),
        ("5", "--now", "2022-01-29"),
    ],
)
def test_it_refuses_what_it_cannot_do_again_and_again(words) -> None:
    with pytest.raises(CommandError, match="--every"):
        call_command("run_schedule", f"--every={words[0]}", *words[1:])
    assert not ScheduleRun.objects.exists()


def test_without_words_only_what_fails_is_told(capsys) -> None:
    call_command("run_schedule", verbosity=0)
    assert capsys.readouterr().out == ""
    call_command("run_schedule")
    assert capsys.readouterr().out != ""
