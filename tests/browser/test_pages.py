"""Pages in a real browser: on a phone, in English, without a complaint; and the few things that the script does."""

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from ministries.enums import Role, State
from ministries.models import ImplementingBody, Round, Submission
from ministries.services import transitions
from ministries.services.submissions import Change, RowChange, save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.browser.conftest import PHONE, Desks
from tests.factories import IndicatorFactory, RoundFactory, SubmissionFactory, both, person, submission_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+")
#: What is said without being shown.
SPOKEN = """['aria-label', 'title', 'placeholder', 'data-label'].flatMap((name) =>
  [...document.querySelectorAll(`[${name}]`)].map((part) => part.getAttribute(name))).join(" ")"""
LONG_WORD = "Peacekeepinginstructorsofthenationaldefenceuniversity" * 3
ENGLISH = {
    "results": f"Four courses were held. {LONG_WORD}",
    "next_year_plan": "Five courses are planned.",
    "shortcomings": "Too few instructors.",
}


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022, guidance=both("집계값만 적습니다.", "Aggregates only."))


@pytest.fixture
def submission(
    round_: Round, body: ImplementingBody, focal_point: User, approver: User, coordinator: User
) -> Submission:
    """A submission with everything in it that a page can show, returned with remarks."""
    made = SubmissionFactory(round=round_, body=body)
    indicator = IndicatorFactory(action_plan=made.assignment.action_plan, name=both("교육 인원", LONG_WORD))
    line = {"programme": Change("", f"Programme {LONG_WORD}")}
    save_submission(
        submission=made,
        by=focal_point,
        changes={},
        budget=[RowChange(None, line)],
        indicators=[RowChange(indicator.pk, {"source": Change("", LONG_WORD)})],
    )
    submission_in("submitted", made, by=focal_point, approver=approver, content=ENGLISH)
    transitions.return_submission(
        submission=made,
        by=coordinator,
        reason=f"Please add the numbers. {LONG_WORD}",
        comments={"results": f"How many took part? {LONG_WORD}", "budget": "Source?"},
        due_date=clock.today() + dt.timedelta(days=30),
    )
    made.refresh_from_db()
    for state in (State.DRAFT, State.SUBMITTED):
        submission_in(state, SubmissionFactory(round=round_, body=body), content=ENGLISH)
    return made


def pages_of(submission: Submission) -> list[str]:
    """The pages of the main job, in Korean."""
    plan, year, _, code = submission.address
    page = submission.get_absolute_url().removeprefix("/en")
    return [
        "/",
        "/help/",
        "/rounds/",
        f"/plans/{plan}/",
        f"/plans/{plan}/actions/{code}/",
        f"/plans/{plan}/{year}/",
        f"/plans/{plan}/{year}/summary/",
        f"/plans/{plan}/{year}/report/",
        page,
    ]


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_nothing_scrolls_to_the_side_and_the_browser_has_no_complaint(
    language: str,
    size: str,
    submission: Submission,
    focal_point: User,
    coordinator: User,
    desks: Desks,
    fits: Callable[[Page], bool],
) -> None:
    options = PHONE if size == "phone" else {"viewport": {"width": 1280, "height": 900}}
    stranger = desks.stranger(**options)
    stranger.goto(f"{language}/accounts/login/")
    assert fits(stranger)
    focal, lead = (desks.sign_in(user.email, language=language, **options) for user in (focal_point, coordinator))
    form = f"{pages_of(submission)[-1]}change/"
    wide = []
    for person_, pages in ((focal, [*pages_of(submission), form]), (lead, [*pages_of(submission), "/people/"])):
        for address in pages:
            person_.goto(f"{language}{address}")
            if not fits(person_):
                wide.append(address)
    assert wide == []
    assert desks.complaints == []


def test_english_pages_speak_english(
    submission: Submission, focal_point: User, coordinator: User, desks: Desks
) -> None:
    found = {}
    for user, more in (
        (focal_point, [f"{pages_of(submission)[-1]}change/"]),
        (coordinator, ["/people/", "/people/invite/"]),
    ):
        page = desks.sign_in(user.email, language="/en")
        for address in ["/accounts/login/", "/accounts/password/change/", *pages_of(submission), *more]:
            page.goto(f"/en{address}")
            assert page.get_attribute("html", "lang") == "en"
            # The name of the other language stands in that language, marked as such.
            page.evaluate("document.querySelectorAll('[lang=ko]').forEach((part) => part.remove())")
            words = HANGUL.findall(page.inner_text("body"))
            labels = page.evaluate(SPOKEN)
            if words or HANGUL.findall(labels):
                found[address] = [*words, *HANGUL.findall(labels)]
    assert found == {}


# What the script does


def test_lines_are_added_up_to_the_limit_and_counted_for_the_server(
    submission: Submission, focal_point: User, desks: Desks
) -> None:
    page = desks.sign_in(focal_point.email)
    page.goto(f"{submission.get_absolute_url()}change/")
    rows = page.locator("[data-formset=budget] [data-formset-rows] > [data-formset-row]")
    before = rows.count()
    for _click in range(3):
        page.click("[data-formset=budget] [data-formset-add]")
    assert rows.count() == before + 3
    page.fill(f"[name='budget-{before + 2}-programme']", "마지막 사업")
    page.click("button[name=save]")
    expect(page.locator("[name='budget-1-programme']")).to_have_value("마지막 사업")
    assert submission.budget_lines.count() == 2


#: What a browser may lack so that it can keep nothing: its store, or encryption, which it has at a secure address only.
NO_STORE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
NO_SECRECY = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"
LEAVE = "setTimeout(() => location.assign('/help/'), 0)"
UNSAVED = "아직 저장하지 않은 글"


def dialogs_of(page: Page) -> list[str]:
    """What the browser asks from now on; each time somebody stays."""
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    return asked


def comes_true(holds: Callable[[], bool], page: Page) -> bool:
    """Whether the server comes to it within some seconds."""
    for _look in range(50):
        if holds():
            return True
        page.wait_for_timeout(100)
    return False


def test_leaving_at_once_asks_nothing_and_loses_nothing(
    submission: Submission, focal_point: User, desks: Desks
) -> None:
    page = desks.sign_in(focal_point.email)
    asked = dialogs_of(page)
    form = f"{submission.get_absolute_url()}change/"
    page.goto(form)
    page.fill("[name=shortcomings]", UNSAVED)
    page.evaluate(LEAVE)
    page.wait_for_url("**/help/")
    stored = Submission.objects.filter(pk=submission.pk, shortcomings=UNSAVED)
    assert comes_true(stored.exists, page)
    # What the server cannot save, the browser has, and offers it.
    page.goto(form)
    page.fill("[name=budget-0-budget_value]", "1,2x")
    page.wait_for_function("async () => (await window.kept.list()).length === 1")
    page.evaluate(LEAVE)
    page.wait_for_url("**/help/")
    page.goto(form)
    page.click("[data-kept-restore]")
    expect(page.locator("[name=budget-0-budget_value]")).to_have_value("1,2x")
    assert asked == []


@pytest.mark.parametrize("lacking", [NO_STORE, NO_SECRECY], ids=["no store", "no secrecy"])
def test_leaving_asks_first_where_the_browser_can_keep_nothing(
    lacking: str, submission: Submission, focal_point: User, desks: Desks
) -> None:
    page = desks.sign_in(focal_point.email)
    asked = dialogs_of(page)
    page.add_init_script(lacking)
    form = f"{submission.get_absolute_url()}change/"
    page.goto(form)
    page.route("**/save/", lambda route: route.abort())
    page.fill("[name=shortcomings]", UNSAVED)
    expect(page.locator("[data-save-loose]:visible")).to_have_count(1)
    page.evaluate(LEAVE)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.url.endswith(form)
    assert page.input_value("[name=shortcomings]") == UNSAVED
    # Saved, it asks no more.
    page.unroute("**/save/")
    page.locator("[name=shortcomings]").press_sequentially(".")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
    page.goto("/help/")
    assert asked == ["beforeunload"]


def save(page: Page) -> None:
    """The button saves what it can first; then the form is posted, and a page comes back."""
    with page.expect_navigation():
        page.click("button[name=save]")


def test_going_back_after_saving_and_writing_on_loses_nothing(
    submission: Submission, focal_point: User, desks: Desks
) -> None:
    page = desks.sign_in(focal_point.email)
    page.goto(f"{submission.get_absolute_url()}change/")
    page.fill("[name=shortcomings]", "첫 글")
    save(page)
    page.go_back()
    page.fill("[name=shortcomings]", "뒤로 가서 고친 글")
    save(page)
    assert page.input_value("[name=shortcomings]") == "뒤로 가서 고친 글"
    if page.locator("#id_shortcomings_conflict").count():
        expect(page.locator("#id_shortcomings_conflict")).to_contain_text("첫 글")
        save(page)
    submission.refresh_from_db()
    assert submission.shortcomings == "뒤로 가서 고친 글"


def test_two_quick_clicks_on_save_save_once(submission: Submission, focal_point: User, desks: Desks) -> None:
    page = desks.sign_in(focal_point.email)
    form = f"{submission.get_absolute_url()}change/"
    page.goto(form)
    posted: list[str] = []
    page.on("request", lambda sent: sent.method == "POST" and posted.append(urlsplit(sent.url).path))
    number = page.locator("[data-formset=budget] [data-formset-rows] > [data-formset-row]").count() - 1
    page.fill(f"[name='budget-{number}-programme']", "한 번만")
    with page.expect_navigation():
        page.dblclick("button[name=save]")
    expect(page.locator(f"[name='budget-{number}-programme']")).to_have_value("한 번만")
    page.wait_for_load_state("networkidle")
    # Once by itself, as with each press of a button, and once as a form.
    assert [address.endswith("/save/") for address in posted] == [True, False]
    assert posted[-1] == form
    assert submission.budget_lines.filter(programme="한 번만").count() == 1


def test_what_others_write_runs_nothing(
    submission: Submission, coordinator: User, body: ImplementingBody, desks: Desks
) -> None:
    bad = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"
    other = SubmissionFactory(round=submission.round, body=body)
    submission_in("submitted", other, by=person(Role.FOCAL_POINT, body, name=bad[:60]), content={"results": bad})
    page = desks.sign_in(coordinator.email)
    page.goto(other.get_absolute_url())
    expect(page.locator("main")).to_contain_text("<script>")
    assert "broken in" not in page.title()
    assert desks.complaints == []
