"""An assignment (소관과제): a body's duty for an action plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.models.body import ImplementingBody
from objectives.models import ActionPlan


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Which assignments a year has."""

    def in_year(self, year: int) -> "AssignmentQuerySet":
        """The assignments that hold in this year."""
        return self.filter(start_year__lte=year, end_year__gte=year)


class Assignment(models.Model):
    """The beam between plan and work: who carries which action plan, in which years."""

    action_plan = models.ForeignKey(
        ActionPlan, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("action plan")
    )
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("implementing body")
    )
    # The order in which the plan prints the bodies of an action plan.
    order = models.PositiveIntegerField(_("order"), default=0)
    start_year = models.PositiveSmallIntegerField(_("first year"))
    end_year = models.PositiveSmallIntegerField(_("last year"))

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["action_plan__order", "order"]
        constraints = [
            models.UniqueConstraint(fields=["action_plan", "body"], name="assignment_unique"),
            models.CheckConstraint(
                condition=models.Q(start_year__lte=models.F("end_year")), name="assignment_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body.code} {self.action_plan.code}"
