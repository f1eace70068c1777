"""An indicator (성과지표) and its result in a submission."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import Direction
from ministries.figures import (
    Figure,
    FigureAttribute,
    check_count,
    figure_constraint,
    not_negative_constraint,
    state_column,
    value_column,
)
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
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices, default=Direction.MORE)
    computation = LocalizedTextField(_("way of computing"), blank=True)
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

    def target_in(self, year: int) -> Figure:
        """The target that was defined for a year; empty where none was. Prefetch ``targets`` where many are asked."""
        return next((row.target for row in self.targets.all() if row.year == year), Figure())


class IndicatorTarget(models.Model):
    """The target of an indicator for one year, as it was defined beforehand. A body may report against another one."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="targets", verbose_name=_("indicator")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1950), MaxValueValidator(2100)])
    target_value = value_column(_("target"))
    target_state = state_column(_("state of the target"))

    target = FigureAttribute()

    class Meta:
        verbose_name = _("target of a year")
        verbose_name_plural = _("targets of years")
        ordering = ["indicator", "year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="indicator_target_unique"),
            figure_constraint("target", "yearly"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.year}"


class IndicatorResult(models.Model):
    """What a body reports on an indicator in a round. Women and men are those behind the actual: counts only."""

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
    women_value = value_column(_("women"))
    women_state = state_column(_("state of the women"))
    men_value = value_column(_("men"))
    men_state = state_column(_("state of the men"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    reason = models.CharField(_("reason why it is not known"), max_length=500, blank=True)

    target = FigureAttribute()
    actual = FigureAttribute()
    numerator = FigureAttribute()
    denominator = FigureAttribute()
    women = FigureAttribute()
    men = FigureAttribute()

    FIGURES = ("target", "actual", "numerator", "denominator", "women", "men")
    #: The fields that a body fills in, in their order in the form.
    FIELDS = (*FIGURES, "source", "reason")

    class Meta:
        verbose_name = _("indicator result")
        verbose_name_plural = _("indicator results")
        ordering = ["indicator__order", "indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="indicator_result_unique"),
            *(
                figure_constraint(name, "result")
                for name in ("target", "actual", "numerator", "denominator", "women", "men")
            ),
            *(not_negative_constraint(name, "result") for name in ("women", "men")),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.indicator.code}"

    def clean(self) -> None:
        """Raise ``ValidationError`` by field where a count of people is none."""
        check_count(self.women, "women")
        check_count(self.men, "men")
