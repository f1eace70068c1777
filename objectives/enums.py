"""The fixed words of the plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The levels of a plan, from above."""

    AREA = "area", _("Area")
    OBJECTIVE = "objective", _("Objective")
    STRATEGY = "strategy", _("Strategy")
    ACTION_PLAN = "action-plan", _("Action plan")
