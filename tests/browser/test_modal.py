"""A page that asks for a confirmation opens in a dialog where there is a script, and is a page where there is none."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from ministries.models import Appointment, Indicator
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.browser.conftest import DESK, Desks
from tests.factories import IndicatorFactory

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

REASON = "Maternity leave"


@pytest.fixture
def appointment(approver: User) -> Appointment:
    return approver.appointments.get()


def page_of_person(desks: Desks, coordinator: User, person: User, **options: object) -> Page:
    page = desks.sign_in(coordinator.email, language="/en", **options)
    page.goto(f"/en/people/{person.pk}/")
    return page


def opener(page: Page) -> Locator:
    return page.locator("a[href$='/end/']")


def dialog(page: Page) -> Locator:
    return page.locator("dialog[data-modal-dialog]")


def test_an_appointment_is_ended_in_a_dialog_above_the_page(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment
) -> None:
    page = page_of_person(desks, coordinator, approver)
    address = page.url
    opener(page).click()
    modal = dialog(page)
    expect(modal).to_be_visible()
    expect(modal.get_by_role("heading", name="End the appointment")).to_be_focused()
    expect(page.get_by_role("dialog", name="End the appointment")).to_be_visible()
    expect(modal).to_contain_text(str(approver))
    expect(modal.locator(".count-now")).to_have_text("0")
    for _step in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")

    page.keyboard.press("Escape")
    expect(modal).to_be_hidden()
    expect(opener(page)).to_be_focused()
    for close in ("[data-modal-close]", "[data-modal-cancel]"):
        opener(page).click()
        modal.locator(close).click()
        expect(modal).to_be_hidden()
        expect(opener(page)).to_be_focused()
    assert page.url == address

    opener(page).click()
    modal.locator("[name=reason]").fill(REASON)
    modal.locator("form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("The appointment was ended.")
    assert page.url == address
    appointment.refresh_from_db()
    assert appointment.end is not None
    assert desks.complaints == []


def test_what_is_refused_is_told_in_the_dialog_and_nothing_typed_is_lost(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment
) -> None:
    page = page_of_person(desks, coordinator, approver)
    opener(page).click()
    modal = dialog(page)
    modal.locator("[name=on]").fill("31 February")
    modal.locator("[name=reason]").fill(REASON)
    page.keyboard.press("Escape")
    opener(page).click()
    assert modal.locator("[name=reason]").input_value() == REASON, "it was only closed"
    modal.locator("form button[type=submit]").click()
    expect(modal.locator("[data-error-summary]")).to_be_focused()
    assert modal.locator("[name=reason]").input_value() == REASON
    modal.locator("[name=on]").fill(str(clock.today()))
    modal.locator("form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("The appointment was ended.")
    appointment.refresh_from_db()
    assert appointment.end == clock.today()


def test_an_account_is_closed_and_an_indicator_removed_in_the_same_way(
    desks: Desks, coordinator: User, approver: User
) -> None:
    page = page_of_person(desks, coordinator, approver)
    page.locator("a[href$='/deactivate/']").click()
    expect(dialog(page)).to_contain_text("is signed out everywhere")
    dialog(page).locator("[name=reason]").fill(REASON)
    dialog(page).locator("form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("The account was deactivated")
    approver.refresh_from_db()
    assert not approver.is_active

    indicator = IndicatorFactory()
    action_plan = indicator.action_plan
    address = reverse("ministries:indicator_change", args=[action_plan.plan.number, action_plan.code, indicator.code])
    page.goto(address)
    page.locator("a[href$='/remove/']").click()
    dialog(page).locator("form button[type=submit]").click()
    page.wait_for_url("**#indicators")
    assert not Indicator.objects.filter(pk=indicator.pk).exists()
    assert desks.complaints == []


def test_without_script_the_link_leads_to_the_page(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment
) -> None:
    page = page_of_person(desks, coordinator, approver, **DESK, java_script_enabled=False)
    opener(page).click()
    assert page.url.endswith("/end/")
    page.fill("main [name=reason]", REASON)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("The appointment was ended.")
    appointment.refresh_from_db()
    assert appointment.end is not None


def test_another_window_is_opened_where_the_reader_asks_for_one(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment
) -> None:
    page = page_of_person(desks, coordinator, approver)
    with page.context.expect_page() as opened:
        opener(page).click(modifiers=["Control"])
    expect(opened.value.locator("main h1")).to_have_text("End the appointment")
    expect(dialog(page)).to_have_count(0)


def test_a_line_that_breaks_is_told_and_what_was_typed_is_kept(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment
) -> None:
    page = page_of_person(desks, coordinator, approver)
    opener(page).click()
    dialog(page).locator("[name=reason]").fill(REASON)
    page.context.set_offline(True)
    dialog(page).locator("form button[type=submit]").click()
    expect(dialog(page).locator("[data-modal-failed]")).to_be_visible()
    assert dialog(page).locator("[name=reason]").input_value() == REASON
    page.context.set_offline(False)
    dialog(page).locator("form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("The appointment was ended.")


def test_a_session_that_ended_is_told_above_the_dialog(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment
) -> None:
    page = page_of_person(desks, coordinator, approver)
    opener(page).click()
    dialog(page).locator("[name=reason]").fill(REASON)
    Session.objects.all().delete()
    dialog(page).locator("form button[type=submit]").click()
    expect(page.locator("[data-session-dialog=ended]")).to_be_visible()
    page.locator("[data-session-dialog=ended] [data-session-close]").click()
    assert dialog(page).locator("[name=reason]").input_value() == REASON


def test_what_is_gone_is_told_in_the_dialog(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment
) -> None:
    page = page_of_person(desks, coordinator, approver)
    opener(page).click()
    dialog(page).locator("[name=reason]").fill(REASON)
    Appointment.objects.all().delete()
    dialog(page).locator("form button[type=submit]").click()
    expect(dialog(page).locator(".notice-error")).to_contain_text("Page not found")


def test_the_dialog_fits_a_phone(
    desks: Desks, coordinator: User, approver: User, appointment: Appointment, fits: Callable[[Page], bool]
) -> None:
    page = page_of_person(desks, coordinator, approver, viewport={"width": 360, "height": 640})
    opener(page).click()
    expect(dialog(page).locator("form")).to_be_visible()
    assert fits(page)
    button = dialog(page).locator("form button[type=submit]")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= 640
