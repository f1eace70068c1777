"""The sample's activities: what a body did in a year, drawn from the general texts."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ministries.enums import ActivityKind, Phase, Province
from ministries.figures import Figure
from ministries.models import Assignment
from ministries.sample.dice import Dice

if TYPE_CHECKING:
    from ministries.sample.reports import Writer

#: How many activities a body reports, fewest and most.
COUNT = (1, 3)
#: On how many days of a year, counted from 1 February, something may take place.
FIRST_MONTH, DAYS = 2, 290


def activities_of(writer: "Writer", assignment: Assignment) -> list[dict[str, Any]]:
    """The activities of an assignment in the writer's year, by date; each with its text marked."""
    dice = writer.dice(assignment)
    possible = [
        spec
        for spec in writer.texts.general["activities"]
        if assignment.body.code in spec.get("bodies", [assignment.body.code])
    ]
    chosen = dice.shuffled("activities", possible)[: dice.between("activities", *COUNT)]
    found = [_activity(writer, spec, dice.about(spec["title"]["en"])) for spec in chosen]
    return sorted(found, key=lambda each: each["date"])


def remark_on(writer: "Writer", title: str) -> str:
    """What the body says about the small numbers of an activity with this title; nothing for most."""
    language = writer.texts.language
    for spec in writer.texts.general["activities"]:
        if "remark" in spec and title.endswith(spec["title"][language]):
            return f"{writer.texts.mark} {spec['remark'][language]}"
    return ""


def _activity(writer: "Writer", spec: Mapping[str, Any], dice: Dice) -> dict[str, Any]:
    texts = writer.texts
    start = dt.date(writer.year, FIRST_MONTH, 1) + dt.timedelta(days=dice.between("day", 0, DAYS))
    found: dict[str, Any] = {
        "kind": ActivityKind(spec["kind"]).value,
        "title": f"{texts.mark} {spec['title'][texts.language]}",
        "date": start,
        "description": texts.line(texts.general["description"], dice, {}),
    }
    if "days" in spec:
        found["end_date"] = start + dt.timedelta(days=spec["days"] - 1)
    if "place" in spec:
        found |= {"place": spec["place"][texts.language], "province": dice.pick("province", Province.values)}
    if "partners" in spec:
        found["partners"] = spec["partners"][texts.language]
    for name in ("women", "men"):
        if name in spec:
            found[name] = Figure.of(dice.between(name, *spec[name]))
    if "contribution" in spec:
        low, high = spec["contribution"]
        amount = Figure.of(dice.between("contribution", low // 1000, high // 1000) * 1000)
        found |= {"contribution": amount, "currency": spec["currency"], "phase": dice.pick("phase", Phase.values)}
    return found
