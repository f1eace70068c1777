"""Counts of persons that could point at a person: a report does not hold them, in print or as data.

Source: the design's rule on figures about people, by which small counts are left out of anything published.
"""

from typing import Any

from ministries.content_parts import rows_in
from reports.selectors.summary import leaves

Content = dict[str, Any]

#: Counts of persons below this are left out; nobody at all is no person.
FEWEST = 5
#: The state of a figure that is left out, beside those of ``FigureState``.
LEFT_OUT = "left-out"
WOMEN, MEN, ALL = "women", "men", "participants"


def leave_out_small_counts(content: Content) -> None:
    """Leave the small counts of all activities out of ``content``, in place."""
    for _action_plan, entry in leaves(content):
        for row in rows_in(entry["sections"], "activities"):
            row["fields"] = without_small_counts(row["fields"])


def without_small_counts(fields: list[Content]) -> list[Content]:
    """The fields of an activity. Of women and men neither is told where one is a small count; else one tells the other.

    Fields whose counts were left out before stay as they are.
    """
    small = {field["key"] for field in fields if field["key"] in (WOMEN, MEN, ALL) and is_small(field["value"])}
    if not small:
        return fields
    left_out = {WOMEN, MEN} | ({ALL} & small)
    return [
        {**field, "value": None, "state": LEFT_OUT}
        if field["key"] in left_out and field["value"] is not None
        else field
        for field in fields
    ]


def is_small(value: str | None) -> bool:
    """Whether a count, as decimal text, could point at a person."""
    return value is not None and 0 < float(value) < FEWEST
