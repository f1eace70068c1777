"""A real worker is killed while it makes a document, and another one takes the job up again."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.one_database

PLAN = Path(__file__).parents[1] / "objectives" / "plans" / "other-country.yaml"
ASK = """
from ministries.enums import Role
from ministries.models import Round
from nap_monitor.accounts.models import User
from reports.services.jobs import request_document
by = User.objects.filter(appointments__role=Role.COORDINATOR).first()
print(request_document(round=Round.objects.order_by("year").first(), language="en", by=by).pk)
"""


class Installation:
    """A sample installation of its own: a database file, a folder for private files, and commands in processes."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "db.sqlite3"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "SECRET_KEY": "x" * 50,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "PRIVATE_ROOT": str(folder / "private"),
            "EMAIL_URL": "dummymail://",
            "TASKS": "database",
            "HTTPS": "false",
            "SAMPLE_INSTALLATION": "true",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]

    def run(self, *words: str) -> str:
        done = subprocess.run(self.command(*words), env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command("run_worker"),
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, sql: str) -> Any:
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            with connection:
                return connection.execute(sql).fetchone()
        finally:
            connection.close()


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """With a small plan and its sample years."""
    found = Installation(tmp_path)
    found.run("migrate", "--verbosity", "0")
    found.run("load_plan", str(PLAN))
    found.run("load_sample")
    return found


@pytest.fixture
def workers() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Whatever is started here ends with the test."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for worker in started:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen in {seconds} s"
        time.sleep(0.05)


def test_a_job_is_taken_up_again_after_its_worker_was_killed(
    installation: Installation, workers: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    state = "select state, attempts, file_name from reports_renderjob"
    installation.run("shell", "--no-imports", "-c", ASK)
    workers.append(installation.start_worker())
    _until(lambda: installation.ask(state)[0] == "running", "the first worker's start")
    os.killpg(workers[0].pid, signal.SIGKILL)
    workers[0].wait()
    assert installation.ask(state)[:2] == ("running", 1), "it was killed before it was done"

    # The lease runs out; the other worker looks for such jobs when it starts.
    installation.ask("update reports_renderjob set lease_until = '2000-01-01 00:00:00'")
    workers.append(installation.start_worker())
    _until(lambda: installation.ask(state)[0] == "done", "the end of the job")
    _state, attempts, name = installation.ask(state)
    assert attempts == 2
    assert (tmp_path / "private" / name).read_bytes().startswith(b"%PDF-")
    assert installation.ask("select count(*) from reports_renderjob") == (1,)
