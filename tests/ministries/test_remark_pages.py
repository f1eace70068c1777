"""Pages of review remarks: writing, answering, the buttons beside each; and that a hidden one leaves no trace."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.enums import Role, Visibility
from ministries.models import ReviewComment, Submission
from ministries.services import review_remarks as services
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import SubmissionFactory, fill_in, person, submission_in
from tests.pages import actions_on, form_data, in_english, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
COORDINATORS, BODY, PANEL, INSIDE = Visibility
Browser = Callable[[User], Client]
#: Nothing else on any page says this.
SECRET = "비밀의견"


@pytest.fixture
def submitted(body: Any, focal_point: User, approver: User) -> Submission:
    return submission_in("submitted", SubmissionFactory(body=body), by=focal_point, approver=approver)


@pytest.fixture
def confirmed(body: Any, focal_point: User, approver: User) -> Submission:
    return submission_in("confirmed", SubmissionFactory(body=body), by=focal_point, approver=approver)


def page_of(submission: Submission, name: str = "add", *more: Any) -> str:
    return reverse(f"ministries:comment_{name}", args=[*submission.address, *more])


def write(browser: Client, submission: Submission, **typed: str | None) -> HttpResponse:
    """Open the page, type, press its button."""
    page = page_of(submission)
    return browser.post(page, form_data(browser.get(f"{page}?field=results"), **typed))


def hidden(submission: Submission, visibility: Visibility, by: User) -> ReviewComment:
    return services.add_remark(submission=submission, field="results", text=SECRET, visibility=visibility, by=by)


# Writing


def test_a_coordinator_writes_a_remark_beside_what_the_field_says(submitted, coordinator, signed_in) -> None:
    browser = signed_in(coordinator)
    page = browser.get(f"{page_of(submitted)}?field=results")
    asked = form_data(page)
    assert (asked["field"], asked["visibility"], asked["version"]) == ("results", "coordinators", "1")
    assert submitted.results in text_of(page)
    answer = browser.post(page_of(submitted), {**asked, "text": "몇 명입니까?"})
    remark = ReviewComment.objects.get()
    assert (remark.text, remark.field, remark.visibility, remark.author) == (
        "몇 명입니까?",
        "results",
        "coordinators",
        coordinator,
    )
    assert (answer.status_code, answer["Location"]) == (302, f"{submitted.get_absolute_url()}#remark-{remark.pk}")
    shown = text_of(browser.get(submitted.get_absolute_url()))
    assert ("몇 명입니까?" in shown, "Coordinators only" in shown, "on version 1" in shown) == (True, True, True)
    # A double click.
    assert browser.post(page_of(submitted), {**asked, "text": "몇 명입니까?"}).status_code == 302
    assert ReviewComment.objects.count() == 1


def test_each_field_and_table_of_the_page_leads_to_a_remark_on_it(submitted, coordinator, signed_in) -> None:
    page = signed_in(coordinator).get(submitted.get_absolute_url()).content.decode()
    named = set(re.findall(rf'href="{page_of(submitted)}\?field=([a-z_]+)"', page))
    assert {"results", "self_rating", "next_year_plan", "indicators"} <= named
    assert "field=" not in signed_in(person(Role.PANEL_MEMBER)).get(submitted.get_absolute_url()).content.decode()


def test_the_body_remarks_inside_itself_while_it_writes(body, focal_point, approver, coordinator, signed_in) -> None:
    draft = fill_in(SubmissionFactory(body=body), focal_point)
    browser = signed_in(approver)
    assert form_data(browser.get(page_of(draft)))["visibility"] == "inside-body"
    assert write(browser, draft, text="출처를 적으십시오.").status_code == 302
    assert (ReviewComment.objects.get().visibility, ReviewComment.objects.get().version) == ("inside-body", None)
    steps = reverse("ministries:submission_write_step", args=[*draft.address, "results"])
    assert "출처를 적으십시오." in text_of(signed_in(focal_point).get(steps))
    page = text_of(browser.get(draft.get_absolute_url()))
    assert "1 remark inside the body is open. Look at it before the sign-off." in page
    desk = reverse("ministries:signoff_desk", args=draft.address[:3])
    assert "1 remark inside the body" in text_of(browser.get(desk))
    # It is no wall.
    transitions.sign_off(submission=draft, by=approver)
    assert signed_in(coordinator).get(page_of(draft)).status_code == 403


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "가" * 2001}, "2000"),
        ({"text": "의견", "field": ""}, "This field is required."),
        ({"text": "의견", "field": "state"}, "Select a valid choice"),
        ({"text": "의견", "visibility": "inside-body"}, "Select a valid choice"),
        ({"text": "의견", "visibility": None}, "This field is required."),
        ({"text": "의견", "key": "x"}, ""),
        ({"text": "의견", "version": "x"}, ""),
    ],
)
def test_a_remark_that_cannot_be_taken_is_told_and_not_lost(typed, said, submitted, coordinator, signed_in) -> None:
    answer = write(signed_in(coordinator), submitted, **typed)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert form_data(answer)["text"] == typed["text"]
    assert not ReviewComment.objects.exists()


def test_who_reads_a_submission_and_may_not_remark_is_told_so(
    submitted, confirmed, panel_member, other_body, committee_reader, signed_in
) -> None:
    stranger = person(Role.FOCAL_POINT, other_body)
    for user, codes in [(panel_member, (404, 403)), (stranger, (404, 403)), (committee_reader, (404, 404))]:
        browser = signed_in(user)
        for method in (browser.get, browser.post):
            assert tuple(method(page_of(each)).status_code for each in (submitted, confirmed)) == codes
    assert Client().get(page_of(submitted)).status_code == 302
    assert signed_in(panel_member).put(page_of(confirmed)).status_code == 405


# A hidden remark leaves no trace


def pages_for(submission: Submission) -> list[str]:
    """Every page on which a remark, or a count of remarks, could show."""
    address = submission.address
    step = [reverse("ministries:submission_write_step", args=[*address, each]) for each in ("results", "activities")]
    return [
        "/en/",
        submission.get_absolute_url(),
        submission.round.get_absolute_url(),
        f"{submission.round.get_absolute_url()}?scope=own",
        *(reverse(f"ministries:{each}", args=address) for each in ("submission_write", "submission_change")),
        *step,
        reverse("ministries:evidence_list", args=address),
        f"{page_of(submission)}?field=results",
        *(reverse(f"ministries:signoff_{each}", args=address[:3]) for each in ("desk", "submit")),
        reverse("ministries:handover_list"),
        reverse("reports:submission_print", args=address),
        reverse("ministries:action_plan_detail", args=[address[0], address[3]]),
    ]


def read_by(browser: Client, submission: Submission) -> list[tuple[int, str]]:
    answers = [browser.get(each) for each in pages_for(submission)]
    # A page says when it is printed.
    return [(answer.status_code, re.sub(r"\d{1,2}:\d\d", "", text_of(answer))) for answer in answers]


@pytest.mark.parametrize(
    ("state", "visibility", "author", "reader"),
    [
        ("returned", COORDINATORS, "coordinator", "focal"),
        ("confirmed", COORDINATORS, "coordinator", "approver"),
        ("confirmed", COORDINATORS, "coordinator", "panel"),
        ("returned", BODY, "coordinator", "other"),
        ("confirmed", BODY, "coordinator", "panel"),
        ("confirmed", PANEL, "coordinator", "other"),
        ("confirmed", PANEL, "coordinator", "committee"),
        ("returned", INSIDE, "focal", "coordinator"),
        ("confirmed", INSIDE, "focal", "coordinator"),
        ("confirmed", INSIDE, "focal", "other"),
        ("confirmed", INSIDE, "focal", "panel"),
    ],
)
def test_a_remark_that_one_may_not_read_leaves_no_trace(
    state, visibility, author, reader, body, other_body, coordinator, focal_point, approver, signed_in
) -> None:
    submission = SubmissionFactory(body=body)
    submission_in(state, submission, by=focal_point, approver=approver, coordinator=coordinator)
    people = {"coordinator": coordinator, "focal": focal_point, "approver": approver}
    readers = {"other": (Role.FOCAL_POINT, other_body), "panel": (Role.PANEL_MEMBER,)}
    readers["committee"] = (Role.COMMITTEE_READER,)
    browser = signed_in(people[reader] if reader in people else person(*readers[reader]))
    before = read_by(browser, submission)
    remark = hidden(submission, visibility, people[author])
    services.resolve_remark(remark=remark, by=people[author])
    services.reopen_remark(remark=remark, by=people[author])
    assert read_by(browser, submission) == before
    events = Event.objects.count()
    # The answers are those for a remark that there is not.
    for name in ("answer", "resolve", "open", "widen"):
        for typed in ({}, {"visibility": "panel", "text": "x", "key": str(uuid.uuid4())}):
            found = browser.post(page_of(submission, name, remark.pk), typed)
            nothing = browser.post(page_of(submission, name, uuid.uuid4()), typed)
            assert (found.status_code, text_of(found)) == (404, text_of(nothing)), name
    assert Event.objects.count() == events
    remark.refresh_from_db()
    assert (remark.visibility, remark.resolved_at) == (visibility, None)


def test_the_panel_reads_the_remark_and_neither_the_answer_nor_any_button(
    confirmed, coordinator, focal_point, panel_member, signed_in
) -> None:
    remark = hidden(confirmed, BODY, coordinator)
    services.answer_remark(remark=remark, text="기관의 답변입니다.", by=focal_point)
    services.widen_remark(remark=remark, visibility=PANEL, by=coordinator)
    browser = signed_in(panel_member)
    page = browser.get(confirmed.get_absolute_url())
    assert (SECRET in text_of(page), "기관의 답변입니다." in text_of(page)) == (True, False)
    assert not [action for action in actions_on(page) if "remarks" in action]
    for name in ("answer", "resolve", "open", "widen"):
        assert browser.post(page_of(confirmed, name, remark.pk), {"visibility": "panel"}).status_code == 403
    transitions.reopen(submission=confirmed, by=coordinator, reason="정정")
    fill_in(confirmed, focal_point, disclosure="restricted", disclosure_ground="정보공개법 제9조")
    assert browser.get(confirmed.get_absolute_url()).status_code == 404


# Beside each remark


def test_the_body_answers_and_the_coordinator_sees_that_it_did(submitted, coordinator, focal_point, signed_in) -> None:
    remark = hidden(submitted, BODY, coordinator)
    body = signed_in(focal_point)
    page = page_of(submitted, "answer", remark.pk)
    assert f'href="{page}"' in body.get(submitted.get_absolute_url()).content.decode()
    asked = form_data(body.get(page))
    for text in ("", "가" * 2001):
        refused = body.post(page, {**asked, "text": text})
        assert (refused.status_code, form_data(refused)["text"]) == (400, text)
    answers = [body.post(page, {**asked, "text": "50명입니다."}) for _click in range(2)]
    assert [each["Location"] for each in answers] == [f"{submitted.get_absolute_url()}#remark-{remark.pk}"] * 2
    shown = text_of(signed_in(coordinator).get(submitted.get_absolute_url()))
    assert (shown.count("50명입니다."), "Answered" in shown) == (1, True)
    assert signed_in(coordinator).get(page).status_code == 403
    services.resolve_remark(remark=remark, by=coordinator)
    late = body.post(page, {**asked, "text": "늦은 답변", "key": str(uuid.uuid4())})
    assert (late.status_code, form_data(late)["text"]) == (409, "늦은 답변")
    assert body.put(page).status_code == 405


def test_a_coordinator_resolves_opens_again_and_opens_to_more_readers(submitted, coordinator, signed_in) -> None:
    remark, browser = hidden(submitted, COORDINATORS, coordinator), signed_in(coordinator)
    here = submitted.get_absolute_url()
    for name, sent in [("resolve", {}), ("open", {}), ("widen", {"visibility": "body"})]:
        action = page_of(submitted, name, remark.pk)
        assert action in actions_on(browser.get(here)), name
        answer = browser.post(action, sent)
        assert (answer.status_code, answer["Location"]) == (302, f"{here}#remark-{remark.pk}")
    shown = text_of(browser.get(here))
    assert ("Body and coordinators" in shown, "Remark opened again" in shown) == (True, True)
    widen = page_of(submitted, "widen", remark.pk)
    assert [browser.post(widen, {"visibility": each}).status_code for each in ("", "all")] == [400, 400]
    assert browser.post(widen, {"visibility": "coordinators"}).status_code == 409
    part = browser.post(page_of(submitted, "resolve", remark.pk), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith(f'<div id="remark-{remark.pk}"')
    assert ("Resolved by" in part, "Coordinator" in part) == (True, True)


def test_a_return_offers_the_internal_remarks_to_be_sent_along(submitted, coordinator, focal_point, signed_in) -> None:
    along, kept = hidden(submitted, COORDINATORS, coordinator), hidden(submitted, COORDINATORS, coordinator)
    browser, page = signed_in(coordinator), in_english(submitted.get_absolute_url())
    action = f"{page}review/#decide-return"
    offered = browser.get(f"{page}review/")
    asked = {**form_data(offered, action), "reason": "보완", "along": [str(along.pk)]}
    assert text_of(offered).count(f"Results: {SECRET}") == 2
    assert "along" not in form_data(offered, action), "none is ticked by itself"
    assert browser.post(action, {**asked, "along": "x"}).status_code == 400
    refused = browser.post(action, {**asked, "reason": ""})
    assert form_data(refused, action)["along"] == str(along.pk)
    assert [browser.post(action, asked).status_code for _click in range(2)] == [302, 302]
    along.refresh_from_db()
    kept.refresh_from_db()
    assert (along.visibility, kept.visibility) == ("body", "coordinators")
    shown = text_of(signed_in(focal_point).get(page))
    assert shown.count(SECRET) == 1


@pytest.mark.parametrize("name", ["resolve", "open", "widen"])
def test_the_buttons_are_posted_and_never_got(name, submitted, coordinator, signed_in) -> None:
    remark = hidden(submitted, COORDINATORS, coordinator)
    assert signed_in(coordinator).get(page_of(submitted, name, remark.pk)).status_code == 405
    assert Client().post(page_of(submitted, name, remark.pk)).status_code == 302


@pytest.mark.parametrize("visibility", [BODY, INSIDE])
def test_counts_name_what_the_reader_knows(visibility, submitted, coordinator, focal_point, signed_in) -> None:
    hidden(submitted, visibility, coordinator if visibility is BODY else focal_point)
    counted = {"focal": "1 open remark", "coordinator": "1 open remark" if visibility is BODY else None}
    for who, user in {"focal": focal_point, "coordinator": coordinator}.items():
        page = text_of(signed_in(user).get(in_english(submitted.round.get_absolute_url())))
        assert ("1 open remark" in page) is (counted[who] is not None), who
