"""``make pictures``: the README's pictures (``docs/screens``) and those of the help (``static/help``), made anew.

``python -m tests.pictures screens`` makes the README's alone, ``python -m tests.pictures help`` the help's.
"""

import sys
import tempfile
from pathlib import Path

from tests.pictures import guides, screens
from tests.pictures.program import ROOT, Program, running

PARTS = {"help": guides, "screens": screens}


def main(parts: list[str]) -> int:
    """Make the pictures of the parts that are named, all of them by default."""
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"There are no pictures {unknown[0]!r}: name some of {', '.join(PARTS)}, or nothing for all.")
        return 2
    with tempfile.TemporaryDirectory(prefix="nap-pictures-") as name, running(Path(name)) as program:
        for part in parts or PARTS:
            _make(part, program)
    return 0


def _make(part: str, program: Program) -> None:
    made = PARTS[part].make(program)
    for file in made:
        print(f"  {file.relative_to(ROOT)} ({file.stat().st_size // 1024} kB)")
    stale = {file for file in PARTS[part].TARGET.rglob("*.*") if file.is_file()} - set(made)
    for file in stale:
        print(f"  {file.relative_to(ROOT)} is no longer made, and removed")
        file.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
