"""Having stored files checked for viruses, where a scanner is set; taking up again what could not be checked."""

import datetime as dt
import logging
from functools import partial

from django.conf import settings
from django.core.files.storage import storages
from django.db import models, transaction

from ministries.enums import ScanState
from ministries.models import StoredFile
from nap_monitor.lib import clamd, clock
from nap_monitor.lib.audit.services import record

logger = logging.getLogger(__name__)

#: When a check is tried again that was lost, or that the scanner was away for; and one that the scanner refused.
AGAIN = dt.timedelta(minutes=1)
AGAIN_AFTER_FAILURE = dt.timedelta(hours=1)
#: How many checks one sweep asks for.
AT_ONCE = 20
RESULT_LENGTH: int = StoredFile._meta.get_field("scan_result").max_length or 0


def request(stored: StoredFile) -> None:
    """Have a file checked in the background after this transaction, where a scanner is set and it is not done yet."""
    if settings.CLAMD is None or stored.scan_state in (ScanState.CLEAN, ScanState.INFECTED):
        return
    StoredFile.objects.filter(pk=stored.pk).update(scan_after=clock.now() + AGAIN)
    _enqueue(stored.pk)


def scan(*, sha256: str) -> str:
    """Check a file now. Tells what came of it: a state, ``away`` (the scanner; tried again later) or ``not needed``."""
    stored = StoredFile.objects.filter(pk=sha256, scan_state__in=(ScanState.WAITING, ScanState.FAILED)).first()
    if settings.CLAMD is None or stored is None:
        return "not needed"
    try:
        with storages["private"].open(stored.path) as file:
            verdict = clamd.scan(settings.CLAMD, file)
    except clamd.ClamdAway as error:
        logger.warning("The virus scanner is away (%s); the check is tried again.", error)
        return "away"
    if verdict.signature:
        return _infected(stored, verdict.signature)
    if verdict.error:
        logger.error("The virus scanner could not check %s: %s", stored.path, verdict.error)
        return _settle(stored, ScanState.FAILED, verdict.error, again=clock.now() + AGAIN_AFTER_FAILURE)
    return _settle(stored, ScanState.CLEAN)


def sweep() -> int:
    """Ask again for the checks that are due, if the scanner answers. Gives how many.

    That also takes up what was stored before a scanner was set.
    """
    now = clock.now()
    due = StoredFile.objects.filter(scan_state__in=(ScanState.WAITING, ScanState.FAILED)).filter(
        models.Q(scan_after=None) | models.Q(scan_after__lt=now)
    )
    if settings.CLAMD is None or not due.exists():
        return 0
    if not clamd.ping(settings.CLAMD):
        logger.warning("The virus scanner does not answer: %d files wait for their check.", due.count())
        return 0
    asked = 0
    for sha256, before in due.order_by("stored_at").values_list("pk", "scan_after")[:AT_ONCE]:
        # Of several sweeps one wins.
        if StoredFile.objects.filter(pk=sha256, scan_after=before).update(scan_after=now + AGAIN):
            _enqueue(sha256)
            asked += 1
    return asked


def _enqueue(sha256: str) -> None:
    from ministries.tasks import scan_file

    transaction.on_commit(partial(scan_file.enqueue, sha256=sha256))


def _settle(stored: StoredFile, state: ScanState, result: str = "", again: dt.datetime | None = None) -> str:
    StoredFile.objects.filter(pk=stored.pk, scan_state=stored.scan_state).update(
        scan_state=state, scan_result=result[:RESULT_LENGTH], scanned_at=clock.now(), scan_after=again
    )
    return state.value


@transaction.atomic
def _infected(stored: StoredFile, signature: str) -> str:
    """The bytes go; the row stays as the memory of it, and each submission that has the file gets an event."""
    locked = StoredFile.objects.select_for_update().get(pk=stored.pk)
    if locked.scan_state == ScanState.INFECTED:
        return ScanState.INFECTED.value
    _settle(locked, ScanState.INFECTED, signature)
    for file in locked.files.select_related("submission__round", "submission__assignment__body").select_related(
        "submission__assignment__action_plan"
    ):
        facts = {"file": str(file.pk), "name": file.name, "sha256": stored.pk, "signature": signature}
        record(kind="infected_file", subject=file.submission, by=None, data=facts)
    transaction.on_commit(partial(storages["private"].delete, stored.path))
    return ScanState.INFECTED.value
