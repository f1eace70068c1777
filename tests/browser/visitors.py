"""One browser for each kind of reader, signed in once, in which page after page is opened."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.page_types import PageType
from tests.browser.page_world import STRANGER, World

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
#: Readers want no motion: else the browser draws each colour on its way many times, at every Tab and every new size.
STILL = {"reduced_motion": "reduce"}

#: The page that is left saves nothing more, and the browser forgets what it kept: else the next page would offer it.
FORGET = """async () => {
  window.writing?.leave?.();
  for (const { token } of (await window.kept?.list()) ?? []) await window.kept.drop(token);
}"""
#: What a form has to offer of what was kept is shown a moment after it was loaded.
SETTLED = "() => window.writing?.offered"


class Visitors:
    """The readers of a module's pages. A page is handed out as the last test left it: go somewhere first."""

    def __init__(self, chromium: Browser, address: str, world: World, patience: int) -> None:
        self._chromium, self._address, self.world, self._patience = chromium, address, world, patience
        self._pages: dict[str, Page] = {}

    def context(self, who: str, **options: object) -> BrowserContext:
        """A browser of its own for this reader, signed in by a session like any other."""
        context = self._chromium.new_context(base_url=self._address, **{"viewport": DESK, **STILL, **options})
        context.set_default_timeout(self._patience)
        if who != STRANGER:
            client = Client()
            client.force_login(self.world.people[who])
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self._address}])
        return context

    def page(self, who: str) -> Page:
        """The open page of this reader, in the size of a desk."""
        if who not in self._pages:
            self._pages[who] = self.context(who).new_page()
            # A form that is left with text in it asks first.
            self._pages[who].on("dialog", lambda dialog: dialog.accept())
        page = self._pages[who]
        page.set_viewport_size(DESK)
        return page

    def open(self, kind: PageType, language: str, page: Page | None = None) -> Page:
        """This page as its reader sees it, everything folded out; fails where the program answers something else."""
        page = page or self.page(kind.who)
        page.evaluate(FORGET)
        answers = []
        page.on("response", note := lambda answer: answer.request.is_navigation_request() and answers.append(answer))
        page.goto(kind.address(self.world, language))
        if kind.then:
            kind.then(page, self.world)
        page.remove_listener("response", note)
        assert answers[-1].status == kind.status, f"{kind.key}: {answers[-1].status} instead of {kind.status}"
        assert ("/accounts/login/" in page.url) is (kind.name == "account_login"), f"{kind.key} is not for {kind.who}"
        page.evaluate(SETTLED)
        page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true; })")
        return page

    def settle(self) -> None:
        """Wait until no open page asks for anything any more."""
        for page in self._pages.values():
            page.wait_for_load_state("networkidle")

    def close(self) -> None:
        """Close what is still open."""
        for page in self._pages.values():
            page.context.set_offline(True)  # nothing is saved in leaving
            page.context.close()
