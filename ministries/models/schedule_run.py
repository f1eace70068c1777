"""A run of the schedule: that it ran, and what came of it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib import clock


class ScheduleRun(models.Model):
    """One run of ``manage.py run_schedule``. ``as_of`` is the moment for which it asked what is due, ``finished_at`` is
    nothing where it was killed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField(_("started"), default=clock.real_now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    as_of = models.DateTimeField(_("as of"), default=clock.now)
    sent = models.PositiveIntegerField(_("e-mails sent"), default=0)
    failed = models.PositiveIntegerField(_("e-mails not sent"), default=0)

    class Meta:
        verbose_name = _("run of the schedule")
        verbose_name_plural = _("runs of the schedule")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["-finished_at"], name="schedule_run_by_end")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
