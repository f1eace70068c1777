"""What pages of a round show, as tables for files: the same rows, the same words, dates and numbers as such."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ministries.models import Round
from ministries.selectors.overview import Cell, Overview
from ministries.selectors.submissions import CONFIRMED, OWN, Listing, Row
from nap_monitor.lib.tabular.cells import Value
from nap_monitor.lib.tabular.writing import Column, Table


def _word(value: Any) -> str:
    return str(value.label) if value else ""


def _yes(value: bool) -> str:
    return _("Yes") if value else ""


def overview_table(round: Round, cells: Iterable[Cell]) -> Table:
    """A line for each submission that is chosen, in the order of the plan."""
    columns = [
        Column(_("Area"), 16),
        Column(_("Objective"), 30),
        Column(_("Strategy"), 30),
        Column(_("Number"), 10),
        Column(_("Action plan"), 40),
        Column(_("Implementing body"), 20),
        Column(_("State"), 14),
        Column(_("Due date"), 12),
        Column(_("Days overdue"), 12),
        Column(_("First submitted"), 12),
        Column(_("Days late when first submitted"), 14),
        Column(_("Last submitted"), 12),
        Column(_("Confirmed"), 12),
        Column(_("Self-rating"), 16),
        Column(_("Coordinator's rating"), 16),
        Column(_("Coordinator's rating of %(year)s") % {"year": round.year - 1}, 16),
        Column(_("Exception until"), 12),
        Column(_("Open remarks"), 10),
        Column(_("Under revision"), 10),
    ]
    return Table(_("Submissions %(year)s") % {"year": round.year}, columns, [_line(cell) for cell in cells])


def _line(cell: Cell) -> list[Value]:
    item = cell.item
    return [
        str(item.area[1]),
        f"{item.objective[0]} {item.objective[1]}",
        f"{item.strategy[0]} {item.strategy[1]}",
        item.code,
        str(item.title),
        str(cell.body.name),
        _word(cell.state),
        cell.due_date,
        cell.overdue or None,
        cell.first_submitted,
        cell.late or None,
        cell.last_submitted,
        cell.confirmed,
        _word(cell.self_rating),
        _word(cell.rating),
        _word(cell.last_rating),
        cell.until,
        cell.open_remarks,
        _yes(cell.is_under_revision),
    ]


def matrix_table(overview: Overview, *, shows_last: bool) -> Table:
    """Bodies × action plans as on the page; a place without a duty has a dash, one that is not chosen is empty."""
    bodies = overview.bodies
    duties = {(cell.item.pk, cell.body.pk) for cell in overview.cells}
    found: dict[int, dict[int, Cell]] = {}
    for cell in overview.chosen:
        found.setdefault(cell.item.pk, {})[cell.body.pk] = cell
    rows: list[list[Value]] = []
    for cells in found.values():
        item = next(iter(cells.values())).item
        line: list[Value] = [
            str(item.area[1]),
            f"{item.objective[0]} {item.objective[1]}",
            f"{item.strategy[0]} {item.strategy[1]}",
            item.code,
            str(item.title),
        ]
        line.append(_word(overview.assessments.get(item.pk)))
        for body in bodies:
            if body.pk in cells:
                line.append(words_of(cells[body.pk], shows_last=shows_last))
            else:
                line.append("" if (item.pk, body.pk) in duties else "–")
        rows.append(line)
    columns = [
        Column(_("Area"), 16),
        Column(_("Objective"), 30),
        Column(_("Strategy"), 30),
        Column(_("Number"), 10),
        Column(_("Action plan"), 40),
        Column(_("Rating of the joint action plan"), 16),
        *(Column(str(body.short_name), 18) for body in bodies),
    ]
    return Table(_("Bodies and action plans"), columns, rows)


def words_of(cell: Cell, *, shows_last: bool) -> str:
    """What a cell of the matrix shows, a line each."""
    words = [_word(cell.state)]
    if cell.rating:
        words.append(_("Coordinator's rating: %(rating)s") % {"rating": _word(cell.rating)})
    elif cell.self_rating:
        words.append(_("Self-rating: %(rating)s") % {"rating": _word(cell.self_rating)})
    if cell.overdue:
        words.append(ngettext("%(n)d day overdue", "%(n)d days overdue", cell.overdue) % {"n": cell.overdue})
    elif cell.late:
        words.append(ngettext("%(n)d day late", "%(n)d days late", cell.late) % {"n": cell.late})
    if cell.until:
        words.append(_("Exception until %(day)s") % {"day": cell.until.isoformat()})
    if cell.is_under_revision:
        words.append(_("Under revision"))
    if cell.open_remarks:
        words.append(_("Open remarks: %(number)d") % {"number": cell.open_remarks})
    if shows_last:
        rating = _word(cell.last_rating) or "–"
        words.append(_("Last year: %(rating)s") % {"rating": rating})
    return "\n".join(words)


def list_table(round: Round, listing: Listing, *, scope: str, show_body: bool) -> Table:
    """The list of submissions as this reader sees it: its rows, its order, and none but its columns."""
    is_public = scope == CONFIRMED
    columns = [Column(_("Number"), 10), Column(_("Action plan"), 50)]
    columns += [Column(_("Implementing body"), 20)] if show_body else []
    columns += [Column(_("State"), 14)]
    columns += [] if is_public else [Column(_("Open remarks"), 10)]
    columns += [Column(_("Under revision"), 10)]
    columns += [] if is_public else [Column(_("Due date"), 12), Column(_("Days overdue"), 12)]
    columns += [] if is_public else [Column(_("Self-rating"), 16)]
    columns += [Column(_("Coordinator's rating"), 16)]
    columns += [] if is_public else [Column(_("Last change") if scope == OWN else _("Last submitted"), 12)]
    rows = [_row(row, is_public=is_public, show_body=show_body) for row in listing.rows]
    return Table(_("Submissions %(year)s") % {"year": round.year}, columns, rows)


def _row(row: Row, *, is_public: bool, show_body: bool) -> list[Value]:
    overdue = -row.days_left if row.is_overdue and row.days_left is not None else None
    return [
        row.code,
        str(row.title),
        *([str(row.body)] if show_body else []),
        _word(row.state),
        *([] if is_public else [row.open_remarks]),
        _yes(row.is_under_revision),
        *([] if is_public else [row.due_date, overdue, _word(row.self_rating)]),
        _word(row.coordinator_rating),
        *([] if is_public else [_day(row.updated_at)]),
    ]


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localtime(moment).date() if moment else None
