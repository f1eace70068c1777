"""A submission (추진실적): what one body reports on one assignment in one round."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import AWAITED, Disclosure, Rating, State, StateLabel
from ministries.models.assignment import Assignment
from ministries.models.round import Round
from nap_monitor.lib import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ministries.models.body_field import BodyField, BodyFieldValue
    from nap_monitor.accounts.models import User

NARRATIVE_LENGTH = 10_000
REASON_LENGTH = 2_000


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Who may see which submissions, and what a page needs of them."""

    def visible_to(self, user: "User | AnonymousUser") -> "SubmissionQuerySet":
        """The submissions of which this person may see anything at all (for a coordinator: at least the state)."""
        return self.filter(rules.visible_submissions(user))

    def for_list(self) -> "SubmissionQuerySet":
        """With all that a row of a list shows, in a fixed number of queries."""
        return (
            self.select_related("round__plan", "assignment__body", "assignment__action_plan")
            .prefetch_related("assignment__body__names", "assignment__body__own_fields", "own_values")
            .order_by("assignment__action_plan__order", "assignment__order")
        )


class Standing:
    """How a submission stands, from its columns alone: the same for the model and for rows that are read without it."""

    __slots__ = ()

    if TYPE_CHECKING:
        round: Any  # a field of the model, a column of a row
        state: Any
        started_at: Any
        sent_back_at: Any
        first_submitted_at: Any
        last_submitted_at: Any
        extended_until: Any
        confirmed_version_id: Any

    @property
    def due_date(self) -> dt.date:
        """The last day to submit: the round's, or that of the exception (where the round was closed: that alone)."""
        due: dt.date = self.round.due_date
        until: dt.date | None = self.extended_until
        if until is None:
            return due
        return until if self.round.closed_at else max(due, until)

    @property
    def is_awaited(self) -> bool:
        """Whether the body still has to submit it."""
        return self.state in AWAITED

    def is_overdue(self, day: dt.date | None = None) -> bool:
        """Whether it is awaited and its due date has passed."""
        return self.is_awaited and self.due_date < (day or clock.today())

    def days_left(self, day: dt.date | None = None) -> int:
        """Days to the due date; negative when it has passed."""
        return (self.due_date - (day or clock.today())).days

    @property
    def label(self) -> StateLabel:
        """What its state is called on a page."""
        if self.state == State.DRAFT and self.sent_back_at:
            return StateLabel.SENT_BACK
        if self.state == State.DRAFT and not self.started_at:
            return StateLabel.NOT_STARTED
        if self.state == State.SUBMITTED and self.first_submitted_at != self.last_submitted_at:
            return StateLabel.SUBMITTED_AGAIN
        return StateLabel(self.state)

    @property
    def is_under_revision(self) -> bool:
        """Whether it was confirmed once and has been reopened."""
        return self.confirmed_version_id is not None and self.state != State.CONFIRMED


class Submission(Standing, models.Model):
    """The report on an assignment; it exists from the day its round is made, so that 'not reported' is a row.

    What is written here is the body's working copy. What others read is a :class:`SubmissionVersion`.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("round"))
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("assignment")
    )

    # The workflow. `step` counts transitions: a posted action names the step it was looking at.
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    came_from = models.CharField(_("state before sign-off"), max_length=12, choices=State.choices, blank=True)
    step = models.PositiveIntegerField(_("step"), default=0)
    started_at = models.DateTimeField(_("first saved"), null=True, blank=True)
    sent_back_at = models.DateTimeField(_("sent back in the body"), null=True, blank=True)
    updated_at = models.DateTimeField(_("last change"), default=clock.now)
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, blank=True)
    last_submitted_at = models.DateTimeField(_("last submitted"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    extended_until = models.DateField(_("exception until"), null=True, blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("approver"),
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("focal point"),
    )
    submitted_version = models.ForeignKey(
        "ministries.SubmissionVersion", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_version = models.ForeignKey(
        "ministries.SubmissionVersion", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    coordinator_rating = models.CharField(_("coordinator's rating"), max_length=20, choices=Rating.choices, blank=True)
    coordinator_reason = models.TextField(_("reason of the rating"), max_length=REASON_LENGTH, blank=True)

    # What the body writes.
    department = models.CharField(_("department"), max_length=100, blank=True)
    this_year_plan = models.TextField(_("this year's plan"), max_length=NARRATIVE_LENGTH, blank=True)
    results = models.TextField(_("results"), max_length=NARRATIVE_LENGTH, blank=True)
    self_rating = models.CharField(_("self-rating"), max_length=20, choices=Rating.choices, blank=True)
    self_rating_reason = models.TextField(_("reason"), max_length=REASON_LENGTH, blank=True)
    shortcomings = models.TextField(_("shortcomings and causes"), max_length=NARRATIVE_LENGTH, blank=True)
    improvement_measures = models.TextField(_("improvement measures"), max_length=NARRATIVE_LENGTH, blank=True)
    next_year_plan = models.TextField(_("plan for next year"), max_length=NARRATIVE_LENGTH, blank=True)
    consultation = models.TextField(_("consultation with civil society"), max_length=NARRATIVE_LENGTH, blank=True)
    consultation_outcome = models.TextField(_("what came of the consultation"), max_length=NARRATIVE_LENGTH, blank=True)
    recommendations_action = models.TextField(
        _("action on earlier recommendations"), max_length=NARRATIVE_LENGTH, blank=True
    )
    related = models.TextField(_("related resolutions and national plans"), max_length=REASON_LENGTH, blank=True)
    gender_impact_assessment = models.TextField(_("gender impact assessment"), max_length=REASON_LENGTH, blank=True)
    no_budget_needed = models.BooleanField(_("no budget needed"), default=False)
    disclosure = models.CharField(_("disclosure"), max_length=12, choices=Disclosure.choices, default=Disclosure.OPEN)
    disclosure_ground = models.CharField(_("legal ground"), max_length=500, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(fields=["round", "assignment"], name="submission_unique"),
            models.CheckConstraint(
                condition=models.Q(state=State.SIGNED_OFF, came_from__in=[State.DRAFT, State.RETURNED])
                | (~models.Q(state=State.SIGNED_OFF) & models.Q(came_from="")),
                name="submission_came_from_when_signed_off",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.SUBMITTED, State.RETURNED, State.CONFIRMED])
                | models.Q(first_submitted_at__isnull=False, submitted_version__isnull=False),
                name="submission_submitted_has_version",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.CONFIRMED)
                | (models.Q(confirmed_version__isnull=False) & ~models.Q(coordinator_rating="")),
                name="submission_confirmed_has_version_and_rating",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.year} {self.assignment.body.code} {self.assignment.action_plan.code}"

    def get_absolute_url(self) -> str:
        """The permanent page of this submission."""
        return reverse("ministries:submission_detail", args=self.address)

    @property
    def address(self) -> list[Any]:
        """The parts of the permanent address: plan, year, body, action plan."""
        return [
            self.round.plan.number,
            self.round.year,
            self.assignment.body.code,
            self.assignment.action_plan.code,
        ]

    def was_read_with(self, rows: str) -> bool:
        """Whether these rows of it (the name of a relation) were prefetched with it."""
        return rows in getattr(self, "_prefetched_objects_cache", {})

    @property
    def own_answers(self) -> "list[tuple[BodyField, BodyFieldValue | None]]":
        """The fields of the body's own that are asked in this year, each with its answer where there is one.

        Prefetch ``own_values`` and ``assignment__body__own_fields`` where many submissions are read.
        """
        asked = [each for each in self.assignment.body.own_fields.all() if each.is_asked_in(self.round.year)]
        values = {each.field_id: each for each in self.own_values.all()} if asked else {}
        for each in asked:
            if each.pk in values:
                values[each.pk].field = each  # spares the query for what an answer is an answer to
        return [(each, values.get(each.pk)) for each in asked]
