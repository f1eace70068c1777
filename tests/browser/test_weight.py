"""What pages weigh on the line, as a real installation serves them: gunicorn, hashed and compressed files."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ministries.sample.accounts import PASSWORD
from nap_monitor.bootstrap import serving, suite
from nap_monitor.bootstrap.console import PYTHON, ROOT
from tests.nap_monitor.setup_tools import call, free_port, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

#: Bytes on the line, headers included.
FIRST_VISIT, SECOND_VISIT = 300_000, 30_000
#: Seconds that a page and all that it brings may take: a busy machine is no fault.
PATIENCE = 60
#: The roles with most to do, each on the start page of the sample year that is under way.
READERS = ["coordinator", "focal.mnd", "panel"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The program with the plan and its sample years, collected and served as `make run` does it."""
    folder, port = tmp_path_factory.mktemp("weight"), free_port()
    env = suite.test_environment(
        STATIC_ROOT=str(folder / "static"),
        PRIVATE_ROOT=str(folder / "private"),
        DATABASE_URL=f"sqlite:///{folder}/db.sqlite3",
        EMAIL_URL="dummymail://",
    )
    for words in (
        ("migrate", "--verbosity=0"),
        ("collectstatic", "--no-input"),
        ("load_bodies", "fixtures/reference.yaml"),
        ("load_plan", "fixtures/nap3.yaml"),
        ("load_sample",),
    ):
        done = call([PYTHON, "manage.py", *words], ROOT, env, timeout=600)
        assert done.returncode == 0, done.stderr
    web, _schedule = serving.programs(port, with_worker=False)
    process = subprocess.Popen(web.command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: serving.answer(port) or process.poll() is not None, 60)
        yield f"http://{serving.HOST}:{port}"
    finally:
        process.terminate()
        process.wait(20)


class Scales:
    """Weighs what a page brings over the line, by what the browser itself counts."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._line = page.context.new_cdp_session(page)
        self._line.send("Network.enable")
        self._names: dict[str, str] = {}
        self._weights: dict[str, int] = {}
        self._awaited: set[str] = set()
        self._line.on("Network.requestWillBeSent", lambda event: self._awaited.add(event["requestId"]))
        self._line.on("Network.loadingFailed", lambda event: self._awaited.discard(event["requestId"]))
        self._line.on("Network.responseReceived", self._named)
        self._line.on("Network.loadingFinished", self._weighed)

    def _named(self, event: dict) -> None:
        answer = event["response"]
        self._names[event["requestId"]] = "page" if answer["mimeType"] == "text/html" else Path(answer["url"]).name

    def _weighed(self, event: dict) -> None:
        self._awaited.discard(event["requestId"])
        self._weights[event["requestId"]] = int(event["encodedDataLength"])

    def _all_came(self) -> bool:
        """Whether everything came that was asked for, the icon too: the browser asks for it when the page stands."""
        came = [self._names[key] for key in self._weights]
        return not self._awaited and any(name.startswith("icon.") for name in came)

    def weigh(self, path: str) -> dict[str, int]:
        """Bytes by file, the heaviest first."""
        self._page.goto("about:blank")
        self._weights.clear()
        self._page.goto(path)
        self._page.wait_for_load_state("networkidle")
        self._page.evaluate("document.fonts.ready.then(() => true)")
        limit = time.monotonic() + PATIENCE
        while not self._all_came():
            assert time.monotonic() < limit, f"still waiting for {self._awaited or 'the icon'}"
            self._page.wait_for_timeout(50)
        weights = {self._names[key]: weight for key, weight in self._weights.items() if weight}
        return dict(sorted(weights.items(), key=lambda item: -item[1]))


@pytest.fixture
def visitor(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser that was never here."""
    context = chromium.new_context(base_url=address)
    context.set_default_timeout(60_000)
    yield context
    context.close()


def signed_in(chromium: Browser, visitor: BrowserContext, address: str, who: str) -> None:
    """Signed in, but in another browser, so that nothing is in this one's store yet."""
    other = chromium.new_context(base_url=address)
    other.set_default_timeout(60_000)
    page = other.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{who}@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    visitor.add_cookies(other.cookies())
    other.close()


def visits(visitor: BrowserContext, path: str) -> tuple[dict[str, int], dict[str, int]]:
    """What the first and the second visit bring."""
    scales = Scales(visitor.new_page())
    return scales.weigh(path), scales.weigh(path)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("who", READERS)
def test_the_start_page_is_light_and_lighter_the_second_time(
    who: str, language: str, chromium: Browser, visitor: BrowserContext, address: str
) -> None:
    signed_in(chromium, visitor, address, who)
    first, second = visits(visitor, f"{language}/")
    assert sum(first.values()) < FIRST_VISIT, first
    assert any(name.endswith(".woff2") for name in first), "the fonts are counted"
    assert any(name.startswith("output.") for name in first), "the style sheet of KRDS is counted"
    assert sum(second.values()) < SECOND_VISIT, second
    assert list(second) == ["page"], "nothing but the page comes again"


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_sign_in_page_is_light_and_lighter_the_second_time(visitor: BrowserContext, language: str) -> None:
    first, second = visits(visitor, f"{language}/accounts/login/")
    assert sum(first.values()) < FIRST_VISIT, first
    assert sum(second.values()) < SECOND_VISIT, second
    assert not [name for name in first if "htmx" in name], "what no part of the page needs is not loaded"


def test_the_longest_list_is_light_the_second_time(chromium: Browser, visitor: BrowserContext, address: str) -> None:
    signed_in(chromium, visitor, address, "coordinator")
    first, second = visits(visitor, "/plans/3/2022/")
    assert sum(first.values()) < FIRST_VISIT, first
    assert sum(second.values()) < SECOND_VISIT, second
