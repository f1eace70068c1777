"""What people, rounds and bodies are called in the record: one form, in the reader's language, of old rows too."""

import csv
import io

import pytest

from ministries.enums import Role
from ministries.models import Guidance
from ministries.services.extensions import extend_body
from ministries.services.handovers import hand_over
from nap_monitor.accounts.services import record_visit
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from tests.factories import RoundFactory, SubmissionFactory, UserFactory, both, person
from tests.recording import DETAILS, EVENT, OBJECT, PERSON, Read, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(coordinator, signed_in) -> Read:
    client = signed_in(coordinator)
    return lambda language="en", **query: rows_of(client, language, **query)


def as_before(**facts: str) -> None:
    """A row as it was written when a person was named by the address alone, and nothing said whose matter it was."""
    Event.objects.create(**facts)


# People


def test_who_signs_in_is_named_as_whoever_acts_is(rows, coordinator) -> None:
    record_visit(user=UserFactory(name="김하나", email="one@example.org"), kind="sign_in")
    record(kind="change", subject=RoundFactory(), by=coordinator)
    (visit,) = rows(kind="sign_in", person="one@example.org")
    assert (visit[OBJECT], visit[PERSON]) == (["김하나", "one@example.org", "Person"], ["김하나", "one@example.org"])
    assert rows(kind="change")[0][PERSON] == ["Coordinator", "coordinator@example.org", "Coordinator (LEAD)"]
    assert rows(kind="sign_in", q="김하나")[0][EVENT] == ["Signed in"]


def test_a_row_that_has_the_address_alone_is_read_with_the_name_of_the_account(rows) -> None:
    named, nameless = UserFactory(name="김하나", email="one@example.org"), UserFactory(name="", email="two@example.org")
    for user in (named, nameless):
        facts = {"object_id": str(user.pk), "object_label": user.email, "actor_label": user.email}
        as_before(kind="sign_out", object_kind="accounts.user", **facts)
    as_before(kind="sign_out", object_kind="accounts.user", object_id="no-id", object_label="gone@example.org")
    found = rows(kind="sign_out")
    assert [row[OBJECT][:-1] for row in found] == [
        ["gone@example.org"],
        ["two@example.org"],
        ["김하나", "one@example.org"],
    ]


def test_the_name_of_that_day_stays_when_the_person_is_called_otherwise(rows) -> None:
    user = UserFactory(name="옛 이름", email="one@example.org")
    record_visit(user=user, kind="sign_in")
    type(user).objects.filter(pk=user.pk).update(name="새 이름")
    assert rows(kind="sign_in", person="one@example.org")[0][OBJECT][0] == "옛 이름"


def test_signs_in_a_name_make_nobody_else_of_a_person(rows) -> None:
    user = UserFactory(name="김하나 <coordinator@example.org>", email="one@example.org")
    record(kind="change", subject=RoundFactory(), by=user)
    assert rows(kind="change")[0][PERSON] == ["김하나 &lt;coordinator@example.org&gt;", "one@example.org"]


def test_a_handover_names_both(rows, body, coordinator) -> None:
    giver = person(Role.FOCAL_POINT, body, name="전임", email="old@example.org")
    UserFactory(name="후임", email="new@example.org")
    (held,) = giver.appointments.all()
    hand_over(appointment=held, by=giver, email="new@example.org", on=clock.today())
    assert "전임 &lt;old@example.org&gt; → 후임 &lt;new@example.org&gt;" in rows(kind="hand_over")[0][DETAILS]


# Rounds and bodies


@pytest.mark.parametrize(
    ("language", "said"), [("ko", "제3기 국가행동계획 2023년도"), ("en", "National Action Plan 3, 2023")]
)
def test_a_round_is_called_by_plan_and_year_in_the_language_of_the_reader(language, said, rows, coordinator) -> None:
    round_ = RoundFactory(plan__number=3, year=2023)
    action_plan = SubmissionFactory(round=round_).assignment.action_plan
    record(kind="change", subject=round_, by=coordinator)
    record(kind="move", subject=Guidance.objects.create(round=round_, action_plan=action_plan, text=both("x")), by=None)
    assert rows(language, kind="change")[0][OBJECT][0] == said
    assert rows(language, kind="move")[0][OBJECT][0] == f"{said} {action_plan.code}"
    assert Event.objects.get(kind="change").object_label == "3 2023"
    # What is read can be looked for, in either language.
    assert len(rows(language, kind="change", q=said.lower())) == 1
    assert not rows(language, kind="change", q=said.replace("3", "4"))


def test_a_body_is_called_by_name_and_code_in_rows_that_do_not_say_whose_matter_it_was_too(rows, body) -> None:
    body.names.update(name=both("국방부", "Ministry of National Defense"))
    as_before(kind="create", object_kind="ministries.implementingbody", object_id=str(body.pk), object_label="OWN")
    as_before(kind="create", object_kind="ministries.implementingbody", object_id="0", object_label="GONE")
    assert [row[OBJECT][0] for row in rows("ko", kind="create")] == ["GONE", "국방부 (OWN)"]
    assert rows(kind="create")[1][OBJECT] == ["Ministry of National Defense (OWN)", "Implementing body"]


def test_an_exception_of_a_body_says_its_day_as_days_are_said(rows, body, coordinator) -> None:
    submission = SubmissionFactory(body=body)
    until = submission.round.closing_date.replace(year=clock.today().year + 1)
    extend_body(round=submission.round, body=body, until=until, reason="늦음", by=coordinator)
    year = submission.round.year
    assert rows("ko", kind="grant")[0][OBJECT][0] == f"OWN {year} ~ {until.year}. {until.month}. {until.day}."


# In files


def test_files_call_them_the_same(coordinator, signed_in) -> None:
    record_visit(user=UserFactory(name="김하나", email="one@example.org"), kind="sign_out")
    record(kind="change", subject=RoundFactory(plan__number=3, year=2023), by=coordinator)
    answer = signed_in(coordinator).get("/record/export/csv/", {"q": "김하나"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [row[3] for row in csv.reader(io.StringIO(text))][1:] == ["김하나 <one@example.org>"]
    answer = signed_in(coordinator).get("/record/export/csv/", {"kind": "change"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [row[3] for row in csv.reader(io.StringIO(text))][1:] == ["제3기 국가행동계획 2023년도"]
