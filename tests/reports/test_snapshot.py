"""A snapshot stays true: the same on any database, and the same document when everything around it has gone."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from ministries.models import BodyName, ImplementingBody, Indicator, Round, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit import append_only
from nap_monitor.lib.localized import LocalizedText
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from reports.models import Snapshot
from reports.services.rendering import render_summary
from reports.services.snapshots import take_snapshot

PLAN = Path(__file__).parents[1] / "objectives" / "plans" / "other-country.yaml"
DAY = dt.date(2026, 5, 20)
ELSEWHERE = f"""
import datetime as dt
from django.core.management import call_command
from ministries.models import Round
from nap_monitor.lib import clock
from reports.services.snapshots import take_snapshot
with clock.at(dt.date({DAY.year}, {DAY.month}, {DAY.day})):
    call_command("load_plan", {str(PLAN)!r}, verbosity=0)
    call_command("load_sample")
print("HASHES", *(take_snapshot(round=round).sha256 for round in Round.objects.order_by("year")))
"""


def _load_small_country() -> list[Round]:
    with clock.at(DAY):
        call_command("load_plan", str(PLAN))
        call_command("load_sample")
    return list(Round.objects.order_by("year"))


def _text(data: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


@pytest.mark.django_db
def test_the_same_data_has_the_same_hash_in_another_database(tmp_path: Path) -> None:
    """On PostgreSQL this compares it with SQLite; on SQLite with another process and file."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "SAMPLE_INSTALLATION": "true",
        "HTTPS": "false",
        "EMAIL_URL": "dummymail://",
    }
    for words in (["migrate", "--verbosity", "0"], ["shell", "--no-imports", "-c", ELSEWHERE]):
        done = subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    hashes = done.stdout.strip().splitlines()[-1].split()
    assert hashes[0] == "HASHES"
    assert [take_snapshot(round=round).sha256 for round in _load_small_country()] == hashes[1:]
    assert len(set(hashes)) == len(hashes) > 2


@pytest.mark.django_db
def test_taking_it_again_gives_the_one_that_is_there() -> None:
    round = _load_small_country()[0]
    first = take_snapshot(round=round)
    with clock.at(dt.date(2030, 1, 1)):
        assert take_snapshot(round=Round.objects.get(pk=round.pk)) == first
    assert Snapshot.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_to_change_a_snapshot() -> None:
    snapshot = take_snapshot(round=_load_small_country()[0])
    append_only.lift(connection, "reports_snapshot")
    append_only.install(connection, "reports_snapshot")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(year=1999)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).delete()
    if connection.vendor == "sqlite":
        append_only.lift(connection, "reports_snapshot", actions=("delete",))


@pytest.mark.django_db
def test_bytes_that_do_not_fit_their_hash_are_refused() -> None:
    snapshot = take_snapshot(round=_load_small_country()[0])
    snapshot.content = bytes(snapshot.content).replace(b"2025", b"2024", 1)
    with pytest.raises(ValueError, match="does not fit its hash"):
        snapshot.read()


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_a_kept_snapshot_gives_the_same_document_when_everything_was_renamed_and_removed() -> None:
    snapshot = take_snapshot(round=_load_small_country()[0])
    before = render_summary(content=snapshot.read(), language="en")
    kept = {field.attname: getattr(snapshot, field.attname) for field in Snapshot._meta.fields}

    other = LocalizedText({"ko": "다른 이름", "en": "Another name", "fr": "Un autre nom"})
    for model in (Plan, Area, Objective, Strategy, ActionPlan):
        model.objects.update(title=other)
    BodyName.objects.update(name=other, short_name=other)
    Indicator.objects.update(name=other)
    User.objects.update(name="Somebody else")
    Submission.objects.update(results="Something else", coordinator_rating="rethink")
    renamed = render_summary(content=Snapshot.objects.get(pk=snapshot.pk).read(), language="en")
    assert renamed.data == before.data

    call_command("flush", interactive=False, verbosity=0)
    assert ImplementingBody.objects.count() == Plan.objects.count() == Round.objects.count() == 0
    Snapshot.objects.create(**kept)
    after = render_summary(content=Snapshot.objects.get().read(), language="en")
    assert _text(after.data) == _text(before.data)
    assert "Another name" not in _text(after.data)
    assert len(_text(before.data)) > 2000
