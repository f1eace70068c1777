"""What the set-up says, and how it runs other programs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
VAR = ROOT / "var"
PYTHON = VENV / "bin" / "python"

# These would make another Python's packages visible in ours, or send pip's packages elsewhere.
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV")

TAIL_LINES = 25


class SetUpError(Exception):
    """The work cannot go on. The message is the one sentence that says why and what to do."""


def say(text: str = "", end: str = "\n") -> None:
    """Write to standard output at once, also where it is a file or a pipe."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """One line of progress: the name when the step begins, the seconds it took when it is done."""
    say(f"  {name} … ", end="")
    begin = time.monotonic()
    try:
        yield
    except BaseException:
        say("not done")
        raise
    say(f"done ({time.monotonic() - begin:.1f} s)")


def seconds(begin: float) -> str:
    """The time since ``begin`` (of ``time.monotonic``) as it is printed."""
    return f"{time.monotonic() - begin:.1f} s"


def own_environment(**more: str) -> dict[str, str]:
    """The environment for programs of ``.venv``: the caller's, without what leads Python astray."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**kept, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **more}


def tail(output: str, lines: int = TAIL_LINES) -> str:
    """The last lines of a program's output."""
    return "\n".join(output.rstrip().splitlines()[-lines:])


def attempt(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program without a terminal to read from, and keep what it says (both streams, in order, as ``stdout``)."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=dict(env) if env is not None else own_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def run(command: Sequence[str | Path], failure: str, env: Mapping[str, str] | None = None) -> str:
    """Run a program and give its output; when it fails, stop with the sentence ``failure`` under its last lines."""
    done = attempt(command, env)
    if done.returncode != 0:
        raise SetUpError(f"{tail(done.stdout)}\n{failure}".lstrip())
    return done.stdout


def manage(*arguments: str, failure: str = "", env: Mapping[str, str] | None = None) -> str:
    """Run a management command and give its output."""
    return run(
        [PYTHON, "manage.py", *arguments], failure or f"`manage.py {' '.join(arguments)}` failed; see above.", env=env
    )
