"""Reading the page of the record as a person reads it: row by row, cell by cell."""

import re
from collections.abc import Callable

from django.test import Client

#: The cells of a row.
TIME, EVENT, OBJECT, PERSON, DETAILS = range(5)
Row = list[list[str]]
Read = Callable[..., list[Row]]


def rows_of(client: Client, language: str = "en", **query: str) -> list[Row]:
    """The rows that a search finds, newest first: the pieces of text in each cell."""
    prefix = "" if language == "ko" else f"/{language}"
    answer = client.get(f"{prefix}/record/", query)
    assert answer.status_code == 200, query
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [[_texts(cell) for cell in re.split("</t[dh]>", row)] for row in body.split("<tr>")[1:]]


def _texts(cell: str) -> list[str]:
    pieces = (each.partition("<")[0].strip() for each in f">{cell}".split(">"))
    return [piece for piece in pieces if piece]
