"""The sections of a report that go through the plan: each objective down to what each body reports."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ministries.content_parts import fields_in, rows_in
from nap_monitor.lib.pdf import count_unprintable
from reports.selectors.activities_printed import Activities
from reports.selectors.counts import CONFIRMED, NO_REPORT, share
from reports.selectors.outline import objective_place
from reports.selectors.prose_printed import Prose, best_cases
from reports.selectors.report_charts import indicator_bar
from reports.selectors.trace import Sources
from reports.words import NOTHING, Words, lines, number

Content = dict[str, Any]

OBJECTIVE_BAR = (400, 15)
#: How many letters of a label stand in one line.
KOREAN_LABEL, LATIN_LABEL = 10, 26
#: An indicator's target is reached from this rate on, in per cent; the rate knows which way is better.
ALL_OF_IT = 100
#: What is printed with the results, and what with the measures for the next year: fields of a version.
RESULTS = ("this_year_plan", "results", "self_rating_reason", "coordinator_reason", "shortcomings")
AROUND = ("consultation", "consultation_outcome", "related", "gender_impact_assessment")
FOLLOWED_UP = "recommendations_action"
MEASURES = ("improvement_measures", "next_year_plan")
WHY_EMPTY = {
    NO_REPORT: gettext_lazy("No report was submitted."),
    "under-review": gettext_lazy("Submitted and not yet confirmed; not printed."),
    "restricted": gettext_lazy("Restricted; counted, not printed."),
}


def _rate(fields: Mapping[str, Content], key: str, part: Content, whole: Content) -> str | None:
    """A rate as the version has it; a version of schema 1 has none, and every rate was a part of a whole."""
    if key in fields:
        rate: str | None = fields[key]["value"]
        return rate
    if part["value"] is None or whole["value"] is None:
        return None
    return share(Decimal(part["value"]), Decimal(whole["value"]))


def _labelled(label: str, text: str, *, is_translated: bool = False) -> Content:
    """A text beside its label; ``is_tall`` where the label needs two lines, so that the text has to leave it room."""
    is_korean = any("가" <= letter <= "힣" for letter in label)
    return {
        "label": label,
        "lines": lines(text),
        "is_translated": is_translated,
        "is_tall": len(label) > (KOREAN_LABEL if is_korean else LATIN_LABEL),
    }


def _direction(fields: Mapping[str, Content], words: Words) -> str:
    """Which way the indicator is meant to go, where more is not better; versions of schema 1 do not say it."""
    direction = fields.get("direction", {})
    return "" if direction.get("value") in (None, "more") else words.text(direction["text"])


def indicators_of(strategies: list[Content]) -> Content:
    """The indicators below an objective's strategies, each with its body and line, and how many reached the target."""
    rows = [
        {**row, "body": entry["short_body"], "line": entry["line"], "code": action_plan["code"]}
        for strategy in strategies
        for action_plan in strategy["action_plans"]
        for entry in action_plan["entries"]
        for row in entry["indicators"]
    ]
    known = [row for row in rows if row["is_reached"] is not None]
    return {
        "rows": rows,
        # What the rate means is said once in a report: :func:`explain_once`.
        "is_explained": False,
        "total": len(rows),
        "reached": sum(1 for row in known if row["is_reached"]),
        "missed": sum(1 for row in known if not row["is_reached"]),
        "unknown": len(rows) - len(known),
    }


def explain_once(sections: list[Content]) -> list[Content]:
    """The sections; the first one that has indicators says what their rate means."""
    first = next((section for section in sections if section["indicators"]["total"]), None)
    if first:
        first["indicators"]["is_explained"] = True
    return sections


class Objectives:
    """Reads the content's tree, and counts on the way what the data notes tell of its texts."""

    def __init__(self, content: Content, words: Words, prose: Prose, sources: Sources) -> None:
        self.content = content
        self.words = words
        self.prose = prose
        self.sources = sources
        self.activities = Activities(content, words)
        self.korean_only = 0
        self.translated = 0
        self.unprintable = 0

    def sections(self) -> Iterator[Content]:
        """One section for each objective, in the plan's order."""
        figures = {(row["area"], row["objective"]): row for row in self.content["figures"]["by_objective"]}
        number_of = 0
        cases = best_cases(self.content, self.words, self.prose)
        for area in self.content["areas"]:
            for place, objective in enumerate(area["objectives"]):
                number_of += 1
                row = figures[area["code"], objective["code"]]
                strategies = [self._strategy(strategy) for strategy in objective["strategies"]]
                name = _("Objective %(number)s") % {"number": objective["code"]}
                yield {
                    "anchor": f"objective-{number_of}",
                    "area": self.words.text(area["title"]),
                    # Said once, where the area begins.
                    "area_text": self.prose.at(f"area:{area['code']}") if place == 0 else [],
                    "text": self.prose.at(objective_place("objective", area["code"], objective["code"])),
                    "best_cases": cases.get((area["code"], objective["code"]), []),
                    "name": name,
                    "title": self.words.text(objective["title"]),
                    "total": row["total"],
                    "source": self.sources.at("objective", area["code"], objective["code"]),
                    "bar": self.words.bar(name, row["counts"], width=OBJECTIVE_BAR[0], height=OBJECTIVE_BAR[1]),
                    "counts": [
                        {**self.words.mark(code), "count": count} for code, count in row["counts"].items() if count
                    ],
                    "indicators": indicators_of(strategies),
                    "strategies": strategies,
                }

    def _strategy(self, strategy: Content) -> Content:
        return {
            "code": strategy["code"],
            "title": self.words.text(strategy["title"]),
            "action_plans": [
                {
                    "code": action_plan["code"],
                    "title": self.words.text(action_plan["title"]),
                    "assessment": self._assessment(action_plan),
                    "entries": [self._entry(entry) for entry in action_plan["entries"]],
                }
                for action_plan in strategy["action_plans"]
            ],
        }

    def _assessment(self, action_plan: Content) -> Content | None:
        """The coordinator's one mark for an action plan of several bodies, where there is one."""
        given = action_plan.get("assessment")
        return {"mark": self.words.mark(given["rating"]), "lines": lines(given["reason"])} if given else None

    def _entry(self, entry: Content) -> Content:
        why = "restricted" if entry["restricted"] else entry["status"]
        fields = fields_in(entry["sections"])
        return {
            "body": self.words.body(entry["body"]),
            "short_body": self.words.brief_body(entry["body"]),
            "line": entry.get("line"),
            "mark": self.words.mark(entry["rating"] or entry["status"]),
            "flags": list(self._flags(entry)),
            "self_rating": self.words.text(fields.get("self_rating", {}).get("text", {})),
            "handling": list(self._handling(fields)),
            "why_empty": "" if why == CONFIRMED else str(WHY_EMPTY[why]),
            "texts": list(self._texts(fields, RESULTS)),
            "around": [*self._texts(fields, AROUND), *self._own_fields(entry), *self._evidence(entry)],
            "followed_up": (self._text(fields, FOLLOWED_UP) or {"lines": []})["lines"],
            "activities": self.activities.of(entry),
            "measures": [(self._text(fields, key) or {"lines": []})["lines"] for key in MEASURES],
            "indicators": [self._indicator(row) for row in rows_in(entry["sections"], "indicators")],
            "budget": [self._budget_line(row) for row in rows_in(entry["sections"], "budget")],
            "no_budget_needed": fields.get("no_budget_needed", {}).get("value") == "yes",
        }

    def _flags(self, entry: Content) -> Iterator[str]:
        if entry["late"]:
            yield _("Submitted after the due date")
        if entry["returned"]:
            yield _("Returned for completion")
        if entry["under_revision"]:
            yield _("Under revision")
        disclosure = fields_in(entry["sections"]).get("disclosure", {})
        if disclosure.get("value") == "partly":
            ground = fields_in(entry["sections"]).get("disclosure_ground", {}).get("value")
            told = f"{self.words.text(disclosure['label'])}: {self.words.text(disclosure['text'])}"
            yield f"{told} ({ground})" if ground else told

    def _handling(self, fields: dict[str, Content]) -> Iterator[str]:
        if fields.get("department", {}).get("value"):
            yield fields["department"]["value"]
        if fields.get("document_number", {}).get("value"):
            day = self.words.day(fields["document_date"]["value"] or "")
            yield f"{fields['document_number']['value']} ({day})" if day else fields["document_number"]["value"]

    def _texts(self, fields: dict[str, Content], keys: tuple[str, ...]) -> Iterator[Content]:
        for key in keys:
            text = self._text(fields, key)
            if text:
                yield text

    def _own_fields(self, entry: Content) -> Iterator[Content]:
        """What a body asks of itself beside what all are asked."""
        for section in entry["sections"]:
            for field in section["fields"] if section["key"] == "body_fields" else ():
                value = self.words.text(field.get("text") or {}) or str(field["value"] or "")
                if value:
                    yield _labelled(self.words.text(field["label"]), value)

    def _evidence(self, entry: Content) -> Iterator[Content]:
        """The names of the files; of the restricted ones only how many there are."""
        rows = [{each["key"]: each for each in row["fields"]} for row in rows_in(entry["sections"], "evidence")]
        names = [str(row["name"]["value"]) for row in rows if "name" in row]
        closed = len(rows) - len(names)
        if closed:
            names.append(_("restricted files: %(count)s") % {"count": closed})
        if names:
            yield _labelled(_("Evidence"), ", ".join(names))

    def _text(self, fields: dict[str, Content], key: str) -> Content | None:
        """A text with its label and its language, or nothing where nothing was written."""
        field = fields.get(key)
        if not field or not field["value"]:
            return None
        value, is_translated = self._written(field)
        return _labelled(self.words.text(field["label"]), value, is_translated=is_translated)

    def _written(self, field: Content) -> tuple[str, bool]:
        """What was written, in this language where there is a translation that is not stale; and whether it is one."""
        value = str(field["value"] or "")
        translation = field.get("translations", {}).get(self.words.language)
        is_translated = translation is not None and not translation["stale"]
        if is_translated:
            self.translated += 1
            value = translation["text"]
        elif self.words.language != "ko" and any("가" <= character <= "힣" for character in value):
            self.korean_only += 1
        self.unprintable += count_unprintable(value)
        return value, is_translated

    def _indicator(self, row: Content) -> Content:
        fields = {field["key"]: field for field in row["fields"]}
        target, actual = fields["target"], fields["actual"]
        name = self.words.text(row["label"])
        rate = _rate(fields, "achievement_rate", actual, target)
        return {
            "name": name,
            "bar": indicator_bar(name, fields["baseline"], target, actual, self.words),
            "is_reached": None if rate is None else Decimal(rate) >= ALL_OF_IT,
            "direction": _direction(fields, self.words),
            "unit": self.words.text(actual["unit"]),
            **{key: self.words.field(fields[key]) for key in ("baseline", "target", "actual")},
            "parts": self._parts(fields["numerator"], fields["denominator"]),
            "rate": number(rate),
            "source": fields["source"]["value"] or NOTHING,
            "reason": fields["reason"]["value"] or "",
        }

    def _parts(self, numerator: Content, denominator: Content) -> str:
        if numerator["value"] is None or denominator["value"] is None:
            return ""
        return f"{number(numerator['value'])} / {number(denominator['value'])}"

    def _budget_line(self, row: Content) -> Content:
        fields = {field["key"]: field for field in row["fields"]}
        return {
            "programme": self._written(fields["programme"])[0] or NOTHING,
            "account": self.words.text(fields["account"].get("text", {})),
            "budget": self.words.field(fields["budget"]),
            "executed": self.words.field(fields["executed"]),
            "rate": number(_rate(fields, "execution_rate", fields["executed"], fields["budget"])),
            "is_gender_responsive": fields["gender_responsive"]["value"] == "yes",
            "passed_on_from": self.words.text(fields.get("passed_on_from", {}).get("text", {})),
        }
