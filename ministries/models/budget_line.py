"""A budget line of a submission: a programme with its budget and what was executed of it."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import Account
from ministries.figures import (
    LARGEST_AMOUNT,
    FigureAttribute,
    check_amount,
    figure_constraint,
    not_negative_constraint,
    state_column,
    value_column,
)
from ministries.models.body import ImplementingBody
from ministries.models.submission import Submission


class BudgetLine(models.Model):
    """Money of a programme, in million won with three places."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="budget_lines", verbose_name=_("submission")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    account = models.CharField(_("account"), max_length=10, choices=Account.choices, default=Account.GENERAL)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    budget_value = value_column(_("budget"))
    budget_state = state_column(_("state of the budget"))
    executed_value = value_column(_("executed"))
    executed_state = state_column(_("state of the executed amount"))
    gender_responsive = models.BooleanField(_("gender-responsive budget"), default=False)
    # Money that another body passes on (as MOFA to KOICA) stands in the reports of both, and is added up once.
    passed_on_from = models.ForeignKey(
        ImplementingBody,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("passed on from"),
    )

    budget = FigureAttribute()
    executed = FigureAttribute()

    #: The fields that a body fills in, in their order in the form.
    FIELDS = ("account", "programme", "budget", "executed", "gender_responsive", "passed_on_from")

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["order", "id"]
        constraints = [
            *(figure_constraint(name, "line") for name in ("budget", "executed")),
            *(not_negative_constraint(name, "line") for name in ("budget", "executed")),
        ]

    def __str__(self) -> str:
        return self.programme

    def clean(self) -> None:
        """Raise ``ValidationError`` by field: amounts are not negative, and nobody passes money on to oneself."""
        check_amount(self.budget, "budget", largest=LARGEST_AMOUNT)
        check_amount(self.executed, "executed", largest=LARGEST_AMOUNT)
        if self.passed_on_from_id is not None and self.passed_on_from_id == self.submission.assignment.body_id:
            raise ValidationError({"passed_on_from": _("This is the body itself. Name the body that passes it on.")})
