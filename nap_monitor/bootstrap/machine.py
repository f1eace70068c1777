"""System packages: what is missing on this machine, and getting it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nap_monitor.bootstrap.console import SetUpError, attempt, run, say, step, tail

LIBRARY_DIRECTORIES = ("", "/opt/homebrew/lib/", "/usr/local/lib/")


@dataclass(frozen=True, kw_only=True)
class SystemPackage:
    """Something that pip cannot bring, with its name for three package managers and the proof that it is there."""

    apt: str
    dnf: str
    brew: str
    is_there: Callable[[], bool]


def library_loads(name: str, version: int) -> bool:
    """Whether the loader finds a shared library; asked in a new process, which also sees one just installed."""
    names = [f"lib{name}.so.{version}", f"lib{name}.{version}.dylib"]
    paths = [directory + file for file in names for directory in LIBRARY_DIRECTORIES]
    script = (
        "import ctypes, sys\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        ctypes.CDLL(path)\n"
        "    except OSError:\n"
        "        continue\n"
        "    sys.exit(0)\n"
        "sys.exit(1)\n"
    )
    return attempt([sys.executable, "-c", script, *paths]).returncode == 0


def can_make_venv() -> bool:
    """Whether this Python brings what a virtual environment is made of; Debian keeps it in a package of its own."""
    return attempt([sys.executable, "-c", "import ensurepip, venv"]).returncode == 0


PANGO = SystemPackage(apt="libpango-1.0-0", dnf="pango", brew="pango", is_there=lambda: library_loads("pango-1.0", 0))
PANGOFT2 = SystemPackage(
    apt="libpangoft2-1.0-0", dnf="pango", brew="pango", is_there=lambda: library_loads("pangoft2-1.0", 0)
)
# Nothing pulls this one in; without it WeasyPrint falls back in silence and is several times slower on Korean fonts.
HARFBUZZ_SUBSET = SystemPackage(
    apt="libharfbuzz-subset0", dnf="harfbuzz", brew="harfbuzz", is_there=lambda: library_loads("harfbuzz-subset", 0)
)
GETTEXT = SystemPackage(
    apt="gettext",
    dnf="gettext",
    brew="gettext",
    is_there=lambda: all(shutil.which(program) for program in ("msgfmt", "msgmerge", "xgettext")),
)
PYTHON_VENV = SystemPackage(
    apt=f"python3.{sys.version_info.minor}-venv",
    dnf="python3",
    brew=f"python@3.{sys.version_info.minor}",
    is_there=can_make_venv,
)
NEEDED = (PANGO, PANGOFT2, HARFBUZZ_SUBSET, GETTEXT)


def missing_packages(packages: Sequence[SystemPackage]) -> list[SystemPackage]:
    """Those of ``packages`` that this machine does not have."""
    return [package for package in packages if not package.is_there()]


def sentence(missing: Sequence[SystemPackage]) -> str:
    """What to do where we may not install: one sentence with the names for apt, dnf and brew."""
    apt, dnf, brew = (
        " ".join(dict.fromkeys(getattr(package, manager) for package in missing)) for manager in ("apt", "dnf", "brew")
    )
    return (
        "System packages are missing and cannot be installed from here (that takes apt-get with root or sudo): "
        f"install them with `apt-get install {apt}` (Debian, Ubuntu), `dnf install {dnf}` (Fedora) or "
        f"`brew install {brew}` (macOS) and run the same command again."
    )


def apt_prefix() -> list[str] | None:
    """What to put before ``apt-get``: nothing for root, sudo for others; None where neither is to be had."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if attempt(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin.isatty() else None


def install_with_apt(missing: Sequence[SystemPackage], prefix: Sequence[str]) -> None:
    """Install with apt-get, or stop and say what could not be installed."""
    names = list(dict.fromkeys(package.apt for package in missing))
    settings = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    apt = [*prefix, *settings, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    if list(prefix) == ["sudo"]:
        say("  sudo may now ask for your password, to install " + " ".join(names))
        subprocess.run(["sudo", "-v"], check=False)
    with step("System packages with apt-get: " + " ".join(names)):
        # A fresh machine has no lists. One list that cannot be read need not matter, so only the installation decides.
        lists = attempt([*apt, "update"])
        try:
            run([*apt, "install", "-y", "--no-install-recommends", *names], failure="apt-get failed; see above.")
        except SetUpError as stop:
            heard = f"{tail(lists.stdout, 5)}\n" if lists.returncode != 0 else ""
            raise SetUpError(f"{heard}{stop}\n{sentence(missing)}") from None
    if still := missing_packages(missing):
        raise SetUpError(
            f"apt-get has installed {' '.join(names)}, but this Python ({sys.executable}) does not find "
            f"{' '.join(package.apt for package in still)}: name another with PYTHON=/path/to/python3."
        )


def ensure(packages: Sequence[SystemPackage]) -> None:
    """Install those of ``packages`` that are missing, or stop with the one sentence that names them."""
    missing = missing_packages(packages)
    if not missing:
        return
    prefix = apt_prefix()
    if prefix is None:
        raise SetUpError(sentence(missing))
    install_with_apt(missing, prefix)


def distribution(path: Path = Path("/etc/os-release")) -> str:
    """The ``ID`` of the Linux distribution, such as ``debian``; empty where there is none."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return ""
    return next((line.removeprefix("ID=").strip("\"'") for line in lines if line.startswith("ID=")), "")
