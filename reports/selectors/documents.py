"""Reading the documents that were made, or are being made, of rounds."""

from django.db.models import QuerySet

from reports.models import RenderJob


def documents(*, plan_number: int, year: int | None = None) -> QuerySet[RenderJob]:
    """The documents of a plan's rounds, or of one round, newest first."""
    found = RenderJob.objects.filter(snapshot__plan_number=plan_number)
    if year is not None:
        found = found.filter(snapshot__year=year)
    return found.select_related("snapshot").order_by("-requested_at")
