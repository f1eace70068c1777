"""Values of a YAML file that know their place: each reader gives the value, or notes a fault and gives nothing."""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.yaml_file import (
    REFUSED,
    Faults,
    is_unwanted,
    line_of,
    read_document,
    shown,
    unwanted_reason,
)

TAG = "tag:yaml.org,2002:"
#: A language code such as ko, en, fr-CA or zh-Hant.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: A whole number that reads the same to everybody: no leading zero, no other base, no underscores.
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
#: For mappings whose other keys are left alone.
ANY_KEY = re.compile(".*", re.DOTALL)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Value:
    """A value of the file, at its place (``areas[0].title.en``)."""

    node: Node
    place: str
    faults: Faults

    @property
    def line(self) -> int:
        """The line in which the value begins, from 1."""
        return line_of(self.node)

    def fault(self, reason: str) -> None:
        """Note that this value is wrong, and why."""
        self.faults.add(self.line, self.place, reason)

    def mapping(
        self, *, required: Collection[str] = (), optional: Collection[str] = (), open_to: re.Pattern[str] | None = None
    ) -> "Mapping":
        """The value as keys with values. Keys that are not known are faults, and so are required ones that are missing.

        ``open_to`` lets keys of this form stand as well. A value that is no mapping gives an empty one.
        """
        if not isinstance(self.node, MappingNode):
            self._wrong_type(_("keys with values"))
            return Mapping(self, {}, is_whole=False)
        entries: dict[str, Value] = {}
        for key, node in self.node.value:
            name = self._key(key)
            if name is None:
                continue
            if name in required or name in optional or (open_to and open_to.fullmatch(name)):
                entries.setdefault(name, Value(node, f"{self.place}.{name}".lstrip("."), self.faults))
            else:
                self._unknown_key(key, [*required, *optional])
        for name in required:
            if name not in entries:
                self.fault(_("“%(key)s” is missing.") % {"key": name})
        return Mapping(self, entries, is_whole=True)

    def _key(self, key: Node) -> str | None:
        if isinstance(key, ScalarNode) and key.tag == f"{TAG}str":
            return str(key.value)
        if isinstance(key, ScalarNode) and key.tag.startswith(TAG) and key.tag != f"{TAG}merge":
            reason = _('YAML does not read the key %(key)s as text. Put it in quotes: "%(key)s".')
            self.faults.add(line_of(key), self.place, reason % {"key": shown(key.value)})
        elif not isinstance(key, ScalarNode):
            self.faults.add(line_of(key), self.place, _("A key must be text."))
        return None

    def _unknown_key(self, key: Node, known: Sequence[str]) -> None:
        reason = _("The key “%(key)s” is not known here. Known are: %(known)s.") % {
            "key": shown(key.value),
            "known": ", ".join(known),
        }
        nearest = difflib.get_close_matches(key.value[:100], known, n=1)
        if nearest:
            reason += " " + _("Did you mean “%(key)s”?") % {"key": nearest[0]}
        self.faults.add(line_of(key), self.place, reason)

    def items(self) -> list["Value"]:
        """The value as a list with at least one entry; a fault gives an empty list."""
        if not isinstance(self.node, SequenceNode):
            self._wrong_type(_("a list"))
            return []
        if not self.node.value:
            self.fault(_("The list is empty."))
        return [Value(node, f"{self.place}[{number}]", self.faults) for number, node in enumerate(self.node.value)]

    def text(self, *, longest: int, several_lines: bool = False) -> str | None:
        """The value as text, not blank, at most ``longest`` characters, in Unicode's composed form (NFC)."""
        if not isinstance(self.node, ScalarNode) or self.node.tag in (f"{TAG}null", REFUSED):
            self._wrong_type(_("text"))
            return None
        if self.node.tag != f"{TAG}str":
            reason = _('YAML does not read %(value)s as text. Put it in quotes: "%(value)s".')
            self.fault(reason % {"value": shown(self.node.value)})
            return None
        text = unicodedata.normalize("NFC", self.node.value).strip()
        allowed = "\n" if several_lines else ""
        unwanted = next((c for c in text if is_unwanted(c) and c not in allowed), None)
        if not text:
            self.fault(_("There is no text here."))
        elif unwanted == "\n" or (not several_lines and re.search("[\u2028\u2029]", text)):
            self.fault(_("This text must stand on one line."))
        elif unwanted is not None:
            self.fault(unwanted_reason(unwanted))
        elif len(text) > longest:
            reason = _("The text is too long: %(length)s characters, at most %(longest)s.")
            self.fault(reason % {"length": len(text), "longest": longest})
        else:
            return text
        return None

    def code(self, *, longest: int, may_be_integer: bool = False) -> str | None:
        """The value as a number or code, such as ``1.1``, ``A.1`` or ``가-1``.

        It stands in addresses: letters of any script, digits, and between them points, hyphens and underscores.
        """
        is_integer = isinstance(self.node, ScalarNode) and self.node.tag == f"{TAG}int"
        if may_be_integer and is_integer and INTEGER.fullmatch(self.node.value):
            text: str | None = self.node.value
        else:
            text = self.text(longest=longest)
        if text is None:
            return None
        if len(text) > longest:
            reason = _("The text is too long: %(length)s characters, at most %(longest)s.")
            self.fault(reason % {"length": len(text), "longest": longest})
            return None
        inside = all(unicodedata.category(c)[0] in "LM" or c.isdecimal() or c in ".-_" for c in text)
        if not inside or not (text[0].isalnum() and text[-1] not in ".-_"):
            reason = _(
                "“%(code)s” cannot stand in an address: use letters and digits, with points, hyphens or underscores "
                "between them."
            )
            self.fault(reason % {"code": shown(text)})
            return None
        return text

    def integer(self, *, lowest: int, highest: int) -> int | None:
        """The value as a whole number from ``lowest`` to ``highest``."""
        if not isinstance(self.node, ScalarNode) or self.node.tag != f"{TAG}int":
            self._wrong_type(_("a whole number"))
            return None
        if not INTEGER.fullmatch(self.node.value) or not lowest <= int(self.node.value) <= highest:
            reason = _("This must be a whole number from %(lowest)s to %(highest)s.")
            self.fault(reason % {"lowest": lowest, "highest": highest})
            return None
        return int(self.node.value)

    def flag(self) -> bool | None:
        """The value as true or false."""
        if not isinstance(self.node, ScalarNode) or self.node.tag != f"{TAG}bool":
            self._wrong_type(_("true or false"))
            return None
        return bool(self.node.value.lower() in ("true", "yes", "on"))

    def day(self) -> dt.date | None:
        """The value as a day, ``2025-10-01``."""
        if not isinstance(self.node, ScalarNode) or self.node.tag not in (f"{TAG}timestamp", f"{TAG}str"):
            self._wrong_type(_("a day, such as 2025-10-01"))
            return None
        try:
            if not DAY.fullmatch(self.node.value):
                raise ValueError
            return dt.date.fromisoformat(self.node.value)
        except ValueError:
            self.fault(_("“%(value)s” is no day. Write it as 2025-10-01.") % {"value": shown(self.node.value)})
            return None

    def choice(self, choices: Iterable[str]) -> str | None:
        """The value as one of these words."""
        text = self.text(longest=200)
        known = list(choices)
        if text is None or text in known:
            return text
        self.fault(
            _("“%(value)s” is not known here. Known are: %(known)s.")
            % {"value": shown(text), "known": ", ".join(known)}
        )
        return None

    def localized(self, *, longest: int, languages: Collection[str] | None = None) -> LocalizedText | None:
        """The value as text by language.

        With ``languages`` it must have text in each of them and in no other. A fault in one language does not hide
        those in others.
        """
        entries = self.mapping(open_to=ANY_KEY)
        if not entries.is_whole:
            return None
        texts = {}
        for code, value in entries.items():
            if not LANGUAGE.fullmatch(code):
                value.fault(_("“%(code)s” is no language code, such as ko, en or fr-CA.") % {"code": shown(code)})
            elif languages is not None and code not in languages:
                reason = _("“%(code)s” is none of the languages of this file: %(languages)s.")
                value.fault(reason % {"code": code, "languages": ", ".join(languages)})
            else:
                texts[code] = value.text(longest=longest)
        for code in languages or ():
            if code not in entries:
                self.fault(_("The text in “%(code)s” is missing.") % {"code": code})
        if not entries and languages is None:
            self.fault(_("There is no text here."))
        return LocalizedText({code: text for code, text in texts.items() if text is not None})

    def _wrong_type(self, expected: str) -> None:
        if self.node.tag != REFUSED:
            self.fault(
                _("Expected: %(expected)s. Found: %(found)s.") % {"expected": expected, "found": _found(self.node)}
            )


@dataclass(frozen=True)
class Mapping:
    """The keys of a mapping that are known, with their values. ``is_whole`` is false where there was no mapping."""

    value: Value
    entries: dict[str, Value]
    is_whole: bool

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, key: str) -> Value | None:
        """The value of this key, or nothing where the key is missing."""
        return self.entries.get(key)

    def items(self) -> Iterable[tuple[str, Value]]:
        """Keys and values, in the order of the file."""
        return self.entries.items()


def _found(node: Node) -> str:
    if isinstance(node, MappingNode):
        return _("keys with values")
    if isinstance(node, SequenceNode):
        return _("a list")
    if node.tag == f"{TAG}null":
        return _("nothing")
    return shown(node.value)


def read_yaml(path: str | Path) -> Value:
    """The document of a YAML file; see :func:`nap_monitor.lib.yaml_file.read_document`."""
    node, faults = read_document(path)
    return Value(node, "", faults)
