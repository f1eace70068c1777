"""What bodies did in the year: their activities one by one and added up, without counts that could point at a person.

Small counts are left out (:mod:`reports.selectors.small_counts`), of the sums too: else a sum would tell them.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ministries.content_parts import rows_in
from reports.selectors.counts import share
from reports.selectors.small_counts import without_small_counts
from reports.selectors.summary import leaves
from reports.selectors.trace import Sources
from reports.words import NOTHING, Words, number

Content = dict[str, Any]

PEOPLE = ("women", "men", "participants")
TEXTS = ("title", "place", "partners", "description")
#: A row of activities, and its fields by key.
Row = tuple[Content, dict[str, Content]]


def fields_of(row: Content) -> dict[str, Content]:
    """The fields of a row by their key, without small counts, which a content before this rule still has."""
    return {field["key"]: field for field in without_small_counts(row["fields"])}


def count_of(fields: dict[str, Content], key: str) -> int | None:
    """How many persons; nothing where it is not known."""
    value = fields.get(key, {}).get("value")
    return None if value is None else int(Decimal(value))


class Activities:
    """The activities of a content. Those of a restricted submission are not in it."""

    def __init__(self, content: Content, words: Words) -> None:
        self.content, self.words = content, words
        self.by_body: dict[str, list[Row]] = {row["code"]: [] for row in content["bodies"]}
        for _plan, entry in leaves(content):
            for row in rows_in(entry["sections"], "activities"):
                self.by_body[entry["body"]].append((row, fields_of(row)))

    def of(self, entry: Content) -> list[Content]:
        """The activities that an entry reports, as its table shows them."""
        return [self._row(row) for row in rows_in(entry["sections"], "activities")]

    def _row(self, row: Content) -> Content:
        fields = fields_of(row)
        text = {key: str(fields.get(key, {}).get("value") or "") for key in TEXTS}
        told = {key: self.words.text(fields.get(key, {}).get("text") or {}) for key in ("kind", "province", "phase")}
        place = " ".join(each for each in (told["province"], text["place"]) if each)
        return {
            "kind": told["kind"],
            "title": text["title"] or NOTHING,
            "description": text["description"],
            "days": " ~ ".join(each for each in (self._day(fields, key) for key in ("date", "end_date")) if each),
            "details": [
                f"{label}: {value}"
                for label, value in (
                    (_("Place"), place),
                    (_("Partners"), text["partners"]),
                    (_("Project phase"), told["phase"]),
                    (_("Contribution"), self._contribution(fields)),
                )
                if value
            ],
            "people": self._people(fields),
        }

    def _day(self, fields: dict[str, Content], key: str) -> str:
        day = str(fields.get(key, {}).get("value") or "")
        return day.replace("-", ".") if self.words.language == "ko" else day

    def _people(self, fields: dict[str, Content]) -> str:
        return self.words.field(fields["participants"]) if "participants" in fields else NOTHING

    def _contribution(self, fields: dict[str, Content]) -> str:
        given = fields.get("contribution", {})
        return f"{number(given['value'])} {self.words.text(given['unit'])}" if given.get("value") is not None else ""

    def summary(self, sources: Sources) -> Content:
        """How many activities, and who took part: of all, by body and by kind."""
        everything = [fields for rows in self.by_body.values() for _row, fields in rows]
        kinds: dict[str, list[dict[str, Content]]] = {}
        for fields in everything:
            kinds.setdefault(self.words.text(fields["kind"].get("text") or {}) or NOTHING, []).append(fields)
        return {
            "all": {"name": _("All"), **_sums(everything), "source": sources.at("activities", "all")},
            "bodies": [
                {
                    "name": self.words.body(code),
                    **_sums(fields for _row, fields in rows),
                    "source": sources.at("activities", code),
                }
                for code, rows in self.by_body.items()
            ],
            "kinds": [
                {"name": name, **_sums(found)} for name, found in sorted(kinds.items(), key=lambda item: -len(item[1]))
            ],
        }


def _sums(activities: Iterable[dict[str, Content]]) -> Content:
    """How many activities, and the persons of those whose number is known and not left out."""
    rows = list(activities)
    sums = {key: [count for count in (count_of(row, key) for row in rows) if count is not None] for key in PEOPLE}
    total = {key: sum(found) if found else None for key, found in sums.items()}
    women = total["women"]
    both = None if women is None or total["men"] is None else women + total["men"]
    part = None if women is None or not both else share(Decimal(women), Decimal(both))
    return {
        "count": len(rows),
        "counted": len(sums["participants"]),
        **{key: NOTHING if count is None else f"{count:,}" for key, count in total.items()},
        "women_share": number(part),
    }
