"""Each kind of change that is set for others stands in the record as it reads: what it was, and what it is."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.utils.formats import date_format

from ministries.enums import BodyFieldKind, BodyKind, Direction, FigureState, Rating, Role, State
from ministries.figures import Figure
from ministries.services import people, transitions
from ministries.services.assessments import assess
from ministries.services.bodies import save_bodies
from ministries.services.body_fields import change_body_field, create_body_field, remove_body_field
from ministries.services.body_file import BodyEntry, NameEntry
from ministries.services.changes import Change
from ministries.services.closing import close_round, undo_closing
from ministries.services.extensions import end_extension, extend, extend_body
from ministries.services.guidance import write_guidance
from ministries.services.handovers import hand_over, revoke_handover
from ministries.services.indicators import change_indicator, create_indicator, remove_indicator
from ministries.services.ratings import save_rating
from ministries.services.reminder_rules import change_escalation_address, change_rules, make_rules
from ministries.services.rounds import change_round, create_round
from nap_monitor.accounts.models import User
from nap_monitor.accounts.services import change_details
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.localized import LocalizedText
from tests.factories import (
    ActionPlanFactory,
    AssignmentFactory,
    PlanFactory,
    RoundFactory,
    SubmissionFactory,
    both,
    person,
    submission_in,
)
from tests.ministries.loading import OTHER_COUNTRY, changed, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY, DAY = clock.today(), dt.timedelta(days=1)
Told = Callable[..., list[str]]


def said(day: dt.date) -> str:
    """A day as English pages say it."""
    return date_format(day, "SHORT_DATE_FORMAT")


@pytest.fixture
def told(coordinator, signed_in) -> Told:
    """What the newest event of a kind says of changes: each part with its text, in which the page marks what is gone
    and what is new. PostgreSQL keeps the parts in an order of its own."""
    client = signed_in(coordinator)

    def read(kind: str, language: str = "en") -> list[str]:
        html = client.get("/record/" if language == "ko" else f"/{language}/record/", {"kind": kind}).content.decode()
        row = html.partition("<tbody>")[2].partition("</tr>")[0]
        parts = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", row, re.DOTALL)
        return [f"{unescape(name)}: {unescape(re.sub('<[^>]*>', '', text)).strip()}" for name, text in parts]

    return read


def became(before: str, after: str) -> str:
    """Two texts without a common word, as the page sets them."""
    return "".join(f"[{mark}:{text}]" for mark, text in (("removed", before), ("added", after)) if text)


# People


def test_a_person_another_name_and_language_and_whether_the_account_is_open(told, coordinator) -> None:
    people.appoint(role=Role.PANEL_MEMBER, email="one@example.org", name="Somebody", language="ko", by=coordinator)
    assert told("create") == ["Name: [added:Somebody]", "Language of e-mails: [added:Korean]"]
    user = User.objects.get(email="one@example.org")
    change_details(user=user, by=user, name="Else", language="en")
    assert told("details") == [
        "Name: [removed:Somebody][added:Else]",
        "Language of e-mails: [removed:Korean][added:English]",
    ]
    people.deactivate(user=user, by=coordinator, reason="left")
    assert told("deactivate") == ["Active: [removed:yes][added:no]"]
    people.activate(user=user, by=coordinator)
    assert told("activate") == ["Active: [removed:no][added:yes]"]


def test_an_appointment_its_last_day_and_what_a_revoked_handover_puts_back(told, body, coordinator) -> None:
    giver = person(Role.FOCAL_POINT, body, email="old@example.org")
    giver.appointments.update(start=TODAY - 9 * DAY, end=TODAY + 90 * DAY)
    (held,) = giver.appointments.all()
    made = hand_over(appointment=held, by=giver, email="new@example.org", name="Next", on=TODAY + DAY)
    assert told("end") == [f"To: {became(said(TODAY + 90 * DAY), said(TODAY))}"]
    revoke_handover(handover=made, by=coordinator, reason="mistake")
    events = Event.objects.filter(kind="revoke_handover", object_id=str(giver.pk))
    assert [each.data["before"] | each.data["after"] for each in events] == [{"end": str(TODAY + 90 * DAY)}]
    held.refresh_from_db()
    people.end_appointment(appointment=held, on=TODAY + 5 * DAY, by=coordinator, reason="moves")
    assert told("end") == [f"To: {became(said(TODAY + 90 * DAY), said(TODAY + 5 * DAY))}"]


# Plan, rounds, guidance, bodies


def test_the_text_of_a_plan_is_mended_from_a_file(told, tmp_path) -> None:
    path = changed(tmp_path / "plan.yaml", OTHER_COUNTRY)
    run("load_plan", path)
    run("load_plan", changed(tmp_path / "mended.yaml", OTHER_COUNTRY, ("Shelters", "Houses")))
    (change,) = [each for each in told("change") if "Shelters" in each]
    assert "[removed:Shelters]" in change
    assert "[added:Houses]" in change


def test_a_round_its_dates_and_guidance(told, coordinator) -> None:
    days = {"opening_date": TODAY, "due_date": TODAY + DAY, "closing_date": TODAY + 2 * DAY}
    made = create_round(plan=PlanFactory(), year=2022, **days, by=coordinator)
    assert sorted(told("create")) == sorted(
        [
            f"{name}: [added:{said(day)}]"
            for name, day in zip(("Opening date", "Due date", "Closing date"), days.values(), strict=True)
        ]
    )
    later = {**days, "closing_date": TODAY + 9 * DAY}
    change_round(round=made, **later, guidance=both("안내", "Guide"), by=coordinator)
    assert sorted(told("change")) == sorted(
        [
            f"Closing date: {became(said(TODAY + 2 * DAY), said(TODAY + 9 * DAY))}",
            "Guidance (Korean): [added:안내]",
            "Guidance (English): [added:Guide]",
        ]
    )


def test_the_guidance_of_an_action_plan(told, coordinator) -> None:
    round_ = RoundFactory()
    where = {"round": round_, "action_plan": ActionPlanFactory(plan=round_.plan), "by": coordinator}
    for before, after, kind in (("", "one", "create"), ("one", "two", "change"), ("two", "", "remove")):
        write_guidance(**where, changes={"text_en": Change(before, after)})
        assert told(kind) == [f"English: {became(before, after)}"]


def test_a_body_its_names(told) -> None:
    def entry(*names: tuple[dt.date | None, str]) -> BodyEntry:
        texts = [NameEntry(day, LocalizedText(en=name), LocalizedText(en=name[:3])) for day, name in names]
        return BodyEntry("NEW", BodyKind.MINISTRY, False, tuple(texts))

    save_bodies(entries=[entry((None, "Old Ministry"))])
    assert told("create") == ["first name (en): [removed:–][added:Old Ministry]"]
    save_bodies(entries=[entry((None, "Older Ministry"))])
    assert told("change")[0] == "first name (en): [removed:Old][added:Older] Ministry"


# What is asked


def test_an_indicator_from_its_beginning_to_its_end(told, coordinator) -> None:
    assignment = AssignmentFactory()
    values = {"code": "I1", "name_en": "Trained", "direction": "more", "baseline": Figure.of("1.50")}
    made = create_indicator(action_plan=assignment.action_plan, values=values, by=coordinator)
    assert sorted(told("create")) == sorted(
        [
            "Code: [added:I1]",
            "Name (English): [added:Trained]",
            f"Direction: [added:{Direction.MORE.label}]",
            "Baseline: [added:1.5]",
        ]
    )
    unknown = Figure(None, FigureState.NOT_KNOWN)
    changes = {
        "baseline": Change(Figure.of("1.50"), unknown),
        "target_2023": Change(Figure(), Figure.of(9)),
        "assignment": Change(None, assignment),
    }
    change_indicator(indicator=made, changes=changes, by=coordinator)
    assert sorted(told("change")) == sorted(
        [
            "Baseline: [removed:1.5][added:Not known]",
            "Target (2023): [added:9]",
            f"Implementing body: [added:{assignment.body.code}]",
        ]
    )
    remove_indicator(indicator=made, by=coordinator)
    assert sorted(told("remove")) == sorted(
        [
            "Name (English): [removed:Trained]",
            "Code: [removed:I1]",
            f"Direction: [removed:{Direction.MORE.label}]",
            "Baseline: [removed:Not known]",
            f"Implementing body: [removed:{assignment.body.code}]",
            "Target (2023): [removed:9]",
        ]
    )


def test_a_field_of_a_bodys_own(told, body, focal_point) -> None:
    choices = [
        {"code": "1", "label": {"ko": "예산", "en": "Budget"}},
        {"code": "2", "label": {"ko": "인력", "en": "Staff"}},
    ]
    values = {"key": "means", "label_ko": "수단", "kind": "choice", "choices": choices}
    field = create_body_field(body=body, values=values, by=focal_point)
    assert {
        f"Kind: [added:{BodyFieldKind.CHOICE.label}]",
        "Choices: [added:예산 / Budget\n인력 / Staff]",
    } < set(told("create"))
    change_body_field(field=field, changes={"is_required": Change(False, True)}, by=focal_point)
    assert told("change") == ["Required: [removed:no][added:yes]"]
    remove_body_field(field=field, by=focal_point)
    assert "Key: [removed:means]" in told("remove")


# Reminders


def test_the_rules_of_the_reminders_and_the_address_of_a_body(told, body, coordinator) -> None:
    round_ = RoundFactory()
    make_rules(round_)
    change_rules(round=round_, stages=[(-7, "focal-point"), (1, "escalation")], by=coordinator)
    (change,) = told("change_reminders")
    assert change.startswith("Reminders: Focal point: [removed:14][added:7] days before")
    assert change.endswith(
        "[added:Escalation address:] 1 day after[removed:\nApprover: 4 days after\nEscalation address: 8 days after]"
    )
    assert "일 전" in told("change_reminders", "ko")[0]
    change_escalation_address(body=body, address="one@office.example", by=coordinator)
    change_escalation_address(body=body, address="two@office.example", by=coordinator)
    assert told("change_escalation") == ["Escalation address: [removed:one][added:two]@office.example"]


# Exceptions


def test_an_exception_of_one_submission_and_of_a_body(told, body, coordinator) -> None:
    submission = SubmissionFactory(body=body)
    first, second, last = (TODAY + days * DAY for days in (400, 410, 420))
    extend(submission=submission, until=first, reason="late", by=coordinator)
    assert told("extend") == [f"Exception until: [added:{said(first)}]"]
    extend(submission=submission, until=second, reason="later", by=coordinator)
    assert told("extend") == [f"Exception until: {became(said(first), said(second))}"]
    given = extend_body(round=submission.round, body=body, until=last, reason="all", by=coordinator)
    assert told("grant") == [f"Exception until: [added:{said(last)}]"]
    assert told("extend") == [f"Exception until: {became(said(second), said(last))}"]
    end_extension(extension=given, reason="enough", by=coordinator)
    assert told("end") == [f"Exception until: [removed:{said(last)}]"]
    assert told("end_extension") == [f"Exception until: {became(said(last), said(second))}"]


def test_a_closing_and_its_undoing_say_which_exceptions_ended_and_hold_again(told, body, coordinator) -> None:
    submission = SubmissionFactory(body=body, round__opening_date=TODAY - DAY)
    until = TODAY + 400 * DAY
    extend(submission=submission, until=until, reason="late", by=coordinator)
    closing = close_round(round=submission.round, by=coordinator, end_extensions=True)
    assert told("close") == [f"{submission}: [removed:{said(until)}]"]
    undo_closing(closing=closing, reason="mistake", by=coordinator)
    assert told("undo_close") == [f"{submission}: [added:{said(until)}]"]


def test_a_return_that_gives_more_time_says_so(told, body, focal_point, approver, coordinator) -> None:
    found = submission_in(State.SUBMITTED, SubmissionFactory(body=body), by=focal_point, approver=approver)
    until = max(TODAY, found.round.closing_date) + 30 * DAY
    transitions.return_submission(submission=found, by=coordinator, reason="more", due_date=until)
    assert told("return") == [f"Exception until: [added:{said(until)}]"]


# Ratings


def test_a_saved_rating_and_the_one_that_is_confirmed(told, body, focal_point, approver, coordinator) -> None:
    found = submission_in(State.SUBMITTED, SubmissionFactory(body=body), by=focal_point, approver=approver)
    save_rating(submission=found, by=coordinator, rating="attention", reason="slow")
    save_rating(submission=found, by=coordinator, rating="completed", reason="done")
    words = became(str(Rating.ATTENTION.label), str(Rating.COMPLETED.label))
    assert told("rate") == [f"Coordinator's rating: {words}", "Reason: [removed:slow][added:done]"]
    transitions.confirm(submission=found, by=coordinator, rating="completed", reason="done")
    assert told("confirm") == [f"Coordinator's rating: [added:{Rating.COMPLETED.label}]", "Reason: [added:done]"]


def test_the_mark_of_a_joint_action_plan_and_one_that_was_recorded_without_its_reason(told, coordinator) -> None:
    first = AssignmentFactory()
    round_ = RoundFactory(plan=first.action_plan.plan, year=2022)
    for each in (first, AssignmentFactory(action_plan=first.action_plan)):
        SubmissionFactory(assignment=each, round=round_)
    where = {"round": round_, "action_plan": first.action_plan, "by": coordinator}
    assess(**where, rating="attention", reason="slow")
    found = assess(**where, rating="completed", reason="done")
    words = f"Coordinator's rating: {became(str(Rating.ATTENTION.label), str(Rating.COMPLETED.label))}"
    assert told("assess") == [words, "Reason: [removed:slow][added:done]"]
    old = {"object_kind": "ministries.assessment", "object_id": str(found.pk), "object_label": "2022"}
    Event.objects.create(kind="assess", **old, data={"before": "attention", "rating": "completed"})
    assert told("assess") == [words]
