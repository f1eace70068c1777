"""Unofficial translations: who writes them, when they are stale, and what versions keep of them."""

from typing import Any

import pytest

from ministries.content import content_of
from ministries.content_parts import fields_in, rows_in
from ministries.enums import Role, State
from ministries.models import Activity, Submission, Translation
from ministries.models.translation import mark_of_text
from ministries.services import transitions
from ministries.services.changes import Change, SaveResult
from ministries.services.translations import save_translation
from ministries.translations import TRANSLATABLE, Translations, attach
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import SubmissionFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(body, focal_point) -> Submission:
    return fill_in(SubmissionFactory(body=body), focal_point, results="교육을 실시하였습니다.")


def translate(
    submission: Submission, by: User, new: str, base: str = "", field: str = "results", **more: Any
) -> SaveResult:
    return save_translation(submission=submission, field=field, change=Change(base, new), by=by, **more)


def in_content(submission: Submission, field: str = "results") -> dict:
    sections = content_of(Submission.objects.get(pk=submission.pk))["sections"]
    return fields_in(sections)[field].get("translations", {})


def events(submission: Submission) -> list[Event]:
    return list(Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="translate"))


def test_a_translation_is_written_changed_and_taken_away(submission, focal_point) -> None:
    assert translate(submission, focal_point, "Training was held.").saved == ["results"]
    assert in_content(submission) == {"en": {"text": "Training was held.", "stale": False, "author": "Focal Point"}}
    translate(submission, focal_point, "A course was held.", "Training was held.")
    assert in_content(submission)["en"]["text"] == "A course was held."
    translate(submission, focal_point, "", "A course was held.")
    assert (in_content(submission), Translation.objects.count()) == ({}, 0)
    assert [event.data["is_removal"] for event in events(submission)] == [False, False, True]


def test_it_is_stale_as_soon_as_the_text_has_changed_and_until_it_is_gone_through_again(
    submission, focal_point
) -> None:
    translate(submission, focal_point, "Training was held.")
    fill_in(submission, focal_point, results="교육을 세 차례 실시하였습니다.")
    assert in_content(submission)["en"] == {"text": "Training was held.", "stale": True, "author": "Focal Point"}
    # The words still hold: said by saving them again.
    assert translate(submission, focal_point, "Training was held.", "Training was held.").saved == ["results"]
    assert in_content(submission)["en"]["stale"] is False
    assert translate(submission, focal_point, "Training was held.", "Training was held.").saved == []
    # And back to the first words: stale again.
    fill_in(submission, focal_point, results="교육을 실시하였습니다.")
    assert in_content(submission)["en"]["stale"] is True


def test_other_line_ends_are_not_another_text(submission, focal_point) -> None:
    fill_in(submission, focal_point, results="한 줄\n두 줄")
    translate(submission, focal_point, "One\nTwo")
    Submission.objects.update(results="한 줄\r\n두 줄 ")
    assert in_content(submission)["en"]["stale"] is False


def test_what_was_translated_from_an_older_text_is_stale_from_the_beginning(submission, focal_point) -> None:
    translate(submission, focal_point, "Training was held.", source=mark_of_text("교육을 실시하였음"))
    assert in_content(submission)["en"]["stale"] is True


def test_two_translators_do_not_overwrite_each_other(submission, focal_point, approver) -> None:
    translate(submission, approver, "Training was held.")
    result = translate(submission, focal_point, "Courses were held.")
    assert [(each.stored, each.mine) for each in result.conflicts] == [("Training was held.", "Courses were held.")]
    assert result.other == "Approver"
    assert Translation.objects.get().text == "Training was held."


@pytest.mark.parametrize(
    ("field", "more", "text"),
    [
        ("department", {}, "Policy"),
        ("no_such_field", {}, "x"),
        ("results", {"language": "xx"}, "x"),
        ("shortcomings", {}, "There is no Korean for this"),
        ("activities.title", {"row": "no-such-row"}, "x"),
        ("activities.place", {}, "x"),
        ("results", {}, "x" * 20_001),
    ],
)
def test_what_is_no_text_to_translate_is_refused(field, more, text, submission, focal_point) -> None:
    with pytest.raises(Refused):
        translate(submission, focal_point, text, field=field, **more)
    assert (Translation.objects.count(), events(submission)) == (0, [])


def test_all_that_is_written_in_sentences_is_translated() -> None:
    assert set(TRANSLATABLE) == {
        "this_year_plan",
        "results",
        "self_rating_reason",
        "shortcomings",
        "improvement_measures",
        "next_year_plan",
        "consultation",
        "consultation_outcome",
        "recommendations_action",
        "related",
        "gender_impact_assessment",
        "activities.title",
        "activities.description",
        "budget.programme",
    }


# Rows


def test_texts_of_rows_are_translated_each_in_its_place(submission, focal_point) -> None:
    first, second = (
        Activity.objects.create(submission=submission, order=order, title=title)
        for order, title in enumerate(("파병 전 교육", "국제 회의"), start=1)
    )
    translate(submission, focal_point, "Conference", field="activities.title", row=str(second.pk))
    translate(submission, focal_point, "Training", field="activities.title", row=str(first.pk))
    Activity.objects.filter(pk=first.pk).update(title="파병 후 교육")
    rows = rows_in(content_of(Submission.objects.get(pk=submission.pk))["sections"], "activities")
    titles = [next(field for field in row["fields"] if field["key"] == "title") for row in rows]
    assert [(each["translations"]["en"]["text"], each["translations"]["en"]["stale"]) for each in titles] == [
        ("Training", True),
        ("Conference", False),
    ]


# Who, and when


@pytest.mark.parametrize("state", State.values)
def test_the_body_translates_at_any_time_a_coordinator_what_is_settled(state, body, focal_point, coordinator) -> None:
    submission = submission_in(state, SubmissionFactory(body=body), by=focal_point)
    if state == State.DRAFT:
        fill_in(submission, focal_point)
    translate(submission, focal_point, "Four courses")
    if state in (State.SUBMITTED, State.CONFIRMED):
        translate(submission, coordinator, "Four trainings", "Four courses")
    else:
        with pytest.raises(NotPermitted):
            translate(submission, coordinator, "Four trainings", "Four courses")
    submission.refresh_from_db()
    assert submission.state == state


def test_nobody_else_translates(submission, other_body) -> None:
    others = [person(Role.FOCAL_POINT, other_body), person(Role.PANEL_MEMBER), person(Role.COMMITTEE_READER)]
    submission_in("confirmed", submission)
    for user in (*others, person(Role.ADMINISTRATOR)):
        with pytest.raises(NotPermitted):
            translate(submission, user, "Training was held.")


def test_translating_makes_no_coordinator_an_author(submission, coordinator) -> None:
    submission_in("submitted", submission)
    translate(submission, coordinator, "Training was held.")
    transitions.confirm(submission=submission, by=coordinator, rating="on-track")


def test_it_is_never_asked_for(submission, focal_point) -> None:
    submission_in("confirmed", submission, by=focal_point)
    assert fields_in(submission.confirmed_version.sections)["results"].get("translations") is None


# Versions


def test_versions_keep_the_translation_of_their_words(submission, focal_point, coordinator) -> None:
    fill_in(submission, focal_point, shortcomings="인력 부족")
    translate(submission, focal_point, "Training was held.")
    submission_in("submitted", submission, by=focal_point)
    translate(submission, coordinator, "Too few people", field="shortcomings")
    transitions.confirm(submission=submission, by=coordinator, rating="on-track")
    submission.refresh_from_db()
    kept = [
        {
            key: fields_in(version.sections)[key].get("translations", {}).get("en", {}).get("text")
            for key in ("results", "shortcomings")
        }
        for version in (submission.submitted_version, submission.confirmed_version)
    ]
    assert kept == [
        {"results": "Training was held.", "shortcomings": None},
        {"results": "Training was held.", "shortcomings": "Too few people"},
    ]


def test_an_older_version_gets_what_fits_its_words_and_nothing_of_later_ones(
    submission, focal_point, coordinator
) -> None:
    submission_in("confirmed", submission, by=focal_point, coordinator=coordinator)
    translate(submission, coordinator, "Training was held.")
    transitions.reopen(submission=submission, by=coordinator, reason="정정")
    fill_in(submission, focal_point, next_year_plan="아직 아무도 모르는 계획")
    translate(submission, focal_point, "A plan nobody knows yet", field="next_year_plan")
    submission.refresh_from_db()
    sections = submission.confirmed_version.sections
    attach(sections, Translations.of(submission))
    found = fields_in(sections)
    assert found["results"]["translations"]["en"]["text"] == "Training was held."
    assert "translations" not in found["next_year_plan"]


def test_a_stale_one_never_takes_the_place_of_one_that_fits(submission, focal_point) -> None:
    translate(submission, focal_point, "Training was held.")
    sections = content_of(submission)["sections"]
    fill_in(submission, focal_point, results="다른 글")
    attach(sections, Translations.of(submission), {"activities": [], "budget": []})
    assert fields_in(sections)["results"]["translations"]["en"]["stale"] is False
    translate(submission, focal_point, "Another text", "Training was held.")
    attach(sections, Translations.of(submission), {"activities": [], "budget": []})
    assert fields_in(sections)["results"]["translations"]["en"]["text"] == "Training was held."
