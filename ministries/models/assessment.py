"""The coordinator's one mark for an action plan that several bodies carry, in one round."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import Rating
from ministries.models.round import Round
from ministries.models.submission import REASON_LENGTH
from nap_monitor.lib import clock
from objectives.models import ActionPlan


class Assessment(models.Model):
    """A judgement beside the bodies' own ratings, never computed from them. Where none is wanted there is no row.

    ``count`` says how many times it was saved: what is posted names the one that its writer started from.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("round"))
    action_plan = models.ForeignKey(
        ActionPlan, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("action plan")
    )
    rating = models.CharField(_("rating"), max_length=20, choices=Rating.choices)
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    at = models.DateTimeField(_("time"), default=clock.now)
    count = models.PositiveIntegerField(_("times saved"), default=1)

    class Meta:
        verbose_name = _("assessment of an action plan")
        verbose_name_plural = _("assessments of action plans")
        ordering = ["round", "action_plan__order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "action_plan"], name="assessment_unique"),
            models.CheckConstraint(condition=~models.Q(rating=""), name="assessment_has_rating"),
        ]

    def __str__(self) -> str:
        return f"{self.round.year} {self.action_plan.code}"
