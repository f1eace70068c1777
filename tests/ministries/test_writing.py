"""Writing a report in steps: each is saved on its own, shows what belongs to it, and loses nothing."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries import fields
from ministries.enums import BodyFieldKind, FigureState, Role
from ministries.figures import Figure
from ministries.models import Activity, ImplementingBody, Submission
from ministries.services import transitions
from ministries.services.submissions import Change, RowChange, save_submission
from nap_monitor.accounts.models import User
from tests.factories import (
    BodyFieldFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    both,
    person,
    submission_in,
)
from tests.pages import form_data, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def client(signed_in: Callable[[User], Client], focal_point: User) -> Client:
    """The focal point's browser."""
    return signed_in(focal_point)


def page_of(submission: Submission, step: str = "") -> str:
    """The address of a step, or of the list of steps."""
    if not step:
        return reverse("ministries:submission_write", args=submission.address)
    return reverse("ministries:submission_write_step", args=[*submission.address, step])


def write(client: Client, submission: Submission, step: str, **changed: str | None) -> HttpResponse:
    """Open a step in the browser, change fields, save."""
    address = page_of(submission, step)
    return client.post(
        address, {**form_data(client.get(address)), **{k.replace("__", "-"): v for k, v in changed.items()}}
    )


def activity(number: int = 0, **values: str) -> dict[str, str]:
    """What a browser sends for one more activity."""
    given = {"title": "Training of instructors", "women_value": "12", "men_value": "8", "currency": "KRW", **values}
    row = {f"activities-{number}-{name}": value for name, value in given.items()}
    return {**row, "activities-TOTAL_FORMS": str(number + 1)}


# The steps


def test_the_steps_say_what_is_missing_and_what_is_filled_in(client, submission, focal_point) -> None:
    text = text_of(client.get(page_of(submission)))
    assert [str(step.label) for step in fields.STEPS if str(step.label) not in text] == []
    assert "Choose a self-rating." in text
    save_submission(submission=submission, by=focal_point, changes={"results": Change("", "Four courses.")})
    assert text_of(client.get(page_of(submission))).count("Filled in") == 1


def test_a_missing_thing_leads_to_the_step_and_the_field_where_it_is_mended(client, submission) -> None:
    page = client.get(page_of(submission)).content.decode()
    assert f'href="{page_of(submission, "assessment")}#id_self_rating"' in page
    assert 'id="id_self_rating"' in client.get(page_of(submission, "assessment")).content.decode()


@pytest.mark.parametrize("step", [step.key for step in fields.STEPS])
def test_every_step_opens_and_saves_unchanged(client, submission, step) -> None:
    answer = client.post(page_of(submission, step), form_data(client.get(page_of(submission, step))), follow=True)
    assert (answer.status_code, "Nothing was changed." in text_of(answer)) == (200, True)


def test_a_step_saves_its_own_fields_and_leaves_the_others(client, submission, focal_point) -> None:
    save_submission(submission=submission, by=focal_point, changes={"next_year_plan": Change("", "Five courses.")})
    write(client, submission, "results", results="Four courses.", next_year_plan="Tampered")
    submission.refresh_from_db()
    assert (submission.results, submission.next_year_plan) == ("Four courses.", "Five courses.")


def test_save_and_go_on_leads_to_the_next_step_and_after_the_last_to_the_list(client, submission) -> None:
    first, last = fields.STEPS[0].key, fields.STEPS[-1].key
    after_first = write(client, submission, first, next="1")["Location"].partition("?")[0]
    after_last = write(client, submission, last, next="1")["Location"].partition("?")[0]
    assert (after_first, after_last) == (page_of(submission, fields.STEPS[1].key), page_of(submission))


def test_who_may_not_write_does_not_open_them(submission, signed_in, coordinator, other_body) -> None:
    for step in ("", "results"):
        assert signed_in(coordinator).get(page_of(submission, step)).status_code == 403
        assert signed_in(person(Role.FOCAL_POINT, other_body)).get(page_of(submission, step)).status_code == 404


def test_a_step_that_there_is_not_is_not_found(client, submission) -> None:
    assert client.get(page_of(submission, "nothing")).status_code == 404


def test_after_the_sign_off_what_was_typed_stays_on_the_page(client, submission, focal_point) -> None:
    data = form_data(client.get(page_of(submission, "results")), results="Typed before the sign-off.")
    submission_in("signed-off", submission, by=focal_point)
    answer = client.post(page_of(submission, "results"), data)
    assert (answer.status_code, form_data(answer)["results"]) == (409, "Typed before the sign-off.")
    assert client.get(page_of(submission)).status_code == 409


# Activities


def test_an_activity_is_added_changed_and_removed(client, submission) -> None:
    write(client, submission, "activities", **activity(date="2022-05-04", kind="training", province="KR-11"))
    made = submission.activities.get()
    assert (made.title, made.date, made.women) == (
        "Training of instructors",
        dt.date(2022, 5, 4),
        Figure(Decimal(12), FigureState.VALUE),
    )
    write(client, submission, "activities", activities__0__title="Training of trainers")
    assert submission.activities.get().title == "Training of trainers"
    write(client, submission, "activities", activities__0__DELETE="on")
    assert not submission.activities.exists()


def test_the_page_adds_up_who_took_part(client, submission) -> None:
    write(client, submission, "activities", **activity())
    assert "All taking part: 20" in text_of(client.get(page_of(submission, "activities")))


def test_a_faulty_activity_is_told_at_its_field_and_keeps_what_was_typed(client, submission) -> None:
    answer = write(client, submission, "activities", **activity(date="yesterday", women_value="many"))
    data = form_data(answer)
    assert (answer.status_code, data["activities-0-date"], data["activities-0-women_value"]) == (
        400,
        "yesterday",
        "many",
    )
    assert not Activity.objects.exists()


def test_the_button_for_one_more_activity_works_without_a_script(client, submission) -> None:
    address = page_of(submission, "activities")
    answer = client.post(address, {**form_data(client.get(address)), "activities-add": "1"})
    assert (answer.status_code, form_data(answer)["activities-TOTAL_FORMS"]) == (200, "1")
    assert not Activity.objects.exists()


def test_two_who_change_one_activity_see_both_titles(client, submission, focal_point) -> None:
    write(client, submission, "activities", **activity())
    data = form_data(client.get(page_of(submission, "activities")), activities__0__title="Mine")
    row = submission.activities.get()
    change = RowChange(row.pk, {"title": Change(row.title, "Theirs")})
    save_submission(submission=submission, by=focal_point, changes={}, activities=[change])
    answer = client.post(page_of(submission, "activities"), data)
    assert (answer.status_code, submission.activities.get().title) == (409, "Theirs")
    assert (form_data(answer)["activities-0-title"], "Theirs" in text_of(answer)) == ("Mine", True)


# Indicators, budget, own fields


def test_an_indicator_shows_its_rate(client, submission) -> None:
    IndicatorFactory(action_plan=submission.assignment.action_plan, name=both("교육", "Trained"))
    write(client, submission, "indicators", indicators__0__target_value="200", indicators__0__actual_value="175")
    assert "Achievement rate (%): 87.5" in text_of(client.get(page_of(submission, "indicators")))


def test_a_budget_line_says_who_passed_it_on(client, submission, other_body) -> None:
    line = {
        "budget__0__programme": "Joint programme",
        "budget__0__budget_value": "300",
        "budget__0__executed_value": "150",
        "budget__0__passed_on_from": other_body.code,
    }
    write(client, submission, "budget", **line)
    assert submission.budget_lines.get().passed_on_from == other_body
    page = client.get(page_of(submission, "budget"))
    assert form_data(page)["budget-0-passed_on_from"] == other_body.code
    assert "Execution rate (%): 50" in text_of(page)


def test_the_own_body_passes_nothing_on_to_itself(client, submission, body) -> None:
    line = {"budget__0__programme": "Programme", "budget__0__passed_on_from": body.code}
    assert write(client, submission, "budget", **line).status_code == 400


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (BodyFieldKind.TEXT, {"own-0-value": "Answer"}, "Answer"),
        (BodyFieldKind.NUMBER, {"own-0-value_value": "1,200"}, Figure(Decimal(1200), FigureState.VALUE)),
        (BodyFieldKind.DATE, {"own-0-value": "2022. 5. 4."}, dt.date(2022, 5, 4)),
    ],
)
def test_what_a_body_asks_itself_is_answered_in_its_kind(client, submission, body, kind, sent, kept) -> None:
    BodyFieldFactory(body=body, kind=kind)
    address = page_of(submission, "handling")
    client.post(address, {**form_data(client.get(address)), **sent})
    assert submission.own_values.get().value == kept


# Last year, remarks, what changed


@pytest.fixture
def with_last_year(body: ImplementingBody, focal_point: User) -> Submission:
    """A submission whose body reported a year before."""
    before = SubmissionFactory(body=body)
    submission_in("confirmed", before, by=focal_point, content={"results": "Last year's courses."})
    year = RoundFactory(plan=before.round.plan, year=before.round.year + 1)
    return SubmissionFactory(assignment=before.assignment, round=year)


def test_last_years_text_comes_into_an_empty_field_and_is_not_saved_yet(client, with_last_year) -> None:
    answer = write(client, with_last_year, "results", take="results")
    assert (answer.status_code, form_data(answer)["results"]) == (200, "Last year's courses.")
    with_last_year.refresh_from_db()
    assert with_last_year.results == ""


def test_last_years_text_comes_below_what_was_typed(client, with_last_year) -> None:
    answer = write(client, with_last_year, "results", take="results", results="This year's.")
    assert form_data(answer)["results"].split() == ["This", "year's.", "Last", "year's", "courses."]


def test_last_years_line_comes_behind_what_was_typed(client, with_last_year) -> None:
    Submission.objects.filter(round__year=with_last_year.round.year - 1).update(department="Gender Policy Division")
    answer = write(client, with_last_year, "handling", take="department", department="Peace Division")
    assert form_data(answer)["department"] == "Peace Division Gender Policy Division"


def test_only_a_text_of_this_step_can_be_taken(client, with_last_year) -> None:
    answer = write(client, with_last_year, "plan", take="results")
    assert answer.status_code == 302


def test_after_a_return_the_form_shows_the_remark_and_the_former_text(
    client, submission, focal_point, coordinator
) -> None:
    submission_in("submitted", submission, by=focal_point, content={"results": "As submitted."})
    transitions.return_submission(
        submission=submission,
        by=coordinator,
        reason="See the remarks.",
        comments={"results": "How many?", "activities": "Where?"},
    )
    submission.refresh_from_db()
    write(client, submission, "results", results="Mended.")
    text = text_of(client.get(page_of(submission, "results")))
    assert ("How many?" in text, "As submitted." in text, "See the remarks." in text) == (True, True, True)
    assert "Where?" in text_of(client.get(page_of(submission, "activities")))


def test_a_point_to_check_is_answered_and_hinders_nothing(client, submission) -> None:
    write(client, submission, "activities", **activity(women_value="2"))
    page = client.get(page_of(submission, "activities"))
    assert "So small a number may let people be recognised." in text_of(page)
    data = form_data(page)
    (name,) = [key for key in data if re.fullmatch(r"warnings-remark-\d+", key)]
    client.post(page_of(submission, "activities"), {**data, name: "Published as a range."})
    assert submission.warning_remarks.get().text == "Published as a range."


# Queries


@pytest.mark.parametrize("step", ["activities", "budget"])
def test_a_step_asks_the_database_as_often_for_twenty_rows_as_for_one(client, submission, focal_point, step) -> None:
    def rows(count: int) -> None:
        name = "title" if step == "activities" else "programme"
        new = [RowChange(None, {name: Change("", f"Row {number}")}) for number in range(count)]
        save_submission(submission=submission, by=focal_point, changes={}, **{step: new})

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(page_of(submission, step)).status_code == 200
        return len(found)

    rows(1)
    count()
    before = count()
    rows(19)
    assert count() == before
