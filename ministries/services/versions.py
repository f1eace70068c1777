"""Writing versions of submissions, and the figures of confirmed ones."""

import datetime as dt
from typing import Any

from ministries import computed
from ministries.content import content_of, review_section
from ministries.content_evidence import files_named_in
from ministries.content_parts import Content, fields_in, figure_of, rows_in
from ministries.enums import Disclosure, VersionKind
from ministries.figures import Figure
from ministries.models import ConfirmedFigure, Submission, SubmissionVersion
from ministries.services.evidence import name_in_version
from ministries.translations import Translations, attach, row_ids
from nap_monitor.lib.canonical import canonical_bytes, sha256

FIRST_WITH_TRANSLATIONS = 2
#: The tables whose figures are kept as rows, and how their keys begin.
TABLES = {"activities": "activity", "indicators": "indicator", "budget": "budget"}


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
    translations = Translations.of(submission)
    if translations and content["schema"] >= FIRST_WITH_TRANSLATIONS:
        # Some may have come while it was under review. Nobody has changed a text since it was submitted.
        attach(content["sections"], translations, row_ids(submission.activities.all(), submission.budget_lines.all()))
    content["sections"].append(review_section(submission))
    version = _write(submission, VersionKind.CONFIRM, content, submitted.document_number, submitted.document_date)
    _write_figures(submission, version, content["sections"])
    return version


def _write(
    submission: Submission, kind: VersionKind, content: Content, document_number: str, document_date: dt.date | None
) -> SubmissionVersion:
    data = canonical_bytes(content)
    version = SubmissionVersion.objects.create(
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
    name_in_version(version=version, files=files_named_in(content["sections"]))
    return version


def _write_figures(submission: Submission, version: SubmissionVersion, sections: list[Content]) -> None:
    ConfirmedFigure.objects.filter(round=submission.round_id, assignment=submission.assignment_id).delete()
    rows = []
    for key, figure, unit in figures_in(sections):
        row = ConfirmedFigure(
            round=submission.round, assignment=submission.assignment, version=version, key=key, unit=unit
        )
        row.figure = figure
        rows.append(row)
    ConfirmedFigure.objects.bulk_create(rows)


def figures_in(sections: list[dict[str, Any]]) -> list[tuple[str, Figure, str]]:
    """The figures of a version's content: key, figure, unit. Money is summed by programme, in million won.

    Keys: ``activity.<number>.<field>``, ``indicator.<code>.<field>``, ``budget.<number>.<field>``; the sums
    ``activities.count``, ``activities.<women|men|participants>_total`` and ``budget.<sum>``, with the sums of
    :func:`ministries.computed.budget_sums`; ``own.<key>`` for numbers of the body's own fields. Contributions are in
    many currencies and never summed.
    """
    found = [
        (f"{name}.{row['key']}.{field['key']}", figure_of(field), _unit(field))
        for table, name in TABLES.items()
        for row in rows_in(sections, table)
        for field in row["fields"]
        if field["kind"] == "figure"
    ]
    found += [
        (f"activities.{field['key'].removeprefix('activities_')}", figure_of(field), _unit(field))
        for section in sections
        if section["key"] == "activities_summary"
        for field in section["fields"]
    ]
    found += [
        (field["key"], figure_of(field), _unit(field))
        for key, field in fields_in(sections).items()
        if key.startswith("own.") and field["kind"] == "figure"
    ]
    sums = computed.budget_sums(
        (_money(row) for row in rows_in(sections, "budget")),
        no_budget_needed=fields_in(sections)["no_budget_needed"]["value"] == "yes",
    )
    return [*found, *((f"budget.{name}", figure, "million won") for name, figure in sums.items())]


def _money(row: dict[str, Any]) -> computed.Money:
    fields = {field["key"]: field for field in row["fields"]}
    return computed.Money(
        budget=figure_of(fields["budget"]),
        executed=figure_of(fields["executed"]),
        gender_responsive=fields["gender_responsive"]["value"] == "yes",
        # Schema 1 knew no money that is passed on.
        is_passed_on="passed_on_from" in fields and fields["passed_on_from"]["value"] is not None,
    )


def _unit(field: dict[str, Any]) -> str:
    unit = field["unit"]
    return (unit.get("en") or next(iter(unit.values()), ""))[:40] if isinstance(unit, dict) else unit
