"""Review remarks: writing, answering, opening to more readers, resolving and opening again."""

import uuid

import pytest

from ministries.enums import Role, State, Visibility
from ministries.models import ReviewComment, ReviewReply, Submission
from ministries.services import review_remarks as services
from ministries.services import transitions
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.lib.audit.models import Event
from tests.factories import SubmissionFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db
COORDINATORS, BODY, PANEL, INSIDE = Visibility


@pytest.fixture
def submitted(body) -> Submission:
    """A submission under review."""
    return submission_in("submitted", SubmissionFactory(body=body))


@pytest.fixture
def remark(submitted, coordinator) -> ReviewComment:
    """An internal remark of the coordinators."""
    return services.add_remark(submission=submitted, field="results", text=" 수치가 없습니다. ", by=coordinator)


def kinds(submission: Submission) -> list[str]:
    events = Event.objects.of("ministries.submission", str(submission.pk))
    return [each.kind for each in events if "comment" in each.data]


def test_a_remark_is_for_coordinators_alone_where_nothing_is_said(remark, submitted, coordinator) -> None:
    assert (remark.visibility, remark.text, remark.author) == (COORDINATORS, "수치가 없습니다.", coordinator)
    assert remark.version == submitted.submitted_version
    event = Event.objects.get(kind="add_internal_remark")
    assert (event.object_id, event.actor_id) == (str(submitted.pk), str(coordinator.pk))
    assert event.data == {"comment": str(remark.pk), "field": "results", "visibility": "coordinators"}


def test_a_remark_is_about_the_version_that_its_author_was_reading(submitted, coordinator, focal_point) -> None:
    first = submitted.submitted_version
    transitions.return_submission(submission=submitted, by=coordinator, reason="보완", comments={"results": "수치"})
    inside = services.add_remark(
        submission=submitted, field="results", text="쓰는 중", visibility=INSIDE, by=focal_point
    )
    submitted.refresh_from_db()
    fill_in(submitted, focal_point, shortcomings="늦음")
    transitions.sign_off(submission=submitted, by=person(Role.APPROVER, submitted.assignment.body))
    transitions.submit(submission=submitted, by=focal_point)
    submitted.refresh_from_db()
    about = {"submission": submitted, "field": "results", "by": coordinator}
    assert services.add_remark(text="1", **about).version == submitted.submitted_version
    assert services.add_remark(text="2", version=first, **about).version == first
    stranger = submission_in("submitted").submitted_version
    assert services.add_remark(text="3", version=stranger, **about).version == submitted.submitted_version
    assert (submitted.comments.get(text="수치").version, inside.version) == (first, None)
    reviewed = services.add_remark(submission=submitted, field="results", text="4", visibility=INSIDE, by=focal_point)
    assert reviewed.version == submitted.submitted_version


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"field": "state"}, "field"),
        ({"text": "  "}, "text"),
        ({"text": "가" * 2001}, "text"),
        ({"visibility": "everybody"}, "visibility"),
        ({"visibility": INSIDE}, "visibility"),
    ],
)
def test_a_remark_is_about_a_field_says_something_and_has_readers(given, field, submitted, coordinator) -> None:
    with pytest.raises(Refused) as refused:
        services.add_remark(**{"submission": submitted, "field": "results", "text": "의견", "by": coordinator, **given})
    assert refused.value.field == field
    assert not ReviewComment.objects.exists()


def test_nobody_remarks_on_what_they_do_not_read(submitted, body, other_body, coordinator, panel_member) -> None:
    draft = SubmissionFactory(body=body)
    stranger = person(Role.FOCAL_POINT, other_body)
    for submission, user, visibility in [
        (draft, coordinator, COORDINATORS),
        (submitted, stranger, INSIDE),
        (submitted, stranger, BODY),
        (submitted, panel_member, PANEL),
    ]:
        with pytest.raises(NotPermitted):
            services.add_remark(submission=submission, field="results", text="의견", visibility=visibility, by=user)
    with pytest.raises(Refused):  # the own body: to itself, and to nobody else
        services.add_remark(
            submission=submitted, field="results", text="x", visibility=BODY, by=person(Role.FOCAL_POINT, body)
        )
    assert not ReviewComment.objects.exists()


def test_a_double_click_writes_one_remark_and_a_new_text_a_second(submitted, coordinator, focal_point) -> None:
    about = {"submission": submitted, "field": "results", "key": uuid.uuid4()}
    first, again = (services.add_remark(text="의견", by=coordinator, **about) for _click in range(2))
    assert first == again
    other = services.add_remark(text="다른 의견", by=coordinator, **about)
    # Somebody who guesses the key of a remark that they may not read learns nothing by it.
    inside = services.add_remark(text="의견", visibility=INSIDE, by=focal_point, **about)
    assert len({first.pk, other.pk, inside.pk}) == 3
    assert kinds(submitted) == ["add_internal_remark", "add_internal_remark", "add_inside_remark"]


def test_a_remark_is_opened_to_more_readers_and_never_to_fewer(remark, coordinator, focal_point) -> None:
    with pytest.raises(NotPermitted):
        services.widen_remark(remark=remark, visibility=BODY, by=focal_point)
    assert services.widen_remark(remark=remark, visibility=BODY, by=coordinator).visibility == BODY
    services.widen_remark(remark=remark, visibility=BODY, by=coordinator)
    services.widen_remark(remark=remark, visibility=PANEL, by=coordinator)
    for narrower in (BODY, COORDINATORS, INSIDE, "everybody"):
        with pytest.raises(Refused):
            services.widen_remark(remark=remark, visibility=narrower, by=coordinator)
    with pytest.raises(NotPermitted):
        services.widen_remark(remark=remark, visibility=PANEL, by=focal_point)
    remark.refresh_from_db()
    assert remark.visibility == PANEL
    opened = Event.objects.filter(kind="widen_remark")
    assert [(each.data["before"], each.data["visibility"]) for each in opened] == [
        ("coordinators", "body"),
        ("body", "panel"),
    ]


def test_a_remark_inside_the_body_stays_there(submitted, focal_point, approver, coordinator) -> None:
    remark = services.add_remark(submission=submitted, field="budget", text="출처?", visibility=INSIDE, by=focal_point)
    for user, visibility in [(focal_point, BODY), (approver, COORDINATORS), (coordinator, BODY), (coordinator, PANEL)]:
        with pytest.raises(NotPermitted):
            services.widen_remark(remark=remark, visibility=visibility, by=user)
    for act in (services.resolve_remark, services.reopen_remark):
        with pytest.raises(NotPermitted):
            act(remark=remark, by=coordinator)
    assert services.resolve_remark(remark=remark, by=approver).resolved_by == approver
    assert kinds(submitted) == ["add_inside_remark", "resolve_inside_remark"]


def test_what_is_restricted_is_not_opened_to_the_panel(body, coordinator) -> None:
    secret = {"disclosure": "restricted", "disclosure_ground": "정보공개법 제9조"}
    submission = submission_in("submitted", SubmissionFactory(body=body), content=secret)
    remark = services.add_remark(submission=submission, field="results", text="의견", by=coordinator)
    with pytest.raises(Refused):
        services.widen_remark(remark=remark, visibility=PANEL, by=coordinator)
    with pytest.raises(Refused):
        services.add_remark(submission=submission, field="results", text="의견", visibility=PANEL, by=coordinator)


def test_resolving_and_opening_again_are_both_on_record(remark, coordinator, lead_body, submitted) -> None:
    other = person(Role.COORDINATOR, lead_body)
    first = services.resolve_remark(remark=remark, by=coordinator)
    assert services.resolve_remark(remark=remark, by=other).resolved_at == first.resolved_at
    opened = services.reopen_remark(remark=remark, by=other)
    assert (opened.resolved_at, opened.resolved_by, opened.text) == (None, None, "수치가 없습니다.")
    assert services.reopen_remark(remark=remark, by=other).reopened_at == opened.reopened_at
    assert services.resolve_remark(remark=remark, by=other).resolved_by == other
    actors = Event.objects.filter(kind__endswith="_internal_remark").values_list("kind", "actor_id")
    assert list(actors)[1:] == [
        ("resolve_internal_remark", str(coordinator.pk)),
        ("open_internal_remark", str(other.pk)),
        ("resolve_internal_remark", str(other.pk)),
    ]


def test_a_body_settles_no_remark_of_the_coordinators_and_answers_those_opened_to_it(
    remark, coordinator, focal_point, approver, panel_member
) -> None:
    for user in (focal_point, approver, coordinator):
        with pytest.raises(NotPermitted):
            services.answer_remark(remark=remark, text="보완하였습니다.", by=user)
    services.widen_remark(remark=remark, visibility=BODY, by=coordinator)
    with pytest.raises(NotPermitted):
        services.resolve_remark(remark=remark, by=focal_point)
    for user in (coordinator, panel_member):
        with pytest.raises(NotPermitted):
            services.answer_remark(remark=remark, text="보완하였습니다.", by=user)
    for text in (" ", "가" * 2001):
        with pytest.raises(Refused):
            services.answer_remark(remark=remark, text=text, by=focal_point)
    key = uuid.uuid4()
    for _click in range(2):
        services.answer_remark(remark=remark, text="보완하였습니다.", by=focal_point, key=key)
    services.answer_remark(remark=remark, text="더 보완하였습니다.", by=approver)
    assert list(remark.replies.values_list("text", "author")) == [
        ("보완하였습니다.", focal_point.pk),
        ("더 보완하였습니다.", approver.pk),
    ]
    services.resolve_remark(remark=remark, by=coordinator)
    with pytest.raises(WrongState):
        services.answer_remark(remark=remark, text="늦은 답변", by=focal_point)
    assert ReviewReply.objects.count() == 2


def test_a_remark_inside_the_body_never_holds_up_the_coordinator(submitted, focal_point, coordinator) -> None:
    services.add_remark(submission=submitted, field="results", text="내부", visibility=INSIDE, by=focal_point)
    assert transitions.confirm(submission=submitted, by=coordinator, rating="on-track").state == State.CONFIRMED


@pytest.mark.parametrize("visibility", [COORDINATORS, BODY, PANEL])
def test_an_open_remark_of_the_coordinators_holds_up_the_confirmation(visibility, submitted, coordinator) -> None:
    remark = services.add_remark(
        submission=submitted, field="results", text="의견", visibility=visibility, by=coordinator
    )
    with pytest.raises(Refused):
        transitions.confirm(submission=submitted, by=coordinator, rating="on-track")
    services.resolve_remark(remark=remark, by=coordinator)
    assert transitions.confirm(submission=submitted, by=coordinator, rating="on-track").state == State.CONFIRMED


def test_a_return_takes_internal_remarks_along(remark, submitted, coordinator, focal_point) -> None:
    kept = services.add_remark(submission=submitted, field="budget", text="내부 메모", by=coordinator)
    inside = services.add_remark(submission=submitted, field="results", text="x", visibility=INSIDE, by=focal_point)
    transitions.return_submission(
        submission=submitted,
        by=coordinator,
        reason="보완",
        comments={"budget": "출처"},
        along=[remark.pk, inside.pk, uuid.uuid4()],
    )
    found = dict(submitted.comments.values_list("text", "visibility"))
    assert found == {"수치가 없습니다.": "body", "내부 메모": "coordinators", "x": "inside-body", "출처": "body"}
    kept.refresh_from_db()
    returned = Event.objects.get(kind="return")
    assert returned.data["along"] == [str(remark.pk)]
    assert Event.objects.filter(kind="widen_remark").count() == 1


def test_a_return_that_is_refused_opens_nothing(remark, submitted, coordinator) -> None:
    with pytest.raises(Refused):
        transitions.return_submission(submission=submitted, by=coordinator, reason=" ", along=[remark.pk])
    remark.refresh_from_db()
    assert remark.visibility == COORDINATORS
    assert not Event.objects.filter(kind="widen_remark").exists()
