"""A real browser before the running program: people sign in on the real page, and every complaint of it is kept."""

import logging
import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as project
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from nap_monitor.bootstrap import browser as browsers
from tests.browser.page_world import World
from tests.browser.visitors import Visitors
from tests.browser.watch import Watch
from tests.factories import PASSWORD

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
#: How long a page may take, in milliseconds: a busy machine is no fault.
PATIENCE = 30_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that ``CHROMIUM`` names, else the one of the system."""
    found = browsers.find()
    if not found.path:
        pytest.fail(found.why_not)
    # Playwright keeps an event loop in this thread, in which Django would refuse its own plain database calls.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.path, args=OPTIONS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator[LiveServer]:
    """pytest-django's server with our static files, which it serves only under Django's own app name."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = StaticFilesHandler
    server.start()
    yield server
    server.stop()


class Desks:
    """Each person at a browser of their own; ``complaints`` are the faults that any of the browsers reports."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self._chromium, self._address = chromium, address
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def stranger(self, **options: object) -> Page:
        """A browser at which nobody is signed in."""
        context = self._chromium.new_context(base_url=self._address, **(options or DESK))
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "response", lambda answer: answer.status >= 400 and self.complaints.append(f"{answer.status} {answer.url}")
        )
        return page

    def sign_in(self, email: str, password: str = PASSWORD, language: str = "", **options: object) -> Page:
        """A browser at which this person has signed in, on the real page."""
        page = self.stranger(**options)
        page.goto(f"{language}/accounts/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", password)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    def close(self) -> None:
        for context in self._contexts:
            # A page that saves by itself would still do so, into the database of the next test.
            context.set_offline(True)
            context.close()


@pytest.fixture
def desks(chromium: Browser, live_server: object) -> Iterator[Desks]:
    """People at their browsers, before the running program."""
    opened = Desks(chromium, str(live_server))
    yield opened
    opened.close()


@pytest.fixture
def fits() -> Callable[[Page], bool]:
    """Whether a page needs no scrolling to the side."""

    def fitting(page: Page) -> bool:
        widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        return bool(widths[0] <= widths[1])

    return fitting


# For modules that only look at pages: one world, one server, one browser for each reader


@pytest.fixture(scope="module")
def kept_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A database whose rows stay from test to test; the module's end empties it.

    A module says so by a fixture ``transactional_db`` of its own that asks for this one: pytest-django then makes the
    database, runs the module beside its other transactional tests, and empties nothing in between.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=False)


@pytest.fixture(scope="module")
def world(transactional_db: None, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """What the page types show; files in a folder of its own, axe among the static files, and a page that fails."""
    private = {**project.STORAGES["private"], "OPTIONS": {"location": str(tmp_path_factory.mktemp("private"))}}
    axe = ("axe", project.BASE_DIR / "node_modules" / "axe-core")
    with override_settings(
        STORAGES={**project.STORAGES, "private": private},
        STATICFILES_DIRS=[*project.STATICFILES_DIRS, axe],
        ROOT_URLCONF="tests.browser.faulty_urls",
        COMPONENT_GALLERY=True,
    ):
        yield World()


@pytest.fixture(scope="module")
def visitors(chromium: Browser, live_server: LiveServer, world: World) -> Iterator[Visitors]:
    """The readers of the page types, each at a browser, before the running program."""
    opened = Visitors(chromium, str(live_server), world, PATIENCE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def watch(world: World) -> Iterator[Watch]:
    """A watch over browsers, and over a program that asks browsers for reports."""
    policy = project.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    watch, logger = Watch(), logging.getLogger("nap_monitor.policy_reports")
    logger.addHandler(watch)
    with override_settings(
        CSP_REPORT=True, CONTENT_SECURITY_POLICY={"DIRECTIVES": {**policy, "report-uri": "/policy-reports/"}}
    ):
        yield watch
    logger.removeHandler(watch)
