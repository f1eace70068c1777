"""Writing remarks at the fields of a page: a form at each, folded up, and the remarks that are open there."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ministries import fields
from ministries.enums import Visibility
from ministries.forms.remarks import FieldRemarkForm
from nap_monitor.lib.templatetags.look import lang_of

#: What stands in the form that is copied to every field, where each page and each field has its own.
PLACE, LABEL, LANGUAGE, VERSION = "--place--", "--label--", "--language--", "--version--"
ADDRESS, TOKEN, KEY = "--address--", "--token--", uuid.UUID(int=0)


@dataclass(frozen=True)
class FieldRemarks:
    """``address`` takes what is written (its query with it), for one of the ``choices``, on the ``version`` shown.

    ``open`` holds the keys of open remarks by field; ``posted`` the form that was sent and not accepted.
    """

    address: str
    csrf_token: str
    version: int
    choices: Sequence[Visibility]
    open: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    posted: FieldRemarkForm | None = None

    def open_at(self, name: str) -> list[uuid.UUID]:
        """The open remarks about a field or table."""
        return self.open.get(name, [])

    def form_at(self, name: str, label: str) -> SafeString:
        """The form at a field or table; nothing where none is remarked on."""
        if name not in fields.REMARKABLE:
            return SafeString("")
        if self.posted is not None and self.posted["field"].value() == name:
            shown = conditional_escape(label)
            return _rendered(self.posted, name, shown, lang_of(label), self.address, self.csrf_token)
        own = {
            PLACE: name,
            LABEL: conditional_escape(label),
            LANGUAGE: lang_of(label),
            VERSION: str(self.version),
            ADDRESS: conditional_escape(self.address),
            TOKEN: conditional_escape(self.csrf_token),
            str(KEY): str(uuid.uuid4()),
        }
        return SafeString(PLACES.sub(lambda found: own[found.group()], _blank(tuple(self.choices), get_language())))


PLACES = re.compile("|".join((PLACE, LABEL, LANGUAGE, VERSION, ADDRESS, TOKEN, str(KEY))))


@lru_cache(maxsize=32)
def _blank(choices: tuple[Visibility, ...], language: str | None) -> str:
    """The form of any field on any page: made once, since a page has one at each of thirty fields."""
    initial = {"field": PLACE, "key": KEY, "version": VERSION}
    blank = FieldRemarkForm(choices=choices, place=PLACE, initial=initial)
    return _rendered(blank, PLACE, SafeString(LABEL), SafeString(LANGUAGE), ADDRESS, TOKEN)


def _rendered(
    form: FieldRemarkForm, name: str, label: SafeString, language: SafeString, address: str, token: str
) -> SafeString:
    context = {
        "form": form,
        "name": name,
        "label": label,
        "language": language,
        "address": address,
        "csrf_token": token,
    }
    return SafeString(render_to_string("ministries/partials/_remark_write.html", context))
