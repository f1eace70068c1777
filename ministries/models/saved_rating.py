"""What a coordinator has said of a submission before deciding: the rating that a confirm will take."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import Rating
from ministries.models.submission import REASON_LENGTH, Submission
from ministries.models.version import SubmissionVersion
from nap_monitor.lib import clock


class SavedRating(models.Model):
    """The coordinators' own until the submission is confirmed: then it becomes ``coordinator_rating``.

    It holds for the version on which it was given. After the next submit it is shown as given on an earlier one, and
    counts for no confirm until it is saved again. ``count`` says how many times it was saved: what is posted names it.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, related_name="saved_rating", verbose_name=_("submission")
    )
    version = models.ForeignKey(
        SubmissionVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("version of a submission")
    )
    rating = models.CharField(_("rating"), max_length=20, choices=Rating.choices)
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    at = models.DateTimeField(_("time"), default=clock.now)
    count = models.PositiveIntegerField(_("times saved"), default=1)

    class Meta:
        verbose_name = _("saved rating")
        verbose_name_plural = _("saved ratings")
        constraints = [models.CheckConstraint(condition=~models.Q(rating=""), name="saved_rating_has_rating")]

    def __str__(self) -> str:
        return f"{self.submission} {self.rating}"

    def holds_for(self, submission: Submission) -> bool:
        """Whether it was given on the version that lies with the coordinator now."""
        return self.version_id == submission.submitted_version_id
