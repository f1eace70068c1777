"""What the reading keeps: snapshots, documents made from them, texts of a report, and issued editions."""

from reports.models.best_case import BestCase
from reports.models.edition import CommitteeOutcome, Edition, EditionAct, EditionFile
from reports.models.render_job import DocumentAsker, RenderJob
from reports.models.report_text import ReportText
from reports.models.snapshot import DamagedContentError, Snapshot

__all__ = [
    "BestCase",
    "CommitteeOutcome",
    "DamagedContentError",
    "DocumentAsker",
    "Edition",
    "EditionAct",
    "EditionFile",
    "RenderJob",
    "ReportText",
    "Snapshot",
]
