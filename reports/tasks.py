"""What the worker does for the reading."""

from django_tasks import task

from reports.services import jobs


@task()  # type: ignore[untyped-decorator]
def render_document(job_id: str) -> str:
    """Make the document of a render job."""
    return jobs.run_job(job_id=job_id)
