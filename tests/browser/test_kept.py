"""What is typed is never lost: the browser keeps it through the end of a session, and its own, for its person alone."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from ministries.models import ImplementingBody, Submission
from nap_monitor.accounts.models import User
from nap_monitor.bootstrap import browser as browsers
from tests.browser.conftest import OPTIONS, Desks
from tests.factories import PASSWORD, SubmissionFactory, fill_in, person

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

TYPED = "저장되기 전에 쓴 글"
#: What a browser has kept of anybody, as whoever sits at it can find it.
FOUND = """async () => {
  const opening = indexedDB.open("kept");
  const base = await new Promise((found) => { opening.onsuccess = () => found(opening.result); });
  if (!base.objectStoreNames.contains("copies")) return [];
  const asked = base.transaction("copies").objectStore("copies").getAll();
  const copies = await new Promise((found) => { asked.onsuccess = () => found(asked.result); });
  base.close();
  const text = (copy) => JSON.stringify(copy) + new TextDecoder().decode(copy.data);
  return [...copies.map(text), ...Object.values(localStorage), ...Object.values(sessionStorage)];
}"""


@pytest.fixture
def submission(body: ImplementingBody, focal_point: User) -> Submission:
    return SubmissionFactory(body=body)


def form_of(submission: Submission) -> str:
    return f"/en{submission.get_absolute_url()}change/"


def sign_in_here(page: Page, email: str) -> None:
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def sign_out(page: Page) -> None:
    page.click(".user-menu summary")
    page.click(".user-menu form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")


def offered(page: Page, *names: str) -> None:
    """The notice names what would be put back; then it is put back."""
    notice = page.locator("[data-kept]")
    expect(notice).to_be_in_viewport()
    assert notice.locator("li").all_inner_texts() == list(names)
    notice.locator("[data-kept-restore]").click()
    expect(notice).to_be_hidden()


def kept(page: Page, number: int) -> None:
    """The browser has so many fields in its copy."""
    counted = "async (number) => (await window.kept.list()).flatMap(({ fields }) => fields).length === number"
    page.wait_for_function(counted, arg=number)


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text("Saved by itself")


def test_a_session_that_ends_while_somebody_types_takes_nothing(
    desks: Desks, submission: Submission, focal_point: User
) -> None:
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(form_of(submission))
    Session.objects.all().delete()
    page.fill("#id_results", TYPED)
    page.click("[data-formset=budget] [data-formset-add]")
    page.fill("[name=budget-1-programme]", "둘째 사업")
    page.fill("[name=budget-1-budget_value]", "1,234.5")
    ended = page.locator("[data-session-dialog=ended]")
    expect(ended).to_be_visible()
    expect(page.locator("[data-save-state]")).to_contain_text("It is saved after you have signed in again.")
    kept(page, 3)
    ended.get_by_role("link", name="Sign in here").click()
    sign_in_here(page, focal_point.email)

    page.wait_for_url(f"**{form_of(submission)}")
    offered(page, "Results", "Budget line 2 · Programme", "Budget line 2 · Budget (million won)")
    expect(page.locator("#id_results")).to_have_value(TYPED)
    saved(page)
    submission.refresh_from_db()
    assert submission.results == TYPED
    assert [(line.programme, line.budget_value) for line in submission.budget_lines.all()] == [("둘째 사업", 1234.5)]
    assert page.evaluate(FOUND) == [], "what the server has is kept no longer"
    page.reload()
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_signing_in_again_in_a_window_beside_it_saves_what_waits(
    desks: Desks, submission: Submission, focal_point: User
) -> None:
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(form_of(submission))
    Session.objects.all().delete()
    page.fill("#id_results", TYPED)
    with page.context.expect_page() as opened:
        page.locator("[data-session-dialog=ended]").get_by_role("link", name="Sign in in a new window").click()
    sign_in_here(opened.value, focal_point.email)
    saved(page)
    submission.refresh_from_db()
    assert submission.results == TYPED


def test_nobody_else_finds_it_and_its_person_takes_it_away_by_signing_out(
    desks: Desks, submission: Submission, focal_point: User, body: ImplementingBody
) -> None:
    colleague = person("focal-point", body, email="colleague@example.org")
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(form_of(submission))
    page.fill("[name=budget-0-budget_value]", f"{TYPED} 12x")
    expect(page.locator("[data-save-state]")).to_contain_text("Entries that cannot be saved")
    Session.objects.all().delete()
    page.goto(form_of(submission))
    sign_in_here(page, colleague.email)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-kept]")).to_be_hidden()
    [copy] = page.evaluate(FOUND)
    for word in (TYPED, "12x", "budget", submission.get_absolute_url(), focal_point.email, str(focal_point.pk)):
        assert word not in copy
    sign_out(page)

    page.goto("/en/accounts/login/")
    sign_in_here(page, focal_point.email)
    note = page.locator("[data-kept-list]")
    expect(note).to_contain_text("Budget line 1 · Budget (million won)")
    answers = ["dismiss", "accept"]
    page.on("dialog", lambda dialog: getattr(dialog, answers.pop(0))())
    page.click(".user-menu summary")
    for _answer in range(2):
        with page.expect_event("dialog"):
            page.click(".user-menu form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")
    assert answers == []
    assert page.evaluate(FOUND) == []


def test_signing_out_in_another_window_leaves_nothing_here_either(
    desks: Desks, submission: Submission, focal_point: User
) -> None:
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(form_of(submission))
    page.route("**/save/", lambda route: route.abort())
    page.fill("#id_results", TYPED)
    expect(page.locator("[data-save-state]")).to_contain_text("No connection.")
    beside = page.context.new_page()
    beside.goto("/en/help/")
    beside.on("dialog", lambda dialog: dialog.accept())
    sign_out(beside)
    expect(page.locator("[data-session-dialog=ended]")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#id_results").press_sequentially("!")
    expect(page.locator("[data-save-state]")).to_contain_text("do not close this page")
    assert beside.evaluate(FOUND) == []
    assert page.locator("#id_results").input_value().endswith("!"), "the page itself still has it"


def test_it_can_be_discarded(desks: Desks, submission: Submission, focal_point: User) -> None:
    page = desks.sign_in(focal_point.email, language="/en")
    page.goto(form_of(submission))
    page.fill("[name=budget-0-budget_value]", "12x")
    expect(page.locator("[data-save-state]")).to_contain_text("Entries that cannot be saved")
    page.reload()
    expect(page.locator("[data-kept]")).to_be_in_viewport()
    page.click("[data-kept-discard]")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert page.evaluate(FOUND) == []
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_a_translation_is_kept_as_well(desks: Desks, submission: Submission, focal_point: User) -> None:
    fill_in(submission, focal_point)
    page = desks.sign_in(focal_point.email, language="/en")
    form = f"/en{submission.get_absolute_url()}translation/"
    page.goto(form)
    Session.objects.all().delete()
    page.fill("main [name=results]", "Four courses were held.")
    kept(page, 1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(form)
    sign_in_here(page, focal_point.email)
    page.goto("/en/")
    page.locator("[data-kept-list] a").click()
    notice = page.locator("[data-kept]")
    notice.locator("[data-kept-restore]").click()
    page.locator("main .action-bar button").click()
    page.wait_for_url("**?saved=*")
    assert page.evaluate(FOUND) == []
    assert submission.translations.get().text == "Four courses were held."


class Machine:
    """A browser with a profile on the disk, that can be killed as by a power cut, and started again."""

    def __init__(self, chromium: Browser, profile: Path) -> None:
        self._type, self._profile = chromium.browser_type, profile
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, address: str) -> Page:
        port_file = self._profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        options = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self._profile}", *OPTIONS]
        found = browsers.find().path
        assert found is not None
        self._process = subprocess.Popen(
            [found, *options, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert time.monotonic() < until, "the browser does not start"
            time.sleep(0.1)
        browser = self._type.connect_over_cdp(f"http://127.0.0.1:{port_file.read_text().splitlines()[0]}")
        page = browser.contexts[0].new_page()
        page.goto(f"{address}/en/accounts/login/")
        return page

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(20)
            self._process = None


@pytest.fixture
def machine(chromium: Browser, tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(chromium, tmp_path / "profile")
    (tmp_path / "profile").mkdir()
    yield machine
    machine.kill()


def test_a_browser_that_is_killed_without_a_line_gives_it_back(
    machine: Machine, live_server: object, submission: Submission, focal_point: User
) -> None:
    page = machine.start(str(live_server))
    sign_in_here(page, focal_point.email)
    page.goto(f"{live_server}{form_of(submission)}")
    page.context.set_offline(True)
    page.locator("#id_results").press_sequentially(TYPED)
    page.fill("#id_shortcomings", "한 줄\n두 줄")
    kept(page, 2)
    machine.kill()

    page = machine.start(str(live_server))
    sign_in_here(page, focal_point.email)
    expect(page.locator("[data-kept-list] li")).to_have_count(2)
    page.locator("[data-kept-list] a").first.click()
    page.goto(f"{live_server}{form_of(submission)}")
    offered(page, "Results", "Shortcomings and causes")
    saved(page)
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == (TYPED, "한 줄\n두 줄")
