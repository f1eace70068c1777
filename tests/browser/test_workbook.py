"""A workbook in a real browser, with and without a script: downloaded, filled in, checked, a choice made, applied."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ministries.enums import Role
from ministries.models import ImplementingBody, Submission
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.files.kinds import XLSX
from tests.browser.conftest import DESK, PHONE, Desks
from tests.factories import SubmissionFactory, fill_in, person
from tests.ministries.workbooks import Book

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

NO_SCRIPT = {**PHONE, "java_script_enabled": False}


@pytest.mark.parametrize("options", [DESK, NO_SCRIPT], ids=["desk", "phone, no script"])
def test_a_workbook_goes_out_and_comes_back(
    options: dict[str, Any], desks: Desks, body: ImplementingBody, focal_point: User, fits: Any
) -> None:
    submission: Submission = fill_in(SubmissionFactory(body=body), focal_point)
    colleague = person(Role.FOCAL_POINT, body, name="Colleague")
    code = submission.assignment.action_plan.code
    page: Page = desks.sign_in(focal_point.email, language="/en", **options)
    page.goto(f"/en{submission.round.get_absolute_url().removeprefix('/en')}")
    page.get_by_role("link", name="Excel out and in").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Excel out and in")
    assert fits(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Excel out", exact=True).click()
    assert started.value.suggested_filename.startswith("sample_submissions_")

    book = Book(submission.round, body, focal_point, data=Path(started.value.path()).read_bytes())
    book["narrative", code, "results"], book["narrative", code, "shortcomings"] = "내 글", "부족한 점"
    save_submission(submission=submission, by=colleague, changes={"results": Change(submission.results, "동료의 글")})
    filled_in = {"name": "실적.xlsx", "mimeType": XLSX.content_type, "buffer": book.data}
    page.set_input_files("[name=file]", filled_in)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("1 value was changed by somebody else too")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("부족한 점")
    assert fits(page)
    page.get_by_text("Take that of the workbook").click()
    page.get_by_role("button", name="Apply all as drafts").click()
    expect(page.get_by_role("status").filter(has_text="2 values were saved")).to_be_visible()
    assert fits(page)
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == ("내 글", "부족한 점")
    assert desks.complaints == []
