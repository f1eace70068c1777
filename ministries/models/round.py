"""A round (이행점검 연도): a plan's reporting year."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedTextField
from objectives.models import Plan


class Round(models.Model):
    """The year that is reported on, and the days on which reporting opens, is due and closes (all inclusive)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("plan"))
    year = models.PositiveSmallIntegerField(_("year"))
    opening_date = models.DateField(_("opening date"))
    due_date = models.DateField(_("due date"))
    closing_date = models.DateField(_("closing date"))
    # Set while a coordinator's closing is in force (:class:`RoundClosing`); the dates stay as they are.
    closed_at = models.DateTimeField(_("closed by a coordinator"), null=True, blank=True)
    guidance = LocalizedTextField(_("guidance"), blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "year"], name="round_unique"),
            models.CheckConstraint(
                condition=models.Q(opening_date__lte=models.F("due_date"), due_date__lte=models.F("closing_date")),
                name="round_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        """The list of this round's submissions."""
        return reverse("ministries:submission_list", args=[self.plan.number, self.year])

    @property
    def record_label(self) -> str:
        """The round in the record, in no language: the plan's number and the year (``ministries.words`` reads it)."""
        return f"{self.plan.number} {self.year}"

    def is_opened(self, day: dt.date | None = None) -> bool:
        """Whether the opening date has come."""
        return self.opening_date <= (day or clock.today())

    def is_closed(self, day: dt.date | None = None) -> bool:
        """Whether a coordinator has closed it, or the closing date has passed."""
        return self.closed_at is not None or self.closing_date < (day or clock.today())

    def is_open(self, day: dt.date | None = None) -> bool:
        """Whether the period is open on ``day`` (today by default)."""
        return self.is_opened(day) and not self.is_closed(day)
