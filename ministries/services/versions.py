"""Writing versions of submissions, and the figures of confirmed ones."""

import datetime as dt
from decimal import Decimal
from typing import Any

from ministries.content import Content, content_of, fields_in, review_section, rows_in
from ministries.enums import Disclosure, FigureState, VersionKind
from ministries.figures import Figure, decimal_text
from ministries.models import ConfirmedFigure, Submission, SubmissionVersion
from nap_monitor.lib.canonical import canonical_bytes, sha256


def write_submitted(
    submission: Submission, *, document_number: str, document_date: dt.date | None
) -> SubmissionVersion:
    """The version of a submit: what the submission says now."""
    content = content_of(
        submission,
        document_number=document_number,
        document_date=document_date.isoformat() if document_date else "",
    )
    return _write(submission, VersionKind.SUBMIT, content, document_number, document_date)


def write_confirmed(submission: Submission) -> SubmissionVersion:
    """The version of a confirm: what was submitted, word for word, with the coordinator's rating; and its figures."""
    submitted = submission.submitted_version
    if submitted is None:
        raise ValueError("Only what was submitted can be confirmed.")
    content = submitted.read()
    content["sections"].append(review_section(submission))
    version = _write(submission, VersionKind.CONFIRM, content, submitted.document_number, submitted.document_date)
    _write_figures(submission, version)
    return version


def _write(
    submission: Submission, kind: VersionKind, content: Content, document_number: str, document_date: dt.date | None
) -> SubmissionVersion:
    data = canonical_bytes(content)
    return SubmissionVersion.objects.create(
        submission=submission,
        number=submission.versions.count() + 1,
        kind=kind,
        # A confirmed version has the schema in which it was submitted, also after a newer one has come.
        schema=content["schema"],
        content=data,
        sha256=sha256(data),
        is_restricted=submission.disclosure == Disclosure.RESTRICTED,
        document_number=document_number,
        document_date=document_date,
    )


def _write_figures(submission: Submission, version: SubmissionVersion) -> None:
    ConfirmedFigure.objects.filter(round=submission.round_id, assignment=submission.assignment_id).delete()
    rows = []
    for key, figure, unit in figures_in(version.sections):
        row = ConfirmedFigure(
            round=submission.round, assignment=submission.assignment, version=version, key=key, unit=unit
        )
        row.figure = figure
        rows.append(row)
    ConfirmedFigure.objects.bulk_create(rows)


def figures_in(sections: list[dict[str, Any]]) -> list[tuple[str, Figure, str]]:
    """The figures of a version's content: key, figure, unit. Money is summed by programme, in million won.

    Keys: ``indicator.<code>.<field>``, ``budget.<number>.<budget|executed>``, and the sums ``budget.total``,
    ``budget.executed`` and ``budget.gender_responsive``. A sum is 'not applicable' where no budget is needed, and 'not
    known' where any amount in it is missing.
    """
    found = []
    for row in rows_in(sections, "indicators"):
        for field in _figure_fields(row):
            found.append((f"indicator.{row['key']}.{field['key']}", _figure(field), _unit(field)))
    lines = rows_in(sections, "budget")
    for row in lines:
        for field in _figure_fields(row):
            found.append((f"budget.{row['key']}.{field['key']}", _figure(field), _unit(field)))
    no_budget = fields_in(sections)["no_budget_needed"]["value"] == "yes"
    unit = "million won"
    responsive = [row for row in lines if _values(row)["gender_responsive"]["value"] == "yes"]
    found.append(("budget.total", _sum(lines, "budget", no_budget), unit))
    found.append(("budget.executed", _sum(lines, "executed", no_budget), unit))
    found.append(("budget.gender_responsive", _sum(responsive, "budget", no_budget), unit))
    return found


def _values(row: dict[str, Any]) -> dict[str, Any]:
    return {field["key"]: field for field in row["fields"]}


def _figure_fields(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [field for field in row["fields"] if field["kind"] == "figure"]


def _figure(field: dict[str, Any]) -> Figure:
    if field["state"] == FigureState.VALUE:
        return Figure.of(field["value"])
    return Figure(None, field["state"])


def _unit(field: dict[str, Any]) -> str:
    unit = field["unit"]
    return (unit.get("en") or next(iter(unit.values()), ""))[:40] if isinstance(unit, dict) else unit


def _sum(rows: list[dict[str, Any]], name: str, no_budget: bool) -> Figure:
    if not rows:
        return Figure(None, FigureState.NOT_APPLICABLE if no_budget else FigureState.NOT_KNOWN)
    fields = [_values(row)[name] for row in rows]
    amounts = [Decimal(field["value"]) for field in fields if field["state"] == FigureState.VALUE]
    counted = [field for field in fields if field["state"] != FigureState.NOT_APPLICABLE]
    if len(amounts) < len(counted):
        return Figure(None, FigureState.NOT_KNOWN)
    if not counted:
        return Figure(None, FigureState.NOT_APPLICABLE)
    return Figure.of(decimal_text(sum(amounts, Decimal())))
