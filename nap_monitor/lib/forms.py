"""Form fields and form sets that every floor may use: dates as people write them, files, rows that are asked for."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict, ErrorList
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

# 2022-01-31, 2022. 1. 31., 2022.01.31, 2022/1/31, 2022년 1월 31일, 20220131
_APART = re.compile(r"(\d{4}) ?[-./년] ?(\d{1,2}) ?[-./월] ?(\d{1,2}) ?[.일]?", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
#: As the English pages write it: 31 January 2022.
_IN_WORDS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y")
#: Beyond these years a date is a slip of the finger.
YEARS = (1900, 2199)
EXAMPLE = dt.date(2022, 1, 31)


def typed_date(day: dt.date) -> str:
    """A date as it is typed into a field of the present language: 2022. 1. 31., in English 2022-01-31."""
    return f"{day.year}. {day.month}. {day.day}." if (get_language() or "").startswith("ko") else day.isoformat()


class DateInput(forms.DateInput):
    """A text input with the browser's calendar beside it.

    The browser's own date input follows the machine's language, not the page's, and empties what it cannot read.
    """

    template_name = "krds/date.html"

    def format_value(self, value: Any) -> str | None:
        return typed_date(value) if isinstance(value, dt.date) else super().format_value(value)


class DateField(forms.DateField):
    """A date in any order-safe way of writing: year first, or the month in words."""

    widget = DateInput
    default_error_messages = {
        "invalid": _("Enter the date with year, month and day, such as %(example)s or 20220131."),
        "impossible": _("There is no such day. Check month and day."),
        "year": _("Check the year: it must lie between %(first)d and %(last)d."),
    }

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        day = value if isinstance(value, dt.date) else self._read(str(value))
        if not YEARS[0] <= day.year <= YEARS[1]:
            limits = {"first": YEARS[0], "last": YEARS[1]}
            raise ValidationError(self.error_messages["year"], code="year", params=limits)
        return day

    def _read(self, text: str) -> dt.date:
        plain = " ".join(re.sub("[‐‑‒–—−]", "-", unicodedata.normalize("NFKC", text)).split())
        found = _APART.fullmatch(plain) or _TOGETHER.fullmatch(plain)
        if not found:
            return self._read_words(plain)
        try:
            return dt.date(*(int(part) for part in found.groups()))
        except ValueError:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from None

    def _read_words(self, plain: str) -> dt.date:
        for pattern in _IN_WORDS:
            try:
                return dt.datetime.strptime(plain, pattern).date()
            except ValueError:
                continue
        example = {"example": typed_date(EXAMPLE)}
        raise ValidationError(self.error_messages["invalid"], code="invalid", params=example)


class InlineRadioSelect(forms.RadioSelect):
    """A few short choices in one line."""

    inline = True


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, cleaned into a list. ``max_size`` is in bytes and for each file; ``endings`` are without a dot.

    What a file is by its content is asked elsewhere (``nap_monitor.lib.files``): this spares a reader the wait only.
    """

    widget = FilesInput
    default_error_messages = {
        "many": ngettext_lazy("Choose at most %(limit)d file.", "Choose at most %(limit)d files.", "limit"),
        "large": _("“%(name)s” is larger than %(limit)s."),
        "ending": _("“%(name)s” is of a kind that is not accepted. Accepted: %(endings)s."),
    }

    def __init__(
        self, *, most: int | None = None, max_size: int | None = None, endings: Sequence[str] = (), **kwargs: Any
    ) -> None:
        self.most, self.max_size, self.endings = most, max_size, tuple(endings)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The endings, for the browser's own dialogue."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return attrs | {"accept": ",".join(f".{ending}" for ending in self.endings)} if self.endings else attrs

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        sent = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not sent:
            super().clean(None, initial)
            return []
        if self.most is not None and len(sent) > self.most:
            raise ValidationError(self.error_messages["many"], code="many", params={"limit": self.most})
        faults = [fault for file in sent for fault in self._faults(file)]
        if faults:
            raise ValidationError(faults)
        return [super(FilesField, self).clean(file) for file in sent]

    def _faults(self, file: Any) -> Iterable[ValidationError]:
        if self.max_size is not None and file.size > self.max_size:
            params = {"name": file.name, "limit": filesizeformat(self.max_size)}
            yield ValidationError(self.error_messages["large"], code="large", params=params)
        if self.endings and not file.name.casefold().endswith(tuple(f".{ending}" for ending in self.endings)):
            params = {"name": file.name, "endings": ", ".join(self.endings).upper()}
            yield ValidationError(self.error_messages["ending"], code="ending", params=params)


class AskedRows(BaseFormSet):  # type: ignore[type-arg]
    """A form set that gains a row where the button ``<prefix>-add`` sent the form: rows without JavaScript.

    A view that sees ``asks_for_row`` shows the page again and saves nothing; :func:`unjudged` keeps errors out of it.
    ``title`` names the rows in the summary of errors.
    """

    title: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_for_row = self.is_bound and f"{self.prefix}-add" in self.data
        self._new_row: int | None = None
        total = f"{self.prefix}-TOTAL_FORMS"
        count = str(self.data.get(total, ""))
        if self.asks_for_row and count.isdecimal() and int(count) < self.max_num:
            self._new_row = int(count)
            data: Any = copy(self.data)  # a request's own may not be changed
            data[total] = str(self._new_row + 1)
            self.data = data

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Nothing was posted for the new row: it begins as an empty row of a fresh page does."""
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        is_new = index is not None and index == self._new_row
        return {**kwargs, "data": None, "files": None} if is_new else kwargs

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        """The reader goes on in the new row."""
        super().add_fields(form, index)
        if index is not None and index == self._new_row:
            form.visible_fields()[0].field.widget.attrs["autofocus"] = True


def unjudged(*parts: forms.BaseForm | BaseFormSet) -> None:  # type: ignore[type-arg]
    """Let these posted forms show what was typed without a word about errors: nobody has sent them in yet."""
    for part in parts:
        if isinstance(part, BaseFormSet):
            unjudged(*part.forms)
            part._errors = [{} for _form in part.forms]  # type: ignore[attr-defined]
            part._non_form_errors = ErrorList()  # type: ignore[attr-defined]
        else:
            part._errors = ErrorDict()  # type: ignore[attr-defined]
