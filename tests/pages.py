"""Reading a page as a browser does: its forms with what they would send, and its text."""

from html.parser import HTMLParser

from django.http import HttpResponse

Data = dict[str, str]


class _Form:
    def __init__(self, attributes: dict[str, str | None]) -> None:
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").lower()
        self.fields: list[tuple[str, str]] = []


class _Reader(HTMLParser):
    """Collects forms with their successful controls. What stands in a ``<template>`` is not part of any form."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self.text: list[str] = []
        self._form: _Form | None = None
        self._in_template = 0
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self._in_template += tag == "template"
        self._silent += tag in ("script", "style")
        if tag == "form":
            self._form = _Form(attributes)
            self.forms.append(self._form)
        if self._form is None or self._in_template or "disabled" in attributes:
            return
        name = attributes.get("name") or ""
        if tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select is not None:
            self._select[1].append((attributes.get("value") or "", "selected" in attributes))
        elif tag == "input" and name:
            self._input(self._form, name, attributes)

    @staticmethod
    def _input(form: _Form, name: str, attributes: dict[str, str | None]) -> None:
        kind = (attributes.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            if "checked" in attributes:
                form.fields.append((name, attributes.get("value") or "on"))
        elif kind not in ("submit", "button", "reset", "image", "file"):
            form.fields.append((name, attributes.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._in_template -= 1
        if tag in ("script", "style"):
            self._silent -= 1
        if tag == "form":
            self._form = None
        if tag == "textarea" and self._area is not None and self._form is not None:
            name, parts = self._area
            text = "".join(parts).replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            self._form.fields.append((name, text))
            self._area = None
        if tag == "select" and self._select is not None and self._form is not None:
            name, options = self._select
            chosen = [value for value, selected in options if selected]
            if options:
                self._form.fields.append((name, chosen[-1] if chosen else options[0][0]))
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        if not self._silent:
            self.text.append(data)


def _read(response: HttpResponse) -> _Reader:
    reader = _Reader()
    reader.feed(response.content.decode())
    reader.close()
    return reader


def form_data(response: HttpResponse, action: str = "", **changed: str | None) -> Data:
    """What the POST form of the page would send to ``action`` (the page itself by default), after ``changed``.

    A name with a hyphen is passed with two underscores (``budget__0__programme``); ``None`` leaves a field out, as an
    unticked box does. Raises ``LookupError`` where the page has no such form.
    """
    for form in _read(response).forms:
        if form.method == "post" and form.action == action:
            data: Data = dict(form.fields)
            data.pop("csrfmiddlewaretoken", None)
            for key, new in changed.items():
                name = key.replace("__", "-")
                data.pop(name, None)
                if new is not None:
                    data[name] = new
            return data
    raise LookupError(f"The page has no form that posts to {action or 'itself'}.")


def actions_on(response: HttpResponse) -> list[str]:
    """Where the page's POST forms lead."""
    return [form.action for form in _read(response).forms if form.method == "post"]


def text_of(response: HttpResponse) -> str:
    """The page's text with single spaces, as somebody reads it."""
    return " ".join(" ".join(_read(response).text).split())


def in_english(address: str) -> str:
    """The same page in English, whatever language was spoken last."""
    return "/en" + address.removeprefix("/en")
