"""Queries that nearly every page asks: the ORM writes the SQL once, from then on it is only executed.

Writing the SQL takes several times as long as asking a small question of the database.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, Func, IntegerField, QuerySet

#: So many are remembered; then it begins anew.
MOST = 2_000


def number_of(field: str = "pk") -> Func:
    """How many rows, as a column of a query that is not grouped."""
    return Func(F(field), function="COUNT", output_field=IntegerField())


def total_of(field: str) -> Func:
    """The sum of a column of whole numbers, in a query that is not grouped."""
    return Func(F(field), function="SUM", output_field=IntegerField())


def last_of(field: str) -> Func:
    """The greatest of a column, in a query that is not grouped."""
    return Func(F(field), function="MAX")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query as text with its values, and how what comes back becomes Python's."""

    sql: str
    values: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]

    def rows(self) -> list[tuple[Any, ...]]:
        """Ask it now: the same as the list of a ``values_list``."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            found: list[Any] = cursor.fetchall()
        if not self.converters:
            return found
        rows = [list(row) for row in found]
        for place, (converters, expression) in self.converters.items():
            known: dict[Any, Any] = {}  # the same text comes again and again: names above many rows, days
            for row in rows:
                before = row[place]
                if before not in known:
                    value = before
                    for convert in converters:
                        value = convert(value, expression, connection)
                    known[before] = value
                row[place] = known[before]
        return [tuple(row) for row in rows]


_known: dict[Hashable, Prepared] = {}


def prepared(key: Hashable, make: Callable[[], "QuerySet[Any, Any]"]) -> Prepared:
    """The query that ``make()`` gives, a ``values_list``. ``key`` names it, with all that it depends on."""
    found = _known.get(key)
    if found is None:
        if len(_known) >= MOST:
            _known.clear()
        found = _known[key] = _written(make())
    return found


def _written(queryset: "QuerySet[Any, Any]") -> Prepared:
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, values = compiler.as_sql()
    shown = [expression for expression, _sql, _alias in compiler.select]
    converters = compiler.get_converters(shown)
    return Prepared(sql, tuple(values), converters)
