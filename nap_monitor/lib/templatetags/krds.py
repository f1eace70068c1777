"""Template tags of the crispy-forms pack "krds": what stands around a field, and the field with its attributes."""

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


def _of_form(field: BoundField, name: str) -> Any:
    notes = getattr(field.form, name, None)
    return notes.get(field.name) if isinstance(notes, Mapping) else None


def _limit(field: BoundField) -> int | None:
    limit = getattr(field.field, "max_length", None)
    is_text = isinstance(field.field.widget, (forms.TextInput, forms.Textarea))
    return limit if is_text and isinstance(limit, int) else None


@register.simple_tag
def field_notes(field: BoundField) -> dict[str, Any]:
    """What a form says beside this field: warning, conflict, remarks, last year's text; see docs/components.md."""
    limit = _limit(field)
    return {
        "warning": _of_form(field, "warnings") or "",
        "conflict": _of_form(field, "conflicts"),
        "remarks": _of_form(field, "remarks") or [],
        "previous": _of_form(field, "previous") or "",
        "limit": limit,
        "quiet": not isinstance(field.field.widget, forms.Textarea),
        "kind": field.field.widget.__class__.__name__.lower(),
    }


@register.filter
def faulty_fields(form: forms.BaseForm) -> list[BoundField]:
    """The form's visible fields with errors, in their order."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def grouped(number: int) -> str:
    """A whole number with its thousands set apart: 10,000. Korean and English do it the same way."""
    return f"{number:,}"


@register.simple_tag
def described_by(field: BoundField, notes: dict[str, Any]) -> str:
    """The ids of all that describes the field, in reading order, for ``aria-describedby``."""
    parts = [
        ("helptext", bool(field.help_text)),
        ("remarks", bool(notes["remarks"])),
        ("error", bool(field.errors)),
        ("warning", bool(notes["warning"])),
        ("conflict", bool(notes["conflict"])),
        ("count", bool(notes["limit"])),
    ]
    return " ".join(f"{field.auto_id}_{part}" for part, present in parts if present)


def _name_parts(widget: forms.MultiWidget, label: str) -> None:
    """Name each control of a figure: the legend before them names none of them alone."""
    for number, part in enumerate(widget.widgets):
        name = gettext("%(label)s: kind of value") % {"label": label} if number else label
        part.attrs.setdefault("aria-label", name)


@register.simple_tag
def field_control(field: BoundField, notes: dict[str, Any]) -> SafeString:
    """The field's widget (with its hidden initial value) and everything that describes it named in its attributes.

    The browser's own ``maxlength`` is taken out: it cuts pasted text without a word. ``data-maxlength`` only tells.
    """
    attrs: dict[str, Any] = {}
    if limit := _limit(field):
        attrs["maxlength"] = False
        attrs["data-maxlength"] = limit
    widget = field.field.widget
    if isinstance(widget, forms.NumberInput):
        # A browser empties a number input that holds anything else: what was typed would be lost.
        widget.input_type = "text"
        attrs |= {"inputmode": "decimal", "step": False, "min": False, "max": False}
    if isinstance(widget, forms.MultiWidget):
        _name_parts(widget, str(field.label))
    describing = described_by(field, notes)
    if describing and not field.use_fieldset:
        attrs["aria-describedby"] = describing
    html = field.as_widget(attrs=attrs)
    if field.field.show_hidden_initial:
        html += field.as_hidden(only_initial=True)
    return html
