"""Port, start and stop of the programs behind ``make run``, as real processes."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nap_monitor.bootstrap import serving
from nap_monitor.bootstrap.console import ROOT, SetUpError
from tests.nap_monitor.setup_tools import bare_copy, call, clean_environment, free_port, is_alive, wait_until

pytestmark = pytest.mark.one_database  # the set-up is the same on both

DRIVER = """
import sys
from nap_monitor.bootstrap.console import SetUpError
from nap_monitor.bootstrap.serving import Child, serve
port, first, second = int(sys.argv[1]), sys.argv[2], sys.argv[3]
try:
    sys.exit(serve(port, [Child("web server", [sys.executable, "-c", first, str(port)]),
                          Child("worker", [sys.executable, "-c", second])]))
except SetUpError as error:
    print(error)
    sys.exit(1)
"""
NOTE = "import os, pathlib; pathlib.Path('{folder}', '{name}').write_text(str(os.getpid()))\n"
WEB = """
import http.server, subprocess, sys, time
time.sleep(0.5)
subprocess.Popen([sys.executable, "-c", {grandchild!r}])
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status})
        self.end_headers()
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
SLEEP = "import time; time.sleep(120)\n"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


@pytest.fixture
def port() -> int:
    """A free port."""
    return free_port()


class Trial:
    """A supervisor of two programs, in a process group of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def start(self, worker: str = SLEEP, status: int = 200, deaf: bool = False) -> None:
        """Start it; every program notes its number in a file."""
        notes = {name: NOTE.format(folder=self.folder, name=name) for name in ("web", "worker", "grandchild")}
        web = WEB.format(grandchild=notes["grandchild"] + DEAF + SLEEP, status=status)
        first, second = notes["web"] + web, notes["worker"] + (DEAF if deaf else "") + worker
        self.output = (self.folder / "output").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(self.port), first, second],
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self) -> str:
        """What was printed so far."""
        return (self.folder / "output").read_text()

    def pids(self) -> dict[str, int]:
        """The numbers of the programs that have started."""
        names = ("web", "worker", "grandchild")
        noted = {name: (self.folder / name).read_text() for name in names if (self.folder / name).exists()}
        return {name: int(text) for name, text in noted.items() if text}

    def until_it_runs(self) -> dict[str, int]:
        """Wait for the address, and give the numbers of all three programs."""
        assert wait_until(lambda: "runs at" in self.said() and len(self.pids()) == 3), self.said()
        return self.pids()

    def end(self) -> int:
        """Wait for the exit code; nothing that was started may be left."""
        code = self.process.wait(30)
        assert wait_until(lambda: not any(map(is_alive, self.pids().values())), 10), self.pids()
        return code


@pytest.fixture
def trial(tmp_path: Path, port: int) -> Iterator[Trial]:
    """A trial, of which nothing is left afterwards."""
    one = Trial(tmp_path, port)
    yield one
    for pid in [one.process.pid, *one.pids().values()]:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    one.process.wait(10)
    one.output.close()


@pytest.mark.parametrize(("text", "expected"), [("", 8000), ("  ", 8000), ("9000", 9000), (" 1 ", 1), ("65535", 65535)])
def test_the_port_is_read(text: str, expected: int) -> None:
    assert serving.port_from(text) == expected


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", "8000.0", "٨٠٠٠"])
def test_a_wrong_port_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SetUpError, match="it must be a number from 1 to 65535"):
        serving.port_from(text)


def test_a_free_port_is_free_right_after_its_last_use(port: int) -> None:
    serving.check_free(port)
    serving.check_free(port)


@pytest.mark.parametrize("place", ["argument", "environment"])
def test_make_run_at_a_busy_port_says_so_before_anything_is_set_up(tmp_path: Path, place: str) -> None:
    copy = bare_copy(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        busy = str(other.getsockname()[1])
        if place == "argument":
            done = call(["make", "run", f"PORT={busy}"], copy, clean_environment(PYTHON=sys.executable))
        else:
            done = call(["make", "run"], copy, clean_environment(PYTHON=sys.executable, PORT=busy))
    assert done.returncode != 0
    assert f"Port {busy} on 127.0.0.1 is in use by another program: stop it or choose another one" in done.stderr
    assert done.stdout == ""
    assert not (copy / ".venv").exists()
    assert not (copy / "var").exists()


def test_the_address_is_printed_when_the_page_answers(trial: Trial) -> None:
    trial.start()
    trial.until_it_runs()
    assert serving.answer(trial.port) == 200
    assert f"http://127.0.0.1:{trial.port}/" in trial.said()
    assert serving.answer(1) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_to_the_group_stops_everything(trial: Trial, number: signal.Signals) -> None:
    trial.start()
    pids = trial.until_it_runs()
    assert all(map(is_alive, pids.values()))
    os.killpg(trial.process.pid, number)
    assert trial.end() == 0
    assert trial.said().endswith("NAP Monitor has stopped.\n")


def test_a_program_that_does_not_listen_is_ended_by_the_next_signals(trial: Trial) -> None:
    trial.start(deaf=True)
    trial.until_it_runs()
    os.killpg(trial.process.pid, signal.SIGINT)
    for _ in range(2):
        assert not wait_until(lambda: trial.process.poll() is not None, 1.2)
        os.killpg(trial.process.pid, signal.SIGINT)
    assert trial.end() == 0


@pytest.mark.parametrize(("name", "what"), [("web", "web server"), ("worker", "worker")])
def test_where_one_program_dies_the_other_is_stopped_and_it_is_an_error(trial: Trial, name: str, what: str) -> None:
    trial.start()
    os.kill(trial.until_it_runs()[name], signal.SIGKILL)
    assert trial.end() == 1
    assert f"The {what} has ended by itself (exit code -9, see above); everything was stopped." in trial.said()


def test_a_worker_that_does_not_even_start_stops_the_start(trial: Trial) -> None:
    trial.start(worker="raise SystemExit(3)")
    assert trial.end() == 1
    assert "The worker has ended by itself (exit code 3, see above)" in trial.said()
    assert "runs at" not in trial.said()


def test_a_page_that_answers_with_an_error_stops_the_start(trial: Trial) -> None:
    trial.start(status=500)
    assert trial.end() == 1
    assert "The web server answers with error 500 (see above); it was stopped." in trial.said()


def test_where_the_supervisor_is_killed_outright_its_programs_end(trial: Trial) -> None:
    trial.start()
    pids = trial.until_it_runs()
    os.kill(trial.process.pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pids["web"]) and not is_alive(pids["worker"]), 10)
