"""The charts of a report: from a content to what they show, in one language."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from nap_monitor.lib.charts_bars import Bullet, Pair, PairedBars, bullet, paired_bars
from nap_monitor.lib.charts_lines import Point, Series, year_lines
from nap_monitor.lib.charts_strip import Item, StatusStrip, status_strip
from reports.selectors.counts import mark_of, share
from reports.selectors.trace import NOT_ASSESSED, mark_of_action_plan
from reports.words import COLOURS, COUNTED_WITH, NOTHING, SYMBOLS, Words, number

Content = dict[str, Any]

#: The shape of an action plan of several bodies that the coordinator has given no mark yet.
OPEN = "□"
#: The size of an indicator's bar, in units of the page (1/96 inch).
BULLET = (150, 16)
LATE_COLOUR, MONEY_COLOUR = "#b26a00", "#083891"


def status_of_action_plans(content: Content, words: Words) -> StatusStrip:
    """A cell for each action plan by area: its mark, and in small the marks of its bodies where there are several."""
    legend = [
        *(Item("", words.labels[code], SYMBOLS[code], COLOURS[code]) for code in words.labels),
        Item("", _("Not yet assessed"), OPEN, "#ffffff", is_open=True),
    ]
    groups = [
        (
            words.text(area["title"]),
            [
                _item(action_plan, words)
                for objective in area["objectives"]
                for strategy in objective["strategies"]
                for action_plan in strategy["action_plans"]
            ],
        )
        for area in content["areas"]
    ]
    return status_strip(_("Status of the action plans"), groups, legend=legend)


def _item(action_plan: Content, words: Words) -> Item:
    mark = mark_of_action_plan(action_plan)
    marks = [SYMBOLS[mark_of(entry)] for entry in action_plan["entries"]]
    parts = tuple(marks) if len(marks) > 1 else ()
    if mark == NOT_ASSESSED:
        return Item(action_plan["code"], _("Not yet assessed"), OPEN, "#ffffff", parts, is_open=True)
    return Item(action_plan["code"], words.labels[mark], SYMBOLS[mark], COLOURS[mark], parts)


def year_on_year(content: Content, words: Words) -> Content | None:
    """The rounds of the plan up to this one: lines of ratings, of returns and of money, and a table of the same.

    Nothing where the content knows no history (before schema 3).
    """
    rounds = content.get("history", [])
    if not rounds:
        return None
    by_year = {row["year"]: row for row in rounds}
    years = range(content["plan"]["start_year"], content["plan"]["end_year"] + 1)
    series = [*_returns(by_year, years), *_money(by_year, years)]
    ratings = list(_ratings(by_year, years, words))
    return {
        "returns": year_lines(_("Returns and money by year"), [each for each, _cells in series]),
        "ratings": year_lines(_("Ratings by year"), [each for each, _cells in ratings]),
        "years": [
            {"year": row["year"], "total": row["total"], "is_now": row["year"] == content["year"]} for row in rounds
        ],
        "rows": [{"name": each.label, "symbol": each.symbol, "cells": cells} for each, cells in (*series, *ratings)],
    }


#: A series with its cells of the table: one for each round that there was.
Told = tuple[Series, list[str]]
#: A year's share in per cent, what stands at its point, and what stands in the table.
Value = tuple[str | None, str, str]


def _told(label: str, symbol: str, colour: str, rounds: Mapping[int, Value], years: range) -> Told:
    """The series of ``rounds`` by year; a year without a round has no point."""
    nothing: Value = (None, "", "")
    points = (Point(year, *_point(rounds.get(year, nothing))) for year in sorted({*years, *rounds}))
    return Series(label, symbol, colour, tuple(points)), [cell for _share, _text, cell in rounds.values()]


def _point(told: Value) -> tuple[float | None, str]:
    return (None if told[0] is None else float(told[0]), told[1])


def _counted(count: int, total: int) -> Value:
    """A count of assignments: its share, ``37/119``, and ``37 / 119 (31.1 %)``."""
    part = share(Decimal(count), Decimal(total))
    both = f"{count}/{total}"
    return part, both, f"{count} / {total} ({number(part)} %)"


def _returns(by_year: Mapping[int, Content], years: range) -> Iterator[Told]:
    rows = {year: row["completeness"] for year, row in by_year.items()}
    for key, label, colour in (
        ("confirmed", _("Confirmed"), MONEY_COLOUR),
        ("late", _("Submitted after the due date"), LATE_COLOUR),
    ):
        yield _told(label, "", colour, {year: _counted(row[key], row["total"]) for year, row in rows.items()}, years)


def _money(by_year: Mapping[int, Content], years: range) -> Iterator[Told]:
    budgets = {year: row["budget"] for year, row in by_year.items()}
    rates = {
        year: (row["rate"], _per_cent(row["rate"]), _of_money(row["executed"], row["budget"], row["rate"]))
        for year, row in budgets.items()
    }
    yield _told(_("Execution rate (%)"), "", MONEY_COLOUR, rates, years)
    gender = {
        year: (part, _per_cent(part), _of_money(row["gender_responsive"], row["budget"], part))
        for year, row in budgets.items()
        for part in [_share_of(row["gender_responsive"], row["budget"])]
    }
    yield _told(_("Gender-responsive budget (%)"), "", MONEY_COLOUR, gender, years)


def _per_cent(rate: str | None) -> str:
    return "" if rate is None else f"{number(rate)} %"


def _share_of(part: str | None, whole: str | None) -> str | None:
    return None if part is None or whole is None else share(Decimal(part), Decimal(whole))


def _of_money(part: str | None, whole: str | None, rate: str | None) -> str:
    """Amounts and their rate; a dash where there is none, which tells which amount is missing."""
    if rate is None:
        return NOTHING if part is None and whole is None else f"{number(part)} / {number(whole)}"
    return f"{number(part)} / {number(whole)} ({number(rate)} %)"


def _ratings(by_year: Mapping[int, Content], years: range, words: Words) -> Iterator[Told]:
    for code in words.labels:
        if code in COUNTED_WITH:
            continue
        found = {
            year: _counted(count, row["total"])
            for year, row in by_year.items()
            for counted, _label, count in words.counted(row["counts"])
            if counted == code
        }
        yield _told(words.labels[code], SYMBOLS[code], COLOURS[code], found, years)


def budget_of_bodies(content: Content, words: Words) -> PairedBars | None:
    """Budget and executed of each body that names an amount; nothing where none does."""
    pairs = [
        Pair(
            words.brief_body(row["body"]),
            _decimal(row["budget"]),
            _decimal(row["executed"]),
            number(row["budget"]),
            number(row["executed"]),
            number(row["rate"]),
        )
        for row in content["figures"]["budget"]["by_body"]
        if row["budget"] is not None or row["executed"] is not None
    ]
    heads = (_("Budget"), _("Executed"), _("Execution rate (%)"))
    return paired_bars(_("Budget and execution by body"), pairs, heads=heads) if pairs else None


def indicator_bar(name: str, baseline: Content, target: Content, actual: Content, words: Words) -> Bullet:
    """An indicator's bar, from the fields of a version."""
    told = _("%(name)s: baseline %(baseline)s, target %(target)s, actual %(actual)s") % {
        "name": name,
        **{key: words.field(field) for key, field in (("baseline", baseline), ("target", target), ("actual", actual))},
    }
    width, height = BULLET
    values = {"baseline": baseline, "target": target, "actual": actual}
    numbers = {key: _decimal(field["value"]) for key, field in values.items()}
    return bullet(told, **numbers, width=width, height=height)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
