"""The figures of confirmed versions as rows, so that reading them needs no search in documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.figures import FigureAttribute, figure_constraint, state_column, value_column
from ministries.models.assignment import Assignment
from ministries.models.round import Round
from ministries.models.version import SubmissionVersion


class ConfirmedFigure(models.Model):
    """A figure of the last confirmed version of a submission."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="figures", verbose_name=_("round"))
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="figures", verbose_name=_("assignment")
    )
    version = models.ForeignKey(
        SubmissionVersion, on_delete=models.PROTECT, related_name="figures", verbose_name=_("version")
    )
    key = models.CharField(_("key"), max_length=120)
    figure_value = value_column(_("value"))
    figure_state = state_column(_("state"))
    unit = models.CharField(_("unit"), max_length=40, blank=True)

    figure = FigureAttribute()

    class Meta:
        verbose_name = _("confirmed figure")
        verbose_name_plural = _("confirmed figures")
        ordering = ["round", "assignment", "key"]
        constraints = [
            models.UniqueConstraint(fields=["round", "assignment", "key"], name="confirmed_figure_unique"),
            figure_constraint("figure", "confirmed"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.key}"
