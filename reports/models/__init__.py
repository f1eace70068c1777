"""What the reading keeps: snapshots, and the documents made from them."""

from reports.models.render_job import RenderJob
from reports.models.snapshot import Snapshot

__all__ = ["RenderJob", "Snapshot"]
