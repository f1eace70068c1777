"""A body asks for more time: who may, what is refused, who is told, who answers, and what the pages show."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from ministries.enums import RequestAnswer, Role, State
from ministries.models import ExtensionRequest, Notice, Round, Submission
from ministries.selectors.extension_requests import requests_of_round
from ministries.services import extensions, transitions
from ministries.services.extension_requests import ask, decline, withdraw
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import RoundFactory, SubmissionFactory, person, submission_in
from tests.pages import form_data, in_english, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SignIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)
REASON = "The figures come in June"


@pytest.fixture
def round_() -> Round:
    """A round that has closed a week ago."""
    today = clock.today()
    return RoundFactory(opening_date=today - 60 * DAY, due_date=today - 20 * DAY, closing_date=today - 7 * DAY)


@pytest.fixture
def owed(round_, body) -> Submission:
    return SubmissionFactory(round=round_, body=body)


@pytest.fixture
def soon() -> dt.date:
    return clock.today() + 9 * DAY


@pytest.fixture
def given(round_, body, owed, soon, focal_point) -> dict:
    """What a focal point asks for one submission."""
    return {"round": round_, "body": body, "submission": owed, "until": soon, "reason": REASON, "by": focal_point}


def notices() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("person__email", "kind"))


# Asking


@pytest.mark.parametrize("of_all", [False, True], ids=["one submission", "all that is owed"])
def test_it_is_kept_on_record_and_told_to_the_coordinators(given, of_all, coordinator, approver) -> None:
    asked = ask(**{**given, **({"submission": None} if of_all else {})})
    assert (asked.reason, asked.asked_by_label, asked.is_open) == (REASON, given["by"].name, True)
    event = Event.objects.get(kind="ask_extension")
    assert event.object_kind == ("ministries.extensionrequest" if of_all else "ministries.submission")
    assert (event.reason, event.actor_role, event.object_body) == (REASON, "focal-point", "OWN")
    assert event.data == {"request": str(asked.pk), "due_date": given["until"].isoformat()}
    assert notices() == {(coordinator.email, "ask-extension")}
    assert ask(**{**given, "submission": asked.submission}) == asked, "a double click"
    assert (Event.objects.filter(kind="ask_extension").count(), Notice.objects.count()) == (1, 1)


def test_one_is_open_for_the_same_and_another_for_another(given, soon, body, approver) -> None:
    ask(**given)
    with pytest.raises(WrongState, match="asked for already"):
        ask(**{**given, "until": soon + DAY, "by": approver})
    ask(**{**given, "submission": SubmissionFactory(round=given["round"], body=body)})
    ask(**{**given, "submission": None})
    with pytest.raises(WrongState):
        ask(**{**given, "submission": None, "reason": "Another"})
    assert ExtensionRequest.objects.count() == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 5_000}, "reason"),
        ({"until": clock.today() - DAY}, "until"),
    ],
)
def test_what_is_wrong_is_refused(given, wrong, field) -> None:
    with pytest.raises(Refused) as refused:
        ask(**{**given, **wrong})
    assert (refused.value.field, ExtensionRequest.objects.count()) == (field, 0)


def test_a_day_that_gives_nothing_is_refused(given, owed, soon, coordinator, body, focal_point) -> None:
    extensions.extend(submission=owed, until=soon, reason="사정", by=coordinator)
    owed.refresh_from_db()
    for day in (soon - DAY, soon):
        with pytest.raises(Refused, match="later than that of the exception"):
            ask(**{**given, "submission": owed, "until": day})
    ask(**{**given, "submission": owed, "until": soon + DAY})
    open_round = RoundFactory()
    one = SubmissionFactory(round=open_round, body=body)
    with pytest.raises(Refused, match="later than that of the round"):
        ask(**{**given, "round": open_round, "submission": one, "until": open_round.due_date})


def test_what_is_not_awaited_or_not_open_is_refused(given, body, focal_point) -> None:
    with clock.at(given["round"].due_date):
        handed_in = submission_in(State.SUBMITTED, SubmissionFactory(round=given["round"], body=body))
    with pytest.raises(WrongState, match="Nothing of this is awaited"):
        ask(**{**given, "submission": handed_in})
    today = clock.today()
    ahead = RoundFactory(opening_date=today + DAY, due_date=today + 9 * DAY, closing_date=today + 20 * DAY)
    one = SubmissionFactory(round=ahead, body=body)
    with pytest.raises(WrongState, match="has not opened"):
        ask(**{**given, "round": ahead, "submission": one, "until": today + 15 * DAY})


def test_only_the_bodys_own_people_ask_and_take_back(given, coordinator, panel_member, other_body, approver) -> None:
    strangers = (coordinator, panel_member, person(Role.FOCAL_POINT, other_body), person(Role.ADMINISTRATOR))
    for stranger in strangers:
        for what in (given["submission"], None):
            with pytest.raises(NotPermitted):
                ask(**{**given, "submission": what, "by": stranger})
    asked = ask(**given)
    for stranger in strangers:
        with pytest.raises(NotPermitted):
            withdraw(request=asked, by=stranger)
    assert withdraw(request=asked, by=approver).answer == RequestAnswer.WITHDRAWN
    assert Event.objects.filter(kind="withdraw_request").get().actor_role == "approver"
    ask(**given)


# Answering


def test_declining_tells_the_body_why(given, coordinator, approver) -> None:
    asked = ask(**given)
    with pytest.raises(Refused):
        decline(request=asked, reason=" ", by=coordinator)
    for stranger in (given["by"], approver):
        with pytest.raises(NotPermitted):
            decline(request=asked, reason="No", by=stranger)
    Notice.objects.all().delete()
    declined = decline(request=asked, reason="The report is printed", by=coordinator)
    assert (declined.answer, declined.answered_by_label) == (RequestAnswer.DECLINED, "Coordinator")
    assert notices() == {(given["by"].email, "decline"), (approver.email, "decline")}
    assert Event.objects.get(kind="decline_extension").reason == "The report is printed"
    for again in (
        lambda: decline(request=asked, reason="No", by=coordinator),
        lambda: withdraw(request=asked, by=approver),
    ):
        with pytest.raises(WrongState, match="answered already"):
            again()
    ask(**given)  # the body may ask again


@pytest.mark.parametrize("of_all", [False, True], ids=["the one", "all that the body owes"])
def test_an_exception_answers_what_it_covers(given, soon, body, other_body, coordinator, of_all) -> None:
    one, whole = ask(**given), ask(**{**given, "submission": None})
    if of_all:
        made = extensions.extend_body(round=given["round"], body=body, until=soon, reason="사정", by=coordinator)
    else:
        extensions.extend(submission=given["submission"], until=soon, reason="사정", by=coordinator)
        made = given["submission"].extensions.get()
    one.refresh_from_db()
    whole.refresh_from_db()
    assert (one.answer, one.extension) == (RequestAnswer.GRANTED, made)
    assert (whole.answer, whole.extension) == ((RequestAnswer.GRANTED, made) if of_all else ("", None))


def test_what_was_handed_in_meanwhile_waits_for_nobody(given, owed, coordinator, focal_point) -> None:
    with clock.at(given["round"].due_date):
        ask(**{**given, "until": given["round"].due_date + 3 * DAY})
        submission_in(State.SUBMITTED, owed, by=focal_point)
    (row,) = requests_of_round(given["round"])
    assert (row.is_moot, row.is_open) == (True, False)
    transitions.return_submission(
        submission=Submission.objects.get(pk=owed.pk), by=coordinator, reason="보완", due_date=clock.today() + DAY
    )
    assert ExtensionRequest.objects.get().answer == RequestAnswer.GRANTED


# The pages


def address(round_: Round, code: str = "OWN") -> str:
    return in_english(reverse("ministries:extension_ask", args=[round_.plan.number, round_.year, code]))


def listed(round_: Round) -> str:
    return in_english(reverse("ministries:extension_list", args=[round_.plan.number, round_.year]))


def test_a_body_asks_from_the_submission_and_the_coordinator_grants_from_the_list(
    owed, round_, soon, focal_point, coordinator, signed_in: SignIn
) -> None:
    client = signed_in(focal_point)
    page = client.get(in_english(owed.get_absolute_url()))
    assert "Ask for more time on the page of the submission" in text_of(page)
    code = owed.assignment.action_plan.code
    where = f"{address(round_)}?of={code}"
    assert f'href="{where}"' in page.content.decode()
    form = client.get(where)
    answer = client.post(address(round_), form_data(form, until=soon.isoformat(), reason=REASON))
    assert (answer.status_code, answer["Location"]) == (302, address(round_))
    asked = ExtensionRequest.objects.get()
    assert (asked.submission, asked.until) == (owed, soon)
    assert "Waits for an answer" in text_of(client.get(address(round_)))

    lead = signed_in(coordinator)
    (notice,) = lead.get("/en/notices/").context["lines"]
    assert notice.told == f"Due date {date_format(soon, 'SHORT_DATE_FORMAT')} · {REASON}"
    desk = lead.get(notice.url)
    assert REASON in text_of(desk)
    assert desk.context["form"].initial == {"body": "OWN", "code": code, "until": soon}
    lead.post(listed(round_), form_data(desk, reason="Granted"))
    asked.refresh_from_db()
    assert (asked.answer, asked.extension.until) == (RequestAnswer.GRANTED, soon)
    told = {line.label: line.url for line in client.get("/en/notices/").context["lines"]}
    assert told == {"Due date extended": in_english(owed.get_absolute_url())}
    assert "Granted" in text_of(client.get(address(round_)))
    history = text_of(client.get(in_english(owed.get_absolute_url())))
    assert ("More time asked for" in history, REASON in history) == (True, True)
    # An address of a request that is answered fills in nothing.
    assert lead.get(notice.url).context["form"].initial == {}
    assert lead.get(f"{listed(round_)}?request=nonsense").status_code == 200


def test_a_coordinator_declines_with_a_reason(given, round_, coordinator, focal_point, signed_in: SignIn) -> None:
    asked = ask(**{**given, "submission": None})
    client = signed_in(coordinator)
    where = in_english(reverse("ministries:extension_decline", args=[round_.plan.number, round_.year, asked.pk]))
    assert f'href="{where}"' in client.get(listed(round_)).content.decode()
    page = client.get(where)
    assert REASON in text_of(page)
    assert client.post(where, form_data(page, reason="")).status_code == 400
    assert client.post(where, form_data(page, reason="Too late")).status_code == 302
    assert client.post(where, form_data(page, reason="Too late")).status_code == 409
    assert "Too late" in text_of(client.get(listed(round_)))
    body = signed_in(focal_point)
    assert "Too late" in text_of(body.get(address(round_)))
    (line,) = body.get("/en/notices/").context["lines"]
    assert (line.label, line.told) == ("Request for more time declined", "Too late")
    assert body.get(line.url).status_code == 200


def test_a_body_takes_back_what_it_asked(given, round_, focal_point, signed_in: SignIn) -> None:
    asked = ask(**given)
    client = signed_in(focal_point)
    where = in_english(
        reverse("ministries:extension_withdraw", args=[round_.plan.number, round_.year, "OWN", asked.pk])
    )
    assert client.get(where).status_code == 405
    assert client.post(where, form_data(client.get(address(round_)), where)).status_code == 302
    assert "Taken back" in text_of(client.get(address(round_)))
    assert client.post(where).status_code == 409


def test_wrong_input_stays_beside_its_reason(owed, round_, soon, focal_point, signed_in: SignIn) -> None:
    client = signed_in(focal_point)
    data = form_data(client.get(address(round_)))
    for wrong in (
        {"until": "soon"},
        {"until": "2001-01-01"},
        {"until": soon.isoformat(), "reason": ""},
        {"code": "9.9"},
    ):
        answer = client.post(address(round_), {**data, "until": soon.isoformat(), "reason": REASON, **wrong})
        assert answer.status_code == 400, wrong
        assert (REASON in text_of(answer)) == ("reason" not in wrong)
    assert not ExtensionRequest.objects.exists()
    client.post(address(round_), {**data, "until": soon.isoformat(), "reason": REASON})
    again = client.post(address(round_), {**data, "until": soon.isoformat(), "reason": "Other"})
    assert (again.status_code, "asked for already" in text_of(again)) == (409, True)


def test_who_may_see_neither_the_asking_nor_the_answering_gets_404(
    given, round_, coordinator, panel_member, other_body, focal_point, signed_in: SignIn
) -> None:
    asked = ask(**given)
    place = [round_.plan.number, round_.year]
    of_body = [
        address(round_),
        reverse("ministries:extension_withdraw", args=[*place, "OWN", asked.pk]),
    ]
    of_lead = [listed(round_), reverse("ministries:extension_decline", args=[*place, asked.pk])]
    other = person(Role.FOCAL_POINT, other_body)
    for user in (panel_member, other, person(Role.ADMINISTRATOR), person(Role.COMMITTEE_READER)):
        client = signed_in(user)
        assert [client.post(each).status_code for each in of_body + of_lead] == [404] * 4, user
        assert [client.get(each).status_code for each in (of_body[0], *of_lead)] == [404] * 3, user
    assert signed_in(coordinator).get(of_body[0]).status_code == 404
    assert [signed_in(focal_point).get(each).status_code for each in of_lead] == [404, 404]
    # Another body's request is not there under the own one's address.
    theirs = reverse("ministries:extension_withdraw", args=[*place, "OTHER", asked.pk])
    assert signed_in(other).post(theirs).status_code == 404
    missing = reverse("ministries:extension_decline", args=[*place, uuid.uuid4()])
    assert signed_in(coordinator).get(missing).status_code == 404
    for each in (of_body[0], *of_lead):
        assert "/accounts/login/" in Client().get(each)["Location"]
    asked.refresh_from_db()
    assert asked.is_open


def test_the_link_is_there_while_the_body_owes_it(round_, body, focal_point, coordinator, signed_in: SignIn) -> None:
    with clock.at(round_.due_date):
        handed_in = submission_in(State.SUBMITTED, SubmissionFactory(round=round_, body=body))
    owed = SubmissionFactory(round=round_, body=body)
    for user, submission, there in (
        (focal_point, owed, True),
        (focal_point, handed_in, False),
        (coordinator, owed, False),
    ):
        page = signed_in(user).get(in_english(submission.get_absolute_url()))
        assert bool(page.context["ask_url"]) is there
    done = RoundFactory()
    submission_in(State.SUBMITTED, SubmissionFactory(round=done, body=body))
    page = signed_in(focal_point).get(address(done))
    assert (page.context["may_ask"], "Nothing is awaited" in text_of(page)) == (False, True)


def test_three_requests_cost_as_many_queries_as_one(given, round_, body, coordinator, focal_point, signed_in) -> None:
    clients = [(signed_in(coordinator), listed(round_)), (signed_in(focal_point), address(round_))]

    def count() -> list[int]:
        found = []
        for client, where in clients:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(where).status_code == 200
            found.append(len(queries))
        return found

    ask(**given)
    count()
    one = count()
    for _number in range(2):
        ask(**{**given, "submission": SubmissionFactory(round=round_, body=body)})
    assert count() == one


def test_a_coordinator_finds_it_in_the_record(given, coordinator, signed_in: SignIn) -> None:
    ask(**given)
    ask(**{**given, "submission": None})
    page = text_of(signed_in(coordinator).get("/en/record/?kind=ask_extension"))
    assert page.count(REASON) == 2
    assert "More time asked for" in page
