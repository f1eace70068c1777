"""The virtual environment ``.venv`` and the packages of the hashed locks under ``requirements/``."""

import shutil
import sys
from pathlib import Path

from nap_monitor.bootstrap import machine
from nap_monitor.bootstrap.console import PYTHON, ROOT, VENV, SetUpError, attempt, own_environment, run, say, step
from nap_monitor.bootstrap.stamps import Stamp, digest

LOCKS = ROOT / "requirements"
STAMPS = VENV / "stamps"
MADE_AT = VENV / "made-at"
SUPPORTED = ("3.11", "3.12", "3.13")
PIP = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--require-hashes")


def venv_version() -> str:
    """The full version of the Python in ``.venv``; empty where there is none that works here with a pip of its own."""
    moved = MADE_AT.is_file() and MADE_AT.read_text().strip() != str(VENV.resolve())
    if moved or not PYTHON.exists():
        return ""
    script = "import sys, pip; print('.'.join(map(str, sys.version_info[:3])))"
    asked = attempt([PYTHON, "-c", script])
    answer = asked.stdout.strip()
    return answer if asked.returncode == 0 and answer.rpartition(".")[0] in SUPPORTED else ""


def ensure_venv() -> str:
    """Make ``.venv`` where there is none that works, and give the version of its Python."""
    if version := venv_version():
        return version
    with step(f"Python environment .venv (Python {sys.version_info.major}.{sys.version_info.minor})"):
        if VENV.is_symlink():
            VENV.unlink()
        elif VENV.exists():
            shutil.rmtree(VENV)
        run([sys.executable, "-m", "venv", VENV], failure=f"{sys.executable} could not make .venv; see above.")
        MADE_AT.write_text(f"{VENV.resolve()}\n")
    version = venv_version()
    if not version:
        raise SetUpError(
            f"{sys.executable} made a .venv that does not work: name another with PYTHON=/path/to/python3."
        )
    return version


def ensure_uv(version: str) -> bool:
    """Put uv, the quick installer, into ``.venv``; False where it cannot be had."""
    lock = LOCKS / "uv.txt"
    stamp, wanted = Stamp(STAMPS / "uv"), digest(version, lock.read_text())
    if not stamp.matches(wanted):
        if attempt([*PIP, "-r", lock]).returncode != 0:
            return False
        stamp.write(wanted)
    return True


def _install_with_uv(lock: Path, *more: str) -> str:
    """Install a lock with uv; gives why it failed, empty when it did not."""
    command = ["pip", "install", "--python", str(PYTHON), "--require-hashes", "--compile-bytecode", *more]
    command += ["-r", str(lock)]
    done = attempt([VENV / "bin" / "uv", "--no-progress", *command], own_environment(UV_PYTHON_DOWNLOADS="never"))
    return "" if done.returncode == 0 else next(iter(done.stdout.strip().splitlines()), "it gave no reason")


def _install_lock(what: str, name: str, version: str, *more: str) -> None:
    """Install ``requirements/<name>.txt`` with uv, or with pip where uv does not get through."""
    lock = LOCKS / f"{name}.txt"
    with step(f"{what} (requirements/{name}.txt)"):
        why_not = _install_with_uv(lock, *more) if ensure_uv(version) else "it could not be installed"
        if why_not:
            say(f"uv does not get through, so pip takes over, which is slower ({why_not})")
            say("  … ", end="")
            run(
                [*PIP, "--compile", *more, "-r", lock],
                failure=f"The packages of requirements/{name}.txt could not be installed; see above.",
            )


def install(name: str) -> None:
    """Install ``requirements/<name>.txt`` (base or dev; dev holds all of base), unless it has been done."""
    version = ensure_venv()
    locks = {known: digest(version, (LOCKS / f"{known}.txt").read_text()) for known in ("base", "dev")}
    if Stamp(STAMPS / name).matches(locks[name]):
        return
    # Another version of a package may come in: what the other stamp says need not hold any more.
    for known in locks:
        Stamp(STAMPS / known).clear()
    _install_lock("Python packages", name, version)
    for known in ("base", "dev") if name == "dev" else ("base",):
        Stamp(STAMPS / known).write(locks[known])


def install_node() -> Path:
    """Put Node.js with npm into ``.venv``, unless it is there; gives the path of its npm."""
    version = ensure_venv()
    stamp, wanted = Stamp(STAMPS / "node"), digest(version, (LOCKS / "node.txt").read_text())
    if not stamp.matches(wanted):
        # Where no wheel fits, building Node.js from its source would take an hour.
        _install_lock("Node.js with npm", "node", version, "--only-binary=:all:")
        stamp.write(wanted)
    return VENV / "bin" / "npm"


def system_packages() -> list[machine.SystemPackage]:
    """The system packages that running takes; with the means to make ``.venv``, where that is still to be made."""
    return [*machine.NEEDED, *([] if venv_version() else [machine.PYTHON_VENV])]


def compile_locks(upgrade: bool) -> None:
    """Write the locks anew from ``pyproject.toml``; without ``upgrade`` what is pinned stays where it still fits."""
    machine.ensure(system_packages())
    if not ensure_uv(ensure_venv()):
        raise SetUpError("The locks are compiled with uv, and uv could not be installed from requirements/uv.txt.")
    form = ["--universal", "--generate-hashes", "--no-header", "--python-version", "3.11"]
    without_addresses = ["--no-emit-index-url", "--no-emit-find-links"]
    for target, source in (
        ("uv.txt", ["requirements/uv.in"]),
        ("node.txt", ["requirements/node.in", "--only-binary=:all:"]),
        ("base.txt", ["pyproject.toml"]),
        ("dev.txt", ["pyproject.toml", "--extra", "dev", "-c", "requirements/base.txt"]),
    ):
        with step(f"requirements/{target}"):
            more = ["--upgrade"] if upgrade else []
            command = [*source, *form, *without_addresses, *more, "-o", f"requirements/{target}", "--quiet"]
            run([VENV / "bin" / "uv", "pip", "compile", *command], failure=f"requirements/{target} was not compiled.")
