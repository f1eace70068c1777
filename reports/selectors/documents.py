"""Reading the documents that were made, or are being made, of rounds; each by those alone who may read its kind."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from ministries import rules
from ministries.models import ImplementingBody, Round
from reports.models import RenderJob, Snapshot

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User


def documents(*, plan_number: int, year: int | None = None) -> QuerySet[RenderJob]:
    """The drafts of the reports of a plan's rounds, or of one round, newest first. What is issued is not among them."""
    found = RenderJob.objects.filter(
        snapshot__kind=Snapshot.Kind.REPORT, snapshot__plan_number=plan_number, snapshot__edition=None
    )
    if year is not None:
        found = found.filter(snapshot__year=year)
    return found.select_related("snapshot").order_by("-requested_at")


def approvals(round: Round, body: ImplementingBody) -> QuerySet[RenderJob]:
    """What was made of a round for a body's approval, newest first. Ask first who may read it."""
    found = RenderJob.objects.filter(
        snapshot__kind=Snapshot.Kind.APPROVAL,
        snapshot__plan_number=round.plan.number,
        snapshot__year=round.year,
        snapshot__body_code=body.code,
    )
    return found.select_related("snapshot").order_by("-requested_at")


def find_document(user: "User", document: str) -> RenderJob:
    """The document of this id. Raises ``Http404`` where there is none, and for who may not read it today."""
    job = get_object_or_404(RenderJob.objects.select_related("snapshot"), pk=document)
    if not may_read(user, job.snapshot):
        raise Http404
    return job


def may_read(user: "User", snapshot: Snapshot) -> bool:
    """Whether ``user`` may read, today, what is made of ``snapshot``."""
    if snapshot.kind == Snapshot.Kind.REPORT:
        return rules.allows(user, "reports.view_draft_report")
    body = ImplementingBody.objects.filter(code=snapshot.body_code).first()
    return body is not None and rules.allows(user, "reports.view_approval", body)
