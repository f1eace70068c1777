"""What the worker does for the work."""

from django_tasks import task

from ministries.services import scanning


@task()  # type: ignore[untyped-decorator]
def scan_file(sha256: str) -> str:
    """Have a stored file checked for viruses."""
    return scanning.scan(sha256=sha256)
