"""What a dry run finds: faults, values that would change, and values that somebody else changed as well."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ministries import locks
from ministries.models import Submission
from ministries.selectors.workbooks import BodyBook
from ministries.services.changes import Conflict
from ministries.services.save_record import told
from ministries.services.workbooks import Save
from ministries.workbook import layout, marks
from ministries.workbook.layout import SheetLayout
from ministries.workbook.reading import Fault, Sent
from ministries.workbook.stored import StoredRow, rows_of

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: What a person chose for a value that somebody else changed too.
KEEP, TAKE = "keep", "take"


@dataclass(frozen=True)
class Item:
    """A value that would change: where it stands, what it is called, what it was and what it would be."""

    sheet: str
    cell: str
    row: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Clash:
    """A value that was changed in the workbook and by somebody else. ``name`` is its lasting name, ``seen`` the mark
    of the stored value: a choice counts only as long as that stands. ``choice`` is what was chosen, or nothing."""

    item: Item
    name: str
    seen: str
    choice: str
    conflict: Conflict

    @property
    def take(self) -> str:
        """What is sent to take the workbook's value."""
        return f"{TAKE}.{self.seen}"

    @property
    def keep(self) -> str:
        """What is sent to keep the stored value."""
        return f"{KEEP}.{self.seen}"

    @property
    def shown(self) -> Mapping[str, Any]:
        """Both values and who saved the stored one, as the component shows them."""
        found = self.conflict
        values = {"stored": self.item.before, "mine": self.item.after}
        return {**values, "by": found.by, "at": found.at, "is_own": found.is_own}


@dataclass
class Group:
    """What would change in one submission."""

    submission: Submission
    items: list[Item] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The code of its action plan."""
        return self.submission.assignment.action_plan.code


@dataclass
class DryRun:
    """What a workbook would do. ``saves`` is what is given to the service, once nothing stands against it."""

    faults: list[Fault]
    notes: list[str]
    groups: list[Group]
    saves: list[Save]

    @property
    def clashes(self) -> list[Clash]:
        """All values that somebody else changed too."""
        return [clash for group in self.groups for clash in group.clashes]

    @property
    def undecided(self) -> int:
        """For how many of them nobody has chosen yet."""
        return sum(not clash.choice for clash in self.clashes)

    @property
    def changes(self) -> int:
        """How many values would change."""
        return sum(len(group.items) for group in self.groups)

    @property
    def can_apply(self) -> bool:
        """Whether there is something to apply and nothing against it but choices that are to be made."""
        return not self.faults and bool(self.changes or self.clashes)


class Comparing:
    """What comparing the sheets needs and gathers: the stored rows, faults, and what changes in each submission."""

    def __init__(self, book: BodyBook, sent: Sent, user: "User", choices: Mapping[str, str]) -> None:
        self.book, self.sent, self.user, self.choices = book, sent, user, choices
        self.faults, self.notes = list(sent.faults), list(sent.notes)
        self.groups = {each.pk: Group(each) for each in book.submissions}
        self.saves = {each.pk: Save(each) for each in book.submissions}
        self.locks = {each.pk: locks.why_locked(each, user) for each in book.submissions}

    def stored(self, sheet: SheetLayout) -> dict[str, StoredRow]:
        """The stored rows of a sheet by their key."""
        return {row.key: row for row in rows_of(self.book, sheet)}

    def why_locked(self, submission: Submission) -> str:
        """Why nothing of this submission can be taken now; empty where it can."""
        lock = self.locks[submission.pk]
        if lock:
            return str(lock)
        then = self.sent.origin.stands.get(submission.assignment.action_plan.code)
        if then != marks.stand_of(submission):
            state = {"state": submission.label.label}
            return _("This submission has moved on since the download (now: %(state)s). Download it anew.") % state
        return ""

    def change(self, row: StoredRow, item: Item) -> None:
        """Note a value that would change."""
        self.groups[row.submission.pk].items.append(item)

    def clash(self, row: StoredRow, item: Item, key: str, stored: str, *, field: str = "") -> str:
        """Note a value that somebody else changed too; gives what the person chose for it, if anything.

        ``field`` is what they changed, where it is not ``key``.
        """
        seen = marks.mark(stored) or "-"
        name = clash_name(row.sheet, row.key, key)
        choice, _dot, chosen_for = self.choices.get(name, "").partition(".")
        choice = choice if choice in (KEEP, TAKE) and chosen_for == seen else ""
        conflict = _conflict(row, field or key, item)
        self.groups[row.submission.pk].clashes.append(Clash(item, name, seen, choice, conflict))
        return choice

    def name_others(self) -> None:
        """Say of each value that somebody else changed who that was, and when; a query for a submission with any."""
        for group in self.groups.values():
            conflicts = [clash.conflict for clash in group.clashes]
            named = told(group.submission, self.user, conflicts, group.submission.updated_at)
            group.clashes = [
                replace(clash, conflict=conflict) for clash, conflict in zip(group.clashes, named, strict=True)
            ]


def _conflict(row: StoredRow, key: str, item: Item) -> Conflict:
    """The value in conflict, as the record of a save calls it."""
    if row.sheet == layout.NARRATIVE:
        return Conflict(key, item.before, item.after)
    if row.sheet == layout.OWN:
        return Conflict("value", item.before, item.after, uuid.UUID(key), table="body_fields")
    return Conflict(key, item.before, item.after, uuid.UUID(row.key), table=row.sheet)


def clash_name(sheet: str, row: str, column: str) -> str:
    """The lasting name of a value, as a form's field is called."""
    return "clash-" + hashlib.sha256(f"{sheet}\n{row}\n{column}".encode()).hexdigest()[:16]
