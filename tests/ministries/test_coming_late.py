"""Coming late: every situation of `docs/coming-late.md`, walked through the real pages with a moved clock.

The table is read from the document: a situation, a sentence or a way out that stands there and not here (or the other
way round) fails.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils.translation import override

from ministries.enums import State
from ministries.models import Extension, Submission
from ministries.services import transitions
from ministries.services.closing import close_round, undo_closing
from ministries.services.extensions import end_extension, extend
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import RoundFactory, SubmissionFactory, fill_in, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
DOCUMENT = Path(settings.BASE_DIR) / "docs" / "coming-late.md"
TYPED = "기한이 지난 뒤에 쓴 글입니다."


def rows_of_document() -> dict[str, list[str]]:
    """The table's rows by their situation."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells[1:]}


TABLE = rows_of_document()


class Walk:
    """A submission of a round that is due in ten days and closes in twenty, its people, and a clock."""

    def __init__(self, body: Any, people: dict[str, User], signed_in: Callable[[User], Client]) -> None:
        self.people, self.day = people, clock.today()
        self.round = RoundFactory(
            opening_date=self.day - 20 * DAY, due_date=self.day + 10 * DAY, closing_date=self.day + 20 * DAY
        )
        self.submission: Submission = SubmissionFactory(round=self.round, body=body)
        fill_in(self.submission, people["by"])
        self.signed_in = signed_in
        self.sign_in()
        self.page = in_english(self.submission.get_absolute_url())
        self.review = f"{self.page}review/"
        with override("ko"):
            self.place = f"/en/plans/{self.round.plan.number}/{self.round.year}"
        self.open_form: dict[str, str] | None = None
        self.said: dict[str, Any] = {}

    def sign_in(self) -> None:
        hands = ("by", "coordinator", "approver")
        self.body, self.lead, self.approver = (self.signed_in(self.people[who]) for who in hands)

    @contextmanager
    def on(self, day: dt.date) -> Iterator[None]:
        """On this day; a session of another day is over by then, so all sign in again."""
        self.day = day
        with clock.at(day):
            self.sign_in()
            yield

    def now(self) -> Submission:
        return Submission.objects.select_related("round", "assignment__body").get(pk=self.submission.pk)

    def opens_the_form(self) -> None:
        self.open_form = form_data(self.body.get(f"{self.page}change/"))

    # What the body tries

    def write(self) -> bool:
        """Whether the form takes what is typed. Where it does not, it gives it back with the words of the page."""
        data = {**(self.open_form or form_data_or_none(self.body, f"{self.page}change/")), "results": TYPED}
        answer = self.body.post(f"{self.page}change/", data)
        if answer.status_code == 302:
            return True
        assert answer.status_code == 409
        assert TYPED in answer.content.decode()
        self.refused(text_of(answer))
        return False

    def submit(self) -> bool:
        """Whether it can be handed in after it was signed off."""
        found = self.now()
        if found.state in (State.DRAFT, State.RETURNED):
            answer = self.approver.post(f"{self.page}steps/sign_off/", {"step": found.step})
            assert answer.status_code == 302
        answer = self.body.post(f"{self.page}steps/submit/", {"step": self.now().step})
        return bool(answer.status_code == 302)

    def ask(self) -> bool:
        """Whether more time can be asked for from its page; then the coordinators see it, and can grant it."""
        link = self.body.get(self.page).context["ask_url"]
        if not link:
            return False
        until = max(self.day, self.round.due_date) + 30 * DAY
        form = form_data(self.body.get(in_english(link)), until=until.isoformat(), reason="통계 확정 지연")
        assert self.body.post(in_english(link.partition("?")[0]), form).status_code == 302
        assert "통계 확정 지연" in text_of(self.lead.get(f"{self.place}/extensions/"))
        return True

    def refused(self, text: str) -> None:
        for said in self.said.get("locked", ()):
            assert said in text

    # What the coordinator does

    def do(self, name: str) -> None:
        """Take a way out, and look whether it led out."""
        getattr(self, f"_{name.replace(' ', '_')}")()

    def _extend(self) -> None:
        self._given(f"{self.page}extend/", {})

    def _extend_body(self) -> None:
        self._given(f"{self.place}/extensions/", {"body": self.submission.assignment.body.code})

    def _given(self, address: str, more: dict[str, str]) -> None:
        until = max(self.day, self.round.due_date) + 5 * DAY
        answer = self.lead.post(address, {**more, "until": until.isoformat(), "reason": "담당자 교체"})
        assert answer.status_code == 302
        assert (self.now().extended_until, self.write(), self.submit()) == (until, True, True)

    def _return(self) -> None:
        """The form proposes a due date that gives a week."""
        typed = form_data(self.lead.get(self.review), action=f"{self.review}#decide-return", reason="보완")
        assert self.lead.post(self.review, typed).status_code == 302
        assert self.now().due_date >= self.day + 7 * DAY
        assert (self.write(), self.submit()) == (True, True)

    def _confirm(self) -> None:
        typed = form_data(self.lead.get(self.review), action=self.review, rating="on-track", decide="confirm")
        assert self.lead.post(self.review, typed).status_code == 302

    def _reopen(self) -> None:
        typed = form_data(self.lead.get(self.page), action=f"{self.page}steps/reopen/", reason="정정")
        assert self.lead.post(f"{self.page}steps/reopen/", typed).status_code == 302
        assert (self.write(), self.submit()) == (True, True)

    def _end(self) -> None:
        row = Extension.objects.get(submission=self.submission, ended_at=None)
        answer = self.lead.post(f"{self.place}/extensions/{row.pk}/end/", {"reason": "필요 없음"})
        assert (answer.status_code, self.now().extended_until) == (302, None)

    def _close(self) -> None:
        typed = form_data(self.lead.get(f"{self.place}/close/"))
        assert self.lead.post(f"{self.place}/close/", typed).status_code == 302
        assert self.write() is False

    def _undo(self) -> None:
        assert self.lead.post(f"{self.place}/reopen/", {"reason": "잘못 마감함"}).status_code == 302
        assert (self.write(), self.submit()) == (True, True)


def form_data_or_none(browser: Client, address: str) -> dict[str, str]:
    """What the form would send; nothing where it does not open."""
    answer = browser.get(address)
    return form_data(answer) if answer.status_code == 200 else {}


# How one comes into each situation. Each leaves the clock on its day.


def after_the_due_date(walk: Walk) -> dt.date:
    return walk.round.due_date + 2 * DAY


def after_closing(walk: Walk) -> dt.date:
    return walk.round.closing_date + 2 * DAY


def with_an_exception(walk: Walk) -> dt.date:
    day = after_closing(walk)
    with walk.on(day):
        extend(submission=walk.submission, until=day + 5 * DAY, reason="출장", by=walk.people["coordinator"])
    return day


def handed_in(walk: Walk, state: State, day: dt.date) -> None:
    hands = {"by": walk.people["by"], "approver": walk.people["approver"], "coordinator": walk.people["coordinator"]}
    with walk.on(day):
        submission_in(state, walk.now(), **hands)


def returned_on(walk: Walk, day: dt.date) -> dt.date:
    """Through the page, with the due date that its form proposes."""
    handed_in(walk, State.SUBMITTED, walk.round.due_date)
    with walk.on(day):
        typed = form_data(walk.lead.get(walk.review), action=f"{walk.review}#decide-return", reason="수치 확인")
        assert walk.lead.post(walk.review, typed).status_code == 302
    return day


def submitted_late(walk: Walk) -> dt.date:
    day = walk.round.due_date + 2 * DAY
    handed_in(walk, State.SUBMITTED, day)
    return day


def confirmed(walk: Walk) -> dt.date:
    handed_in(walk, State.CONFIRMED, walk.round.due_date)
    return after_closing(walk)


def exception_ran_out(walk: Walk) -> dt.date:
    day = with_an_exception(walk)
    with walk.on(day):
        walk.opens_the_form()
    return day + 6 * DAY


def exception_ended(walk: Walk) -> dt.date:
    day = with_an_exception(walk)
    with walk.on(day):
        walk.opens_the_form()
        end_extension(extension=Extension.objects.get(), reason="필요 없음", by=walk.people["coordinator"])
    return day


def closed_by_act(walk: Walk) -> dt.date:
    walk.opens_the_form()
    close_round(round=walk.round, by=walk.people["coordinator"])
    return clock.today()


def undone(walk: Walk) -> dt.date:
    closing = close_round(round=walk.round, by=walk.people["coordinator"])
    undo_closing(closing=closing, reason="잘못 마감함", by=walk.people["coordinator"])
    return clock.today()


SITUATIONS: dict[str, Callable[[Walk], dt.date]] = {
    "after the due date, before closing": after_the_due_date,
    "after closing": after_closing,
    "after closing, with an exception": with_an_exception,
    "returned close to closing": lambda walk: returned_on(walk, walk.round.closing_date - 2 * DAY),
    "returned after closing": lambda walk: returned_on(walk, after_closing(walk)),
    "submitted late, waiting": submitted_late,
    "confirmed, after closing": confirmed,
    "the exception ended while the form was open": exception_ran_out,
    "the exception was ended early while the form was open": exception_ended,
    "closed by act while the form was open": closed_by_act,
    "the closing was undone": undone,
}


@pytest.fixture
def walk(body, focal_point, approver, coordinator, signed_in) -> Walk:
    return Walk(body, {"by": focal_point, "approver": approver, "coordinator": coordinator}, signed_in)


def test_the_document_and_the_walk_name_the_same_situations() -> None:
    assert list(TABLE) == list(SITUATIONS)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_coming_late_is_never_a_dead_end(situation, walk) -> None:
    sees, can_do, ways_out, overdue = TABLE[situation]
    day = SITUATIONS[situation](walk)
    ways, tries = re.findall(r"`([\w ]+)`", ways_out), set(re.findall(r"`(\w+)`", can_do))
    assert ways, "a coordinator who can do nothing"
    with walk.on(day):
        found = walk.now()
        last = found.extended_until or day
        days = {
            "day": f"{last.day} {last:%B %Y}",
            "late": (day - found.due_date).days,
            "left": found.days_left(),
        }
        said = [sentence.format(**days) for sentence in re.findall("“(.*?)”", sees)]
        assert said, "a body that is told nothing"
        shown = text_of(walk.body.get(walk.page))
        assert [sentence for sentence in said if sentence not in shown] == []
        if not tries & {"write", "submit"}:
            walk.said["locked"] = said
        assert ("yes" if found.is_overdue() else "no") == overdue
        tried = {name for name in ("write", "submit", "ask") if undone_after(getattr(walk, name))}
        assert (tried or {"nothing"}) == tries
        walk.said.clear()
        for name in ways:
            undone_after(lambda name=name: walk.do(name))


def undone_after(act: Callable[[], Any]) -> Any:
    """What ``act`` gives; the database is then as it was before."""
    with transaction.atomic():
        given = act()
        transaction.set_rollback(True)
    return given


def test_what_was_typed_when_the_time_ran_out_can_be_saved_after_a_new_exception(walk) -> None:
    """The answer to the save holds the text; the same form is sent again after the coordinator gave more time."""
    day = exception_ran_out(walk)
    with walk.on(day):
        answer = walk.body.post(f"{walk.page}change/", {**(walk.open_form or {}), "results": TYPED})
        assert answer.status_code == 409
        kept = form_data(answer)
        assert kept["results"] == TYPED
        extend(submission=walk.submission, until=day + DAY, reason="다시", by=walk.people["coordinator"])
        assert walk.body.post(f"{walk.page}change/", kept).status_code == 302
    assert walk.now().results == TYPED


def test_no_proposal_where_the_body_has_time_enough(walk) -> None:
    handed_in(walk, State.SUBMITTED, clock.today())
    typed = form_data(walk.lead.get(walk.review), action=f"{walk.review}#decide-return")
    assert typed["due_date"] == ""
    transitions.return_submission(submission=walk.now(), by=walk.people["coordinator"], reason="보완")
    assert walk.now().extended_until is None
