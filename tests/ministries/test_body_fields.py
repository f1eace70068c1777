"""Fields of a body's own: who defines them, what stays once answered, how they are answered, asked for and kept."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ministries.content import content_of
from ministries.content_parts import fields_in
from ministries.enums import Role
from ministries.fields import gaps
from ministries.figures import Figure
from ministries.models import BodyField, BodyFieldValue, ConfirmedFigure, ImplementingBody, Submission
from ministries.services import transitions
from ministries.services.body_fields import (
    MOST_FIELDS,
    change_body_field,
    choices_of_rows,
    create_body_field,
    move_body_field,
    remove_body_field,
)
from ministries.services.submissions import Change, RowChange, SaveResult, save_submission
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import (
    BodyFieldFactory,
    SubmissionFactory,
    both,
    fill_in,
    person,
    submission_in,
)

pytestmark = pytest.mark.django_db

EMPTY = Figure()
CHOICES = [{"code": "1", "label": {"ko": "예", "en": "Yes"}}, {"code": "2", "label": {"ko": "아니오", "en": "No"}}]


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


def answer(submission: Submission, by: User, field: BodyField, base: Any, new: Any) -> SaveResult:
    rows = [RowChange(field.pk, {"value": Change(base, new)})]
    return save_submission(submission=submission, by=by, changes={}, body_fields=rows)


def events(field: BodyField) -> list[str]:
    return [event.kind for event in Event.objects.of("ministries.bodyfield", str(field.pk))]


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(**arguments)
    assert str(caught.value.message)
    return caught.value.field


# Defining


@pytest.mark.parametrize("who", ["focal_point", "approver"])
def test_a_body_defines_changes_and_removes_its_own_fields(who, body, request) -> None:
    user = request.getfixturevalue(who)
    values = {"label_ko": "관리번호", "label_en": "Number", "help_ko": "내부 번호", "kind": "text", "start_year": 2022}
    made = create_body_field(body=body, values=values, by=user)
    stored = BodyField.objects.get()
    assert (stored.key, stored.label, stored.help) == ("field-1", both("관리번호", "Number"), {"ko": "내부 번호"})
    changes = {"label_en": Change("Number", "Our number"), "is_required": Change(False, True)}
    assert change_body_field(field=made, changes=changes, by=user).saved == ["label_en", "is_required"]
    remove_body_field(field=made, by=user)
    assert (BodyField.objects.count(), events(made)) == (0, ["create", "change", "remove"])


def test_nobody_else_does(body, other_body) -> None:
    field = BodyFieldFactory(body=body)
    others = [person(Role.FOCAL_POINT, other_body), person(Role.COORDINATOR), person(Role.ADMINISTRATOR)]
    for user in (*others, person(Role.PANEL_MEMBER)):
        with pytest.raises(NotPermitted):
            create_body_field(body=body, values={"label_ko": "항목"}, by=user)
        with pytest.raises(NotPermitted):
            change_body_field(field=field, changes={"is_required": Change(False, True)}, by=user)
        with pytest.raises(NotPermitted):
            move_body_field(field=field, to=0, by=user)
        with pytest.raises(NotPermitted):
            remove_body_field(field=field, by=user)
    assert not BodyField.objects.get().is_required


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"label_ko": ""}, "label"),
        ({"key": "A b"}, "key"),
        ({"key": "taken"}, "key"),
        ({"label_en": "x" * 101}, "label_en"),
        ({"kind": "picture"}, "kind"),
        ({"kind": "choice"}, "choices"),
        ({"kind": "choice", "choices": CHOICES[:1]}, "choices"),
        ({"kind": "choice", "choices": [CHOICES[0], {**CHOICES[1], "code": "1"}]}, "choices"),
        ({"kind": "choice", "choices": [CHOICES[0], {"code": "2", "label": {"ko": "가" * 101}}]}, "choices"),
        ({"start_year": 2023, "end_year": 2022}, "end_year"),
        ({"start_year": 22}, "start_year"),
    ],
)
def test_what_will_not_do_is_refused_with_its_field(values, field, body, focal_point) -> None:
    BodyFieldFactory(body=body, key="taken")
    assert refused(create_body_field, body=body, values={"label_ko": "항목", **values}, by=focal_point) == field
    assert BodyField.objects.count() == 1


def test_there_are_not_more_than_a_form_can_hold(body, focal_point, other_body) -> None:
    BodyFieldFactory.create_batch(MOST_FIELDS, body=body)
    assert refused(create_body_field, body=body, values={"label_ko": "항목"}, by=focal_point) == ""
    create_body_field(body=other_body, values={"label_ko": "항목"}, by=person(Role.FOCAL_POINT, other_body))


def test_two_who_change_a_field_do_not_overwrite_each_other(body, focal_point, approver) -> None:
    made = create_body_field(body=body, values={"label_ko": "항목"}, by=focal_point)
    change_body_field(field=made, changes={"label_ko": Change("항목", "번호")}, by=approver)
    result = change_body_field(field=made, changes={"label_ko": Change("항목", "이름")}, by=focal_point)
    assert [(each.stored, each.mine) for each in result.conflicts] == [("번호", "이름")]
    assert (result.other, BodyField.objects.get().label["ko"]) == ("Approver", "번호")


def test_once_answered_key_kind_and_chosen_choices_stay(submission, body, focal_point) -> None:
    field = BodyFieldFactory(body=body, kind="choice", choices=CHOICES, key="own")
    answer(submission, focal_point, field, "", "2")
    for name, base, new in (
        ("kind", "choice", "text"),
        ("key", "own", "other"),
        ("choices", CHOICES, [*CHOICES[:1], {"code": "3", "label": {"ko": "모름"}}]),
    ):
        changes = {name: Change(base, new)}
        assert refused(change_body_field, field=field, changes=changes, by=focal_point) == name
    assert refused(remove_body_field, field=field, by=focal_point) == ""
    renamed = [{"code": "2", "label": {"ko": "아님"}}, {"code": "3", "label": {"ko": "모름"}}]
    change_body_field(field=field, changes={"choices": Change(CHOICES, renamed)}, by=focal_point)
    assert BodyFieldValue.objects.get().field.label_of("2") == {"ko": "아님"}


def test_it_ends_with_a_year_but_not_before_one_in_which_it_was_answered(submission, body, focal_point) -> None:
    field, year = BodyFieldFactory(body=body), submission.round.year
    answer(submission, focal_point, field, "", "그렇다")
    for name, wrong in (("end_year", year - 1), ("start_year", year + 1)):
        assert refused(change_body_field, field=field, changes={name: Change(None, wrong)}, by=focal_point) == name
    changes = {"start_year": Change(None, year), "end_year": Change(None, year)}
    assert change_body_field(field=field, changes=changes, by=focal_point).saved == ["start_year", "end_year"]
    assert [each.is_asked_in(year + 1) for each in BodyField.objects.all()] == [False]


def test_a_choice_keeps_its_code_and_a_new_one_gets_a_free_one() -> None:
    first = choices_of_rows([("", {"ko": "예", "en": "Yes"}), ("", {"ko": "아니오", "en": "No"})])
    assert first == CHOICES
    rows = [("2", {"ko": "아님"}), ("", {"ko": "모름"}), ("made-up", {"ko": "기타"})]
    assert [(each["code"], each["label"]["ko"]) for each in choices_of_rows(rows, first)] == [
        ("2", "아님"),
        ("3", "모름"),
        ("4", "기타"),
    ]


def test_a_field_is_moved_to_a_place_and_the_same_twice_is_once(body, focal_point) -> None:
    first, second, third = BodyFieldFactory.create_batch(3, body=body, order=0)
    for _twice in range(2):
        move_body_field(field=third, to=1, by=focal_point)
        assert list(body.own_fields.all()) == [first, third, second]
    move_body_field(field=first, to=99, by=focal_point)
    assert list(body.own_fields.all()) == [third, second, first]
    assert (events(third), events(first)) == (["move"], ["move"])


# Answering


@pytest.mark.parametrize(
    ("kind", "base", "new", "kept"),
    [
        ("text", "", "제12호", "제12호"),
        ("number", EMPTY, Figure.of("-3.5"), "-3.5"),
        ("number", EMPTY, Figure(None, "not-known"), None),
        ("date", None, dt.date(2022, 5, 2), "2022-05-02"),
        ("choice", "", "2", "2"),
    ],
)
def test_each_kind_is_answered_compared_and_kept_in_the_content(
    kind, base, new, kept, submission, body, focal_point, approver
) -> None:
    field = BodyFieldFactory(body=body, kind=kind, key="own", choices=CHOICES if kind == "choice" else [])
    assert answer(submission, focal_point, field, base, new).saved == [f"value:{field.pk}"]
    assert BodyFieldValue.objects.get().value == new
    assert answer(submission, focal_point, field, base, new).conflicts == []
    other = {"number": Figure.of(9), "date": dt.date(2022, 1, 1), "choice": "1"}.get(kind, "다른 글")
    [conflict] = answer(submission, approver, field, base, other).conflicts
    assert (conflict.table, conflict.row, conflict.stored, conflict.mine) == ("body_fields", field.pk, new, other)
    part = fields_in(content_of(Submission.objects.get(pk=submission.pk))["sections"])["own.own"]
    assert (part["value"], part["label"]) == (kept, {"ko": "자체 항목 own", "en": "Own own"})
    if kind == "choice":
        assert part["text"] == {"ko": "아니오", "en": "No"}


def test_an_answer_against_the_rules_is_refused(submission, body, focal_point, other_body) -> None:
    chosen = BodyFieldFactory(body=body, kind="choice", choices=CHOICES)
    written = BodyFieldFactory(body=body)
    over = BodyFieldFactory(body=body, end_year=submission.round.year - 1)
    foreign = BodyFieldFactory(body=other_body)
    for field, value in ((chosen, "9"), (written, "가" * 2_001), (over, "글"), (foreign, "글")):
        with pytest.raises(ValidationError):
            answer(submission, focal_point, field, "", value)
    assert not BodyFieldValue.objects.exists()


def test_a_year_has_the_fields_of_its_time(submission, body) -> None:
    year = submission.round.year
    for key, start, end in (("a", None, None), ("b", year, year), ("c", year + 1, None), ("d", None, year - 1)):
        BodyFieldFactory(body=body, key=key, start_year=start, end_year=end)
    asked = [key for key in fields_in(content_of(submission)["sections"]) if key.startswith("own.")]
    assert asked == ["own.a", "own.b"]


def test_a_body_without_own_fields_has_no_section_of_them(submission) -> None:
    assert "body_fields" not in [section["key"] for section in content_of(submission)["sections"]]


# Complete, and confirmed


def test_only_a_required_field_is_missing_and_only_where_the_rating_asks_for_anything(
    submission, body, focal_point
) -> None:
    field = BodyFieldFactory(body=body, kind="number", is_required=True)
    BodyFieldFactory(body=body)
    BodyFieldFactory(body=body, is_required=True, end_year=submission.round.year - 1)
    fill_in(submission, focal_point)

    def missing() -> list[tuple[str, str, str]]:
        return [(gap.field, gap.row, gap.step.key) for gap in gaps(Submission.objects.get(pk=submission.pk))]

    assert missing() == [("body_fields", str(field.pk), "handling")]
    fill_in(submission, focal_point, self_rating="not-applicable", self_rating_reason="해당 없음")
    assert missing() == []
    fill_in(submission, focal_point, self_rating="on-track")
    answer(submission, focal_point, field, EMPTY, Figure(None, "not-known"))
    assert missing() == []


def test_an_unanswered_required_field_keeps_from_signing_off(submission, body, focal_point, approver) -> None:
    field = BodyFieldFactory(body=body, is_required=True, label=both("관리번호", "Number"))
    fill_in(submission, focal_point)
    with pytest.raises(Refused, match="관리번호"):
        transitions.sign_off(submission=submission, by=approver)
    answer(submission, focal_point, field, "", "제1호")
    transitions.sign_off(submission=submission, by=approver)


def test_confirmed_numbers_are_kept_as_figures(submission, body, focal_point, approver) -> None:
    field = BodyFieldFactory(body=body, kind="number", key="hours")
    answer(submission, focal_point, field, EMPTY, Figure.of(12))
    submission_in("confirmed", submission, by=focal_point, approver=approver)
    assert ConfirmedFigure.objects.get(key="own.hours").figure == Figure.of(12)
