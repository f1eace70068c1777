"""What a body writes for one assignment in one year, composed from the texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ministries.enums import MEASURES_NEEDED, Disclosure, FigureState, Rating
from ministries.figures import Figure
from ministries.models import Assignment, Indicator
from ministries.sample.dice import Dice
from ministries.sample.texts import Pair, Texts, published_figures
from objectives.models import Plan

#: In how many years of a hundred something is written that need not be.
SHORTCOMINGS_ANYWAY = 0.4
REASON_ANYWAY = 0.3
FIGURE_NOT_KNOWN = 0.04
HAS_BUDGET = 0.88

#: How a result lies to its target, in spreads of the indicator: worst and best.
DEVIATION = {
    Rating.COMPLETED: (0.0, 1.0),
    Rating.CONTINUING: (-0.4, 1.0),
    Rating.ON_TRACK: (-0.6, 0.8),
    Rating.ATTENTION: (-2.5, -0.8),
    Rating.RETHINK: (-4.0, -2.0),
}
#: How much of a budget is executed at the end of a year, in per cent: worst and best.
EXECUTED = {Rating.ATTENTION: (58, 84), Rating.RETHINK: (20, 55), Rating.NOT_STARTED: (0, 0)}
EXECUTED_USUALLY = (86, 100)
EXECUTED_SO_FAR = (55, 82)
#: How a yearly amount lies to the usual one, in per cent.
GROWN = (-6, 6)


@dataclass(frozen=True)
class Report:
    """What a body writes: fields of the submission, budget lines, and results by indicator."""

    fields: Mapping[str, Any]
    budget: list[dict[str, Any]] = field(default_factory=list)
    indicators: dict[Indicator, dict[str, Any]] = field(default_factory=dict)


class Writer:
    """Writes the reports of one year of a plan."""

    def __init__(self, *, texts: Texts, plan: Plan, year: int, is_running: bool) -> None:
        self.texts, self.plan, self.year, self.is_running = texts, plan, year, is_running

    def dice(self, assignment: Assignment, year: int | None = None) -> Dice:
        """What decides about this assignment in this year."""
        return Dice(self.plan.number, assignment.body.code, assignment.action_plan.code, year or self.year)

    def values(self, assignment: Assignment, year: int | None = None) -> dict[str, object]:
        """What texts may name: the body as it was called in that year, the year and the next one."""
        year = year or self.year
        body = assignment.body.name_in(year).in_language(self.texts.language)
        return {"body": body, "year": year, "next": year + 1}

    def report(self, assignment: Assignment, rating: Rating, disclosure: Disclosure, *, ended: bool) -> Report:
        """The whole report on an assignment that the body rates ``rating``."""
        entry = self.texts.action(assignment.action_plan.code)
        fields: dict[str, Any] = {
            "department": self.texts.general["department"][self.texts.language],
            "self_rating": rating.value,
            **self._narratives(assignment, rating, ended),
        }
        if disclosure != Disclosure.OPEN:
            fields |= {"disclosure": disclosure.value, "disclosure_ground": self.say("ground", assignment)}
        budget = self._budget(entry, assignment, rating)
        if not budget:
            fields["no_budget_needed"] = True
        indicators = {indicator: self._result(indicator, assignment, rating) for indicator in _asked(assignment)}
        return Report(fields, budget, indicators)

    def say(self, kind: str, assignment: Assignment, within: str = "") -> str:
        """One of the general sentences, marked."""
        dice, pair = self.dice(assignment), self.texts.general[kind]
        if within or not isinstance(pair, Mapping):
            pair = self.texts.pick(kind, dice, within=within)
        return self.texts.line(pair, dice, self.values(assignment))

    def _narratives(self, assignment: Assignment, rating: Rating, ended: bool) -> dict[str, str]:
        texts, dice, values = self.texts, self.dice(assignment), self.values(assignment)
        if ended:
            return {"self_rating_reason": self.say("ended", assignment)}
        reason = self.say("reasons", assignment, rating.value)
        if rating is Rating.NOT_APPLICABLE:
            return {"self_rating_reason": reason}
        entry = texts.action(assignment.action_plan.code)
        gap = dice.pick("gap", entry["gaps"])
        written = {
            "results": texts.narrative(self._results(entry, dice, rating), dice, values),
            "next_year_plan": self.next_year_plan(assignment, rating),
        }
        if rating in MEASURES_NEEDED or dice.chance("shortcomings", SHORTCOMINGS_ANYWAY):
            written["shortcomings"] = texts.narrative([gap["cause"]], dice, values)
            written["improvement_measures"] = texts.narrative([gap["measure"]], dice, values)
        if rating in MEASURES_NEEDED or dice.chance("reason", REASON_ANYWAY):
            written["self_rating_reason"] = reason
        return written

    def _results(self, entry: Mapping[str, Any], dice: Dice, rating: Rating) -> list[Pair]:
        if rating is Rating.NOT_STARTED:
            return [self.texts.pick("not_started", dice)]
        sentences: list[Pair] = dice.shuffled("results", entry["results"])
        if rating is Rating.RETHINK:
            return sentences[:1]
        few = 1 if rating is Rating.ATTENTION else 2
        return sentences[: dice.between("sentences", few, few + 1)]

    def this_year_plan(self, assignment: Assignment) -> str:
        """What a body planned for this year; where it wrote nothing last year, what it would have written."""
        return self._plans(assignment, self.year - 1)

    def next_year_plan(self, assignment: Assignment, rating: Rating) -> str:
        """What it plans for the next one."""
        if rating is Rating.COMPLETED:
            pair = self.texts.pick("completed_plans", self.dice(assignment))
            return self.texts.narrative([pair], self.dice(assignment), self.values(assignment))
        return self._plans(assignment, self.year)

    def _plans(self, assignment: Assignment, year: int) -> str:
        entry, dice = self.texts.action(assignment.action_plan.code), self.dice(assignment, year)
        sentences = dice.shuffled("plans", entry["plans"])[: dice.between("plans", 1, 2)]
        return self.texts.narrative(sentences, dice, self.values(assignment, year))

    def facts(self, assignment: Assignment, name: str) -> str:
        """Lines of a source document for this year, body and field, with their source; mostly nothing."""
        entry, code, found = self.texts.action(assignment.action_plan.code), assignment.body.code, ""
        for fact in entry.get("facts", ()):
            if (fact["year"], fact["body"], fact["field"]) == (self.year, code, name):
                found += "\n" + self.texts.bullet(fact, self.dice(assignment), {})
        return found

    def added(self, assignment: Assignment) -> str:
        """The line with which a body answers a return."""
        dice = self.dice(assignment)
        return "\n" + self.texts.bullet(self.texts.pick("added", dice), dice, {})

    def _budget(self, entry: Mapping[str, Any], assignment: Assignment, rating: Rating) -> list[dict[str, Any]]:
        programme, dice = entry.get("budget"), self.dice(assignment)
        always = Dice(self.plan.number, assignment.body.code, assignment.action_plan.code)
        if programme is None or rating is Rating.NOT_APPLICABLE or not always.chance("budget", HAS_BUDGET):
            return []
        grown = 100 + dice.between("grown", *GROWN) + 3 * (self.year - self.plan.start_year)
        amount = Decimal(always.between("amount", *programme["amount"])) * grown / 100
        amount = amount.quantize(Decimal(1), ROUND_HALF_UP)
        low, high = EXECUTED.get(rating, EXECUTED_SO_FAR if self.is_running else EXECUTED_USUALLY)
        executed = amount * dice.between("executed", low * 10, high * 10) / 1000
        return [
            {
                "account": programme["account"],
                "programme": f"{self.texts.mark} {programme['programme'][self.texts.language]}",
                "budget": Figure.of(amount),
                "executed": Figure.of(executed.quantize(Decimal("0.1"), ROUND_HALF_UP)),
                "gender_responsive": programme["gender_responsive"],
            }
        ]

    def _result(self, indicator: Indicator, assignment: Assignment, rating: Rating) -> dict[str, Any]:
        entry = self.texts.action(assignment.action_plan.code)
        spec = next(spec for spec in entry["indicators"] if spec["code"] == indicator.code)
        if "published" in spec:
            return self._published(spec["published"])
        dice = self.dice(assignment).about(indicator.code)
        target = Decimal(str(spec["baseline"])) + Decimal(str(spec["step"])) * (self.year - self.plan.start_year + 1)
        return _invented(self, spec, target, dice, rating)

    def _published(self, name: str) -> dict[str, Any]:
        """An example figure in the year it is of, with its source; nothing is made up for the other years."""
        figure, general, language = published_figures()[name], self.texts.general, self.texts.language
        not_known = Figure(None, FigureState.NOT_KNOWN)
        mark = self.texts.mark
        if not figure["as_of"].startswith(f"{self.year}-"):
            reason = f"{mark} {general['published_missing'][language]}"
            return {"target": not_known, "actual": not_known, "reason": reason}
        target = figure.get(f"target_{self.year}")
        found: dict[str, Any] = {
            "target": not_known if target is None else Figure.of(str(target)),
            "actual": Figure.of(str(figure["actual"])),
            "source": self.texts.published_source(figure["as_of"]),
        }
        if target is None:
            found["reason"] = f"{mark} {general['published_no_target'][language]}"
        return found


def _asked(assignment: Assignment) -> list[Indicator]:
    return [row for row in assignment.action_plan.indicators.all() if row.assignment_id in (None, assignment.pk)]


def _invented(writer: Writer, spec: Mapping[str, Any], target: Decimal, dice: Dice, rating: Rating) -> dict[str, Any]:
    """Target and actual of an invented indicator, with what they are a share of."""
    general, language, mark = writer.texts.general, writer.texts.language, writer.texts.mark
    places = Decimal("0.1") if "share_of" in spec else Decimal(1)
    found: dict[str, Any] = {"target": Figure.of(target.quantize(places, ROUND_HALF_UP))}
    if rating in (Rating.NOT_STARTED, Rating.NOT_APPLICABLE):
        reason = f"{mark} {general['figure_not_applicable'][language]}"
        return {**found, "actual": Figure(None, FigureState.NOT_APPLICABLE), "reason": reason}
    if dice.chance("not known", FIGURE_NOT_KNOWN):
        reason = f"{mark} {general['figure_not_known'][language]}"
        return {**found, "actual": Figure(None, FigureState.NOT_KNOWN), "reason": reason}
    low, high = DEVIATION[rating]
    deviation = Decimal(dice.between("deviation", int(low * 100), int(high * 100))) / 100
    actual = max(target + deviation * Decimal(str(spec["spread"])), Decimal(0))
    if "share_of" in spec:
        denominator = dice.between("denominator", *spec["share_of"])
        numerator = min(int((actual * denominator / 100).quantize(Decimal(1), ROUND_HALF_UP)), denominator)
        actual = Decimal(numerator) * 100 / denominator
        found |= {"numerator": Figure.of(numerator), "denominator": Figure.of(denominator)}
    source = f"{mark} {general['figure_source'][language]}"
    return {**found, "actual": Figure.of(actual.quantize(places, ROUND_HALF_UP)), "source": source}
