"""Tables to which rows are only ever added: the database itself refuses to change or remove one."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations import RunPython

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$
"""


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    """Put the triggers on ``table``. Only SQLite and PostgreSQL are known; any other database is refused."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
            cursor.execute(
                f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION append_only()"
            )
        elif connection.vendor == "sqlite":
            for action in ("UPDATE", "DELETE"):
                cursor.execute(
                    f'CREATE TRIGGER "{table}_no_{action.lower()}" BEFORE {action} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            raise NotImplementedError(f"No append-only triggers are written for {connection.vendor}.")


def lift(connection: BaseDatabaseWrapper, table: str, actions: tuple[str, ...] = ("update", "delete")) -> None:
    """Take the triggers away: for undoing the migration, and for test harnesses that empty the tables.

    On SQLite each action has its own trigger, so that ``actions`` can name one of them.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"')
        else:
            for action in actions:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{action}"')


def operation(table: str) -> RunPython:
    """The migration operation that makes ``table`` append-only."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        install(schema_editor.connection, table)

    def backwards(apps: Any, schema_editor: Any) -> None:
        lift(schema_editor.connection, table)

    return RunPython(forwards, backwards)


def suspension(table: str) -> RunPython:
    """The migration operation before one that changes ``table`` itself; :func:`operation` has to end that migration.

    SQLite changes a table by making it anew, which would lose the triggers without a word.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        lift(schema_editor.connection, table)

    def backwards(apps: Any, schema_editor: Any) -> None:
        install(schema_editor.connection, table)

    return RunPython(forwards, backwards)
