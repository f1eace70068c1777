"""The data behind the page types: the real plan, a round with a submission in each state, people, documents.

It is made once for a module of tests and emptied after it: a page that is only looked at needs no world of its own.
"""

import datetime as dt
import io
import uuid
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db.models import Count
from django.test import override_settings

from ministries.enums import BODY_ROLES, BodyFieldKind, Role, State
from ministries.models import ImplementingBody, Reminder, ReminderMail, Round, Submission
from ministries.services import extensions, people, review_remarks, transitions
from ministries.services.assessments import assess
from ministries.services.closing import close_round
from ministries.services.extension_requests import ask
from ministries.services.handovers import hand_over
from ministries.services.ratings import save_rating
from ministries.services.reminders import remind
from ministries.services.rounds import create_round
from ministries.services.submissions import Change, RowChange, save_submission
from ministries.services.workbooks import apply_upload, keep_upload
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from objectives.models import ActionPlan, Plan
from reports.models import RenderJob
from reports.services.edition_files import keep_document
from reports.services.editions import issue_edition, record_outcome
from reports.services.snapshots import take_snapshot
from reports.services.texts import write_text
from tests.evidence import attach
from tests.factories import (
    AppointmentFactory,
    BodyFieldFactory,
    IndicatorFactory,
    UserFactory,
    both,
    fill_in,
    person,
    submission_in,
)
from tests.ministries.workbooks import Book
from tests.reports.workshop import composed

#: Who looks at pages, beside the roles: a person without a role, and somebody who is not signed in.
NOBODY, STRANGER = "nobody", "stranger"
BODY = "MOFA"
#: A word that no line can hold.
LONG_WORD = "평화안보교육과정" * 6 + "Peacekeepinginstructorsofthenationaldefenceuniversity" * 2
#: More people than a page of the list holds.
CROWD = 55


class World:
    """Rounds, submissions by name of what is particular about them, people by role."""

    def __init__(self) -> None:
        for command, file in (("load_bodies", "reference"), ("load_plan", "nap3")):
            call_command(command, f"fixtures/{file}.yaml", stdout=io.StringIO())
        self.plan = Plan.objects.get(number=3)
        self.body = ImplementingBody.objects.get(code=BODY)
        self._people()
        for number, kind in enumerate(BodyFieldKind.values):
            choices = [{"code": str(each), "label": both(f"지역 {each}", f"Region {each}")} for each in range(3)]
            label = both(f"자체 항목 {kind} {LONG_WORD if number == 0 else ''}", f"Own {kind}")
            years = {"start_year": 2021, "end_year": 2021} if kind == "date" else {}
            given = {"choices": choices} if kind == "choice" else {}
            BodyFieldFactory(body=self.body, kind=kind, label=label, is_required=kind == "date", **given, **years)
        today, day = clock.today(), dt.timedelta(days=1)
        self.earlier = self._round(2021, today - 400 * day, today - 300 * day)
        self.round = self._round(2022, today - 30 * day, today + 5 * day)
        self.coming = self._round(2023, today + 200 * day, today + 300 * day)
        self._waiting = list(
            Submission.objects.filter(round=self.round, assignment__body=self.body)
            .select_related("round__plan", "assignment__body", "assignment__action_plan")
            .order_by("assignment__order")
        )
        self.submissions: dict[str, Submission] = {}
        self._submissions()
        assess(
            round=self.round,
            action_plan=self.joint,
            by=self.people[Role.COORDINATOR],
            rating="attention",
            reason=f"한 기관의 추진이 늦었습니다. {LONG_WORD}",
        )
        self._workbooks()
        self._documents()
        self.composed = composed(self.round, self.people[Role.COORDINATOR])
        self._reminders()

    # People

    def _people(self) -> None:
        lead = ImplementingBody.objects.get(is_lead=True)
        places = {role: lead if role is Role.COORDINATOR else self.body for role in BODY_ROLES}
        self.people: dict[str, User] = {
            role: person(role, places.get(role), name=f"{role} Kim", email=f"{role}@example.org") for role in Role
        }
        self.people[NOBODY] = UserFactory(name="Without a role")
        self.colleague = person(Role.FOCAL_POINT, self.body, name="Lee Damdang")
        self.invited = person(Role.FOCAL_POINT, self.body, email="invited@example.org", password=None, name="")
        self.gone = person(Role.APPROVER, self.body, name="Park Toejik")
        for number in range(CROWD):
            AppointmentFactory(user=UserFactory(name=f"Choi {number}", password=None), body=self.body)
        leaver = person(Role.FOCAL_POINT, self.body, name="Jeong Iim")
        self.handover = hand_over(
            appointment=leaver.appointments.get(),
            by=leaver,
            email="successor@example.org",
            name="Han Huim",
            on=clock.today() + dt.timedelta(days=7),
            note="진행 중인 과제 두 건이 있습니다.",
        )
        people.deactivate(user=self.gone, by=self.people[Role.COORDINATOR], reason="퇴직")

    @property
    def hands(self) -> dict[str, User]:
        """Who takes a submission to its state."""
        return {
            "by": self.people[Role.FOCAL_POINT],
            "approver": self.people[Role.APPROVER],
            "coordinator": self.people[Role.COORDINATOR],
        }

    # Rounds and submissions

    def _round(self, year: int, opening: dt.date, due: dt.date) -> Round:
        return create_round(
            plan=self.plan,
            year=year,
            opening_date=opening,
            due_date=due,
            closing_date=due + dt.timedelta(days=30),
            by=self.people[Role.COORDINATOR],
            guidance=both(
                "집계값만 적습니다.\n\n소관과제별로 작성합니다.", "Aggregates only.\n\nOne for each assignment."
            ),
        )

    def _next(self, name: str) -> Submission:
        self.submissions[name] = self._waiting.pop(0)
        return self.submissions[name]

    @property
    def joint(self) -> ActionPlan:
        """An action plan of the round that several bodies carry."""
        return (
            ActionPlan.objects.filter(plan=self.plan).annotate(carriers=Count("assignments")).order_by("-carriers")[0]
        )

    def _written(self, name: str, **content: str) -> Submission:
        """The next submission with lines, indicators and text in it."""
        found, by = self._next(name), self.people[Role.FOCAL_POINT]
        action_plan = found.assignment.action_plan
        indicator = IndicatorFactory(action_plan=action_plan, name=both(f"교육 인원 {LONG_WORD}", "Persons trained"))
        line = {"programme": Change("", f"국제협력 사업 {LONG_WORD}")}
        save_submission(
            submission=found,
            by=by,
            changes={},
            budget=[RowChange(None, line), RowChange(None, {"programme": Change("", "교재 발간")})],
            indicators=[RowChange(indicator.pk, {"source": Change("", "통계연보")})],
        )
        attach(found, by, f"{name} {LONG_WORD}.pdf", description="교육 실시 결과 보고")
        long = {"shortcomings": LONG_WORD, "results": "\n\n".join(["교육을 네 차례 실시하였습니다. " * 8] * 3)}
        found.refresh_from_db()
        return fill_in(found, by, **{**long, **content})

    def _in(self, state: str, name: str, **content: str) -> Submission:
        return submission_in(state, self._written(name, **content), **self.hands)

    def _submissions(self) -> None:
        _focal, approver, coordinator = self.hands.values()
        self._next("fresh")
        self._next("conflict")
        self._written("draft")
        sent_back = self._in(State.SIGNED_OFF, "sent back")
        transitions.send_back(submission=sent_back, by=approver, reason="수치를 확인하여 주시기 바랍니다.")
        self._in(State.SIGNED_OFF, "signed off")
        self._in(State.SUBMITTED, "submitted")
        save_rating(submission=self.submissions["submitted"], by=coordinator, rating="on-track", reason=LONG_WORD)
        for name in ("returned", "again"):
            submission = self._in(State.SUBMITTED, name)
            save_rating(submission=submission, by=coordinator, rating="attention", reason="지연")
            transitions.return_submission(
                submission=submission,
                by=coordinator,
                reason=f"실적을 보완하여 주시기 바랍니다. {LONG_WORD}",
                comments={"results": "몇 명이 참여하였습니까?", "budget": "출처를 적어 주시기 바랍니다."},
            )
        self._remarks(self.submissions["returned"])
        again = self.submissions["again"]
        again.refresh_from_db()
        submission_in(State.SUBMITTED, again, content={"results": "다시 적은 실적입니다."}, **self.hands)
        self._in(State.CONFIRMED, "confirmed")
        reopened = self._in(State.CONFIRMED, "reopened")
        transitions.reopen(submission=reopened, by=coordinator, reason="금액이 잘못되었습니다.")
        late = self._written("late", self_rating="attention")
        Submission.objects.filter(pk=late.pk).update(extended_until=clock.today() - dt.timedelta(days=3))
        extended = self._written("extended")
        extensions.extend(
            submission=extended, by=coordinator, until=clock.today() + dt.timedelta(days=20), reason="국외 출장"
        )
        ask(
            round=self.round,
            body=self.body,
            submission=late,
            until=clock.today() + dt.timedelta(days=30),
            reason=f"통계 확정 지연 {LONG_WORD}",
            by=self.people[Role.FOCAL_POINT],
        )
        close_round(round=self.earlier, by=coordinator, note=f"추가 제출 없음 {LONG_WORD}")
        self.earlier.refresh_from_db()
        self.submissions["closed"] = Submission.objects.filter(round=self.earlier, assignment__body=self.body).first()
        self.submissions["not open"] = Submission.objects.filter(round=self.coming, assignment__body=self.body).first()
        for submission in self.submissions.values():
            submission.refresh_from_db()

    def _remarks(self, submission: Submission) -> None:
        """One of each visibility, open, answered, resolved."""
        focal, approver, coordinator = self.hands.values()
        add = partial(review_remarks.add_remark, submission=submission, text=f"확인 바랍니다. {LONG_WORD}")
        review_remarks.answer_remark(remark=submission.comments.get(field="budget"), text="통계연보입니다.", by=focal)
        add(field="activities", by=coordinator)
        add(field="indicators", by=approver, visibility="inside-body")
        seen = add(field="next_year_plan", by=coordinator, visibility="panel")
        review_remarks.resolve_remark(remark=seen, by=coordinator)

    # Workbooks

    def _workbooks(self) -> None:
        """One with bad cells, one that changes values (one of them a colleague changed too), one that was applied."""
        focal, approver = self.people[Role.FOCAL_POINT], self.people[Role.APPROVER]
        found = self.submissions["draft"]
        code = found.assignment.action_plan.code
        self.uploads = {}
        for name, by in (("applied", focal), ("bad", focal), ("good", approver)):
            book = Book(self.round, self.body, by)
            book["narrative", code, "consultation"] = f"시민단체와 두 차례 간담회를 열었습니다. {LONG_WORD}"
            if name == "bad":
                book["narrative", code, "self_rating"] = LONG_WORD
                book["narrative", code, "related"] = "=1+1"
                book["activities", book.new_row("activities"), "women"] = "많음"
            if name == "good":
                book["narrative", code, "consultation"] = "세 차례 간담회를 열었습니다. " * 40
                book["narrative", code, "related"] = f"내 글 {LONG_WORD}"
                new = book.new_row("activities")
                book["activities", new, "plan"], book["activities", new, "title"] = code, f"간부 교육 {LONG_WORD}"
            upload = keep_upload(round=self.round, body=self.body, by=by, name=f"{name}.xlsx", content=book.data)
            if name == "applied":
                apply_upload(upload=upload, by=by, saves=book.run().saves)
            self.uploads[name] = upload
        theirs = Change(base="", new="동료가 먼저 저장한 글")
        save_submission(submission=found, by=self.colleague, changes={"related": theirs})
        found.refresh_from_db()

    # Reminders

    def _reminders(self) -> None:
        """One that somebody sent, and one that the server refused."""
        how = {"batch": uuid.uuid4(), "by": self.people[Role.COORDINATOR], "recipients": ["approver"]}
        remind(round=self.round, bodies=[self.body], **how)
        office = f"{'office' * 8}@example.org"
        mail = ReminderMail.objects.create(
            occasion="scheduled",
            address=office,
            message_id="<x@example.org>",
            state="failed",
            fault="recipient",
            smtp_code=550,
            attempts=3,
        )
        about = {"round": self.round, "body": self.body, "recipient": "escalation", "address": office}
        Reminder.objects.create(mail=mail, days=8, due_date=self.earlier.due_date, **about)

    # Documents

    def _documents(self) -> None:
        now = clock.now()
        done = {"file_name": storages["private"].save("x.pdf", ContentFile(b"%PDF-1.7")), "finished_at": now}
        kinds: list[tuple[Round, str, str, dict[str, Any]]] = [
            (self.round, "ko", "done", {**done, "pages": 120, "file_size": 2_000_000}),
            (self.round, "en", "failed", {"error": "WeasyPrint", "finished_at": now}),
            (self.coming, "ko", "running", {"lease_until": now + dt.timedelta(hours=1), "progress": 40}),
        ]
        self.documents = [
            RenderJob.objects.create(
                snapshot=take_snapshot(round=round_), language=language, state=state, requested_by="Kim", **more
            )
            for round_, language, state, more in kinds
        ]
        self._editions()

    def _editions(self) -> None:
        """Two editions of the earlier year: the first one with its files, the second one with its files to come."""
        by, round_ = self.people[Role.COORDINATOR], self.earlier
        with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
            self._issue(by, round_)

    def _issue(self, by: User, round_: Round) -> None:
        first = issue_edition(round=round_, by=by, accept_missing=True, agenda_number="2")
        for job in first.snapshot.jobs.all():
            keep_document(job=job, data=b"%PDF-1.7", pages=120, renderer="WeasyPrint")
        record_outcome(
            edition=first, by=by, on=round_.closing_date.isoformat(), outcome="amended", note="표현을 다듬음"
        )
        write_text(round=round_, place="foreword", language="ko", change=Change("", "머리말을 넣음"), by=by)
        issue_edition(round=round_, by=by, accept_missing=True, errata={"ko": "머리말을 넣음", "en": "A foreword"})
