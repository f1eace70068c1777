"""The real browser that the tests drive: any Chromium that starts and is not a snap."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from nap_monitor.bootstrap import machine
from nap_monitor.bootstrap.console import ROOT, own_environment

CANDIDATES = (
    "/usr/bin/chromium",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
START_SECONDS = 30


@dataclass(frozen=True)
class Browser:
    """A browser's path, or why there is none (then ``path`` is empty)."""

    path: str
    why_not: str = ""


def version(path: str) -> str:
    """What the program says to ``--version``; empty where it does not start."""
    try:
        done = subprocess.run(
            [path, "--version"],
            cwd=ROOT,
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=START_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def is_snap(path: str, said: str) -> bool:
    """Whether this is a snap (as Ubuntu's is): it sees neither our files nor our temporary folder."""
    real = str(Path(path).resolve())
    return said.endswith(" snap") or real.startswith("/snap/") or real.endswith("/bin/snap")


def find() -> Browser:
    """The browser that ``CHROMIUM`` names, else the first that starts."""
    named = os.environ.get("CHROMIUM", "").strip()
    if named:
        path = shutil.which(named)
        if path and version(path):
            return Browser(path)
        return Browser("", f"CHROMIUM names {named}, which does not start")
    snap = ""
    for candidate in CANDIDATES:
        path = shutil.which(candidate)
        said = version(path) if path else ""
        if path and said and not is_snap(path, said):
            return Browser(path)
        if path:
            snap = f" ({path} is a snap or does not start)"
    return Browser("", f"no Chromium was found{snap}: install one that is not a snap and name it with CHROMIUM=/path")


def package() -> machine.SystemPackage | None:
    """Chromium as a system package; None where apt would bring a stub for a snap, or the user has named a browser."""
    if os.environ.get("CHROMIUM", "").strip() or machine.distribution() == "ubuntu":
        return None
    return machine.SystemPackage(apt="chromium", dnf="chromium", brew="chromium", is_there=lambda: bool(find().path))
