"""The parts of a workbook's package as they are read: relations, the list of sheets, styles, shared texts.

Each is a handler of XML events; elements are known by their local names, so that both dialects of the format are read.
"""

import re
from dataclasses import dataclass
from typing import IO, TypeVar
from xml.parsers import expat

from nap_monitor.lib.files import archives, documents
from nap_monitor.lib.tabular.cells import unescaped

Attributes = dict[str, str]


class Part:
    """A part being read: what to do at each element's beginning and end, and with the text in it."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text in the present element, or a piece of it."""


AnyPart = TypeVar("AnyPart", bound=Part)


def parse(file: IO[bytes], part: AnyPart) -> AnyPart:
    """Read a part from its XML. Raises ``Unaccepted`` where that is damaged, or has a document type: it could let a
    small text grow huge."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def document_type(*_arguments: object) -> None:
        raise documents.damaged()

    parser.StartElementHandler = lambda name, attributes: part.start(local(name), attributes)
    parser.EndElementHandler = lambda name: part.end(local(name))
    parser.CharacterDataHandler = part.text
    parser.StartDoctypeDeclHandler = document_type
    try:
        with file:
            while chunk := file.read(archives.MEGABYTE):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise documents.damaged() from error
    return part


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


@dataclass(frozen=True)
class Target:
    """Where a relation leads, and of which kind it is (the end of an address)."""

    path: str
    kind: str


class Relations(Part):
    """What a part of the package names, by the names that it uses for it."""

    def __init__(self) -> None:
        self.targets: dict[str, Target] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes["Id"]] = Target(attributes["Target"], attributes["Type"])

    def first(self, kind: str) -> str:
        """The path of the first target of this kind. Raises ``KeyError`` where there is none."""
        for target in self.targets.values():
            if target.kind.endswith(f"/{kind}"):
                return target.path
        raise KeyError(kind)


class WorkbookPart(Part):
    """The list of sheets: title, relation, state. ``is_1904``: days are counted from 1904, as old Macs did."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes["name"], relation, attributes.get("state", "visible")))


#: Formats that the program itself brings, of days and of per cent; 27 to 58 are days in Korean and its neighbours.
BUILT_IN_DAYS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
BUILT_IN_PERCENT = frozenset([9, 10])
_NO_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DAY_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)


class Styles(Part):
    """Which styles show a number as a day, and which in per cent, by their number."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.days: list[bool] = []
        self.percent: list[bool] = []
        self._is_of_cells = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt" and not self._is_of_cells:
            self.formats.setdefault(int(attributes["numFmtId"]), attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self._is_of_cells = True
        elif name == "xf" and self._is_of_cells:
            number = int(attributes.get("numFmtId", "0"))
            code = _NO_LETTERS.sub("", self.formats.get(number, ""))
            is_general = code.strip().lower() in ("", "general", "@")
            self.days.append(number in BUILT_IN_DAYS or (not is_general and bool(_DAY_LETTERS.search(code))))
            self.percent.append(number in BUILT_IN_PERCENT or "%" in code)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_of_cells = False

    def is_day(self, style: int) -> bool:
        """Whether a number in this style is a day or a time."""
        return style < len(self.days) and self.days[style]

    def is_percent(self, style: int) -> bool:
        """Whether a number in this style is shown in per cent."""
        return style < len(self.percent) and self.percent[style]


class TextPart(Part):
    """Text in the pieces that an element holds (``t``), without what says how it is read aloud (``rPh``)."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._in_text = self._in_reading = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "rPh":
            self._in_reading = True
        elif name == "t":
            self._in_text = not self._in_reading

    def end(self, name: str) -> None:
        if name == "rPh":
            self._in_reading = False
        elif name == "t":
            self._in_text = False

    def text(self, text: str) -> None:
        if self._in_text:
            self.pieces.append(text)

    def take(self) -> str:
        """What was gathered; the next text begins anew."""
        said = unescaped("".join(self.pieces))
        self.pieces.clear()
        return said


class SharedStrings(TextPart):
    """The texts that cells name by their number."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.texts.append(self.take())
