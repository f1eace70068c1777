"""Writing remarks at the fields of a page: a form at each, folded up, and the remarks that are open there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from ministries import fields
from ministries.enums import Visibility
from ministries.forms.remarks import FieldRemarkForm
from nap_monitor.lib.templatetags.look import lang_of

#: What stands in the form that is copied to every field, where each has its own.
PLACE, LABEL, LANGUAGE, KEY = "--place--", "--label--", "--language--", uuid.UUID(int=0)


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
            return self._rendered(self.posted, name, conditional_escape(label), lang_of(label))
        html = self._blank.replace(PLACE, name).replace(LABEL, conditional_escape(label))
        return SafeString(html.replace(LANGUAGE, lang_of(label)).replace(str(KEY), str(uuid.uuid4())))

    @cached_property
    def _blank(self) -> str:
        """The form of any field: made once, since a page has one at each of them."""
        initial = {"field": PLACE, "key": KEY, "version": self.version}
        blank = FieldRemarkForm(choices=self.choices, place=PLACE, initial=initial)
        return self._rendered(blank, PLACE, SafeString(LABEL), SafeString(LANGUAGE))

    def _rendered(self, form: FieldRemarkForm, name: str, label: SafeString, language: SafeString) -> SafeString:
        context = {
            "form": form,
            "name": name,
            "label": label,
            "language": language,
            "address": self.address,
            "csrf_token": self.csrf_token,
        }
        return SafeString(render_to_string("ministries/partials/_remark_write.html", context))
