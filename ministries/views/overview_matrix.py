"""The matrix of an overview as plain words: what a cell shows, what its link says, where it leads; the same for files.

Cells and lines become text before the template sees them: looking up and localising values there would take most of
the page's time. They are stencils (:mod:`nap_monitor.lib.stencils`), so that a template says what they look like and is
rendered once; a face (state, rating, marks) is rendered once for all cells that show the same.
"""

from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ministries.models import Round
from ministries.selectors.overview import Cell, Column, Item, Overview
from nap_monitor.lib.stencils import stencil
from nap_monitor.lib.templatetags.look import localized, rating_badge

#: What a segment of an address may hold unquoted; the same as Django's own addresses.
_UNQUOTED = "!$&'()*+,;=/~:@"
#: Stand in an address for the codes of a body and of an action plan; no code has such signs.
BODY, CODE = "~~body~~", "~~code~~"
#: So many submissions are named in an address at most.
MOST_NAMED = 120
#: Why a place of the matrix is empty: nobody has this duty, or the filter leaves the submission out.
NO_DUTY, LEFT_OUT = "no-duty", "left-out"
_EMPTY = {why: f'<td class="{why}"></td>' for why in (NO_DUTY, LEFT_OUT)}


#: A cell, a line, the head of a group, a figure of a body, and a body's line of figures.
CELL, LINE = "ministries/partials/_overview_cell.html", "ministries/partials/_overview_line.html"
HEAD, COUNTS = "ministries/partials/_overview_head.html", "ministries/partials/_overview_counts.html"
FIGURE = "ministries/partials/_overview_figure.html"


def lines(round: Round, overview: Overview, *, shows_last: bool) -> str:
    """The lines of the matrix: what is chosen, below the heads of its areas and strategies."""
    bodies = overview.bodies
    place = Places(round)
    duties = {(cell.item.pk, cell.body.pk) for cell in overview.cells}
    width = len(bodies) + 1
    line, marked = (stencil(LINE, {"is_marked": each}, ("url", "code", "title", "mark", "cells")) for each in (0, 1))
    found: list[str] = []
    above: tuple[str, ...] = ()
    for item, cells in _by_item(overview.chosen):
        for level, code, title in _heads(item, above):
            head = stencil(HEAD, {"level": level, "width": width, "has_code": bool(code)}, ("code", "title"))
            found.append(head(code=code, title=title))
        above = _above(item)
        by_body = {cell.body.pk: cell for cell in cells}
        shown = place.cells(item, [by_body.get(body.pk) for body in bodies], bodies, duties, shows_last)
        given = overview.assessments.get(item.pk)
        mark = rating_badge(given.value, given.label) if given else ""
        write = marked if given else line
        title = localized(item.title)
        found.append(write(url=place.action(item), code=item.code, title=title, mark=mark, cells=shown))
    return SafeString("\n".join(found))


def counts_by_body(rows: Iterable[tuple[Column, list[dict[str, str]]]], *, has_last: bool) -> str:
    """The lines of the counts by body: each figure of this year, beside that of last year where there is one."""
    figure = stencil(FIGURE, {"has_last": has_last}, ("now", "before"))
    line = stencil(COUNTS, {}, ("name", "figures"))
    return SafeString(
        "\n".join(
            line(
                name=localized(body.name),
                figures=SafeString("".join(figure(now=each["now"], before=each["before"]) for each in figures)),
            )
            for body, figures in rows
        )
    )


def _by_item(cells: Iterable[Cell]) -> list[tuple[Item, list[Cell]]]:
    found: dict[int, tuple[Item, list[Cell]]] = {}
    for cell in cells:
        found.setdefault(cell.item.pk, (cell.item, []))[1].append(cell)
    return list(found.values())


def _above(item: Item) -> tuple[str, ...]:
    return (item.area[0], item.objective[0], item.strategy[0])


def _heads(item: Item, above: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """The heads that stand above an action plan and not above the one before it: level, code, title."""
    found = []
    levels = (("area", item.area), ("objective", item.objective), ("strategy", item.strategy))
    changed = above == ()
    for number, (level, (code, title)) in enumerate(levels):
        changed = changed or above[number] != code
        if changed:
            found.append((level, "" if level == "area" else code, localized(title)))
    return found


class Places:
    """Where cells and action plans lead: addresses are made once, and the codes put in."""

    def __init__(self, round: Round) -> None:
        self._submission = reverse("ministries:submission_detail", args=[round.plan.number, round.year, BODY, CODE])
        self._review = reverse("ministries:review", args=[round.plan.number, round.year, BODY, CODE])
        self._remind = reverse("ministries:reminder_send", args=[round.plan.number, round.year])
        self._action = reverse("ministries:action_plan_detail", args=[round.plan.number, CODE])
        self._names: dict[int, tuple[str, str]] = {}
        self._write = stencil(CELL, {}, ("url", "body", "code", "face"))
        self._language = get_language() or ""

    def _body(self, body: Column) -> tuple[str, str]:
        """The address of a body's submissions without the action plan's code, and the body's short name; escaped."""
        known = self._names.get(body.pk)
        if known is None:
            address = self._submission.replace(BODY, quote(body.code, safe=_UNQUOTED))
            names = conditional_escape(address), conditional_escape(str(body.short_name))
            known = self._names[body.pk] = names
        return known

    def action(self, item: Item) -> str:
        """The page of an action plan."""
        return self._action.replace(CODE, quote(item.code, safe=_UNQUOTED))

    def remind(self, cells: Sequence[Cell]) -> str:
        """Where one reminds of these submissions; of more than an address holds, their bodies of all they owe."""
        if len(cells) > MOST_NAMED:
            return self.remind_bodies(list({cell.body.pk: cell.body for cell in cells}.values()))
        marks = [("submission", f"{cell.body.code}:{cell.item.code}") for cell in cells]
        return f"{self._remind}?{urlencode(marks)}" if marks else ""

    def remind_bodies(self, bodies: Sequence[Column]) -> str:
        """Where one reminds these bodies of what they have to submit; nothing without a body."""
        return f"{self._remind}?{urlencode([('body', body.code) for body in bodies])}" if bodies else ""

    def review(self, cell: Cell) -> str:
        """The page on which a submission is reviewed."""
        address = self._review.replace(BODY, quote(cell.body.code, safe=_UNQUOTED))
        return address.replace(CODE, quote(cell.item.code, safe=_UNQUOTED))

    def of(self, item: Item, body: Column) -> str:
        """The page of what this body reports on this action plan."""
        address = self._submission.replace(BODY, quote(body.code, safe=_UNQUOTED))
        return address.replace(CODE, quote(item.code, safe=_UNQUOTED))

    def cells(
        self,
        item: Item,
        cells: Sequence[Cell | None],
        bodies: Sequence[Column],
        duties: Container[tuple[int, int]],
        shows_last: bool,
    ) -> str:
        """The cells of a line: a link to each submission with its face, or why there is none."""
        # Escaped once for all cells of the line.
        code, segment = conditional_escape(item.code), conditional_escape(quote(item.code, safe=_UNQUOTED))
        found = []
        for body, cell in zip(bodies, cells, strict=True):
            if cell is None:
                found.append(_EMPTY[LEFT_OUT if (item.pk, body.pk) in duties else NO_DUTY])
                continue
            address, name = self._body(body)
            url = SafeString(address.replace(CODE, segment))
            found.append(self._write(url=url, body=name, code=code, face=face(cell, shows_last, self._language)))
        return SafeString("".join(found))


def face(cell: Cell, shows_last: bool, language: str) -> str:
    """What a cell shows: state, rating, lateness, and what else is to be known of it."""
    return _face(
        cell.state,
        cell.rating,
        cell.self_rating if cell.rating is None else None,
        cell.last_rating if shows_last else None,
        cell.overdue,
        cell.late,
        date_format(cell.until, "SHORT_DATE_FORMAT") if cell.until else "",
        cell.open_remarks,
        cell.is_under_revision,
        shows_last,
        language,
    )


@lru_cache(maxsize=4096)
def _face(
    state: object,
    rating: object,
    own: object,
    last: object,
    overdue: int,
    late: int,
    until: str,
    remarks: int,
    is_under_revision: bool,
    shows_last: bool,
    language: str,
) -> SafeString:
    context = {
        "state": state,
        "rating": rating,
        "own": own,
        "last": last,
        "overdue": overdue,
        "late": late,
        "until": until,
        "remarks": remarks,
        "is_under_revision": is_under_revision,
        "shows_last": shows_last,
    }
    return SafeString(render_to_string("ministries/partials/_overview_face.html", context).strip())
