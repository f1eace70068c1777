"""An activity (세부 활동) of a submission: a training, a conference, a project and the like."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries import currencies
from ministries.enums import ActivityKind, Phase, Province
from ministries.figures import (
    FigureAttribute,
    check_amount,
    check_count,
    figure_constraint,
    not_negative_constraint,
    state_column,
    value_column,
)
from ministries.models.submission import Submission

DESCRIPTION_LENGTH = 2_000


class Activity(models.Model):
    """What was done, when, where, with whom and for how many. People are counts only, never names.

    A contribution is in its currency's own unit (won, dollars), unlike the budget, which is in million won.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="activities", verbose_name=_("submission")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind.choices, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    end_date = models.DateField(_("last day"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    province = models.CharField(_("province"), max_length=5, choices=Province.choices, blank=True)
    partners = models.CharField(_("partners"), max_length=500, blank=True)
    women_value = value_column(_("women"))
    women_state = state_column(_("state of the women"))
    men_value = value_column(_("men"))
    men_state = state_column(_("state of the men"))
    contribution_value = value_column(_("contribution"))
    contribution_state = state_column(_("state of the contribution"))
    currency = models.CharField(
        _("currency"), max_length=3, default=currencies.DEFAULT, validators=[currencies.validate_currency]
    )
    phase = models.CharField(_("phase"), max_length=14, choices=Phase.choices, blank=True)
    description = models.TextField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)

    women = FigureAttribute()
    men = FigureAttribute()
    contribution = FigureAttribute()

    #: The fields that a body fills in, in their order in the form.
    FIELDS = (
        "kind",
        "title",
        "date",
        "end_date",
        "place",
        "province",
        "partners",
        "women",
        "men",
        "contribution",
        "currency",
        "phase",
        "description",
    )

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["order", "id"]
        constraints = [
            *(figure_constraint(name, "activity") for name in ("women", "men", "contribution")),
            *(not_negative_constraint(name, "activity") for name in ("women", "men", "contribution")),
            models.CheckConstraint(
                condition=models.Q(date__isnull=True)
                | models.Q(end_date__isnull=True)
                | models.Q(end_date__gte=models.F("date")),
                name="activity_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Raise ``ValidationError`` by field where the days are out of order or a count of people is none."""
        check_count(self.women, "women")
        check_count(self.men, "men")
        check_amount(self.contribution, "contribution")
        if self.date and self.end_date and self.end_date < self.date:
            raise ValidationError({"end_date": _("The last day may not lie before the first.")})
