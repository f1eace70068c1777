"""``make bench``: what the main pages take, and the report of a year, measured in one run on a throw-away database.

``python -m tests.bench pages`` measures the pages alone, ``… overview`` the overview of a round at its sizes alone,
``… document`` the report alone, ``… schedule`` the reminders alone. ``… record`` is measured only when it is named:
searching the record as it grows to a million events, which takes minutes to write. With ``BENCH_DATABASE_URL`` naming
an empty database, that one is filled and measured in place of SQLite.
"""

import os
import sys
import tempfile
from pathlib import Path

PLAN, YEAR = 3, 2022
PARTS = ("pages", "overview", "document", "schedule", "record")


def main(parts: list[str]) -> int:
    """Measure the parts that are named, all of them by default."""
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"There is no part {unknown[0]!r} to measure: name some of {', '.join(PARTS)}, or nothing for all.")
        return 2
    with tempfile.TemporaryDirectory(prefix="nap-bench-") as folder:
        _begin(Path(folder))
        if not parts or "pages" in parts:
            _pages()
        if not parts or "overview" in parts:
            _overview()
        if not parts or "document" in parts:
            _document()
        if "record" in parts:
            _record()
        if not parts or "schedule" in parts:
            _schedule()
        _end()
    return 0


def _begin(folder: Path) -> None:
    """A program of its own settings and database, with the real plan and its sample years."""
    static = folder / "static"
    static.mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
        "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder}/db.sqlite3",
        "PRIVATE_ROOT": str(folder / "private"),
        "STATIC_ROOT": str(static),
        "EMAIL_URL": "dummymail://",
        "DEBUG": "false",
        "HTTPS": "false",
        "SAMPLE_INSTALLATION": "true",
    }
    import django
    from django.core.management import call_command

    django.setup()
    with Path(os.devnull).open("w") as nowhere:
        for number, words in enumerate(
            (
                ("migrate", "--verbosity", "0"),
                ("load_bodies", "fixtures/reference.yaml"),
                ("load_plan", "fixtures/nap3.yaml"),
                ("load_sample",),
            ),
            start=1,
        ):
            print(f"[{number}/4] {words[0]}", flush=True)
            call_command(*words, stdout=nowhere)


def _pages() -> None:
    from tests.bench import bulk, pages

    print(f"\nPages, median of {pages.ROUNDS} in turn; the bulk confirm of {bulk.RUNS}", flush=True)
    took = pages.measure(PLAN)
    print("\n".join(pages.table([*took, bulk.measure(PLAN)])), flush=True)


def _overview() -> None:
    from tests.bench import overview

    print(f"\nOverview of a round, median of {overview.TIMES} in turn", flush=True)
    print("\n".join(overview.table(overview.measure(PLAN))), flush=True)


def _document() -> None:
    from tests.bench import document

    print(f"\nReport of {YEAR} as PDF, median of {document.RUNS} in turn", flush=True)
    try:
        print("\n".join(document.table(document.measure(PLAN, YEAR))), flush=True)
    except RuntimeError as error:
        print(f"Not measured: {error}.", flush=True)
    print("\nThe same as the year grows, each once", flush=True)
    print("\n".join(document.growth_table(document.growth(PLAN, YEAR))), flush=True)


def _record() -> None:
    from tests.bench import record

    print(f"\nSearching the record, median of {record.ROUNDS} in turn", flush=True)
    print("\n".join(record.table(record.measure(PLAN, YEAR))), flush=True)


def _schedule() -> None:
    from tests.bench import schedule

    print("\nrun_schedule, one reminder to each body, over a mail server of its own", flush=True)
    print("\n".join(schedule.table(schedule.measure())), flush=True)


def _end() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
