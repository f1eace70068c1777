"""What a body attaches to its approval, as PDF: all that it wrote is in it, in order, marked for what it is."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override
from pypdf import PdfReader

from ministries.enums import Role
from ministries.models import ImplementingBody, Round
from ministries.services import transitions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.pdf import Pdf
from reports.selectors.approval import approval_content
from reports.services.rendering import approval_html, render_approval
from tests.factories import RoundFactory, SubmissionFactory, person, submission_in
from tests.reports.approvals import Content, fields_of, texts_of, whole_submission

pytestmark = [pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture
def round_(tmp_path: Path, settings: Any) -> Round:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return RoundFactory(year=2022)


def squeezed(text: str) -> str:
    """Without spaces: a line may end anywhere."""
    return "".join(text.split())


def pages_of(pdf: Pdf) -> list[str]:
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf.data)).pages]


def render(content: Content, language: str = "ko") -> Pdf:
    """Render, and expect no complaint."""
    pdf = render_approval(content=content, language=language, made_at=clock.now())
    assert pdf.warnings == ()
    return pdf


def said(text: str, language: str) -> str:
    with override(language):
        return squeezed(gettext(text))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_text_of_every_field_is_in_it(
    language: str, round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    whole_submission(round_, body, focal_point)
    content = approval_content(round_, body)
    (entry,) = content["submissions"]
    text = "".join(pages_of(render(content, language)))
    wanted = [part for field in fields_of(entry) for part in texts_of(field, language)]
    assert len(wanted) > 60
    assert [part for part in wanted if squeezed(part) not in text] == []
    labels = {field["label"][language] for field in fields_of(entry) if field["value"] and field["kind"] != "flag"}
    left = labels - {field["label"][language] for field in fields_of(entry) if field["key"] == "disclosure_ground"}
    assert [label for label in left if squeezed(label).casefold() not in text.casefold()] == []
    for level in ("area", "objective", "strategy"):
        assert squeezed(entry[level]["title"][language]) in text


def test_a_draft_says_so_on_each_of_its_pages_and_leaves_room_for_number_and_date(
    round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    submission = whole_submission(round_, body, focal_point)
    pages = pages_of(render(approval_content(round_, body)))
    note = said("Being written – not what was submitted", "ko")
    assert len(pages) >= 2
    assert [note in page for page in pages] == [True] * len(pages)
    assert '<span class="blank">' in approval_html(
        content=approval_content(round_, body), language="ko", made_at=clock.now()
    )
    transitions.sign_off(submission=submission, by=person(Role.APPROVER, body))
    signed = pages_of(render(approval_content(round_, body)))
    assert said("Signed off – not submitted yet", "ko") in signed[0]
    assert note not in "".join(signed)


def test_what_was_submitted_is_printed_as_it_was_with_its_document(
    round_: Round, body: ImplementingBody, focal_point: User, approver: User
) -> None:
    submission = whole_submission(round_, body, focal_point)
    transitions.sign_off(submission=submission, by=approver)
    submission.refresh_from_db()
    transitions.submit(submission=submission, by=approver, document_number="국방부-1325")
    text = "".join(pages_of(render(approval_content(round_, body))))
    submission.refresh_from_db()
    assert "국방부-1325" in text
    assert submission.submitted_version.sha256 in text
    assert said("Being written – not what was submitted", "ko") not in text


def test_all_begin_with_contents_and_each_on_a_page_of_its_own(
    round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    whole_submission(round_, body, focal_point)
    submission_in("submitted", round=round_, body=body)
    SubmissionFactory(round=round_, body=body)
    content = approval_content(round_, body)
    pdf = render(content)
    pages = pages_of(pdf)
    front = pages[0]
    for entry in content["submissions"]:
        title = squeezed(f"{entry['code']}{entry['title']['ko']}")
        begins = [number for number, page in enumerate(pages, 1) if f"{said('Attachment', 'ko')}" in page[:120]]
        place = next(number for number, page in enumerate(pages, 1) if number > 1 and title in page)
        assert place in begins
        assert squeezed(f"{entry['title']['ko']}") in front
        state = squeezed(entry["state"]["label"]["ko"])
        assert f"{state}{place}" in front, "the contents name the page on which it begins"
    # Ratings with what they are counted of, those without one too.
    assert said("Not rated yet", "ko") in front
    assert f"{said('Submissions', 'ko')}001100013" in front, "one on track, one with attention, one without, of three"
    for number, page in enumerate(pages, 1):
        assert f"{number}/{len(pages)}" in page


def test_it_is_tagged_and_speaks_its_language(round_: Round, body: ImplementingBody, focal_point: User) -> None:
    whole_submission(round_, body, focal_point)
    for language in ("ko", "en"):
        reader = PdfReader(io.BytesIO(render(approval_content(round_, body), language).data))
        root = reader.trailer["/Root"]
        assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language, True)
        assert len(reader.outline) >= 1


def test_the_same_snapshot_gives_the_same_bytes(round_: Round, body: ImplementingBody, focal_point: User) -> None:
    whole_submission(round_, body, focal_point)
    now = clock.now()
    content = approval_content(round_, body)
    first, second = (render_approval(content=content, language="ko", made_at=now) for _time in range(2))
    assert first.data == second.data


def test_a_field_and_a_table_that_nobody_knows_yet_are_printed_too(
    round_: Round, body: ImplementingBody, focal_point: User
) -> None:
    whole_submission(round_, body, focal_point)
    content = approval_content(round_, body)
    sections = content["submissions"][0]["sections"]

    def new(key: str, value: str) -> Content:
        label = {"ko": f"{value}의 이름", "en": f"{key} label"}
        return {"key": key, "label": label, "kind": "text", "unit": "", "state": "value", "value": value}

    sections[0]["fields"].append(new("later", "나중에 생긴 항목"))
    next(each for each in sections if each["key"] == "budget")["rows"][0]["fields"].append(new("more", "덧붙은 값"))
    row = {"key": "1", "label": {}, "fields": [new(f"cell-{number}", f"칸{number}의 글") for number in range(9)]}
    sections.append({"key": "unknown", "label": {"ko": "새로운 표", "en": "New table"}, "rows": [row]})
    text = "".join(pages_of(render(content)))
    for part in ("나중에 생긴 항목", "덧붙은 값", "새로운 표", *(f"칸{number}의 글" for number in range(9))):
        assert squeezed(part) in text


def test_long_texts_run_over_pages_and_lose_nothing(round_: Round, body: ImplementingBody, focal_point: User) -> None:
    submission = SubmissionFactory(round=round_, body=body)
    long = "\n".join(f"○ {number:03d}번째 줄의 내용입니다." for number in range(300))
    submission_in("signed-off", submission, by=focal_point, content={"results": long})
    text = "".join(pages_of(render(approval_content(round_, body))))
    assert [number for number in range(300) if f"{number:03d}번째줄의내용입니다." not in text] == []
