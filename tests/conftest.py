"""What all tests stand on: an emptiable test database, people by role, clients that are signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from ministries.enums import Role
from ministries.models import ImplementingBody
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit import append_only
from tests.factories import ImplementingBodyFactory, both, person
from tests.mail_server import mail_server  # noqa: F401 - a fixture of all tests
from tests.scanner import real_scanner, scanner  # noqa: F401 - fixtures of all tests

# A busy machine is no fault: nothing here is a test of how long something takes.
hypothesis.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("suite")

#: What a test asks for that comes near a database. pytest-django refuses one to every test that asks for none of these.
OF_DATABASE = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "django_db_setup",
    "live_server",
}
APPEND_ONLY_TABLES = (
    "audit_event",
    "ministries_submissionversion",
    "reports_edition",
    "reports_editionact",
    "reports_editionfile",
    "reports_snapshot",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a database, so that the second database is asked by that alone (``-m database``)."""
    for item in items:
        if item.get_closest_marker("django_db") or OF_DATABASE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Let the harness empty the append-only tables. The protection from change stays.

    On SQLite ``flush`` deletes rows, which the triggers refuse; PostgreSQL truncates, which fires no row trigger.
    """
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            for table in APPEND_ONLY_TABLES:
                append_only.lift(connection, table, actions=("delete",))


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Each test begins in the default language, with no counted sign-in attempts and nothing else in the cache."""
    translation.deactivate()
    _forget()
    yield
    translation.deactivate()
    _forget()


def _forget() -> None:
    for each in caches:
        caches[each].clear()


@pytest.fixture
def private_files(tmp_path: Path, settings: Any) -> Path:
    """The folder of the private storage, of this test alone."""
    settings.STORAGES = private_at(tmp_path / "private")
    return tmp_path / "private"


# For modules whose tests only read: what is made once for all of them


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Rows that other fixtures of the module make stay until its end; what a test changes is undone after the test.

    Not for tests with transactions of their own: they would empty the tables.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def files_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the private storage, of this module alone."""
    folder = tmp_path_factory.mktemp("private")
    with override_settings(STORAGES=private_at(folder)):
        yield folder


def private_at(folder: Path) -> dict[str, Any]:
    """The storages, with the private one in this folder."""
    private = project.STORAGES["private"]
    return {**project.STORAGES, "private": {**private, "OPTIONS": {**private["OPTIONS"], "location": str(folder)}}}


@pytest.fixture
def english(_fresh: None) -> None:
    """The words and addresses of this test are English."""
    translation.activate("en")


@pytest.fixture
def lead_body(db: None) -> ImplementingBody:
    """The lead ministry."""
    return ImplementingBodyFactory(code="LEAD", is_lead=True, names__name=both("총괄부", "Lead Ministry"))


@pytest.fixture
def body(db: None) -> ImplementingBody:
    """A body that reports."""
    return ImplementingBodyFactory(code="OWN", names__name=both("이행부", "Own Ministry"))


@pytest.fixture
def other_body(db: None) -> ImplementingBody:
    """Another body that reports."""
    return ImplementingBodyFactory(code="OTHER", names__name=both("다른부", "Other Ministry"))


@pytest.fixture
def coordinator(lead_body: ImplementingBody) -> User:
    """A coordinator in the lead ministry."""
    return person(Role.COORDINATOR, lead_body, name="Coordinator", email="coordinator@example.org")


@pytest.fixture
def focal_point(body: ImplementingBody) -> User:
    """A focal point of the body."""
    return person(Role.FOCAL_POINT, body, name="Focal Point", email="focal@example.org")


@pytest.fixture
def approver(body: ImplementingBody) -> User:
    """An approver of the body."""
    return person(Role.APPROVER, body, name="Approver", email="approver@example.org")


@pytest.fixture
def panel_member(db: None) -> User:
    """A member of the civic advisory panel."""
    return person(Role.PANEL_MEMBER, name="Panel Member", email="panel@example.org")


@pytest.fixture
def committee_reader(db: None) -> User:
    """A reader for the Committee."""
    return person(Role.COMMITTEE_READER, name="Committee Reader", email="committee@example.org")


@pytest.fixture
def administrator(db: None) -> User:
    """An administrator of people."""
    return person(Role.ADMINISTRATOR, name="Administrator", email="administrator@example.org")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A client that is signed in as the person given."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
