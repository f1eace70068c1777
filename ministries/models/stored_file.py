"""What was stored of a file that somebody sent: its bytes once, however often and under whatever names it was sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries.enums import ScanState
from nap_monitor.lib import clock


class StoredFile(models.Model):
    """The bytes of a file in the private storage, named by their hash alone, and what the virus check says of them.

    Where the check found something, the row stays as the memory of it and the bytes are gone.
    """

    sha256 = models.CharField(_("SHA-256"), max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    kind = models.CharField(_("kind by content"), max_length=10)
    charset = models.CharField(_("charset"), max_length=20, blank=True)
    # The last time that somebody sent it: what nobody refers to goes some time after that.
    stored_at = models.DateTimeField(_("stored"), default=clock.now)
    scan_state = models.CharField(_("virus check"), max_length=10, choices=ScanState.choices, default=ScanState.WAITING)
    scan_result = models.CharField(_("what the check found"), max_length=300, blank=True)
    scanned_at = models.DateTimeField(_("checked"), null=True, blank=True)
    scan_after = models.DateTimeField(_("next check not before"), null=True, blank=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        indexes = [models.Index(fields=["scan_state", "scan_after"], name="stored_file_to_scan")]

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> str:
        """Where it lies in the private storage."""
        return f"evidence/{self.sha256[:2]}/{self.sha256}"

    @property
    def finding(self) -> str:
        """What is said of it where the virus check found something."""
        return _now("The virus check found “%(signature)s” in it.") % {"signature": self.scan_result}

    @property
    def is_held_back(self) -> bool:
        """Whether it may not be served: infected, or not found clean yet where a scanner is set."""
        if self.scan_state == ScanState.INFECTED:
            return True
        return settings.CLAMD is not None and self.scan_state != ScanState.CLEAN
