"""Reminders (제출 독촉): when whom is reminded, and the log of what was sent."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import Delivery, MailFault, Occasion, ReminderTo
from ministries.models.body import ImplementingBody
from ministries.models.round import Round
from nap_monitor.lib import clock

SUBJECT_LENGTH = 150
TEXT_LENGTH = 5_000


class ReminderRule(models.Model):
    """A stage of a round's reminders: so many days before (negative) or after a due date, to whom in the body."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reminder_rules", verbose_name=_("round"))
    days = models.SmallIntegerField(_("days after the due date"))
    recipient = models.CharField(_("recipient"), max_length=12, choices=ReminderTo.choices)

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["round", "days", "recipient"]
        constraints = [
            models.UniqueConstraint(fields=["round", "days", "recipient"], name="reminder_rule_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.days:+d} {self.recipient}"


class ReminderMail(models.Model):
    """One e-mail to one person, or to the office that a body names: a digest, or a coordinator's own message.

    A process claims it (``lease_until``) before it sends, and confirms it once the mail server has taken it. The
    Message-ID is the same at every attempt, so that one that arrives twice is one to its reader.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("person")
    )
    address = models.EmailField(_("address of an office"), blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    # The submissions that a coordinator chose, by their keys; empty: all that is awaited of the bodies.
    only = models.JSONField(_("chosen submissions"), default=list, blank=True)
    # The submissions that the e-mail names, by their keys: as it was when the mail server took it.
    about = models.JSONField(_("named submissions"), default=list, blank=True)
    # One press of the button: the same again sends nothing again.
    batch = models.UUIDField(_("batch"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("sent by"),
    )
    made_at = models.DateTimeField(_("made"), default=clock.real_now)
    message_id = models.CharField(_("Message-ID"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=Delivery.choices, default=Delivery.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("taken by the mail server"), null=True, blank=True)
    fault = models.CharField(_("why it was not sent"), max_length=10, choices=MailFault.choices, blank=True)
    smtp_code = models.PositiveSmallIntegerField(_("answer of the mail server"), null=True, blank=True)

    class Meta:
        verbose_name = _("e-mail of the reminders")
        verbose_name_plural = _("e-mails of the reminders")
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["state", "occasion"], name="reminder_mail_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, address="")
                | (models.Q(user__isnull=True) & ~models.Q(address="")),
                name="reminder_mail_to_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state=Delivery.SENT, sent_at__isnull=False)
                | (~models.Q(state=Delivery.SENT) & models.Q(sent_at__isnull=True)),
                name="reminder_mail_sent_at_some_time",
            ),
            models.UniqueConstraint(
                fields=["batch", "user"],
                condition=models.Q(batch__isnull=False, user__isnull=False),
                name="reminder_mail_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["batch", "address"],
                condition=models.Q(batch__isnull=False, user__isnull=True),
                name="reminder_mail_once_an_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.made_at:%Y-%m-%d}"


class Reminder(models.Model):
    """That somebody was reminded of a body's submissions of one due date, at one stage: at most once.

    A stage is the rule's days and recipient. What a coordinator sends has no stage (``days`` is nothing), a message of
    the coordinator's own no due date either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mail = models.ForeignKey(ReminderMail, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("e-mail"))
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("round"))
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("implementing body")
    )
    recipient = models.CharField(_("recipient"), max_length=12, choices=ReminderTo.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("person")
    )
    address = models.EmailField(_("address of an office"), blank=True)
    days = models.SmallIntegerField(_("days after the due date"), null=True, blank=True)
    due_date = models.DateField(_("due date"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["round", "body", "due_date", "days"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "body", "recipient", "user", "days", "due_date"],
                condition=models.Q(days__isnull=False, user__isnull=False),
                name="reminder_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["round", "body", "recipient", "address", "days", "due_date"],
                condition=models.Q(days__isnull=False, user__isnull=True),
                name="reminder_once_an_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.due_date}"

    @property
    def key(self) -> tuple[Any, ...]:
        """What it is about and to whom: the same for two that are one."""
        return (self.round_id, self.body_id, self.recipient, self.user_id or self.address, self.days, self.due_date)
