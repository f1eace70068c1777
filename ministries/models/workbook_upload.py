"""A workbook that somebody sent and has not applied yet; and what became of one that was applied."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ministries.models.body import ImplementingBody
from ministries.models.round import Round
from nap_monitor.lib import clock
from nap_monitor.lib.files.names import LONGEST


class WorkbookUpload(models.Model):
    """The file between the dry run and the applying. Only who sent it sees it; nobody can download it again.

    Once it is applied its content is gone and ``result`` says what was saved: by action plan, how many values.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+", verbose_name=_("round"))
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.CASCADE, related_name="+", verbose_name=_("implementing body")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("sent by")
    )
    name = models.CharField(_("name"), max_length=LONGEST)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(_("content"))
    uploaded_at = models.DateTimeField(_("sent"), default=clock.now)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    result = models.JSONField(_("what was saved"), default=dict, blank=True)

    class Meta:
        verbose_name = _("uploaded workbook")
        verbose_name_plural = _("uploaded workbooks")
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["uploaded_at"], name="workbook_upload_by_time")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The dry run, or what became of it."""
        return reverse("ministries:workbook_upload", args=self.address)

    @property
    def address(self) -> list[Any]:
        """The parts of its address: plan, year, body, its key."""
        return [self.round.plan.number, self.round.year, self.body.code, self.pk]
