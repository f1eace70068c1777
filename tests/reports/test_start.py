"""The start pages of who reports and who coordinates: what to do next, what waits by urgency, the whole at a glance."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role, State, StateLabel
from ministries.models import Appointment, Extension, ImplementingBody, Round, Submission
from ministries.selectors.rounds import current_round
from ministries.services.transitions import send_back
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.selectors.start import COLUMNS, start_page
from reports.selectors.start.parts import Next, Part
from tests.factories import AppointmentFactory, RoundFactory, SubmissionFactory, fill_in, person, submission_in
from tests.pages import text_of

SignIn = Callable[[User], Client]
TODAY = clock.today


@pytest.fixture
def round(db: None) -> Round:
    """An open round."""
    return RoundFactory(year=2023)


def part(user: User, round: Round | None) -> Part:
    (found,) = start_page(user, round)
    return found


def codes(user: User, round: Round) -> dict[str, list[str]]:
    return {task.code: [row.code for row in task.rows] for task in part(user, round).tasks}


def next_of(user: User, round: Round | None) -> Next:
    return part(user, round).next


def code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


def days(number: int) -> dt.date:
    return TODAY() + dt.timedelta(days=number)


def due(submission: Submission, day: dt.date) -> Submission:
    """As if it alone had been given until ``day``, and the round had been due yesterday."""
    Round.objects.filter(pk=submission.round_id).update(due_date=days(-1))
    Submission.objects.filter(pk=submission.pk).update(extended_until=day)
    given = {"round": submission.round, "body": submission.assignment.body, "submission": submission}
    Extension.objects.create(**given, until=day)
    submission.refresh_from_db()
    submission.round.refresh_from_db()
    return submission


# Focal points and approvers


def test_a_focal_point_sees_the_own_body_only_in_the_order_in_which_it_presses(
    round: Round, body: ImplementingBody, focal_point: User, approver: User
) -> None:
    not_started = SubmissionFactory(round=round, body=body)
    draft = fill_in(SubmissionFactory(round=round, body=body), focal_point, self_rating="")
    complete = fill_in(SubmissionFactory(round=round, body=body), focal_point)
    signed = submission_in(State.SIGNED_OFF, round=round, body=body, approver=approver)
    returned = submission_in(State.RETURNED, round=round, body=body)
    sent_back = submission_in(State.SIGNED_OFF, round=round, body=body, approver=approver)
    send_back(submission=sent_back, by=approver, reason="…")
    submission_in(State.SUBMITTED, round=round)
    found = codes(focal_point, round)
    assert list(found) == ["returned", "drafts", "not-started", "to-submit", "waiting"]
    assert sorted(found["returned"]) == sorted([code(returned), code(sent_back)])
    assert {name: found[name] for name in ("drafts", "not-started", "to-submit", "waiting")} == {
        "drafts": [code(draft)],
        "not-started": [code(not_started)],
        "to-submit": [code(signed)],
        "waiting": [code(complete)],
    }
    assert list(codes(approver, round)) == ["to-sign-off", "to-submit", "returned", "drafts", "not-started"]


def test_where_nobody_approves_the_focal_point_is_told_to_sign_off(
    round: Round, body: ImplementingBody, focal_point: User
) -> None:
    complete = fill_in(SubmissionFactory(round=round, body=body), focal_point)
    found = next_of(focal_point, round)
    assert (found.code, found.verb, found.url) == ("to-sign-off", "sign-off", complete.get_absolute_url())


def test_who_writes_and_signs_sees_what_came_back_before_what_is_to_be_signed(
    round: Round, body: ImplementingBody, focal_point: User
) -> None:
    AppointmentFactory(user=focal_point, role=Role.APPROVER, body=body)
    both = User.objects.get(pk=focal_point.pk)
    fill_in(SubmissionFactory(round=round, body=body), both)
    submission_in(State.RETURNED, round=round, body=body, by=both, approver=both)
    assert list(codes(both, round)) == ["returned", "to-sign-off"]
    assert part(both, round).roles == (Role.FOCAL_POINT, Role.APPROVER)


def test_what_is_due_within_a_week_stands_before_what_is_due_later(
    round: Round, body: ImplementingBody, focal_point: User
) -> None:
    later = due(SubmissionFactory(round=round, body=body), days(8))
    soon = due(SubmissionFactory(round=round, body=body), days(7))
    today = due(SubmissionFactory(round=round, body=body), days(0))
    assert codes(focal_point, soon.round) == {"due": [code(today), code(soon)], "not-started": [code(later)]}


def test_the_next_thing_is_the_overdue_one_and_its_button_opens_the_steps_of_the_form(
    round: Round, body: ImplementingBody, focal_point: User
) -> None:
    submission_in(State.RETURNED, due(SubmissionFactory(round=round, body=body), days(3)))
    late = SubmissionFactory(round=round, body=body)
    late.round.refresh_from_db()
    found = next_of(focal_point, late.round)
    assert (found.code, found.verb, found.number) == ("overdue", "write", 1)
    assert found.url == f"{late.get_absolute_url()}write/"
    assert found.row.days_left == -1


def test_after_the_closing_day_one_is_told_to_ask_for_an_extension(
    round: Round, body: ImplementingBody, focal_point: User, signed_in: SignIn
) -> None:
    late = SubmissionFactory(round=round, body=body)
    Round.objects.update(due_date=days(-2), closing_date=days(-1))
    found = next_of(focal_point, current_round())
    assert (found.code, found.verb, found.url) == ("closed", "open", late.get_absolute_url())
    assert "Ask for more time on the page of the submission" in text_of(signed_in(focal_point).get("/en/"))


def test_what_is_still_awaited_from_another_year_is_not_forgotten(
    round: Round, body: ImplementingBody, focal_point: User, coordinator: User
) -> None:
    before = RoundFactory(
        plan=round.plan, year=2022, opening_date=days(-400), due_date=days(-300), closing_date=days(-200)
    )
    missed = SubmissionFactory(round=before, body=body)
    excepted = SubmissionFactory(round=before, body=body, extended_until=TODAY())
    assert codes(focal_point, round) == {"due": [code(excepted)]}
    assert codes(coordinator, round)["elsewhere"] == [code(missed), code(excepted)]


def test_the_whole_at_a_glance_adds_up(round: Round, body: ImplementingBody, focal_point: User, approver: User) -> None:
    SubmissionFactory(round=round, body=body)
    for state in (State.SUBMITTED, State.CONFIRMED, State.SIGNED_OFF):
        submission_in(state, round=round, body=body, by=focal_point, approver=approver)
    found = part(focal_point, round)
    assert (found.handed_in, found.confirmed, found.total, found.overdue) == (2, 1, 4, 0)
    assert dict(found.counts) == dict.fromkeys(
        (StateLabel.NOT_STARTED, StateLabel.SUBMITTED, StateLabel.CONFIRMED, StateLabel.SIGNED_OFF), 1
    )


@pytest.mark.parametrize(
    ("state", "expected"), [(State.SUBMITTED, "all-submitted"), (State.CONFIRMED, "all-confirmed")]
)
def test_when_all_is_done_it_says_so_and_when_the_next_round_opens(
    state: State, expected: str, round: Round, body: ImplementingBody, focal_point: User, signed_in: SignIn
) -> None:
    submission_in(state, round=round, body=body)
    RoundFactory(plan=round.plan, year=2024, opening_date=dt.date(2099, 3, 1), due_date=dt.date(2099, 4, 1))
    assert (next_of(focal_point, round).code, part(focal_point, round).tasks) == (expected, [])
    assert "The next round (2024) opens on 1 March 2099." in text_of(signed_in(focal_point).get("/en/"))


def test_before_the_opening_day_it_says_when_it_opens(
    round: Round, body: ImplementingBody, focal_point: User, signed_in: SignIn
) -> None:
    SubmissionFactory(round=round, body=body)
    Round.objects.update(opening_date=dt.date(2099, 3, 1), due_date=dt.date(2099, 4, 1), closing_date="2099-05-01")
    assert (next_of(focal_point, current_round()).code, part(focal_point, current_round()).tasks) == ("not-open", [])
    assert "Round 2023 opens on 1 March 2099" in text_of(signed_in(focal_point).get("/en/"))


def test_a_body_without_assignments_and_a_year_without_a_round_have_their_words(
    round: Round, focal_point: User
) -> None:
    assert next_of(focal_point, round).code == "no-assignments"
    assert next_of(focal_point, None).code == "no-round"


# Coordinators


def test_a_coordinator_sees_what_waits_for_review_oldest_first(round: Round, coordinator: User) -> None:
    with clock.at(days(-3)):
        older = submission_in(State.SUBMITTED, round=round)
    with clock.at(days(-9)):
        oldest = submission_in(State.SUBMITTED, round=round)
    newest = submission_in(State.SUBMITTED, round=round)
    assert codes(coordinator, round)["to-review"] == [code(oldest), code(older), code(newest)]
    found = next_of(coordinator, round)
    assert (found.code, found.number, found.url) == ("to-review", 3, f"{oldest.get_absolute_url()}review/")
    rows = next(task.rows for task in part(coordinator, round).tasks if task.code == "to-review")
    assert [row.url for row in rows] == [f"{each.get_absolute_url()}review/" for each in (oldest, older, newest)]


def test_a_coordinator_sees_every_body_late_ones_first(round: Round, coordinator: User) -> None:
    confirmed = submission_in(State.CONFIRMED, round=round)
    punctual = due(SubmissionFactory(round=round), days(9))
    late = SubmissionFactory(round=round)
    late.round.refresh_from_db()
    found = part(coordinator, late.round)
    assert (found.total, found.overdue, found.confirmed, found.handed_in) == (3, 1, 1, 1)
    assert (found.next.code, found.next.number) == ("late", 1)
    assert [body.code for body in found.bodies] == [each.assignment.body.code for each in (late, punctual, confirmed)]
    assert [(body.code, body.overdue, body.latest) for body in found.late_bodies] == [(late.assignment.body.code, 1, 1)]
    for body in found.bodies:
        assert sum(body.cells) == body.total == 1


def test_the_columns_of_the_table_cover_every_state_a_coordinator_is_told(coordinator: User) -> None:
    assert set(COLUMNS) == set(StateLabel) - {StateLabel.SENT_BACK}


def test_faults_are_what_nobody_can_confirm_and_bodies_without_people(
    round: Round, lead_body: ImplementingBody, coordinator: User, body: ImplementingBody, signed_in: SignIn
) -> None:
    AppointmentFactory(user=coordinator, role=Role.FOCAL_POINT, body=lead_body)
    both = User.objects.get(pk=coordinator.pk)
    stuck = submission_in(State.SUBMITTED, round=round, body=lead_body, by=both)
    SubmissionFactory(round=round, body=body)
    found = start_page(both, round)[0]
    assert [each.pk for each in found.unconfirmable] == [stuck.pk]
    assert [(each.code, each.roles) for each in found.vacancies] == [("OWN", (Role.FOCAL_POINT, Role.APPROVER))]
    page = text_of(signed_in(both).get("/en/"))
    assert "Nobody can confirm these submissions" in page
    assert "Own Ministry : Focal point, Approver" in page


def test_when_all_is_confirmed_the_report_is_next(round: Round, coordinator: User) -> None:
    submission_in(State.CONFIRMED, round=round)
    Appointment.objects.filter(role__in=[Role.FOCAL_POINT, Role.APPROVER]).update(end=None)
    found = next_of(coordinator, round)
    assert (found.code, found.url) == ("report", reverse("reports:document_list", args=[round.plan.number, 2023]))


def test_while_bodies_write_a_coordinator_is_told_what_will_come(round: Round, coordinator: User) -> None:
    home = SubmissionFactory(round=round).assignment.body
    for role in (Role.FOCAL_POINT, Role.APPROVER):
        person(role, home)
    found = next_of(coordinator, round)
    assert (found.code, found.number, found.day) == ("nothing-to-review", 1, round.due_date)


def test_without_a_round_a_coordinator_is_led_to_make_one(coordinator: User, signed_in: SignIn) -> None:
    assert next_of(coordinator, None).url == reverse("ministries:round_list")
    assert signed_in(coordinator).get("/en/").status_code == 200


# All


@pytest.mark.parametrize("role", list(Role))
def test_as_many_queries_for_one_submission_as_for_many(
    round: Round, body: ImplementingBody, lead_body: ImplementingBody, role: Role, signed_in: SignIn
) -> None:
    homes = {Role.COORDINATOR: lead_body, Role.FOCAL_POINT: body, Role.APPROVER: body}
    client = signed_in(person(role, homes.get(role)))

    def more() -> None:
        for state in (State.CONFIRMED, State.SUBMITTED, State.RETURNED):
            submission_in(state, round=round, body=body)
            submission_in(state, round=round)
        SubmissionFactory(round=round, body=body)
        SubmissionFactory(round=round)
        person(Role.PANEL_MEMBER).appointments.update(end=days(-1))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("home")).status_code == 200
        return len(queries)

    more()
    client.get(reverse("home"))
    few = asked()
    more()
    more()
    assert asked() == few


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("has_round", [True, False])
@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_one_card_with_at_most_one_primary_button(
    role: Role, has_round: bool, language: str, db: None, signed_in: SignIn
) -> None:
    if has_round:
        submission_in(State.CONFIRMED, round=RoundFactory(year=2023))
    page = signed_in(person(role)).get(f"{language}/").content.decode()
    assert page.count('class="next-card') == 1
    assert page.count("krds-btn large primary") <= 1
    assert page.count("<h1") == 1


def test_several_to_sign_off_or_to_submit_lead_to_the_desk_where_that_is_done_at_once(
    round: Round, body: ImplementingBody, approver: User, other_body: ImplementingBody, signed_in: SignIn
) -> None:
    for _number in range(2):
        submission_in(State.SIGNED_OFF, round=round, body=body, approver=approver)
    desk = reverse("ministries:signoff_desk", args=[round.plan.number, 2023, "OWN"])
    assert part(approver, round).desk == desk
    page = signed_in(approver).get(reverse("home")).content.decode()
    assert page.count(f'href="{desk}"') == 1
    AppointmentFactory(user=approver, role=Role.APPROVER, body=other_body)
    assert part(User.objects.get(pk=approver.pk), round).desk == ""
