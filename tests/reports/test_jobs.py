"""Long jobs: asked for once, made once, taken up again after a killed worker; the right is asked at each download."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django_tasks_db.models import DBTaskResult

from ministries.enums import Role, State
from ministries.models import Appointment, Round
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.pdf import Progress
from reports.models import DocumentAsker, RenderJob, Snapshot
from reports.renderer import renderer
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
        report(Progress(50))
    job.refresh_from_db()
    assert job.progress == 0


def test_a_failed_job_says_why_tells_who_asked_and_is_started_again_when_asked_for(
    round: Round, private: Path, coordinator: User, settings: object, mailoutbox: list[EmailMessage]
) -> None:
    folders = settings.STATICFILES_DIRS
    settings.STATICFILES_DIRS = []  # a real fault: the style sheet and the fonts are gone
    job = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (job.state, job.file_name, job.lease_until, job.fault) == ("failed", "", None, "renderer")
    assert job.error.startswith("PdfError: ")
    (mail,) = mailoutbox
    assert job.reason in mail.body
    assert "PdfError" not in mail.body
    settings.STATICFILES_DIRS = folders
    again = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (again.pk, again.state, again.fault, again.error) == (job.pk, "done", "", "")
    assert len(mailoutbox) == 2


def test_a_job_is_stopped_at_the_time_limit_with_its_process_and_may_be_asked_for_again(
    round: Round, private: Path, coordinator: User, settings: object
) -> None:
    limit, settings.PDF_MAX_SECONDS = settings.PDF_MAX_SECONDS, 0.01
    job = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (job.state, job.fault, job.attempts) == ("failed", "time-limit", 1)
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    assert not [child for child in children if b"pdf_worker" in Path(f"/proc/{child}/cmdline").read_bytes()]
    settings.PDF_MAX_SECONDS = limit
    assert jobs.request_document(round=round, language="ko", by=coordinator).state == "done"


def test_what_another_renderer_made_is_made_again_when_asked_for_and_what_this_one_made_is_not(
    round: Round, private: Path, coordinator: User
) -> None:
    job = jobs.request_document(round=round, language="ko", by=coordinator)
    kept = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (kept.attempts, kept.finished_at) == (1, job.finished_at)
    old = private / "old.pdf"
    old.write_bytes((private / job.file_name).read_bytes())
    RenderJob.objects.filter(pk=job.pk).update(renderer="An older renderer", file_name="old.pdf")
    made = jobs.request_document(round=round, language="ko", by=coordinator)
    assert (made.pk, made.renderer, made.state) == (job.pk, renderer(), "done")
    assert made.finished_at > job.finished_at
    assert not old.exists()
    (private / made.file_name).unlink()
    assert jobs.request_document(round=round, language="ko", by=coordinator).finished_at > made.finished_at
    assert (private / made.file_name).exists()
    assert RenderJob.objects.count() == 1


def test_everybody_who_asked_is_told_once_in_their_language_with_a_link_to_the_page(
    round: Round, private: Path, waiting: None, coordinator: User, settings: object, mailoutbox: list[EmailMessage]
) -> None:
    other = person(Role.COORDINATOR, language="en")
    for by in (coordinator, other, other):
        job = jobs.request_document(round=round, language="ko", by=by)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    assert jobs.run_job(job_id=str(job.pk)) == "done"
    told = {mail.to[0]: mail for mail in mailoutbox}
    assert (len(mailoutbox), set(told)) == (2, {coordinator.email, other.email})
    page = f"/plans/{round.plan.number}/{round.year}/report/"
    assert f"{settings.SITE_URL}{page}" in told[coordinator.email].body
    assert f"{settings.SITE_URL}/en{page}" in told[other.email].body
    assert (told[other.email].attachments, DocumentAsker.objects.count()) == ([], 0)
    jobs.request_document(round=round, language="ko", by=other)
    assert len(mailoutbox) == 2, "what is there already needs no mail"


def test_who_may_not_read_it_any_more_is_not_told(
    round: Round, private: Path, waiting: None, coordinator: User, settings: object, mailoutbox: list[EmailMessage]
) -> None:
    job = jobs.request_document(round=round, language="ko", by=coordinator)
    Appointment.objects.filter(user=coordinator).update(end=clock.today() - dt.timedelta(days=1))
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    assert jobs.run_job(job_id=str(job.pk)) == "done"
    assert mailoutbox == []


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
    assert (hopeless.fault, bool(hopeless.error)) == ("stopped", True)


def test_the_sweep_leaves_alone_what_somebody_works_on(round: Round, private: Path, waiting: None) -> None:
    _job(round, state="running", attempts=1, lease_until=clock.now() + jobs.LEASE)
    assert (jobs.sweep(), _queued()) == (0, 0)


def _queued() -> int:
    return DBTaskResult.objects.filter(task_path__endswith="render_document").count()
