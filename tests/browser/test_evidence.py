"""Evidence in a real browser: several files at once, with and without a script; the download; nothing runs in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ministries.models import EvidenceFile, ImplementingBody, Submission
from nap_monitor.accounts.models import User
from tests import files
from tests.browser.conftest import DESK, PHONE, Desks
from tests.evidence import attach
from tests.factories import SubmissionFactory, submission_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("private_files"),
]

NO_SCRIPT = {**DESK, "java_script_enabled": False}


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return SubmissionFactory(body=body)


def chosen(*named: tuple[str, bytes]) -> list[dict[str, Any]]:
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in named]


def page_of(submission: Submission) -> str:
    return f"/en{submission.get_absolute_url().removeprefix('/en')}evidence/"


@pytest.mark.parametrize("options", [DESK, PHONE, NO_SCRIPT], ids=["desk", "phone", "no script"])
def test_files_are_sent_told_opened_and_removed(
    options: dict[str, Any], desks: Desks, submission: Submission, focal_point: User, fits: Callable[[Page], bool]
) -> None:
    page = desks.sign_in(focal_point.email, language="/en", **options)
    page.goto(page_of(submission))
    good, bad = ("회의 결과(최종).pdf", files.pdf()), ("run.exe", b"MZ\x90\0" + b"\0" * 99)
    page.set_input_files("[name=file]", chosen(good, bad))
    page.fill("[name=description]", "회의")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("run.exe: This kind of file is not accepted")
    expect(page.get_by_role("rowheader")).to_contain_text("회의")
    assert fits(page)
    # The browser itself tells of the 400 of a page with something refused.
    assert all("400" in complaint for complaint in desks.complaints)
    desks.complaints.clear()

    with page.expect_download() as started:
        page.get_by_role("link", name="회의 결과(최종).pdf", exact=True).click()
    assert started.value.suggested_filename == "회의 결과(최종).pdf"
    assert Path(started.value.path()).read_bytes() == files.pdf()

    page.get_by_role("link", name="Remove 회의 결과(최종).pdf").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove the file")
    assert fits(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("There are no files yet")).to_be_visible()
    assert not EvidenceFile.objects.exists()
    assert desks.complaints == []


def test_what_was_sent_too_late_is_kept_and_can_be_put_in(
    desks: Desks, submission: Submission, focal_point: User, approver: User
) -> None:
    from ministries.services import transitions

    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(page_of(submission))
    page.set_input_files("[name=file]", chosen(("늦음.pdf", files.pdf())))
    # Meanwhile the approver signs it off.
    submission_in("signed-off", submission, by=focal_point, approver=approver)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The files are not lost")
    expect(page.get_by_role("region", name="Kept aside for you")).to_contain_text("늦음.pdf")
    transitions.take_back(submission=submission, by=focal_point)
    page.goto(page_of(submission))
    page.get_by_role("button", name="Add to the submission").click()
    expect(page.get_by_text("“늦음.pdf” was added.")).to_be_visible()
    expect(page.get_by_role("region", name="Files", exact=True)).to_contain_text("늦음.pdf")


def test_a_page_that_is_sent_as_evidence_never_runs(desks: Desks, submission: Submission, focal_point: User) -> None:
    (file,) = attach(submission, focal_point, "x.html", data=b"<script>document.title = 'ran'</script>")
    page = desks.sign_in(focal_point.email, language="/en")
    with page.expect_download() as started:
        page.evaluate("address => { window.location = address }", file.get_absolute_url())
    assert started.value.suggested_filename == "x.txt"
    assert page.title() != "ran"
