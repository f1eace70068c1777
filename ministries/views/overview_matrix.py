"""The matrix of an overview as plain words: what a cell shows, what its link says, where it leads; the same for files.

Cells become text before the template sees them: looking up and localising values there would take most of the page's
time. A face (state, rating, marks) is rendered once for all cells that show the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ministries.models import Round
from ministries.selectors.overview import Cell, Column, Item, Overview
from nap_monitor.lib.templatetags.look import localized, rating_badge

#: What a segment of an address may hold unquoted; the same as Django's own addresses.
_UNQUOTED = "!$&'()*+,;=/~:@"
#: Stand in an address for the codes of a body and of an action plan; no code has such signs.
BODY, CODE = "~~body~~", "~~code~~"
#: So many submissions are named in an address at most.
MOST_NAMED = 120
#: Why a place of the matrix is empty: nobody has this duty, or the filter leaves the submission out.
NO_DUTY, LEFT_OUT = "no-duty", "left-out"


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it is shown: the submission's address, the body's name, the face; ``empty`` says why there is none."""

    url: str = ""
    body: str = ""
    code: str = ""
    face: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the matrix: the head of a group (``head`` with its ``level``), or an action plan with its cells.

    ``mark`` is the coordinators' one rating of an action plan of several bodies, where they gave one.
    """

    head: str = ""
    level: str = ""
    url: str = ""
    code: str = ""
    title: str = ""
    mark: str = ""
    cells: tuple[Shown, ...] = ()


_EMPTY = {why: Shown(empty=why) for why in (NO_DUTY, LEFT_OUT)}


def lines(round: Round, overview: Overview, *, shows_last: bool) -> list[Line]:
    """The lines of the matrix: what is chosen, below the heads of its areas and strategies."""
    bodies = overview.bodies
    place = Places(round)
    duties = {(cell.item.pk, cell.body.pk) for cell in overview.cells}
    found: list[Line] = []
    above: tuple[str, ...] = ()
    for item, cells in _by_item(overview.chosen):
        found += _heads(item, above)
        above = _above(item)
        by_body = {cell.body.pk: cell for cell in cells}
        shown = tuple(
            place.shown(by_body[body.pk], shows_last)
            if body.pk in by_body
            else _EMPTY[LEFT_OUT if (item.pk, body.pk) in duties else NO_DUTY]
            for body in bodies
        )
        given = overview.assessments.get(item.pk)
        mark = rating_badge(given.value, given.label) if given else ""
        title = localized(item.title)
        found.append(Line(url=place.action(item), code=item.code, title=title, mark=mark, cells=shown))
    return found


def _by_item(cells: Iterable[Cell]) -> list[tuple[Item, list[Cell]]]:
    found: dict[int, tuple[Item, list[Cell]]] = {}
    for cell in cells:
        found.setdefault(cell.item.pk, (cell.item, []))[1].append(cell)
    return list(found.values())


def _above(item: Item) -> tuple[str, ...]:
    return (item.area[0], item.objective[0], item.strategy[0])


def _heads(item: Item, above: tuple[str, ...]) -> list[Line]:
    """The heads that stand above an action plan and not above the one before it."""
    found = []
    levels = (("area", item.area), ("objective", item.objective), ("strategy", item.strategy))
    changed = above == ()
    for number, (level, (code, title)) in enumerate(levels):
        changed = changed or above[number] != code
        if changed:
            found.append(Line(head=localized(title), code="" if level == "area" else code, level=level))
    return found


class Places:
    """Where cells and action plans lead: addresses are made once, and the codes put in."""

    def __init__(self, round: Round) -> None:
        self._submission = reverse("ministries:submission_detail", args=[round.plan.number, round.year, BODY, CODE])
        self._review = reverse("ministries:review", args=[round.plan.number, round.year, BODY, CODE])
        self._remind = reverse("ministries:reminder_send", args=[round.plan.number, round.year])
        self._action = reverse("ministries:action_plan_detail", args=[round.plan.number, CODE])
        self._names: dict[int, tuple[str, str]] = {}

    def _body(self, body: Column) -> tuple[str, str]:
        """The address of a body's submissions without the action plan's code, and the body's short name."""
        known = self._names.get(body.pk)
        if known is None:
            address = self._submission.replace(BODY, quote(body.code, safe=_UNQUOTED))
            known = self._names[body.pk] = address, str(body.short_name)
        return known

    def action(self, item: Item) -> str:
        """The page of an action plan."""
        return self._action.replace(CODE, quote(item.code, safe=_UNQUOTED))

    def url(self, cell: Cell) -> str:
        """The page of a submission."""
        return self.of(cell.item, cell.body)

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
        return self._body(body)[0].replace(CODE, quote(item.code, safe=_UNQUOTED))

    def shown(self, cell: Cell, shows_last: bool) -> Shown:
        """A cell as the template takes it."""
        return Shown(self.url(cell), self._body(cell.body)[1], cell.item.code, face(cell, shows_last))


def face(cell: Cell, shows_last: bool) -> str:
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
        get_language(),
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
