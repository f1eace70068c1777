"""The content of a version: sections of fields with labels and names inside, so that it can be read alone."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from ministries import content_tables as tables
from ministries import fields
from ministries.content_evidence import evidence
from ministries.content_parts import Content, choice, field, head, in_all_languages, localized, row, text
from ministries.enums import Disclosure, Rating
from ministries.models import Submission
from ministries.translations import Translations, attach, row_ids
from ministries.warnings import warnings
from objectives.models.item import PlanItem

#: Raise this when the shape below changes; readers of older versions must still be able to show them.
#: Fields are found by their key, whatever section a schema had them in (:func:`ministries.content_parts.fields_in`).
SCHEMA = 2


def content_of(
    submission: Submission, *, document_number: str = "", document_date: str = "", with_review: bool = False
) -> Content:
    """What the submission says now, as content of schema 2. ``with_review`` adds the coordinator's rating."""
    action_plan = submission.assignment.action_plan
    strategy = action_plan.strategy
    year = submission.round.year
    body_name = submission.assignment.body.named_on(dt.date(year, 12, 31))
    rows = tables.Rows.of(submission)
    sections = [
        _handling(submission, document_number, document_date),
        _section(submission, "plan"),
        _section(submission, "results"),
        *tables.activities(rows.activities),
        tables.indicators(rows.pairs, year),
        *tables.budget(submission, rows.lines),
        *(_section(submission, key) for key in ("assessment", "next", "consultation", "recommendations", "links")),
        evidence(submission),
        *tables.body_fields(submission),
    ]
    sections = [each for each in (*sections, _warnings(submission, rows)) if each]
    attach(sections, Translations.of(submission), row_ids(rows.activities, rows.lines))
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


def _item(item: PlanItem) -> Content:
    return {"code": item.code, "title": dict(item.title)}


def _handling(submission: Submission, document_number: str, document_date: str) -> Content:
    author, approver = submission.written_by, submission.signed_off_by
    ground = fields.BY_NAME["disclosure_ground"]
    return {
        **head("handling"),
        "fields": [
            text("department", fields.BY_NAME["department"].label, submission.department),
            text("focal_point", _("Focal point"), str(author) if author else ""),
            text("approver", _("Approver"), str(approver) if approver else ""),
            text("document_number", _("Document number"), document_number),
            field("document_date", _("Document date"), "date", document_date),
            choice("disclosure", fields.BY_NAME["disclosure"].label, submission.disclosure, Disclosure),
            text(ground.name, ground.label, submission.disclosure_ground),
        ],
    }


def _section(submission: Submission, section: str) -> Content:
    rows = []
    for each in fields.in_section(section):
        value = getattr(submission, each.name)
        if each.name == "self_rating":
            rows.append(choice(each.name, each.label, value, Rating))
        else:
            rows.append(text(each.name, each.label, value))
    return {**head(section), "fields": rows}


def _warnings(submission: Submission, rows: tables.Rows) -> Content | None:
    """What holds against the figures, each with the body's remark where it gave one; nothing where nothing holds."""
    found = warnings(submission, rows)
    if not found:
        return None
    remarks = {each.key: each.text for each in submission.warning_remarks.all()}
    points = [
        row(
            ".".join(part for part in (each.kind, each.place, each.column) if part),
            [
                localized("warning", _("Point to check"), in_all_languages(each.message), each.kind),
                text("remark", _("Remark"), remarks.get(each.key, "")),
            ],
            each.labels(),
        )
        for each in found
    ]
    return {**head("warnings"), "rows": points}


def review_section(submission: Submission) -> Content:
    """The coordinator's rating, as the section that a confirmed version has beyond the submitted one."""
    return {
        **head("review"),
        "fields": [
            choice("coordinator_rating", _("Coordinator's rating"), submission.coordinator_rating, Rating),
            text("coordinator_reason", _("Reason of the rating"), submission.coordinator_reason),
        ],
    }
