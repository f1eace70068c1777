"""A field of a body's own (기관 자체 항목): what it asks of itself beside what everybody is asked; and its answers."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import BodyFieldKind
from ministries.figures import Figure, FigureAttribute, figure_constraint, state_column, value_column
from ministries.models.body import ImplementingBody
from ministries.models.submission import REASON_LENGTH, Submission
from nap_monitor.lib.localized import LocalizedText, LocalizedTextField

YEARS = [MinValueValidator(1950), MaxValueValidator(2100)]


class BodyFieldQuerySet(models.QuerySet["BodyField"]):
    """Which fields a year has."""

    def asked_in(self, year: int) -> "BodyFieldQuerySet":
        """The fields that are asked in this year."""
        begun = models.Q(start_year=None) | models.Q(start_year__lte=year)
        return self.filter(begun, models.Q(end_year=None) | models.Q(end_year__gte=year))


class BodyField(models.Model):
    """A question that a body puts to itself in all its submissions, in keeping with its own monitoring system."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(
        ImplementingBody, on_delete=models.PROTECT, related_name="own_fields", verbose_name=_("implementing body")
    )
    key = models.CharField(_("key"), max_length=40)
    order = models.PositiveIntegerField(_("order"), default=0)
    label = LocalizedTextField(_("label"))
    help = LocalizedTextField(_("help"), blank=True)
    kind = models.CharField(_("kind"), max_length=6, choices=BodyFieldKind.choices, default=BodyFieldKind.TEXT)
    # For a choice: a list of {"code": …, "label": {language: text}}.
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    start_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True, validators=YEARS)
    end_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True, validators=YEARS)

    objects = BodyFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("field of a body's own")
        verbose_name_plural = _("fields of a body's own")
        ordering = ["body", "order", "key"]
        constraints = [
            models.UniqueConstraint(fields=["body", "key"], name="body_field_key_unique"),
            models.CheckConstraint(
                condition=models.Q(start_year=None)
                | models.Q(end_year=None)
                | models.Q(start_year__lte=models.F("end_year")),
                name="body_field_years_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    def is_asked_in(self, year: int) -> bool:
        """Whether it is asked in this year: :meth:`BodyFieldQuerySet.asked_in` for one field that is read already."""
        return (self.start_year or year) <= year <= (self.end_year or year)

    @property
    def choice_labels(self) -> list[LocalizedText]:
        """What the choices are called, in their order."""
        return [LocalizedText(each["label"]) for each in self.choices]

    def label_of(self, code: str) -> LocalizedText:
        """What a choice is called; empty for a code that there is not."""
        return next((LocalizedText(each["label"]) for each in self.choices if each["code"] == code), LocalizedText())


class BodyFieldValue(models.Model):
    """A body's answer to one of its own fields: text (or the code of a choice), a number or a date, by its kind."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="own_values", verbose_name=_("submission")
    )
    field = models.ForeignKey(BodyField, on_delete=models.PROTECT, related_name="values", verbose_name=_("field"))
    text = models.TextField(_("text"), max_length=REASON_LENGTH, blank=True)
    number_value = value_column(_("number"))
    number_state = state_column(_("state of the number"))
    date = models.DateField(_("date"), null=True, blank=True)

    number = FigureAttribute()

    #: What a body fills in: one answer, of the type that the field's kind asks for.
    FIELDS = ("value",)

    class Meta:
        verbose_name = _("answer to a field of a body's own")
        verbose_name_plural = _("answers to fields of a body's own")
        ordering = ["field__order", "field__key"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "field"], name="body_field_value_unique"),
            figure_constraint("number", "own"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"

    @property
    def value(self) -> str | Figure | dt.date | None:
        """The answer: a text or a choice's code, a figure, a date or nothing."""
        found: str | Figure | dt.date | None = getattr(self, _COLUMN[BodyFieldKind(self.field.kind)])
        return found

    @value.setter
    def value(self, value: str | Figure | dt.date | None) -> None:
        setattr(self, _COLUMN[BodyFieldKind(self.field.kind)], value)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered; 'not known' is an answer."""
        return self.value.is_empty if isinstance(self.value, Figure) else not self.value

    def clean(self) -> None:
        """Raise ``ValidationError`` where the answer is none of the choices."""
        if self.field.kind == BodyFieldKind.CHOICE and self.text and not self.field.label_of(self.text):
            raise ValidationError({"value": _("Choose one of the given answers.")})


_COLUMN = {
    BodyFieldKind.TEXT: "text",
    BodyFieldKind.CHOICE: "text",
    BodyFieldKind.NUMBER: "number",
    BodyFieldKind.DATE: "date",
}
