"""Versions: what was submitted or confirmed stays word for word, and its figures are rows."""

import datetime as dt
import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from ministries.enums import FigureState, Role, State, VersionKind
from ministries.figures import LARGEST_AMOUNT, Figure
from ministries.models import BudgetLine, ConfirmedFigure, ImplementingBody, Submission, SubmissionVersion
from ministries.selectors.submissions import find_submission
from ministries.services import transitions
from ministries.services.rows import BUDGET
from ministries.services.submissions import Change, RowChange, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.canonical import canonical_bytes
from tests.factories import BodyNameFactory, IndicatorFactory, SubmissionFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def people(focal_point: User, approver: User, coordinator: User) -> dict[str, User]:
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


def reached(state: str, submission: Submission, people: dict[str, User], **more: Any) -> Submission:
    return submission_in(state, submission, **people, **more)


def again(submission: Submission, people: dict[str, User], **content: str) -> Submission:
    """Write over what is there, and submit again."""
    submission.refresh_from_db()
    fill_in(submission, people["by"], **content)
    transitions.sign_off(submission=submission, by=people["approver"])
    return transitions.submit(submission=submission, by=people["by"])


def add_line(submission: Submission, by: User, budget: Figure, executed: Figure, responsive: bool = False) -> None:
    changes = {
        "programme": Change("", "사업"),
        "budget": Change(Figure(), budget),
        "executed": Change(Figure(), executed),
        "gender_responsive": Change(False, responsive),
    }
    save_submission(submission=submission, by=by, changes={}, budget=[RowChange(None, changes)])


def text_in(version: SubmissionVersion, key: str) -> str:
    return next(
        field["value"] for section in version.sections for field in section.get("fields", []) if field["key"] == key
    )


def test_each_submit_and_each_confirm_writes_a_version(submission, people) -> None:
    reached("returned", submission, people)
    again(submission, people, results="두 번째 글")
    transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track")
    versions = list(submission.versions.order_by("number"))
    assert [(version.number, version.kind) for version in versions] == [
        (1, VersionKind.SUBMIT),
        (2, VersionKind.SUBMIT),
        (3, VersionKind.CONFIRM),
    ]
    assert text_in(versions[0], "results") != text_in(versions[1], "results") == "두 번째 글"
    assert text_in(versions[2], "results") == "두 번째 글"
    assert all(version.schema == version.read()["schema"] == 2 for version in versions)


@pytest.mark.parametrize("state", ["draft", "signed-off", "returned"])
def test_other_steps_write_none(state, submission, people) -> None:
    reached(state, submission, people)
    assert submission.versions.count() == (1 if state == "returned" else 0)


def test_the_hash_is_that_of_the_canonical_bytes(submission, people) -> None:
    version = reached("submitted", submission, people).submitted_version
    stored = bytes(SubmissionVersion.objects.get(pk=version.pk).content)
    assert version.sha256 == hashlib.sha256(stored).hexdigest()
    assert stored == canonical_bytes(json.loads(stored))


def test_the_same_content_submitted_twice_has_the_same_hash(submission, people) -> None:
    reached("returned", submission, people)
    again(submission, people)
    first, second = submission.versions.order_by("number")
    assert (first.sha256, bytes(first.content)) == (second.sha256, bytes(second.content))


def test_a_content_that_does_not_fit_its_hash_is_not_read(submission, people) -> None:
    version = reached("submitted", submission, people).submitted_version
    version.content = bytes(version.content).replace(b"2021", b"2022")
    with pytest.raises(ValueError, match="does not fit its hash"):
        version.read()


def test_a_confirmed_version_is_the_submitted_one_with_the_coordinators_rating(submission, people) -> None:
    reached("submitted", submission, people)
    transitions.confirm(submission=submission, by=people["coordinator"], rating="attention", reason="일정 지연")
    submission.refresh_from_db()
    submitted, confirmed = submission.submitted_version.read(), submission.confirmed_version.read()
    *common, review = confirmed["sections"]
    assert {**confirmed, "sections": common} == submitted
    assert (review["key"], [field["value"] for field in review["fields"]]) == ("review", ["attention", "일정 지연"])


def test_the_document_number_of_the_submit_stands_in_the_confirmed_version(submission, people) -> None:
    reached("signed-off", submission, people)
    day = dt.date(2022, 1, 30)
    transitions.submit(submission=submission, by=people["by"], document_number="정책과-12", document_date=day)
    transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track")
    submission.refresh_from_db()
    version = submission.confirmed_version
    assert (version.document_number, version.document_date) == ("정책과-12", day)
    assert text_in(version, "document_date") == "2022-01-30"


def test_a_version_is_read_alone_after_everything_around_it_was_renamed(submission, people, body) -> None:
    version = reached("confirmed", submission, people).confirmed_version
    before = version.read()
    body.names.update(name={"ko": "바뀐 이름"}, short_name={})
    action_plan = submission.assignment.action_plan
    type(action_plan).objects.update(title={"ko": "바뀐 과제"}, code="9.9.9")
    User.objects.update(name="바뀐 사람")
    with_new_names = SubmissionVersion.objects.get(pk=version.pk).read()
    assert with_new_names == before
    assert "바뀐" not in json.dumps(with_new_names, ensure_ascii=False)


def test_a_body_renamed_after_the_year_keeps_the_years_name_in_a_later_version(submission, people, body) -> None:
    first = reached("confirmed", submission, people).confirmed_version.read()["body"]
    BodyNameFactory(body=body, name={"ko": "성평등가족부"}, valid_from=dt.date(submission.round.year + 1, 1, 1))
    transitions.reopen(submission=submission, by=people["coordinator"], reason="정정")
    again(submission, people, results="고친 글")
    submission.refresh_from_db()
    assert submission.submitted_version.read()["body"] == first


# Reopening


def test_a_reopened_submission_keeps_its_confirmed_version_for_readers(submission, people, panel_member) -> None:
    confirmed = reached("confirmed", submission, people).confirmed_version
    transitions.reopen(submission=submission, by=people["coordinator"], reason="정정")
    again(submission, people, results="아직 확정되지 않은 글")
    seen = find_submission(panel_member, *submission.address)
    assert (seen.confirmed_version, seen.is_under_revision) == (confirmed, True)
    transitions.confirm(submission=submission, by=people["coordinator"], rating="completed")
    seen = find_submission(panel_member, *submission.address)
    assert text_in(seen.confirmed_version, "results") == "아직 확정되지 않은 글"
    assert not seen.is_under_revision
    assert confirmed in submission.versions.all()


@pytest.mark.parametrize(("disclosure", "hidden"), [("open", False), ("partly", False), ("restricted", True)])
def test_a_restricted_version_says_so(disclosure, hidden, submission, people) -> None:
    content = {"disclosure": disclosure, "disclosure_ground": "정보공개법 제9조"}
    reached("confirmed", submission, people, content=content)
    assert [version.is_restricted for version in submission.versions.all()] == [hidden, hidden]


# Figures as rows


def figures(submission: Submission) -> dict[str, tuple[Any, str]]:
    rows = ConfirmedFigure.objects.filter(round=submission.round, assignment=submission.assignment)
    assert all(row.version_id == submission.confirmed_version_id for row in rows)
    return {row.key: (row.figure.value, str(row.figure.state)) for row in rows}


VALUE, NOT_KNOWN, NOT_APPLICABLE = "value", "not-known", "not-applicable"
UNKNOWN, NOT_DUE = Figure(None, FigureState.NOT_KNOWN), Figure(None, FigureState.NOT_APPLICABLE)


def test_confirming_writes_each_figure_as_a_row(submission, people) -> None:
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan, code="1.1.1-1")
    save_submission(
        submission=submission,
        by=people["by"],
        changes={},
        indicators=[RowChange(indicator.pk, {"actual": Change(Figure(), Figure.of("12.5"))})],
    )
    add_line(submission, people["by"], Figure.of(100), Figure.of(40), responsive=True)
    add_line(submission, people["by"], Figure.of("0.5"), Figure.of(0))
    assert not ConfirmedFigure.objects.exists()
    reached("submitted", submission, people)
    assert not ConfirmedFigure.objects.exists()
    transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track")
    submission.refresh_from_db()
    assert figures(submission) == {
        "indicator.1.1.1-1.baseline": (None, ""),
        "indicator.1.1.1-1.target": (None, ""),
        "indicator.1.1.1-1.actual": (12.5, VALUE),
        "indicator.1.1.1-1.achievement_rate": (None, ""),
        "indicator.1.1.1-1.women": (None, ""),
        "indicator.1.1.1-1.men": (None, ""),
        "indicator.1.1.1-1.numerator": (None, ""),
        "indicator.1.1.1-1.denominator": (None, ""),
        "budget.1.budget": (100, VALUE),
        "budget.1.executed": (40, VALUE),
        "budget.1.execution_rate": (40, VALUE),
        "budget.2.budget": (0.5, VALUE),
        "budget.2.executed": (0, VALUE),
        "budget.2.execution_rate": (0, VALUE),
        "activities.count": (0, VALUE),
        "activities.women_total": (None, ""),
        "activities.men_total": (None, ""),
        "activities.participants_total": (None, ""),
        "budget.total": (100.5, VALUE),
        "budget.executed": (40, VALUE),
        "budget.gender_responsive": (100, VALUE),
    }
    units = Counter(ConfirmedFigure.objects.values_list("unit", flat=True))
    assert units == {"million won": 7, "persons": 8, "%": 3, "": 3}


@pytest.mark.parametrize(
    ("lines", "no_budget", "total", "executed"),
    [
        ([], False, (None, NOT_KNOWN), (None, NOT_KNOWN)),
        ([], True, (None, NOT_APPLICABLE), (None, NOT_APPLICABLE)),
        ([(Figure.of(0), Figure.of(0))], False, (0, VALUE), (0, VALUE)),
        ([(Figure.of(5), UNKNOWN), (Figure.of(7), Figure.of(1))], False, (12, VALUE), (None, NOT_KNOWN)),
        ([(Figure.of(5), Figure()), (Figure.of(7), Figure.of(1))], False, (12, VALUE), (None, NOT_KNOWN)),
        ([(Figure.of(5), NOT_DUE), (Figure.of(7), Figure.of(1))], False, (12, VALUE), (1, VALUE)),
        ([(Figure.of(5), NOT_DUE)], False, (5, VALUE), (None, NOT_APPLICABLE)),
    ],
)
def test_a_sum_never_hides_what_is_missing(lines, no_budget, total, executed, submission, people) -> None:
    for budget, spent in lines:
        add_line(submission, people["by"], budget, spent)
    if no_budget:
        save_submission(submission=submission, by=people["by"], changes={"no_budget_needed": Change(False, True)})
    found = figures(reached("confirmed", submission, people))
    assert (found["budget.total"], found["budget.executed"]) == (total, executed)


def test_confirming_again_replaces_the_figures(submission, people, other_body) -> None:
    neighbour = SubmissionFactory(round=submission.round, body=other_body)
    for each in (submission, neighbour):
        writer = people["by"] if each == submission else person(Role.FOCAL_POINT, other_body)
        add_line(each, writer, Figure.of(100), Figure.of(40))
    reached("confirmed", submission, people)
    submission_in("confirmed", neighbour, coordinator=people["coordinator"])
    others = figures(neighbour)
    transitions.reopen(submission=submission, by=people["coordinator"], reason="정정")
    assert figures(submission)["budget.total"] == (100, VALUE)
    key = submission.budget_lines.get().pk
    row = RowChange(key, {"budget": Change(Figure.of(100), Figure.of(250))})
    save_submission(submission=submission, by=people["by"], changes={}, budget=[row])
    add_line(submission, people["by"], Figure.of(1), Figure.of(1))
    again(submission, people)
    assert figures(submission)["budget.total"] == (100, VALUE)
    transitions.confirm(submission=submission, by=people["coordinator"], rating="on-track")
    submission.refresh_from_db()
    assert (figures(submission)["budget.total"], figures(submission)["budget.2.budget"]) == ((251, VALUE), (1, VALUE))
    assert figures(neighbour) == others


def test_the_largest_amounts_can_be_confirmed(submission, people) -> None:
    largest = Figure.of(LARGEST_AMOUNT)
    for order in range(1, BUDGET.most + 1):
        line = BudgetLine(submission=submission, order=order, programme="사업")
        line.budget = line.executed = largest
        line.save()
    found = figures(reached("confirmed", submission, people))
    assert found["budget.total"] == (LARGEST_AMOUNT * BUDGET.most, VALUE)
    assert Submission.objects.get(pk=submission.pk).state == State.CONFIRMED
