"""The running program before the camera: a throw-away database with the sample years, people at their browsers."""

import io
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from nap_monitor.bootstrap import browser as browsers

ROOT = Path(__file__).resolve().parent.parent.parent
PORT = 8931
ADDRESS = f"http://127.0.0.1:{PORT}"
PASSWORD = "sample-year-1325"
BROWSER_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
#: Of a picture; a browser shows one as well as the other, and the fonts stay legible.
QUALITY = 82

Pose = Callable[[Page], None]


@dataclass
class Program:
    """The program with its browser. Each person signs in once."""

    browser: Browser
    folder: Path
    _signed_in: dict[str, BrowserContext] = field(default_factory=dict)

    def page(self, who: str, width: int, height: int, scale: float = 1) -> Page:
        """A page of this person's browser: ``focal.mnd``, ``coordinator`` …"""
        context = self.browser.new_context(
            base_url=ADDRESS,
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            storage_state=self._session_of(who),
        )
        context.set_default_timeout(30_000)
        return context.new_page()

    def _session_of(self, who: str) -> dict[str, object]:
        if who not in self._signed_in:
            context = self._signed_in[who] = self.browser.new_context(base_url=ADDRESS)
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("input[name=login]", f"{who}@example.org")
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(f"{ADDRESS}/")
        return self._signed_in[who].storage_state()

    def report(self) -> Path:
        """The report of a sample year, as ``manage.py render_report`` writes it."""
        return self.folder / "report.pdf"


def photograph(page: Page, target: Path) -> Path:
    """What the page's window shows, as a picture."""
    page.evaluate("document.fonts.ready")
    return keep(Image.open(io.BytesIO(page.screenshot(animations="disabled"))), target)


def keep(picture: Image.Image, target: Path) -> Path:
    """Write the picture where it belongs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(target, quality=QUALITY, method=6)
    return target


def sheet_of(page: Page, width: int) -> Image.Image:
    """The first sheet that the page comes to on paper, so many pixels wide."""
    return sheet(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))[0], width)


def sheet(page: pypdfium2.PdfPage, width: int) -> Image.Image:
    """A page of a PDF, so many pixels wide."""
    return page.render(scale=width / page.get_width()).to_pil()


@contextmanager
def running(folder: Path) -> Iterator[Program]:
    """The program with its sample data, behind a web server, and a browser."""
    environment = _environment(folder)
    report = ("--plan", "3", "--year", "2022", "--language", "ko", "--output", f"{folder}/report.pdf")
    for words in (
        ("migrate", "--verbosity", "0"),
        ("compilemessages", "--verbosity", "0"),
        ("collectstatic", "--no-input", "--verbosity", "0"),
        ("load_bodies", "fixtures/reference.yaml"),
        ("load_plan", "fixtures/nap3.yaml"),
        ("load_sample",),
        ("run_schedule",),
        ("render_report", *report),
    ):
        print(f"  {' '.join(words[:2])}", flush=True)
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with _server(environment), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.find().path, args=BROWSER_OPTIONS)
        yield Program(browser, folder)
        browser.close()


def _environment(folder: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "PRIVATE_ROOT": f"{folder}/private",
        "STATIC_ROOT": f"{folder}/static",
        "EMAIL_URL": "dummymail://",
        "DEBUG": "false",
        "HTTPS": "false",
        "SAMPLE_INSTALLATION": "true",
        "TASKS": "immediate",
    }


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[None]:
    bound = ["--bind", f"127.0.0.1:{PORT}", "--timeout", "120", "--log-level", "error"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "nap_monitor.wsgi", *bound], cwd=ROOT, env=environment)
    try:
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"{ADDRESS}/accounts/login/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait()
