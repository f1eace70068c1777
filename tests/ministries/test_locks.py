"""Why something can't be edited is one answer: each address that refuses says the same sentence for each lock."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from ministries import locks
from ministries.enums import Lock, State
from ministries.models import Extension, Round, Submission
from ministries.services.closing import close_round
from ministries.services.submissions import Change, save_submission
from ministries.services.transitions import submit
from ministries.workflow import Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.evidence import attach, sent
from tests.factories import RoundFactory, SubmissionFactory, person, submission_in
from tests.files import pdf
from tests.ministries.workbooks import Book
from tests.pages import text_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def submission(body: Any) -> Submission:
    return SubmissionFactory(round=RoundFactory(), body=body)


def page(submission: Submission) -> str:
    """Its address in English, whatever language was spoken last."""
    with translation.override("en"):
        return submission.get_absolute_url()


@dataclass
class Case:
    """A submission under a lock, and who may otherwise write it."""

    submission: Submission
    by: User
    lock: Lock

    @property
    def sentence(self) -> str:
        with translation.override("en"):
            why = locks.why_locked(self.submission, User.objects.get(pk=self.by.pk))
        assert why is not None
        assert why.lock is self.lock
        return str(why)


def lock_up(submission: Submission, lock: str, coordinator: User) -> Submission:
    """Bring a draft under a lock."""
    today = clock.today()
    rounds = Round.objects.filter(pk=submission.round_id)
    if lock in ("signed-off", "submitted", "confirmed"):
        submission_in(lock, submission, coordinator=coordinator)
    elif lock == "not open":
        rounds.update(opening_date=today + DAY)
    elif lock == "closed by date":
        rounds.update(opening_date=today - 9 * DAY, due_date=today - 2 * DAY, closing_date=today - DAY)
    elif lock == "closed by act":
        close_round(round=submission.round, by=coordinator)
    elif lock == "exception over":
        rounds.update(opening_date=today - 9 * DAY, due_date=today - 3 * DAY, closing_date=today - 2 * DAY)
        given = {"round": submission.round, "body": submission.assignment.body, "submission": submission}
        Extension.objects.create(**given, until=today - DAY)
        Submission.objects.filter(pk=submission.pk).update(extended_until=today - DAY)
    return Submission.objects.select_related("round__plan", "assignment__body", "assignment__action_plan").get(
        pk=submission.pk
    )


LOCKS = {
    "signed-off": Lock.SIGNED_OFF,
    "submitted": Lock.UNDER_REVIEW,
    "confirmed": Lock.CONFIRMED,
    "not open": Lock.NOT_OPEN,
    "closed by date": Lock.CLOSED,
    "closed by act": Lock.CLOSED,
    "exception over": Lock.CLOSED,
}
IN_PERIOD = [name for name, lock in LOCKS.items() if lock in (Lock.NOT_OPEN, Lock.CLOSED)]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("signed-off", "This submission is signed off. Take it back to change it."),
        (
            "submitted",
            "This submission is under review by the coordinator. "
            "To change something, ask a coordinator to return it: Coordinator.",
        ),
        (
            "confirmed",
            "This submission is confirmed. Only a coordinator can reopen it. Ask with the reason: Coordinator.",
        ),
        ("not open", "The period of this round is not open yet. It can be written from {tomorrow} on."),
        (
            "closed by date",
            "The period of this round is closed. "
            "It takes an extension to go on. Ask for more time on the page of the submission, with the reason. "
            "It is answered by: Coordinator.",
        ),
        (
            "closed by act",
            "The coordinator closed this round on {today}. "
            "It takes an extension to go on. Ask for more time on the page of the submission, with the reason. "
            "It is answered by: Coordinator.",
        ),
        (
            "exception over",
            "The period of this round is closed. The exception was until {yesterday}. "
            "It takes an extension to go on. Ask for more time on the page of the submission, with the reason. "
            "It is answered by: Coordinator.",
        ),
    ],
)
@pytest.mark.usefixtures("english")
def test_each_lock_says_why_and_what_to_do(name, sentence, submission, focal_point, coordinator) -> None:
    locked = lock_up(submission, name, coordinator)
    today = clock.today()
    days = {"today": today, "tomorrow": today + DAY, "yesterday": today - DAY}
    words = {key: f"{day.day} {day:%B %Y}" for key, day in days.items()}
    assert Case(locked, focal_point, LOCKS[name]).sentence == sentence.format(**words)


def test_without_a_coordinator_one_asks_the_lead_ministry(submission, focal_point, english) -> None:
    Round.objects.update(opening_date=clock.today() - 9 * DAY, due_date=clock.today() - DAY)
    Round.objects.update(closing_date=clock.today() - DAY)
    submission.round.refresh_from_db()
    assert str(locks.why_locked(submission, focal_point)).endswith("It is answered by: the lead ministry.")


# Every address that refuses

Asked = Callable[[Client, Submission, User], HttpResponse]


def saving(browser: Client, submission: Submission, by: User) -> HttpResponse:
    body = {"person": str(by.pk), "fields": {"results": {"value": "내 글", "base": ""}}}
    return browser.post(
        f"{page(submission)}save/",
        json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def sending_a_file(browser: Client, submission: Submission, by: User) -> HttpResponse:
    return browser.post(f"{page(submission)}evidence/", {"file": sent("a.pdf", pdf("a"))})


ADDRESSES: dict[str, tuple[int, Asked]] = {
    "submission": (200, lambda browser, at, by: browser.get(page(at))),
    "steps": (409, lambda browser, at, by: browser.get(f"{page(at)}write/")),
    "step": (409, lambda browser, at, by: browser.get(f"{page(at)}write/results/")),
    "form": (409, lambda browser, at, by: browser.get(f"{page(at)}change/")),
    "form, posted": (
        409,
        lambda browser, at, by: browser.post(f"{page(at)}change/", {"results": "내가 쓴 글"}),
    ),
    "step, posted": (
        409,
        lambda browser, at, by: browser.post(f"{page(at)}write/results/", {"results": "내가 쓴 글"}),
    ),
    "saving by itself": (409, saving),
    "evidence": (200, lambda browser, at, by: browser.get(f"{page(at)}evidence/")),
    "evidence, sent": (409, sending_a_file),
    "evidence, changed": (
        409,
        lambda browser, at, by: browser.get(f"{page(at)}evidence/{at.evidence.get(held_until=None).pk}/change/"),
    ),
    "evidence, removed": (
        409,
        lambda browser, at, by: browser.post(f"{page(at)}evidence/{at.evidence.get(held_until=None).pk}/remove/"),
    ),
}


@pytest.mark.parametrize("name", LOCKS)
def test_every_address_that_refuses_says_the_same(
    name, submission, focal_point, coordinator, signed_in, private_files
) -> None:
    attach(submission, focal_point, "b.pdf")
    submission.refresh_from_db()
    locked = lock_up(submission, name, coordinator)
    sentence = Case(locked, focal_point, LOCKS[name]).sentence
    browser, said = signed_in(focal_point), {}
    for address, (_status, ask) in ADDRESSES.items():
        answer = ask(browser, locked, focal_point)
        words = answer.json()["refusal"] if answer["Content-Type"] == "application/json" else text_of(answer)
        said[address] = (answer.status_code, sentence in words)
    assert said == {address: (status, True) for address, (status, _ask) in ADDRESSES.items()}


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.usefixtures("english")
def test_services_and_the_workbook_say_the_same(name, submission, focal_point, body, coordinator) -> None:
    book = Book(submission.round, body, focal_point)
    book["narrative", submission.assignment.action_plan.code, "results"] = "엑셀에서 쓴 글"
    locked = lock_up(submission, name, coordinator)
    sentence = Case(locked, focal_point, LOCKS[name]).sentence
    with pytest.raises(WrongState) as refused:
        save_submission(submission=locked, by=focal_point, changes={"results": Change("", "글")})
    assert str(refused.value) == sentence
    assert {fault.why for fault in book.run().faults} == {sentence}


@pytest.mark.parametrize("name", IN_PERIOD)
def test_the_desk_the_start_page_and_submitting_say_the_same(
    name, submission, focal_point, approver, coordinator, signed_in, english
) -> None:
    ready = submission_in(State.SIGNED_OFF, SubmissionFactory(round=submission.round, body=submission.assignment.body))
    locked = lock_up(submission, name, coordinator)
    if name == "exception over":
        Submission.objects.filter(pk=ready.pk).update(extended_until=locked.extended_until)
    ready = Submission.objects.select_related("round", "assignment__body").get(pk=ready.pk)
    with pytest.raises(Refused) as refused:
        submit(submission=ready, by=focal_point)
    sentence = Case(locked, focal_point, LOCKS[name]).sentence
    assert str(refused.value.message) == sentence
    place = f"/en/plans/{locked.round.plan.number}/{locked.round.year}/bodies/{submission.assignment.body.code}"
    browser = signed_in(focal_point)
    with translation.override("en"):
        whole = str(locks.explain(LOCKS[name], locked.round, focal_point))
    assert whole in text_of(browser.get(f"{place}/sign-off/"))
    seen = f"{ready.assignment.action_plan.code}:{ready.step}"
    assert sentence in text_of(browser.get(f"{place}/submit/?row={seen}"))
    assert sentence in text_of(browser.get(page(ready))), "signed off, and not to be submitted"
    if LOCKS[name] is Lock.CLOSED:
        assert sentence in text_of(browser.get("/en/"))


def test_who_never_writes_here_is_told_so_everywhere(submission, other_body, signed_in, english) -> None:
    """A stranger to the body who may see the submission: 403 with one sentence, wherever something is written."""
    confirmed = submission_in(State.CONFIRMED, submission)
    stranger = person("focal-point", other_body)
    browser, at = signed_in(stranger), page(confirmed)
    with translation.override("en"):
        sentence = str(locks.others())
    answers = [browser.get(f"{at}{end}") for end in ("write/", "write/results/", "change/")]
    answers += [browser.post(f"{at}{end}") for end in ("change/", "save/", "evidence/")]
    assert [(answer.status_code, sentence in text_of(answer)) for answer in answers] == [(403, True)] * 6


def test_a_coordinator_is_told_why_a_draft_cannot_be_translated(submission, coordinator, signed_in, english) -> None:
    answer = signed_in(coordinator).get(f"{page(submission)}translation/")
    assert answer.status_code == 403
    assert "It can be translated as soon as the body has submitted it." in text_of(answer)
