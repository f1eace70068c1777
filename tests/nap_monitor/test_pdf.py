"""Making PDF: what the renderer may reach, how Korean breaks, that every reader shows the same letters."""

import io
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from nap_monitor.lib import pdf, pdf_worker
from nap_monitor.lib.pdf import WORD_JOINER, PdfError, PdfTimeoutError, count_unprintable, prepared, render_pdf

pytestmark = pytest.mark.one_database

FONTS = """
@font-face { font-family: F; src: url(https://pdf.invalid/static/fonts/PretendardGOV-Regular.otf) }
@font-face { font-family: F; font-weight: 700; src: url(https://pdf.invalid/static/fonts/PretendardGOV-Bold.otf) }
html { font-family: F }
"""


def page(body: str, style: str = "") -> str:
    return f'<html lang="ko"><head><title>제목</title><style>{FONTS}{style}</style></head><body>{body}</body></html>'


def text_of(data: bytes) -> str:
    return "\n".join(found.extract_text() for found in PdfReader(io.BytesIO(data)).pages)


@pytest.fixture(scope="module")
def fetcher() -> pdf_worker.StaticFetcher:
    return pdf_worker.StaticFetcher([("", str(root)) for root in settings.STATICFILES_DIRS])


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1/x.png",
        "https://example.org/x.png",
        "https://pdf.invalid/",
        "https://pdf.invalid/manage.py",
        "https://pdf.invalid/static/",
        "https://pdf.invalid/static/css",
        "https://pdf.invalid/static/css/there-is-no-such-file.css",
        "https://pdf.invalid/static/../manage.py",
        "https://pdf.invalid/static/css/../../manage.py",
        "https://pdf.invalid/static/%2e%2e/manage.py",
        "https://pdf.invalid/static/..%2fmanage.py",
        "https://pdf.invalid/static//etc/passwd",
        "https://pdf.invalid/static/%00",
        "https://pdf.invalid.example.org/static/css/site.css",
        "http://pdf.invalid/static/css/site.css",
        "https://pdf.invalid@example.org/static/css/site.css",
        "ftp://pdf.invalid/static/css/site.css",
        "/etc/passwd",
        "",
    ],
)
def test_the_renderer_may_not_fetch(fetcher, address) -> None:
    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch(address)


def test_the_renderer_may_fetch_static_files_and_data(fetcher) -> None:
    css = fetcher.fetch("https://pdf.invalid/static/css/report-print.css")
    assert css.content_type == "text/css"
    assert css.read() == (Path(settings.STATICFILES_DIRS[0]) / "css" / "report-print.css").read_bytes()
    assert fetcher.fetch("data:text/plain,abc").read() == b"abc"


def test_a_link_out_of_the_static_folder_leads_nowhere(tmp_path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "static" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert pdf_worker.StaticFetcher([("", str(tmp_path / "static"))]).find(f"{pdf_worker.STATIC_URL}link.txt") is None


@pytest.mark.parametrize("event", ["socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"])
def test_the_renderer_has_no_network_and_starts_no_program(event) -> None:
    with pytest.raises(PermissionError):
        pdf_worker.refuse_network(event, ())


def test_a_document_that_asks_for_more_is_refused() -> None:
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for source in (f"http://127.0.0.1:{server.server_port}/x.png", "file:///etc/passwd"):
            with pytest.raises(PdfError, match="may not ask for"):
                render_pdf(page(f'<img alt="x" src="{source}">'), identifier="x")
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_the_same_document_has_the_same_bytes() -> None:
    first, second = (render_pdf(page("<h1>제목</h1><p>가나다 123</p>"), identifier="x") for _time in range(2))
    assert first == second
    assert first.warnings == ()


def test_a_document_is_tagged_has_a_language_and_our_font_alone() -> None:
    made = PdfReader(io.BytesIO(render_pdf(page("<h1>제목</h1><p>글 <b>굵게</b> 😀</p>"), identifier="x").data))
    root = made.trailer["/Root"]
    assert root["/Lang"] == "ko"
    assert root["/MarkInfo"]["/Marked"] == "true" or root["/MarkInfo"]["/Marked"]
    assert made.metadata.title == "제목"
    assert "pdfuaid" in made.xmp_metadata.stream.get_data().decode("utf-8")
    assert {font["/BaseFont"].split("+")[1] for font in fonts_of(made)} == {"F", "F-Bold"}


def fonts_of(made: PdfReader) -> list:
    found = {}
    for each in made.pages:
        found.update(each["/Resources"]["/Font"])
    return [font.get_object() for font in found.values()]


def test_the_numbers_in_the_document_are_those_of_the_fonts_own_list() -> None:
    """Readers that follow the standard look letters up there; without this they show other letters, or none."""
    made = PdfReader(io.BytesIO(render_pdf(page("<p>가나다라 <b>힣</b> ABC</p>"), identifier="x").data))
    for font in fonts_of(made):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        with TTFont(io.BytesIO(descriptor["/FontFile3"].get_data())) as embedded:
            listed = embedded["CFF "].cff.topDictIndex[0].charset
        assert listed[1:] == [f"cid{number:05d}" for number in range(1, len(listed))]


def test_a_font_that_has_no_such_list_stays_as_it_is(tmp_path) -> None:
    data = (Path(settings.STATICFILES_DIRS[0]) / "fonts" / "PretendardGOV-Regular.otf").read_bytes()
    once = pdf_worker.numbered(data)
    assert once != data
    assert len(once) == len(data)
    assert pdf_worker.numbered(once) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("성인지 교육을 실시함", "성|인|지 교|육|을 실|시|함"),
        ("2022년 제3기", "2|0|2|2|년 제|3|기".replace("2|0|2|2", "2022")),
        ("평화유지활동(PKO)은", "평|화|유|지|활|동(PKO)|은"),
        ("국방·외교·안보", "국|방|·외|교|·안|보"),
        ("plain text", "plain text"),
    ],
)
def test_korean_stays_together_between_spaces(text, shown) -> None:
    assert prepared(f"<p>{text}</p>") == f"<p>{shown.replace('|', WORD_JOINER)}</p>"


def test_a_very_long_word_may_break_anywhere() -> None:
    assert WORD_JOINER not in prepared(f"<p>{'가' * 200}</p>")


def test_titles_attributes_and_charts_are_left_alone() -> None:
    html = '<title>가나다</title><a title="가나다">A</a><svg><text>가나다</text></svg>'
    assert prepared(html) == html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("😀", "▢"),
        ("👩🏽\u200d🚒", "▢▢▢"),
        ("❤\ufe0f", "▢"),
        ("العربية", "▢▢▢▢▢▢▢"),
        ("\u202eabc\u202c", "abc"),
        ("a\u00adb\ufeffc", "abc"),
        ("a\tb", "a b"),
        ("a\u2028b", "a\nb"),
        ("\u1112\u1161\u11ab", "한"),
        ("A\u0008\u0000B", "AB"),
        ("漢字 Ⅳ ① ∅", "漢字 Ⅳ ① ∅"),
    ],
)
def test_what_the_font_does_not_have_is_shown_as_a_box_and_what_is_invisible_not_at_all(text, shown) -> None:
    assert prepared(f"<p>{text}</p>") == f"<p>{shown}</p>"
    assert count_unprintable(text) == shown.count("▢")


def test_the_text_comes_out_as_it_went_in() -> None:
    made = render_pdf(page("<p>여성·평화·안보에 관한 2022년 교육(KOICA)을 실시하였습니다.</p>"), identifier="x")
    assert text_of(made.data).replace("\n", " ").strip() == "여성·평화·안보에 관한 2022년 교육(KOICA)을 실시하였습니다."


def test_a_fault_in_the_document_is_told() -> None:
    made = render_pdf(page('<p style="colour: red">글</p>', "p { no-such-property: 1 }"), identifier="x")
    assert any("no-such-property" in warning for warning in made.warnings)


def test_progress_is_told_by_page_and_never_goes_back(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "BEAT", 0.005)
    told: list[pdf.Progress] = []
    counted = "a::after { content: target-counter('#z', page) }"
    made = render_pdf(page("<a></a><p>글</p>" * 400 + "<p id='z'></p>", counted), identifier="x", progress=told.append)
    percents = [each.percent for each in told]
    assert percents == sorted(percents)
    assert 0 < percents[-1] < 100
    assert {each.pages for each in told} == {0, made.pages}, "how many there will be is known before the end"
    assert all(each.page <= each.pages for each in told if each.pages)


def test_who_waits_may_stop_the_rendering() -> None:
    class EnoughError(Exception):
        pass

    def stop(_percent: int) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        render_pdf(page("<p>글</p>" * 5_000), identifier="x", progress=stop)


def test_a_document_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(PdfTimeoutError, match="not finished"):
        render_pdf(page("<p>글</p>"), identifier="x", timeout=0.01)


def test_a_renderer_that_dies_is_told(monkeypatch, tmp_path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no more memory')")
    monkeypatch.setattr(pdf, "WORKER", broken)
    with pytest.raises(PdfError, match="no more memory"):
        render_pdf(page("<p>글</p>"), identifier="x")


@pytest.mark.parametrize(("after", "code"), [(0, 3), (0.4, 3), (0.8, 3), (1.6, 3), (60, 0)])
def test_a_renderer_ends_where_nobody_waits_for_it_any_more_and_leaves_nothing_behind(
    tmp_path: Path, after: float, code: int
) -> None:
    """Whoever waits holds its standard input open, here for so many seconds: of a long document, at last of a short."""
    folder = tmp_path / "document"
    folder.mkdir()
    job = {"html": "<p>x</p>" * (1 if code == 0 else 20_000), "identifier": "x", "roots": []}
    (folder / "job.json").write_text(json.dumps(job))
    command = [sys.executable, "-P", str(pdf.WORKER), str(folder)]
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as worker:
        with suppress(subprocess.TimeoutExpired):
            worker.wait(after)
        assert worker.stdin
        worker.stdin.close()
        assert worker.wait(60) == code
    end = time.monotonic() + 30
    while code and folder.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
