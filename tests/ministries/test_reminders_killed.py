"""Real processes run the schedule: one is killed while it sends, two run at once; each person gets one e-mail."""

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from ministries.enums import Delivery, Role
from ministries.services.reminder_rules import make_rules
from nap_monitor.lib import clock
from tests.factories import RoundFactory, SubmissionFactory, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(body, other_body) -> list[str]:
    """A round that is due in two days, and four people in two bodies who have to submit."""
    round_ = RoundFactory(due_date=clock.today() + dt.timedelta(days=2), year=2021)
    make_rules(round_)
    found = []
    for each in (body, other_body):
        SubmissionFactory(round=round_, body=each)
        found += [
            person(Role.FOCAL_POINT, each, email=f"{number}.{each.code}@example.org".lower()) for number in (1, 2)
        ]
    return [user.email for user in found]


class Runs:
    """Processes that run the schedule on a database and the mail server of the tests; all end with the test.

    On SQLite the database is a copy in a file: the tests' own lies in the memory of this process.
    """

    def __init__(self, port: int, folder: Path) -> None:
        self.file = folder / "db.sqlite3"
        named = connection.settings_dict
        address = f"postgres://{named['USER']}@{named['HOST']}:{named['PORT']}/{named['NAME']}"
        if connection.vendor == "sqlite":
            address = f"sqlite:///{self.file}"
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM INTO '{self.file}'")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "SECRET_KEY": "x" * 50,
            "DATABASE_URL": address,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "HTTPS": "false",
            "SAMPLE_INSTALLATION": "true",
        }
        self.started: list[subprocess.Popen[str]] = []

    def ask(self, sql: str) -> list[Any]:
        """The first column of what is asked; of a change, nothing."""
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return [row[0] for row in cursor.fetchall()] if cursor.description else []
        with closing(sqlite3.connect(self.file, timeout=20)) as other, other:
            return [row[0] for row in other.execute(sql).fetchall()]

    def start(self) -> "subprocess.Popen[str]":
        words = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "run_schedule"]
        run = subprocess.Popen(
            words,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(run)
        return run

    def end(self) -> None:
        for run in self.started:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
            run.communicate()


@pytest.fixture
def runs(people, mail_server, tmp_path) -> Iterator[Runs]:
    found = Runs(mail_server.port, tmp_path)
    yield found
    found.end()


def done(run: "subprocess.Popen[str]") -> int:
    output, errors = run.communicate(timeout=120)
    assert run.returncode in (0, -signal.SIGKILL), errors + output
    return run.returncode


STATES = "select state from ministries_remindermail order by state"
FORGET = "update ministries_remindermail set lease_until = '2000-01-01 00:00:00' where state = 'claimed'"


@pytest.mark.parametrize("taken", [True, False], ids=["after the server took it", "before"])
def test_a_run_that_is_killed_reminds_once(taken: bool, people, mail_server, runs) -> None:
    def kill(message: EmailMessage) -> None:
        """The second e-mail's process dies before it hears that the server took it (or the server loses it)."""
        if len(mail_server.messages) == 2 and run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            time.sleep(0.3)
            if not taken:
                mail_server.messages.pop()

    mail_server.taken = kill
    run = runs.start()
    assert done(run) == -signal.SIGKILL
    assert runs.ask(STATES) == [Delivery.CLAIMED, Delivery.SENT]
    mail_server.taken = lambda message: None

    assert done(runs.start()) == 0
    assert len(mail_server.to) == 4 - (not taken), "the claim holds as long as its lease; the others get theirs"
    runs.ask(FORGET)
    assert done(runs.start()) == 0
    assert done(runs.start()) == 0
    by_person: dict[str, list[str]] = {}
    for message in mail_server.messages:
        by_person.setdefault(str(message["To"]), []).append(str(message["Message-ID"]))
    assert sorted(by_person) == sorted(people)
    assert all(len(set(identities)) == 1 for identities in by_person.values()), "twice the same is one to its reader"
    assert sum(map(len, by_person.values())) == 4 + taken
    assert set(runs.ask(STATES)) == {Delivery.SENT}
    assert runs.ask("select count(*) from ministries_schedulerun where finished_at is null") == [1]


def test_two_runs_at_once_remind_once(people, mail_server, runs) -> None:
    both = [runs.start() for _run in range(2)]
    assert [done(run) for run in both] == [0, 0]
    assert sorted(mail_server.to) == sorted(people)
    assert runs.ask(STATES) == [Delivery.SENT] * 4
