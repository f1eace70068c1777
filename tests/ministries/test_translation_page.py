"""The page on which a submission is translated: text beside text, each saved on its own, nothing lost."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.enums import Role, State
from ministries.models import Activity, BudgetLine, Submission, Translation
from ministries.services import transitions
from ministries.services.changes import Change
from ministries.services.translations import save_translation
from nap_monitor.accounts.models import User
from tests.factories import SubmissionFactory, fill_in, person, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

Pages = Callable[[User], Client]
KOREAN = "교육을 네 차례 실시하였습니다."


@pytest.fixture
def submission(body, focal_point) -> Submission:
    return fill_in(SubmissionFactory(body=body), focal_point, results=KOREAN)


@pytest.fixture
def client(signed_in: Pages, focal_point: User) -> Client:
    """The focal point's browser."""
    return signed_in(focal_point)


def page_of(submission: Submission) -> str:
    return reverse("ministries:submission_translation", args=submission.address)


def translate(
    submission: Submission, by: User, new: str, base: str = "", field: str = "results", row: str = ""
) -> None:
    assert save_translation(submission=submission, field=field, row=row, change=Change(base, new), by=by).saved


def send(client: Client, submission: Submission, **typed: str | None) -> HttpResponse:
    address = in_english(page_of(submission))
    return client.post(address, {**form_data(client.get(address)), **typed})


def states(answer: HttpResponse) -> dict[str, str]:
    return {name: item.state for name, item in answer.context["form"].items.items()}


# Writing


def test_each_text_stands_beside_a_field_and_each_changed_one_is_saved(client, submission) -> None:
    first = Activity.objects.create(submission=submission, order=1, title="파병 전 교육", description="")
    line = BudgetLine.objects.create(submission=submission, programme="평화 교육")
    page = client.get(page_of(submission))
    assert list(states(page)) == [
        "results",
        f"activities-title-{first.pk}",
        f"budget-programme-{line.pk}",
        "next_year_plan",
    ]
    assert f'<div class="prose" lang="ko"><p>{KOREAN}</p></div>' in page.content.decode()
    answer = send(client, submission, results="Four courses.", **{f"activities-title-{first.pk}": "Training"})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, in_english(page_of(submission)))
    assert {(each.field, each.row): each.text for each in Translation.objects.all()} == {
        ("results", ""): "Four courses.",
        ("activities.title", str(first.pk)): "Training",
    }
    page = client.get(page_of(submission))
    assert states(page)["results"] == "fits"
    assert "Focal Point" in text_of(page)
    assert send(client, submission).status_code == 302
    assert send(client, submission, results="").status_code == 302
    assert Translation.objects.count() == 1


def test_a_stale_one_says_what_has_changed_since_and_may_be_said_to_fit(client, submission, focal_point) -> None:
    translate(submission, focal_point, "Four courses.")
    fill_in(submission, focal_point, results=KOREAN.replace("네", "다섯"))
    page = client.get(in_english(page_of(submission)))
    assert states(page)["results"] == "stale"
    html = page.content.decode()
    assert "[removed:</span>네<" in html
    assert "[added:</span>다섯<" in html
    assert send(client, submission, **{"results-fits": "on"}).status_code == 302
    page = client.get(page_of(submission))
    assert (states(page)["results"], Translation.objects.get().text) == ("fits", "Four courses.")


def test_what_was_translated_is_found_in_a_version_too(signed_in, submission, focal_point, coordinator) -> None:
    submission_in("confirmed", submission, by=focal_point, coordinator=coordinator, content={"results": KOREAN})
    translate(submission, coordinator, "Four courses.")
    transitions.reopen(submission=submission, by=coordinator, reason="정정")
    fill_in(submission, focal_point, results="다른 글")
    submission.refresh_from_db()
    submission_in("submitted", submission, by=focal_point, content={"results": "다른 글"})
    page = signed_in(coordinator).get(page_of(submission))
    assert states(page)["results"] == "stale"
    assert "교육을" in page.content.decode().partition("<del>")[2].partition("</del>")[0]


def test_a_coordinator_is_not_shown_what_stood_in_a_draft(signed_in, submission, focal_point, coordinator) -> None:
    fill_in(submission, focal_point, results="아무도 모르는 초안")
    translate(submission, focal_point, "A draft nobody knows")
    submission_in("submitted", submission, by=focal_point, content={"results": KOREAN})
    page = signed_in(coordinator).get(in_english(page_of(submission)))
    assert "아무도 모르는" not in page.content.decode()
    assert "The text that was translated is not kept." in text_of(page)
    assert "아무도 모르는" in signed_in(focal_point).get(page_of(submission)).content.decode()


def test_a_text_that_changed_while_one_translated_is_stale_from_the_beginning(client, submission, focal_point) -> None:
    typed = {**form_data(client.get(page_of(submission))), "results": "Four courses."}
    fill_in(submission, focal_point, results="다른 글")
    assert client.post(page_of(submission), typed).status_code == 302
    assert states(client.get(page_of(submission)))["results"] == "stale"


def test_nonsense_for_the_text_seen_is_the_text_of_now(client, submission) -> None:
    assert send(client, submission, results="Four", **{"results-source": "x" * 64}).status_code == 302
    assert states(client.get(page_of(submission)))["results"] == "fits"


# Nothing is lost


def test_two_translators_see_both_texts_and_the_rest_is_saved(client, submission, focal_point, approver) -> None:
    address = in_english(page_of(submission))
    mine = {**form_data(client.get(address)), "results": "Mine", "next_year_plan": "Five courses"}
    translate(submission, approver, "Theirs")
    answer = client.post(address, mine)
    assert answer.status_code == 409
    assert {each.field: each.text for each in Translation.objects.all()} == {
        "results": "Theirs",
        "next_year_plan": "Five courses",
    }
    kept, text = form_data(answer), text_of(answer)
    assert (kept["results"], kept["next_year_plan"]) == ("Mine", "Five courses")
    assert ("Saved meanwhile by Approver" in text, "Theirs" in text) == (True, True)
    assert client.post(address, kept).status_code == 302, "who has seen both decides"
    assert Translation.objects.get(field="results").text == "Mine"


def test_what_is_too_long_is_told_beside_its_field_and_kept(client, submission) -> None:
    answer = send(client, submission, results="x" * 20_001, next_year_plan="Five")
    assert (answer.status_code, Translation.objects.count()) == (400, 0)
    assert (len(form_data(answer)["results"]), form_data(answer)["next_year_plan"]) == (20_001, "Five")
    assert 'href="#id_results"' in answer.content.decode()


def test_a_translation_whose_text_is_gone_is_shown_to_be_copied(client, submission, focal_point) -> None:
    first = Activity.objects.create(submission=submission, order=1, title="파병 전 교육")
    address = in_english(page_of(submission))
    typed = {
        **form_data(client.get(address)),
        f"activities-title-{first.pk}": "Training before <deployment>",
        "results": "Four courses.",
    }
    first.delete()
    answer = client.post(address, typed)
    assert (answer.status_code, Translation.objects.get().text) == (409, "Four courses.")
    assert "Training before &lt;deployment&gt;" in answer.content.decode()
    assert "What these texts translate is no longer there." in text_of(answer)


def test_a_text_that_was_removed_keeps_its_translation_until_it_is_taken_away(client, submission, focal_point) -> None:
    translate(submission, focal_point, "Four courses.")
    fill_in(submission, focal_point, results="")
    page = client.get(in_english(page_of(submission)))
    assert "The Korean text was removed." in text_of(page)
    refused = send(client, submission, results="Other words")
    assert (refused.status_code, form_data(refused)["results"]) == (409, "Other words")
    assert "There is no text to translate." in text_of(refused)
    assert send(client, submission, results="").status_code == 302
    assert not Translation.objects.exists()


# Who


@pytest.mark.parametrize("state", State.values)
def test_the_body_translates_at_any_time_a_coordinator_what_is_settled(
    state, signed_in, body, focal_point, coordinator
) -> None:
    submission = submission_in(state, SubmissionFactory(body=body), by=focal_point)
    address = page_of(submission)
    assert signed_in(focal_point).get(address).status_code == 200
    is_settled = state in (State.SUBMITTED, State.CONFIRMED)
    lead = signed_in(coordinator)
    assert lead.get(address).status_code == (200 if is_settled else 403)
    if is_settled:
        assert send(lead, submission, results="Four courses.").status_code == 302
        assert Translation.objects.get().author == coordinator


def test_what_a_coordinator_typed_before_the_body_wrote_again_is_shown_without_the_draft(
    signed_in, submission, focal_point, coordinator
) -> None:
    submission_in("submitted", submission, by=focal_point, content={"results": KOREAN})
    lead, address = signed_in(coordinator), in_english(page_of(submission))
    typed = {**form_data(lead.get(address)), "results": "Four courses."}
    transitions.return_submission(submission=submission, by=coordinator, reason="보완")
    submission.refresh_from_db()
    fill_in(submission, focal_point, results="아무도 모르는 초안")
    answer = lead.post(address, typed)
    assert answer.status_code == 409
    assert "Four courses." in text_of(answer)
    assert "초안" not in answer.content.decode()
    assert not Translation.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("panel_member", 403), ("committee_reader", 404), ("administrator", 404)])
def test_others_do_not_translate(who, status, submission, signed_in, coordinator, request) -> None:
    submission_in("confirmed", submission, coordinator=coordinator)
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(page_of(submission)).status_code == status
    assert browser.post(page_of(submission), {"results": "x"}).status_code == status


def test_another_body_finds_no_draft_and_may_not_translate_what_it_reads(
    signed_in, submission, other_body, coordinator
) -> None:
    stranger = signed_in(person(Role.FOCAL_POINT, other_body))
    assert stranger.get(page_of(submission)).status_code == 404
    submission_in("confirmed", submission, coordinator=coordinator)
    assert stranger.get(page_of(submission)).status_code == 403
    assert Client().get(page_of(submission)).status_code == 302
    assert signed_in(coordinator).delete(page_of(submission)).status_code == 405


# Reading


def test_with_nothing_written_there_is_nothing_to_translate(client, body) -> None:
    page = client.get(in_english(page_of(SubmissionFactory(body=body))))
    assert "There is nothing to translate yet" in text_of(page)


def test_the_page_takes_the_same_queries_for_one_and_for_many_rows(
    client, submission, focal_point, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def add(number: int) -> None:
        row = Activity.objects.create(submission=submission, order=number, title=f"교육 {number}")
        translate(submission, focal_point, f"Course {number}", field="activities.title", row=str(row.pk))
        Activity.objects.filter(pk=row.pk).update(title=f"다른 교육 {number}")

    add(1)
    client.get(page_of(submission))
    with django_assert_max_num_queries(25) as before:
        client.get(page_of(submission))
    for number in range(2, 12):
        add(number)
    with django_assert_num_queries(len(before.captured_queries)):
        client.get(page_of(submission))


def test_the_submission_shows_translations_as_unofficial_and_those_that_came_after_it_was_confirmed(
    signed_in, client, submission, coordinator, panel_member
) -> None:
    submission_in("confirmed", submission, coordinator=coordinator, content={"results": KOREAN})
    translate(submission, coordinator, "Four courses.")
    address = submission.get_absolute_url()
    for browser in (client, signed_in(panel_member)):
        page = browser.get(in_english(address))
        assert '<div class="prose" lang="en"><p>Four courses.</p></div>' in page.content.decode()
        assert "Unofficial translation" in text_of(page)
    page = client.get(address).content.decode()
    assert ("비공식 번역" in page, "Four courses." in page) == (True, True)


def test_the_ways_to_it_are_shown_to_who_may_translate(
    signed_in, client, submission, coordinator, panel_member, focal_point
) -> None:
    link = f'href="{page_of(submission)}"'
    write = reverse("ministries:submission_write", args=submission.address)
    for address in (submission.get_absolute_url(), write):
        assert link in client.get(address).content.decode()
    assert link not in signed_in(coordinator).get(submission.get_absolute_url()).content.decode()
    submission_in("confirmed", submission, by=focal_point, coordinator=coordinator)
    assert link in signed_in(coordinator).get(submission.get_absolute_url()).content.decode()
    assert link not in signed_in(panel_member).get(submission.get_absolute_url()).content.decode()
