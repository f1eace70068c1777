"""What comes out of the printer: a long submission and the list of all, as the browser's own PDF, read again."""

import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from ministries.enums import State
from ministries.figures import Figure
from ministries.models import ImplementingBody, Round, Submission
from ministries.services.submissions import Change, RowChange, save_submission
from nap_monitor.accounts.models import User
from tests.browser.conftest import Desks
from tests.factories import RoundFactory, SubmissionFactory, submission_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

LINES = 50
PARAGRAPHS = 90
#: The size of A4 in points, and how far a printer's driver may round it.
SHORT, LONG, ROUNDING = 595, 842, 2


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def submission(round_: Round, body: ImplementingBody, focal_point: User, approver: User) -> Submission:
    """A submission that fills several sheets with text and with a table."""
    made = SubmissionFactory(round=round_, body=body)
    lines = [
        {
            "programme": Change("", f"세부사업 {number:02d}번 {'여성의 참여를 넓히는 사업, ' * 8}끝{number:02d}"),
            "budget": Change(Figure(), Figure.of(1000 + number)),
        }
        for number in range(LINES)
    ]
    save_submission(submission=made, by=focal_point, changes={}, budget=[RowChange(None, line) for line in lines])
    results = "\r\n\r\n".join(f"문단 {number:02d}. 여성의 참여를 넓혔습니다." for number in range(PARAGRAPHS))
    return submission_in(State.SUBMITTED, made, by=focal_point, approver=approver, content={"results": results})


@pytest.fixture
def printed(desks: Desks) -> Callable[[User, str], list[str]]:
    """The text of each sheet that comes out when this person prints the page at this address."""

    def print_page(user: User, address: str, is_wide: bool = False) -> list[str]:
        page = desks.sign_in(user.email)
        page.goto(address)
        sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        for sheet in sheets:
            size = (float(sheet.mediabox.width), float(sheet.mediabox.height))
            wanted = (LONG, SHORT) if is_wide else (SHORT, LONG)
            assert all(abs(has - wants) < ROUNDING for has, wants in zip(size, wanted, strict=True))
        return [" ".join(sheet.extract_text().split()) for sheet in sheets]

    return print_page


def test_a_long_submission_is_printed_with_its_head_on_numbered_sheets(
    submission: Submission, focal_point: User, printed: Callable[..., list[str]]
) -> None:
    sheets = printed(focal_point, submission.get_absolute_url())
    assert len(sheets) >= 4
    head = sheets[0]
    for words in ("2022", "이행부", "실행과제", "Focal Point", "Approver", "문서번호", "제출"):
        assert words in head
    for number, sheet in enumerate(sheets, 1):
        assert f"{number} / {len(sheets)}" in sheet
    whole = " ".join(sheets)
    assert [number for number in range(PARAGRAPHS) if f"문단 {number:02d}." not in whole] == []
    assert [number for number in range(LINES) if f"세부사업 {number:02d}번" not in whole] == []


def test_no_row_of_a_submission_is_torn_between_two_sheets(
    submission: Submission, focal_point: User, printed: Callable[..., list[str]]
) -> None:
    sheets = printed(focal_point, submission.get_absolute_url())
    with_lines = [sheet.replace(" ", "") for sheet in sheets if re.search(r"세부사업 \d\d번", sheet)]
    assert len(with_lines) >= 3
    for sheet in with_lines:
        begun = re.findall(r"세부사업(\d\d)번", sheet)
        assert begun == re.findall(r"끝(\d\d)", sheet) == re.findall(r"1,0(\d\d)백만원", sheet)


def test_nothing_of_the_screen_gets_onto_paper(
    submission: Submission, focal_point: User, coordinator: User, printed: Callable[..., list[str]]
) -> None:
    for user in (focal_point, coordinator):
        paper = " ".join(printed(user, submission.get_absolute_url()))
        found = [word for word in ("도움말", "다음 단계", "처리이력", "본문", "http", "example.org") if word in paper]
        assert found == []


def test_the_list_of_all_submissions_is_printed_whole_across_the_sheet(
    round_: Round, body: ImplementingBody, coordinator: User, printed: Callable[..., list[str]]
) -> None:
    made = [SubmissionFactory(round=round_, body=body) for _number in range(119)]
    sheets = printed(coordinator, round_.get_absolute_url(), is_wide=True)
    assert 3 <= len(sheets) <= 14
    assert "전체 119건 중 119건" in sheets[0]
    for number, sheet in enumerate(sheets, 1):
        assert f"{number} / {len(sheets)}" in sheet
        assert "이행기관" in sheet
        assert "총괄부처 평가" in sheet
    whole = " ".join(sheets)
    assert [each for each in made if f"{each.assignment.action_plan.code} 항목" not in whole] == []


def test_a_narrowed_list_says_on_paper_to_what(
    round_: Round, body: ImplementingBody, coordinator: User, printed: Callable[..., list[str]]
) -> None:
    SubmissionFactory(round=round_, body=body)
    (sheet,) = printed(coordinator, f"{round_.get_absolute_url()}?state=not-started", is_wide=True)
    assert "상태: 미작성" in sheet


def test_other_pages_are_printed_too(
    submission: Submission, coordinator: User, printed: Callable[..., list[str]]
) -> None:
    plan, year = submission.round.plan.number, submission.round.year
    for address in ("/", f"/plans/{plan}/{year}/summary/", f"/plans/{plan}/"):
        first = printed(coordinator, address)[0]
        assert "국가행동계획" in first
        assert "도움말" not in first


def test_the_print_button_opens_the_print_window_and_is_absent_without_script(
    submission: Submission, focal_point: User, desks: Desks
) -> None:
    page: Page = desks.sign_in(focal_point.email)
    page.goto(submission.get_absolute_url())
    page.evaluate("window.print = () => { document.title = 'printing' }")
    page.locator("button[data-print]").click()
    expect(page).to_have_title("printing")
    cookies = page.context.cookies()
    plain = desks.stranger(java_script_enabled=False)
    plain.context.add_cookies(cookies)
    plain.goto(submission.get_absolute_url())
    expect(plain.locator("h1").first).to_be_visible()
    expect(plain.locator("[data-print]")).to_be_hidden()
