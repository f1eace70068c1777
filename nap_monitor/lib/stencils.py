"""Components kept in memory by what they are given, with places for what is another on each page.

A component that is included alone says the same whenever it is given the same, in the same language. So it is rendered
once, and kept as a stencil: text with holes, into which a page's own values (the mark against forged posts, a time, an
address) are put, escaped. A stencil is found by all that it was made from, so that it can be neither old nor somebody
else's.
"""

import dataclasses
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.functional import Promise, SimpleLazyObject, empty
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: So many stencils are kept; the one that was not used for longest goes first.
MOST = 2_000
#: What stands for a value in the text; nobody outside can write it.
_SECRET = secrets.token_hex(8)
_MARK = re.compile(rf"\ue000{_SECRET}(\w+)\ue001")

KEPT: OrderedDict[Hashable, str] = OrderedDict()


def stencil(template: str, given: Mapping[str, object], late: Iterable[str] = ()) -> Callable[..., SafeString]:
    """The component with these values, as a function of those that come ``late``.

    A late value may only be printed, as text or in an attribute: no filter or condition sees it. ``given`` are texts,
    numbers, and lists and dataclasses of them.
    """
    names = tuple(late)
    values = {name: _plain(value) for name, value in given.items()}

    def cut() -> str:
        html = render_to_string(template, {**values, **{name: f"\ue000{_SECRET}{name}\ue001" for name in names}})
        return _MARK.sub(r"%(\1)s", html.strip().replace("%", "%%"))

    text = _remembered((template, names, *((name, _key(value)) for name, value in values.items())), cut)

    def fill(**late_values: Any) -> SafeString:
        for name, value in late_values.items():
            if type(value) is not SafeString:
                late_values[name] = conditional_escape(value)
        return SafeString(text % late_values)

    return fill


def remembered(template: str, given: Mapping[str, object], make: Callable[[], Mapping[str, object]]) -> SafeString:
    """The component with the context that ``make()`` gives, kept by what is ``given``: all that the context depends on.

    For what no value of a page is put into, and what is dear to put together, such as a form.
    """
    key = (template, *((name, _key(value)) for name, value in given.items()))
    return SafeString(_remembered(key, lambda: render_to_string(template, dict(make()))))


def _remembered(key: tuple[Hashable, ...], make: Callable[[], str]) -> str:
    whole = (*key, get_language(), get_script_prefix())
    found = KEPT.get(whole)
    if found is None or settings.DEBUG:
        found = KEPT[whole] = make()
        if len(KEPT) > MOST:
            KEPT.popitem(last=False)
        return found
    try:
        KEPT.move_to_end(whole)
    except KeyError:  # another thread has just put it out
        KEPT[whole] = found
    return found


def _plain(value: Any) -> Any:
    """The value itself, where it is one that is read lazily."""
    if type(value) is SimpleLazyObject:
        if value._wrapped is empty:
            value._setup()
        return value._wrapped
    return value


def _key(value: Any) -> Hashable:
    """What tells a value from every other that a component would show in another way."""
    if value is None or isinstance(value, (str, int)):
        return (type(value), value)
    if isinstance(value, Promise):
        return (Promise, str(value))
    if isinstance(value, (list, tuple)):
        return tuple(map(_key, value))
    if isinstance(value, dict):
        return (dict, *((name, _key(each)) for name, each in value.items()))
    if dataclasses.is_dataclass(value):
        return (type(value), *(_key(getattr(value, each.name)) for each in dataclasses.fields(value)))
    raise TypeError(f"A component is not kept by a {type(value).__name__}.")
