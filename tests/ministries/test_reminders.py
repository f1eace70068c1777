"""Reminders that arrive: once, late rather than never, each in one digest a person, over a real mail server."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import gettext, override

from ministries.enums import Delivery, MailFault, ReminderTo, Role, State
from ministries.models import Appointment, Reminder, ReminderMail, ReminderRule, Round, ScheduleRun, Submission
from ministries.selectors.reminders import MOST_ATTEMPTS, bodies_without_recipient
from ministries.selectors.reminders import plan as planned
from ministries.services import extensions, reminders, schedule
from ministries.services.reminder_rules import DEFAULTS, make_rules
from ministries.services.rounds import change_round, create_round
from nap_monitor.lib import clock
from nap_monitor.lib.mail import Outgoing
from objectives.models import ActionPlan
from tests.factories import (
    AppointmentFactory,
    ImplementingBodyFactory,
    PlanFactory,
    RoundFactory,
    SubmissionFactory,
    both,
    person,
    submission_in,
)

pytestmark = pytest.mark.django_db

DUE = dt.date(2022, 1, 31)


def day(number: int) -> dt.date:
    """So many days after the due date of the round."""
    return DUE + dt.timedelta(days=number)


def noon(number: int) -> dt.datetime:
    with clock.at(day(number)):
        return clock.now()


def run(number: int, **how) -> schedule.Report:
    """A run of the schedule on that day."""
    return schedule.run(as_of=noon(number), **how)


@pytest.fixture
def round_(db) -> Round:
    made = RoundFactory(year=2021, opening_date=day(-60), due_date=DUE, closing_date=day(30))
    make_rules(made)
    return made


@pytest.fixture
def submission(round_, body) -> Submission:
    return SubmissionFactory(round=round_, body=body)


@pytest.fixture
def focal(body):
    return person(Role.FOCAL_POINT, body, name="김담당", email="focal@example.org", language="ko")


@pytest.fixture(autouse=True)
def _long_appointed(monkeypatch) -> None:
    """People are appointed since long before the days of these tests."""
    monkeypatch.setattr(AppointmentFactory._meta.declarations["start"], "function", lambda: dt.date(2020, 1, 1))


def rows() -> list[tuple[str, int, dt.date, str]]:
    return [
        (row.recipient, row.days, row.due_date, row.mail.state)
        for row in Reminder.objects.select_related("mail").order_by("due_date", "days")
    ]


def test_a_round_is_made_with_rules(coordinator) -> None:
    plan = PlanFactory()
    made = create_round(plan=plan, year=2021, opening_date=day(-60), due_date=DUE, closing_date=day(30), by=coordinator)
    assert {(rule.days, rule.recipient) for rule in made.reminder_rules.all()} == set(DEFAULTS)


def test_each_stage_is_sent_once_and_to_whom_it_is_for(submission, body, focal, mail_server) -> None:
    person(Role.APPROVER, body, email="approver@example.org")
    body.escalation_address = "Office@example.org"
    body.save()
    sent = {}
    for number in (-15, -14, -13, -4, -3, -2, 0, 1, 2, 4, 5, 8, 9, 30):
        before = len(mail_server.messages)
        assert not run(number).has_failed
        if new := mail_server.to[before:]:
            sent[number] = new
        run(number)
        assert len(mail_server.messages) == before + len(new), "the same day again sends nothing"
    assert sent == {
        -14: ["focal@example.org"],
        -3: ["focal@example.org"],
        1: ["focal@example.org"],
        4: ["approver@example.org"],
        8: ["office@example.org"],
    }
    assert len({message["Message-ID"] for message in mail_server.messages}) == 5
    assert [row[3] for row in rows()] == [Delivery.SENT] * 5
    assert run(31).lines == [], "nothing after the closing"


def test_passed_stages_are_sent_late_in_one_digest_and_all_recorded(submission, focal, mail_server) -> None:
    report = run(2)
    assert mail_server.to == ["focal@example.org"]
    assert [(row[1], row[3]) for row in rows()] == [(-14, "sent"), (-3, "sent"), (1, "sent")]
    assert len(report.lines) == 1
    assert reverse("ministries:submission_list", args=[submission.round.plan.number, 2021]) in mail_server.texts()[0]
    # A stage that is put in before one that was sent is not worth an e-mail.
    ReminderRule.objects.create(round=submission.round, days=-5, recipient=ReminderTo.FOCAL_POINT)
    run(2)
    assert len(mail_server.messages) == 1


def test_what_is_submitted_is_no_longer_reminded_of_and_a_draft_is(round_, body, focal, mail_server) -> None:
    with clock.at(day(-20)):
        for state in (State.SUBMITTED, State.CONFIRMED, State.SIGNED_OFF, State.RETURNED, State.DRAFT):
            submission_in(state, SubmissionFactory(round=round_, body=body), by=focal)
    run(1)
    text, _html = mail_server.texts()
    codes = {each.assignment.action_plan.code: each.state for each in Submission.objects.all()}
    told = {codes[line.split()[1]] for line in text.splitlines() if line.startswith("- ")}
    assert told == {State.SIGNED_OFF, State.RETURNED, State.DRAFT}


def test_one_digest_for_all_bodies_and_due_dates_of_a_person(round_, body, other_body, focal, mail_server) -> None:
    AppointmentFactory(user=focal, body=other_body)
    made = [SubmissionFactory(round=round_, body=each) for each in (body, body, other_body)]
    Submission.objects.filter(pk=made[1].pk).update(extended_until=day(5))
    run(2)
    (_message,) = mail_server.messages
    text, html = mail_server.texts()
    for each in made:
        assert f"/plans/{round_.plan.number}/2021/{each.assignment.body.code}/" in text
        assert each.assignment.action_plan.code in html
    assert len(rows()) == 3 + 2 + 3  # for the later due date, the stage after it has not come yet
    assert run(5).lines == []
    run(6)
    assert len(mail_server.messages) == 2


def test_an_extension_makes_new_due_dates(submission, focal, coordinator, mail_server) -> None:
    run(-14)
    with clock.at(day(-10)):
        extensions.extend(submission=submission, until=day(20), reason="사정", by=coordinator)
    assert run(2).lines == [], "the old stages no longer concern it"
    run(6)
    assert rows() == [("focal-point", -14, DUE, "sent"), ("focal-point", -14, day(20), "sent")]
    assert len(mail_server.messages) == 2


def test_another_due_date_of_the_round_makes_new_stages(submission, focal, coordinator, mail_server) -> None:
    run(-3)
    round_ = submission.round
    with clock.at(day(-2)):
        change_round(
            round=round_,
            opening_date=round_.opening_date,
            due_date=day(10),
            closing_date=round_.closing_date,
            by=coordinator,
        )
    run(0)
    assert [(row[1], row[2]) for row in rows()] == [(-14, DUE), (-3, DUE), (-14, day(10))]


def test_rounds_that_are_not_open_or_closed_remind_of_exceptions_only(submission, focal, mail_server) -> None:
    Round.objects.update(opening_date=day(-2))
    assert run(-3).lines == []
    assert run(31).lines == []
    Submission.objects.update(extended_until=day(40))
    run(37)
    assert [(row[1], row[2]) for row in rows()] == [(-14, day(40)), (-3, day(40))]
    assert run(41).lines == [], "the exception has ended, so nothing can be submitted"


def test_a_refused_address_stops_no_other_and_is_tried_again(round_, body, other_body, focal, mail_server) -> None:
    other = person(Role.FOCAL_POINT, other_body, email="other@example.org", name="A comes first")
    for each in (body, other_body):
        SubmissionFactory(round=round_, body=each)
    mail_server.refused = {"other@example.org"}
    report = run(-3)
    assert mail_server.to == ["focal@example.org"]
    assert report.has_failed
    failed = ReminderMail.objects.get(user=other)
    assert (failed.state, failed.fault, failed.smtp_code) == (Delivery.FAILED, MailFault.RECIPIENT, 550)
    mail_server.refused = set()
    assert not run(-3).has_failed
    assert mail_server.to == ["focal@example.org", "other@example.org"]
    again = ReminderMail.objects.get(user=other)
    assert (again.state, again.attempts, again.fault) == (Delivery.SENT, 2, "")
    assert mail_server.messages[-1]["Message-ID"] == failed.message_id


def test_the_next_stage_takes_over_what_was_refused(submission, focal, mail_server) -> None:
    mail_server.answer = "554 Not today"
    run(-14)
    first = ReminderMail.objects.get()
    assert (first.state, first.fault, first.smtp_code) == (Delivery.FAILED, MailFault.MESSAGE, 554)
    mail_server.answer = "250 OK"
    run(-3)
    first.refresh_from_db()
    assert first.state == Delivery.REPLACED
    assert [(row[1], row[3]) for row in rows()] == [(-14, "sent"), (-3, "sent")]
    assert len(mail_server.messages) == 1
    assert mail_server.messages[0]["Message-ID"] != first.message_id


def test_it_gives_up_after_many_attempts_until_the_next_stage(submission, focal, mail_server) -> None:
    mail_server.refused = {"focal@example.org"}
    for _attempt in range(MOST_ATTEMPTS + 3):
        run(-14)
    assert ReminderMail.objects.get().attempts == MOST_ATTEMPTS
    mail_server.refused = set()
    run(-3)
    assert len(mail_server.messages) == 1


def test_a_server_that_is_away_costs_no_attempt_and_ends_the_run(round_, body, focal, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    SubmissionFactory(round=round_, body=body)
    report = run(-3)
    assert (report.is_server_away, report.untried, report.lines) == (True, 1, [])
    assert not ReminderMail.objects.exists()
    assert ScheduleRun.objects.get().failed == 1


def test_a_claim_whose_process_was_killed_is_taken_up_under_the_same_id(submission, focal, mail_server) -> None:
    with clock.at(day(-3)):
        (digest,) = planned().digests
        claimed = reminders.claim(digest)
    assert claimed is not None
    report = run(-3)
    assert (report.lines, report.elsewhere) == ([], 1), "its lease holds"
    ReminderMail.objects.update(lease_until=clock.real_now() - dt.timedelta(seconds=1))
    run(-3)
    assert mail_server.messages[0]["Message-ID"] == claimed.message_id
    assert ReminderMail.objects.get().state == Delivery.SENT


def test_a_later_stage_waits_for_a_claim_and_takes_it_over_once_it_is_lost(submission, focal, mail_server) -> None:
    with clock.at(day(-14)):
        claimed = reminders.claim(planned().digests[0])
    report = run(-3)
    assert (report.lines, report.elsewhere, mail_server.messages) == ([], 1, [])
    ReminderMail.objects.update(lease_until=clock.real_now() - dt.timedelta(seconds=1))
    run(-3)
    claimed.refresh_from_db()
    assert claimed.state == Delivery.REPLACED
    assert [(row[1], row[3]) for row in rows()] == [(-14, "sent"), (-3, "sent")]
    assert [message["Message-ID"] != claimed.message_id for message in mail_server.messages] == [True]


def test_of_two_that_found_the_same_one_sends(submission, focal, mail_server) -> None:
    with clock.at(day(-3)):
        digests = [planned().digests[0] for _process in range(2)]
        claims = [reminders.claim(digest) for digest in digests]
        assert [claim is None for claim in claims] == [False, True]
        with Outgoing() as outgoing:
            reminders.send_digest(digests[0], claims[0], outgoing)
        assert reminders.claim(digests[1]) is None, "also once it is sent"
    assert len(mail_server.messages) == 1


def test_of_two_that_found_the_same_lost_one_one_sends(submission, focal) -> None:
    with clock.at(day(-3)):
        reminders.claim(planned().digests[0])
        ReminderMail.objects.update(lease_until=clock.real_now() - dt.timedelta(seconds=1))
        digests = [planned().digests[0] for _process in range(2)]
        assert [reminders.claim(digest) is None for digest in digests] == [False, True]


@pytest.mark.parametrize(
    ("language", "subject", "path"),
    [
        ("ko", "[제출 독촉] 추진실적 미제출 1건(기한 경과 1건)", "/plans/"),
        ("en", "Reminder: submissions awaited (1), of these overdue (1)", "/en/plans/"),
    ],
)
def test_it_is_in_the_language_of_its_reader(language, subject, path, submission, focal, settings, mail_server) -> None:
    settings.SITE_URL = "https://nap.example.org"
    focal.language = language
    focal.save()
    run(2)
    (message,) = mail_server.messages
    assert message["Subject"].strip() == subject
    assert message["Message-ID"].endswith("@nap.example.org>")
    address = f"https://nap.example.org{path}{'/'.join(map(str, submission.address))}/"
    text, html = mail_server.texts()
    assert address in text
    assert f'href="{address}"' in html
    assert f'<html lang="{language}">' in html
    assert ("&#" in text, "&amp;" in text) == (False, False)
    with override(language):
        sample = gettext("This is a sample installation: people, roles and reports in it are made up.")
    assert sample in text
    assert sample in html


def test_a_title_with_signs_of_html_is_escaped_there_and_plain_in_the_text(round_, body, focal, mail_server) -> None:
    SubmissionFactory(round=round_, body=body)
    ActionPlan.objects.update(title=both("<b>교육</b> & 홍보"))
    run(2)
    text, html = mail_server.texts()
    assert "<b>교육</b> & 홍보" in text
    assert "&lt;b&gt;교육&lt;/b&gt; &amp; 홍보" in html


def test_bodies_that_nobody_is_reminded_in_are_a_fault(submission, other_body, body, focal) -> None:
    SubmissionFactory(round=submission.round, body=other_body)
    missing = {each.body.code: each.recipients for each in _missing(submission.round)}
    everybody = (ReminderTo.FOCAL_POINT, ReminderTo.APPROVER, ReminderTo.ESCALATION)
    assert missing == {"OWN": everybody[1:], "OTHER": everybody}
    ReminderRule.objects.exclude(recipient=ReminderTo.FOCAL_POINT).delete()
    assert {each.body.code for each in _missing(submission.round)} == {"OTHER"}
    report = run(-3)
    assert [(each.body.code, each.recipients) for _round, each in report.missing] == [("OTHER", everybody[:1])]
    assert not report.has_failed


def _missing(round_: Round) -> list:
    with clock.at(day(-10)):
        return bodies_without_recipient(round_)


def test_who_left_or_is_closed_is_not_reminded(submission, body, focal, mail_server) -> None:
    person(Role.FOCAL_POINT, body, email="gone@example.org", is_active=False)
    left = person(Role.FOCAL_POINT, body, email="left@example.org")
    Appointment.objects.filter(user=left).update(end=day(-4))
    run(-3)
    assert mail_server.to == ["focal@example.org"]


# The command


def command(*words: str) -> str:
    out = io.StringIO()
    call_command("run_schedule", *words, stdout=out)
    return out.getvalue()


def test_a_dry_run_lists_and_sends_and_writes_nothing(submission, focal, english, mail_server) -> None:
    said = command("--dry-run", "--now", "2022-01-29")
    assert "2021 OWN Focal point, 2022-01-31 3 days before" in said
    assert "1 e-mail is due. Nothing was sent." in said
    assert mail_server.messages == []
    assert not (ReminderMail.objects.exists())
    assert not (ScheduleRun.objects.exists())
    assert "focal@example.org" not in said


def test_trying_out_sends_all_to_one_address_and_records_nothing(submission, focal, english, mail_server) -> None:
    assert "Nothing was recorded" in command("--to", "me@example.org", "--now", "2022-01-29T09:00")
    assert mail_server.to == ["me@example.org"]
    assert not (ReminderMail.objects.exists())
    assert not (ScheduleRun.objects.exists())
    command("--now", "2022-01-29")
    assert mail_server.to == ["me@example.org", "focal@example.org"]
    assert mail_server.messages[0]["Message-ID"] != mail_server.messages[1]["Message-ID"]


def test_the_command_fails_where_something_was_not_sent(submission, focal, english, mail_server, caplog) -> None:
    mail_server.refused = {"focal@example.org"}
    with pytest.raises(CommandError, match="Some e-mails were not sent"):
        command("--now", "2022-01-29")
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert ours
    assert not [text for text in ours if "focal@example.org" in text]
    found = ScheduleRun.objects.get()
    assert (found.sent, found.failed, found.finished_at is not None) == (0, 1, True)


@pytest.mark.parametrize("words", [("--now", "soon"), ("--now", "2022-13-01"), ("--to", "nobody")])
def test_the_command_refuses_what_it_cannot_read(words, db) -> None:
    with pytest.raises(CommandError):
        command(*words)
    assert not ScheduleRun.objects.exists()


def test_the_number_of_queries_does_not_grow(round_, django_assert_num_queries) -> None:
    for number in range(3):
        body = ImplementingBodyFactory()
        person(Role.FOCAL_POINT, body)
        SubmissionFactory(round=round_, body=body)
        if number == 0:
            with clock.at(day(2)), django_assert_num_queries(5):
                assert len(planned().digests) == 1
    with clock.at(day(2)), django_assert_num_queries(5):
        assert len(planned().digests) == 3
