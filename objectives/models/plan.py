"""A national action plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib.localized import LocalizedTextField


class Plan(models.Model):
    """A National Action Plan: its number, title and years."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    title = LocalizedTextField(_("title"))
    start_year = models.PositiveSmallIntegerField(_("first year"))
    end_year = models.PositiveSmallIntegerField(_("last year"))
    # Languages in which all of the plan's text is an unofficial translation.
    unofficial_languages = models.JSONField(_("unofficial translations"), default=list, blank=True)

    class Meta:
        verbose_name = _("national action plan")
        verbose_name_plural = _("national action plans")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_year__lte=models.F("end_year")), name="plan_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def years(self) -> range:
        """The years that the plan covers."""
        return range(self.start_year, self.end_year + 1)

    def is_unofficial_in(self, language: str) -> bool:
        """Whether the plan's text as a reader of ``language`` sees it is an unofficial translation."""
        return self.title.language_shown(language) in self.unofficial_languages
