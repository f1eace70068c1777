"""``python -m nap_monitor.bootstrap <what>``, as the Makefile calls it."""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from nap_monitor.bootstrap import envfile, frontend, installation, machine, packages, serving, suite
from nap_monitor.bootstrap.console import PYTHON, ROOT, VAR, VENV, SetUpError, own_environment, say, step

INTERRUPTED = 130


@contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time in this folder: a second one waits for the first."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    with (VAR / "set-up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Waiting for another set-up in this folder"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run() -> int:
    """``make run``: everything from a fresh clone to a page that answers."""
    port = serving.port_from(os.environ.get("PORT", ""))
    serving.check_free(port)
    say("NAP Monitor")
    with alone():
        machine.ensure(packages.system_packages())
        packages.install("base")
        frontend.install("base")
        # Where the environment brings the key, it configures the installation, and no file is needed.
        if not os.environ.get("SECRET_KEY") and envfile.write():
            say("  Settings with a new key: .env")
        if not os.environ.get("SITE_URL") and not envfile.sets("SITE_URL"):
            # Links in mail lead to where this installation is served.
            os.environ["SITE_URL"] = f"http://{serving.HOST}:{port}"
        found = installation.prepare_database()
        # Before the data: what is loaded keeps its labels in both languages.
        installation.compile_catalogues()
        installation.load_data(found)
        installation.collect_static(found)
        installation.show_accounts(found)
    return serving.serve(port, serving.programs(port, found.worker))


def set_up_tools() -> None:
    """What developing takes beyond running: the packages of requirements/dev.txt and all of package-lock.json."""
    with alone():
        machine.ensure(packages.system_packages())
        packages.install("dev")
        frontend.install("dev")


def test() -> int:
    """``make test``: set-up for the whole suite, and the suite."""
    say("NAP Monitor: tests")
    with alone():
        machine.ensure([*packages.system_packages(), *suite.packages_of_tests()])
        packages.install("dev")
        frontend.install("dev")
    return suite.run(require_all=bool(os.environ.get("REQUIRE_ALL")))


def style_sheets() -> int:
    """``make frontend``: what is served from node_modules, for an installation whose other steps are done by hand."""
    with alone():
        frontend.install("base")
    say("node_modules holds the front-end packages of package-lock.json.")
    return 0


def with_tools(*arguments: str) -> int:
    """Run our Python with these arguments, apart from the settings of this machine."""
    set_up_tools()
    return subprocess.run([PYTHON, *arguments], cwd=ROOT, env=suite.test_environment(), check=False).returncode


def bench() -> int:
    """``make bench``: the measurements."""
    return with_tools("-m", "tests.bench")


def locks() -> int:
    """``make locks``: the locks anew from pyproject.toml; UPGRADE=1 takes newer versions."""
    with alone():
        packages.compile_locks(upgrade=bool(os.environ.get("UPGRADE")))
    return 0


def messages() -> int:
    """``make messages``: the strings of code and templates into the catalogues."""
    form = ("--locale=ko", "--locale=en", "--add-location=file", "--no-wrap")
    return with_tools("manage.py", "makemessages", *form, *installation.NOT_OURS)


def pictures() -> int:
    """``make pictures``: the pictures of README and help, from the running program."""
    return with_tools("-m", "tests.pictures")


def dictionary() -> int:
    """``make dictionary``: docs/data-dictionary.md, from the models."""
    return with_tools("manage.py", "write_dictionary")


def tidy() -> int:
    """``make format``: the code in ruff's form."""
    set_up_tools()
    ruff = VENV / "bin" / "ruff"
    codes = [
        subprocess.run([str(ruff), *arguments, "."], cwd=ROOT, env=own_environment(), check=False).returncode
        for arguments in (("check", "--fix"), ("format",))
    ]
    return max(codes)


COMMANDS: dict[str, Callable[[], int]] = {
    "run": run,
    "test": test,
    "frontend": style_sheets,
    "bench": bench,
    "locks": locks,
    "messages": messages,
    "pictures": pictures,
    "dictionary": dictionary,
    "format": tidy,
}


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Do what is asked; gives the exit code. A reason to stop is one sentence, never a traceback."""
    parser = argparse.ArgumentParser(prog="nap_monitor.bootstrap")
    parser.add_argument("command", choices=COMMANDS)
    command = parser.parse_args().command
    for number in serving.STOP_SIGNALS:
        signal.signal(number, _interrupt)
    os.chdir(ROOT)
    try:
        return COMMANDS[command]()
    except SetUpError as stop:
        sys.stdout.flush()
        sys.stderr.write(f"\n{stop}\n")
        return 1
    except PermissionError as error:
        sys.stderr.write(f"\n{error.filename} belongs to another user, such as root after a start with sudo.\n")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted; the same command goes on from here.")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
