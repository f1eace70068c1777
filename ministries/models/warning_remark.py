"""A body's remark on a warning: why the figures are as they are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.models.submission import Submission
from nap_monitor.lib import clock

REMARK_LENGTH = 1_000
KEY_LENGTH = 100


class WarningRemark(models.Model):
    """The answer to a warning of :mod:`ministries.warnings`, by its key. Shown as long as the warning holds."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="warning_remarks", verbose_name=_("submission")
    )
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    text = models.TextField(_("remark"), max_length=REMARK_LENGTH)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    at = models.DateTimeField(_("time"), default=clock.now)

    class Meta:
        verbose_name = _("remark on a warning")
        verbose_name_plural = _("remarks on warnings")
        ordering = ["submission", "key"]
        constraints = [models.UniqueConstraint(fields=["submission", "key"], name="warning_remark_unique")]

    def __str__(self) -> str:
        return self.text
