"""Reading a YAML file that anybody may have written: plain data, no running of code, and a place for every fault.

What comes out is not Python values but :class:`Value` objects (``nap_monitor.lib.yaml_values``), which know in which
line they stand, so that whoever reads them can say where a fault is. Nothing is constructed from the file: anchors,
aliases, tags and merge keys are refused, so a small file cannot grow and cannot name anything to run.
"""

import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: The largest file that is read, in bytes.
SIZE_LIMIT = 2 * 1024 * 1024
#: The deepest nesting that is read. A plan needs about ten levels.
DEPTH_LIMIT = 30
#: The most values (texts, lists, mappings and keys) that are read. A plan of fifty action plans has about a thousand.
VALUES_LIMIT = 50_000
#: How many faults are listed; the rest is counted.
FAULTS_SHOWN = 50
#: How much of a value is repeated in a message.
SHOWN_LENGTH = 80

#: Stands in for a node that was refused already; readers pass over it in silence.
REFUSED = "refused"
MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file, and where. The line counts from 1; 0 where the fault has no line."""

    file: str
    line: int
    place: str
    reason: str

    def __str__(self) -> str:
        if not self.line:
            return _("%(file)s: %(reason)s") % {"file": self.file, "reason": self.reason}
        if not self.place:
            return _("%(file)s, line %(line)s: %(reason)s") % {
                "file": self.file,
                "line": self.line,
                "reason": self.reason,
            }
        return _("%(file)s, line %(line)s, %(place)s: %(reason)s") % {
            "file": self.file,
            "line": self.line,
            "place": self.place,
            "reason": self.reason,
        }


class FaultyFileError(Exception):
    """The file is refused. ``faults`` has every fault that was found, in the order of the lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """The faults as sentences; beyond a number that can be read, their count."""
        lines = [str(fault) for fault in self.faults[:FAULTS_SHOWN]]
        more = len(self.faults) - FAULTS_SHOWN
        return [*lines, _("Further faults: %(count)s") % {"count": more}] if more > 0 else lines


@dataclass
class Faults:
    """Collects the faults of one file."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, place: str, reason: str) -> None:
        """Note a fault. ``line`` counts from 1."""
        self.found.append(Fault(self.file, line, place, reason))

    def refuse(self) -> None:
        """Raise :class:`FaultyFileError` if any fault was noted."""
        if self.found:
            raise FaultyFileError(self.found)


def shown(text: str) -> str:
    """A piece of the file for a message: short, on one line, and harmless to a terminal."""
    short = text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)


def line_of(node: Node) -> int:
    """The line in which a node begins, from 1."""
    return int(node.start_mark.line) + 1


def read_document(path: str | Path) -> tuple[Node, Faults]:
    """The one document of a YAML file, as nodes with their lines, and the collector for further faults.

    Raises :class:`FaultyFileError` where the file cannot be read at all: missing, not a file, too large, not UTF-8,
    with control characters, not YAML, empty, or with several documents. Anchors, aliases, tags, merge keys and keys
    that stand twice are noted in the collector.
    """
    faults = Faults(str(path))
    node = _compose(_text(_bytes(path, faults), faults), faults)
    if node is None or (isinstance(node, ScalarNode) and not node.value):
        faults.add(0, "", _("The file is empty."))
        raise FaultyFileError(faults.found)
    _check_keys(node, faults)
    return node, faults


def _bytes(path: str | Path, faults: Faults) -> bytes:
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            reason = _("This is a folder, not a file.")
        elif not stat.S_ISREG(status.st_mode):
            reason = _("This is not an ordinary file.")
        else:
            with Path(path).open("rb") as file:
                content = file.read(SIZE_LIMIT + 1)
            if len(content) <= SIZE_LIMIT:
                return content
            reason = _("The file is too large: at most %(limit)s bytes are read.") % {"limit": SIZE_LIMIT}
    except (FileNotFoundError, NotADirectoryError):
        reason = _("There is no such file.")
    except PermissionError:
        reason = _("The file may not be read.")
    except (OSError, ValueError) as error:
        reason = _("The file cannot be read: %(error)s") % {"error": shown(str(error))}
    faults.add(0, "", reason)
    raise FaultyFileError(faults.found)


def _text(content: bytes, faults: Faults) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.add(line, "", _("The file is not UTF-8 text. Save it as UTF-8."))
        raise FaultyFileError(faults.found) from None
    for number, line_text in enumerate(text.split("\n"), start=1):
        found = next((c for c in line_text.rstrip("\r") if is_unwanted(c)), None)
        if found is not None:
            faults.add(number, "", unwanted_reason(found))
    faults.refuse()
    return text


def is_unwanted(character: str) -> bool:
    """Whether a character has no place in a plan's text: control characters but the tab, half pairs, non-characters."""
    category = unicodedata.category(character)
    return (category == "Cc" and character != "\t") or category == "Cs" or ord(character) & 0xFFFE == 0xFFFE


def unwanted_reason(character: str) -> str:
    """The sentence about such a character."""
    return _("There is a control character (U+%(code)s) in the text.") % {"code": f"{ord(character):04X}"}


class _LimitError(Exception):
    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason


class _PlainLoader(yaml.SafeLoader):
    """Composes nodes, never objects; notes anchors, aliases and tags, and stops at a size that no plan has."""

    def __init__(self, text: str, faults: Faults) -> None:
        super().__init__(text)
        self.faults = faults
        self.depth = 0
        self.count = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            self.get_event()  # type: ignore[no-untyped-call]
            self.faults.add(line, "", _("References (*%(name)s) are not allowed.") % {"name": shown(str(event.anchor))})
            return ScalarNode(REFUSED, "", event.start_mark, event.end_mark)  # type: ignore[arg-type]
        if event.anchor is not None:
            self.faults.add(line, "", _("Anchors (&%(name)s) are not allowed.") % {"name": shown(str(event.anchor))})
            event.anchor = None
        if event.tag is not None:
            self.faults.add(line, "", _("Tags (%(tag)s) are not allowed.") % {"tag": shown(event.tag)})
            event.tag = None
        self.depth += 1
        self.count += 1
        if self.depth > DEPTH_LIMIT:
            raise _LimitError(line, _("The nesting is too deep."))
        if self.count > VALUES_LIMIT:
            raise _LimitError(
                line, _("The file has too many values: at most %(limit)s are read.") % {"limit": VALUES_LIMIT}
            )
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str, faults: Faults) -> Node | None:
    """The file's one document as nodes; nothing for an empty file. Raises :class:`FaultyFileError`."""
    try:
        loader = _PlainLoader(text, faults)
        loader.get_event()  # type: ignore[no-untyped-call]  # the start of the stream
        node = loader.compose_document() if not loader.check_event(yaml.StreamEndEvent) else None
        if not loader.check_event(yaml.StreamEndEvent):
            line = loader.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            faults.add(line, "", _("A second document begins here. The file must hold one only."))
            raise FaultyFileError(faults.found)
    except _LimitError as error:
        faults.add(error.line, "", error.reason)
        raise FaultyFileError(faults.found) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = shown(error.problem or error.context or "")
        faults.add(mark.line + 1 if mark else 0, "", _("This is not valid YAML: %(problem)s") % {"problem": problem})
        raise FaultyFileError(faults.found) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # Escapes of characters that do not exist ("\\UFFFFFFFF") come out of the parser as they are.
        faults.add(0, "", _("This is not valid YAML: %(problem)s") % {"problem": shown(str(error))})
        raise FaultyFileError(faults.found) from None
    return node


def _check_keys(root: Node, faults: Faults) -> None:
    """Note keys that stand twice, and merge keys, anywhere in the document."""
    for mapping, place in _mappings(root, ""):
        seen: dict[tuple[str, str], int] = {}
        for key, _value in mapping.value:
            if not isinstance(key, ScalarNode):
                continue
            name, line = (key.tag, key.value), line_of(key)
            if key.tag == MERGE:
                faults.add(line, place, _("Merge keys (<<) are not allowed."))
            elif name in seen:
                reason = _("The key “%(key)s” stands twice here; the first time in line %(line)s.")
                faults.add(line, place, reason % {"key": shown(key.value), "line": seen[name]})
            seen.setdefault(name, line)


def _mappings(node: Node, place: str) -> Iterator[tuple[MappingNode, str]]:
    if isinstance(node, MappingNode):
        yield node, place
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                yield from _mappings(value, f"{place}.{shown(key.value)}".lstrip("."))
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            yield from _mappings(value, f"{place}[{number}]")
