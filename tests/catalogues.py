"""The catalogues that the tests read: compiled where somebody edited one and runs the tests by themselves."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"


def compile_stale() -> None:
    """Compile each catalogue that has no compiled one, or an older one; whole or not at all."""
    for source in sorted(LOCALE.rglob("*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        if shutil.which("msgfmt") is None:
            raise SystemExit(f"{source.relative_to(ROOT)} is not compiled, and gettext is not installed.")
        fresh = compiled.with_suffix(".mo.new")
        subprocess.run(["msgfmt", "-o", fresh, source], check=True)
        fresh.replace(compiled)
