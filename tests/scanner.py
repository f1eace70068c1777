"""A real virus scanner: ClamAV's daemon with one signature of ours, at a socket of its own."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nap_monitor.bootstrap import scanner as program
from nap_monitor.lib import clamd
from nap_monitor.lib.environment import Endpoint

#: What the scanner takes for a virus, and what it calls it.
VIRUS = b"NAP-MONITOR-HARMLESS-TEST-SIGNATURE"
SIGNATURE = "NapMonitor.Test.UNOFFICIAL"
#: The longest file that it takes, in bytes.
LONGEST = 1024 * 1024
START_SECONDS = 60


class Scanner:
    """The daemon in a folder of its own; it can be stopped and started again."""

    def __init__(self, folder: Path, path: str) -> None:
        # A copy: where the system guards the daemon (AppArmor), it guards the path and would not let it read this.
        self.program = folder / "clamd"
        shutil.copy2(path, self.program)
        self.config = folder / "clamd.conf"
        self.endpoint = Endpoint(path=str(folder / "socket"))
        signatures = folder / "signatures"
        signatures.mkdir()
        (signatures / "ours.ndb").write_text(f"NapMonitor.Test:0:*:{VIRUS.hex()}\n")
        lines = (
            f"DatabaseDirectory {signatures}",
            f"LocalSocket {self.endpoint.path}",
            f"TemporaryDirectory {folder}",
            f"StreamMaxLength {LONGEST}",
            "Foreground yes",
        )
        self.config.write_text("\n".join(lines) + "\n")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [str(self.program), f"--config-file={self.config}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + START_SECONDS
        while not clamd.ping(self.endpoint):
            assert self.process.poll() is None, "The scanner did not start."
            assert time.monotonic() < end, f"The scanner did not answer within {START_SECONDS} s."
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, and wait until it is gone."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None


@pytest.fixture(scope="session")
def real_scanner() -> Iterator[Scanner]:
    """The scanner, running until the last test; skipped where the machine has none (`make test` installs it)."""
    path = program.find()
    if not path:
        pytest.skip("ClamAV's daemon is not installed (package clamav-daemon).")
    # The path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        made = Scanner(Path(folder), path)
        made.start()
        yield made
        made.stop()


@pytest.fixture
def scanner(real_scanner: Scanner, settings: pytest.FixtureRequest) -> Scanner:
    """The scanner, running, and set for this installation."""
    if real_scanner.process is None:
        real_scanner.start()
    settings.CLAMD = real_scanner.endpoint
    return real_scanner
