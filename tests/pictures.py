"""``make pictures``: the README's pictures, made from the running program.

A throw-away database gets the plan and its sample years; a web server shows it; a browser looks at it. The picture of
the report is a page of the PDF as ``manage.py render_report`` writes it.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, sync_playwright

from nap_monitor.bootstrap import browser as browsers

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
PORT = 8931
ADDRESS = f"http://127.0.0.1:{PORT}"
ACCOUNT, PASSWORD = "coordinator@example.org", "sample-year-1325"
#: The page with the year at a glance.
REPORT_PAGE = "Ⅱ. 총괄 요약"
BROWSER_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    """Make all pictures anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nap-pictures-") as name:
        folder = Path(name)
        environment = _environment(folder)
        for words in (
            ("migrate", "--verbosity", "0"),
            ("compilemessages", "--verbosity", "0"),
            ("collectstatic", "--no-input", "--verbosity", "0"),
            ("load_bodies", "fixtures/reference.yaml"),
            ("load_plan", "fixtures/nap3.yaml"),
            ("load_sample",),
            ("render_report", "--plan", "3", "--year", "2022", "--language", "ko", "--output", f"{folder}/report.pdf"),
        ):
            print(f"  {' '.join(words[:2])}", flush=True)
            subprocess.run(
                [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
            )
        picture_of_report(folder / "report.pdf")
        with _server(environment):
            pictures_of_pages()
    for file in sorted(TARGET.glob("*.png")):
        print(f"  {file.relative_to(ROOT)} ({file.stat().st_size // 1024} kB)")


def _environment(folder: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "PRIVATE_ROOT": f"{folder}/private",
        "STATIC_ROOT": f"{folder}/static",
        "EMAIL_URL": "dummymail://",
        "HTTPS": "false",
        "SAMPLE_INSTALLATION": "true",
    }


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "nap_monitor.wsgi",
        "--bind",
        f"127.0.0.1:{PORT}",
        "--log-level",
        "error",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
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


def pictures_of_pages() -> None:
    """The coordinator's start page on a desk, and a submission's list on a phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.find().path, args=BROWSER_OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        sign_in(page)
        page.goto(f"{ADDRESS}/")
        page.screenshot(path=TARGET / "start.png")
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{ADDRESS}/en/plans/3/2022/")
        page.screenshot(path=TARGET / "phone.png")
        browser.close()


def sign_in(page: Page) -> None:
    """Sign in as the sample coordinator."""
    page.goto(f"{ADDRESS}/accounts/login/")
    page.fill("input[name=login]", ACCOUNT)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{ADDRESS}/")


def picture_of_report(file: Path) -> None:
    """The page of the PDF that shows the year at a glance."""
    document = pypdfium2.PdfDocument(file)
    # The contents name it first; the page itself comes after.
    pages = [page for page in document if REPORT_PAGE in page.get_textpage().get_text_range()]
    pages[-1].render(scale=1.5).to_pil().save(TARGET / "report.png", optimize=True)


if __name__ == "__main__":
    main()
