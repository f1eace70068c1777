"""An unofficial translation of one text of a submission."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.models.submission import Submission
from nap_monitor.lib import clock

#: A translation may be longer than the text.
TRANSLATION_LENGTH = 20_000


def mark_of_text(text: str) -> str:
    """What tells one text from another: a hash, blind to line ends and to spaces around it."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()


class Translation(models.Model):
    """A text of a submission in another language. It belongs to the very words that it translates: ``source_sha`` is
    the mark of them, so that it is stale as soon as they change, and fits every version that has them."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="translations", verbose_name=_("submission")
    )
    # A field of the submission, or "<table>.<field>" with the row's id.
    field = models.CharField(_("field"), max_length=60)
    row = models.CharField(_("row"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"), max_length=TRANSLATION_LENGTH)
    source_sha = models.CharField(_("mark of the text translated"), max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written"), default=clock.now)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["submission", "field", "row", "language"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "field", "row", "language"], name="translation_unique")
        ]

    def __str__(self) -> str:
        return self.text

    def is_stale(self, text: str) -> bool:
        """Whether ``text`` is no longer what was translated."""
        return self.source_sha != mark_of_text(text)
