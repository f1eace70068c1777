"""What the tests of the set-up share: a copy of what it needs, programs to put on the path, and a clean environment."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nap_monitor.bootstrap import envfile
from nap_monitor.bootstrap.console import ROOT

#: Seconds after which a program hangs. Making a ``.venv`` takes five on an idle machine, and over sixty on a busy one,
#: which is no fault.
PATIENCE = 600
FOREIGN = {*envfile.names(), "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PORT", "PYTHON", "DJANGO_SETTINGS_MODULE"}


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a person at a terminal: nothing of the tests' settings, nothing of an outer make."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN and "TEST" not in name}
    return {**kept, **more}


def copy_tree(target: Path, *names: str) -> Path:
    """Copy files and folders of the project, without what was generated."""
    ignore = shutil.ignore_patterns("__pycache__", "*.mo")
    for name in names:
        source, copy = ROOT / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=ignore)
        else:
            shutil.copy2(source, copy)
    return target


def bare_copy(target: Path) -> Path:
    """A copy that can begin to set itself up, and has nothing installed."""
    names = ("Makefile", ".env.example", "requirements", "package.json", "package-lock.json")
    return copy_tree(target, *names, "nap_monitor/__init__.py", "nap_monitor/bootstrap")


def program(path: Path, text: str) -> Path:
    """A shell script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def link_programs(folder: Path, *names: str) -> Path:
    """A folder that holds these programs of the machine and no others, to be the whole path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def call(
    command: Sequence[str | Path], cwd: Path, env: dict[str, str], timeout: float = PATIENCE
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def call_python(script: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a Python script with the project of ``cwd`` in its path."""
    return call([sys.executable, "-c", script], cwd, env)


def wait_until(condition: Callable[[], object], limit: float = 30) -> bool:
    """Whether the condition comes true within ``limit`` seconds."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def is_alive(pid: int) -> bool:
    """Whether a process with this number runs (one that has ended and waits to be collected does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
