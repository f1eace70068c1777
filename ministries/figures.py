"""A figure: a number, or the reason why there is none, and how it is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from ministries.enums import FigureState

#: Digits of a figure: money is in million won, with three places.
MAX_DIGITS = 15
DECIMAL_PLACES = 3
LARGEST = Decimal(10) ** (MAX_DIGITS - DECIMAL_PLACES) - Decimal(1).scaleb(-DECIMAL_PLACES)
#: Largest amount of one budget line, in million won: all lines of a submission together must still fit such a column.
LARGEST_AMOUNT = Decimal(10) ** 10 - Decimal(1).scaleb(-DECIMAL_PLACES)
#: Largest count of people in one field: all activities of a submission together must still fit such a column.
LARGEST_COUNT = Decimal(10) ** 9


def decimal_text(value: Decimal) -> str:
    """A decimal in its shortest plain form: 12, 12.5, 0.125; the same on both databases. This is how it is stored."""
    return _without_idle_zeros(f"{value:f}")


def grouped_text(value: Decimal) -> str:
    """The same with thousands separated: -1,234.5. This is how it stands in a field to be changed."""
    return _without_idle_zeros(f"{value:,f}")


def shown_text(value: Decimal) -> str:
    """A number for a reader, on the page and in the report: a decrease with △, as Korean offices write it."""
    return f"△{grouped_text(-value)}" if value < 0 else grouped_text(value)


def _without_idle_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Figure:
    """A decimal with its state. Only the state ``value`` has a number."""

    value: Decimal | None = None
    state: str = FigureState.EMPTY

    @classmethod
    def of(cls, value: Decimal | int | str) -> "Figure":
        """A figure with this number."""
        return cls(Decimal(value), FigureState.VALUE)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given, neither a number nor a reason."""
        return self.state == FigureState.EMPTY


def total(figures: Iterable[Figure]) -> Figure:
    """The sum of figures. What does not apply is left out; where any other one has no number, the sum is not known.

    Not given where nothing was given at all, not applicable where nothing applies.
    """
    figures = list(figures)
    if all(figure.is_empty for figure in figures):
        return Figure()
    counted = [figure for figure in figures if figure.state != FigureState.NOT_APPLICABLE]
    if not counted:
        return Figure(None, FigureState.NOT_APPLICABLE)
    values = [figure.value for figure in counted if figure.value is not None]
    if len(values) < len(counted):
        return Figure(None, FigureState.NOT_KNOWN)
    return Figure(sum(values, Decimal()), FigureState.VALUE)


class FigureAttribute:
    """A model's pair of columns ``<name>_value`` and ``<name>_state``, read and written as one :class:`Figure`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        return Figure(getattr(instance, f"{self.name}_value"), getattr(instance, f"{self.name}_state"))

    def __set__(self, instance: Any, figure: Figure) -> None:
        setattr(instance, f"{self.name}_value", figure.value)
        setattr(instance, f"{self.name}_state", figure.state)


def value_column(label: Any) -> "models.DecimalField[Any, Any]":
    """The column of a figure's number."""
    return models.DecimalField(label, max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, null=True, blank=True)


def state_column(label: Any) -> "models.CharField[Any, Any]":
    """The column of a figure's state."""
    return models.CharField(label, max_length=20, choices=FigureState.choices, default=FigureState.EMPTY, blank=True)


def figure_constraint(name: str, model: str) -> models.CheckConstraint:
    """Ties the two columns of figure ``name``: a number is there if and only if the state is 'value'."""
    has_value = models.Q(**{f"{name}_state": FigureState.VALUE, f"{name}_value__isnull": False})
    has_none = ~models.Q(**{f"{name}_state": FigureState.VALUE}) & models.Q(**{f"{name}_value__isnull": True})
    return models.CheckConstraint(condition=has_value | has_none, name=f"{model}_{name}_state_fits")


def not_negative_constraint(name: str, model: str) -> models.CheckConstraint:
    """Keeps figure ``name`` at zero or above."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{name}_value__isnull": True}) | models.Q(**{f"{name}_value__gte": 0}),
        name=f"{model}_{name}_not_negative",
    )


def check_amount(figure: Figure, name: str, *, largest: Decimal = LARGEST) -> None:
    """Raise ``ValidationError`` about field ``name`` where the figure is negative or larger than ``largest``."""
    if figure.value is None:
        return
    if figure.value < 0:
        raise ValidationError({name: _("This may not be negative.")})
    if figure.value > largest:
        raise ValidationError({name: _("This number is too large: at most %(limit)s.") % {"limit": f"{largest:,}"}})


def check_count(figure: Figure, name: str) -> None:
    """Raise ``ValidationError`` about field ``name`` where the figure counts people and is no whole number."""
    check_amount(figure, name, largest=LARGEST_COUNT)
    if figure.value is not None and figure.value != int(figure.value):
        raise ValidationError({name: _("Enter a whole number.")})
