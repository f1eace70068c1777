"""What a body writes for one assignment in one year, composed from the texts."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ministries.enums import MEASURES_NEEDED, BodyFieldKind, Disclosure, FigureState, Rating
from ministries.figures import Figure
from ministries.models import Assignment, BodyField, ImplementingBody, Indicator
from ministries.sample.activities import activities_of
from ministries.sample.dice import Dice
from ministries.sample.indicators import target_value
from ministries.sample.texts import Pair, Texts, published_figures
from objectives.models import Plan

#: In how many years of a hundred something is written that need not be.
SHORTCOMINGS_ANYWAY = 0.4
REASON_ANYWAY = 0.3
FIGURE_NOT_KNOWN = 0.04
HAS_BUDGET = 0.88
CONSULTED = 0.5
FOLLOWED_UP = 0.3
LINKED = {"related": 0.25, "gender_impact_assessment": 0.1}

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
    activities: list[dict[str, Any]] = field(default_factory=list)


class Writer:
    """Writes the reports of one year of a plan."""

    def __init__(
        self,
        *,
        texts: Texts,
        plan: Plan,
        year: int,
        is_running: bool,
        bodies: Mapping[str, ImplementingBody] | None = None,
        own_fields: Mapping[str, Sequence[BodyField]] | None = None,
    ) -> None:
        self.texts, self.plan, self.year, self.is_running = texts, plan, year, is_running
        self.bodies, self.own_fields = bodies or {}, own_fields or {}

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
        is_active = "results" in fields and rating is not Rating.NOT_STARTED
        done = activities_of(self, assignment) if is_active else []
        return Report(fields, budget, indicators, done)

    def own_answers(self, assignment: Assignment) -> dict[uuid.UUID, str]:
        """The answers to the fields of the body's own, by the field's id."""
        dice, found = self.dice(assignment), {}
        for own in self.own_fields.get(assignment.body.code, ()):
            if own.kind == BodyFieldKind.CHOICE:
                found[own.pk] = dice.pick(own.key, [each["code"] for each in own.choices])
            else:
                spec = next(each for each in self.texts.general["own_fields"] if each["key"] == own.key)
                found[own.pk] = self.texts.plain(spec["answer"], dice, {})
        return found

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
        return written | self._asides(dice, values)

    def _asides(self, dice: Dice, values: Mapping[str, object]) -> dict[str, str]:
        """What a body writes now and then: consultation, earlier recommendations, links."""
        texts = self.texts
        written = {}
        if dice.chance("consultation", CONSULTED):
            talk = dice.pick("consultations", texts.general["consultations"])
            written["consultation"] = texts.narrative([talk["ask"]], dice, values)
            written["consultation_outcome"] = texts.narrative([talk["outcome"]], dice, values)
        shares = {"recommendations_action": FOLLOWED_UP if self.year > self.plan.start_year else 0.0} | LINKED
        for name, share in shares.items():
            if dice.chance(name, share):
                pair = texts.pick(name.removesuffix("_action"), dice)
                written[name] = texts.narrative([pair], dice, values)
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
        programme, code = entry.get("budget"), assignment.action_plan.code
        always = Dice(self.plan.number, assignment.body.code, code)
        if programme is None or rating is Rating.NOT_APPLICABLE:
            return []
        lines = []
        if always.chance("budget", HAS_BUDGET):
            amount = self._amount(programme, assignment.body.code, code)
            lines.append(self._line(programme, programme, amount, assignment, rating))
        passed_on = entry.get("passed_on", {})
        if passed_on.get("to") == assignment.body.code:
            amount = self._amount(programme, passed_on["from"], code) * passed_on["share"] / 100
            line = self._line(programme, passed_on, amount, assignment, rating)
            lines.append({**line, "passed_on_from": self.bodies[passed_on["from"]]})
        return lines

    def _amount(self, programme: Mapping[str, Any], body: str, action: str) -> Decimal:
        """A body's budget for its programme in this year, in million won."""
        grown = Dice(self.plan.number, body, action, self.year).between("grown", *GROWN)
        usual = Dice(self.plan.number, body, action).between("amount", *programme["amount"])
        return Decimal(usual) * (100 + grown + 3 * (self.year - self.plan.start_year)) / 100

    def _line(
        self,
        programme: Mapping[str, Any],
        named: Mapping[str, Any],
        amount: Decimal,
        assignment: Assignment,
        rating: Rating,
    ) -> dict[str, Any]:
        amount = amount.quantize(Decimal(1), ROUND_HALF_UP)
        low, high = EXECUTED.get(rating, EXECUTED_SO_FAR if self.is_running else EXECUTED_USUALLY)
        executed = amount * self.dice(assignment).between("executed", low * 10, high * 10) / 1000
        return {
            "account": programme["account"],
            "programme": f"{self.texts.mark} {named['programme'][self.texts.language]}",
            "budget": Figure.of(amount),
            "executed": Figure.of(executed.quantize(Decimal("0.1"), ROUND_HALF_UP)),
            "gender_responsive": programme["gender_responsive"],
        }

    def _result(self, indicator: Indicator, assignment: Assignment, rating: Rating) -> dict[str, Any]:
        entry = self.texts.action(assignment.action_plan.code)
        spec = next(spec for spec in entry["indicators"] if spec["code"] == indicator.code)
        if "published" in spec:
            return self._published(spec["published"])
        dice = self.dice(assignment).about(indicator.code)
        return _invented(self, spec, target_value(spec, self.year, self.plan.start_year), dice, rating)

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
    found: dict[str, Any] = {"target": Figure.of(target)}
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
    found |= {"actual": Figure.of(actual.quantize(places, ROUND_HALF_UP)), "source": source}
    return found | _by_sex(spec, found, dice)


def _by_sex(spec: Mapping[str, Any], found: Mapping[str, Figure], dice: Dice) -> dict[str, Figure]:
    """Women and men among those who are counted, where an indicator counts officials or staff."""
    if "people" not in spec:
        return {}
    counted = found.get("numerator", found["actual"]).value or Decimal(0)
    women = (counted * dice.between("women", *spec["people"]) / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return {"women": Figure.of(women), "men": Figure.of(counted - women)}
