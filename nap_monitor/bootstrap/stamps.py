"""Stamps: what a step was last done for, so that a second run skips it while nothing has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from nap_monitor.bootstrap.console import ROOT


def digest(*parts: str) -> str:
    """One SHA-256 over several texts; where one ends and the next begins counts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode()
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def digest_of_files(paths: Iterable[Path], base: Path = ROOT) -> str:
    """One SHA-256 over the names (relative to ``base``) and contents of files, in any order."""
    rows = []
    for path in set(paths):
        rows.append(f"{path.relative_to(base).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return digest(*sorted(rows))


class Stamp:
    """A small file that holds a digest. It is written after the step, so a step that was cut short is done again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> str | None:
        """The digest that the step was last done for; None where it was never done."""
        try:
            return self.path.read_text().strip() or None
        except (FileNotFoundError, NotADirectoryError):
            return None

    def matches(self, value: str) -> bool:
        """Whether the step was last done for this digest."""
        return self.read() == value

    def write(self, value: str) -> None:
        """Note that the step has been done for this digest."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(value + "\n")

    def clear(self) -> None:
        """Forget it: the step is to be done again."""
        self.path.unlink(missing_ok=True)
