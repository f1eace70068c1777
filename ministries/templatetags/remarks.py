"""Remarks at the fields of a page: see :mod:`ministries.views.field_remarks`."""

import uuid

from django import template
from django.utils.safestring import SafeString

from ministries.views.field_remarks import FieldRemarks

register = template.Library()


@register.simple_tag
def open_remarks(writing: FieldRemarks, name: str) -> list[uuid.UUID]:
    """The keys of the open remarks about a field or table."""
    return writing.open_at(name)


@register.simple_tag
def write_remark(writing: FieldRemarks, name: str, label: str) -> SafeString:
    """The form for a remark about a field or table, folded up; nothing where none is remarked on."""
    return writing.form_at(name, label)
