"""An indicator (성과지표) and its result in a submission."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.figures import FigureAttribute, figure_constraint, state_column, value_column
from ministries.models.assignment import Assignment
from ministries.models.submission import Submission
from nap_monitor.lib.localized import LocalizedTextField
from objectives.models import ActionPlan


class Indicator(models.Model):
    """What is measured: of an action plan, reported by each of its bodies, or of one assignment only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action_plan = models.ForeignKey(
        ActionPlan, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("action plan")
    )
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.CASCADE,
        related_name="indicators",
        null=True,
        blank=True,
        verbose_name=_("only for this body"),
    )
    code = models.CharField(_("code"), max_length=40)
    order = models.PositiveIntegerField(_("order"), default=0)
    name = LocalizedTextField(_("name"))
    unit = LocalizedTextField(_("unit"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    baseline_value = value_column(_("baseline"))
    baseline_state = state_column(_("state of the baseline"))
    baseline_year = models.PositiveSmallIntegerField(
        _("year of the baseline"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    baseline = FigureAttribute()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["action_plan__order", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["action_plan", "code"], name="indicator_code_unique_in_action_plan"),
            figure_constraint("baseline", "indicator"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class IndicatorResult(models.Model):
    """What a body reports on an indicator in a round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="indicator_results", verbose_name=_("submission")
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="results", verbose_name=_("indicator")
    )
    target_value = value_column(_("target"))
    target_state = state_column(_("state of the target"))
    actual_value = value_column(_("actual"))
    actual_state = state_column(_("state of the actual"))
    numerator_value = value_column(_("numerator"))
    numerator_state = state_column(_("state of the numerator"))
    denominator_value = value_column(_("denominator"))
    denominator_state = state_column(_("state of the denominator"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    reason = models.CharField(_("reason why it is not known"), max_length=500, blank=True)

    target = FigureAttribute()
    actual = FigureAttribute()
    numerator = FigureAttribute()
    denominator = FigureAttribute()

    #: The fields that a body fills in, in their order in the form.
    FIELDS = ("target", "actual", "numerator", "denominator", "source", "reason")

    class Meta:
        verbose_name = _("indicator result")
        verbose_name_plural = _("indicator results")
        ordering = ["indicator__order", "indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="indicator_result_unique"),
            *(figure_constraint(name, "result") for name in ("target", "actual", "numerator", "denominator")),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.indicator.code}"
