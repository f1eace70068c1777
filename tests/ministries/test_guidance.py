"""Guidance for single action plans of a round: written by the coordinator, read beside the form."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from ministries.models import Guidance, Round, Submission
from ministries.services.changes import Change
from ministries.services.guidance import copy_guidance, write_guidance
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from objectives.models import ActionPlan
from tests.factories import ActionPlanFactory, RoundFactory, SubmissionFactory, both, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

Pages = Callable[[User], Client]
KOREAN = "교육은 건별로 적습니다.\n\n여/남을 구분합니다."


@pytest.fixture
def submission(body) -> Submission:
    return SubmissionFactory(body=body, round=RoundFactory(year=2022, guidance=both("집계값만 적습니다.")))


@pytest.fixture
def round_(submission) -> Round:
    return submission.round


@pytest.fixture
def action_plan(submission) -> ActionPlan:
    return submission.assignment.action_plan


@pytest.fixture
def client(signed_in: Pages, coordinator: User) -> Client:
    """The coordinator's browser."""
    return signed_in(coordinator)


def listed(round_: Round) -> str:
    return reverse("ministries:guidance_list", args=[round_.plan.number, round_.year])


def change(round_: Round, action_plan: ActionPlan) -> str:
    return reverse("ministries:guidance_change", args=[round_.plan.number, round_.year, action_plan.code])


def write(round_: Round, action_plan: ActionPlan, by: User | None = None, base: str = "", **texts: str) -> None:
    changes = {f"text_{language}": Change(base, text) for language, text in texts.items()}
    assert not write_guidance(round=round_, action_plan=action_plan, changes=changes, by=by).conflicts


def events() -> list[tuple[str, str]]:
    return [(event.kind, event.object_label) for event in Event.objects.filter(object_kind="ministries.guidance")]


def test_guidance_is_written_changed_and_taken_away_on_record(round_, action_plan, coordinator) -> None:
    write(round_, action_plan, coordinator, ko="건별로", en="One by one")
    write(round_, action_plan, coordinator, base="건별로", ko="건별로 적습니다.")
    assert Guidance.objects.get().text == {"ko": "건별로 적습니다.", "en": "One by one"}
    write(round_, action_plan, coordinator, base="건별로 적습니다.", ko="")
    write(round_, action_plan, coordinator, base="One by one", en="")
    assert not Guidance.objects.exists()
    label = f"{round_.plan.number} 2022 {action_plan.code}"
    assert events() == [(kind, label) for kind in ("create", "change", "change", "remove")]
    assert Event.objects.of("ministries.guidance", Event.objects.last().object_id).last().data == {
        "before": {"en": "One by one"}
    }
    change = Event.objects.filter(object_kind="ministries.guidance", kind="change").first()
    assert change.data == {
        "before": {"ko": "건별로", "en": "One by one"},
        "after": {"ko": "건별로 적습니다.", "en": "One by one"},
    }


def test_nothing_is_written_for_an_action_plan_of_another_plan(round_, coordinator, english) -> None:
    with pytest.raises(Refused, match="another plan"):
        write(round_, ActionPlanFactory(), coordinator, ko="x")


@pytest.mark.parametrize("who", ["focal_point", "approver", "panel_member", "committee_reader", "administrator"])
def test_nobody_else_writes_it(who, round_, action_plan, signed_in, request) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        write(round_, action_plan, user, ko="x")
    with pytest.raises(NotPermitted):
        copy_guidance(round=round_, by=user)
    browser = signed_in(user)
    # A body reads it beside its forms, the others nowhere.
    status = 403 if who in ("focal_point", "approver") else 404
    for address in (listed(round_), change(round_, action_plan)):
        assert browser.get(address).status_code == status
        assert browser.post(address, {"text_ko": "x"}).status_code == status
    assert not Guidance.objects.exists()


def test_last_years_texts_are_copied_where_there_are_none(client, round_, action_plan) -> None:
    other = SubmissionFactory(round=round_).assignment.action_plan
    gone = ActionPlanFactory(plan=round_.plan)
    before = RoundFactory(plan=round_.plan, year=2021)
    for each in (action_plan, other, gone):
        write(before, each, ko=f"작년 {each.code}")
    write(round_, other, ko="올해")
    page = client.get(in_english(listed(round_)))
    assert "Copy 1 text from last year" in text_of(page)
    assert "1 of 2 action plans have guidance of their own." in text_of(page)
    assert client.post(listed(round_)).status_code == 302
    texts = {each.action_plan: each.text["ko"] for each in Guidance.objects.filter(round=round_)}
    assert texts == {action_plan: f"작년 {action_plan.code}", other: "올해"}
    assert Event.objects.filter(kind="create").last().data == {
        "copied_from": 2021,
        "after": {"ko": f"작년 {action_plan.code}"},
    }
    again = client.post(in_english(listed(round_)), follow=True)
    assert "There was nothing to copy." in text_of(again)
    assert "from last year" not in text_of(client.get(in_english(listed(round_))))


def test_the_list_takes_the_same_queries_for_one_and_for_three(
    client, round_, action_plan, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    write(round_, action_plan, ko="하나")
    client.get(listed(round_))
    with django_assert_max_num_queries(20) as before:
        client.get(listed(round_))
    for _more in range(2):
        write(round_, SubmissionFactory(round=round_).assignment.action_plan, ko="더")
    with django_assert_num_queries(len(before.captured_queries)):
        client.get(listed(round_))


def test_a_coordinator_writes_and_goes_on_to_the_next_action_plan(client, round_, action_plan) -> None:
    following = SubmissionFactory(round=round_).assignment.action_plan
    address = change(round_, action_plan)
    answer = client.post(address, form_data(client.get(address), text_ko=KOREAN, text_en="<b>One</b>", next="1"))
    assert answer["Location"] == change(round_, following)
    assert Guidance.objects.get().text == {"ko": KOREAN, "en": "<b>One</b>"}
    answer = client.post(change(round_, following), form_data(client.get(change(round_, following)), next="1"))
    assert answer["Location"] == f"{listed(round_)}#action-{following.code}"
    assert Guidance.objects.count() == 1


def test_last_years_text_is_read_beside_the_field_and_taken_into_it_unsaved(client, round_, action_plan) -> None:
    write(RoundFactory(plan=round_.plan, year=2021), action_plan, ko="작년 지침")
    address = change(round_, action_plan)
    page = client.get(address)
    assert "작년 지침" in page.content.decode()
    answer = client.post(address, form_data(page, text_ko="올해 지침", take="text_ko"))
    assert form_data(answer)["text_ko"].replace("\r", "") == "올해 지침\n\n작년 지침"
    assert (answer.status_code, round_.guidance_of_action_plans.exists()) == (200, False)
    answer = client.post(address, form_data(page, text_en="This year", take="text_en"))
    assert answer.status_code == 302, "there is no English text to be taken, so it is an ordinary save"


def test_two_who_write_at_once_see_both_texts(client, round_, action_plan) -> None:
    address = change(round_, action_plan)
    mine = form_data(client.get(address), text_ko="나중 지침", text_en="Later")
    write(round_, action_plan, ko="먼저 지침")
    answer = client.post(address, mine)
    assert (answer.status_code, Guidance.objects.get().text) == (409, {"ko": "먼저 지침", "en": "Later"})
    kept = form_data(answer)
    assert (kept["text_ko"], "먼저 지침" in answer.content.decode()) == ("나중 지침", True)
    assert client.post(address, kept).status_code == 302, "who has seen both decides"
    assert Guidance.objects.get().text["ko"] == "나중 지침"


def test_too_long_a_text_is_told_and_kept(client, round_, action_plan) -> None:
    address = change(round_, action_plan)
    answer = client.post(address, form_data(client.get(address), text_ko="가" * 5001))
    assert (answer.status_code, Guidance.objects.exists()) == (400, False)
    assert form_data(answer)["text_ko"] == "가" * 5001
    assert "id_text_ko_error" in answer.content.decode()


def test_addresses_and_methods_that_there_are_not(client, round_, action_plan) -> None:
    assert client.get(change(round_, ActionPlanFactory())).status_code == 404
    assert client.get(f"/plans/{round_.plan.number}/1999/guidance/").status_code == 404
    assert client.delete(listed(round_)).status_code == 405
    assert Client().get(listed(round_)).status_code == 302


def test_it_stands_beside_every_step_and_on_the_submission_of_the_body(
    signed_in, focal_point, submission, round_, action_plan
) -> None:
    write(round_, action_plan, ko=KOREAN)
    browser, own = signed_in(focal_point), submission.get_absolute_url()
    for page in ("", "write/", "write/results/", "write/budget/", "change/"):
        text = browser.get(f"{own}{page}").content.decode()
        assert "<p>교육은 건별로 적습니다.</p>" in text, page
        assert "집계값만 적습니다." in text, page
    other = SubmissionFactory(round=round_, assignment__body=submission.assignment.body)
    assert "교육은 건별로" not in browser.get(f"{other.get_absolute_url()}write/").content.decode()


def test_korean_guidance_is_marked_as_korean_on_an_english_page(
    signed_in, focal_point, submission, round_, action_plan
) -> None:
    write(round_, action_plan, ko="건별로")
    address = f"/en{submission.get_absolute_url()}write/"
    page = signed_in(focal_point).get(address)
    assert '<div lang="ko"><p>건별로</p></div>' in page.content.decode()
    write(round_, action_plan, en="One by one")
    page = signed_in(focal_point).get(address).content.decode()
    assert ("<p>One by one</p>" in page, "건별로" in page) == (True, False)


def test_who_only_reads_what_is_confirmed_does_not_see_it(signed_in, panel_member, coordinator, body) -> None:
    confirmed = submission_in("confirmed", SubmissionFactory(body=body))
    write(confirmed.round, confirmed.assignment.action_plan, ko="건별로 적습니다.")
    address = confirmed.get_absolute_url()
    assert "건별로" in signed_in(coordinator).get(address).content.decode()
    assert "건별로" not in signed_in(panel_member).get(address).content.decode()
