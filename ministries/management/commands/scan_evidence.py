"""``manage.py scan_evidence``: how the virus check of evidence stands; ``--now`` has all that is left checked here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ministries.enums import ScanState
from ministries.models import StoredFile
from ministries.selectors.evidence import scan_overview
from ministries.services import scanning


class Command(BaseCommand):
    """Tells the numbers; with ``--now`` first checks what waits and what could not be checked before."""

    help = "Say how the virus check of evidence files stands."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--now``: check, before telling."""
        parser.add_argument("--now", action="store_true", help="Check all that waits or could not be checked.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check where asked, and tell. Fails where no scanner is set or it does not answer."""
        if options["now"]:
            self._scan()
        found = scan_overview()
        if not found.is_on:
            self.stdout.write("No scanner is set (CLAMD): files are served without a check.")
        since = f", the oldest since {timezone.localtime(found.oldest):%Y-%m-%d %H:%M}" if found.oldest else ""
        self.stdout.write(f"Not checked yet: {found.waiting}{since}.")
        self.stdout.write(f"Could not be checked: {found.failed}. Infected and deleted: {found.infected}.")

    def _scan(self) -> None:
        if not scan_overview().is_on:
            raise CommandError("No scanner is set: name its address in CLAMD.")
        left = StoredFile.objects.filter(scan_state__in=(ScanState.WAITING, ScanState.FAILED))
        for sha256 in list(left.order_by("stored_at").values_list("pk", flat=True)):
            if scanning.scan(sha256=sha256) == "away":
                raise CommandError("The scanner does not answer.")
