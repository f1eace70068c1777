"""Every type of page, once: which named address it shows, who sees it, and how one gets there.

The gates of accessibility walk this list. `test_every_named_page_stands_in_the_list` fails for an address that answers
a GET with HTML and is missing here: add a line for each way in which the page reads differently.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page

from ministries.enums import Role
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.links import set_password_link
from tests.browser.page_world import BODY, NOBODY, STRANGER, World

FOCAL, APPROVER, COORDINATOR = Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR
PANEL, COMMITTEE, ADMINISTRATOR = Role.PANEL_MEMBER, Role.COMMITTEE_READER, Role.ADMINISTRATOR
LONGER_THAN_ALLOWED = "가" * 20_001
#: One field more than the program takes in a form.
TOO_MANY_FIELDS = """form => { for (let n = 0; n < 2001; n++) {
  const input = document.createElement("input"); input.type = "hidden"; input.name = "x" + n; form.append(input); } }"""

Arguments = Callable[[World], list[Any]]
Step = Callable[[Page, World], None]


@dataclass(frozen=True, kw_only=True)
class PageType:
    """A page as one kind of reader sees it in one situation. ``then`` is what they do there before it is looked at."""

    key: str
    name: str
    who: str
    arguments: Arguments = field(default=lambda world: [])
    query: str = ""
    then: Step | None = None
    #: What the program answers for this page.
    status: int = 200
    #: The part that is looked at, where something opened covers the rest.
    within: str = "html"

    def address(self, world: World, language: str) -> str:
        """Where it begins, in Korean (``ko``) or English (``en``)."""
        if self.name.startswith("/"):
            path = self.name
        else:
            with override("ko"):
                path = reverse(self.name, args=self.arguments(world))
        return ("/en" if language == "en" else "") + path + self.query


# How one gets there


def submission(name: str) -> Arguments:
    return lambda world: list(world.submissions[name].address)


def action(world: World) -> list[Any]:
    return [world.plan.number, world.submissions["draft"].assignment.action_plan.code]


def indicator(world: World) -> list[Any]:
    found = world.submissions["draft"].assignment.action_plan.indicators.first()
    return [*action(world), found.code]


def plan(world: World) -> list[Any]:
    return [world.plan.number]


def year(name: str = "round") -> Arguments:
    return lambda world: [world.plan.number, getattr(world, name).year]


def who(name: str) -> Arguments:
    return lambda world: [(world.people.get(name) or getattr(world, name)).pk]


def appointment_of(name: str) -> Arguments:
    return lambda world: [(world.people.get(name) or getattr(world, name)).appointments.get().pk]


def handover(world: World) -> list[Any]:
    return [world.handover.pk]


def password_link(name: str) -> Arguments:
    def arguments(world: World) -> list[Any]:
        user = world.people.get(name) or getattr(world, name)
        return set_password_link(user).rstrip("/").rpartition("/")[2].split("-", 1)

    return arguments


# What is done there


def send(**typed: str) -> Step:
    """Fill in fields of the page's form and send it."""

    def step(page: Page, world: World) -> None:
        form = page.locator("main form[method=post]").first
        for name, value in typed.items():
            form.locator(f"[name='{name.replace('__', '-')}']").fill(value)
        submit(page, form.locator("button[type=submit], input[type=submit]").first)

    return step


def submit(page: Page, button: Any) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation(wait_until="load"):
        button.click()


def save(page: Page) -> None:
    submit(page, page.locator("main form[data-keep] button[name=save]"))


def too_long(page: Page, world: World) -> None:
    """Errors in a text, in a budget line and in an indicator's figure."""
    page.fill("[name=results]", LONGER_THAN_ALLOWED)
    page.fill("[name=budget-0-budget_value]", "1,2x")
    page.fill("[name=indicators-0-actual_value]", "many")
    save(page)


def two_at_once(page: Page, world: World) -> None:
    """A colleague saves the same field between opening and saving."""
    found = world.submissions["conflict"]
    found.refresh_from_db()
    theirs = Change(base=found.results, new=f"동료가 먼저 저장한 글 {found.step} {page.url} {len(found.results)}")
    save_submission(submission=found, by=world.colleague, changes={"results": theirs})
    page.fill("[name=results]", "나중에 저장하는 글")
    save(page)


def moved_on(page: Page, world: World) -> None:
    """Save a form from an address that is locked: what was typed is shown with the reason."""
    locked = BY_KEY["error 409"].address(world, "en" if "/en/" in page.url else "ko")
    form = page.locator("main form[data-keep]")
    form.evaluate("(form, action) => { form.action = action; }", locked)
    page.fill("[name=shortcomings]", "잠긴 뒤에 저장하는 글")
    save(page)


def refused(name: str) -> Step:
    """Take a step without the reason that it needs."""

    def step(page: Page, world: World) -> None:
        form = page.locator(f"form[action$='/steps/{name}/']")
        form.evaluate("form => { form.noValidate = true; let e = form.closest('details'); if (e) e.open = true; }")
        submit(page, form.locator("button[type=submit]").last)

    return step


def overloaded(page: Page, world: World) -> None:
    form = page.locator("main form[method=post]").first
    form.evaluate(TOO_MANY_FIELDS)
    submit(page, form.locator("button[type=submit]").first)


def without_cookie(page: Page, world: World) -> None:
    page.context.clear_cookies(name="csrftoken")
    send()(page, world)


def too_often(page: Page, world: World) -> None:
    address = page.url
    for _attempt in range(6):
        page.goto(address)
        send(email="somebody@example.org")(page, world)


def open_menu(page: Page, world: World) -> None:
    page.locator("details.user-menu > summary").click()


def warn_of_the_end(page: Page, world: World) -> None:
    """What the page shows by itself five minutes before the session ends."""
    page.evaluate("document.querySelector('[data-session-dialog]').showModal()")


def P(key: str, name: str, viewer: str, arguments: Arguments | None = None, **more: Any) -> PageType:  # noqa: N802
    return PageType(key=key, name=name, who=viewer, **({"arguments": arguments} if arguments else {}), **more)


ENTRANCE = [
    P("sign in", "account_login", STRANGER),
    P("sign in, refused", "account_login", STRANGER, then=send(login="x@example.org", password="wrong")),
    P("sign in, nothing typed", "account_login", STRANGER, then=send()),
    P("sign out", "account_logout", FOCAL),
    P("sign up", "account_signup", STRANGER),
    P("inactive", "account_inactive", STRANGER),
    P("forgotten password", "account_reset_password", STRANGER),
    P("forgotten password, refused", "account_reset_password", STRANGER, then=send(email="nobody")),
    P("forgotten password, sent", "account_reset_password_done", STRANGER),
    P("invitation", "account_reset_password_from_key", STRANGER, password_link("invited")),
    P(
        "invitation, refused",
        "account_reset_password_from_key",
        STRANGER,
        password_link("invited"),
        then=send(password1="1234", password2="12345"),
    ),
    P("set password, dead link", "account_reset_password_from_key", STRANGER, lambda world: ["x", "y-z"]),
    P("set password, done", "account_reset_password_from_key_done", STRANGER),
    P("change password", "account_change_password", FOCAL),
    P("change password, refused", "account_change_password", FOCAL, then=send(password1="1234", password2="12345")),
    P("confirm it is you", "account_reauthenticate", FOCAL),
    P("own details", "account_details", FOCAL),
    P("session", "session", FOCAL),
    P("session, about to end", "home", FOCAL, then=warn_of_the_end, within="[data-session-dialog]"),
    P("accessibility", "accessibility", STRANGER),
    P("accessibility, signed in", "accessibility", FOCAL),
]
START = [
    *(P(f"start page, {each}", "home", each) for each in (*Role, NOBODY)),
    P("user menu", "home", FOCAL, then=open_menu, within="details.user-menu"),
    *(P(f"help, {each}", "help", each) for each in (FOCAL, COORDINATOR, NOBODY)),
]
PLAN = [
    P("plans", "ministries:plan_list", FOCAL),
    P("plan", "ministries:plan_detail", PANEL, plan),
    P("plan, one body", "ministries:plan_detail", FOCAL, plan, query=f"?body={BODY}"),
    P("action plan", "ministries:action_plan_detail", FOCAL, action),
    P("action plan, coordinator", "ministries:action_plan_detail", COORDINATOR, action),
    P("indicator, new", "ministries:indicator_create", COORDINATOR, action),
    P("indicator, refused", "ministries:indicator_create", COORDINATOR, action, then=send(), status=400),
    P("indicator, change", "ministries:indicator_change", COORDINATOR, indicator),
]
ROUNDS = [
    P("rounds", "ministries:round_list", COORDINATOR),
    P("rounds, reader", "ministries:round_list", COMMITTEE),
    P("round, new", "ministries:round_create", COORDINATOR, plan),
    P("round, refused", "ministries:round_create", COORDINATOR, plan, then=send(), status=400),
    P("round, change", "ministries:round_change", COORDINATOR, year()),
]
LISTS = [
    P("submissions", "ministries:submission_list", FOCAL, year()),
    P("submissions, all bodies", "ministries:submission_list", COORDINATOR, year()),
    P("submissions, confirmed", "ministries:submission_list", PANEL, year()),
    P("submissions, nothing fits", "ministries:submission_list", COORDINATOR, year(), query="?q=nothing-fits-this"),
    P("submissions, none", "ministries:submission_list", PANEL, year("coming")),
]
#: Which states read differently for whom.
STATES = {
    FOCAL: [
        "fresh",
        "draft",
        "sent back",
        "signed off",
        "submitted",
        "returned",
        "again",
        "confirmed",
        "reopened",
        "late",
        "extended",
        "closed",
        "not open",
    ],
    APPROVER: ["draft", "signed off", "returned"],
    COORDINATOR: ["draft", "submitted", "returned", "again", "confirmed", "reopened", "late"],
    PANEL: ["confirmed", "reopened"],
}
DETAIL = "ministries:submission_detail"
CHANGE = "ministries:submission_change"
SUBMISSIONS = [
    *(P(f"submission {name}, {each}", DETAIL, each, submission(name)) for each in STATES for name in STATES[each]),
    P("return, refused", DETAIL, COORDINATOR, submission("submitted"), then=refused("return"), status=400),
    P("form, fresh", CHANGE, FOCAL, submission("fresh")),
    P("form, filled", CHANGE, FOCAL, submission("draft")),
    P("form, returned", CHANGE, FOCAL, submission("returned")),
    P("form, refused", CHANGE, FOCAL, submission("draft"), then=too_long, status=400),
    P("form, conflict", CHANGE, FOCAL, submission("conflict"), then=two_at_once, status=409),
    P("form, moved on", CHANGE, FOCAL, submission("draft"), then=moved_on, status=409),
]
PEOPLE = [
    P("people", "ministries:person_list", COORDINATOR),
    P("people, administrator", "ministries:person_list", ADMINISTRATOR),
    P("people, nothing fits", "ministries:person_list", COORDINATOR, query="?q=nothing-fits-this"),
    P("person", "ministries:person_detail", COORDINATOR, who("colleague")),
    P("person, invited", "ministries:person_detail", COORDINATOR, who("invited")),
    P("person, deactivated", "ministries:person_detail", COORDINATOR, who("gone")),
    P("person, oneself", "ministries:person_detail", ADMINISTRATOR, who(ADMINISTRATOR)),
    P("invite", "ministries:person_invite", COORDINATOR),
    P("invite, refused", "ministries:person_invite", COORDINATOR, then=send(), status=400),
    P("appoint", "ministries:person_appoint", COORDINATOR, who("colleague")),
    P("appoint, refused", "ministries:person_appoint", COORDINATOR, who("colleague"), then=send(), status=400),
    P("deactivate", "ministries:person_deactivate", COORDINATOR, who("colleague")),
    P("end appointment", "ministries:appointment_end", COORDINATOR, appointment_of("colleague")),
]
HANDING_OVER = [
    P("handovers", "ministries:handover_list", FOCAL),
    P("hand over", "ministries:handover_create", FOCAL, appointment_of(FOCAL)),
    P("hand over, refused", "ministries:handover_create", FOCAL, appointment_of(FOCAL), then=send(), status=400),
    P("hand over, coordinator", "ministries:handover_create", COORDINATOR, appointment_of("colleague")),
    P("revoke handover", "ministries:handover_revoke", COORDINATOR, handover),
]
READING = [
    P("ratings", "reports:summary", COORDINATOR, year()),
    P("ratings, committee", "reports:summary", COMMITTEE, year()),
    P("ratings, none", "reports:summary", COMMITTEE, year("coming")),
    P("report", "reports:document_list", COORDINATOR, year()),
    P("report, under way", "reports:document_list", COORDINATOR, year("coming")),
    P("report, reader", "reports:document_list", PANEL, year()),
    P("report, none", "reports:document_list", PANEL, year("earlier")),
]
ERRORS = [
    P("error 400", "account_login", STRANGER, then=overloaded, status=400),
    P("error 403", "ministries:round_change", FOCAL, year(), status=403),
    P("error 403 of a form", "account_login", STRANGER, then=without_cookie, status=403),
    P("error 404", "/nothing-is-here/", STRANGER, status=404),
    P("error 404, signed in", "/nothing-is-here/", FOCAL, status=404),
    P("error 409", CHANGE, FOCAL, submission("submitted"), status=409),
    P("error 429", "account_reset_password", STRANGER, then=too_often, status=429),
    P("error 500", "/tests/fault/", STRANGER, status=500),
]

PAGE_TYPES: list[PageType] = [
    *ENTRANCE,
    *START,
    *PLAN,
    *ROUNDS,
    *LISTS,
    *SUBMISSIONS,
    *PEOPLE,
    *HANDING_OVER,
    *READING,
    *ERRORS,
]
BY_KEY = {each.key: each for each in PAGE_TYPES}
#: What answers a GET with something else than a page. What is posted only stands in `tests.test_project.POSTED`.
FILES = {
    "session_status": "application/json",
    "reports:document_status": "application/json",
    "reports:document_download": "application/pdf",
}
