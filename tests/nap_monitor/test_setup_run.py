"""``make run`` as a whole: from a copy with nothing in it to a page that answers, and again."""

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from nap_monitor.bootstrap import serving
from nap_monitor.bootstrap.console import ROOT, VENV
from tests.nap_monitor.setup_tools import call_python, clean_environment, copy_tree, free_port, wait_until

pytestmark = pytest.mark.one_database  # it makes its own

TREE = ("Makefile", ".env.example", "manage.py", "pyproject.toml", "requirements", "package.json", "package-lock.json")
FLOORS = ("nap_monitor", "objectives", "ministries", "reports", "templates", "fixtures", "static", "locale")
PACKAGES = ("Python packages", "Front-end packages", "Node.js")


class Run:
    """One ``make run`` in a process group of its own, as at a terminal."""

    def __init__(self, tree: Path, number: int) -> None:
        self.port, self.tree, self.log = free_port(), tree, tree.parent / f"{number}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["make", "run", f"PORT={self.port}"],
                cwd=tree,
                env=clean_environment(PYTHON=sys.executable),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """What was printed so far."""
        return self.log.read_text()

    def until_it_runs(self) -> list[str]:
        """Wait for the address; gives the steps that were taken (but for packages, which the tests bring along)."""
        up = wait_until(lambda: "runs at" in self.said() or self.process.poll() is not None, 240)
        assert up, self.said()
        assert self.process.poll() is None, self.said()
        steps = re.findall(r"^  (.+) … done \([0-9.]+ s\)$", self.said(), flags=re.MULTILINE)
        return [step for step in steps if not step.startswith(PACKAGES)]

    def interrupt(self) -> float:
        """Press Ctrl-C; gives the processor's seconds that all took together. Nothing may be left."""
        os.killpg(self.process.pid, signal.SIGINT)
        _, _, used = os.wait4(self.process.pid, 0)
        self.process.returncode = 0
        assert wait_until(lambda: not left(self.tree), 10), left(self.tree)
        assert "NAP Monitor has stopped." in self.said()
        return used.ru_utime + used.ru_stime


def left(tree: Path) -> list[int]:
    """The programs that still run out of this copy."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(tree / ".venv").encode() in place.read_bytes():
                found.append(int(place.parent.name))
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A copy of the project without data, which borrows the packages."""
    copy = copy_tree(tmp_path / "clone", *TREE, *FLOORS)
    (copy / ".venv").symlink_to(VENV.resolve())
    (copy / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    yield copy
    for pid in left(copy):
        os.kill(pid, signal.SIGKILL)


def name_of(email: str, tree: Path, new: str = "") -> str:
    """The name of a person in the copy's database; with ``new`` it is changed first."""
    with closing(sqlite3.connect(tree / "var" / "db.sqlite3")) as connection, connection:
        if new:
            connection.execute("update accounts_user set name = ? where email = ?", [new, email])
        return str(connection.execute("select name from accounts_user where email = ?", [email]).fetchone()[0])


def ended_runs(tree: Path) -> int:
    """How often the schedule has run to its end in the copy."""
    asked = "select count(*) from ministries_schedulerun where finished_at is not null"
    with closing(sqlite3.connect(tree / "var" / "db.sqlite3")) as connection:
        return int(connection.execute(asked).fetchone()[0])


REMOVED = """
from nap_monitor.bootstrap import installation
before = installation.look()
print(before.pending, bool(installation.data_stamp(before).read()))
(installation.VAR / "db.sqlite3").unlink()
print(installation.look().pending)
after = installation.prepare_database()
print(after.pending, installation.data_stamp(after).read())
"""


def test_make_run_sets_up_serves_stops_and_comes_back_with_the_data(tree: Path) -> None:
    first = Run(tree, 1)
    assert first.until_it_runs() == [
        "Database",
        "Translations",
        "Bodies",
        "Plan",
        "Sample year and accounts",
        "Static files",
    ]
    assert serving.answer(first.port) in {200, 302}
    assert stat.S_IMODE((tree / ".env").stat().st_mode) == 0o600
    assert "coordinator@example.org" in first.said()
    # The schedule runs beside: no fault of reminders that nobody sends on the coordinator's first page.
    assert wait_until(lambda: ended_runs(tree) == 1, 30), first.said()
    first.interrupt()
    settings = (tree / ".env").read_text()
    assert name_of("coordinator@example.org", tree, new="Changed by hand") == "Changed by hand"

    second = Run(tree, 2)
    assert second.until_it_runs() == []
    assert serving.answer(second.port) in {200, 302}
    assert wait_until(lambda: ended_runs(tree) == 2, 30), second.said()
    # The promise is ten seconds by the clock; the processor's seconds hold it on a machine with other work to do.
    assert second.interrupt() < 10
    assert name_of("coordinator@example.org", tree) == "Changed by hand"
    assert (tree / ".env").read_text() == settings

    # A database that was removed is a new one, into which nothing has been loaded yet.
    asked = call_python(REMOVED, tree, clean_environment())
    assert [line for line in asked.stdout.splitlines() if " … " not in line] == ["False True", "True", "False None"], (
        asked.stderr
    )
