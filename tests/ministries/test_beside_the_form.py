"""What stands beside the form: last year at every field and table, to start from; what changed since the submit."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.figures import Figure
from ministries.models import (
    Activity,
    BodyField,
    BodyFieldValue,
    BudgetLine,
    ImplementingBody,
    IndicatorResult,
    Submission,
)
from ministries.services import transitions
from ministries.services.changes import Change, RowChange
from ministries.services.rows import BUDGET
from ministries.services.submissions import save_submission
from nap_monitor.accounts.models import User
from tests.factories import (
    BodyFieldFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    both,
    fill_in,
    submission_in,
)
from tests.pages import form_data, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def before(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body, round=RoundFactory(year=2021))


@pytest.fixture
def submission(before: Submission) -> Submission:
    return SubmissionFactory(assignment=before.assignment, round=RoundFactory(plan=before.round.plan, year=2022))


@pytest.fixture
def client(signed_in: Callable[[User], Client], focal_point: User) -> Client:
    """The focal point's browser."""
    return signed_in(focal_point)


def page_of(submission: Submission, step: str) -> str:
    return reverse("ministries:submission_write_step", args=[*submission.address, step])


def read(client: Client, submission: Submission, step: str) -> str:
    return text_of(client.get(page_of(submission, step)))


def send(client: Client, submission: Submission, step: str, **changed: str) -> HttpResponse:
    address = page_of(submission, step)
    return client.post(address, {**form_data(client.get(address)), **changed})


def a_year_ago(before: Submission) -> None:
    """Two budget lines and two activities."""
    giver = ImplementingBody.objects.exclude(pk=before.assignment.body_id).first()
    for order, (programme, amount, given) in enumerate((("평화 교육", 120, giver), ("교재 발간", 30, None))):
        line = BudgetLine(submission=before, order=order, programme=programme, account="special", passed_on_from=given)
        line.budget, line.executed, line.gender_responsive = Figure.of(amount), Figure.of(amount - 1), order == 0
        line.save()
    for order, title in enumerate(("파병 전 교육", "국제 회의")):
        row = Activity(submission=before, order=order, title=title, kind="training", place="국방대학교")
        row.date, row.partners, row.description = dt.date(2021, 5, 4), "여성단체", "여섯 시간 과정"
        row.women = Figure.of(34)
        row.save()


# Last year, read only


def test_last_year_stands_beside_choices_too_and_those_are_not_taken(client, submission, before, focal_point) -> None:
    fill_in(before, focal_point, self_rating="attention", self_rating_reason="늦음", disclosure="partly")
    page = client.get(page_of(submission, "assessment"))
    assert "Last year's text Attention" in text_of(page)
    html = page.content.decode()
    assert ('name="take" value="self_rating_reason"' in html, 'value="self_rating"' in html) == (True, False)
    assert "Last year's text Partly" in read(client, submission, "handling")


def test_the_rows_of_last_year_stand_there_with_all_that_they_said(client, submission, before, other_body) -> None:
    a_year_ago(before)
    budget, activities = read(client, submission, "budget"), read(client, submission, "activities")
    assert "평화 교육 (Special account) Budget 120 · Executed 119 · Gender-responsive budget · Passed on from" in budget
    assert "교재 발간 (Special account) Budget 30 · Executed 29" in budget
    for said in ("파병 전 교육 (Training)", "국방대학교", "여성단체", "Women 34 · Men –", "여섯 시간 과정"):
        assert said in activities


def test_an_indicator_says_all_that_was_reported_last_year(client, submission, before) -> None:
    indicator = IndicatorFactory(action_plan=before.assignment.action_plan, code="I1")
    result = IndicatorResult(submission=before, indicator=indicator, source="통계연보", reason="집계 중")
    for name, value in (("target", 10), ("actual", 8), ("numerator", 4), ("denominator", 5), ("women", 3), ("men", 1)):
        setattr(result, name, Figure.of(value))
    result.save()
    said = "Target 10 Actual 8 Numerator 4 Denominator 5 Women 3 Men 1 Source 통계연보 Reason (if not known) 집계 중"
    assert said in read(client, submission, "indicators")


def test_answers_to_own_fields_stand_there_and_texts_are_taken(client, submission, before, body) -> None:
    def own(kind: str, **value: object) -> BodyField:
        choices = [{"code": "1", "label": both("아시아", "Asia")}] if kind == "choice" else []
        field = BodyFieldFactory(body=body, kind=kind, choices=choices)
        BodyFieldValue.objects.create(submission=before, field=field, **value)
        return field

    own("text", text="작년 답")
    own("choice", text="1")
    own("number", number_value=1200, number_state="value")
    own("date", date=dt.date(2021, 5, 4))
    own("text", text="")
    page = client.get(page_of(submission, "handling"))
    for said in ("작년 답", "Asia", "1,200", "2021-05-04"):
        assert f"Last year's text {said}" in text_of(page)
    html = page.content.decode()
    assert [f'value="own-{number}-value">' in html for number in range(5)] == [True, False, False, False, False]
    answer = send(client, submission, "handling", take="own-0-value", **{"own-0-value": "올해 답"})
    assert form_data(answer)["own-0-value"].split() == ["올해", "답", "작년", "답"]
    assert not submission.own_values.exists()


# To start from


def test_last_years_budget_lines_come_as_new_rows_without_amounts_and_unsaved(
    client, submission, before, other_body
) -> None:
    a_year_ago(before)
    answer = send(client, submission, "budget", take="budget", **{"budget-0-programme": " 교재 발간 "})
    data = form_data(answer)
    assert (answer.status_code, data["budget-TOTAL_FORMS"]) == (200, "2"), "what is there already does not come twice"
    assert (data["budget-0-programme"], data["budget-1-programme"]) == (" 교재 발간 ", "평화 교육")
    assert (data["budget-1-account"], data["budget-1-passed_on_from"]) == ("special", other_body.code)
    assert (data["budget-1-gender_responsive"], data["budget-1-budget_value"]) == ("on", "")
    assert "Adapt them to this year and save." in text_of(answer)
    assert not submission.budget_lines.exists()
    assert client.post(page_of(submission, "budget"), {**data, "budget-1-budget_value": "130"}).status_code == 302
    saved = [(each.programme, each.budget.value, each.passed_on_from) for each in submission.budget_lines.all()]
    assert saved == [("교재 발간", None, None), ("평화 교육", 130, other_body)]


def test_last_years_activities_come_without_days_and_figures(client, submission, before) -> None:
    a_year_ago(before)
    data = form_data(send(client, submission, "activities", take="activities"))
    assert [data[f"activities-{number}-title"] for number in range(2)] == ["파병 전 교육", "국제 회의"]
    assert (data["activities-0-partners"], data["activities-0-description"]) == ("여성단체", "여섯 시간 과정")
    assert (data["activities-0-date"], data["activities-0-women_value"]) == ("", "")
    assert client.post(page_of(submission, "activities"), data).status_code == 302
    assert submission.activities.count() == 2


def test_rows_are_taken_only_in_their_step_and_never_more_than_fit(client, submission, before, other_body) -> None:
    a_year_ago(before)
    assert send(client, submission, "results", take="budget").status_code == 302
    address = page_of(submission, "budget")
    full = {f"budget-{number}-programme": f"사업 {number}" for number in range(BUDGET.most)}
    answer = client.post(
        address, {**form_data(client.get(address)), **full, "budget-TOTAL_FORMS": str(BUDGET.most), "take": "budget"}
    )
    assert form_data(answer)["budget-TOTAL_FORMS"] == str(BUDGET.most)
    nonsense = client.post(address, {**form_data(client.get(address)), "budget-TOTAL_FORMS": "many", "take": "budget"})
    assert nonsense.status_code == 200


# What changed since it was submitted


def test_after_a_return_each_table_says_what_has_changed_since(
    client, submission, focal_point, approver, coordinator
) -> None:
    lines = [
        RowChange(None, {"programme": Change("", name), "budget": Change(Figure(), Figure.of(5))}) for name in "가나"
    ]
    save_submission(submission=submission, by=focal_point, changes={}, budget=lines)
    submission_in("submitted", submission, by=focal_point, approver=approver)
    transitions.return_submission(submission=submission, by=coordinator, reason="보완")
    submission.refresh_from_db()
    first = submission.budget_lines.first()
    changes = [
        RowChange(first.pk, {"budget": Change(Figure.of(5), Figure.of(7))}),
        RowChange(None, {"programme": Change("", "다")}),
    ]
    save_submission(submission=submission, by=focal_point, changes={}, budget=changes)
    text = read(client, submission, "budget")
    assert "What has changed since it was submitted 가 · Budget Submitted 5 million won Now 7 million won" in text
    assert "다 : Added" in text
    assert "What has changed since" not in read(client, submission, "activities")


def test_the_reason_of_a_return_names_who_gave_it(client, submission, focal_point, coordinator) -> None:
    submission_in("submitted", submission, by=focal_point)
    transitions.return_submission(
        submission=submission, by=coordinator, reason="실적 보완", comments={"evidence": "어디?"}
    )
    for address in (submission.get_absolute_url(), page_of(submission, "results")):
        assert "Returned · Coordinator ·" in text_of(client.get(address))
    files = reverse("ministries:evidence_list", args=submission.address)
    assert "어디?" in text_of(client.get(files))


def test_remarks_on_evidence_are_not_told_to_who_only_reads(
    signed_in, submission, panel_member, coordinator, focal_point
) -> None:
    submission_in("confirmed", submission, by=focal_point, coordinator=coordinator)
    submission.comments.create(field="evidence", text="어디?", author=coordinator)
    files = reverse("ministries:evidence_list", args=submission.address)
    assert "어디?" not in text_of(signed_in(panel_member).get(files))
