"""Template tags for pages on paper."""

from django import forms, template

register = template.Library()


@register.filter
def asked_for(form: forms.Form) -> str:
    """What a list was narrowed to, in words: ``State: Returned · Number or words: 2.1``; empty where to nothing."""
    found = []
    for field in form.visible_fields():
        value = str(field.value() or "")
        if value:
            words = dict(getattr(field.field, "choices", ())).get(value, value)
            found.append(f"{field.label}: {words}")
    return " · ".join(found)
