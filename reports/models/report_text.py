"""The coordinator's own prose in a round's report, by place of the outline and by language, in all its versions."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.models import Round
from nap_monitor.lib import clock

#: The longest text of a place, in characters.
TEXT_LENGTH = 20_000


class ReportTextQuerySet(models.QuerySet["ReportText"]):
    """Versions of texts."""

    def current(self) -> "ReportTextQuerySet":
        """The last version of each place and language."""
        later = type(self.model.objects.all())(self.model).filter(
            round=models.OuterRef("round"),
            place=models.OuterRef("place"),
            language=models.OuterRef("language"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later))


class ReportText(models.Model):
    """One version of a text. The one with the highest number holds; an empty one says that the text was taken away.

    What one person types in one stretch is one version, which grows until the stretch ends; earlier ones never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="report_texts", verbose_name=_("round"))
    place = models.CharField(_("place in the report"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    author_label = models.CharField(_("name of the author"), max_length=200)
    started_at = models.DateTimeField(_("begun"), default=clock.now)
    saved_at = models.DateTimeField(_("saved"), default=clock.now)

    objects = ReportTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a report")
        verbose_name_plural = _("texts of reports")
        ordering = ["round", "place", "language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "place", "language", "number"], name="report_text_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.round.year} {self.place} {self.language} {self.number}"
