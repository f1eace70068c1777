"""The pages of the reminders: their stages, the log, sending by hand with a preview, the address of a body."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from ministries.enums import Delivery, MailFault, Occasion, ReminderTo, Role, State
from ministries.models import Reminder, ReminderMail, ReminderRule, Round, ScheduleRun, Submission
from ministries.selectors.schedule import LATE_AFTER, schedule_state
from ministries.services import reminder_rules, reminders
from ministries.services.reminder_rules import DEFAULTS
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import ImplementingBodyFactory, RoundFactory, SubmissionFactory, person, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

Pages = Callable[[User], Client]
FOCAL = ReminderTo.FOCAL_POINT.value


@pytest.fixture
def round_(db) -> Round:
    made = RoundFactory(year=2022)
    reminder_rules.make_rules(made)
    return made


@pytest.fixture
def submission(round_, body) -> Submission:
    return SubmissionFactory(round=round_, body=body)


@pytest.fixture
def client(signed_in: Pages, coordinator: User) -> Client:
    """The coordinator's browser."""
    return signed_in(coordinator)


def at(name: str, round_: Round, query: str = "") -> str:
    return in_english(reverse(f"ministries:reminder_{name}", args=[round_.plan.number, round_.year])) + query


def office_of(body) -> str:
    return in_english(reverse("ministries:escalation_change", args=[body.code]))


# Who may


@pytest.mark.parametrize("name", ["rules", "log", "send"])
def test_coordinators_alone_open_the_pages(
    name, round_, signed_in, client, focal_point, approver, panel_member
) -> None:
    assert client.get(at(name, round_)).status_code == 200
    for user in (focal_point, approver, panel_member):
        assert signed_in(user).get(at(name, round_)).status_code == 404
        assert signed_in(user).post(at(name, round_), {"send": "1"}).status_code in (404, 405)
    assert Client().get(at(name, round_)).status_code == 302
    assert client.get(at(name, round_).replace("2022", "2023")).status_code == 404
    assert not ReminderMail.objects.exists()


def test_the_log_is_read_only(client, round_) -> None:
    assert client.post(at("log", round_)).status_code == 405


def test_services_ask_who_may(round_, body, focal_point, approver, other_body) -> None:
    with pytest.raises(NotPermitted):
        reminder_rules.change_rules(round=round_, stages=[], by=approver)
    with pytest.raises(NotPermitted):
        reminders.remind(round=round_, bodies=[body], recipients=[FOCAL], by=approver, batch=uuid.uuid4())
    for by, of in ((focal_point, body), (approver, other_body)):
        with pytest.raises(NotPermitted):
            reminder_rules.change_escalation_address(body=of, address="office@example.org", by=by)


# Stages


def test_stages_are_changed_on_record(client, round_) -> None:
    page = client.get(at("rules", round_))
    data = form_data(page) | {
        "stages-0-days": "7",
        "stages-1-DELETE": "on",
        "stages-5-days": "0",
        "stages-5-when": "after",
        "stages-5-recipient": "approver",
    }
    answer = client.post(at("rules", round_), data)
    assert answer.status_code == 302
    kept = [each for each in DEFAULTS if each[0] not in (-14, -3)]
    assert reminder_rules.stages_of(round_) == sorted([(-7, FOCAL), (0, "approver"), *kept])
    (event,) = Event.objects.filter(kind="change_reminders")
    assert event.data["before"] == [list(each) for each in sorted(DEFAULTS)]
    assert client.post(at("rules", round_), form_data(client.get(at("rules", round_)))).status_code == 302
    assert Event.objects.filter(kind="change_reminders").count() == 1, "nothing changed"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"stages-0-days": "200"}, "less than or equal to 90"),
        ({"stages-0-days": "x"}, "whole number"),
        ({"stages-0-recipient": "nobody"}, "nobody"),
        ({"stages-0-days": "3"}, "The same stage stands there twice."),
    ],
)
def test_bad_stages_are_refused_and_stay_typed(typed, sentence, client, round_) -> None:
    data = form_data(client.get(at("rules", round_))) | typed
    answer = client.post(at("rules", round_), data)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert set(reminder_rules.stages_of(round_)) == set(DEFAULTS)


def test_another_row_is_added_without_a_script(client, round_) -> None:
    data = form_data(client.get(at("rules", round_))) | {"stages-0-days": "x", "stages-add": "1"}
    answer = client.post(at("rules", round_), data)
    assert answer.status_code == 200
    assert 'name="stages-6-days"' in answer.content.decode()


def test_two_who_change_the_stages_do_not_overwrite_each_other(client, round_, coordinator) -> None:
    data = form_data(client.get(at("rules", round_))) | {"stages-0-days": "7"}
    reminder_rules.change_rules(round=round_, stages=[(5, FOCAL)], by=coordinator)
    answer = client.post(at("rules", round_), data)
    assert answer.status_code == 409
    assert "5 days after: Focal point" in text_of(answer)
    assert reminder_rules.stages_of(round_) == [(5, FOCAL)]
    again = form_data(answer)
    assert again["stages-0-days"] == "7"
    assert client.post(at("rules", round_), again).status_code == 302
    assert (-7, FOCAL) in reminder_rules.stages_of(round_)


def test_the_page_says_whom_reminders_do_not_reach(client, round_, body, submission) -> None:
    text = text_of(client.get(at("rules", round_)))
    assert "Bodies that reminders do not reach" in text
    assert "Focal point: Own Ministry" in text
    assert "has never run" in text


@pytest.mark.parametrize("name", ["rules", "log", "send"])
def test_a_page_asks_as_often_for_three_as_for_one(name, client, round_, django_assert_max_num_queries) -> None:
    counts = []
    for number in (1, 2, 3):
        own = ImplementingBodyFactory(escalation_address=f"office{number}@example.org")
        SubmissionFactory(round=round_, body=own)
        user = person(Role.FOCAL_POINT, own)
        mail = ReminderMail.objects.create(
            occasion=Occasion.SCHEDULED, user=user, message_id="<x@y>", state=Delivery.SENT, sent_at=clock.now()
        )
        Reminder.objects.create(
            mail=mail, round=round_, body=own, recipient=FOCAL, user=user, days=1, due_date=round_.due_date
        )
        if number != 2:
            with django_assert_max_num_queries(60) as asked:
                assert client.get(at(name, round_)).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1]


# By hand


def send(client: Client, round_: Round, query: str = "", press: str = "", **typed):
    """Fill in the form, look at the preview, and press a button there."""
    data = form_data(client.get(at("send", round_, query)), at("send", round_)) | typed
    preview = client.post(at("send", round_), data)
    if not press or preview.status_code != 200:
        return preview
    return client.post(at("send", round_), form_data(preview, at("send", round_)) | typed | {press: "1"})


def test_a_body_is_reminded_now_after_a_preview(
    client,
    round_,
    body,
    submission,
    focal_point,
    coordinator,
    mail_server,
    django_capture_on_commit_callbacks,
) -> None:
    code = submission.assignment.action_plan.code
    preview = send(client, round_, "?body=OWN")
    text = text_of(preview)
    assert (preview.status_code, "1 e-mail would be sent. Nothing is sent yet." in text, code in text) == (
        200,
        True,
        True,
    )
    assert "Focal Point" in text
    assert not ReminderMail.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(client, round_, "?body=OWN", press="send")
    assert answer["Location"] == at("log", round_)
    assert mail_server.to == ["focal@example.org"]
    assert code in mail_server.texts()[0]
    mail = ReminderMail.objects.get()
    assert (mail.state, mail.occasion, mail.made_by, mail.attempts) == ("sent", "manual", coordinator, 1)
    assert mail_server.messages[0]["Message-ID"] == mail.message_id
    row = mail.reminders.get()
    assert (row.days, row.due_date, row.recipient, row.body) == (None, round_.due_date, FOCAL, body)
    (event,) = Event.objects.filter(kind="remind")
    assert (event.actor_id, event.data["bodies"], event.data["emails"]) == (str(coordinator.pk), ["OWN"], 1)
    assert "By a coordinator" in text_of(client.get(at("log", round_)))


def test_a_double_click_sends_once(
    client, round_, submission, focal_point, mail_server, django_capture_on_commit_callbacks
) -> None:
    preview = send(client, round_, "?body=OWN")
    data = form_data(preview, at("send", round_)) | {"send": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("send", round_), data)
        answer = client.post(at("send", round_), data, follow=True)
    assert len(mail_server.messages) == 1
    assert "was sent already" in text_of(answer)


def test_one_submission_is_reminded_of_and_others_are_not(client, round_, body, submission, focal_point) -> None:
    other = SubmissionFactory(round=round_, body=body)
    codes = [each.assignment.action_plan.code for each in (submission, other)]
    page = client.get(in_english(submission.get_absolute_url())).content.decode()
    assert f"reminders/send/?submission=OWN%3A{codes[0]}" in page
    text = text_of(send(client, round_, f"?submission=OWN:{codes[0]}"))
    assert f"- {codes[0]} " in text
    assert f"- {codes[1]} " not in text


def test_what_the_list_shows_is_chosen(client, round_, body, other_body, focal_point) -> None:
    shown = SubmissionFactory(round=round_, body=body)
    submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=body), by=focal_point)
    SubmissionFactory(round=round_, body=other_body)
    listed = in_english(reverse("ministries:submission_list", args=[round_.plan.number, 2022]))
    assert "reminders/send/?listed=1&amp;body=OWN" in client.get(f"{listed}?body=OWN").content.decode()
    page = client.get(at("send", round_, "?listed=1&body=OWN"))
    assert form_data(page, at("send", round_))["submission"] == f"OWN:{shown.assignment.action_plan.code}"


def test_a_message_of_the_own_goes_to_chosen_bodies(
    client,
    round_,
    body,
    submission,
    approver,
    mail_server,
    django_capture_on_commit_callbacks,
) -> None:
    body.escalation_address = "office@example.org"
    body.save()
    approver.language = "en"
    approver.save()
    typed = {
        "what": "message",
        "recipient": ["approver", "escalation"],
        "subject": "이행점검회의 안내",
        "text": "안녕하십니까.\n\n<b>일정</b>",
    }
    answer = send(client, round_, "?body=OWN", **typed)
    assert "안녕하십니까." in text_of(answer)
    with django_capture_on_commit_callbacks(execute=True):
        assert send(client, round_, "?body=OWN", press="send", **typed).status_code == 302
    assert sorted(mail_server.to) == ["approver@example.org", "office@example.org"]
    plain, html = mail_server.texts(mail_server.to.index("approver@example.org"))
    assert "To Approver" in plain
    assert "<b>일정</b>" in plain
    assert "&lt;b&gt;일정&lt;/b&gt;" in html
    assert {row.due_date for row in Reminder.objects.all()} == {None}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"body": []}, "Choose at least one body."),
        ({"recipient": []}, "Choose at least one recipient."),
        ({"what": "message", "subject": "", "text": "x"}, "Give a subject."),
        ({"what": "message", "subject": "x", "text": " "}, "Write a text."),
        ({"recipient": ["escalation"]}, "Nobody would get this"),
        ({"body": ["NONE"]}, "NONE"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_stays_typed(
    typed, sentence, client, round_, submission, focal_point
) -> None:
    answer = send(client, round_, "?body=OWN", **typed)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    if typed.get("what"):
        assert form_data(answer, at("send", round_))["what"] == "message"


def test_from_the_preview_one_goes_back_with_what_was_typed(client, round_, body, submission, focal_point) -> None:
    typed = {"what": "message", "subject": "제목", "text": "내용"}
    back = send(client, round_, "?body=OWN", press="change", **typed)
    data = form_data(back, at("send", round_))
    assert (back.status_code, data["subject"], data["text"], data["body"]) == (200, "제목", "내용", "OWN")


def test_what_is_submitted_before_it_is_sent_is_dropped(round_, body, submission, focal_point, coordinator) -> None:
    reminders.remind(round=round_, bodies=[body], recipients=[FOCAL], by=coordinator, batch=uuid.uuid4())
    submission_in(State.SUBMITTED, submission, by=focal_point)
    from ministries.tasks import send_reminder

    assert send_reminder.call(mail_id=str(ReminderMail.objects.get().pk)) == Delivery.DROPPED


def test_nobody_is_reminded_of_a_round_that_is_closed(round_, body, submission, focal_point, coordinator) -> None:
    Round.objects.update(closing_date=clock.today(), due_date=clock.today(), opening_date=clock.today())
    day = clock.today().replace(year=clock.today().year + 1)
    with clock.at(day), pytest.raises(Refused):
        reminders.remind(round=round_, bodies=[body], recipients=[FOCAL], by=coordinator, batch=uuid.uuid4())


# The log


def test_the_log_says_why_something_was_not_sent(client, round_, body, focal_point) -> None:
    mail = ReminderMail.objects.create(
        occasion=Occasion.SCHEDULED,
        user=focal_point,
        message_id="<x@y>",
        state=Delivery.FAILED,
        fault=MailFault.RECIPIENT,
        smtp_code=550,
        attempts=2,
    )
    Reminder.objects.create(
        mail=mail, round=round_, body=body, recipient=FOCAL, user=focal_point, days=-3, due_date=round_.due_date
    )
    text = text_of(client.get(at("log", round_)))
    for words in (
        "Focal Point",
        "3 days before",
        "Not sent",
        "The mail server refused the address. (550)",
        "2 attempts",
    ):
        assert words in text
    assert "Nothing fits this filter" in text_of(client.get(at("log", round_, "?state=sent")))
    assert "3 days before" in text_of(client.get(at("log", round_, "?state=failed&body=OWN")))
    assert "3 days before" in text_of(client.get(at("log", round_, "?state=nonsense")))


# The address of a body


def test_the_body_or_a_coordinator_names_an_office(body, approver, coordinator, signed_in) -> None:
    for user, address in ((approver, "Office@Example.org"), (coordinator, "")):
        assert signed_in(user).post(office_of(body), {"address": address}).status_code == 302
        body.refresh_from_db()
        assert body.escalation_address == address.lower()
    assert [event.data for event in Event.objects.filter(kind="change_escalation").order_by("at")] == [
        {"before": "", "after": "office@example.org"},
        {"before": "office@example.org", "after": ""},
    ]
    assert (
        office_of(body)
        in signed_in(approver)
        .get(in_english(reverse("ministries:signoff_desk", args=[RoundFactory().plan.number, 2021, "OWN"])))
        .content.decode()
        or not Round.objects.filter(year=2021).exists()
    )


@pytest.mark.parametrize("address", ["nobody", "FOCAL@example.org"])
def test_an_office_is_no_person(address, body, approver, focal_point, signed_in) -> None:
    answer = signed_in(approver).post(office_of(body), {"address": address})
    assert answer.status_code == 400
    body.refresh_from_db()
    assert body.escalation_address == ""


def test_others_do_not_name_it(body, other_body, focal_point, approver, panel_member, signed_in) -> None:
    assert signed_in(focal_point).get(office_of(body)).status_code == 403
    assert signed_in(approver).get(office_of(other_body)).status_code == 404
    assert signed_in(panel_member).get(office_of(body)).status_code == 404
    assert Client().get(office_of(body)).status_code == 302


# The start page


def test_the_start_page_says_when_the_schedule_does_not_run(client, round_, submission) -> None:
    assert "has never run" in text_of(client.get("/en/"))
    run = ScheduleRun.objects.create(finished_at=clock.now())
    assert "Reminders are not being sent" not in text_of(client.get("/en/"))
    ScheduleRun.objects.filter(pk=run.pk).update(finished_at=clock.now() - LATE_AFTER)
    assert "has not run since" in text_of(client.get("/en/"))
    ReminderRule.objects.all().delete()
    assert not schedule_state().is_late, "nothing waits for it"
