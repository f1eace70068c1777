"""A review remark (검토의견): what is said about one field of a submission, to whom, and what the body answers."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries import remark_rules
from ministries.enums import Visibility
from ministries.models.submission import REASON_LENGTH, Submission
from ministries.models.version import SubmissionVersion
from nap_monitor.lib import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from nap_monitor.accounts.models import User


class ReviewCommentQuerySet(models.QuerySet["ReviewComment"]):
    """Who may read which remarks."""

    def visible_to(self, user: "User | AnonymousUser") -> "ReviewCommentQuerySet":
        """The remarks that this person may read: the only ones that are shown to them, counted for them or named."""
        return self.filter(remark_rules.visible_remarks(user))

    def open(self) -> "ReviewCommentQuerySet":
        """Those that are not resolved."""
        return self.filter(resolved_at=None)


class ReviewComment(models.Model):
    """A remark by field. Open until it is resolved; a new return never overwrites an older remark.

    Its text is never changed: a slip is mended by a new remark. ``version`` is the text that its author was reading;
    none where the body remarks, inside the body, on what it is writing. ``reopened_at`` is the last time that it was
    opened again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="comments", verbose_name=_("submission")
    )
    field = models.CharField(_("field"), max_length=40)
    text = models.TextField(_("remark"), max_length=REASON_LENGTH)
    visibility = models.CharField(
        _("visibility"), max_length=12, choices=Visibility.choices, default=Visibility.COORDINATORS
    )
    version = models.ForeignKey(
        SubmissionVersion,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("version of a submission"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_comments", verbose_name=_("author")
    )
    at = models.DateTimeField(_("time"), default=clock.now)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="resolved_comments",
        null=True,
        blank=True,
        verbose_name=_("resolved by"),
    )
    reopened_at = models.DateTimeField(_("opened again"), null=True, blank=True)

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("review comment")
        verbose_name_plural = _("review comments")
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values), name="comment_visibility_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved."""
        return self.resolved_at is None


class ReviewReply(models.Model):
    """What the body answers to a remark of the coordinators. Read by the body and by them; never by the panel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comment = models.ForeignKey(
        ReviewComment, on_delete=models.CASCADE, related_name="replies", verbose_name=_("review comment")
    )
    text = models.TextField(_("answer"), max_length=REASON_LENGTH)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    at = models.DateTimeField(_("time"), default=clock.now)

    class Meta:
        verbose_name = _("answer to a review comment")
        verbose_name_plural = _("answers to review comments")
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text
