"""The sign-off desk in a real browser: all at once by one box, counted as they are ticked, on to one document."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ministries.enums import State
from ministries.models import ImplementingBody, Submission
from nap_monitor.accounts.models import User
from tests.browser.conftest import Desks
from tests.factories import RoundFactory, SubmissionFactory, fill_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]


def test_one_box_chooses_all_and_they_are_signed_off_and_submitted_together(
    desks: Desks, body: ImplementingBody, focal_point: User, approver: User
) -> None:
    round_ = RoundFactory(year=2022)
    made = [fill_in(SubmissionFactory(round=round_, body=body), focal_point) for _ in range(3)]
    page = desks.sign_in(approver.email, language="/en")
    page.goto("/en" + reverse("ministries:signoff_desk", args=[round_.plan.number, round_.year, body.code]))

    # The box above says how many are ticked, and that they are not all.
    group = page.locator("#to-sign-off")
    every, said = group.get_by_label("Choose all"), group.locator("[data-choose-count]")
    expect(said).to_have_text("0 chosen")
    # KRDS draws the box in its label, which is what one presses.
    group.get_by_text("Choose all").click()
    expect(said).to_have_text("3 chosen")
    group.locator("tbody .krds-form-check label").last.click()
    expect(said).to_have_text("2 chosen")
    assert every.evaluate("box => [box.checked, box.indeterminate]") == [False, True]
    group.get_by_role("button", name="Sign off what is chosen").click()
    expect(page.locator("[data-report]")).to_be_focused()
    assert [each.state for each in Submission.objects.order_by("pk")].count(State.SIGNED_OFF) == 2

    group = page.locator("#to-submit")
    group.get_by_text("Choose all").click()
    expect(group.locator("[data-choose-count]")).to_have_text("2 chosen")
    group.get_by_role("button", name="Submit what is chosen").click()
    page.fill("[name=document_number]", "정책과-1325")
    page.get_by_role("button", name="Submit 2").click()
    expect(page.locator("[data-report]")).to_be_focused()
    submitted = Submission.objects.filter(pk__in=[each.pk for each in made], state=State.SUBMITTED)
    assert {each.submitted_version.document_number for each in submitted} == {"정책과-1325"}
    assert submitted.count() == 2
    assert desks.complaints == []
