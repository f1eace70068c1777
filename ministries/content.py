"""The content of a version: sections of fields with labels and names inside, so that it can be read alone."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ministries import fields
from ministries.enums import Account, Disclosure, FigureState, Rating
from ministries.figures import Figure, decimal_text
from ministries.models import BudgetLine, Indicator, IndicatorResult, Submission
from objectives.models.item import PlanItem

#: Raise this when the shape below changes; readers of older versions must still be able to show them.
#: Fields are found by their key, whatever section a schema had them in (:func:`fields_in`).
SCHEMA = 2

Content = dict[str, Any]


def in_all_languages(text: str | Promise) -> dict[str, str]:
    """An interface text in every language of the interface."""
    languages = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            languages[code] = str(text)
    return languages


def content_of(
    submission: Submission, *, document_number: str = "", document_date: str = "", with_review: bool = False
) -> Content:
    """What the submission says now, as content of schema 2. ``with_review`` adds the coordinator's rating."""
    action_plan = submission.assignment.action_plan
    strategy = action_plan.strategy
    year = submission.round.year
    body_name = submission.assignment.body.named_on(dt.date(year, 12, 31))
    sections = [
        _handling(submission, document_number, document_date),
        _section(submission, "plan"),
        _section(submission, "results"),
        {**_head("indicators"), "rows": [_indicator_row(indicator, result) for indicator, result in pairs(submission)]},
        {**_head("budget"), "rows": [_budget_row(number, line) for number, line in _numbered_lines(submission)]},
        {**_head("budget_summary"), "fields": [_flag(submission)]},
        _section(submission, "assessment"),
        _section(submission, "next"),
        _section(submission, "consultation"),
        _section(submission, "recommendations"),
        _section(submission, "links"),
    ]
    if with_review:
        sections.append(review_section(submission))
    return {
        "schema": SCHEMA,
        "plan": {"number": action_plan.plan.number, "title": dict(action_plan.plan.title)},
        "year": year,
        "body": {
            "code": submission.assignment.body.code,
            "name": dict(body_name.name),
            "short_name": dict(body_name.short_name),
        },
        "area": _item(strategy.objective.area),
        "objective": _item(strategy.objective),
        "strategy": _item(strategy),
        "action_plan": _item(action_plan),
        "sections": sections,
    }


def fields_in(sections: Iterable[Content]) -> dict[str, Content]:
    """The fields of a version's sections by their key; rows of tables are not among them."""
    return {field["key"]: field for section in sections for field in section.get("fields", ())}


def rows_in(sections: Iterable[Content], key: str) -> list[Content]:
    """The rows of a table of a version; none where its schema did not have the table."""
    return next((section["rows"] for section in sections if section["key"] == key and "rows" in section), [])


def pairs(submission: Submission) -> list[tuple[Indicator, IndicatorResult | None]]:
    """The indicators that this submission reports on, each with its result where one was saved."""
    results = {result.indicator_id: result for result in submission.indicator_results.all()}
    return [
        (indicator, results.get(indicator.pk))
        for indicator in submission.assignment.action_plan.indicators.all()
        if indicator.assignment_id in (None, submission.assignment_id)
    ]


def _item(item: PlanItem) -> Content:
    return {"code": item.code, "title": dict(item.title)}


def _head(key: str) -> Content:
    return {"key": key, "label": in_all_languages(fields.SECTIONS[key])}


def _field(key: str, label: str | Promise, kind: str, value: str, **more: Any) -> Content:
    return {
        "key": key,
        "label": in_all_languages(label),
        "kind": kind,
        "unit": more.pop("unit", ""),
        "state": FigureState.VALUE.value if value else FigureState.EMPTY.value,
        "value": value or None,
        **more,
    }


def _choice(key: str, label: str | Promise, value: str, choices: Any) -> Content:
    text = in_all_languages(choices(value).label) if value else {}
    return _field(key, label, "choice", value, text=text)


def _figure(key: str, label: str | Promise, figure: Figure, unit: Any) -> Content:
    value = decimal_text(figure.value) if figure.value is not None else None
    return {
        "key": key,
        "label": in_all_languages(label),
        "kind": "figure",
        "unit": unit,
        "state": str(figure.state),
        "value": value,
    }


def _handling(submission: Submission, document_number: str, document_date: str) -> Content:
    author, approver = submission.written_by, submission.signed_off_by
    return {
        **_head("handling"),
        "fields": [
            _field("department", fields.BY_NAME["department"].label, "text", submission.department),
            _field("focal_point", _("Focal point"), "text", str(author) if author else ""),
            _field("approver", _("Approver"), "text", str(approver) if approver else ""),
            _field("document_number", _("Document number"), "text", document_number),
            _field("document_date", _("Document date"), "date", document_date),
            _choice("disclosure", fields.BY_NAME["disclosure"].label, submission.disclosure, Disclosure),
            _field(
                "disclosure_ground", fields.BY_NAME["disclosure_ground"].label, "text", submission.disclosure_ground
            ),
        ],
    }


def _section(submission: Submission, section: str) -> Content:
    rows = []
    for field in fields.in_section(section):
        value = getattr(submission, field.name)
        if field.name == "self_rating":
            rows.append(_choice(field.name, field.label, value, Rating))
        else:
            rows.append(_field(field.name, field.label, "text", value))
    return {**_head(section), "fields": rows}


def _flag(submission: Submission) -> Content:
    field = fields.BY_NAME["no_budget_needed"]
    return _yes_no(field.name, field.label, submission.no_budget_needed)


def _yes_no(key: str, label: str | Promise, answer: bool) -> Content:
    return _field(key, label, "flag", "yes" if answer else "no")


def review_section(submission: Submission) -> Content:
    """The coordinator's rating, as the section that a confirmed version has beyond the submitted one."""
    return {
        **_head("review"),
        "fields": [
            _choice("coordinator_rating", _("Coordinator's rating"), submission.coordinator_rating, Rating),
            _field("coordinator_reason", _("Reason of the rating"), "text", submission.coordinator_reason),
        ],
    }


def _indicator_row(indicator: Indicator, result: IndicatorResult | None) -> Content:
    unit = dict(indicator.unit)
    result = result or IndicatorResult()
    labels = {f.name: f.verbose_name for f in IndicatorResult._meta.get_fields() if hasattr(f, "verbose_name")}
    figures = [_figure("baseline", Indicator._meta.get_field("baseline_value").verbose_name, indicator.baseline, unit)]
    for name in ("target", "actual", "numerator", "denominator"):
        of_name = unit if name in ("target", "actual") else ""
        figures.append(_figure(name, labels[f"{name}_value"], getattr(result, name), of_name))
    return {
        "key": indicator.code,
        "label": dict(indicator.name),
        "fields": [
            *figures,
            _field("source", labels["source"], "text", result.source or indicator.source),
            _field("reason", labels["reason"], "text", result.reason),
        ],
    }


def _numbered_lines(submission: Submission) -> list[tuple[int, BudgetLine]]:
    return list(enumerate(submission.budget_lines.all(), start=1))


def _budget_row(number: int, line: BudgetLine) -> Content:
    unit = in_all_languages(_("million won"))
    return {
        "key": str(number),
        "label": {},
        "fields": [
            _choice("account", _("Account"), line.account, Account),
            _field("programme", _("Programme"), "text", line.programme),
            _figure("budget", _("Budget"), line.budget, unit),
            _figure("executed", _("Executed"), line.executed, unit),
            _yes_no("gender_responsive", _("Gender-responsive budget"), line.gender_responsive),
        ],
    }
