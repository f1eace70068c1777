"""Ratings by area and by body, as tables with bars: the same in the report and on the page."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ministries.models import Round
from reports.selectors.counts import NO_REPORT
from reports.selectors.summary import leaves, summary_content
from reports.words import COUNTED_WITH, Words

Content = dict[str, Any]
Size = tuple[int, int]

#: The size of a row's bar on a page, in pixels.
PAGE_BAR = (150, 20)


def ratings_tables(content: Content, words: Words, *, wide: Size, narrow: Size) -> Content:
    """Ratings of all, by area and by body: a bar each, and the counts in the order of the columns.

    A column that ``is_part`` shows what another one has counted already ('not started' within 'rethink').
    """
    areas = {area["code"]: words.text(area["title"]) for area in content["areas"]}
    figures = content["figures"]
    return {
        "columns": [
            {**words.head(code), "is_part": code in COUNTED_WITH, "has_part": code in COUNTED_WITH.values()}
            for code in words.labels
        ],
        "all": _row(("ratings", "all"), _("All"), figures["all"], words, wide),
        "by_area": [_row(("area", row["area"]), areas[row["area"]], row, words, narrow) for row in figures["by_area"]],
        "by_body": [
            _row(("body", row["body"]), words.body(row["body"]), row, words, narrow) for row in figures["by_body"]
        ],
    }


def _row(key: tuple[str, str], name: str, row: Content, words: Words, size: Size) -> Content:
    """A row; ``key`` is that of its source (:mod:`reports.selectors.trace`)."""
    cells = [
        {"code": code, "label": label, "count": count, "is_part": code in COUNTED_WITH}
        for code, label, count in words.counted(row["counts"])
    ]
    bar = words.bar(name, row["counts"], width=size[0], height=size[1])
    return {"key": key, "name": name, "total": row["total"], "cells": cells, "bar": bar}


def ratings_page(round: Round) -> Content:
    """What the page of a round's ratings shows, in the active language; a fixed number of queries."""
    content = summary_content(round)
    words = Words(content, (get_language() or "ko").split("-")[0])
    ratings = ratings_tables(content, words, wide=PAGE_BAR, narrow=PAGE_BAR)
    return {
        "ratings": ratings,
        "segments": [cell for cell in ratings["all"]["cells"] if not cell["is_part"]],
        "completeness": content["figures"]["all"]["completeness"],
        "missing": _missing(content, words),
        "is_sample": round.is_sample,
    }


def _missing(content: Content, words: Words) -> list[Content]:
    """The missing returns by body: a gap is shown as a gap."""
    found: dict[str, list[Content]] = {body["code"]: [] for body in content["bodies"]}
    for action_plan, entry in leaves(content):
        if entry["status"] == NO_REPORT:
            found[entry["body"]].append({"code": action_plan["code"], "title": words.text(action_plan["title"])})
    return [{"name": words.body(code), "rows": rows} for code, rows in found.items() if rows]
