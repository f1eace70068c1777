"""The report of a whole year as a tree of blocks, for the tests of the forms that are written from it."""

import datetime as dt
from typing import Any

from ministries.services.changes import Change
from reports.selectors.report_content import report_content
from reports.services.rendering import summary_html
from reports.services.texts import write_text
from reports.writers.blocks import Report
from reports.writers.reading import read_report
from tests.reports.data import Year, whole_year

MADE_AT = dt.datetime(2023, 3, 1, 9, 30, tzinfo=dt.UTC)
#: What somebody may write who means no harm, or does.
HARD = "=1+1은 수식이 아닙니다.\n- <b>굵게</b> & \x0b따옴표\u200b\"'\n+82-2 @SUM(A1) 😀"


def whole_content() -> dict[str, Any]:
    """The content of a whole year's report, with prose that is hard to write into a file."""
    year: Year = whole_year()
    write_text(round=year.round, place="foreword", language="ko", change=Change("", HARD), by=year.coordinator)
    return report_content(year.round)


def report_of(content: dict[str, Any], language: str) -> Report:
    """The tree of a content."""
    return read_report(summary_html(content=content, language=language))


def squeezed(text: str) -> str:
    """A text without its spaces, which every program keeps in its own way."""
    return "".join(text.split())
