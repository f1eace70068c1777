"""Long jobs: asked for once, made once, taken up again after a killed worker; the right is asked at each download."""

import datetime as dt
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from ministries.enums import Role, State
from ministries.models import Round
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from reports.models import RenderJob, Snapshot
from reports.services import jobs
from reports.services.snapshots import take_snapshot
from tests.factories import person, submission_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def round(transactional_db: None) -> Round:
    """A round with one confirmed submission."""
    return submission_in(State.CONFIRMED).round


@pytest.fixture
def private(tmp_path: Path, settings: object) -> Path:
    """A private storage of the test's own."""
    stored = {**settings.STORAGES, "private": {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}}
    settings.STORAGES = stored
    return tmp_path


@pytest.fixture
def waiting(settings: object) -> None:
    """Tasks wait for a worker, as they do in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def _job(round: Round, **fields: object) -> RenderJob:
    return RenderJob.objects.create(snapshot=take_snapshot(round=round), language="ko", **fields)


def test_asking_makes_the_document_and_keeps_it_in_the_private_storage(
    round: Round, private: Path, coordinator: User
) -> None:
    job = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (job.state, job.progress, job.attempts, job.error) == ("done", 100, 1, "")
    data = (private / job.file_name).read_bytes()
    assert data.startswith(b"%PDF-")
    assert len(data) == job.file_size
    assert job.pages > 3
    assert job.renderer.startswith("WeasyPrint ")


def test_asking_twice_makes_it_once(round: Round, private: Path, waiting: None, coordinator: User) -> None:
    first = jobs.request_document(round=round, language="ko", by=coordinator)
    second = jobs.request_document(round=round, language="ko", by=coordinator)
    assert first == second
    assert _queued() == 1
    assert Event.objects.filter(object_kind="reports.renderjob").count() == 1
    assert Snapshot.objects.count() == 1


def test_another_language_and_changed_data_are_other_documents(
    round: Round, private: Path, waiting: None, coordinator: User
) -> None:
    jobs.request_document(round=round, language="ko", by=coordinator)
    jobs.request_document(round=round, language="en", by=coordinator)
    assert Snapshot.objects.count() == 1
    submission_in(State.CONFIRMED, round=round)
    jobs.request_document(round=round, language="ko", by=coordinator)
    assert (Snapshot.objects.count(), RenderJob.objects.count(), _queued()) == (2, 3, 3)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_only_a_coordinator_has_reports_made(round: Round, role: Role) -> None:
    with pytest.raises(NotPermitted):
        jobs.request_document(round=round, language="ko", by=person(role))
    assert RenderJob.objects.count() == 0


def test_a_job_is_made_by_one_process_only(round: Round, private: Path) -> None:
    job = _job(round, state="running", attempts=1, lease_until=clock.now() + jobs.LEASE)
    assert jobs.run_job(job_id=str(job.pk)) == "not mine"
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)


def test_who_lost_the_lease_writes_nothing_any_more(round: Round, private: Path) -> None:
    job = _job(round, state="running", attempts=1, lease_until=clock.now() + jobs.LEASE)
    report = jobs._reporter(job)
    RenderJob.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(jobs.LostLeaseError):
        report(50)
    job.refresh_from_db()
    assert job.progress == 0


def test_a_failed_job_says_why_and_is_started_again_when_asked_for(
    round: Round, private: Path, coordinator: User, settings: object
) -> None:
    folders = settings.STATICFILES_DIRS
    settings.STATICFILES_DIRS = []  # a real fault: the style sheet and the fonts are gone
    job = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (job.state, job.file_name, job.lease_until) == ("failed", "", None)
    assert job.error.startswith("PdfError: ")
    settings.STATICFILES_DIRS = folders
    again = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (again.pk, again.state, again.error) == (job.pk, "done", "")


def test_the_sweep_takes_up_what_was_left_behind_and_gives_up_after_some_attempts(
    round: Round, private: Path, waiting: None
) -> None:
    past = clock.now() - dt.timedelta(seconds=1)
    left = _job(round, state="running", attempts=1, lease_until=past)
    hopeless = RenderJob.objects.create(
        snapshot=left.snapshot, language="en", state="running", attempts=jobs.MOST_ATTEMPTS, lease_until=past
    )
    assert jobs.sweep() == 1
    assert jobs.sweep() == 0, "a job that was just taken up is left to its worker"
    left.refresh_from_db()
    hopeless.refresh_from_db()
    assert (left.state, hopeless.state, _queued()) == ("waiting", "failed", 1)
    assert hopeless.error


def test_the_sweep_leaves_alone_what_somebody_works_on(round: Round, private: Path, waiting: None) -> None:
    _job(round, state="running", attempts=1, lease_until=clock.now() + jobs.LEASE)
    assert (jobs.sweep(), _queued()) == (0, 0)


def _queued() -> int:
    return DBTaskResult.objects.filter(task_path__endswith="render_document").count()
