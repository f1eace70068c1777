"""A notice (알림): what happened to what is somebody's own, until they have read it."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import NoticeKind
from ministries.models.body import ImplementingBody
from ministries.models.round import Round
from ministries.models.submission import Submission
from ministries.notice_rules import visible_notices

if TYPE_CHECKING:
    from ministries.rules import Person


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Finding notices."""

    def visible_to(self, user: "Person") -> "NoticeQuerySet":
        """Those to ``user`` about what ``user`` may still see."""
        return self.filter(visible_notices(user))

    def unread(self) -> "NoticeQuerySet":
        """Those that were not read."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """That one person is told of one event, once for each body that it concerns. The record has the words; what it is
    about has the address.

    It is the person's own, no part of the record: it goes with what it speaks of, and after a time
    (``services.notices.KEPT``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name=_("person")
    )
    # The id of the event; no key, since the record holds none either.
    event = models.UUIDField(_("event"))
    kind = models.CharField(_("kind"), max_length=16, choices=NoticeKind.choices)
    at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.CASCADE, related_name="+", verbose_name=_("implementing body")
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="+", null=True, verbose_name=_("submission")
    )
    # Where it is about all that a body owes in a year, and not about one submission.
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+", null=True, verbose_name=_("round"))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_by_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["at"], name="notice_by_time"),
        ]
        constraints = [models.UniqueConstraint(fields=["person", "event", "body"], name="notice_once_a_person")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.person}"
