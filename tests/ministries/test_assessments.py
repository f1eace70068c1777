"""The one mark of an action plan that several bodies carry: given by a coordinator, never computed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ministries.enums import Role
from ministries.models import Assessment, Round
from ministries.selectors.assessments import assessments_of
from ministries.services.assessments import assess
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from objectives.models import ActionPlan
from tests.factories import (
    ActionPlanFactory,
    AssignmentFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    person,
    submission_in,
)
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def joint(round_, body, other_body) -> ActionPlan:
    """An action plan that two bodies carry: one has submitted, the other is confirmed."""
    action_plan = ActionPlanFactory(plan=round_.plan)
    for each, state, rating in ((body, "submitted", ""), (other_body, "confirmed", "attention")):
        assignment = AssignmentFactory(action_plan=action_plan, body=each)
        submission_in(state, SubmissionFactory(round=round_, assignment=assignment), rating=rating or "on-track")
    return action_plan


def address(round_: Round, action_plan: ActionPlan) -> str:
    with override("ko"):
        return reverse("ministries:assessment", args=[round_.plan.number, round_.year, action_plan.code])


def test_there_is_none_until_one_is_given(round_, joint, coordinator) -> None:
    assert assessments_of(round_) == {}
    given = assess(round=round_, action_plan=joint, by=coordinator, rating="on-track", reason=" 대체로 이행 ")
    assert (given.rating, given.reason, given.by, given.count) == ("on-track", "대체로 이행", coordinator, 1)
    assert assessments_of(round_) == {joint.pk: given}
    event = Event.objects.of("ministries.assessment", str(given.pk)).get()
    after = {"rating": "on-track", "reason": "대체로 이행"}
    assert (event.kind, event.data) == ("assess", {"rating": "on-track", "before": {}, "after": after})


def test_the_same_again_changes_nothing_and_another_keeps_the_earlier_one_in_the_record(
    round_, joint, coordinator
) -> None:
    for rating in ("on-track", "on-track", "attention"):
        given = assess(round=round_, action_plan=joint, by=coordinator, rating=rating)
    assert given.count == 2
    said = [event.data["before"] for event in Event.objects.of("ministries.assessment", str(given.pk))]
    assert said == [{}, {"rating": "on-track", "reason": ""}]


def test_of_two_the_second_is_told(round_, joint, coordinator, lead_body) -> None:
    assess(round=round_, action_plan=joint, by=person(Role.COORDINATOR, lead_body), rating="rethink", seen=0)
    with pytest.raises(WrongState):
        assess(round=round_, action_plan=joint, by=coordinator, rating="on-track", seen=0)
    assert Assessment.objects.get().rating == "rethink"


def test_there_is_one_for_each_round_and_action_plan(round_, joint, coordinator) -> None:
    given = assess(round=round_, action_plan=joint, by=coordinator, rating="on-track")
    given.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        given.save(force_insert=True)


def test_an_action_plan_of_one_body_has_none(round_, body, coordinator, signed_in) -> None:
    alone = SubmissionFactory(round=round_, body=body).assignment.action_plan
    with pytest.raises(Refused):
        assess(round=round_, action_plan=alone, by=coordinator, rating="on-track")
    assert signed_in(coordinator).get(address(round_, alone)).status_code == 404


@pytest.mark.parametrize("rating", ["", "no-report", "good"])
def test_what_is_no_rating_is_refused(rating, round_, joint, coordinator) -> None:
    with pytest.raises(Refused):
        assess(round=round_, action_plan=joint, by=coordinator, rating=rating)


def test_only_coordinators_give_one(round_, joint, focal_point) -> None:
    with pytest.raises(NotPermitted):
        assess(round=round_, action_plan=joint, by=focal_point, rating="on-track")


# Pages


def test_who_opens_the_form(
    round_, joint, focal_point, panel_member, committee_reader, administrator, coordinator, signed_in: SignIn
) -> None:
    expected: dict[Any, int] = {
        coordinator: 200,
        focal_point: 403,
        panel_member: 403,
        committee_reader: 403,
        administrator: 404,
        UserFactory(): 404,
    }
    for user, status in expected.items():
        client = signed_in(user)
        assert client.get(address(round_, joint)).status_code == status
        if status != 200:
            assert client.post(address(round_, joint), {"rating": "on-track", "seen": "0"}).status_code == status
    assert Client().get(address(round_, joint)).status_code == 302
    assert not Assessment.objects.exists()


def test_it_shows_each_bodys_marks_and_saves_the_one(round_, joint, coordinator, signed_in) -> None:
    client, page = signed_in(coordinator), in_english(address(round_, joint))
    answer = client.get(page)
    text = text_of(answer)
    assert "Own Ministry Submitted On track –" in text
    assert "Other Ministry Confirmed On track Attention" in text
    data = form_data(answer, "", rating="attention", reason="한 기관이 늦음")
    after = text_of(client.post(page, data, follow=True))
    assert "Saved." in after
    assert "2022 Attention 한 기관이 늦음" in after


def test_who_comes_second_sees_the_other_mark_and_keeps_what_was_typed(
    round_, joint, coordinator, lead_body, signed_in
) -> None:
    other = person(Role.COORDINATOR, lead_body, name="Faster Coordinator")
    assess(round=round_, action_plan=joint, by=other, rating="rethink")
    client, page = signed_in(coordinator), in_english(address(round_, joint))
    answer = client.post(page, {"rating": "on-track", "reason": "내 사유", "seen": "0"})
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Somebody has assessed this action plan meanwhile." in text
    assert "Rating saved: Rethink" in text
    assert "Faster Coordinator" in text
    shown = form_data(answer, "")
    assert (shown["reason"], shown["seen"]) == ("내 사유", "1")
    assert client.post(page, shown).status_code == 302
    assert Assessment.objects.get().rating == "on-track"


def test_bad_input_keeps_what_was_typed(round_, joint, coordinator, signed_in) -> None:
    answer = signed_in(coordinator).post(address(round_, joint), {"rating": "", "reason": "쓴 사유", "seen": "0"})
    assert answer.status_code == 400
    assert "쓴 사유" in answer.content.decode()


def test_readers_of_figures_see_it_on_the_page_of_the_action_plan(
    round_, joint, coordinator, focal_point, panel_member, committee_reader, administrator, signed_in
) -> None:
    assess(round=round_, action_plan=joint, by=coordinator, rating="attention")
    with override("en"):
        page = reverse("ministries:action_plan_detail", args=[round_.plan.number, joint.code])
    for user in (focal_point, panel_member, committee_reader, coordinator):
        assert "Rating of the joint action plan" in text_of(signed_in(user).get(page))
    assert "Rating of the joint action plan" not in text_of(signed_in(administrator).get(page))
    Assessment.objects.all().delete()
    assert "Rating of the joint action plan" not in text_of(signed_in(focal_point).get(page))
    assert "Rate 2022" in text_of(signed_in(coordinator).get(page))
