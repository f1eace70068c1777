"""How one gets to a page, and what is done there before it is looked at: the ways of `tests.browser.page_types`."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page

from ministries.models import Assignment
from ministries.services.submissions import Change, save_submission
from nap_monitor.accounts.links import set_password_link
from objectives.models import Plan
from reports.selectors.outline import places
from tests.browser.page_world import World

LONGER_THAN_ALLOWED = "가" * 20_001
#: The button of a form that a person sees, and not one that adds a row.
SENDS = "button[type=submit]:not([aria-hidden], [data-formset-add]), input[type=submit]"
#: One field more than the program takes in a form.
TOO_MANY_FIELDS = """form => { for (let n = 0; n < 2001; n++) {
  const input = document.createElement("input"); input.type = "hidden"; input.name = "x" + n; form.append(input); } }"""

Arguments = Callable[[World], list[Any]]
Step = Callable[[Page, World], None]


# How one gets there


def just(*arguments: Any) -> Arguments:
    return lambda world: list(arguments)


def submission(name: str) -> Arguments:
    return lambda world: list(world.submissions[name].address)


def remark(name: str) -> Arguments:
    """The address of the remark on this submission that the body reads and has not answered."""
    return lambda world: [*world.submissions[name].address, world.submissions[name].comments.get(field="results").pk]


def action(world: World) -> list[Any]:
    return [world.plan.number, world.submissions["draft"].assignment.action_plan.code]


def action_in_round(world: World) -> list[Any]:
    number, code = action(world)
    return [number, world.round.year, code]


def joint(world: World) -> list[Any]:
    return [world.plan.number, world.round.year, world.joint.code]


def indicator(world: World) -> list[Any]:
    found = world.submissions["draft"].assignment.action_plan.indicators.first()
    return [*action(world), found.code]


def file_of(name: str) -> Arguments:
    return lambda world: [*world.submissions[name].address, world.submissions[name].evidence.first().pk]


def version(name: str, number: int) -> Arguments:
    return lambda world: [*world.submissions[name].address, number]


def plan(world: World) -> list[Any]:
    return [world.plan.number]


def step(name: str, key: str) -> Arguments:
    return lambda world: [*world.submissions[name].address, key]


def place(key: str, *more: Any) -> Arguments:
    """The last place of the round's report whose key has this in it."""

    def found(world: World) -> list[Any]:
        named = next(each.key for each in reversed(places(world.round)) if key in each.key)
        return [world.plan.number, world.round.year, named, *more]

    return found


def best_case(world: World) -> list[Any]:
    return world.composed["reports:best_case_change"][0]


def desk(world: World) -> list[Any]:
    return [world.plan.number, world.round.year, world.body.code]


def own_body(world: World) -> list[Any]:
    return [world.body.code]


def own_field(world: World) -> list[Any]:
    return [world.body.code, world.body.own_fields.filter(kind="choice").first().pk]


def upload(name: str) -> Arguments:
    return lambda world: world.uploads[name].address


def year(name: str = "round") -> Arguments:
    return lambda world: [world.plan.number, getattr(world, name).year]


def edition(number: int) -> Arguments:
    return lambda world: [world.plan.number, world.earlier.year, number]


def extension(world: World) -> list[Any]:
    found = world.submissions["extended"].extensions.get()
    return [world.plan.number, world.round.year, found.pk]


def asked(world: World) -> list[Any]:
    return [world.plan.number, world.round.year, world.body.requests.get().pk]


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
        asked = {f"[name='{name.replace('__', '-')}']": value for name, value in typed.items()}
        forms = page.locator("main form[method=post]")
        for field in asked:
            forms = forms.filter(has=page.locator(field))
        form = forms.first
        for field, value in asked.items():
            form.locator(field).fill(value)
        submit(page, form.locator(SENDS).first)

    return step


def in_a_free_year(then: Step | None = None) -> Step:
    """While the plan and its duties last a year longer: each of its years has a round here. Then this is done."""

    def step(page: Page, world: World) -> None:
        last = world.plan.end_year
        duties = Assignment.objects.filter(action_plan__plan=world.plan)
        Plan.objects.filter(pk=world.plan.pk).update(end_year=last + 1)
        duties.filter(end_year=last).update(end_year=last + 1)
        try:
            page.goto(page.url)
            if then:
                then(page, world)
        finally:
            duties.filter(end_year=last + 1).update(end_year=last)
            Plan.objects.filter(pk=world.plan.pk).update(end_year=last)

    return step


def submit(page: Page, button: Any) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation(wait_until="load"):
        button.click()


def save(page: Page) -> None:
    submit(page, page.locator("main form[data-keep] .krds-btn[name=save]"))


def too_long(page: Page, world: World) -> None:
    """Errors in a text, in a budget line and in an indicator's figure."""
    page.fill("[name=results]", LONGER_THAN_ALLOWED)
    page.fill("[name=budget-0-budget_value]", "1,2x")
    page.fill("[name=indicators-0-actual_value]", "many")
    save(page)


def too_long_a_translation(page: Page, world: World) -> None:
    page.fill("[name=results]", LONGER_THAN_ALLOWED)
    submit(page, page.locator("main form[data-keep] button[type=submit]"))


def two_at_once(page: Page, world: World) -> None:
    """A colleague saves the same field between opening and saving."""
    found = world.submissions["conflict"]
    found.refresh_from_db()
    theirs = Change(base=found.results, new=f"동료가 먼저 저장한 글 {found.step} {page.url} {len(found.results)}")
    save_submission(submission=found, by=world.colleague, changes={"results": theirs})
    page.fill("[name=results]", "나중에 저장하는 글")
    save(page)


def two_at_once_unsaved(page: Page, world: World) -> None:
    """A colleague saves the same field while somebody types: the page tells it by itself."""
    found = world.submissions["conflict"]
    found.refresh_from_db()
    theirs = Change(base=found.results, new=f"동료가 그 사이 저장한 글 {page.url} {len(found.results)}")
    save_submission(submission=found, by=world.colleague, changes={"results": theirs})
    page.fill("[name=results]", f"그 사이 쓴 글 {page.url}")
    page.locator("[data-conflict-keep]").wait_for()


def kept(page: Page, world: World) -> None:
    """Type what cannot be saved, leave, come back: the page offers it."""
    address = page.url
    if page.locator("main form[data-keep]").count() == 0:
        page.goto(f"{address}budget/")
    page.fill("[name=budget-0-budget_value]", "1,2x")
    page.locator("[data-save=invalid]").wait_for()
    page.goto(address)
    page.locator("[data-kept-list], [data-kept]").first.wait_for()


def moved_on(page: Page, world: World) -> None:
    """Save a form from an address that is locked: what was typed is shown with the reason."""
    with override("en" if "/en/" in page.url else "ko"):
        locked = reverse("ministries:submission_change", args=world.submissions["submitted"].address)
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


def press_in(group: str, *, chosen: bool) -> Step:
    """Press the button of a group on the sign-off desk, with its first row ticked or with none."""

    def take(page: Page, world: World) -> None:
        form = page.locator(f"#{group} form")
        if chosen:
            form.locator("[name=row]").first.check(force=True)
        submit(page, form.locator(".desk-bar button"))

    return take


def choose_all(page: Page, world: World) -> None:
    """Tick every row of the review queue and go on to the page that asks once more."""
    page.locator("#all-rows").check(force=True)
    submit(page, page.locator(".desk-bar button"))


def return_nothing(page: Page, world: World) -> None:
    """Return a submission on its review page without a reason."""
    form = page.locator("#decide-return form")
    form.evaluate("form => { form.closest('details').open = true; }")
    submit(page, form.locator("button[type=submit]").last)


def remark_nothing(page: Page, world: World) -> None:
    """Write a remark at a field of a review, without a word."""
    form = page.locator("#on-results form")
    form.evaluate("form => { form.closest('details').open = true; }")
    submit(page, form.locator("button[type=submit]"))


def apply(page: Page, world: World) -> None:
    """Apply a workbook without choosing between two values."""
    submit(page, page.locator(".action-bar button"))


def nothing_chosen(page: Page, world: World) -> None:
    """Send a list from which the present choice has gone meanwhile."""
    page.locator("main form select").last.evaluate("list => list.replaceChildren()")
    send()(page, world)


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


def session_dialog(name: str) -> Step:
    """What the page shows by itself when the time signed in ends."""

    def step(page: Page, world: World) -> None:
        page.evaluate("(name) => document.querySelector(`[data-session-dialog=${name}]`).showModal()", name)

    return step


def confirmation(page: Page, world: World) -> None:
    """Press a button that asks for a confirmation first."""
    page.locator("main a[data-modal][href$='/end/']").first.click()
    page.locator("[data-modal-dialog] form").wait_for()
