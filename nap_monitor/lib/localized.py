"""Text of the domain in several languages: one value, one field. And text that people wrote, in whatever language."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

#: The order in which another language stands in for a missing one.
FALLBACK = ("ko", "en")
#: Korean letters, whole and in parts.
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def foreign_language(text: object) -> str:
    """``ko`` for a text with Korean letters where the page is in another language, so that it is read out as Korean."""
    speaks_korean = (get_language() or FALLBACK[0]).startswith("ko")
    return "ko" if not speaks_korean and HANGUL.search(str(text or "")) else ""


class LocalizedText(dict[str, str]):
    """Text by language code. As a string it is the text in the active language, else the best other one."""

    def language_shown(self, language: str | None) -> str:
        """The language in which a reader of ``language`` sees the text: another one where it is missing; or nothing."""
        base = (language or "").split("-")[0]
        return next((code for code in (language or "", base, *FALLBACK, *self) if self.get(code)), "")

    def in_language(self, language: str | None) -> str:
        """The text in ``language``; where that is missing, in Korean, English, or whatever language there is."""
        return self.get(self.language_shown(language), "")

    def has(self, language: str) -> bool:
        """Whether there is text of its own in ``language``."""
        return bool(self.get(language))

    def __str__(self) -> str:
        return self.in_language(get_language())

    def __bool__(self) -> bool:
        return any(self.values())

    # Templates look up `text.items` as a key first: that must stay a plain dict's behaviour.


def validate_localized(value: Any) -> None:
    """Raise ``ValidationError`` unless ``value`` maps language codes to text."""
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise ValidationError(_("This must be text by language."), code="invalid")


class LocalizedTextField(models.JSONField):
    """A JSON column whose Python value is a :class:`LocalizedText`."""

    default_validators = [validate_localized]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", LocalizedText)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> LocalizedText | None:
        loaded = super().from_db_value(value, expression, connection)
        return None if loaded is None else LocalizedText(loaded)

    def to_python(self, value: Any) -> LocalizedText | None:
        loaded = super().to_python(value)
        return LocalizedText(loaded) if isinstance(loaded, dict) else loaded
