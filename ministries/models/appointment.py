"""An appointment: a person holds a role, in a body or for the whole plan, from a day to a day."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import BODY_ROLES, Role
from ministries.models.body import ImplementingBody
from nap_monitor.lib import clock


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Which appointments hold when."""

    def holding(self, day: dt.date | None = None) -> "AppointmentQuerySet":
        """The appointments that hold on ``day`` (today by default); first and last day are included."""
        day = day or clock.today()
        return self.filter(models.Q(end__isnull=True) | models.Q(end__gte=day), start__lte=day)


class Appointment(models.Model):
    """A role that a person holds. All rights come from here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    body = models.ForeignKey(
        ImplementingBody,
        on_delete=models.PROTECT,
        related_name="appointments",
        null=True,
        blank=True,
        verbose_name=_("implementing body"),
    )
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("to"), null=True, blank=True)

    # The last day of which its person and the coordinators were told beforehand: another one is told of anew.
    told_end = models.DateField(_("last day that was told beforehand"), null=True, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-start", "role"]
        indexes = [models.Index(fields=["user", "start"], name="appointment_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=BODY_ROLES, body__isnull=False)
                | (~models.Q(role__in=BODY_ROLES) & models.Q(body__isnull=True)),
                name="appointment_body_fits_role",
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="appointment_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    def has_ended(self, day: dt.date | None = None) -> bool:
        """Whether its last day has passed on ``day`` (today by default)."""
        return self.end is not None and self.end < (day or clock.today())

    def holds(self, day: dt.date | None = None) -> bool:
        """Whether it holds on ``day`` (today by default): the same as :meth:`AppointmentQuerySet.holding`."""
        return self.start <= (day or clock.today()) and not self.has_ended(day)
