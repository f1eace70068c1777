"""Two people in one form: both values are shown, nothing is overwritten, and saving again saves the writer's."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import BudgetLine, ImplementingBody, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import IndicatorFactory, SubmissionFactory, person
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    submission = SubmissionFactory(body=body)
    IndicatorFactory(action_plan=submission.assignment.action_plan)
    return submission


@pytest.fixture
def mine(signed_in: Callable[[User], Client], focal_point: User) -> Client:
    return signed_in(focal_point)


@pytest.fixture
def other(signed_in: Callable[[User], Client], body: ImplementingBody) -> Client:
    """The browser of a colleague in the same body."""
    return signed_in(person(Role.FOCAL_POINT, body, name="홍길동"))


def page(client: Client, submission: Submission) -> HttpResponse:
    return client.get(address(submission))


def address(submission: Submission) -> str:
    return reverse("ministries:submission_change", args=submission.address)


def save(client: Client, submission: Submission, on: HttpResponse, **changed: str | None) -> HttpResponse:
    """Save what stands on the page ``on``, with fields changed."""
    return client.post(address(submission), form_data(on, **changed))


def test_both_texts_are_shown_and_the_other_fields_are_saved(submission, mine, other) -> None:
    before = page(mine, submission)
    save(other, submission, page(other, submission), results="동료의 글")
    answer = save(mine, submission, before, results="나의 글", shortcomings="인력 부족")
    submission.refresh_from_db()
    assert answer.status_code == 409
    assert (submission.results, submission.shortcomings) == ("동료의 글", "인력 부족")
    shown = text_of(answer)
    assert "동료의 글" in shown
    assert "홍길동" in shown
    assert (form_data(answer)["results"], form_data(answer)["shortcomings"]) == ("나의 글", "인력 부족")
    # Then saving again takes the writer's.
    assert save(mine, submission, answer).status_code == 302
    submission.refresh_from_db()
    assert submission.results == "나의 글"


def test_who_saves_again_without_the_field_in_conflict_leaves_the_other_text(submission, mine, other) -> None:
    before = page(mine, submission)
    save(other, submission, page(other, submission), results="동료의 글")
    answer = save(mine, submission, before, results="나의 글")
    assert save(mine, submission, answer, results="동료의 글").status_code == 302
    submission.refresh_from_db()
    assert submission.results == "동료의 글"


def test_a_third_save_between_is_a_conflict_again(submission, mine, other) -> None:
    before = page(mine, submission)
    save(other, submission, page(other, submission), results="동료의 글")
    answer = save(mine, submission, before, results="나의 글")
    save(other, submission, page(other, submission), results="동료의 두 번째 글")
    answer = save(mine, submission, answer)
    assert answer.status_code == 409
    assert "동료의 두 번째 글" in text_of(answer)
    assert form_data(answer)["results"] == "나의 글"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"self_rating": "completed"}, {"self_rating": "attention"}),
        ({"no_budget_needed": "on", "disclosure": "partly"}, {"disclosure": "restricted"}),
        (
            {"indicators__0__actual_value": "1"},
            {"indicators__0__actual_state": "not-known", "indicators__0__reason": "집계"},
        ),
        ({"indicators__0__source": "동료의 자료"}, {"indicators__0__source": "나의 자료"}),
    ],
)
def test_choices_and_figures_keep_the_writers_value_for_the_next_save(first, second, submission, mine, other) -> None:
    before = page(mine, submission)
    save(other, submission, page(other, submission), **first)
    answer = save(mine, submission, before, **second)
    assert answer.status_code == 409
    for name, typed in second.items():
        assert form_data(answer)[name.replace("__", "-")] == typed
    assert save(mine, submission, answer).status_code == 302
    saved = form_data(page(mine, submission))
    for name, typed in second.items():
        assert saved[name.replace("__", "-")] == typed


def test_the_same_amount_changed_by_two_people(submission, mine, other) -> None:
    save(mine, submission, page(mine, submission), budget__0__programme="교육", budget__0__budget_value="100")
    before = page(mine, submission)
    save(other, submission, page(other, submission), budget__0__budget_value="200")
    answer = save(mine, submission, before, budget__0__budget_value="300", budget__0__executed_value="50")
    line = submission.budget_lines.get()
    assert (answer.status_code, line.budget, line.executed) == (409, Figure.of(200), Figure.of(50))
    assert form_data(answer)["budget-0-budget_value"] == "300"
    assert "200" in text_of(answer)
    assert save(mine, submission, answer).status_code == 302
    assert submission.budget_lines.get().budget == Figure.of(300)


def test_a_line_that_somebody_removed_comes_back_whole_when_it_is_saved_again(submission, mine, other) -> None:
    first = {"budget__0__account": "fund", "budget__0__programme": "교육", "budget__0__budget_value": "100"}
    save(mine, submission, page(mine, submission), **first, budget__0__gender_responsive="on")
    before = page(mine, submission)
    save(other, submission, page(other, submission), budget__0__DELETE="on")
    answer = save(mine, submission, before, budget__0__executed_value="50")
    assert (answer.status_code, submission.budget_lines.count()) == (409, 0)
    assert save(mine, submission, answer).status_code == 302
    line = submission.budget_lines.get()
    assert (line.account, line.programme, line.gender_responsive) == ("fund", "교육", True)
    assert (line.budget, line.executed) == (Figure.of(100), Figure.of(50))


def test_a_removed_line_stays_removed_where_the_writer_agrees(submission, mine, other) -> None:
    save(mine, submission, page(mine, submission), budget__0__programme="교육")
    before = page(mine, submission)
    save(other, submission, page(other, submission), budget__0__DELETE="on")
    answer = save(mine, submission, before, budget__0__executed_value="50")
    assert save(mine, submission, answer, budget__0__DELETE="on").status_code == 302
    assert not submission.budget_lines.exists()


def test_a_line_that_somebody_changed_is_not_removed_unseen(submission, mine, other) -> None:
    save(mine, submission, page(mine, submission), budget__0__programme="교육", budget__0__budget_value="100")
    before = page(mine, submission)
    save(other, submission, page(other, submission), budget__0__budget_value="200")
    answer = save(mine, submission, before, budget__0__DELETE="on")
    assert (answer.status_code, submission.budget_lines.get().budget) == (409, Figure.of(200))
    back = form_data(answer)
    assert (back["budget-0-budget_value"], back["budget-0-DELETE"]) == ("200", "on")
    # Whoever unticks it keeps the new amount; whoever leaves it ticked removes the line.
    keeping = dict(back)
    del keeping["budget-0-DELETE"]
    assert mine.post(address(submission), keeping).status_code == 302
    assert submission.budget_lines.get().budget == Figure.of(200)
    assert mine.post(address(submission), back).status_code == 302
    assert not submission.budget_lines.exists()


def test_two_people_add_lines_side_by_side(submission, mine, other) -> None:
    before = page(mine, submission)
    save(other, submission, page(other, submission), budget__0__programme="동료의 사업")
    assert save(mine, submission, before, budget__0__programme="나의 사업").status_code == 302
    assert [line.programme for line in submission.budget_lines.all()] == ["동료의 사업", "나의 사업"]


def test_lines_keep_their_rows_where_others_were_removed_before_them(submission, mine, other) -> None:
    for name in "가나다":
        save(mine, submission, page(mine, submission), **{f"budget__{'가나다'.index(name)}__programme": name})
    before = page(mine, submission)
    save(other, submission, page(other, submission), budget__0__DELETE="on")
    assert save(mine, submission, before, budget__2__executed_value="7").status_code == 302
    assert list(BudgetLine.objects.order_by("order").values_list("programme", "executed_value")) == [
        ("나", None),
        ("다", 7),
    ]


def test_the_pages_own_name_makes_a_double_click_one_save(submission, mine) -> None:
    typed = form_data(page(mine, submission), results="교육 4회", budget__0__programme="교육")
    assert [mine.post(address(submission), typed).status_code for _click in range(2)] == [302, 302]
    assert submission.budget_lines.count() == 1
    assert Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="save").count() == 1


def test_what_is_written_after_going_back_is_not_dropped(submission, mine) -> None:
    typed = form_data(page(mine, submission), results="첫 글")
    mine.post(address(submission), typed)
    answer = mine.post(address(submission), {**typed, "results": "뒤로 가서 고친 글"})
    assert answer.status_code == 409
    assert (form_data(answer)["results"], "첫 글" in text_of(answer)) == ("뒤로 가서 고친 글", True)
    assert save(mine, submission, answer).status_code == 302
    submission.refresh_from_db()
    assert submission.results == "뒤로 가서 고친 글"
