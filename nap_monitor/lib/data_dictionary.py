"""The data dictionary, written from the models: every table and column with its meaning, kind and words allowed."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.utils.translation import override

HEAD = """# Data dictionary

Written by `make dictionary` from the models; a test holds the two together. Amounts are in million won with three
places. Text by language is JSON by language code. A figure is a pair of columns: a number and its state.
"""


def dictionary(labels: list[str]) -> str:
    """The dictionary of these apps as Markdown, with Korean and English names of the columns."""
    return "\n".join([HEAD, *(part for label in labels for part in _app(label))]) + "\n"


def _app(label: str) -> Iterator[str]:
    for model in sorted(apps.get_app_config(label).get_models(), key=lambda model: model.__name__):
        yield f"## {model.__name__} (`{model._meta.db_table}`)\n"
        yield " ".join((model.__doc__ or "").split()) + "\n"
        yield "| column | Korean | meaning | kind |"
        yield "|---|---|---|---|"
        for field in model._meta.fields:
            yield f"| `{field.column}` | {_name(field, 'ko')} | {_name(field, 'en')} | {_kind(field)} |"
        yield ""


def _name(field: "models.Field[object, object]", language: str) -> str:
    with override(language):
        return str(field.verbose_name)


def _kind(field: "models.Field[object, object]") -> str:
    kind = type(field).__name__.removesuffix("Field")
    if field.related_model:
        kind = f"→ {field.related_model.__name__}"
    elif isinstance(field, models.CharField):
        kind = f"text, at most {field.max_length}"
    elif isinstance(field, models.DecimalField):
        kind = f"decimal, {field.max_digits} digits, {field.decimal_places} places"
    words = [f"`{value}`" for value, _label in field.flatchoices if value]
    details = [kind, *(["may be empty"] if field.null else []), *(["one of " + ", ".join(words)] if words else [])]
    return "; ".join(details)
