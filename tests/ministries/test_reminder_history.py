"""The reminders in a submission's own history: when, to whom by role, and for whom they stand there."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ministries.enums import ReminderTo, Role, State
from ministries.models import ReminderMail, Round, Submission
from ministries.selectors.reminder_pages import sent_about
from ministries.services import reminders, schedule
from ministries.services.reminder_rules import make_rules
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.mail import Outgoing
from tests.factories import RoundFactory, SubmissionFactory, person, submission_in
from tests.pages import in_english

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SignIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)


@pytest.fixture
def round_(db) -> Round:
    """Due in two days, so that two stages have passed."""
    made = RoundFactory(due_date=clock.today() + 2 * DAY, closing_date=clock.today() + 20 * DAY)
    make_rules(made)
    return made


@pytest.fixture
def owed(round_, body, focal_point, approver) -> Submission:
    person(Role.FOCAL_POINT, body)
    return SubmissionFactory(round=round_, body=body)


def by_hand(round_: Round, body, coordinator, **chosen) -> None:
    how = {"recipients": ReminderTo.values, "by": coordinator, "batch": uuid.uuid4(), **chosen}
    reminders.remind(round=round_, bodies=[body], **how)
    with Outgoing() as outgoing:
        for mail in ReminderMail.objects.filter(sent_at=None):
            reminders.send_by_hand(str(mail.pk), outgoing)


def test_what_went_out_together_is_told_once_with_its_stage_or_who_sent_it(
    owed, round_, body, coordinator, mail_server
) -> None:
    schedule.run()
    by_hand(round_, body, coordinator)
    assert [(each.by, each.recipients, each.days) for each in sent_about(owed)] == [
        ("Coordinator", (ReminderTo.FOCAL_POINT, ReminderTo.APPROVER), None),
        ("", (ReminderTo.FOCAL_POINT,), -3),
    ]
    assert len(mail_server.messages) == 2 + 3


def test_only_what_the_email_named_is_told(
    owed, round_, body, other_body, coordinator, focal_point, mail_server
) -> None:
    handed_in = submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=body), by=focal_point)
    other = SubmissionFactory(round=round_, body=body)
    theirs = SubmissionFactory(round=round_, body=other_body)
    by_hand(round_, body, coordinator, only=[owed.pk])
    assert [len(sent_about(each)) for each in (owed, handed_in, other, theirs)] == [1, 0, 0, 0]
    schedule.run()
    assert [len(sent_about(each)) for each in (owed, handed_in, other, theirs)] == [2, 0, 1, 0]


def test_what_was_refused_and_a_message_are_not_told(owed, round_, body, coordinator, mail_server) -> None:
    mail_server.answer = "554 Not today"
    schedule.run()
    assert sent_about(owed) == []
    mail_server.answer = "250 OK"
    how = {"recipients": [ReminderTo.FOCAL_POINT], "by": coordinator, "batch": uuid.uuid4()}
    reminders.send_message(round=round_, bodies=[body], subject="Meeting", text="On Monday.", **how)
    schedule.run()
    assert [each.by for each in sent_about(owed)] == [""], "what was refused is sent by the next run"


def test_the_own_body_and_coordinators_read_it_in_the_history(
    owed, round_, body, coordinator, focal_point, approver, panel_member, mail_server, signed_in: SignIn
) -> None:
    schedule.run()
    for user in (focal_point, approver, coordinator):
        (line,) = reminded(signed_in(user), owed)
        assert (line.reason, line.sign) == ("Focal point · Due date: 3 days before", "bell")
    hands = {"by": focal_point, "approver": approver, "coordinator": coordinator}
    confirmed = submission_in(State.CONFIRMED, owed, **hands)
    assert reminded(signed_in(panel_member), confirmed) == []
    assert len(reminded(signed_in(focal_point), confirmed)) == 1
    times = [entry.at for entry in signed_in(focal_point).get(page(confirmed)).context["history"]]
    assert times == sorted(times, reverse=True)


def page(submission: Submission) -> str:
    return in_english(submission.get_absolute_url())


def reminded(client: Client, submission: Submission) -> list:
    found = client.get(page(submission)).context["history"]
    return [entry for entry in found if str(entry.label) == "Reminder sent"]


def test_many_reminders_cost_as_many_queries_as_one(
    owed, round_, body, coordinator, mail_server, focal_point, signed_in: SignIn
) -> None:
    client = signed_in(focal_point)

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(page(owed))
        return len(found)

    by_hand(round_, body, coordinator)
    count()
    one = count()
    for _time in range(2):
        by_hand(round_, body, coordinator)
    assert (count(), len(sent_about(owed))) == (one, 3)
