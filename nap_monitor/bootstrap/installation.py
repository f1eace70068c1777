"""Database, plan, sample year, catalogues and static files: each step only where something has changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nap_monitor.bootstrap.console import PYTHON, ROOT, VAR, SetUpError, attempt, manage, say, step
from nap_monitor.bootstrap.stamps import Stamp, digest, digest_of_files

STAMPS = VAR / "stamps"
FLOORS = ("nap_monitor", "objectives", "ministries", "reports")
BODIES = "fixtures/reference.yaml"
PLAN = "fixtures/nap3.yaml"
NOT_OURS = ("--ignore=.venv", "--ignore=var", "--ignore=node_modules")


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What the settings and the database say (from ``probe.py``)."""

    identity: str  # when the database was first migrated: another database has another one; empty for an empty one
    pending: bool  # migrations are to be applied
    sample: bool  # a sample installation
    worker: bool  # background tasks go through the database, so a worker is needed
    static_root: str


def look() -> Installation:
    """Ask the settings and the database, or stop with the sentence why they cannot be used."""
    asked = attempt([PYTHON, "-m", "nap_monitor.bootstrap.probe"])
    try:
        answer = json.loads(asked.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        raise SetUpError(f"{asked.stdout}\nThe settings cannot be read; see above.".lstrip()) from None
    if "error" in answer:
        raise SetUpError(answer["error"])
    return Installation(**answer)


def prepare_database() -> Installation:
    """Apply pending migrations; gives the installation as it is then."""
    found = look()
    if found.pending:
        with step("Database"):
            manage("migrate", "--no-input", "-v", "0")
        found = look()
    return found


def _content() -> str:
    """Digest of what decides which data are loaded: the fixtures, the code, and the versions it runs on."""
    code = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "bootstrap" not in path.parts]
    fixtures = [path for path in (ROOT / "fixtures").rglob("*") if path.is_file()]
    return digest_of_files([*code, *fixtures, ROOT / "requirements" / "base.txt"])


def data_stamp(found: Installation) -> Stamp:
    """The stamp of the data in this database; another database, or the same made anew, has another one."""
    return Stamp(STAMPS / f"data-{digest(found.identity)[:16]}")


def load_data(found: Installation) -> None:
    """Load bodies, plan and sample year into a sample installation, unless that was done with the same content.

    A real installation gets its plan and its people from its own coordinators. Where the data were loaded before and
    have been worked on since, a refusal to load them anew is reported, and they stay as they are.
    """
    if not found.sample:
        say("  No sample installation (SAMPLE_INSTALLATION): plan and people are yours to load, see README.md")
        return
    stamp, content = data_stamp(found), _content()
    if stamp.matches(content):
        return
    loaded_before = stamp.read() is not None
    try:
        for name, command in (
            ("Bodies", ("load_bodies", BODIES)),
            ("Plan", ("load_plan", PLAN)),
            ("Sample year and accounts", ("load_sample",)),
        ):
            with step(name):
                manage(*command)
    except SetUpError as stop:
        if not loaded_before:
            raise
        say(f"{stop}\nThe data stay as they are.")
    stamp.write(content)


def compile_catalogues(env: Mapping[str, str] | None = None) -> None:
    """Compile the translations where they have changed or a compiled one is missing."""
    sources = sorted((ROOT / "locale").rglob("*.po"))
    stamp, content = Stamp(STAMPS / "catalogues"), digest_of_files(sources)
    complete = all(source.with_suffix(".mo").exists() for source in sources)
    if not sources or (complete and stamp.matches(content)):
        return
    with step("Translations"):
        manage("compilemessages", *NOT_OURS, "-v", "0", env=env)
    stamp.write(content)


def collect_static(found: Installation) -> None:
    """Collect the static files where they have changed, the packages have, or the place is another."""
    folders = [ROOT / "static", *(path for floor in FLOORS for path in (ROOT / floor).rglob("static"))]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    deciding = ("requirements/base.txt", "package-lock.json", "nap_monitor/settings.py", "nap_monitor/staticfiles.py")
    packages = digest_of_files(ROOT / name for name in deciding)
    content = digest(digest_of_files(files), packages, found.static_root)
    stamp = Stamp(STAMPS / "static")
    if stamp.matches(content) and (Path(found.static_root) / "staticfiles.json").exists():
        return
    with step("Static files"):
        manage("collectstatic", "--no-input", "-v", "0")
    stamp.write(content)


def show_accounts(found: Installation) -> None:
    """Print who may sign in to the sample installation."""
    if found.sample:
        say("\n" + manage("load_sample", "--accounts").strip() + "\n")
