"""Reading a workbook that somebody sent: bounded in every respect, nothing in it is run, formulas are told."""

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import IO, BinaryIO, TypeVar

from django.utils.translation import gettext as _

from nap_monitor.lib.files import archives, documents
from nap_monitor.lib.files.kinds import XLSX, Unaccepted
from nap_monitor.lib.tabular.cells import Cell
from nap_monitor.lib.tabular.parts import Part, Relations, SharedStrings, Styles, WorkbookPart, parse
from nap_monitor.lib.tabular.sheet_part import SheetPart

#: What the parts that are read may come to, unpacked, and how many cells may hold anything.
MOST_UNPACKED = 64 * archives.MEGABYTE
MOST_CELLS = 200_000
MOST_SHEETS = 50
#: Parts that bring something in from outside, or something that runs.
LINKED = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "xl/activex/", "xl/embeddings/")
ROOT_RELATIONS = "_rels/.rels"
AnyPart = TypeVar("AnyPart", bound=Part)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells that hold anything, by row and column (both from one), and what was done to its form."""

    title: str
    is_hidden: bool
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: tuple[str, ...] = ()

    def text(self, row: int, column: int) -> str:
        """What stands in a cell, without spaces around it; empty where nothing does."""
        cell = self.rows.get(row, {}).get(column)
        return cell.text.strip() if cell else ""


def read_workbook(file: BinaryIO) -> list[Sheet]:
    """The sheets of a workbook. Raises :class:`Unaccepted` with the reason where it is damaged, locked or a trap."""
    with archives.opened(file) as archive:
        if documents.kind_of_package(archive) is not XLSX:
            raise Unaccepted(_("This is no Excel workbook (.xlsx)."))
        if any(name.lower().startswith(LINKED) for name in archive.namelist()):
            raise Unaccepted(
                _("It is linked to other files or data, or holds embedded objects. Take them out and save it again.")
            )
        try:
            return _Book(archive).sheets()
        except (KeyError, IndexError, ValueError, OverflowError) as error:
            if isinstance(error, Unaccepted):
                raise
            raise documents.damaged() from error


class _Book:
    """A workbook being read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {name.lower(): name for name in archive.namelist()}
        self.unpacked = 0
        self.cells_left = MOST_CELLS
        main = parse(self._open(ROOT_RELATIONS), Relations()).first("officeDocument")
        self.folder, name = posixpath.split(main.lstrip("/"))
        self.book = parse(self._open(posixpath.join(self.folder, name)), WorkbookPart())
        self.relations = parse(self._open(posixpath.join(self.folder, "_rels", f"{name}.rels")), Relations())
        if len(self.book.sheets) > MOST_SHEETS:
            raise Unaccepted(_("The workbook holds too many sheets: at most %(limit)d.") % {"limit": MOST_SHEETS})

    def sheets(self) -> list[Sheet]:
        """All sheets of cells, in their order; sheets of charts are none."""
        styles = self._part("styles", Styles())
        texts = self._part("sharedStrings", SharedStrings()).texts
        found = []
        for title, relation, state in self.book.sheets:
            target = self.relations.targets[relation]
            if not target.kind.endswith("/worksheet"):
                continue
            part = SheetPart(texts, styles, is_1904=self.book.is_1904, most=self.cells_left)
            parse(self._open(self._path(target.path)), part)
            self.cells_left = part.left
            found.append(Sheet(title, state != "visible", part.rows, tuple(part.merged)))
        return found

    def _part(self, kind: str, part: AnyPart) -> AnyPart:
        """A part that the workbook may have once; as it is where it has none."""
        target = next((each for each in self.relations.targets.values() if each.kind.endswith(f"/{kind}")), None)
        return part if target is None else parse(self._open(self._path(target.path)), part)

    def _path(self, target: str) -> str:
        """Where a part lies that the workbook names: from the root, or from the workbook's own folder."""
        return posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"{self.folder}/{target}")

    def _open(self, path: str) -> IO[bytes]:
        member = self.archive.getinfo(self.names[path.lower()])
        self.unpacked += member.file_size
        if self.unpacked > MOST_UNPACKED:
            limit = MOST_UNPACKED // archives.MEGABYTE
            raise Unaccepted(_("Unpacked, it is larger than %(limit)d MB.") % {"limit": limit})
        return self.archive.open(member)
