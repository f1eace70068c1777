"""A real worker is killed while it makes a document, and another one takes the job up again."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

#: Each database has its own worker killed; what is asked here is in a database of its own.
pytestmark = pytest.mark.database

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
    """A sample installation of its own: a database, a folder for private files, and commands in processes."""

    def __init__(self, folder: Path, database: str) -> None:
        self.database = database
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "SECRET_KEY": "x" * 50,
            "DATABASE_URL": database,
            "PRIVATE_ROOT": str(folder / "private"),
            "TMPDIR": str(folder),
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
        if self.database.startswith("postgres"):
            with psycopg.connect(self.database, autocommit=True) as connected:
                found = connected.execute(sql)
                return found.fetchone() if found.description else None
        connected = sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=20)
        try:
            with connected:
                return connected.execute(sql).fetchone()
        finally:
            connected.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of the kind that this run tests with."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'db.sqlite3'}"
        return
    server = os.environ["TEST_RUN_DATABASE_URL"].rpartition("/")[0]
    name = f"{connection.settings_dict['NAME']}_killed"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connected:
        connected.execute(f'drop database if exists "{name}" with (force)')
        connected.execute(f'create database "{name}"')
        yield f"{server}/{name}"
        connected.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def installation(tmp_path: Path, database: str) -> Installation:
    """With a small plan and its sample years."""
    found = Installation(tmp_path, database)
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


def _renderer_of(worker: int) -> int | None:
    """The process that renders for this worker, if it is alive."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == worker and b"pdf_worker.py" in (folder / "cmdline").read_bytes():
                return int(folder.name)
    return None


def _is_gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_job_is_taken_up_again_after_its_worker_was_killed_in_the_middle_of_it(
    installation: Installation, workers: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    state = "select state, attempts, file_name from reports_renderjob"
    installation.run("shell", "--no-imports", "-c", ASK)
    workers.append(installation.start_worker())
    _until(lambda: _renderer_of(workers[0].pid) is not None, "the first worker's rendering")
    renderer = _renderer_of(workers[0].pid)
    os.kill(renderer, signal.SIGSTOP)  # it is held in the middle of its work
    os.kill(workers[0].pid, signal.SIGKILL)
    workers[0].wait()
    assert installation.ask(state)[:2] == ("running", 1), "it was killed before it was done"
    assert not _is_gone(renderer)
    os.kill(renderer, signal.SIGCONT)
    _until(lambda: _is_gone(renderer), "the end of the renderer that nobody waits for")
    _until(lambda: not list(tmp_path.glob("nap-pdf-*")), "the end of its folder")

    # The lease runs out; the other worker looks for such jobs when it starts.
    installation.ask("update reports_renderjob set lease_until = '2000-01-01 00:00:00'")
    workers.append(installation.start_worker())
    _until(lambda: installation.ask(state)[0] == "done", "the end of the job")
    _state, attempts, name = installation.ask(state)
    assert attempts == 2
    assert (tmp_path / "private" / name).read_bytes().startswith(b"%PDF-")
    assert installation.ask("select count(*) from reports_renderjob") == (1,)
