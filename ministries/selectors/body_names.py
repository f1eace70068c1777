"""What bodies are called on a day, for lists that show nothing else of them: one query, and no object of the ORM."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from ministries.models import ImplementingBody
from ministries.models.body import code_as_name, valid_on, with_short
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.prepared import prepared


@dataclass(frozen=True)
class NamedBody:
    """A body as it is called on a day. ``place``: where it stands in the order of the government."""

    pk: int
    code: str
    name: LocalizedText
    short_name: LocalizedText
    place: int


class _Name(NamedTuple):
    pk: int
    code: str
    valid_from: dt.date | None
    name: LocalizedText | None
    short_name: LocalizedText | None


def names_on(day: dt.date, only: Iterable[int] | None = None) -> dict[int, NamedBody]:
    """All bodies, or those of these ids, by id and in the order of the government."""
    ids = None if only is None else frozenset(only)
    if ids is not None and not ids:
        return {}
    rows = [_Name(*row) for row in prepared(("body-names", ids), lambda: _names(ids)).rows()]
    found = {}
    for place, (pk, names) in enumerate(groupby(rows, key=lambda row: row.pk)):
        name = valid_on(list(names), day)
        if name.name is None:  # a body without a name
            found[pk] = NamedBody(pk, name.code, code_as_name(name.code), code_as_name(name.code), place)
        else:
            found[pk] = NamedBody(pk, name.code, LocalizedText(name.name), with_short(name), place)
    return found


def _names(ids: frozenset[int] | None) -> QuerySet[Any, Any]:
    found = ImplementingBody.objects.order_by("order", "code", F("names__valid_from").asc(nulls_first=True))
    if ids is not None:
        found = found.filter(pk__in=sorted(ids))
    return found.values_list("pk", "code", "names__valid_from", "names__name", "names__short_name")
