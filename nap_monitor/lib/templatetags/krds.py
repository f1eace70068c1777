"""Template tags of the crispy-forms pack "krds": what stands around a field, and the field with its attributes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from nap_monitor.lib.forms import EXAMPLE, DateInput, FilesField, typed_date
from nap_monitor.lib.localized import foreign_language

register = template.Library()

#: Widgets whose control is a set of boxes, each with its own label.
_CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _of_form(field: BoundField, name: str) -> Any:
    notes = getattr(field.form, name, None)
    return notes.get(field.name) if isinstance(notes, Mapping) else None


def _limit(field: BoundField) -> int | None:
    limit = getattr(field.field, "max_length", None)
    is_text = isinstance(field.field.widget, (forms.TextInput, forms.Textarea))
    return limit if is_text and isinstance(limit, int) else None


def _kind(widget: forms.Widget) -> str:
    """What the templates tell apart."""
    kinds: list[tuple[str, Any]] = [
        ("choices", _CHOICES),
        ("figure", forms.MultiWidget),
        ("checkbox", forms.CheckboxInput),
        ("date", DateInput),
        ("file", forms.FileInput),
        ("textarea", forms.Textarea),
        ("password", forms.PasswordInput),
    ]
    return next((name for name, classes in kinds if isinstance(widget, classes)), "line")


def _format_hint(field: BoundField) -> str:
    """How the field wants to be written, where that can be said once for all fields of its sort."""
    if isinstance(field.field.widget, DateInput):
        return gettext("Such as %(example)s or 20220131") % {"example": typed_date(EXAMPLE)}
    if isinstance(field.field, FilesField):
        return _files_hint(field.field)
    return ""


def _files_hint(field: FilesField) -> str:
    parts = []
    if field.most is not None:
        parts.append(gettext("At most %(limit)d files") % {"limit": field.most})
    if field.max_size is not None:
        parts.append(gettext("%(limit)s each") % {"limit": filesizeformat(field.max_size)})
    if field.endings:
        parts.append(", ".join(field.endings).upper())
    return " · ".join(parts)


@register.simple_tag
def field_notes(field: BoundField) -> dict[str, Any]:
    """What a form says beside this field: units, warning, conflict, remarks, last year's text; docs/components.md."""
    widget = field.field.widget
    return {
        "kind": _kind(widget),
        "inline": getattr(widget, "inline", False),
        "prefix": _of_form(field, "prefixes") or getattr(field.field, "prefix", ""),
        "unit": _of_form(field, "units") or getattr(field.field, "unit", ""),
        "format": _format_hint(field),
        "warning": _of_form(field, "warnings") or "",
        "conflict": _of_form(field, "conflicts"),
        "remarks": _of_form(field, "remarks") or [],
        "previous": _of_form(field, "previous") or "",
        "changed": _of_form(field, "changed"),
        "take": field.html_name if field.name in getattr(field.form, "takes_previous", ()) else "",
        "translation": _of_form(field, "translations") or "",
        "limit": _limit(field),
        "is_fixed": field.field.disabled or "readonly" in widget.attrs,
        "is_needed": field.field.required or getattr(field.field, "needed", False),
    }


@register.filter
def grouped(number: int) -> str:
    """A whole number with its thousands set apart: 10,000. Korean and English do it the same way."""
    return f"{number:,}"


@register.simple_tag
def described_by(field: BoundField, notes: dict[str, Any]) -> str:
    """The ids of all that describes the field, in reading order, for ``aria-describedby``."""
    parts = [
        ("remarks", notes["remarks"]),
        ("prefix", notes["prefix"]),
        ("unit", notes["unit"]),
        ("helptext", field.help_text),
        ("format", notes["format"]),
        ("error", field.errors),
        ("warning", notes["warning"]),
        ("conflict", notes["conflict"]),
        ("count", notes["limit"]),
    ]
    return " ".join(f"{field.auto_id}_{part}" for part, present in parts if present)


def _krds_class(widget: forms.Widget) -> str:
    """KRDS's class of a control, beside its own."""
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, forms.Select):
        return f"krds-form-select medium completed {own}".strip()
    if isinstance(widget, (*_CHOICES, forms.CheckboxInput, forms.FileInput)) or widget.is_hidden:
        return own
    return f"krds-input medium {own}".strip()


def _prepare_parts(widget: forms.MultiWidget, label: str, notes: dict[str, Any]) -> None:
    """Class and name of each control of a figure: the legend before them names none of them alone."""
    widget.unit = notes["unit"]  # type: ignore[attr-defined]
    for number, part in enumerate(widget.widgets):
        name = gettext("%(label)s: kind of value") % {"label": label} if number else label
        part.attrs.setdefault("aria-label", name)
        part.attrs["class"] = _krds_class(part)


def _prepare(widget: forms.Widget, field: BoundField, notes: dict[str, Any]) -> dict[str, Any]:
    """Bring the widget into KRDS's shape; answers its further attributes."""
    attrs: dict[str, Any] = {}
    if notes["limit"]:
        # The browser's own limit cuts pasted text without a word. This one only tells.
        attrs |= {"maxlength": False, "data-maxlength": notes["limit"]}
    if notes["translation"]:
        attrs["lang"] = notes["translation"]
    if isinstance(widget, forms.NumberInput):
        # A browser empties a number input that holds anything else: what was typed would be lost.
        widget.input_type = "text"
        whole = isinstance(field.field, forms.IntegerField)
        attrs |= {"inputmode": "numeric" if whole else "decimal", "step": False, "min": False, "max": False}
    if isinstance(widget, forms.MultiWidget):
        _prepare_parts(widget, str(field.label), notes)
    elif css := _krds_class(widget):
        attrs["class"] = css
    if isinstance(widget, _CHOICES):
        widget.template_name = "krds/choices.html"
    if isinstance(widget, forms.FileInput):
        widget.template_name = "krds/file.html"
    return attrs


@register.simple_tag
def field_control(field: BoundField, notes: dict[str, Any] | None = None) -> SafeString:
    """The field's widget (with its hidden initial value) and everything that describes it named in its attributes.

    Without ``notes`` nothing is said around it: for a control with a label alone, as in a filter.
    """
    around = notes or {**field_notes(field), "limit": None, "unit": "", "prefix": ""}
    attrs = _prepare(field.field.widget, field, around)
    describing = described_by(field, notes) if notes else ""
    if describing and around["kind"] != "choices":
        attrs["aria-describedby"] = describing
    elif describing and field.errors:
        # The rest describes the whole group. The summary leads to a box, which says that it is invalid, and why.
        attrs["aria-describedby"] = f"{field.auto_id}_error"
    if language := foreign_language(field.value()):
        attrs["lang"] = language
    html = field.as_widget(attrs=attrs)
    if field.field.show_hidden_initial:
        html += field.as_hidden(only_initial=True)
    return html


# The summary of errors


@dataclass(frozen=True)
class Fault:
    """A thing to mend: whose it is, what is wrong, and the id of the control where it is mended.

    ``is_kept`` says whether what was typed there still stands: a password never does, nor does a chosen file.
    """

    label: str
    sentence: str
    target: str
    is_kept: bool = False


class Faults(list[Fault]):
    """All there is to mend."""

    @property
    def in_fields(self) -> bool:
        """Whether any of it is mended in a field."""
        return any(fault.target for fault in self)

    @property
    def is_kept(self) -> bool:
        """Whether what was typed still stands in any of those fields."""
        return any(fault.is_kept for fault in self)


def _first_control(field: BoundField) -> str:
    """The id of the control that a link to this field leads to."""
    widget = field.field.widget
    if isinstance(widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    if isinstance(widget, _CHOICES):
        return str(widget.id_for_label(field.auto_id, index="0"))
    return str(field.id_for_label)


def _of_fields(form: forms.BaseForm, place: str = "") -> Iterator[Fault]:
    for error in form.non_field_errors():
        yield Fault(place, str(error), "")
    for field in form.hidden_fields():
        yield from (Fault(place, str(error), "") for error in field.errors)
    for field in form.visible_fields():
        label = f"{place}, {field.label}" if place else str(field.label)
        is_kept = not isinstance(field.field.widget, (forms.PasswordInput, forms.FileInput))
        yield from (Fault(label, str(error), _first_control(field), is_kept) for error in field.errors)
    for formset in getattr(form, "formsets", ()):
        yield from _of_rows(formset)


def _of_rows(formset: Any) -> Iterator[Fault]:
    title = str(getattr(formset, "title", ""))
    for error in formset.non_form_errors():
        yield Fault(title, str(error), f"rows-{formset.prefix}")
    for number, form in enumerate(formset.forms, start=1):
        if formset.can_delete and form.errors and formset._should_delete_form(form):
            continue  # what stands in a row that goes is nobody's concern
        name = str(getattr(form, "row_name", "")) or gettext("row %(number)d") % {"number": number}
        yield from _of_fields(form, f"{title} {name}".strip())


@register.simple_tag
def faults_of(*parts: Any) -> Faults:
    """What is to be mended in these forms and form sets, in their order.

    A form's own form sets (``formsets``) come after its fields; a form set may have a ``title``, a row a ``row_name``.
    A part may be a list of parts.
    """
    found = Faults()
    for part in parts:
        if isinstance(part, list):
            found += faults_of(*part)
        elif part is not None and part.is_bound:
            found += _of_rows(part) if isinstance(part, BaseFormSet) else _of_fields(part)
    return found
