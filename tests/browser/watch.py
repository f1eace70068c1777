"""Hears everything that browsers and the program say against a page's content security policy."""

import logging

from playwright.sync_api import ConsoleMessage, Page

WATCH = """document.addEventListener("securitypolicyviolation", (event) => window.policyViolated(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sample} on ${location.pathname}`));"""


class Watch(logging.Handler):
    """All that is reported, from any of the three places."""

    def __init__(self) -> None:
        super().__init__()
        self.violations: list[str] = []
        self._pages: set[int] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.violations.append(record.getMessage())

    def over(self, page: Page) -> Page:
        """Watch this page from its next address on."""
        if id(page) not in self._pages:
            self._pages.add(id(page))
            page.context.expose_function("policyViolated", lambda said: self.violations.append(said))
            page.context.add_init_script(WATCH)
            page.on("console", self._hear)
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text or "Permissions-Policy" in said.text:
            self.violations.append(said.text)

    def taken(self) -> list[str]:
        """What was reported since the last time."""
        found, self.violations = self.violations, []
        return found
