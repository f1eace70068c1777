"""Form fields of the work: they keep what was typed, and are sent with the value that they started from."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from ministries.enums import FigureState
from ministries.figures import DECIMAL_PLACES, LARGEST, Figure, grouped_text
from nap_monitor.lib import forms as lib_forms

# What word processors leave in pasted text: line and page breaks become line breaks, other control characters go.
LINE_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")


#: The first choice of a list in which nothing is chosen beforehand.
NOTHING_CHOSEN = ("", _("Choose"))


class ComparedBoundField(BoundField):
    """A field that sends the value it started from along, also when the form shows another one."""

    def as_hidden(self, attrs: Any = None, **kwargs: Any) -> Any:
        """The hidden base value: what was sent, what is stored (``form.bases``), else what the form started from."""
        bases = getattr(self.form, "bases", {})
        if not kwargs.get("only_initial") or not (self.form.is_bound or self.name in bases):
            return super().as_hidden(attrs, **kwargs)
        widget = self.field.hidden_widget()
        if self.form.is_bound:
            # Django would fall back to the typed value for a widget of several parts: it would then count as unchanged.
            value = widget.value_from_datadict(self.form.data, self.form.files, self.html_initial_name)
        else:
            value = self.field.prepare_value(bases[self.name])
        return widget.render(self.html_initial_name, value, {"id": self.html_initial_id})


class Compared:
    """Mixed into a field: it is always sent with its base value (``show_hidden_initial``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("show_hidden_initial", True)
        super().__init__(*args, **kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> BoundField:
        return ComparedBoundField(form, self, field_name)  # type: ignore[arg-type]


class TextField(Compared, forms.CharField):
    """Text of a body. Too long a text is told, never cut; characters that cannot be printed are taken out."""

    def to_python(self, value: Any) -> str:
        text = LINE_BREAKS.sub("\n", str(value)) if value not in self.empty_values else ""
        return super().to_python(CONTROL.sub("", text)) or ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``: a browser would cut pasted text in silence."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


#: Without the value itself, which stands beside it, in whatever language somebody wrote it.
ONE_OF_THE_GIVEN: dict[str, Any] = {"invalid_choice": _("Choose one of the given answers.")}


class ChoiceField(Compared, forms.ChoiceField):
    """One of the fixed words."""

    default_error_messages = ONE_OF_THE_GIVEN


class HiddenDateInput(forms.HiddenInput):
    """The base value of a day, as the field beside it shows it: a script can compare the two."""

    def format_value(self, value: Any) -> str | None:
        return lib_forms.typed_date(value) if isinstance(value, dt.date) else super().format_value(value)


class DateField(Compared, lib_forms.DateField):
    """A day."""

    hidden_widget = HiddenDateInput


class FlagField(Compared, forms.BooleanField):
    """Yes or no."""

    hidden_widget = forms.HiddenInput

    def to_python(self, value: Any) -> bool:
        return super().to_python(value) is True


class FigureWidget(forms.MultiWidget):
    """A number beside its state. ``unit`` is what stands behind the number: 백만원, %, 명."""

    template_name = "krds/figure.html"
    unit = ""

    def __init__(self, attrs: Any = None) -> None:
        states = [
            ("", _("Value")),
            (FigureState.NOT_KNOWN.value, FigureState.NOT_KNOWN.label),
            (FigureState.NOT_APPLICABLE.value, FigureState.NOT_APPLICABLE.label),
        ]
        number = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__({"value": number, "state": forms.Select(choices=states)}, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context

    def decompress(self, value: Any) -> list[str]:
        return split_figure(value)


class HiddenFigureWidget(forms.MultiWidget):
    """The base value of a figure."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"value": forms.HiddenInput(), "state": forms.HiddenInput()}, attrs)

    def decompress(self, value: Any) -> list[str]:
        return split_figure(value)


def split_figure(value: Any) -> list[str]:
    """A figure as the two texts of its widget."""
    if not isinstance(value, Figure):
        return ["", ""]
    if value.value is None:
        return ["", value.state]
    return [grouped_text(value.value), ""]


class FigureField(Compared, forms.Field):
    """A figure: a number with up to three decimal places, or 'not known', or 'not applicable'.

    ``unit`` stands behind the number; a form says it by ``units`` where it differs from row to row.
    """

    widget = FigureWidget
    hidden_widget = HiddenFigureWidget

    def __init__(
        self, *, may_be_negative: bool = False, largest: Decimal = LARGEST, unit: Any = "", **kwargs: Any
    ) -> None:
        self.unit = unit
        self.may_be_negative = may_be_negative
        self.largest = largest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Figure:
        if isinstance(value, Figure):
            return value
        text, state = ((value or []) + ["", ""])[:2] if isinstance(value, list) else ("", "")
        text, state = (text or "").strip(), state or ""
        if state not in ("", FigureState.NOT_KNOWN, FigureState.NOT_APPLICABLE):
            raise ValidationError(_("Choose one of the given answers."), code="state")
        if not text:
            return Figure(None, state)
        if state:
            raise ValidationError(_("Give either a number or “not known / not applicable”, not both."), code="both")
        return Figure(self._number(text), FigureState.VALUE)

    def _number(self, text: str) -> Decimal:
        plain = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", text)).replace("△", "-").replace("−", "-")
        if not re.fullmatch(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", plain, re.ASCII):
            raise ValidationError(_("Enter a number, such as 1,234.5."), code="number")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise ValidationError(_("Enter a number, such as 1,234.5."), code="number") from None
        if number < 0 and not self.may_be_negative:
            raise ValidationError(_("This may not be negative."), code="negative")
        if abs(number) > self.largest:
            raise ValidationError(
                _("This number is too large: at most %(limit)s."), code="huge", params={"limit": f"{self.largest:,}"}
            )
        if number != round(number, DECIMAL_PLACES):
            raise ValidationError(
                _("At most %(places)d decimal places."), code="places", params={"places": DECIMAL_PLACES}
            )
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class ComparedForm(forms.Form):
    """A form whose fields come with the value they started from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is stored, where the form shows something else: set when somebody else was faster.
        self.bases: dict[str, Any] = {}
        self.conflicts: dict[str, Any] = {}
        self.warnings: dict[str, Any] = {}

    def base_of(self, name: str) -> Any:
        """The value that the writer saw, as the form sent it along; empty for a new row."""
        field = self.fields[name]
        sent = field.hidden_widget().value_from_datadict(self.data, self.files, self[name].html_initial_name)
        try:
            return field.to_python(sent)
        except ValidationError:
            return None
