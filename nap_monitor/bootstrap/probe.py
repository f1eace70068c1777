"""Asked by the set-up from outside: prints, as JSON, how the installation is configured and what its database is.

Runs inside ``.venv`` (``python -m nap_monitor.bootstrap.probe``), as the only file of this package that imports Django.
"""

import json
import os
import sys

ERROR = "error"


def describe() -> dict[str, object]:
    """Settings that the set-up acts on, whether migrations are pending, and when the database was first migrated."""
    import django
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    django.setup()
    executor = MigrationExecutor(connection)
    pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    recorder = MigrationRecorder(connection)
    first = recorder.migration_qs.order_by("applied").first() if recorder.has_table() else None
    return {
        "identity": first.applied.isoformat() if first else "",
        "pending": pending,
        "sample": settings.SAMPLE_INSTALLATION,
        "worker": settings.TASKS["default"]["BACKEND"].startswith("django_tasks_db."),
        "static_root": str(settings.STATIC_ROOT),
    }


def main() -> None:
    """Print the description, or the one sentence why there is none."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db.utils import Error

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nap_monitor.settings")
    try:
        answer = describe()
    except ImproperlyConfigured as error:
        answer = {ERROR: f"The settings cannot be used: {error}"}
    except Error as error:
        answer = {ERROR: f"The database that DATABASE_URL names cannot be used: {error}".strip()}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
