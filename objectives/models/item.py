"""What every item of a plan has: a number that stays, a place, a title in several languages, and its mend."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib.localized import LocalizedTextField

CODE_LENGTH = 40


class PlanItem(models.Model):
    """An item of a plan's tree. ``code``, the number in the plan's file, is its identity; ``order`` sorts it."""

    code = models.CharField(_("number"), max_length=CODE_LENGTH)
    order = models.PositiveIntegerField(_("order"))
    title = LocalizedTextField(_("title"))
    source_text = models.TextField(_("text of the source document"), blank=True)
    mend_note = models.TextField(_("note on the mend"), blank=True)

    class Meta:
        abstract = True
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_mended(self) -> bool:
        """Whether the text differs from, or needs a word about, what the source document prints."""
        return bool(self.source_text or self.mend_note)
