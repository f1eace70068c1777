"""The content of a round's report: all that is printed, self-contained, without clock time.

The same data gives the same canonical bytes on every database: order comes from the plan, amounts are text, days are
dates in the project's time zone. Only confirmed versions are read; of a restricted one only what is counted.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ministries.content_evidence import for_outside_readers
from ministries.content_parts import fields_in, in_all_languages
from ministries.enums import Disclosure, FigureState, Rating, State
from ministries.figures import decimal_text
from ministries.models import BodyName, ConfirmedFigure, Round, Submission
from ministries.translations import Translations, attach
from nap_monitor.lib.canonical import canonical_bytes, sha256
from objectives.models import ActionPlan
from objectives.models.item import PlanItem
from reports.selectors import counts
from reports.selectors.basis import basis_of

#: Raise this when the shape changes; a kept content must still be printed as it was. Since 2, money that is passed on
#: from body to body is told apart, and texts have translations. Since 3, lines are numbered, and there is the
#: coordinator's prose.
SCHEMA = 3

Content = dict[str, Any]
#: By version and by the key of the figure.
Money = dict[uuid.UUID | None, dict[str, ConfirmedFigure]]

#: What a version holds about people; a report says what a body did, not who typed it.
PERSONAL = ("focal_point", "approver")
MONEY = {"budget.total": "budget", "budget.executed": "executed", "budget.gender_responsive": "gender_responsive"}
#: The sums without what another body passes on; only where there is any.
OWN = {
    "budget.own_total": "budget",
    "budget.own_executed": "executed",
    "budget.own_gender_responsive": "gender_responsive",
    "budget.passed_on": "passed_on",
}
#: How often the round is read again where somebody confirms meanwhile.
ATTEMPTS = 3


def summary_content(round: Round) -> Content:
    """The content of ``round``'s report, schema 2. Takes the same number of queries for any number of submissions."""
    submissions, money = _consistent(round)
    names = {
        submission.assignment.body: submission.assignment.body.named_on(dt.date(round.year, 12, 31))
        for submission in submissions
    }
    bodies = sorted(names, key=lambda body: (body.order, body.code))
    lead = next((body.code for body in bodies if body.is_lead), "")
    entries: dict[str, list[Content]] = {}
    for submission in submissions:
        code = submission.assignment.action_plan.code
        entries.setdefault(code, []).append(_entry(submission, round, money.get(submission.confirmed_version_id, {})))
    action_plans = list(_action_plans(round))
    areas = _tree(action_plans, entries)
    _number(areas, [body.code for body in bodies])
    figures = _figures(areas, [body.code for body in bodies])
    for entry in (entry for rows in entries.values() for entry in rows if entry["restricted"]):
        entry["money"] = None  # counted above, and not told
    return {
        **head_of(round, kind="annual-report", schema=SCHEMA),
        "lead": lead,
        "basis": basis_of(round.plan.number, lead),
        "scale": _scale(),
        "bodies": [body_of(body.code, names[body]) for body in bodies],
        "areas": areas,
        "figures": figures,
        "mends": list(_mends(action_plans)),
    }


def head_of(round: Round, *, kind: str, schema: int) -> Content:
    """What is reported on, and when."""
    return {
        "schema": schema,
        "kind": kind,
        "is_sample": round.is_sample or settings.SAMPLE_INSTALLATION,
        "plan": {
            "number": round.plan.number,
            "title": dict(round.plan.title),
            "start_year": round.plan.start_year,
            "end_year": round.plan.end_year,
            "unofficial_languages": sorted(round.plan.unofficial_languages),
        },
        "year": round.year,
        "round": {
            "opening_date": round.opening_date.isoformat(),
            "due_date": round.due_date.isoformat(),
            "closing_date": round.closing_date.isoformat(),
        },
    }


def snapshot(content: Content) -> tuple[bytes, str]:
    """``content`` as canonical bytes, and their SHA-256."""
    data = canonical_bytes(content)
    return data, sha256(data)


def action_plans(content: Content) -> Iterator[Content]:
    """Each action plan of a content, in the plan's order."""
    for area in content["areas"]:
        for objective in area["objectives"]:
            for strategy in objective["strategies"]:
                yield from strategy["action_plans"]


def leaves(content: Content) -> Iterator[tuple[Content, Content]]:
    """Each action plan with each entry, in the plan's order."""
    for action_plan in action_plans(content):
        for entry in action_plan["entries"]:
            yield action_plan, entry


def _submissions(round: Round) -> Any:
    return (
        Submission.objects.filter(round=round)
        .select_related("assignment__body", "assignment__action_plan", "confirmed_version")
        .prefetch_related("assignment__body__names", "translations__author")
        .order_by("assignment__action_plan__order", "assignment__order", "assignment__body__code")
    )


def _action_plans(round: Round) -> Any:
    return (
        ActionPlan.objects.filter(plan=round.plan)
        .select_related("strategy__objective__area")
        .order_by("strategy__objective__area__order", "strategy__objective__order", "strategy__order", "order", "code")
    )


def _consistent(round: Round) -> tuple[list[Submission], Money]:
    """The submissions, and the sums of their confirmed versions by version.

    A confirmation may come between the two readings: then a version lacks its sums, and both are read again.
    """
    for _attempt in range(ATTEMPTS):
        submissions = list(_submissions(round))
        money: Money = {}
        for figure in ConfirmedFigure.objects.filter(round=round, key__in=(*MONEY, *OWN)):
            money.setdefault(figure.version_id, {})[figure.key] = figure
        if all(submission.confirmed_version_id in money for submission in submissions if submission.confirmed_version):
            break
    return submissions, money


def body_of(code: str, name: BodyName) -> Content:
    """A body with the name that it has in the content."""
    short = {**name.name, **{language: text for language, text in name.short_name.items() if text}}
    return {"code": code, "name": dict(name.name), "short_name": short, "name_to_confirm": name.day_to_confirm}


def _scale() -> list[Content]:
    """Everything that an assignment can be counted as, with its label. 'Not started' counts with 'rethink'."""
    labels = {
        **{str(rating.value): rating.label for rating in Rating},
        counts.UNDER_REVIEW: _("Under review"),
        counts.NO_REPORT: _("No report"),
    }
    return [{"code": code, "label": in_all_languages(labels[code])} for code in counts.COUNTED]


def _entry(submission: Submission, round: Round, money: dict[str, ConfirmedFigure]) -> Content:
    """What one body reports on one action plan. Text comes from the confirmed version alone."""
    version = submission.confirmed_version
    entry: Content = {
        "body": submission.assignment.body.code,
        **status_of(submission, round),
        "restricted": False,
        "rating": "",
        "version": None,
        "money": None,
        "sections": [],
    }
    if version is None:
        return entry
    content = version.read()
    # As in the rules of who may read: restricted when it was confirmed, or since.
    restricted = version.is_restricted or submission.disclosure == Disclosure.RESTRICTED
    return {
        **entry,
        "restricted": restricted,
        "rating": fields_in(content["sections"])["coordinator_rating"]["value"],
        "version": {"number": version.number, "sha256": version.sha256},
        "money": amounts(money),
        "sections": [] if restricted else list(_printable(submission, content["sections"])),
    }


def status_of(submission: Submission, round: Round) -> Content:
    """How far a submission is and how it came, without its content: what an assignment is counted by."""
    first = submission.first_submitted_at
    submitted_on = timezone.localtime(first).date() if first else None
    confirmed = submission.confirmed_version_id is not None
    status = counts.NO_REPORT if submission.submitted_version_id is None else counts.UNDER_REVIEW
    return {
        "status": counts.CONFIRMED if confirmed else status,
        # Submitted, never confirmed, and now back with the body for completion.
        "returned": not confirmed and first is not None and submission.state != State.SUBMITTED,
        "late": submitted_on is not None and submitted_on > round.due_date,
        "first_submitted_on": submitted_on.isoformat() if submitted_on else "",
        "extended_until": submission.extended_until.isoformat() if submission.extended_until else "",
        "under_revision": submission.is_under_revision,
    }


def _number(areas: list[Content], bodies: list[str]) -> None:
    """Number the entries as the annex lists them: body by body, each in the plan's order, from 1."""
    order = {code: place for place, code in enumerate(bodies)}
    entries = [entry for area in areas for entry in entries_below(area)]
    for line, entry in enumerate(sorted(entries, key=lambda entry: order[entry["body"]]), start=1):
        entry["line"] = line


def _printable(submission: Submission, sections: list[Content]) -> Iterator[Content]:
    """What a report may hold of a version: without people, closed files and points to check; with what was translated
    since it was confirmed, where that is a translation of its very words."""
    attach(sections, Translations(submission.translations.all()))
    for section in for_outside_readers(sections):
        if section["key"] == "warnings":
            continue
        if "fields" in section:
            yield {**section, "fields": [_nameless(each) for each in section["fields"] if each["key"] not in PERSONAL]}
        else:
            rows = [{**row, "fields": [_nameless(each) for each in row["fields"]]} for row in section["rows"]]
            yield {**section, "rows": rows}


def _nameless(field: Content) -> Content:
    """A field without the translators."""
    if "translations" not in field:
        return field
    translations = {
        language: {key: value for key, value in each.items() if key != "author"}
        for language, each in field["translations"].items()
    }
    return {**field, "translations": translations}


def amounts(money: dict[str, ConfirmedFigure]) -> Content:
    """Budget, executed and gender-responsive budget as text or nothing; ``state`` says why there is no budget.

    ``own`` has them without what another body passes on, and that amount; nothing where nothing is passed on.
    """

    def texts(keys: Mapping[str, str]) -> Content:
        values = {name: money[key].figure_value if key in money else None for key, name in keys.items()}
        return {name: None if value is None else decimal_text(value) for name, value in values.items()}

    total = money.get("budget.total")
    return {
        **texts(MONEY),
        "state": str(total.figure_state if total else FigureState.NOT_KNOWN),
        "own": texts(OWN) if "budget.passed_on" in money else None,
    }


def _tree(action_plans: list[ActionPlan], entries: dict[str, list[Content]]) -> list[Content]:
    """Areas → objectives → strategies → action plans → entries."""
    areas: list[Content] = []
    for action_plan in action_plans:
        strategy = action_plan.strategy
        objectives = _branch(areas, strategy.objective.area, "objectives")
        strategies = _branch(objectives, strategy.objective, "strategies")
        leaves = _branch(strategies, strategy, "action_plans")
        leaves.append({**_item(action_plan), "entries": entries.get(action_plan.code, [])})
    return areas


def _branch(level: list[Content], item: PlanItem, below: str) -> list[Content]:
    """The list below ``item`` in ``level``; the item is added where it is not the last one there."""
    if not level or level[-1]["code"] != item.code:
        level.append({**_item(item), below: []})
    found: list[Content] = level[-1][below]
    return found


def _item(item: PlanItem) -> Content:
    return {"code": item.code, "title": dict(item.title)}


def entries_below(node: Content) -> Iterator[Content]:
    """All entries below an item of the tree."""
    if "entries" in node:
        yield from node["entries"]
    for below in ("objectives", "strategies", "action_plans"):
        for child in node.get(below, ()):
            yield from entries_below(child)


def _figures(areas: list[Content], bodies: list[str]) -> Content:
    """Ratings, completeness and budget: of all, by area, by objective and by body."""
    everything = [entry for area in areas for entry in entries_below(area)]
    by_body = {code: [entry for entry in everything if entry["body"] == code] for code in bodies}
    objectives = [(area, objective) for area in areas for objective in area["objectives"]]
    return {
        "all": {**counts.ratings(everything), "completeness": counts.completeness(everything)},
        "by_area": [{"area": area["code"], **counts.ratings(entries_below(area))} for area in areas],
        "by_objective": [
            {"area": area["code"], "objective": objective["code"], **counts.ratings(entries_below(objective))}
            for area, objective in objectives
        ],
        "by_body": [
            {"body": code, **counts.ratings(rows), "completeness": counts.completeness(rows)}
            for code, rows in by_body.items()
        ],
        "budget": {
            "unit": in_all_languages(_("million won")),
            "all": counts.budget(everything, of_all_bodies=True),
            "by_body": [{"body": code, **counts.budget(rows)} for code, rows in by_body.items()],
        },
    }


def _mends(action_plans: list[ActionPlan]) -> Iterator[Content]:
    """Every item of the plan whose text was mended, in the plan's order."""
    seen = set()
    for action_plan in action_plans:
        strategy = action_plan.strategy
        levels = (
            ("area", strategy.objective.area),
            ("objective", strategy.objective),
            ("strategy", strategy),
            ("action-plan", action_plan),
        )
        for level, item in levels:
            if (level, item.pk) not in seen and item.is_mended:
                yield {"level": level, **_item(item), "source_text": item.source_text, "note": item.mend_note}
            seen.add((level, item.pk))
