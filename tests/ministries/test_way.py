"""The steps of the workflow above a submission: what is done, where it stands, what came back."""

from typing import Any

import pytest

from ministries.enums import StateLabel
from ministries.services import transitions
from ministries.workflow import way_of
from tests.factories import submission_in
from tests.pages import text_of

#: By label: how many stations are done, and at which it stands.
PLACES = {
    "not-started": (0, 1),
    "draft": (0, 1),
    "sent-back": (0, 1),
    "returned": (0, 1),
    "signed-off": (1, 2),
    "submitted": (2, 3),
    "submitted-again": (2, 3),
    "confirmed": (4, 4),
}


@pytest.mark.parametrize("label", StateLabel)
def test_every_state_has_its_place_on_the_way(label: StateLabel) -> None:
    way = way_of(label)
    (here,) = [number for number, stage in enumerate(way, start=1) if stage.is_current]
    assert (sum(stage.is_done for stage in way), here) == PLACES[label.value]
    # Where it stands it is called by its state, with that state's icon.
    assert (way[here - 1].label, way[here - 1].icon) == (label.label, f"state-{label.value}")


def test_what_came_back_is_marked_and_nothing_else() -> None:
    marked = {label for label in StateLabel if any(stage.is_back for stage in way_of(label))}
    assert marked == {StateLabel.RETURNED, StateLabel.SENT_BACK}


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "signed-off", "submitted", "returned", "confirmed"])
def test_the_page_shows_the_way_to_who_sees_the_state(state, body, coordinator, signed_in) -> None:
    submission = submission_in(state, body=body)
    html = signed_in(coordinator).get(f"/en{submission.get_absolute_url()}").content.decode()
    assert html.count('aria-current="step"') == 1
    assert ("is-back" in html) is (state == "returned")


@pytest.mark.django_db
def test_that_it_was_sent_back_inside_a_body_is_shown_to_the_body_alone(
    body, coordinator, approver, focal_point, signed_in
) -> None:
    submission = submission_in("signed-off", body=body, by=focal_point, approver=approver)
    transitions.send_back(submission=submission, by=approver, reason="근거가 없습니다.")
    pages: dict[str, Any] = {
        user.name: signed_in(user).get(f"/en{submission.get_absolute_url()}").content.decode()
        for user in (focal_point, coordinator)
    }
    assert "is-back" in pages[focal_point.name]
    assert "is-back" not in pages[coordinator.name]


@pytest.mark.django_db
def test_who_reads_what_is_confirmed_is_shown_no_way(body, panel_member, signed_in) -> None:
    submission = submission_in("confirmed", body=body)
    answer = signed_in(panel_member).get(f"/en{submission.get_absolute_url()}")
    assert 'aria-current="step"' not in answer.content.decode()
    assert "Where this submission stands" not in text_of(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "returned"])
def test_who_writes_sees_the_way_above_the_steps_of_the_form(state, body, focal_point, signed_in) -> None:
    submission = submission_in(state, body=body)
    html = signed_in(focal_point).get(f"/en{submission.get_absolute_url()}write/").content.decode()
    assert html.count('aria-current="step"') == 1
    assert ("is-back" in html) is (state == "returned")
