"""``make test``: every check and both halves of the tests, whatever fails on the way, and a summary at the end."""

import os
import resource
import secrets
import subprocess
import time
import xml.etree.ElementTree
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nap_monitor.bootstrap import browser, envfile, installation, machine, office, scanner
from nap_monitor.bootstrap.console import PYTHON, ROOT, VAR, VENV, SetUpError, attempt, own_environment, say, seconds
from nap_monitor.bootstrap.stamps import digest

REPORTS = VAR / "test"
STEP_LIMIT = 45 * 60  # seconds
#: One more than there are processors: some tests wait for a mail server, a browser or a session that ends.
WORKERS = min(4, (os.cpu_count() or 1) + 1)
SLOWEST = 15  # tests named at the end of each half
#: Beside the settings: what would send the tests elsewhere, or let each of their many processes compile our code anew.
FOREIGN = ("TEST_RUN_DATABASE_URL", "TEST_RUN_DATABASE_NAME", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE")
LOCAL_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
PASSED, FAILED, NOT_RUN = "passed", "FAILED", "not run"
ASK_POSTGRESQL = """
import sys
import psycopg
try:
    with psycopg.connect(sys.argv[1], connect_timeout=5) as connection:
        able = connection.execute(
            "select rolcreatedb or rolsuper from pg_roles where rolname = current_user").fetchone()
        sys.exit(None if able and able[0] else "its user may not create databases")
except psycopg.Error as error:
    sys.exit(" ".join(str(error).split()) or type(error).__name__)
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one step; a plain check counts as one, a run of pytest as its tests."""

    name: str
    state: str
    took: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""


def test_environment(**more: str) -> dict[str, str]:
    """An environment in which neither the caller's settings nor those of ``.env`` reach the tests."""
    foreign = {*envfile.names(), *FOREIGN}
    kept = {name: value for name, value in own_environment().items() if name not in foreign}
    # A variable that is set, even to nothing, wins over .env; nothing means the default.
    blank = dict.fromkeys(envfile.names(), "")
    own = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": "sqlite://:memory:",
        "HTTPS": "false",
        "SAMPLE_INSTALLATION": "true",
        "STATIC_ROOT": str(REPORTS / "static"),
        "PRIVATE_ROOT": str(REPORTS / "private"),
        "DEFAULT_FROM_EMAIL": "nap-monitor@localhost",
    }
    return {**kept, **blank, **own, **more}


def production_environment() -> dict[str, str]:
    """Settings as a real installation has them, for ``check --deploy``."""
    return test_environment(
        HTTPS="true", SAMPLE_INSTALLATION="false", ALLOWED_HOSTS="nap.example", EMAIL_URL="smtp://mail.example:25"
    )


def check(name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Outcome:
    """Run one check, its output as it comes."""
    say(f"\n== {name}")
    outcome, _said = run_check(name, command, env)
    return outcome


def run_check(
    name: str, command: Sequence[str | Path], env: Mapping[str, str] | None, output: int | None = None
) -> tuple[Outcome, str]:
    """Run one check; with ``output=subprocess.PIPE`` what it says is given back."""
    begin = time.monotonic()
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=env or test_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            text=True,
            errors="replace",
            timeout=STEP_LIMIT,
            check=False,
        )
        good, said = done.returncode == 0, done.stdout or ""
    except subprocess.TimeoutExpired:
        good, said = False, ""
        say(f"{name}: stopped after {STEP_LIMIT // 60} minutes.")
    state = PASSED if good else FAILED
    return Outcome(name=name, state=state, took=seconds(begin), passed=int(good), failed=int(not good)), said


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests by pytest's own report; errors count as failed."""
    try:
        suites = xml.etree.ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 (written by our own pytest)
        rows = [dict(row.attrib) for row in suites]
    except (OSError, xml.etree.ElementTree.ParseError):
        return 0, 0, 0
    keys = ("tests", "failures", "errors", "skipped")
    total, failures, errors, skipped = (sum(int(row.get(key, 0)) for row in rows) for key in keys)
    return max(0, total - failures - errors - skipped), failures + errors, skipped


def run_tests(name: str, marks: str, require_all: bool, env: dict[str, str], workers: int = WORKERS) -> Outcome:
    """Run pytest, side by side in processes that each have their own database, server and browser."""
    report = REPORTS / f"{digest(name)[:8]}.xml"
    report.unlink(missing_ok=True)
    command = [
        str(PYTHON),
        "-m",
        "pytest",
        "-q",
        "-ra",
        "-n",
        str(workers),
        "--dist",
        "worksteal",
        "--durations",
        str(SLOWEST),
    ]
    done = check(name, [*command, f"--junitxml={report}", *(["-m", marks] if marks else [])], env)
    passed, failed, skipped = counts(report)
    note = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
    good = done.state == PASSED and passed > 0 and not failed
    if good and skipped and require_all:
        note, good = f"{note}: here nothing may be skipped", False
    failed = failed if good else max(1, failed)
    state = PASSED if good else FAILED
    return Outcome(name=name, state=state, took=done.took, passed=passed, failed=failed, skipped=skipped, note=note)


def static_checks() -> list[Outcome]:
    """What needs no database. mypy, the longest, runs beside the others, each of which keeps one processor busy."""
    tools = VENV / "bin"
    production = production_environment()
    return side_by_side(
        [
            ("mypy", [PYTHON, "-m", "mypy", "manage.py", *installation.FLOORS], None),
            ("ruff check", [tools / "ruff", "check", "."], None),
            ("ruff format", [tools / "ruff", "format", "--check", "."], None),
            ("import-linter", [tools / "lint-imports"], None),
            ("pending migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], None),
            ("check --deploy", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], production),
        ]
    )


def side_by_side(checks: Sequence[tuple[str, Sequence[str | Path], Mapping[str, str] | None]]) -> list[Outcome]:
    """Run checks two at a time; what each says comes when it is done, in the order of the list."""
    outcomes = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for running in [pool.submit(run_check, *each, subprocess.PIPE) for each in checks]:
            outcome, said = running.result()
            say(f"\n== {outcome.name}\n{said.rstrip()}")
            outcomes.append(outcome)
    return outcomes


def missing(name: str, why: str, require_all: bool) -> Outcome:
    """A half that cannot run here: a failure where everything is required, else said at the end."""
    if require_all:
        return Outcome(name=name, state=FAILED, failed=1, note=why)
    return Outcome(name=name, state=NOT_RUN, skipped=1, note=why)


def tests_on_sqlite(require_all: bool) -> list[Outcome]:
    """All tests, with the browser where there is one."""
    found = browser.find()
    if found.path:
        return [run_tests("tests on SQLite, with browser", "", require_all, test_environment(CHROMIUM=found.path))]
    return [
        run_tests("tests on SQLite, without browser", "not browser", require_all, test_environment()),
        missing("browser tests", found.why_not, require_all),
    ]


def tests_on_postgresql(require_all: bool) -> Outcome:
    """The tests that concern both databases, over a real connection."""
    url = os.environ.get("TEST_DATABASE_URL", "").strip() or LOCAL_POSTGRESQL
    asked = attempt([PYTHON, "-c", ASK_POSTGRESQL, url])
    if asked.returncode != 0:
        place = "TEST_DATABASE_URL" if url != LOCAL_POSTGRESQL else "postgres@127.0.0.1:5432, or set TEST_DATABASE_URL"
        return missing("tests on PostgreSQL", f"no use of {place} ({asked.stdout.strip()})", require_all)
    # The name is of this folder alone, so that two clones can be tested against one server.
    name = f"test_nap_monitor_{digest(str(ROOT))[:8]}"
    env = test_environment(TEST_RUN_DATABASE_URL=url, TEST_RUN_DATABASE_NAME=name)
    return run_tests("tests on PostgreSQL", "database and not one_database and not browser", require_all, env)


def packages_of_tests() -> list[machine.SystemPackage]:
    """What some tests need beyond running: browser, virus scanner, LibreOffice, where missing and to be installed.

    Where they can't be installed, those tests are missing, not the rest.
    """
    needed = (browser.package(), scanner.PACKAGE, office.PACKAGE, office.WRITER_PACKAGE)
    wanted = [package for package in needed if package and not package.is_there()]
    return wanted if wanted and machine.apt_prefix() is not None else []


def closing(outcomes: Sequence[Outcome]) -> list[str]:
    """The last lines: each step, what did not run and why, and the count of checks and tests."""
    width = max(len(outcome.name) for outcome in outcomes)
    lines = ["", "== Summary"]
    lines += [f"{o.state:8} {o.name:{width}} {o.took:>8}  {o.note}".rstrip() for o in outcomes]
    lines += [f"Not run here: {o.name}: {o.note}." for o in outcomes if o.state == NOT_RUN]
    passed, failed, skipped = (sum(getattr(o, key) for o in outcomes) for key in ("passed", "failed", "skipped"))
    return [*lines, f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")]


def cost(elapsed: float) -> str:
    """What it took: by the clock, and of all processors, which is the same on a busy machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (
        f"All in {elapsed / 60:.1f} minutes, with {(used.ru_utime + used.ru_stime) / 60:.1f} minutes of processor time."
    )


def run(require_all: bool) -> int:
    """Run everything; gives the exit code."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    outcomes = static_checks()
    try:
        installation.compile_catalogues(test_environment())
    except SetUpError as stop:
        say(str(stop))
        outcomes.append(Outcome(name="compile catalogues", state=FAILED, failed=1, note="see above"))
    outcomes += tests_on_sqlite(require_all)
    outcomes.append(tests_on_postgresql(require_all))
    lines = closing(outcomes)
    say("\n".join([*lines[:-1], cost(time.monotonic() - begin), lines[-1]]))
    return 1 if any(outcome.state == FAILED for outcome in outcomes) else 0
