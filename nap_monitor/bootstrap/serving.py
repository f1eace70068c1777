"""Web server, worker and schedule, started and stopped as one."""

import contextlib
import ctypes
import errno
import http.client
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from nap_monitor.bootstrap.console import PYTHON, ROOT, SetUpError, own_environment, say

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
START_SECONDS = 60
SCHEDULE_MINUTES = 15
# First a polite end; then, for a worker in the middle of a task, the second one that it takes as 'now'; then by force.
STOP_STAGES = ((signal.SIGTERM, 10.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0))
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


def port_from(text: str) -> int:
    """The port that ``PORT`` names, or the usual one."""
    text = text.strip()
    if not text:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise SetUpError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def check_free(port: int) -> None:
    """Refuse with one sentence where the port is taken or may not be used."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            other = f"choose another one, for example `make run PORT={port + 1 if 1024 <= port < 65535 else 8001}`."
            if error.errno == errno.EADDRINUSE:
                raise SetUpError(f"Port {port} on {HOST} is in use by another program: stop it or {other}") from None
            raise SetUpError(f"Port {port} on {HOST} cannot be used ({error.strerror}): {other}") from None


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux: have the kernel end a child when this process is killed outright and cannot do it any more."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A program with a process group of its own, so that a Ctrl-C reaches it through us alone."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
        )

    def runs(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Supervisor:
    """Starts the children, waits until a signal or the end of one of them, and stops them all."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.started: list[Child] = []
        self.signals = 0
        self.last_signal = -math.inf

    def _note(self, number: int, frame: FrameType | None) -> None:
        # One Ctrl-C can come twice, from the terminal and through make: within a second it is the same one.
        if time.monotonic() - self.last_signal > 1.0:
            self.signals += 1
            self.last_signal = time.monotonic()

    def __enter__(self) -> "Supervisor":
        for number in STOP_SIGNALS:
            signal.signal(number, self._note)
        for child in self.children:
            child.start()
            self.started.append(child)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def ended(self) -> Child | None:
        """A child that has ended by itself."""
        return next((child for child in self.started if not child.runs()), None)

    def going_on(self) -> bool:
        """Whether nobody has asked for the end and no child has come to its own."""
        return not self.signals and self.ended() is None

    def wait(self) -> None:
        """Wait until there is a reason to stop."""
        while self.going_on():
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop what still runs, more firmly from stage to stage; another signal goes to the next stage at once."""
        for number, patience in STOP_STAGES:
            running = [child for child in self.started if child.runs()]
            if not running:
                break
            for child in running:
                # A group gets the signal as a whole only at the end: gunicorn stops its own workers in good order.
                if number is signal.SIGKILL:
                    child.signal_group(number)
                else:
                    child.process.send_signal(number)
            seen, end = self.signals, time.monotonic() + patience
            while any(child.runs() for child in running) and time.monotonic() < end and self.signals == seen:
                time.sleep(0.05)
        for child in self.started:
            child.signal_group(signal.SIGKILL)


def answer(port: int) -> int:
    """The status with which the start page answers; 0 where nothing answers yet."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def programs(port: int, with_worker: bool) -> list[Child]:
    """The web server, the worker where tasks wait for one, and the schedule: the first run now, then by the clock.

    Threads, unlike gunicorn's plain workers, are not held up by the idle connections that a browser opens in advance.
    """
    web = [str(PYTHON), "-m", "gunicorn", "nap_monitor.wsgi:application", "--bind", f"{HOST}:{port}"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "120"]
    web += ["--graceful-timeout", "5", "--keep-alive", "5", "--log-level", "warning", "--no-control-socket"]
    worker = [str(PYTHON), "manage.py", "run_worker"]
    schedule = [str(PYTHON), "manage.py", "run_schedule", "--every", str(SCHEDULE_MINUTES)]
    schedule += ["-v", "0", "--skip-checks"]  # what there is to check, migrating and the worker have told
    return [
        Child("web server", web),
        *([Child("worker", worker)] if with_worker else []),
        Child("schedule", schedule),
    ]


def serve(port: int, programs: Sequence[Child]) -> int:
    """Run the programs, one of which serves at ``port``, until Ctrl-C; gives the exit code, 0 when asked to stop."""
    with Supervisor(programs) as supervisor:
        limit = time.monotonic() + START_SECONDS
        status = 0
        while not status and supervisor.going_on() and time.monotonic() < limit:
            time.sleep(0.1)
            status = answer(port)
        if supervisor.going_on():
            if not status:
                raise SetUpError(f"The web server has not answered within {START_SECONDS} seconds; it was stopped.")
            if status >= 500:
                raise SetUpError(f"The web server answers with error {status} (see above); it was stopped.")
            say(f"NAP Monitor runs at http://{HOST}:{port}/ (in English: http://{HOST}:{port}/en/). Ctrl-C stops it.")
            supervisor.wait()
        ended = None if supervisor.signals else supervisor.ended()
        if ended is None:
            say("\nStopping …")
    if ended is not None:
        code = ended.process.returncode
        raise SetUpError(f"The {ended.name} has ended by itself (exit code {code}, see above); everything was stopped.")
    say("NAP Monitor has stopped.")
    return 0
