"""The oldest versions are shown in full and compared, after all that they speak of was renamed and removed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from ministries.enums import Role
from ministries.models import (
    Activity,
    BodyField,
    BodyName,
    BudgetLine,
    EvidenceFile,
    Indicator,
    IndicatorResult,
    Submission,
    SubmissionVersion,
)
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.canonical import canonical_bytes, sha256
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from tests.evidence import attach
from tests.factories import BodyFieldFactory, IndicatorFactory, SubmissionFactory, fill_in, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

OLDEST: dict[str, Any] = json.loads((Path(__file__).parent / "version_schema_1.json").read_text(encoding="utf-8"))
RENAMED = "바뀐 것"
#: What is called something else in the end, and by which fields.
NAMES: dict[type[models.Model], tuple[str, ...]] = {
    **dict.fromkeys((Plan, Area, Objective, Strategy, ActionPlan), ("title",)),
    BodyName: ("name", "short_name"),
    Indicator: ("name", "unit"),
    BodyField: ("label",),
    User: ("name",),
    Activity: ("title", "place"),
    BudgetLine: ("programme",),
    IndicatorResult: ("source",),
    EvidenceFile: ("name", "description"),
}
#: A body without any name is none. What is only added to is held by a trigger, which the harness lifts for itself.
#: Of all else every row is tried.
KEPT = {BodyName, SubmissionVersion, Event}


def rename() -> None:
    for model, names in NAMES.items():
        rows = model._base_manager.all()
        assert rows.exists(), model
        for name in names:
            is_localized = isinstance(model._meta.get_field(name), models.JSONField)
            rows.update(**{name: {"ko": RENAMED} if is_localized else RENAMED})


def remove_all_that_can_be() -> set[str]:
    """Remove each row that the database lets one remove, and what stood in its way afterwards; the models removed."""
    gone: set[str] = set()
    before = -1
    while len(gone) != before:
        before = len(gone)
        for model in apps.get_models():
            if model in KEPT or model._meta.app_label not in ("ministries", "objectives", "accounts", "audit"):
                continue
            for row in model._base_manager.all():
                try:
                    with transaction.atomic():
                        row.delete()
                    gone.add(f"{model._meta.label} {row.pk}")
                except (DatabaseError, models.ProtectedError, models.RestrictedError):
                    pass
    return {each.split()[0] for each in gone}


@pytest.fixture
def submission(body, coordinator) -> Submission:
    """A version of schema 1, one of today's with a row of each kind, and a third with nothing of it under new names."""
    writer, approver = person(Role.FOCAL_POINT, body, name="김담당"), person(Role.APPROVER, body, name="박승인")
    submission = SubmissionFactory(body=body)
    action_plan = submission.assignment.action_plan
    first = canonical_bytes(OLDEST)
    SubmissionVersion.objects.create(
        submission=submission, number=1, kind="submit", schema=1, content=first, sha256=sha256(first)
    )
    BodyFieldFactory(body=body, key="own", label={"ko": "자체 항목"}).values.create(submission=submission, text="답변")
    Activity.objects.create(submission=submission, order=1, title="평화 교육", place="서울")
    BudgetLine.objects.create(submission=submission, order=1, programme="교육 사업")
    indicator = IndicatorFactory(action_plan=action_plan, name={"ko": "교육 인원"})
    IndicatorResult.objects.create(submission=submission, indicator=indicator, source="자체 통계")
    attach(submission, writer, "결과보고서.pdf", description="결과 요약")
    fill_in(submission, writer, department="정책과", results="교육을 네 차례 실시하였습니다.")
    send(submission, writer, approver)
    transitions.return_submission(submission=submission, by=coordinator, reason="보완")
    rename()
    remove_all_that_can_be()
    writer, approver = person(Role.FOCAL_POINT, body, name="새 사람"), person(Role.APPROVER, body, name="새 사람")
    submission = Submission.objects.get(pk=submission.pk)
    fill_in(submission, writer, department="새 과", results="교육을 다섯 차례 실시하였습니다.")
    send(submission, writer, approver)
    return submission


def send(submission: Submission, writer: User, approver: User) -> None:
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=submission, by=writer)
    submission.refresh_from_db()


@pytest.fixture
def reader(submission, body, signed_in) -> Client:
    """Somebody who came to the body after all that."""
    return signed_in(person(Role.FOCAL_POINT, body))


def main_of(answer: HttpResponse) -> str:
    """What stands in the page's own part, without the frame, which says what body and person are called now."""
    html = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(strip_tags(html.replace("<", " <")).replace("&lt;", "<").replace("&gt;", ">").split())


def texts(content: Any) -> Iterator[str]:
    """All that a version says in words: labels, names, texts."""
    if isinstance(content, list):
        for each in content:
            yield from texts(each)
    elif isinstance(content, dict):
        is_text = content.get("kind") == "text" and content["key"] != "sha256"
        yield from [content["value"]] if is_text and content["value"] else []
        for key, each in content.items():
            named = key in ("label", "title", "name", "text") and isinstance(each, dict)
            yield from [each["ko"]] if named and each.get("ko") else [] if named else texts(each)


def test_nearly_everything_around_was_renamed_or_removed(submission) -> None:
    assert not Indicator.objects.exists()
    assert not EvidenceFile.objects.exists()
    assert not BodyField.objects.exists()
    assert not Activity.objects.exists()
    assert not User.objects.filter(name__in=["김담당", "박승인"]).exists()
    assert str(submission.assignment.action_plan.title) == RENAMED


@pytest.mark.parametrize("number", [1, 2])
def test_the_oldest_versions_are_shown_in_full_in_the_words_of_their_time(number, submission, reader) -> None:
    version = submission.versions.get(number=number)
    shown = main_of(reader.get(version.get_absolute_url()))
    said = {" ".join(each.split()) for each in texts(version.read())}
    # A short name stands in lists, a kind of file behind the file, the labels of evidence nowhere: its rows are a list.
    quiet = {version.read()["body"]["short_name"]["ko"]}
    quiet |= {
        label
        for section in version.sections
        if section["key"] == "evidence"
        for row in section["rows"]
        for label in (each["label"]["ko"] for each in row["fields"])
    }
    missing = {each for each in said - quiet if each.replace("&", "&amp;") not in shown and each not in shown}
    assert missing == set()
    assert RENAMED not in shown
    assert {"김담당", "박승인"} <= said if number == 1 else {"김담당", "평화 교육", "결과보고서.pdf"} <= said


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("to", ["3", "now"])
def test_they_are_compared_with_the_newest(number, to, submission, reader) -> None:
    address = re.sub(r"\d+/$", "compare/", submission.versions.get(number=1).get_absolute_url())
    answer = reader.get(f"{address}?from={number}&to={to}&show=all")
    assert answer.status_code == 200
    sections = {section.key: section for section in answer.context["comparison"].sections}
    changes = {each.key: each.change for section in sections.values() for each in section.fields}
    assert (changes["results"], changes["department"]) == ("changed", "changed")
    assert {changes[key] for key in ("plan", "action_plan", "body")} == {"changed"}
    assert {row.change for row in sections["indicators"].rows} == {"removed"}
    assert {row.change for row in sections["budget"].rows} == {"removed"}
    shown = main_of(answer)
    assert RENAMED in shown
    assert ("평화 교육" if number == 2 else "국제 회의") in shown
