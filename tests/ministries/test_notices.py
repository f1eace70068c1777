"""Notices: who is told of what, who is not, what is read, and that nobody hears of what they may not see."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from ministries import notice_rules
from ministries.enums import NoticeKind, Role, Visibility
from ministries.models import Appointment, Notice, Round, Submission
from ministries.services import closing, extensions, handovers, notices, ratings, review_remarks, schedule, transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import AppointmentFactory, RoundFactory, SubmissionFactory, person, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SignIn = Callable[[User], Client]
LIST = "/en/notices/"


@pytest.fixture
def hands(focal_point, approver, coordinator) -> dict[str, User]:
    """Those who act."""
    return {"by": focal_point, "approver": approver, "coordinator": coordinator}


@pytest.fixture
def everybody(hands, other_body, lead_body, panel_member) -> dict[str, User]:
    """Those who act, and those beside them."""
    return {
        "focal": hands["by"],
        "approver": hands["approver"],
        "lead": hands["coordinator"],
        "other lead": person(Role.COORDINATOR, lead_body),
        "other body": person(Role.FOCAL_POINT, other_body),
        "panel": panel_member,
        "administrator": person(Role.ADMINISTRATOR),
    }


@pytest.fixture
def submitted(body, hands) -> Submission:
    return made("submitted", body, hands)


def made(state: str, body: Any, hands: dict[str, User], round: Round | None = None) -> Submission:
    """A submission of the body in this state, of whose way nobody has notices."""
    found = submission_in(state, SubmissionFactory(body=body, **({"round": round} if round else {})), **hands)
    Notice.objects.all().delete()
    return found


def seen(everybody: dict[str, User]) -> dict[str, list[str]]:
    """Which notices each of them sees, by kind; who sees none is left out."""
    found = {
        who: sorted(Notice.objects.visible_to(User.objects.get(pk=user.pk)).values_list("kind", flat=True))
        for who, user in everybody.items()
    }
    return {who: kinds for who, kinds in found.items() if kinds}


# Who is told of what


def test_the_way_of_a_submission_tells_the_other_side_and_the_actors_colleagues(body, hands, everybody) -> None:
    submission = submission_in("submitted", SubmissionFactory(body=body), **hands)
    assert seen(everybody) == {"lead": ["submit"], "other lead": ["submit"]}
    transitions.return_submission(submission=submission, by=hands["coordinator"], reason="Figures")
    returned = {"focal": ["return"], "approver": ["return"], "lead": ["submit"], "other lead": ["submit"]}
    assert seen(everybody) == returned
    Notice.objects.all().delete()
    submission.refresh_from_db()
    transitions.sign_off(submission=submission, by=hands["approver"])
    transitions.send_back(submission=submission, by=hands["approver"], reason="Not yet")
    assert seen(everybody) == {"focal": ["send-back"]}
    Notice.objects.all().delete()
    transitions.sign_off(submission=submission, by=hands["approver"])
    submission.refresh_from_db()
    transitions.submit(submission=submission, by=hands["by"])
    assert seen(everybody) == {"lead": ["submit-again"], "other lead": ["submit-again"]}
    Notice.objects.all().delete()
    submission.refresh_from_db()
    transitions.confirm(submission=submission, by=hands["coordinator"], rating="on-track")
    submission.refresh_from_db()
    transitions.reopen(submission=submission, by=hands["coordinator"], reason="Wrong figure")
    assert seen(everybody) == {"focal": ["confirm", "reopen"], "approver": ["confirm", "reopen"]}


def test_a_double_click_tells_once(submitted, hands, everybody) -> None:
    step = submitted.step
    for _time in range(2):
        transitions.return_submission(submission=submitted, by=hands["coordinator"], reason="Figures", step=step)
    assert seen(everybody) == {"focal": ["return"], "approver": ["return"]}


def remark(submission: Submission, by: User, visibility: Visibility) -> Any:
    return review_remarks.add_remark(
        submission=submission, field="results", text="Which figures?", by=by, visibility=visibility
    )


def test_a_remark_of_the_coordinators_alone_tells_nobody_until_it_is_opened(submitted, hands, everybody) -> None:
    kept = remark(submitted, hands["coordinator"], Visibility.COORDINATORS)
    ratings.save_rating(submission=submitted, by=hands["coordinator"], rating="attention", reason="Late")
    assert Notice.objects.count() == 0
    review_remarks.widen_remark(remark=kept, visibility=Visibility.BODY, by=hands["coordinator"])
    assert seen(everybody) == {"focal": ["remark"], "approver": ["remark"]}
    # Of more readers elsewhere the body learns nothing.
    review_remarks.widen_remark(remark=kept, visibility=Visibility.PANEL, by=hands["coordinator"])
    review_remarks.resolve_remark(remark=kept, by=hands["coordinator"])
    assert Notice.objects.count() == 2


def test_a_remark_for_the_body_tells_the_body_and_its_answer_the_coordinators(submitted, hands, everybody) -> None:
    asked = remark(submitted, hands["coordinator"], Visibility.BODY)
    assert seen(everybody) == {"focal": ["remark"], "approver": ["remark"]}
    Notice.objects.all().delete()
    review_remarks.answer_remark(remark=asked, text="Those of May.", by=hands["by"])
    assert seen(everybody) == {"lead": ["answer"], "other lead": ["answer"]}


def test_a_remark_inside_the_body_tells_the_body_alone(submitted, hands, everybody) -> None:
    remark(submitted, hands["by"], Visibility.INSIDE)
    assert seen(everybody) == {"approver": ["inside-remark"]}


def test_an_exception_tells_the_body_once_whatever_it_covers(body, hands, everybody) -> None:
    round = RoundFactory()
    first = made("draft", body, hands, round)
    made("draft", body, hands, round)
    until = round.closing_date + dt.timedelta(days=9)
    extensions.extend(submission=first, until=until, reason="Audit", by=hands["coordinator"])
    told = Notice.objects.get(person=hands["by"])
    assert (told.kind, told.submission, told.round) == ("extend", first, None)
    Notice.objects.all().delete()
    given = extensions.extend_body(round=round, body=body, until=until, reason="Audit", by=hands["coordinator"])
    extensions.end_extension(extension=given, reason="Over", by=hands["coordinator"])
    both = ["end-extension", "extend"]
    assert seen(everybody) == {"focal": both, "approver": both}
    assert set(Notice.objects.values_list("submission", "round")) == {(None, round.pk)}


def give(user: User, by: User, **changed: Any) -> Any:
    """Hand the user's role over to a successor."""
    Appointment.objects.filter(user=user).update(start=clock.today() - dt.timedelta(days=99))
    given = {"email": "successor@example.org", "name": "Successor", "on": clock.today(), **changed}
    return handovers.hand_over(appointment=Appointment.objects.get(user=user), by=by, **given)


def test_a_handover_tells_the_successor_the_colleagues_and_the_coordinators_once(hands, everybody) -> None:
    made = give(hands["by"], hands["by"])
    everybody["successor"] = made.receiver
    told = {who: ["hand-over"] for who in ("approver", "lead", "other lead", "successor")}
    assert seen(everybody) == told
    handovers.revoke_handover(handover=made, by=hands["coordinator"], reason="Wrong person")
    revoked = {who: [*kinds, "revoke-handover"] for who, kinds in told.items() if who in ("approver", "other lead")}
    # Who has no role any more sees nothing, and who has it again what came meanwhile.
    assert seen(everybody) == {**revoked, "lead": ["hand-over"], "focal": ["revoke-handover"]}


def test_a_successor_sees_it_from_the_first_day_on(hands) -> None:
    made = give(hands["by"], hands["by"], on=clock.today() + dt.timedelta(days=1))
    assert seen({"successor": made.receiver}) == {}
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert seen({"successor": made.receiver}) == {"successor": ["hand-over"]}


def test_nobody_who_left_is_told_and_what_is_rolled_back_tells_nobody(submitted, hands, body) -> None:
    gone, inactive = person(Role.FOCAL_POINT, body), person(Role.FOCAL_POINT, body)
    Appointment.objects.filter(user=gone).update(end=clock.today() - dt.timedelta(days=1))
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    with transaction.atomic():
        transitions.return_submission(submission=submitted, by=hands["coordinator"], reason="Figures")
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0
    transitions.return_submission(submission=submitted, by=hands["coordinator"], reason="Figures")
    assert set(Notice.objects.values_list("person", flat=True)) == {hands["by"].pk, hands["approver"].pk}


def test_each_kind_of_event_has_readers_and_what_is_no_kind_has_none(submitted, hands) -> None:
    assert {*notice_rules.FOR_BODY, *notice_rules.FOR_LEAD} == set(NoticeKind)
    closing.close_round(round=submitted.round, by=hands["coordinator"])
    assert Notice.objects.count() == 0


# Who may still see it


def test_with_the_role_go_its_notices_and_with_them_the_number(submitted, hands, signed_in: SignIn) -> None:
    transitions.return_submission(submission=submitted, by=hands["coordinator"], reason="Figures of May")
    client = signed_in(hands["by"])
    page = client.get(LIST)
    assert "Figures of May" in text_of(page)
    assert page.context["bell"].unread == 1
    # Another role leaves the page, without what came of the role that is gone.
    person_left = Appointment.objects.filter(user=hands["by"])
    person_left.update(end=clock.today() - dt.timedelta(days=1))
    AppointmentFactory(user=hands["by"], role=Role.FOCAL_POINT)
    page = client.get(LIST)
    assert "There are no notices" in text_of(page)
    assert page.context["bell"].unread == 0
    notice = Notice.objects.get(person=hands["by"])
    assert client.post(reverse("ministries:notice_read", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_who_is_never_told_anything_has_no_page_and_no_bell(panel_member, focal_point, signed_in: SignIn) -> None:
    client = signed_in(panel_member)
    assert client.get(LIST).status_code == 404
    assert LIST not in client.get("/en/").content.decode()
    assert LIST in signed_in(focal_point).get("/en/").content.decode()


# Reading


def test_looking_reads_nothing_and_opening_reads_and_leads_to_the_submission(
    submitted, hands, signed_in: SignIn
) -> None:
    transitions.return_submission(submission=submitted, by=hands["coordinator"], reason="Figures")
    notice = Notice.objects.get(person=hands["by"])
    client, address = signed_in(hands["by"]), in_english(reverse("ministries:notice_read", args=[notice.pk]))
    first = client.get(LIST)
    client.get(LIST)
    notice.refresh_from_db()
    assert (notice.read_at, "Unread" in text_of(first)) == (None, True)
    events = Event.objects.count()
    answer = client.post(address, form_data(first, address, open="1"))
    assert (answer.status_code, answer["Location"]) == (302, in_english(submitted.get_absolute_url()))
    notice.refresh_from_db()
    read_at = notice.read_at
    assert (read_at is not None, Event.objects.count()) == (True, events)
    # Once read it stays read since then, and its link needs no form.
    client.post(address)
    notice.refresh_from_db()
    assert notice.read_at == read_at
    page = client.get(LIST)
    assert (submitted.get_absolute_url() in page.content.decode(), page.context["bell"].unread) == (True, 0)
    assert "Nothing is unread" in text_of(client.get(f"{LIST}?show=unread"))


def test_marking_one_leads_back_to_the_part_of_the_list(submitted, hands, signed_in: SignIn) -> None:
    remark(submitted, hands["coordinator"], Visibility.BODY)
    notice = Notice.objects.get(person=hands["by"])
    address = in_english(reverse("ministries:notice_read", args=[notice.pk]))
    answer = signed_in(hands["by"]).post(f"{address}?show=unread&page=2&next=//elsewhere")
    assert answer["Location"] == f"{LIST}?show=unread&page=2"


def test_all_are_read_up_to_what_the_page_showed(submitted, hands, signed_in: SignIn) -> None:
    remark(submitted, hands["coordinator"], Visibility.BODY)
    client, address = signed_in(hands["by"]), in_english(reverse("ministries:notice_read_all"))
    data = form_data(client.get(LIST), address)
    transitions.return_submission(submission=submitted, by=hands["coordinator"], reason="Came meanwhile")
    assert client.post(address, data).status_code == 302
    assert seen_unread(hands["by"]) == ["return"]
    assert seen_unread(hands["approver"]) == ["remark", "return"]
    for wrong in ("", "yesterday", "2026-01-01T00:00:00"):
        assert client.post(address, {"until": wrong}).status_code == 400
    assert seen_unread(hands["by"]) == ["return"]


def seen_unread(user: User) -> list[str]:
    return sorted(Notice.objects.visible_to(user).unread().values_list("kind", flat=True))


def test_a_foreign_notice_is_not_there(submitted, hands, everybody, signed_in: SignIn) -> None:
    transitions.return_submission(submission=submitted, by=hands["coordinator"], reason="Figures")
    notice = Notice.objects.get(person=hands["by"])
    address = reverse("ministries:notice_read", args=[notice.pk])
    for who in ("approver", "lead", "other body", "panel"):
        assert signed_in(everybody[who]).post(address).status_code == 404
    assert signed_in(hands["by"]).post(reverse("ministries:notice_read", args=[uuid.uuid4()])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_who_is_not_signed_in_and_other_methods_are_turned_away(submitted, hands, signed_in: SignIn) -> None:
    remark(submitted, hands["coordinator"], Visibility.BODY)
    address = reverse("ministries:notice_read", args=[Notice.objects.get(person=hands["by"]).pk])
    for path in (LIST, address, reverse("ministries:notice_read_all")):
        assert "/accounts/login/" in Client().get(path)["Location"]
    client = signed_in(hands["by"])
    assert (client.post(LIST).status_code, client.get(address).status_code) == (405, 405)
    assert client.get(reverse("ministries:notice_read_all")).status_code == 405


# The page and its head


def test_every_kind_is_told_with_a_sign_and_leads_to_a_page_that_opens(body, hands, signed_in: SignIn) -> None:
    round = RoundFactory()
    submission = made("submitted", body, hands, round)
    made("draft", body, hands, round)
    remark(submission, hands["coordinator"], Visibility.BODY)
    remark(submission, hands["approver"], Visibility.INSIDE)
    transitions.return_submission(submission=submission, by=hands["coordinator"], reason="Figures")
    until = round.closing_date + dt.timedelta(days=9)
    given = extensions.extend_body(round=round, body=body, until=until, reason="Audit", by=hands["coordinator"])
    extensions.end_extension(extension=given, reason="Over", by=hands["coordinator"])
    give(person(Role.FOCAL_POINT, body), hands["approver"])
    for who, number in (("by", 6), ("coordinator", 1)):
        client = signed_in(hands[who])
        page = client.get(LIST)
        assert len(page.context["lines"]) == number
        for line in page.context["lines"]:
            assert client.get(line.url).status_code == 200, line
            assert (bool(line.sign), line.told != "") == (True, True), line
    told = {line.notice.kind: line.told for line in signed_in(hands["by"]).get(LIST).context["lines"]}
    assert (told["return"], told["remark"], told["end-extension"]) == ("Figures", "Results", "Over")
    assert told["extend"] == f"Due date {date_format(until, 'SHORT_DATE_FORMAT')} · Audit"


def test_a_page_asks_as_often_for_three_as_for_one(body, hands, signed_in: SignIn) -> None:
    client = signed_in(hands["by"])

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    def tell() -> None:
        submission = submission_in("submitted", SubmissionFactory(body=body), **hands)
        transitions.return_submission(submission=submission, by=hands["coordinator"], reason="Figures")

    tell()
    count()
    one = count()
    tell()
    tell()
    assert (count(), len(client.get(LIST).context["lines"])) == (one, 3)


def test_the_number_in_the_head_costs_one_query_and_makes_the_overview_another_page(
    submitted, hands, signed_in: SignIn
) -> None:
    client = signed_in(hands["coordinator"])
    address = in_english(reverse("ministries:overview", args=[submitted.round.plan.number, submitted.round.year]))
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        mark = client.get(address)["ETag"]
    assert sum("ministries_notice" in query["sql"] for query in found.captured_queries) == 1
    told = Notice(person=hands["coordinator"], event=uuid.uuid4(), kind="answer", at=clock.now())
    told.body, told.submission = submitted.assignment.body, submitted
    told.save()
    answer = client.get(address, headers={"If-None-Match": mark})
    assert (answer.status_code, answer.context["bell"].unread) == (200, 1)
    with CaptureQueriesContext(connection) as found:
        client.get(address, headers={"HX-Request": "true", "HX-Target": "overview"})
    assert sum("ministries_notice" in query["sql"] for query in found.captured_queries) == 0


def test_the_schedule_sweeps_what_is_a_year_old(submitted, hands) -> None:
    remark(submitted, hands["coordinator"], Visibility.BODY)
    Notice.objects.filter(person=hands["by"]).update(at=clock.real_now() - notices.KEPT - dt.timedelta(hours=1))
    schedule.run(dry_run=True)
    assert Notice.objects.count() == 2
    schedule.run()
    assert list(Notice.objects.values_list("person", flat=True)) == [hands["approver"].pk]
