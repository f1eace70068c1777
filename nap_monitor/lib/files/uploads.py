"""The way of a sent file from the network: what is too large is not written to the disk to its end."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MEGABYTE = 1024 * 1024
#: How many files of the largest size one request may bring.
LARGEST_FILES = 4


class LimitedUploadHandler(FileUploadHandler):
    """Stands before Django's own: leaves a file out as soon as it, or all together, is over the limit.

    The rest of the form is read as ever. Which files were left out is told by :func:`left_out`.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.sent = 0
        self.sent_together = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.sent = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on what is within the limits. Raises ``SkipFile`` beyond them."""
        self.sent += len(raw_data)
        self.sent_together += len(raw_data)
        limit = settings.EVIDENCE_MAX_MEGABYTES * MEGABYTE
        if self.sent > limit or self.sent_together > LARGEST_FILES * limit:
            if self.request is not None:
                _noted(self.request).append((str(self.file_name), self.sent > limit))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing: the handlers behind this one make the file."""


def left_out(request: HttpRequest) -> list[tuple[str, bool]]:
    """The files of this request that were over a limit: name, and whether the file alone was (else all together)."""
    # They are known once the form has been read, which the first look at its files does.
    return list(_noted(request)) if request.FILES is not None else []


def _noted(request: HttpRequest) -> list[tuple[str, bool]]:
    noted: list[tuple[str, bool]] = request.META.setdefault("nap_monitor.files_left_out", [])
    return noted
