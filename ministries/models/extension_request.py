"""That a body asks for more time (제출기한 연장 요청), and what a coordinator answered."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import RequestAnswer
from ministries.models.body import ImplementingBody
from ministries.models.extension import Extension
from ministries.models.round import Round
from ministries.models.submission import REASON_LENGTH, Submission
from nap_monitor.lib import clock


class ExtensionRequest(models.Model):
    """More time is asked for: for one submission, or for all that a body still owes (``submission`` is then empty).

    The row stays as it was asked. At most one is open for the same. It is answered by the exception that a coordinator
    grants, on whatever page, by a refusal, or by the body that takes it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="requests", verbose_name=_("round"))
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.PROTECT, related_name="requests", verbose_name=_("implementing body")
    )
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        related_name="requests",
        null=True,
        blank=True,
        verbose_name=_("submission"),
    )
    until = models.DateField(_("wished due date"))
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("asked by"),
    )
    # The names outlive the accounts.
    asked_by_label = models.CharField(_("asked by, by name"), max_length=200)
    at = models.DateTimeField(_("asked"), default=clock.now)

    answer = models.CharField(_("answer"), max_length=10, choices=RequestAnswer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )
    answered_by_label = models.CharField(_("answered by, by name"), max_length=200, blank=True)
    answer_reason = models.TextField(_("reason of the answer"), max_length=REASON_LENGTH, blank=True)
    extension = models.ForeignKey(
        Extension,
        on_delete=models.PROTECT,
        related_name="requests",
        null=True,
        blank=True,
        verbose_name=_("exception that was granted"),
    )

    class Meta:
        verbose_name = _("request for more time")
        verbose_name_plural = _("requests for more time")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(answered_at=None, submission__isnull=False),
                name="request_one_of_submission",
            ),
            models.UniqueConstraint(
                fields=["round", "body"],
                condition=models.Q(answered_at=None, submission=None),
                name="request_one_of_body",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    answered_at=None,
                    answer="",
                    answered_by=None,
                    answered_by_label="",
                    answer_reason="",
                    extension=None,
                )
                | models.Q(answered_at__isnull=False, answer=RequestAnswer.GRANTED, extension__isnull=False)
                | (
                    models.Q(answered_at__isnull=False, answer=RequestAnswer.DECLINED, extension=None)
                    & ~models.Q(answer_reason="")
                )
                | models.Q(answered_at__isnull=False, answer=RequestAnswer.WITHDRAWN, extension=None),
                name="request_answered_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body.code} {self.round.year} ~ {self.until.isoformat()}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None

    def days_given(self) -> dt.date | None:
        """Until when the exception goes that was granted for it."""
        return self.extension.until if self.extension else None
