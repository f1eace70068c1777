"""The record cannot be changed: proven against the database that runs. The harness lifts only what emptying needs."""

import pytest
from django.db import DatabaseError, connection, models, transaction

from ministries.enums import State
from ministries.models import SubmissionVersion
from nap_monitor.lib.audit import append_only
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from reports.services.snapshots import take_snapshot
from tests.conftest import APPEND_ONLY_TABLES
from tests.factories import UserFactory, submission_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def _protected(db: None) -> None:
    """The triggers as the migrations put them; the rollback at the end of the test undoes this."""
    for table in APPEND_ONLY_TABLES:
        append_only.lift(connection, table)
        append_only.install(connection, table)


@pytest.fixture
def event() -> Event:
    user = UserFactory()
    return record(kind="test", subject=user, by=user)


@pytest.fixture
def version() -> SubmissionVersion:
    return submission_in(State.SUBMITTED).submitted_version


def _refuses_change(row: models.Model, **change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)
    unchanged = type(row).objects.get(pk=row.pk)
    assert all(getattr(unchanged, name) == getattr(row, name) for name in change)


def _refuses_removal(row: models.Model) -> None:
    # Plain SQL, since Django itself would stop at the keys that point here.
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f'DELETE FROM "{row._meta.db_table}"')
    assert type(row).objects.filter(pk=row.pk).exists()


def test_the_migrations_themselves_leave_no_table_without_its_protection(
    event: Event, version: SubmissionVersion
) -> None:
    """SQLite makes a table anew for a new column; what the harness lifts is removal alone."""
    _refuses_change(event, reason="something else")
    _refuses_change(version, document_number="something else")
    _refuses_change(take_snapshot(round=version.submission.round), body_code="ELSE")


@pytest.mark.usefixtures("_protected")
def test_an_event_can_be_neither_changed_nor_removed(event: Event) -> None:
    _refuses_change(event, reason="something else")
    _refuses_removal(event)


@pytest.mark.usefixtures("_protected")
def test_a_version_can_be_neither_changed_nor_removed(version: SubmissionVersion) -> None:
    _refuses_change(version, sha256="0" * 64)
    _refuses_removal(version)


@pytest.mark.parametrize("column", ["object_body", "actor_role", "actor_body", "from_state", "to_state"])
def test_what_later_columns_say_is_as_fixed_as_the_rest(event: Event, column: str) -> None:
    _refuses_change(event, **{column: "else"})


def test_the_protection_from_change_holds_in_every_test(event: Event) -> None:
    _refuses_change(event, reason="something else")
