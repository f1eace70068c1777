"""Keeping the bytes of files: each content once in the private storage, as long as anything refers to it."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from ministries.enums import ScanState
from ministries.models import StoredFile
from nap_monitor.lib import clock
from nap_monitor.lib.files.kinds import CSV, TEXT, Kind, Unaccepted
from nap_monitor.lib.files.names import LONGEST, extension_of, fitting_name, shown_name
from nap_monitor.lib.files.recognise import recognise

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
#: So long a content without any reference stays: somebody may be sending the same file at this moment.
GRACE = dt.timedelta(hours=1)


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not taken, and why: a sentence for the person who sent it."""

    name: str
    reason: str


@dataclass(frozen=True)
class Examined:
    """A file that was looked into and may be kept: what it is, and what it is called."""

    file: "File[bytes]"
    original_name: str
    name: str
    kind: Kind
    charset: str
    sha256: str
    size: int

    @property
    def stored_kind(self) -> Kind:
        """What it is by its content alone: that a text is a table, only its name says."""
        return TEXT if self.charset else self.kind

    @property
    def renamed_from(self) -> str:
        """The name that it was sent with, where another ending was put under it; else empty."""
        before = shown_name(self.original_name)
        return before if extension_of(before) != extension_of(self.name) else ""


def examine(files: "Iterable[File[bytes]]") -> tuple[list[Examined], list[RefusedFile]]:
    """Look into each file. What is not accepted is told with its reason; nothing is kept yet."""
    good, refused = [], []
    for file in files:
        try:
            good.append(_examined(file))
        except Unaccepted as error:
            refused.append(RefusedFile(shown_name(file.name or ""), str(error)))
    return good, refused


def _examined(file: "File[bytes]") -> Examined:
    size = file.size
    if size > settings.EVIDENCE_MAX_MEGABYTES * MEGABYTE:
        raise Unaccepted(too_large())
    found = recognise(file)  # type: ignore[arg-type]
    original = file.name or ""
    shown = shown_name(original)
    kind = CSV if found.kind is TEXT and extension_of(shown) in CSV.extensions else found.kind
    return Examined(
        file=file,
        original_name=original[:LONGEST],
        name=fitting_name(shown, kind.extensions),
        kind=kind,
        charset=found.charset,
        sha256=_sha256(file),
        size=size,
    )


def too_large() -> str:
    """What is said of a file over the limit."""
    return _("It is larger than %(limit)d MB.") % {"limit": settings.EVIDENCE_MAX_MEGABYTES}


def _sha256(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@transaction.atomic
def keep(examined: Examined) -> StoredFile:
    """The stored file of this content: the one that is there, or a new one with its bytes.

    Raises :class:`Unaccepted` where a virus check found something in the same content before.
    """
    StoredFile.objects.get_or_create(
        sha256=examined.sha256,
        defaults={"size": examined.size, "kind": examined.stored_kind.code, "charset": examined.charset},
    )
    # Whoever takes away what nobody refers to waits here, and then sees that it was sent again.
    stored = StoredFile.objects.select_for_update().get(pk=examined.sha256)
    if stored.scan_state == ScanState.INFECTED:
        raise Unaccepted(stored.finding)
    stored.stored_at = clock.now()
    stored.save(update_fields=["stored_at"])
    storage = storages["private"]
    if storage.exists(stored.path) and storage.size(stored.path) != stored.size:
        # Left by a machine that stopped while it was writing.
        logger.warning("The stored file %s was not whole and is written again.", stored.path)
        storage.delete(stored.path)
    if not storage.exists(stored.path):
        examined.file.seek(0)
        storage.save(stored.path, examined.file)
    return stored


def release(sha256: str) -> bool:
    """Take away a content to which nothing refers any more, unless it was sent just now. Whether it is gone."""
    with transaction.atomic():
        stored = StoredFile.objects.select_for_update().filter(pk=sha256, stored_at__lt=clock.now() - GRACE).first()
        if stored is None or stored.scan_state == ScanState.INFECTED or stored.files.exists():
            return False
        storages["private"].delete(stored.path)
        stored.delete()
    return True


def release_all() -> int:
    """Take away every content to which nothing refers any more; gives how many."""
    lost = StoredFile.objects.filter(files=None, stored_at__lt=clock.now() - GRACE).exclude(
        scan_state=ScanState.INFECTED
    )
    return sum(release(sha256) for sha256 in lost.values_list("pk", flat=True))
